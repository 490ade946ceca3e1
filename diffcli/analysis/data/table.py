"""A table as its file has it: named columns, read when they are asked for."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from diffcli.analysis.values import Stated
from diffcli.execute.arrays import Array
from diffcli.messages import Message, some
from diffcli.source import Source, Span


class Column(NamedTuple):
    """The numbers of a column, in double precision, rows along the first axis.

    Where the file has words, the numbers are their places in `classes`.
    """

    values: Array
    classes: tuple[str, ...] = ()


class Table(NamedTuple):
    """The names of a file's columns, and how some of them are read: all at once, or a DiffcliError is raised.

    `source` is where the user named the file, `notes` what a reader should know of how it is read.
    """

    source: Source
    columns: tuple[str, ...]
    read: Callable[[Sequence[str]], Mapping[str, Column]]
    notes: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.source.text


def by_column(source: Source, columns: Mapping[str, Callable[[], Column]]) -> Table:
    """A table whose columns are read one by one."""
    return Table(source, tuple(columns), lambda names: {name: columns[name]() for name in names})


class Bound(NamedTuple):
    """The variables that are columns: values with rows along the first axis, and notes on how they were read."""

    values: Mapping[str, Array]
    notes: tuple[str, ...]

    @property
    def stated(self) -> dict[str, Stated]:
        """The values as they were given."""
        return {name: Stated(numbers=value) for name, value in self.values.items()}


class Place(NamedTuple):
    """The place of a cell: in words, and in a text to be underlined."""

    words: str
    source: Source
    span: Span


#: What kinds of files there are.
FORMATS = Message(
    "data are columns: .csv, .tsv, .txt or .dat with a header, .parquet, .npz, .npy (one array, called data) "
    "or .json (columns by name, or a list of rows)"
)


def quoted(names: Sequence[str], most: int = 8) -> str:
    """Some names in a row, as a hint lists them."""
    return some([f"'{name}'" for name in names], most)


def rows_counted(count: int) -> str:
    """A number of rows in words."""
    return Message("1 row") if count == 1 else Message("{count:,} rows", count=count)
