"""The machine's types of numbers, by the names that NumPy has for them."""

from collections.abc import Mapping
from typing import Literal

from diffcli.messages import Message

#: Double precision, and single precision.
Dtype = Literal["float64", "float32"]
#: In words.
PRECISIONS: Mapping[Dtype, str] = {"float64": Message("double precision"), "float32": Message("single precision")}


def in_precision(dtype: Dtype) -> tuple[str, ...]:
    """What is said of the machine's numbers, where they are not doubles."""
    if dtype == "float64":
        return ()
    return (Message("in {precision}: values are rounded to it first", precision=PRECISIONS[dtype]),)
