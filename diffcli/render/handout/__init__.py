"""Results on paper: a handout's content as data, and its writers for Markdown, HTML and LaTeX."""
