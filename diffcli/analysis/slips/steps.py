"""Steps of a descent on nodes: the rule of an optimizer, clipping, and what either can be mistaken for."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from diffcli.analysis.descent.optimizers import Rule
from diffcli.graph.graph import Graph, Value
from diffcli.primitives.exponential import sqrt
from diffcli.primitives.piecewise import maximum, minimum
from diffcli.primitives.reductions import sum as total

#: The functions of NumPy's that rules use, by name.
_FUNCTIONS = {"sqrt": sqrt, "maximum": maximum}


class Number(Value):
    """A node with which an optimizer's rule can compute, as it does with arrays."""

    __slots__ = ()

    def __array_ufunc__(self, function: Any, method: str, *operands: "Number") -> "Number":
        """A function of NumPy's of nodes."""
        return self.apply(_FUNCTIONS[function.__name__], operands, {})


#: Nodes by variable, as of a point or of a gradient.
Nodes = Mapping[str, int]
#: The nodes of a gradient by variable, at a point given likewise.
Slope = Callable[[Nodes], Nodes]
#: What becomes of a gradient before a step is made of it.
Clip = Callable[[Graph, Nodes], Nodes]


class Descent(NamedTuple):
    """Steps of a rule, as they are made on nodes."""

    graph: Graph
    rule: Rule
    lr: float
    hyperparameters: Mapping[str, Any]
    sign: float
    start: Nodes
    steps: int
    clip: Clip

    def walked(
        self, slope: Slope, *, number: Callable[[int], int] = lambda step: step, forgetful: bool = False,
        together: bool = True,
    ) -> dict[str, int]:  # fmt: skip
        """The point after the steps.

        `number` is that of a step for the rule. A `forgetful` walk remembers nothing, and unless all variables step
        `together` each takes its gradient where the others have got.
        """
        point, slots = dict(self.start), dict[str, Mapping[str, Any]]()
        for step in range(1, self.steps + 1):
            gradient = self.clip(self.graph, slope(point))
            for name in self.start:
                node = gradient[name] if together else self.clip(self.graph, slope(point))[name]
                g, x = Number(self.graph, node), Number(self.graph, point[name])
                known = {} if forgetful else slots.get(name, {})
                towards: Any = -g if self.sign < 0 else g
                moved: Any
                moved, slots[name] = self.rule(x, towards, known, number(step), self.lr, **self.hyperparameters)
                point[name] = moved.index
        return point


def unclipped(graph: Graph, gradient: Nodes) -> Nodes:
    """The gradient as it is."""
    return gradient


def by_norm(most: float, beside: float) -> Clip:
    """A gradient whose norm is larger than the most is scaled down to it; `beside` is added to the norm."""
    return lambda graph, gradient: _scaled(graph, gradient, lambda norm: _at_most_one(graph, most / (norm + beside)))


def by_squared_norm(most: float) -> Clip:
    """The square of the norm taken for the norm."""
    return lambda graph, gradient: _scaled(graph, gradient, lambda norm: _at_most_one(graph, most / (norm * norm)))


def to_norm(norm: float) -> Clip:
    """Every gradient is brought to the norm, a shorter one too."""
    return lambda graph, gradient: _scaled(graph, gradient, lambda its: norm / its)


def by_variable(most: float) -> Clip:
    """Each variable's gradient is clipped by its own norm."""

    def clipped(graph: Graph, gradient: Nodes) -> Nodes:
        alone = by_norm(most, 0.0)
        return {name: alone(graph, {name: node})[name] for name, node in gradient.items()}

    return clipped


def by_element(most: float) -> Clip:
    """Each element is brought between -most and most."""

    def clipped(graph: Graph, gradient: Nodes) -> Nodes:
        low, high = graph.filled(-most), graph.filled(most)
        return {
            name: graph.apply(minimum, (graph.apply(maximum, (Value(graph, node), low)), high)).index
            for name, node in gradient.items()
        }

    return clipped


def _at_most_one(graph: Graph, scale: Value) -> Value:
    return graph.apply(minimum, (graph.filled(1.0), scale))


def _scaled(graph: Graph, gradient: Nodes, scale: Callable[[Value], Value]) -> Nodes:
    """The gradient times what follows from the norm of all of it."""
    handles = {name: Value(graph, node) for name, node in gradient.items()}
    first, *others = (graph.apply(total, (g * g,)) if g.shape else g * g for g in handles.values())
    squares = first
    for other in others:
        squares = squares + other
    by = scale(graph.apply(sqrt, (squares,)))
    return {name: (g * by).index for name, g in handles.items()}
