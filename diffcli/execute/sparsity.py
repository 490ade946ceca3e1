"""Dependence of elements on each other, whatever the values: the structure of a Jacobian.

The graph is run once more, on another kind of number: an element is the set of the inputs'
elements that it varies with, or a plain number where it is a constant of the program. A sum of two
sets is their union, a product with the number 0 is 0.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import Array
from diffcli.execute.gathering import Gathering
from diffcli.execute.program import quietly
from diffcli.graph.graph import Graph, Value
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, kept, size
from diffcli.primitives.structural import constant, input
from diffcli.primitives.subscripts import Key, computed_axes


class _Set:
    """The inputs' elements that an element varies with, as the bits of a number."""

    __slots__ = ("bits",)

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __add__(self, other: Any) -> Any:
        if isinstance(other, _Set):
            return _Set(self.bits | other.bits)
        return NotImplemented if isinstance(other, np.ndarray) else self

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, _Set):
            return _Set(self.bits | other.bits)
        if isinstance(other, np.ndarray):
            return NotImplemented
        return 0.0 if other == 0 else self

    def __truediv__(self, count: Any) -> "_Set":
        return self

    def __neg__(self) -> "_Set":
        return self

    __radd__ = __sub__ = __rsub__ = __add__
    __rmul__ = __mul__


class _Sets:
    """The arithmetic of moves and sums on sets; what it does not know is NumPy's, on objects."""

    def __getattr__(self, name: str) -> Any:
        return getattr(FLOAT64, name)

    @staticmethod
    def zeros(shape: Shape) -> Array:
        """Zeros that leave room for sets."""
        return np.zeros(shape, dtype=object)

    def gather(self, x: Array, key: Key, places: Sequence[Array]) -> Array:
        """The elements at the places; all that may be there where these are not known."""
        if any(map(_varies, places)):
            x, places = self._anywhere(x, computed_axes(key)), [np.zeros(np.shape(place)) for place in places]
        return FLOAT64.gather(x, key, places)

    def scatter_add(self, x: Array, key: Key, places: Sequence[Array], shape: Shape) -> Array:
        """Zeros to which x is added at the places; everywhere where these are not known."""
        if not any(map(_varies, places)):
            return Gathering.scatter_add(self, x, key, places, shape)
        at_0 = Gathering.scatter_add(self, x, key, [np.zeros(np.shape(place)) for place in places], shape)
        return self._anywhere(at_0, computed_axes(key))

    @staticmethod
    def _anywhere(x: Array, axes: Sequence[int]) -> Array:
        """For each element the union along some axes."""
        together = _all_of(_sets(x), tuple(1 if axis in axes else extent for axis, extent in enumerate(x.shape)))
        return np.broadcast_to(together, x.shape)

    @staticmethod
    def matmul(a: Array, b: Array) -> Array:
        """The product, of objects on both sides."""
        return np.matmul(a.astype(object), b.astype(object))


_SETS = _Sets()
_NOTHING = _Set(0)


def structure(graph: Graph, outputs: Iterable[int], inputs: Sequence[int]) -> Array:
    """For each element of the outputs (rows) and of the inputs (columns), in order, whether the one can vary with the
    other.

    It holds at every point: what is False is a derivative that is always 0. What is True may be 0 at some points, or at
    all of them where terms cancel.
    """
    targets = tuple(outputs)
    patterns: dict[int, Array] = {}
    first = 0
    for node in inputs:
        count = size(graph.shapes[node])
        patterns[node] = _objects([_Set(1 << place) for place in range(first, first + count)], graph.shapes[node])
        first += count
    for node in graph.needed(targets):
        if node not in patterns:
            patterns[node] = _pattern(graph, node, [patterns[operand] for operand in graph.operands[node]])
    return _matrix([patterns[target] for target in targets], first)


def _pattern(graph: Graph, node: int, operands: Sequence[Array]) -> Array:
    """The sets of a node's elements, from those of its operands'; arrays of objects, also for a single number."""
    primitive, shape, parameters = graph.primitives[node], graph.shapes[node], dict(graph.parameters[node])
    if primitive is constant:
        return FLOAT64.number(parameters["value"], shape)
    if primitive is input:
        return _objects([_NOTHING] * size(shape), shape)
    if not any(_varies(operand) for operand in operands):
        with quietly():
            return primitive.implementation(FLOAT64)(*operands, **parameters)
    if primitive.kind == "linear":
        return _as_array(primitive.implementation(_SETS)(*(operand[()] for operand in operands), **parameters), shape)
    if primitive.kind == "elementwise":
        return _elementwise(graph, node, operands)
    reached = [
        _gathered(primitive, _sets(operand), shape, parameters)
        for position, operand in enumerate(operands)
        if _has_slope(graph, node, position)
    ]
    return reduce(_union, reached, _objects([_NOTHING] * size(shape), shape))


