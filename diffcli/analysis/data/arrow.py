"""Large tables of plain numbers, read by pyarrow where it is installed: many times faster, and the same numbers."""

import io
from collections.abc import Sequence
from typing import Any

from diffcli.analysis.data.table import Column

#: The characters of text from which loading the library is worth its while.
WORTHWHILE = 4_000_000


def number_columns(text: str, mark: str, below: int, width: int, places: Sequence[int]) -> list[Column] | None:
    """The columns at these places, from the line `below` on.

    None where the library is missing, or one cell is anything but a number.

    What it takes for a number is one for `Notation` too, and every row has as many cells as stated.
    """
    try:
        import pyarrow
        from pyarrow import csv
    except ImportError:
        return None
    if "(" in text:  # nan(1) is a number for the library
        return None
    names = [str(place) for place in range(width)]
    wanted = [names[place] for place in places]
    try:
        table = csv.read_csv(
            _Encoded(text),
            csv.ReadOptions(column_names=names, skip_rows=below, block_size=2**22),
            csv.ParseOptions(delimiter=mark, newlines_in_values='"' in text),
            csv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, pyarrow.float64()), null_values=[]
            ),
        )
    except pyarrow.ArrowInvalid:
        return None
    return [Column(table.column(name).to_numpy()) for name in wanted]


class _Encoded(io.RawIOBase):
    """A text as a file in UTF-8, which is never there as a whole."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a part of the buffer; a character takes four bytes at most."""
        assert len(buffer) >= 4, "nothing read is the end"
        part = self._text[self._at : self._at + len(buffer) // 4].encode()
        self._at += len(buffer) // 4
        buffer[: len(part)] = part
        return len(part)
