"""The program as a list of nodes with shapes."""
