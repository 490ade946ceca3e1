"""Symbolic, reverse, forward and numerical derivatives held against each other, with a verdict and its cause."""
