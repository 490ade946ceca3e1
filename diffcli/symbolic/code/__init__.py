"""Formulas as programs: a function of the variables that returns the value and its gradients."""
