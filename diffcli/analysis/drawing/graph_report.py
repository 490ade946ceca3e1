"""The answer of `graph`: a problem executed at its point and made ready to draw."""

import operator
from collections.abc import Sequence
from typing import Any

from diffcli.analysis.directions import cotangent_of
from diffcli.analysis.drawing.drawing import Drawing, drawn
from diffcli.analysis.drawing.folding import folded
from diffcli.analysis.execution import executed
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import built_graph, pulled, swept, unswept
from diffcli.analysis.values import Binding
from diffcli.errors import fault
from diffcli.messages import Message
from diffcli.source import Source


def graph_report(
    problem: Problem, cotangent: Sequence[Binding] = (), backward: bool = True, depth: int | None = None
) -> Drawing:
    """The drawing of a problem, with groups nested more than `depth` deep folded.

    Without `backward` it is that of the forward sweep, whose result may have any shape.

    Raises DiffcliError if a gradient is wanted of a result that is not a single number and has no
    `cotangent`, or if something is not finite at the point.
    """
    weights = None
    if not backward:
        sweep = unswept(problem)
    elif cotangent:
        built = built_graph(problem)
        weights = cotangent_of(problem, built.graph.shapes[built.output], cotangent)
        sweep = pulled(built, problem.wrt)
    else:
        sweep = swept(problem)
    trace, gradient, inputs = executed(problem, sweep, weights)
    check_finite(trace, gradient, None if cotangent or not backward else problem)
    drawing = drawn(problem, sweep.built, trace, inputs, problem.wrt if backward else (), weights)
    return drawing if depth is None else folded(drawing, depth)


def checked_depth(given: Any, name: str, hint: str) -> int:
    """The depth to which groups may be nested before they are folded, as `name` gives it.

    Raises DiffcliError unless it is a whole number, 0 or more.
    """
    try:
        depth = operator.index(given)
    except TypeError:
        depth = None
    if depth is None or isinstance(given, bool) or depth < 0:
        source = Source(str(given) or " ", name)
        message = (
            Message("the depth must be 0 or more")
            if depth is not None and not isinstance(given, bool)
            else Message("the depth must be a whole number, 0 or more")
        )
        raise fault("E403", message, source, source.whole, hint=hint)
    return depth
