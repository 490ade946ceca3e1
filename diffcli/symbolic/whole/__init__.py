"""Formulas of whole arrays, `2*A.T@(A@x - b)`, and the way to and from formulas of their elements."""
