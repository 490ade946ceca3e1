"""The values of formulas, in many digits or in doubles."""
