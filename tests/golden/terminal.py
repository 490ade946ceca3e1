"""A terminal that is recorded: commands, and what they print, as a picture in SVG that loads nothing."""

import io
import re
import shlex
from html import unescape

from command import answer
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

#: Rich's picture without its fonts, which a network would bring; {names} are what Rich fills in.
_SVG = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px "Fira Code", "DejaVu Sans Mono", Menlo, monospace }}
.{unique_id}-title {{ font: bold 18px sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""

#: The width of a column in Rich's picture.
_COLUMN = 12.2


def recorded(commands: list[str], columns: int, language: str) -> str:
    """A terminal of so many columns in which the commands were typed one after the other; they answer in a language."""
    console = Console(record=True, file=io.StringIO(), width=columns, force_terminal=True, color_system="truecolor")
    for command in commands:
        shown = answer(
            [*shlex.split(command)[1:], "--color", "always"], env={"COLUMNS": str(columns), "DIFFCLI_LANG": language}
        )
        console.print(Text.from_ansi(f"$ {command}\n{shown.out}{shown.err}"))
    return re.sub(r'textLength="[^"]*"([^>]*)>([^<]*)', _wide, console.export_svg(title="diffcli", code_format=_SVG))


def _wide(text: re.Match[str]) -> str:
    """A text as long as its columns are: Rich counts characters, but Chinese ones take two."""
    return f'textLength="{_COLUMN * cell_len(unescape(text[2])):.4g}"{text[1]}>{text[2]}'
