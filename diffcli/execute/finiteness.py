"""Whether nodes of a graph are finite, told by a single number that is computed with the rest.

What is not finite mostly shows: it stays so in a sum or a product. And some functions give finite numbers for all that
are finite. So few of the nodes need to be looked at, and those are added up: a sum is finite only if all that it is
made of are.
"""

from collections.abc import Collection, Mapping
from typing import Any

from diffcli.graph.graph import Graph, Value
from diffcli.primitives.piecewise import maximum, where
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.reductions import sum as total
from diffcli.primitives.shape import Shape, size
from diffcli.primitives.structural import input

_MOVES = frozenset(
    [
        *("reshape", "ravel", "expand_dims", "squeeze", "transpose", "swapaxes", "flip", "roll", "tile", "repeat"),
        *("broadcast_to", "stack", "concat"),
    ]
)
#: Functions that are finite wherever their operands are.
BOUNDED = _MOVES | frozenset(
    [
        *("neg", "abs", "sign", "sin", "cos", "atan", "tanh", "sigmoid", "erf", "erfc", "floor", "ceil", "where"),
        *("relu", "minimum", "maximum", "max", "min", "index", "triu", "tril", "softmax"),
        *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
    ]
)
#: Functions that are nowhere finite where one of their operands is not; of some this holds for the first one alone.
SHOWING = _MOVES | frozenset(
    [
        *("neg", "abs", "add", "sub", "mul", "square", "sqrt", "cbrt", "sin", "cos", "tan", "sinh", "cosh", "asinh"),
        *("log", "log2", "log10", "log1p", "sum", "mean", "sum_to", "accumulate", "cumsum"),
    ]
)
SHOWING_FIRST = frozenset(["div", "weigh"])


def taken(graph: Graph, output: int) -> dict[int, Value]:
    """For each node that is used in branches of choices alone, element by element, one that is 1 where those are taken
    and 0 elsewhere: there a number that is not finite does no harm. It is appended to the graph.
    """
    if where not in graph.primitives:
        return {}
    one, zero = graph.filled(1.0), graph.filled(0.0)
    masks: dict[int, Value | None] = {output: None}  # None where all elements matter
    for node in range(output, -1, -1):
        if node not in masks:
            continue
        primitive, operands, own = graph.primitives[node], graph.operands[node], masks[node]
        for position, operand in enumerate(operands):
            mask = own
            if primitive.kind != "elementwise" or graph.shapes[operand] != graph.shapes[node]:
                mask = None
            elif primitive is where and position:
                branches = (one if own is None else own, zero)
                mask = graph.apply(where, (graph.value(operands[0]), *branches[:: 1 if position == 1 else -1]))
            before = masks.get(operand, mask)
            masks[operand] = None if mask is None or before is None else _either(mask, before)
    return {node: mask for node, mask in masks.items() if mask is not None}


def _either(mask: Value, other: Value) -> Value:
    return mask if mask.index == other.index else mask.graph.apply(maximum, (mask, other))


def finite_together(graph: Graph, nodes: Collection[int], masks: Mapping[int, Value] | None = None) -> int:
    """Append a number that is finite only if every element of the nodes is; returns its node.

    The other way round it holds but for sums that overflow. Of nodes that have a mask only elements count where that is
    not 0.
    """
    masks = masks or {}
    shown = bytearray(len(graph))
    wanted = bytearray(len(graph))
    varying = bytearray(len(graph))
    for node, operands in enumerate(graph.operands):
        varying[node] = graph.primitives[node] is input or any(varying[operand] for operand in operands)
    sums: dict[tuple[Shape, int], Value] = {}  # what does not vary is added up once
    for node in nodes:
        wanted[node] = 1
    for node in range(max(nodes, default=-1), -1, -1):
        primitive, operands = graph.primitives[node], graph.operands[node]
        if wanted[node] and not shown[node]:
            if operands and primitive.name in BOUNDED:
                for operand in operands:
                    wanted[operand] = 1
            else:
                value: Value = graph.value(node)
                if node in masks:
                    value = graph.apply(where, (masks[node], value, graph.filled(0.0)))
                key = (value.shape, varying[node])
                sums[key] = sums[key] + value if key in sums else value
                shown[node] = 1
        if shown[node] and size(graph.shapes[node]):
            for operand in _showing(primitive, operands):
                if node not in masks or masks.get(operand) is masks[node]:
                    shown[operand] = 1
    together: Any = graph.filled(0.0)
    for value in sums.values():
        together = together + (graph.apply(total, (value,)) if value.shape else value)
    return int(together.index)


def _showing(primitive: Primitive, operands: tuple[int, ...]) -> tuple[int, ...]:
    """The operands that are finite if the result is."""
    if primitive.name in SHOWING:
        return operands
    return operands[:1] if primitive.name in SHOWING_FIRST else ()
