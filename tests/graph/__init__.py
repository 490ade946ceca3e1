"""The program as a graph."""
