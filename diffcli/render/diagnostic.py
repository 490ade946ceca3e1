"""A diagnostic as text: the message, the source with the place underlined, the hint."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from diffcli.errors import Diagnostic, Label
from diffcli.source import Source

_WIDTH = 72


def diagnostic_text(diagnostic: Diagnostic) -> Text:
    """What a user sees of a failure."""
    text = Text()
    text.append(f"error[{diagnostic.code}]", style="bold red")
    text.append(f": {_printable(diagnostic.message)}\n", style="bold")
    if diagnostic.source is not None and diagnostic.labels:
        text.append_text(excerpts(diagnostic.source, diagnostic.labels))
    if diagnostic.hint:
        text.append("  = help: ", style="cyan")
        text.append(_printable(diagnostic.hint) + "\n")
    text.rstrip()
    return text


def excerpts(source: Source, labels: tuple[Label, ...]) -> Text:
    """Each line of source that a label is on, with carets under the labels."""
    text = Text()
    by_line: dict[int, list[Label]] = {}
    for label in labels:
        by_line.setdefault(source.text.count("\n", 0, label.span.start), []).append(label)
    lines = source.text.split("\n")
    if source.name != "expression":
        line = f":{min(by_line) + 1}" if len(lines) > 1 else ""
        text.append(f" --> {_printable(source.name)}{line}\n", style="blue")
    for number, found in sorted(by_line.items()):
        start = sum(len(line) + 1 for line in lines[:number])
        for group in _windows(lines[number], [(label.span.start - start, label.span.end - start, label.text) for label in found]):
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
    text.append(_printable(line) + "\n")
    for begin, end, words in marks:
        text.append("  | ", style="blue")
        indent = cell_len(_printable(line[:begin]))
        carets = "^" * max(1, cell_len(_printable(line[begin:end])))
        text.append(" " * indent + carets + (f" {_printable(words)}" if words else "") + "\n", style="red")
    return text


def _printable(text: str) -> str:
    """The text without characters that would act on the terminal or cannot be written."""
    return "".join(character if character.isprintable() else " " if character.isspace() else "\N{REPLACEMENT CHARACTER}" for character in text)
