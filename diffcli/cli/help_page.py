"""The page that `--help` prints, told in the language of the moment: Typer asks for the texts, and this tells them."""

import re
from collections.abc import Iterable, Iterator

import typer

from diffcli.cli.typers_click import HelpFormatter
from diffcli.messages import Message, speech, told


class Formatter(HelpFormatter):
    """Typer's writer of help pages, which translates what it is given; Chinese lines are broken by their width."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how a command is typed."""
        super().write_usage(prog, args, told("Usage: "))

    def write_heading(self, heading: str) -> None:
        """The title of a part."""
        heading = told(_HEADINGS.get(heading, heading))
        colon = ":" if speech().language == "en" else "\N{FULLWIDTH COLON}"
        self.write(f"{'':{self.current_indent}}{heading}{colon}\n")

    def write_text(self, text: str) -> None:
        """The paragraphs of a description."""
        paragraphs = [told(" ".join(part.split())) for part in text.split("\n\n")]
        if speech().language == "en":
            super().write_text("\n\n".join(paragraphs))
        else:
            indent = " " * self.current_indent
            for line in (line for part in paragraphs for line in _lines(part, self.width - self.current_indent)):
                self.write(f"{indent}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands, with what they do beside them."""
        explained = [(name, _explained(text)) for name, text in rows]
        if speech().language == "en":
            super().write_dl(explained, col_max, col_spacing)
            return
        widest = min(max(len(name) for name, _ in explained), col_max) + col_spacing
        margin = " " * self.current_indent
        for name, text in explained:
            first, *others = [*_lines(text, max(self.width - widest - 2, 20))] or [""]
            begin = f"{name:{widest}}" if len(name) <= widest - col_spacing else f"{name}\n{margin}{'':{widest}}"
            self.write(f"{margin}{begin}{first}".rstrip() + "\n")
            for line in others:
                self.write(f"{margin}{'':{widest}}{line}\n")


class Context(typer.Context):
    """A context whose help pages are told."""

    formatter_class = Formatter


#: What `--help` says of itself.
ITSELF = Message("Show this message and exit.")
#: Titles that Typer gives to the parts of a page.
_HEADINGS = {"Options": Message("Options"), "Commands": Message("Commands"), "Arguments": Message("Arguments")}
#: What stays on one line: a word, or a Chinese character with the marks behind it.
_PIECES = r"[\[(\u201c]*[\u3400-\u9fff][\u3001\u3002\uff00-\uff65\u201d)\]]*|[^\s\u3400-\u9fff]+\s*|\s+"


def _explained(text: str) -> str:
    """What Typer says of an option: its help, and its default in brackets behind it."""
    text, bracket, default = text.partition("  [default: ")
    said = told(text.strip())
    if not bracket:
        return said
    value = default.rstrip("]")
    if value.startswith("(") and value.endswith(")"):
        value = f"({told(value[1:-1])})"
    return f"{said}  {told('[default: {default}]', default=value)}"


def _lines(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most so many columns; broken between Chinese characters, and at blanks."""
    from rich.cells import cell_len  # which English does without

    line = ""
    for piece in re.findall(_PIECES, text):
        if cell_len((line + piece).rstrip()) > width and line:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line:
        yield line.rstrip()
