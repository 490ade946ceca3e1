"""The graph drawn with characters."""
