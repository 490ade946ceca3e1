"""Meanings of the commands: each analysis returns a frozen result."""
