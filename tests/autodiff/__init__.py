"""Reverse mode and forward mode."""
