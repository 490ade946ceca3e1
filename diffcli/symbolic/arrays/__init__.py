"""Arrays as indexed expressions, and the language's functions of them."""
