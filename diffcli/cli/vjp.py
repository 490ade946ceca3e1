"""`diffcli vjp`."""

from dataclasses import asdict

from diffcli.cli.declaration import command
from diffcli.cli.options import Cotangent, Execution, Numbers
from diffcli.cli.output import ByVariable, emit
from diffcli.cli.problem import Problem, sources


@command
def vjp(
    problem: Problem, *, cotangent: Cotangent = (), numbers: Numbers, execution: Execution, output: ByVariable
) -> int:
    """A cotangent brought back to the variables: u J, reverse mode."""
    from diffcli.api.linear_maps import vjp

    weights = sources("--cotangent", cotangent)
    found = vjp(**problem.arguments(), cotangent=weights, **asdict(numbers), **execution.wanted)
    execution.explain(lambda: found.plan)
    return emit(found, output)
