"""Formulas of whole arrays: `2*A.T@(A@x - b)`."""
