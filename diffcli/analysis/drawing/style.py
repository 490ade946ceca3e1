"""What a picture of a graph shows, in which colours, and which way it goes."""

from typing import Literal

#: Values, gradients, or both.
Sweeps = Literal["forward", "backward", "both"]
#: Those of our graph, or the graph that PyTorch records.
Style = Literal[Sweeps, "torch"]
#: `auto` follows the reader's own setting where a format can, and is light elsewhere.
Theme = Literal["light", "dark", "auto"]
#: From the inputs down to the output, or to the right.
Direction = Literal["vertical", "horizontal"]
