"""The machine's types of numbers, by the names that NumPy has for them."""

from collections.abc import Mapping
from typing import Literal

from diffcli.messages import Message

#: Double precision, and single precision.
Dtype = Literal["float64", "float32"]
#: In words.
PRECISIONS: Mapping[Dtype, str] = {"float64": Message("double precision"), "float32": Message("single precision")}
