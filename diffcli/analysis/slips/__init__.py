"""Typical mistakes of a derivative, each made on purpose, and the one that a wrong answer shows."""
