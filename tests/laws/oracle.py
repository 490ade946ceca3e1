"""High-precision differences: derivatives that know no derivative rule."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import mpmath
import numpy as np

from diffcli.execute.numbers import Numbers
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph, Value

from .cases import Case

#: Digits of the reference and its step: truncation and rounding errors are both below 1e-28.
DIGITS, STEP = 60, mpmath.mpf(10) ** -15

Function = Callable[[Sequence[Any]], Any]


class Applied(NamedTuple):
    """A primitive on inputs of a graph."""

    graph: Graph
    operands: list[Value]
    out: Value

    def input(self, shape: tuple[int, ...]) -> Value:
        """One more input, for a tangent or a cotangent."""
        return self.graph.value(self.graph.append_input(f"input{len(self.graph)}", shape, None))


def applied(case: Case, graph: Graph | None = None) -> Applied:
    """The primitive of a case, applied to an input for each operand, in a graph of its own or in the one given."""
    graph = Graph() if graph is None else graph
    operands = [
        graph.value(graph.append_input(f"x{position}", shape, None)) for position, shape in enumerate(case.shapes)
    ]
    return Applied(graph, operands, case.primitive(*operands, **case.parameters))


def run(target: Value, inputs: dict[Value, Any]) -> np.ndarray:
    """The value of a node in double precision."""
    return Program(target.graph, [target.index]).run({node.index: value[()] for node, value in inputs.items()})[0]


def exactly(target: Value, inputs: dict[Value, Any]) -> Any:
    """The value of a node in the working precision of mpmath."""
    numbers = {node.index: exact(value) for node, value in inputs.items()}
    return Program(target.graph, [target.index], Numbers(mpmath.mp)).run(numbers)[0]


def exact(values: Any) -> Any:
    """An array of doubles as an array of mpmath numbers; one number where it has no axis."""
    return np.frompyfunc(mpmath.mpf, 1, 1)(values)


def inner(a: Any, b: Any) -> Any:
    """The sum of the products of elements."""
    return np.sum(np.asarray(a, dtype=object) * np.asarray(b, dtype=object))


def slope(function: Function, point: Sequence[Any], direction: Sequence[Any]) -> Any:
    """The derivative of a function along a direction, by central differences."""
    ahead, behind = ([x + sign * STEP * d for x, d in zip(point, direction, strict=True)] for sign in (1, -1))
    return (function(ahead) - function(behind)) / (2 * STEP)


def gradient(function: Function, point: Sequence[Any], positions: Sequence[int]) -> list[np.ndarray]:
    """The partial derivatives of a function with one number out by some operands, one difference for each element."""
    result = [np.empty(np.shape(point[position]), dtype=object) for position in positions]
    for position, partials in zip(positions, result, strict=True):
        for place in np.ndindex(partials.shape):
            direction = [np.full(np.shape(x), mpmath.mpf(0), dtype=object) for x in point]
            direction[position][place] = mpmath.mpf(1)
            partials[place] = slope(function, point, direction)
    return result


def relative_error(value: Any, reference: Any, floor: float = 1e-6) -> float:
    """The largest |value - reference| / |reference| over all elements.

    A reference counts for no less than `floor` times the largest of them; where all are 0 the
    values must be 0 too.
    """
    assert np.shape(value) == np.shape(reference)
    expected = exact(np.asarray(reference, dtype=object))
    difference = np.abs(exact(np.asarray(value)) - expected)
    scale = np.maximum(np.abs(expected), floor * np.max(np.abs(expected)))
    return float(
        np.max(np.where(difference == 0, mpmath.mpf(0), difference / np.where(scale == 0, mpmath.mpf("1e-300"), scale)))
    )
