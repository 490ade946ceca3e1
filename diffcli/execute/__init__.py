"""Running a graph: on NumPy arrays, or on any other type of number."""
