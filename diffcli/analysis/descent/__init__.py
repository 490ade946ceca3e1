"""Gradient descent: optimizers and schedules as tables of mathematics, the walk, and what is said about it."""
