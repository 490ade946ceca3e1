"""What formulas are made of besides SymPy's own functions, and the words of every language for both."""
