"""How other places write mathematics, and what that is here."""
