"""Source text to tree: tokens, parser, printer, names."""
