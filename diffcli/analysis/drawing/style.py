"""What a picture of a graph shows."""

from typing import Literal

#: Values, gradients, or both.
Sweeps = Literal["forward", "backward", "both"]
#: Those of our graph, or the graph that PyTorch records.
Style = Literal[Sweeps, "torch"]