def _varies(operand: Array) -> bool:
    return np.asarray(operand).dtype == object


def _elementwise(graph: Graph, node: int, operands: Sequence[Array]) -> Array:
    """The union over the operands that the primitive has a slope for."""
    primitive, shape = graph.primitives[node], graph.shapes[node]
    result = np.broadcast_to(_objects([_NOTHING], ()), shape)
    for position, operand in enumerate(operands):
        if _has_slope(graph, node, position):
            result = _union(result, np.broadcast_to(_sets(operand), shape))
    if primitive.annihilator == 0:
        vanishing = [np.broadcast_to(np.asarray(operand) == 0, shape) for operand in operands if not _varies(operand)]
        if vanishing:
            result = np.where(reduce(np.logical_or, vanishing), _objects([_NOTHING], ()), result)
    return np.asarray(result, dtype=object)


def _has_slope(graph: Graph, node: int, position: int) -> bool:
    """Whether the derivative by an operand is anything but the number 0: that of `floor` is."""
    primitive, shape = graph.primitives[node], graph.shapes[node]
    if primitive.slopes is not None:
        return primitive.slopes[position] != 0
    scratch = Graph()
    inputs = [
        Value(scratch, scratch.append_input(str(k), graph.shapes[operand], None))
        for k, operand in enumerate(graph.operands[node])
    ]
    out, upstream = (Value(scratch, scratch.append_input(name, shape, None)) for name in ("out", "upstream"))
    _, contribution = primitive.vjp(position, upstream, inputs, out, dict(graph.parameters[node]))
    return bool(contribution.number != 0)


def _gathered(primitive: Primitive, sets: Array, shape: Shape, parameters: dict[str, Any]) -> Array:
    """For each element of a result of `shape` all the operand's elements that take part in it, or more."""
    options = {option.name: option.default for option in primitive.options}
    own = sets.shape
    if "axis" in parameters or "axis" in options:
        axis = parameters.get("axis", options.get("axis"))
        together = _all_of(sets, kept(own, axis))
        return np.broadcast_to(together, shape) if shape == own else together.reshape(shape)
    if (
        len(primitive.operands) == 1 and len(own) >= 2 and shape in (own, own[:-2])
    ):  # determinants and inverses, of each matrix
        together = _all_of(sets, (*own[:-2], 1, 1))
        return np.broadcast_to(together, shape) if shape == own else together.reshape(shape)
    return np.broadcast_to(_all_of(sets, (1,) * len(own)).reshape(()), shape)


def _all_of(sets: Array, shape: Shape) -> Array:
    """The unions over the axes that have an extent of 1 in `shape`."""
    axes = tuple(axis for axis, extent in enumerate(shape) if extent == 1)
    return _as_array(np.add.reduce(sets, axis=axes, keepdims=True, initial=_NOTHING) if axes else sets, shape)


def _union(a: Array, b: Array) -> Array:
    return _as_array(np.add(a, b), np.broadcast_shapes(np.shape(a), np.shape(b)))


def _sets(operand: Array) -> Array:
    """The operand's sets; numbers vary with nothing."""
    if not _varies(operand):
        return _objects([_NOTHING] * np.size(operand), np.shape(operand))
    return _as_array(
        np.frompyfunc(lambda element: element if isinstance(element, _Set) else _NOTHING, 1, 1)(operand),
        np.shape(operand),
    )


def _objects(elements: Sequence[Any], shape: Shape) -> Array:
    array = np.empty(len(elements), dtype=object)
    array[:] = elements
    return array.reshape(shape)


def _as_array(result: Any, shape: Shape) -> Array:
    """An array of objects also where NumPy hands out the one element of an array without axes."""
    return result if isinstance(result, np.ndarray) else _objects([result], shape)


def _matrix(patterns: Iterable[Array], columns: int) -> Array:
    width = (columns + 7) // 8
    rows = []
    for pattern in patterns:
        for each in _sets(pattern).ravel():
            rows.append(np.frombuffer(each.bits.to_bytes(width, "little"), dtype=np.uint8))
    packed = np.array(rows, dtype=np.uint8).reshape(len(rows), width)
    return np.unpackbits(packed, axis=1, count=columns, bitorder="little").astype(bool)
