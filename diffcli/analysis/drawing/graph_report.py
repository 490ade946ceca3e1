"""The answer of `graph`: a problem executed at its point and made ready to draw."""

from collections.abc import Sequence
from dataclasses import replace

from diffcli.analysis.directions import cotangent_of
from diffcli.analysis.drawing.drawing import Drawing, drawn
from diffcli.analysis.drawing.folding import folded
from diffcli.analysis.drawing.style import Sweeps
from diffcli.analysis.execution import executed
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import built_graph, pulled, swept, unswept
from diffcli.analysis.values import Binding
from diffcli.errors import out_of_range
from diffcli.messages import Faced, Message


def graph_report(
    problem: Problem,
    cotangent: Sequence[Binding] = (),
    backward: bool = True,
    depth: int | None = None,
    sweeps: Sweeps = "both",
) -> Drawing:
    """The drawing of a problem, with groups nested more than `depth` deep folded.

    Without `backward` it is that of the forward sweep, whose result may have any shape. `sweeps` are those to be shown.
    Where a variable has no value it is a sketch.

    Raises DiffcliError if a gradient is wanted of a result that is not a single number and has no
    `cotangent`, if something is not finite at the point, or for a negative depth.
    """
    if depth is not None and depth < 0:
        hint = Faced(Message("--depth 0 folds every group, as --collapse does"), Message("depth=0 folds every group"))
        raise out_of_range("depth", depth, Message("the depth must be 0 or more"), hint)
    if any(name not in problem.values for name in problem.resolved.variables):
        from diffcli.analysis.drawing.sketch import sketch

        made = sketch(problem)
        return made if depth is None else folded(made, depth)
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
    return replace(drawing if depth is None else folded(drawing, depth), sweeps=sweeps)
