"""What texts for people begin with: the expression, the point, a line or two."""

from collections.abc import Iterator, Mapping

from rich.text import Text

from diffcli.execute.arrays import Array
from diffcli.execute.dtype import Dtype, in_precision
from diffcli.messages import Message
from diffcli.render.excerpt import one_line
from diffcli.render.screen import sentence
from diffcli.render.view import View


def opening(
    expression: str, at: Mapping[str, Array], view: View, *lines: str, dtype: Dtype = "float64"
) -> Iterator[Text]:
    """The expression, the point if there is one, the precision if it is not double, the lines, and an empty one."""
    yield title(expression, view)
    if at:
        yield Text(view.texts.at_point.format(point=view.listed(at)))
    yield from map(sentence, (*in_precision(dtype), *lines))
    yield Text("")


def title(expression: str, view: View) -> Text:
    """The expression on one line."""
    return Text(one_line(expression, view.full, view.texts.more_characters), style="bold")


def value_line(value: Array, view: View) -> Message:
    """The value of the expression."""
    return Message("value {value}", value=view.shown(value))


def no_variables(view: View) -> Text:
    """What stands in place of derivatives where there are none."""
    return Text(view.texts.no_variables, style="magenta")
