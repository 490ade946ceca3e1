"""`diffcli jacobian`."""

from dataclasses import asdict
from typing import Annotated

from diffcli.api.linear_maps import Mode
from diffcli.cli.declaration import Option, command
from diffcli.cli.options import Execution, Numbers, Pattern
from diffcli.cli.output import ByVariable, emit
from diffcli.cli.problem import Problem


@command
def jacobian(
    problem: Problem,
    *,
    mode: Annotated[
        Mode, Option(help="forward (a sweep for each input), reverse (one for each output) or auto (fewer sweeps).")
    ] = "auto",
    pattern: Pattern = False,
    numbers: Numbers,
    execution: Execution,
    output: ByVariable,
) -> int:
    """Every derivative of an array, by the cheaper mode."""
    from diffcli.api.linear_maps import jacobian

    found = jacobian(**problem.arguments(), mode=mode, pattern=pattern, **asdict(numbers), **execution.wanted)
    execution.explain(lambda: found.plan)
    return emit(found, output)
