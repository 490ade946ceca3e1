"""A diagnostic as text: the message, the source with the place underlined, the hint."""

from bisect import bisect_right
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from diffcli.errors import Diagnostic, Label
from diffcli.messages import speech, told
from diffcli.source import Source, Span, visible

_WIDTH = 72


def diagnostic_text(diagnostic: Diagnostic) -> Text:
    """What a user sees of a failure."""
    diagnostic = diagnostic.said(speech())
    text = Text()
    text.append(f"{told('error')}[{diagnostic.code}]", style="bold red")
    text.append(f": {visible(diagnostic.message)}\n", style="bold")
    if diagnostic.source is not None and diagnostic.labels:
        text.append_text(excerpts(diagnostic.source, diagnostic.labels))
    if diagnostic.hint:
        help, _, after = told("help: {hint}", hint="\n").partition("\n")
        text.append(f"  = {help}", style="cyan")
        text.append(visible(diagnostic.hint) + after + "\n")
    text.rstrip()
    return text


def _start(line: Span) -> int:
    return line.start


def excerpts(source: Source, labels: tuple[Label, ...]) -> Text:
    """Each line of source that a label is on, with carets under the labels."""
    text = Text()
    by_line: dict[int, list[Label]] = {}
    lines = source.lines
    for label in labels:
        by_line.setdefault(bisect_right(lines, label.span.start, key=_start) - 1, []).append(label)
    if source.name != "expression":
        line = f":{min(by_line) + 1}" if len(lines) > 1 else ""
        text.append(f" --> {visible(source.name)}{line}\n", style="blue")
    for number, found in sorted(by_line.items()):
        start, end = lines[number]
        for group in _windows(
            source.text[start:end], [(label.span.start - start, label.span.end - start, label.text) for label in found]
        ):
            text.append_text(group)
    return text


def _windows(line: str, marks: list[tuple[int, int, str]]) -> Iterator[Text]:
    """The line, or the part of it around each mark if it is long, and the carets."""
    marks = sorted((begin, min(end, len(line)), words) for begin, end, words in marks)
    if len(line) <= _WIDTH:
        yield _window(line, marks)
        return
    for begin, end, words in marks:
        left = max(0, min(begin - 20, len(line) - _WIDTH))
        right = min(len(line), left + _WIDTH)
        head, tail = "..." if left else "", "..." if right < len(line) else ""
        shift = len(head) - left
        yield _window(head + line[left:right] + tail, [(begin + shift, min(end, right) + shift, words)])


def _window(line: str, marks: list[tuple[int, int, str]]) -> Text:
    text = Text()
    text.append("  | ", style="blue")
    text.append(visible(line) + "\n")
    for begin, end, words in marks:
        text.append("  | ", style="blue")
        indent = cell_len(visible(line[:begin]))
        carets = "^" * max(1, cell_len(visible(line[begin:end])))
        text.append(" " * indent + carets + (f" {visible(words)}" if words else "") + "\n", style="red")
    return text
