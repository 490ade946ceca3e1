"""Derivative matrices as tables: a labelled row for each element of the one, a column for each of the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.text import Text

from diffcli.execute.arrays import Array
from diffcli.messages import told
from diffcli.primitives.shape import Shape
from diffcli.render.view import View

#: Rows and columns shown at each end of a large matrix.
_ROWS, _COLUMNS = 10, 5


def element_labels(name: str, shape: Shape) -> list[str]:
    """The names of the elements: `x`, `x[0]`, `A[0, 1]`."""
    return [f"{name}[{', '.join(map(str, index))}]" if index else name for index in product(*map(range, shape))]


def rows_of(blocks: Mapping[str, Array], rows: int) -> list[list[object]]:
    """Blocks of so many rows, side by side, as nested lists."""
    flat = [block.reshape(rows, -1).tolist() for block in blocks.values()]
    return [[entry for block in flat for entry in block[row]] for row in range(rows)]


def matrix_table(
    rows: Sequence[Sequence[object]], labels: Sequence[str], columns: Sequence[str], view: View
) -> RenderableType:
    """The matrix; a large one by its corners, with the numbers of rows and columns left out."""
    across, down = _ends(len(columns), _COLUMNS, view.full), _ends(len(rows), _ROWS, view.full)
    named = ["... " + told("{count:,} more", count=-row) if row < 0 else labels[row] for row in down]
    cells = [
        ["... " + told("{count:,} more", count=-place), *("" if row < 0 else "..." for row in down)]
        if place < 0
        else [columns[place], *("" if row < 0 else view.number(rows[row][place]) for row in down)]
        for place in across
    ]
    return MatrixTable(("", *named), cells)


@dataclass(frozen=True, slots=True)
class MatrixTable:
    """A label for each line and the cells of each column, headers first; a narrow screen shows some at a time."""

    labels: Sequence[str]
    columns: Sequence[Sequence[str]]

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(1, self._margin + sum(map(_width, self.columns)))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for start, end in self._parts(options.max_width):
            if start:
                yield Text("")
            yield Text("\n").join(self._lines(self.columns[start:end]))

    @property
    def _margin(self) -> int:
        return max(map(cell_len, self.labels))

    def _parts(self, width: int) -> Iterator[tuple[int, int]]:
        """Runs of columns that with their labels are not wider than this, each of at least one."""
        start, filled = 0, self._margin
        for place, column in enumerate(self.columns):
            own = _width(column)
            if filled + own > width and place > start:
                yield start, place
                start, filled = place, self._margin
            filled += own
        yield start, len(self.columns)

    def _lines(self, columns: Sequence[Sequence[str]]) -> Iterator[Text]:
        widths = [_width(column) for column in columns]
        for line, label in enumerate(self.labels):
            cells = "".join(
                " " * (width - cell_len(column[line])) + column[line]
                for width, column in zip(widths, columns, strict=True)
            )
            name = label + " " * (self._margin - cell_len(label))
            yield Text.assemble((name, "cyan"), (cells, "green" if line else "bold"))


def _width(column: Sequence[str]) -> int:
    """Of a column with the blanks before it."""
    return 2 + max(map(cell_len, column))


def _ends(count: int, ends: int, full: bool) -> list[int]:
    """The places at both ends; between them the number of those left out, negative."""
    if full or count <= 2 * ends + 1:
        return list(range(count))
    return [*range(ends), 2 * ends - count, *range(count - ends, count)]


def labels_of(values: Mapping[str, Array], names: Iterable[str]) -> list[str]:
    """The labels of all elements of some variables, one variable after the other."""
    return [label for name in names for label in element_labels(name, values[name].shape)]


def output_labels(values: Mapping[str, Array], shape: Shape) -> list[str]:
    """The labels of the output's elements: `f[0]`, unless a variable has that name."""
    return element_labels("output" if "f" in values else "f", shape)
