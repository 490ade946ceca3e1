"""Points of a descent on standard output, each at once."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from diffcli.cli.output import Stream
from diffcli.render.writing import say

if TYPE_CHECKING:
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.descent.state import Step
    from diffcli.analysis.problem import Problem


def streamed(output: Stream, problem: "Problem", runs: "Sequence[Settings]") -> "Callable[[int, Step], None] | None":
    """What prints a point of a run as a line, where the output is a stream.

    The head comes with the first point, when nothing can be refused any more.
    """
    if output.jsonl:
        return _Lines(problem, runs).add
    if output.csv:
        return _Table(len(runs) > 1).add
    return None


class _Lines:
    """Prints what is run before the first point."""

    def __init__(self, problem: "Problem", runs: "Sequence[Settings]") -> None:
        self._problem, self._runs = problem, runs
        self._begun = False

    def add(self, run: int, step: "Step") -> None:
        """Print a point."""
        from diffcli.render.documents.json_values import dumps
        from diffcli.render.documents.stream import iterate_document, start_document

        if not self._begun:
            say(dumps(start_document(self._problem, self._runs)), flush=True)
            self._begun = True
        say(dumps(iterate_document(run, step.iterate)), flush=True)


class _Table:
    """Prints the columns' names before the first row."""

    def __init__(self, several: bool) -> None:
        self._several = several
        self._begun = False

    def add(self, run: int, step: "Step") -> None:
        """Print a row."""
        from diffcli.render.csv_rows import header, row

        if not self._begun:
            say(header(step.iterate, self._several))
            self._begun = True
        say(row(run, step.iterate, self._several), flush=True)
