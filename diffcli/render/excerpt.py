"""Long text made short."""

from diffcli.render.messages import Texts
from diffcli.source import lines_of, visible

_MORE = Texts().more_characters


def one_line(expression: str, full: bool, more: str = _MORE) -> str:
    """The program on one line without its comments, shortened in the middle if it is long; `more` says by how much."""
    lines = (line.partition("#")[0].strip() for line in lines_of(expression))
    text = visible("; ".join(line for line in lines if line))
    if full or len(text) <= 200:
        return text
    return f"{text[:90]} ... {more.format(count=f'{len(text) - 180:,}')} ... {text[-90:]}"
