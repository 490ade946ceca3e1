"""Drawings of computation graphs: nodes, edges, groups; no text, no place on a page."""
