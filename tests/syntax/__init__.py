"""Source text to tree and back."""
