"""Points at which the lines of a derivation are checked, and the values of a graph's nodes there."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from diffcli.analysis.problem import Problem, reduced
from diffcli.autodiff.reverse import derivative
from diffcli.errors import DiffcliError, Label, fault
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import Array, doubles
from diffcli.execute.program import quietly
from diffcli.graph.build import Built, build
from diffcli.graph.graph import Graph
from diffcli.messages import Message
from diffcli.primitives.shape import Shape, text
from diffcli.primitives.structural import constant, input

#: Intervals to draw values from: most functions are defined on one of them.
_INTERVALS = (
    (0.3, 0.9),
    (1.2, 2.5),
    (-0.9, 0.9),
    (-2.5, -0.4),
    (3.0, 6.0),
    (0.02, 0.2),
    (11.0, 30.0),
    (-0.25, -0.02),
    (-30.0, -11.0),
)
#: Extents of axes that no value tells, in the order in which they are tried.
_EXTENTS = (3, 2, 4, 6, 12, 1)
_MOST_TRIES = 300


def built_for_any(problem: Problem) -> Built:
    """The graph of a single number, with small sizes where values are missing. Raises DiffcliError where none fit."""
    missing = [name for name in problem.resolved.variables if name not in problem.values]
    built = _first_that_fits(problem, missing) if missing else build(problem.resolved, problem.shapes, derivative)
    shape = built.graph.shapes[built.output]
    if shape != ():
        span = built.graph.spans[built.output]
        raise fault(
            "E304",
            Message("the result has shape {shape}; the steps are those of a single number", shape=text(shape)),
            problem.source,
            *([Label(span, Message("shape {shape}", shape=text(shape)))] if span else []),
            hint=Message("reduce it, as in {reduced}", reduced=reduced(problem)),
        )
    return built


def _first_that_fits(problem: Problem, missing: Sequence[str]) -> Built:
    from diffcli.symbolic.convert.ranks import assumed_ranks

    ranks = assumed_ranks(problem.resolved, problem.wrt, problem.shapes).ranks
    first: DiffcliError | None = None
    for shapes in _candidates(missing, ranks, problem.shapes):
        try:
            return build(problem.resolved, {**problem.shapes, **shapes}, derivative)
        except DiffcliError as error:
            first = first or error
    assert first is not None
    raise first


def _candidates(
    missing: Sequence[str], ranks: Mapping[str, int], known: Mapping[str, Shape]
) -> Iterator[dict[str, Shape]]:
    """Shapes for the variables without values: all axes alike first, then every combination of a few extents."""
    for extent in _EXTENTS:
        yield {name: (extent,) * ranks.get(name, 0) for name in missing}
    axes = [name for name in missing for _ in range(ranks.get(name, 0))]
    extents = dict.fromkeys([*(extent for shape in known.values() for extent in shape), 3, 2])
    for combination in islice(product(extents, repeat=len(axes)), _MOST_TRIES):
        yield {
            name: tuple(extent for axis, extent in zip(axes, combination, strict=True) if axis == name)
            for name in missing
        }


def points(problem: Problem, built: Built) -> Iterator[dict[int, Array]]:
    """The given point, if there is one, then random ones; values by node."""
    graph = built.graph
    inputs = built.inputs
    if all(name in problem.values for name in inputs):
        yield {node: problem.values[name] for name, node in inputs.items()}
    labels = _labels(graph, built.output)
    for seed, (low, high) in enumerate((*_INTERVALS, *_INTERVALS[:3])):
        point = {}
        for number, (name, node) in enumerate(inputs.items()):
            shape = graph.shapes[node]
            drawn = drawn_between(shape, low, high, 100 * seed + number)
            if node in labels:
                drawn = (
                    problem.values[name] if name in problem.values else doubles(drawn_between(shape, 0, 2, seed) // 1)
                )
            elif len(shape) > 1 and shape[-1] == shape[-2] and seed % 2:
                drawn = drawn + (1 + high - low) * FLOAT64.eye(
                    shape[-1], shape[-1]
                )  # a matrix with a positive determinant
            point[node] = drawn
        yield point


def drawn_between(shape: Shape, low: float, high: float, seed: int) -> Array:
    """Random numbers, the same for the same seed."""
    return doubles(low + (high - low) * FLOAT64.random("random", shape, seed))


def _labels(graph: Graph, output: int) -> set[int]:
    """The nodes whose values are class labels or places: whole numbers."""
    return {operand for node in range(output + 1) for operand in labels_of(graph, node)}


def labels_of(graph: Graph, node: int) -> tuple[int, ...]:
    """The operands of the node that hold class labels or places."""
    primitive, operands = graph.primitives[node], graph.operands[node]
    if primitive.selecting:
        return operands[1:]
    if primitive.demand is None or (len(operands) > 1 and graph.shapes[operands[0]] == graph.shapes[operands[-1]]):
        return ()
    return operands[-1:]


def values_at(graph: Graph, point: Mapping[int, Array], aliases: Mapping[int, int]) -> list[Any]:
    """Every node's value; an alias has that of the node, before it, for which it stands.

    None where it cannot be computed.
    """
    values: list[Any] = [None] * len(graph)
    with quietly():
        for node in range(len(graph)):
            primitive, operands = graph.primitives[node], graph.operands[node]
            if node in aliases:
                values[node] = values[aliases[node]]
            elif primitive is input:
                values[node] = point.get(node)
            elif primitive is constant:
                values[node] = FLOAT64.number(dict(graph.parameters[node])["value"], graph.shapes[node])
            else:
                values[node] = applied(graph, node, [values[operand] for operand in operands])
    return values


def applied(graph: Graph, node: int, operands: Sequence[Any]) -> Any:
    """A node's value for its operands' values; None where that cannot be computed."""
    if any(operand is None for operand in operands):
        return None
    try:
        return doubles(graph.primitives[node].implementation(FLOAT64)(*operands, **dict(graph.parameters[node])))
    except (ArithmeticError, ValueError, IndexError):
        return None
