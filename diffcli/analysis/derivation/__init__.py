"""The textbook derivation: one rule a line, walked on the user's own operations."""
