"""Formulas as text in the language's own notation, with what is needed to read it."""
