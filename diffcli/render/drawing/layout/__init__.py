"""Where the parts of a picture stand: by Graphviz, or by a layered layout of our own, which needs nothing."""
