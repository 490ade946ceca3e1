"""`diffcli compare`."""

from dataclasses import asdict
from typing import Annotated

from diffcli.cli.declaration import Option, command
from diffcli.cli.options import Execution, Numbers, Strict
from diffcli.cli.output import Output, emit
from diffcli.cli.problem import Problem
from diffcli.source import Source


@command
def compare(
    problem: Problem,
    *,
    against: Annotated[
        str | None,
        Option(metavar="ANSWER", help="A derivative of your own to hold against the others: a formula or numbers."),
    ] = None,
    sweep: Annotated[bool, Option(help="Also show the finite-difference error for each step, 1 to 1e-16.")] = False,
    grow: Annotated[
        int | None,
        Option(metavar="N", help="Also show how derivatives grow as the expression is iterated up to N times."),
    ] = None,
    strict: Strict = False,
    numbers: Numbers,
    execution: Execution,
    output: Output,
) -> int:
    """Every way to differentiate: which is right, why others differ."""
    from diffcli.api.differentiation import compare

    found = compare(
        **problem.arguments(),
        against=_source(against),
        sweep=sweep,
        grow=grow,
        strict=strict,
        **asdict(numbers),
        **execution.wanted,
        tidied=not output.terse,
    )
    execution.explain(lambda: found.plan)
    return emit(found, output)


def _source(text: str | None) -> Source | None:
    return None if text is None else Source(text, "--against")
