"""Formulas as mathematics is printed: LaTeX and Unicode text. Indices count from 1, as in books."""
