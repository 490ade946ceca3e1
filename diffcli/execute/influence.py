"""The elements that matter: for the value, and for what flows back.

Both questions are answered with patterns of truth values in the shapes of the nodes. They are
asked only where some number is not finite.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import Array, all_finite, finite_elements
from diffcli.execute.numpy_later import np
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph, Value
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, kept, size

#: Source, target and operand of an edge, the node of its local derivative or None, and of its upstream.
Edge = tuple[int, int, int, int | None, int]


def relevant(graph: Graph, output: int, values: Sequence[Any]) -> Mapping[int, Array]:
    """The elements of each node that decide the output's value: not those that `where` does not take."""
    patterns: dict[int, Array] = {output: np.ones(graph.shapes[output], dtype=bool)}
    for node in range(output, -1, -1):
        if node not in patterns:
            continue
        operands = graph.operands[node]
        taken = graph.primitives[node].taken
        selected = taken(*(values[operand] for operand in operands), **dict(graph.parameters[node])) if taken else ()
        for position, operand in enumerate(operands):
            pattern = patterns[node]
            if taken:
                pattern = (
                    aligned(pattern, graph.primitives[node], graph.shapes[operand], dict(graph.parameters[node]))
                    & selected[position]
                )
            _add(patterns, operand, _pulled_back(graph, node, position, pattern, values))
    return patterns


def indeterminate(graph: Graph, output: int, values: Sequence[Any], edges: Iterable[Edge]) -> Edge | None:
    """The first edge, in the order of the sweep, that multiplies a 0 by an infinite local derivative.

    A 0 that arrives because a function is flat there (a branch not taken) does annihilate: then
    nothing flows, whatever the local derivative is. Any other 0 is a number like others.
    """
    patterns: dict[int, Array] = {output: np.ones(graph.shapes[output], dtype=bool)}
    for edge in edges:
        source, target, position, local, upstream = edge
        flat = graph.primitives[source].flat
        parameters = dict(graph.parameters[source])
        flowing, zero = patterns[source], values[upstream] == 0
        if flat or local is not None:
            shape = graph.shapes[graph.operands[source][position]]
            flowing, zero = (
                aligned(pattern, graph.primitives[source], shape, parameters) for pattern in (flowing, zero)
            )
        if flat:
            still = flat(*(values[operand] for operand in graph.operands[source]), **parameters)[position]
            flowing = flowing & ~np.asarray(still, dtype=bool)
        if (
            local is not None
            and not all_finite(values[local])
            and np.any(flowing & zero & ~finite_elements(values[local]))
        ):
            return edge
        _add(patterns, target, _pulled_back(graph, source, position, flowing, values))
    return None


def aligned(pattern: Array, primitive: Primitive, shape: Shape, parameters: Mapping[str, Any]) -> Array:
    """A pattern of a result, so that it broadcasts against the operand: with the axes that the primitive took away."""
    pattern = np.asarray(pattern)
    if primitive.kind == "elementwise" or pattern.shape in ((), shape):
        return pattern
    axis = parameters.get("axis")
    if axis is not None and pattern.size == size(kept(shape, axis)):
        return pattern.reshape(kept(shape, axis))
    return pattern[..., np.newaxis] if pattern.shape == shape[:-1] else np.asarray(np.any(pattern))


def _add(patterns: dict[int, Array], node: int, pattern: Array) -> None:
    patterns[node] = pattern | patterns[node] if node in patterns else pattern


def _pulled_back(graph: Graph, node: int, position: int, pattern: Array, values: Sequence[Any]) -> Array:
    """The elements of an operand that the elements of a node come from; `values` are those of the nodes."""
    operands, primitive = graph.operands[node], graph.primitives[node]
    shape = graph.shapes[operands[position]]
    if primitive.kind == "elementwise":
        full = np.broadcast_to(pattern, graph.shapes[node])
        return full if full.shape == shape else FLOAT64.sum_to(full.astype(float), shape) > 0
    if primitive.kind == "other":
        reduces = graph.shapes[node] != shape
        return np.broadcast_to(
            aligned(pattern, primitive, shape, dict(graph.parameters[node])) if reduces else np.any(pattern), shape
        )
    # linear: where the transpose takes the pattern
    scratch = Graph()
    inputs = [
        Value(scratch, scratch.append_input(str(k), graph.shapes[operand], None)) for k, operand in enumerate(operands)
    ]
    out = Value(scratch, scratch.append_input("out", graph.shapes[node], None))
    _, contribution = primitive.vjp(position, out, inputs, out, dict(graph.parameters[node]))
    given = {value.index: np.ones(value.shape) for value in inputs} | {out.index: np.asarray(pattern, dtype=float)}
    if primitive.selecting:
        given |= {value.index: values[operand] for value, operand in zip(inputs[1:], operands[1:], strict=True)}
    return np.asarray(Program(scratch, [contribution.index]).run(given)[0]) != 0
