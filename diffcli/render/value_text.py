"""Numbers and arrays as text."""

from typing import TypeVar

from diffcli.execute.arrays import Array
from diffcli.render.messages import Texts

#: Elements shown at each end of a long vector; a vector with more than twice as many is shortened.
_ENDS = 3
#: Those of a shortened one in a box, which is to be narrow.
_IN_A_BOX = 2
_MORE = Texts().more


Cell = TypeVar("Cell")


def shown(value: Array, precision: int = 6, full: bool = False, more: str = _MORE) -> str:
    """A value for people: significant digits, long axes shortened with a count, of which `more` says what it counts."""
    return _nested(value.tolist(), precision, full, more)


def number(value: object, precision: int = 6) -> str:
    """A number to some significant digits, never `-0`; an exact number as it is."""
    text = f"{value:.{precision}g}"
    return "0" if text == "-0" else text


def block(value: Array, precision: int = 6) -> list[str]:
    """A value in lines for a box: a matrix as rows with its columns in line, all else between brackets on one line.

    Of more than six rows, columns or elements two at each end are kept. What keeps columns in line
    are no-break spaces, which no format takes away.
    """
    depth = len(value.shape)
    if depth == 0:
        return [number(value.tolist(), precision)]
    if depth != 2:
        elements = _narrowed([number(element, precision) for element in value.ravel().tolist()], "...")
        return ["[" * depth + ", ".join(elements) + "]" * depth]
    rows = [_narrowed([number(element, precision) for element in row], "...") for row in value.tolist()]
    rows = _narrowed(rows, ["..." for _ in rows[0]])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}".join(
            _right(cell, width) for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    ]


def _narrowed(elements: list[Cell], between: Cell) -> list[Cell]:
    return elements if len(elements) <= 2 * _ENDS else [*elements[:_IN_A_BOX], between, *elements[-_IN_A_BOX:]]


def _right(text: str, width: int) -> str:
    return text.rjust(width, "\N{NO-BREAK SPACE}")


def _nested(value: object, precision: int, full: bool, more: str) -> str:
    if not isinstance(value, list):
        return number(value, precision)
    if full or len(value) <= 2 * _ENDS:
        parts = [_nested(element, precision, full, more) for element in value]
    else:
        head = [_nested(element, precision, full, more) for element in value[:_ENDS]]
        tail = [_nested(element, precision, full, more) for element in value[-_ENDS:]]
        parts = [*head, f"... {more.format(count=f'{len(value) - 2 * _ENDS:,}')}", *tail]
    return f"[{', '.join(parts)}]"
