"""A picture as shapes and texts in colours: SVG, PNG and PDF draw the same ones."""
