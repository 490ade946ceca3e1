"""`diffcli jvp`."""

from dataclasses import asdict
from typing import Annotated

from diffcli.cli.declaration import Option, command
from diffcli.cli.options import Execution, Numbers
from diffcli.cli.output import Output, emit
from diffcli.cli.problem import Problem, sources


@command
def jvp(
    problem: Problem,
    *,
    tangent: Annotated[
        tuple[str, ...],
        Option(
            metavar="[NAME=]VALUE", help="A variable's tangent, of its shape; 0 for a variable without one. Repeatable."
        ),
    ] = (),
    numbers: Numbers,
    execution: Execution,
    output: Output,
) -> int:
    """The derivative along a direction, by forward mode: J v."""
    from diffcli.api.linear_maps import jvp

    direction = sources("--tangent", tangent)
    found = jvp(**problem.arguments(), tangent=direction, **asdict(numbers), **execution.wanted)
    execution.explain(lambda: found.plan)
    return emit(found, output)
