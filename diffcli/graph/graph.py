"""An append-only list of nodes, and the handles with which rules append to it.

Node *i* refers only to nodes before it, so the list is in topological order by construction.
What the user wrote is appended as written. What a rule adds is shared (the same primitive on the
same operands is the same node) and folded (`0 + x`, `1 * x`, arithmetic on constants).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, NamedTuple, Self, cast

from diffcli.primitives.arithmetic import add, div, mul, neg, sub
from diffcli.primitives.exponential import pow
from diffcli.primitives.number import Exact, Real, folded, plain
from diffcli.primitives.piecewise import abs
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, broadcast, size
from diffcli.primitives.structural import broadcast_to, constant, input, reshape, sum_to, weigh
from diffcli.records import Records
from diffcli.source import Span, as_span

#: Static parameters by name, as a key: `(("shape", (3,)),)`.
Parameters = tuple[tuple[str, Any], ...]

#: Where a node's text begins and ends: a Span, or a pair of numbers.
Extent = tuple[int, int]

#: The operations that are carried out on known numbers.
_FOLDED = frozenset(primitive.compute for primitive in (add, sub, mul, div, neg, pow, abs))


class Node(NamedTuple):
    """One node: a primitive applied to operands, and the source text it came from, if any."""

    primitive: Primitive
    operands: tuple[int, ...]
    parameters: Parameters
    shape: Shape
    span: Span | None


class Spans(Records[Span | None], record=Span):
    """The spans of nodes; those that differentiation adds have none."""

    @staticmethod
    def _record(fields: Iterable[int | None]) -> Span | None:
        span: Span = as_span(fields)
        return None if span.start is None else span

    def __setitem__(self, node: int, span: Span) -> None:
        self.fields[2 * node : 2 * node + 2] = span


class Graph:
    """Nodes, by column: `primitives[i]`, `operands[i]`, ... are node *i*'s."""

    def __init__(self) -> None:
        self.primitives: list[Primitive] = []
        self.operands: list[tuple[int, ...]] = []
        self.parameters: list[Parameters] = []
        self.shapes: list[Shape] = []
        self.spans = Spans()
        self.names: dict[int, str] = {}
        self.differentiated: set[int] = set()  # what the expression itself differentiates, by d(f, x)
        self._numbers: dict[int, float] = {}
        self._filled: dict[tuple[float, Exact | str | None, Shape, str], int] = {}
        self._derived: defaultdict[Primitive, dict[tuple[Any, ...], int]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self.primitives)

    def copied(self) -> "Graph":
        """A graph with the same nodes, to which others can be appended."""
        other = Graph()
        for column, values in vars(self).items():
            setattr(other, column, values.copy())
        for primitive, known in self._derived.items():
            other._derived[primitive] = known.copy()
        return other

    def node(self, index: int) -> Node:
        """Node `index` as one record."""
        return Node(
            self.primitives[index], self.operands[index], self.parameters[index], self.shapes[index], self.spans[index]
        )

    def value(self, index: int) -> "Value":
        """A handle on node `index`, for rules to compute with."""
        return Value(self, index)

    def number(self, index: int) -> float | None:
        """The number that every element of the node is known to be without executing anything."""
        return self._numbers.get(index)

    def knows(self, nodes: Iterable[int]) -> bool:
        """Whether the number of some node is known."""
        return not self._numbers.keys().isdisjoint(nodes)

    def needed(self, targets: Iterable[int]) -> Sequence[int]:
        """The nodes that some nodes are made of, themselves included, in order."""
        if targets == range(len(self)):
            return range(len(self))
        last = -1
        needed = bytearray(len(self))
        for target in targets:
            needed[target] = 1
            last = max(last, target)
        for node in range(last, -1, -1):
            if needed[node]:
                for operand in self.operands[node]:
                    needed[operand] = 1
        return list(compress(range(last + 1), needed))

    def operations(self, targets: Iterable[int]) -> int:
        """The number of operations that nodes take; one on a whole array counts as one."""
        return sum(1 for node in self.needed(tuple(targets)) if self.operands[node])

    def append(
        self, primitive: Primitive, operands: tuple[int, ...], parameters: Parameters, shape: Shape, span: Extent | None
    ) -> int:
        """Append a node as it is; returns its index."""
        index = len(self.primitives)
        self.primitives.append(primitive)
        self.operands.append(operands)
        self.parameters.append(parameters)
        self.shapes.append(shape)
        self.spans.fields += span or (None, None)
        if operands and operands[0] in self._numbers and not shape:
            number = _folded(primitive, [self._numbers.get(operand) for operand in operands])
            if number is not None:
                self._numbers[index] = number
        return index

    def append_input(self, name: str, shape: Shape, span: Span | None) -> int:
        """Append a variable."""
        index = self.append(input, (), (("name", name),), shape, span)
        self.names[index] = name
        return index

    def append_constant(self, value: Any, shape: Shape, span: Extent | None = None, name: str | None = None) -> int:
        """Append a constant: a number that fills the shape, or nested tuples of numbers."""
        index = self.append(constant, (), (("value", value),), shape, span)
        if isinstance(value, float):
            self._numbers[index] = value
        if name:
            self.names[index] = name
        return index

    def filled(self, number: float, shape: Shape = (), name: str = "") -> "Value":
        """The shared constant that fills a shape; a named one (`n`) is not folded."""
        key = (number, number.known if isinstance(number, Real) else None, shape, name)
        index = self._filled.get(key)
        if index is None:
            index = self._filled[key] = self.append_constant(
                number if isinstance(number, float) else float(number), shape, name=name
            )
            if name:
                del self._numbers[index]
        return Value(self, index)

    def apply(self, primitive: Primitive, operands: Sequence["Value"], parameters: Parameters = ()) -> "Value":
        """The node for a primitive that a rule applies: an existing one, a folded one, or a new one."""
        return Value(self, self.derived(primitive, tuple([operand.index for operand in operands]), parameters))

    def derived(self, primitive: Primitive, operands: tuple[int, ...], parameters: Parameters = ()) -> int:
        """The same, by the operands' indices."""
        known = self._derived[primitive]
        key = (operands, parameters) if parameters else operands
        found = known.get(key)
        if found is not None:
            return found
        shape = self.shapes[operands[0]]
        if primitive.kind != "elementwise":
            shape = primitive.shape([self.shapes[operand] for operand in operands], **dict(parameters))
        else:
            if len(operands) > 1 and (self.shapes[operands[1]] != shape or len(operands) > 2):
                shape = broadcast([self.shapes[operand] for operand in operands])
            for operand in operands:
                if operand in self._numbers:
                    simpler = self._simplified(primitive, operands, shape)
                    if simpler is not None:
                        known[key] = simpler
                        return simpler
                    break
        found = known[key] = len(self.primitives)
        self.primitives.append(primitive)
        self.operands.append(operands)
        self.parameters.append(parameters)
        self.shapes.append(shape)
        self.spans.fields += (None, None)
        return found

    def _simplified(self, primitive: Primitive, operands: tuple[int, ...], shape: Shape) -> int | None:
        numbers = [self._numbers.get(operand) for operand in operands]
        doubles = [None if number.__class__ is Real else number for number in numbers]  # plain, without the calls
        if primitive.annihilator is not None and primitive.annihilator in doubles:
            return self.filled(primitive.annihilator, shape).index
        if primitive.identity is not None:
            for this, other in ((0, 1), (1, 0)):
                if doubles[this] == primitive.identity and self.shapes[operands[other]] == shape:
                    return operands[other]
        if (
            primitive.right_identity is not None
            and doubles[1] == primitive.right_identity
            and self.shapes[operands[0]] == shape
        ):
            return operands[0]
        if primitive is weigh and numbers[1] is not None and self.shapes[operands[0]] == shape:
            return self.derived(mul, (operands[0], self.filled(numbers[1]).index))
        number = _folded(primitive, numbers)
        return None if number is None else self.filled(number, shape).index


