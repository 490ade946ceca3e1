"""A table as its file has it: named columns, read when they are asked for."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from diffcli.analysis.values import Array, Stated
from diffcli.source import Source, Span


class Column(NamedTuple):
    """The numbers of a column, in double precision, rows along the first axis.

    Where the file has words, the numbers are their places in `classes`.
    """

    values: Array
    classes: tuple[str, ...] = ()


class Table(NamedTuple):
    """The columns of a file by name, each a function that reads it or raises DiffcliError.

    `source` is where the user named the file.
    """

    source: Source
    columns: Mapping[str, Callable[[], Column]]

    @property
    def file(self) -> str:
        """What to call the file."""
        return self.source.text


class Bound(NamedTuple):
    """The variables that are columns, by name: values with rows along the first axis, and what a reader should know of them."""

    values: Mapping[str, Array]
    notes: tuple[str, ...]

    @property
    def stated(self) -> dict[str, Stated]:
        """The values as they were given."""
        return {name: Stated(numbers=value) for name, value in self.values.items()}


class Place(NamedTuple):
    """Where a cell is: in words, and in a text to be underlined."""

    words: str
    source: Source
    span: Span


#: What kinds of files there are.
FORMATS = "data are columns: .csv with a header, .parquet, .npz, .npy (one array, called data) or .json (columns by name, or a list of rows)"


def quoted(names: Sequence[str], most: int = 8) -> str:
    """Some names in a row, as a hint lists them."""
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return shown + (f" and {len(names) - most} others" if len(names) > most else "")


def rows_counted(count: int) -> str:
    """A number of rows in words."""
    return "1 row" if count == 1 else f"{count:,} rows"
