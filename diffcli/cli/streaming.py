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
        from diffcli.render.documents.descend import iterate_document, start_document
        from diffcli.render.documents.json_values import dumps

        return _printer(
            lambda _: dumps(start_document(problem, runs)), lambda run, step: dumps(iterate_document(run, step.iterate))
        )
    if output.csv:
        from diffcli.render.csv_rows import header, row

        several = len(runs) > 1
        return _printer(lambda step: header(step.iterate, several), lambda run, step: row(run, step.iterate, several))
    return None


def _printer(head: "Callable[[Step], str]", line: "Callable[[int, Step], str]") -> "Callable[[int, Step], None]":
    """What prints a line for each point, before the first one the head."""
    begun = False

    def add(run: int, step: "Step") -> None:
        nonlocal begun
        if not begun:
            say(head(step), flush=True)
            begun = True
        say(line(run, step), flush=True)

    return add
