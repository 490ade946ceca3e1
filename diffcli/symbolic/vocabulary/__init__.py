"""The functions of formulas besides SymPy's own, and the words of every language for both."""
