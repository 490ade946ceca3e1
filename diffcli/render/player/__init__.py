"""The backpropagation player: a drawing as one HTML file that plays the forward and the backward sweep step by step."""