def _folded(primitive: Primitive, numbers: Sequence[float | None]) -> float | None:
    """The result of plain arithmetic on known numbers, if it is an ordinary number."""
    if primitive.compute not in _FOLDED or None in numbers:
        return None
    try:
        result = folded(cast("str", primitive.compute), *cast("Sequence[float]", numbers))
    except ArithmeticError:
        return None
    return result if isinstance(result, float) and result - result == 0 else None


class Value:
    """A node of a graph as an operand: Python's operators append nodes."""

    __slots__ = ("graph", "index")

    def __init__(self, graph: Graph, index: int) -> None:
        self.graph = graph
        self.index = index

    @property
    def shape(self) -> Shape:
        """The node's shape."""
        return self.graph.shapes[self.index]

    @property
    def number(self) -> float | None:
        """The number that every element is known to be, if it is known."""
        return self.graph.number(self.index)

    def apply(self, primitive: Primitive, operands: Sequence["Value | float"], parameters: dict[str, Any]) -> Self:
        """Append `primitive` on operands of which some may be plain numbers."""
        graph = self.graph
        indices = [operand.index if isinstance(operand, Value) else graph.filled(operand).index for operand in operands]
        return type(self)(graph, graph.derived(primitive, tuple(indices), tuple(parameters.items())))

    def named(self, number: float, name: str) -> "Value":
        """A constant of this graph, called `name` where formulas are printed."""
        return self.graph.filled(number, name=name)

    def weighed_by(self, local: "Value | float") -> "Value":
        """Upstream times local derivative; an upstream of 0 annihilates."""
        if isinstance(local, (int, float)):
            return self if local == 1 else -self if local == -1 else self * local
        number = None if self.shape == local.shape else local.number
        if number is None:
            return self.graph.apply(weigh, (self, local))
        full = self.broadcast_to(broadcast((self.shape, local.shape)))
        return full if plain(number) == 1 else full * self.graph.filled(number)

    def sum_to(self, shape: Shape) -> "Value":
        """The sum over the axes along which `shape` was broadcast to this one."""
        if self.shape == shape:
            return self
        if self.number is not None:
            return self.graph.filled(self.number * (size(self.shape) // size(shape)), shape)
        return self.graph.apply(sum_to, (self,), (("shape", shape),))

    def broadcast_to(self, shape: Shape) -> "Value":
        """Copies of this value that fill `shape`."""
        if self.shape == shape:
            return self
        if self.number is not None:
            return self.graph.filled(self.number, shape)
        return self.graph.apply(broadcast_to, (self,), (("shape", shape),))

    def reshaped(self, shape: Shape) -> "Value":
        """The same elements in another shape."""
        if self.shape == shape:
            return self
        if self.number is not None:
            return self.graph.filled(self.number, shape)
        return self.graph.apply(reshape, (self,), (("shape", shape),))

    def __neg__(self) -> "Value":
        return self.apply(neg, (self,), {})

    def __add__(self, other: "Value | float") -> "Value":
        return self.apply(add, (self, other), {})

    def __radd__(self, other: float) -> "Value":
        return self.apply(add, (other, self), {})

    def __sub__(self, other: "Value | float") -> "Value":
        return self.apply(sub, (self, other), {})

    def __rsub__(self, other: float) -> "Value":
        return self.apply(sub, (other, self), {})

    def __mul__(self, other: "Value | float") -> "Value":
        return self.apply(mul, (self, other), {})

    def __rmul__(self, other: float) -> "Value":
        return self.apply(mul, (other, self), {})

    def __truediv__(self, other: "Value | float") -> "Value":
        return self.apply(div, (self, other), {})

    def __rtruediv__(self, other: float) -> "Value":
        return self.apply(div, (other, self), {})

    def __pow__(self, other: "Value | float") -> "Value":
        return self.apply(pow, (self, other), {})

    def __repr__(self) -> str:
        return f"Value({self.index}: {self.graph.primitives[self.index].name}, shape {self.shape})"
