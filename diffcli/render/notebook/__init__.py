"""Results in a notebook: as HTML, as LaTeX and as pictures."""
