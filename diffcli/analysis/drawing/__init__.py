"""What there is to draw of a computation graph: nodes, edges, groups; no text, no place on a page."""
