"""The places of a picture's parts: by Graphviz, or by a layered layout of our own, which needs nothing."""
