"""Values to all their digits, in the form that `--at` reads back; singles to those that tell them apart."""

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffcli.execute.arrays import Array

#: Elements whose texts are made at once.
_PIECE = 1 << 16


def exact(value: "Array") -> str:
    """A value such as `1.0`, `1.0,2.0` or `[[1.0],[2.0]]`."""
    return "".join(pieces(value))


def pieces(value: "Array") -> Iterator[str]:
    """The text of a value piece by piece: as a whole it is several times as large as the numbers."""
    from diffcli.execute.arrays import decimal  # NumPy is there where arrays are

    if not value.shape:
        yield _whole(decimal(value).tolist())
    elif value.ndim == 1:
        yield from _elements(value)
        yield "," * (len(value) == 1)
    else:
        yield "["
        yield from _elements(value)
        yield "]"


def _elements(value: "Array") -> Iterator[str]:
    """The elements of an array's first axis, with commas between them."""
    from diffcli.execute.arrays import decimal

    each = prod(value.shape[1:])
    together = max(1, _PIECE // max(1, each))
    for start in range(0, len(value), together):
        yield "," * (start > 0)
        if each <= _PIECE:
            yield ",".join(map(_whole, decimal(value[start : start + together]).tolist()))
        else:
            yield "["
            yield from _elements(value[start])
            yield "]"


def _whole(value: object) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_whole, value))}]"
    return repr(value) if isinstance(value, float) else str(value).replace(" ", "")
