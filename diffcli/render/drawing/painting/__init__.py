"""A picture as forms and texts in colours: SVG, PNG and PDF draw the same ones."""
