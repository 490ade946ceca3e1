"""`diffcli grad`."""

from dataclasses import asdict
from typing import Annotated

from diffcli.cli.declaration import Option, command
from diffcli.cli.options import Cotangent, Execution, Numbers, Strict
from diffcli.cli.output import ByVariable, emit
from diffcli.cli.problem import Problem, sources
from diffcli.messages import speech


@command
def grad(
    problem: Problem,
    *,
    of: Annotated[
        tuple[str, ...],
        Option(metavar="NAMES", help="Also the gradient at these intermediates and nodes, as y or v1. Repeatable."),
    ] = (),
    cotangent: Cotangent = (),
    symbolic: Annotated[
        bool | None,
        Option("--symbolic/--no-symbolic", help="Also find the formula and compare.", default="in human output"),
    ] = None,
    strict: Strict = False,
    numbers: Numbers,
    execution: Execution,
    output: ByVariable,
    report: Annotated[
        str | None,
        Option(metavar="FILE", help="Also write a handout: tables, formulas, the graph; .md, .html or .tex."),
    ] = None,
) -> int:
    """Value and gradient at every node, each flow, the formula."""
    from diffcli.api.differentiation import grad

    handout = None
    if report is not None:
        from diffcli.cli.handout import asked_for

        handout = asked_for(report, speech().language)
    found = grad(
        **problem.arguments(tutorial=not (cotangent or of)),
        of=of,
        cotangent=sources("--cotangent", cotangent),
        symbolic=output.human or handout is not None if symbolic is None else symbolic,
        strict=strict,
        **asdict(numbers),
        **execution.wanted,
    )
    execution.explain(lambda: found.plan)
    if handout is not None:
        handout.write(found, numbers.digits or output.precision, output.full)
    return emit(found, output)
