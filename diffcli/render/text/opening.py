"""What texts for people begin with: the expression, the point, a line or two."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from diffcli.execute.arrays import Array
from diffcli.execute.executors.kept import kept
from diffcli.messages import Message, told
from diffcli.render.excerpt import one_line
from diffcli.render.screen import Line
from diffcli.render.view import View

if TYPE_CHECKING:
    from rich.text import Text


def opening(expression: str, at: Mapping[str, Array], view: View, *lines: str) -> Iterator[Line]:
    """The expression, the point if there is one, the lines, and an empty one."""
    yield title(expression, view)
    if at:
        yield Line(view.texts.at_point.format(point=view.listed(kept(at))))
    yield from (Line(told(line)) for line in lines)
    yield Line("")


def title(expression: str, view: View) -> Line:
    """The expression on one line."""
    return Line(one_line(expression, view.full, view.texts.more_characters), "bold")


def value_line(value: Array, view: View) -> Message:
    """The value of the expression."""
    return Message("value {value}", value=view.shown(value))


def no_variables(view: View) -> "Text":
    """What stands in place of derivatives where there are none."""
    from rich.text import Text

    return Text(view.texts.no_variables, style="magenta")
