"""Expression swell: the sizes of the derivatives as an expression is applied again and again to its own result."""

from typing import NamedTuple

from diffcli.analysis.comparison.costs import Size, graph_size
from diffcli.analysis.comparison.methods import timed
from diffcli.analysis.problem import Problem
from diffcli.autodiff.reverse import derivative, gradient
from diffcli.errors import fault, out_of_range
from diffcli.execute.program import Program
from diffcli.graph.build import build
from diffcli.messages import Argument, Message
from diffcli.source import Source
from diffcli.syntax.iteration import iterated
from diffcli.syntax.resolved import Resolved

_MOST = 200


class GrowthRow(NamedTuple):
    """The expression iterated so many times: value, derivative, the formula's size, the graph's, and the seconds of
    each.

    `formula` is None with a `reason` where SymPy found none in time; `graph` counts reverse mode's derivative written
    out as a tree, and as it is executed.
    """

    iterations: int
    value: float
    derivative: float
    formula: Size | None
    reason: str | None
    formula_seconds: float | None
    graph: Size
    graph_seconds: float


class Growth(NamedTuple):
    """The rows, and the variable that the expression's result is put in for."""

    variable: str
    rows: tuple[GrowthRow, ...]


def growth(problem: Problem, iterations: int, seconds: float) -> Growth:
    """Sizes for 1 up to so many iterations.

    Raises DiffcliError unless there is a variable that is a single number, as the result is.
    """
    if not problem.wrt:
        message = Message("there is no variable to put the result in for")
        hint = Message("{grow} is for an expression of a number x: the result is x next", grow=Argument("grow"))
        raise fault("E207", message, problem.source, hint=hint)
    variable = problem.wrt[0]
    if not 1 <= iterations <= _MOST:
        message = Message("the number of iterations must be 1 to {most}", most=_MOST)
        raise out_of_range("grow", iterations, message, Message("8 show how a formula grows"))
    if problem.shapes[variable] != ():
        source = Source(variable, Argument("grow"))
        message = Message("{variable} is an array; the result, which is put in for it, is a number", variable=variable)
        raise fault("E304", message, source, hint=Message("name a number: {wrt}", wrt=Argument("wrt", "x")))
    rows = []
    left = seconds
    formula: Size | None = None
    refused: str | None = None
    for count in range(1, iterations + 1):
        resolved = iterated(problem.resolved, variable, count)
        if refused is None:
            found, spent = timed(lambda: _formula(resolved, variable, problem, left))  # noqa: B023  # called at once
            left -= spent
            formula, refused = (None, found) if isinstance(found, str) else (found, None)
        else:
            formula = None
        value, slope, graph, graph_seconds = _graph(resolved, variable, problem)
        rows.append(GrowthRow(count, value, slope, formula, refused, None if refused else spent, graph, graph_seconds))
    return Growth(variable, tuple(rows))


def _formula(resolved: Resolved, variable: str, problem: Problem, seconds: float) -> Size | str:
    from diffcli.symbolic import NoFormula, derivative_size

    found = derivative_size(resolved, variable, problem.shapes, max(seconds, 0.01))
    return found.reason if isinstance(found, NoFormula) else Size(*found)


def _graph(resolved: Resolved, variable: str, problem: Problem) -> tuple[float, float, Size, float]:
    built = build(resolved, problem.shapes, derivative)
    node = built.inputs[variable]
    adjoint = gradient(built.graph, built.output, [node]).adjoints.get(node)
    targets = [built.output] if adjoint is None else [built.output, adjoint]
    program = Program(built.graph, targets, problem.arithmetic)
    found, seconds = timed(lambda: program.run({other: problem.values[name] for name, other in built.inputs.items()}))
    return (
        float(found[0]),
        float(found[1]) if adjoint is not None else 0.0,
        graph_size(built.graph, targets[1:]),
        seconds,
    )
