"""`diffcli hessian`."""

from dataclasses import asdict
from typing import Annotated

from diffcli.cli.declaration import Option, command
from diffcli.cli.options import Execution, Numbers, Pattern
from diffcli.cli.output import ByVariable, emit
from diffcli.cli.problem import Problem, sources


@command
def hessian(
    problem: Problem,
    *,
    hvp: Annotated[
        tuple[str, ...],
        Option(
            metavar="[NAME=]VALUE",
            help="Only the product with a direction, in one sweep; 0 for a variable without one. Repeatable.",
        ),
    ] = (),
    pattern: Pattern = False,
    numbers: Numbers,
    execution: Execution,
    output: ByVariable,
) -> int:
    """Second derivatives, eigenvalues, what kind of point it is."""
    from diffcli.api.linear_maps import hessian

    found = hessian(
        **problem.arguments(), hvp=sources("--hvp", hvp), pattern=pattern, **asdict(numbers), **execution.wanted
    )
    execution.explain(lambda: found.plan)
    return emit(found, output)
