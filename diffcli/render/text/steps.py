"""The textbook derivation for people."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.derivation.derivation_report import DerivationReport
from diffcli.analysis.derivation.line import Derivation, Line
from diffcli.messages import told
from diffcli.render.console import UNBOUNDED, heading, sentence, table
from diffcli.render.text.formula_notes import derivative_label, formula_notes
from diffcli.render.text.opening import no_variables, title
from diffcli.render.view import View

#: A line that is wider is hard to read, however wide the screen is.
_WIDEST = 150
_OPEN = "______"
_INDENT = 6
_EQUALS = " = "
_NARROWEST = 12


def derivation_text(report: DerivationReport, view: View) -> Iterator[RenderableType]:
    """The expression; for each variable the letters, the lines, and the value at the point if there is one."""
    diff = report.diff
    yield title(diff.expression, view)
    if not report.derivations:
        yield no_variables(view)
    for name, derivation in report.derivations.items():
        yield Text("")
        yield heading(derivative_label(name, view.symbols)) + Text(
            "   " + told("({marks})", marks=derivation.marks), style="default not bold not underline"
        )
        if derivation.letters:
            yield Padding(_letters(derivation), (0, 0, 0, 2))
        yield Text("")
        yield Padding(_Lines(derivation.lines), (0, 0, 0, 2))
        for note in derivation.notes:
            yield sentence("note: {note}", note=note)
        value = diff.derivatives[name].value
        if value is not None:
            yield Text(told("at {point}:", point=view.listed(diff.at)) + " ") + Text(view.shown(value), style="green")
    yield from formula_notes(diff.derivatives, view.symbols)


def _letters(derivation: Derivation) -> RenderableType:
    rows = table("", "")
    rows.show_header = False
    for position, (letter, text) in enumerate(derivation.letters):
        rows.add_row("" if position else told("with"), Text(letter, style="cyan") + Text(f" = {text}", style="default"))
    return rows


class _Lines:
    """The lines as a table where it fits, else each as a few lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        wide = Measurement.get(console, options.update(width=UNBOUNDED), self._table()).maximum
        return Measurement(
            1,
            wide
            if wide <= _WIDEST
            else max(len(line) for block in self._blocks(_WIDEST) for line in block.plain.split("\n")),
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = self._table()
        if Measurement.get(console, options.update(width=UNBOUNDED), wide).maximum <= min(options.max_width, _WIDEST):
            yield wide
        else:
            yield from self._blocks(min(options.max_width, _WIDEST))

    def _table(self) -> RenderableType:
        results = any(_sides(line)[2] for line in self.lines)
        rows = table("", "rule", "in general", "here", *([""] if results else []), right=[0])
        for line in self.lines:
            left, right, result = _sides(line)
            last = Text(f"= {result}" if result else "", style=self._style(line))
            here = Text(f"{left} = ") + Text(right, style="default" if result else self._style(line))
            rows.add_row(
                str(line.number),
                sentence(line.rule, style="cyan"),
                sentence(line.general),
                here,
                *([last] if results else []),
            )
        return rows

    def _blocks(self, width: int) -> Iterator[Text]:
        """Number, rule and general rule; below it each side after its own equals sign, aligned where there is room."""
        digits, longest_name = len(str(len(self.lines))), max(cell_len(told(line.rule)) for line in self.lines)
        for line in self.lines:
            head = f"{line.number:{digits}}  "
            general = _wrapped(told(line.general), width, len(head) + longest_name + 2)
            yield (
                Text(head)
                + Text(set_cell_size(told(line.rule), longest_name) + "  ", style="cyan")
                + Text(general, style="default")
            )
            left, right, result = _sides(line)
            sides = [side for side in (right, result) if side]
            text = Text(" " * _INDENT + _wrapped(left, width, _INDENT))
            indent = _INDENT + len(left)
            if indent + len(_EQUALS) + max(map(len, sides)) > width:
                indent = _INDENT + 2
                text.append("\n" + " " * indent)
            for position, side in enumerate(sides):
                if position:
                    text.append("\n" + " " * indent)
                text.append(_EQUALS)
                text.append(
                    _wrapped(side, width, indent + len(_EQUALS)),
                    style=self._style(line) if side is sides[-1] else "default",
                )
            yield text

    def _style(self, line: Line) -> str:
        return "bold green" if line is self.lines[-1] else "green"


def _wrapped(text: str, width: int, indent: int) -> str:
    """The text in as many lines as it takes, all but the first indented."""
    room = max(width - indent, _NARROWEST)
    return ("\n" + " " * indent).join(wrap(text, room, break_on_hyphens=False)) if len(text) > room else text


def _sides(line: Line) -> tuple[str, str, str | None]:
    """Left, right and result; no result where it is the right side again."""
    if line.right is None:
        return line.left, _OPEN, None
    return line.left, line.right, None if line.result == line.right else line.result
