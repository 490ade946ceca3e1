"""The structure of a matrix as a picture of dots."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from diffcli.analysis.pattern import Pattern
from diffcli.messages import Joined, Message, told
from diffcli.render.console import heading
from diffcli.render.view import View

#: The widest and highest picture, in dots.
_WIDEST = 80


def pattern_text(pattern: Pattern, view: View) -> Iterator[RenderableType]:
    """The entries that can differ from 0, their number and a dot for each, or for each block of a large matrix."""
    rows = pattern.entries.tolist()
    height, width = len(rows), pattern.width
    yield heading("Structure")
    total = height * width
    yield Text(
        "  "
        + told(
            "{rows} by {columns}; {nonzeros:,} of {total:,} entries can differ from 0, whatever the values",
            rows=Message("1 row") if height == 1 else Message("{count:,} rows", count=height),
            columns=Message("1 column") if width == 1 else Message("{count:,} columns", count=width),
            nonzeros=pattern.nonzeros,
            total=total,
        )
    )
    yield Text(
        "  "
        + told(
            "columns: {names}",
            names=Joined(
                Message("{name} {places}", name=name, places=_range(*place)) for name, place in pattern.columns.items()
            ),
        )
    )
    side = 1 if view.full else -(-max(height, width) // _WIDEST)
    if side > 1:
        yield Text(
            "  "
            + told("each dot stands for a block of {side} {times} {side} entries", side=side, times=view.symbols.times),
            style="magenta",
        )
    for line in _lines(rows, side):
        yield Text("  " + "".join(view.symbols.nonzero if dot else view.symbols.zero for dot in line), style="green")
    yield Text("")


def _lines(rows: Sequence[Sequence[bool]], side: int) -> Iterator[list[bool]]:
    """The matrix, with one truth value for each block: whether some entry of it is True."""
    for top in range(0, len(rows), side):
        block = rows[top : top + side]
        yield [any(any(row[left : left + side]) for row in block) for left in range(0, len(block[0]), side)]


def _range(first: int, end: int) -> str:
    """Columns counted from 0: `0` or `0 to 2`."""
    return str(first) if end - first == 1 else Message("{first} to {last}", first=first, last=end - 1)
