"""Magics for notebooks: `%load_ext diffcli`, then `%diffcli grad "x^2" --at 3`, and `%%diffcli` for a whole cell."""

import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from diffcli.cli.app import failed, run
from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.language import asked_for
from diffcli.cli.output import taken_by
from diffcli.errors import DiffcliError, fault
from diffcli.messages import Language, Message, speaking, speech
from diffcli.presenter import Kind
from diffcli.render.faces import presented
from diffcli.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell

#: A value of Python's in a command line: `--at x={x}`.
_VALUE = re.compile(r"\{([^{}]+)\}")


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Have a notebook or IPython know the magics; `%load_ext diffcli` calls it."""
    from IPython.core.magic import no_var_expand

    def diffcli(line: str, cell: str | None = None) -> object:
        """Run a command of diffcli: %diffcli grad "mean(x*x)" --at 1,2,3

        The report is shown, and is the value: r = %diffcli ... . In a cell that begins with %%diffcli, the lines below
        are the expression or program. {name} stands for the value of a Python variable: --at x={x}
        """
        return _answer(line, cell, shell.ev)

    # IPython annotates its decorator for methods alone
    shell.register_magic_function(no_var_expand(diffcli), "line_cell")  # type: ignore[arg-type]


def _answer(line: str, cell: str | None, evaluate: Callable[[str], object]) -> object:
    """What a command line answers; None where it is refused, or prints its answer."""
    taken: list[object] = []
    token = taken_by.set(lambda report: taken.append(shown(report, speech().language)))
    try:
        words = _words(line, evaluate)
        with _standard_input(cell):
            run(_with_cell(words, cell))
    except DiffcliError as error:
        with speaking("command", asked_for((), os.environ)):
            failed(error.diagnostic, ())
    finally:
        taken_by.reset(token)
    return taken[-1] if taken else None


def _words(line: str, evaluate: Callable[[str], object]) -> list[str]:
    """The words of a line, with Python's values in their places. Raises DiffcliError where there is none."""
    places: list[str] = []

    def place(found: re.Match[str]) -> str:
        try:
            places.append(_written(evaluate(found[1])))
        except Exception as error:  # of the user's own expression
            message = Message("'{expression}' has no value in Python: {reason}", expression=found[1], reason=error)
            raise fault("E402", message, Source(line, Message("line")), Span(*found.span())) from None
        return f"\0{len(places) - 1}\0"

    try:
        words = shlex.split(_VALUE.sub(place, line))
    except ValueError:
        hint = Message("put quotes around the whole expression")
        raise fault("E402", Message("a quote is not closed"), Source(line, Message("line")), hint=hint) from None
    return [re.sub("\0(\\d+)\0", lambda found: places[int(found[1])], word) for word in words]


class Shown:
    """A report as its command shows it in another language than English; for the rest the report itself."""

    def __init__(self, report: Any, language: Language) -> None:
        self.report, self._language = report, language

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # how it is shown is no matter of the report's
            raise AttributeError(name)
        return getattr(self.report, name)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        with speaking("command", self._language):
            found = {form: presented(self.report, kind) for form, kind in _FORMS.items()}
        return {form: text for form, text in found.items() if text}


#: The forms of a report that a notebook shows.
_FORMS: Mapping[str, Kind] = {"text/plain": "text", "text/html": "html", "text/latex": "latex"}


def shown(report: object, language: Language) -> object:
    """A report that a notebook shows in a language."""
    return report if language == "en" else Shown(report, language)


def _with_cell(words: Sequence[str], cell: str | None) -> list[str]:
    """The words, with the cell as the expression where the command takes one and it is not said what the cell is."""
    name = words[0] if words else ""
    if cell is None or name not in COMMANDS or "-" in words or {"-f", "--file"} & set(words):
        return list(words)
    expects = any(each.name == "expression" for each in command_of(name).parameters)
    return [name, "-", *words[1:]] if expects else list(words)


@contextmanager
def _standard_input(cell: str | None) -> "Iterator[None]":
    """Have what is read from standard input be the lines of the cell: a notebook has no other."""
    former = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO((cell or "").encode()), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = former


def _written(value: Any) -> str:
    """A value of Python's as the command takes it: numbers in brackets, of a list, an array, a tensor, a table."""
    for name in ("to_numpy", "tolist"):
        value = getattr(value, name)() if hasattr(value, name) else value
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(_written, value))}]"
    return repr(+value) if isinstance(value, (int, float)) else str(value)
