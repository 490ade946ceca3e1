"""A problem's graph with its backward sweep, before any number is computed."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.analysis.problem import Problem
from diffcli.analysis.values import Array
from diffcli.autodiff.reverse import Gradient, derivative, gradient
from diffcli.errors import Label, fault
from diffcli.execute.arrays import zeros_like
from diffcli.graph.build import Built, build
from diffcli.primitives.shape import text


class Sweep(NamedTuple):
    """A graph to which the adjoints of the variables of interest have been appended."""

    built: Built
    backward: Gradient
    wrt: tuple[str, ...]

    @property
    def adjoints(self) -> list[int]:
        """The nodes of the variables' adjoints; a variable that has no influence has none."""
        return [self.backward.adjoints[node] for node in self._nodes() if node in self.backward.adjoints]

    def inputs(self, point: Mapping[str, Array]) -> dict[int, Array]:
        """The values of the graph's inputs at a point."""
        return {node: point[name] for name, node in self.built.inputs.items()}

    def gradient(self, values: Sequence[Any], point: Mapping[str, Array]) -> dict[str, Array]:
        """The gradient by variable, from the executed graph's values."""
        found = {}
        for name, node in zip(self.wrt, self._nodes(), strict=True):
            adjoint = self.backward.adjoints.get(node)
            found[name] = zeros_like(point[name]) if adjoint is None else values[adjoint]
        return found

    def _nodes(self) -> list[int]:
        return [self.built.inputs[name] for name in self.wrt]


def swept(problem: Problem) -> Sweep:
    """Build the graph and append the adjoints. Raises DiffcliError unless the result is a single number."""
    built = built_scalar(problem)
    return Sweep(built, gradient(built.graph, built.output, [built.inputs[name] for name in problem.wrt]), problem.wrt)


def built_scalar(problem: Problem) -> Built:
    """The graph of an expression that must be a single number. Raises DiffcliError otherwise."""
    built = build(problem.resolved, problem.shapes, derivative)
    shape = built.graph.shapes[built.output]
    if shape != ():
        span = built.graph.spans[built.output]
        raise fault(
            "E304", f"the result has shape {text(shape)}; a gradient is that of a single number", problem.source,
            *([Label(span, f"shape {text(shape)}")] if span else []),
            hint="reduce it, as in sum(...) or mean(...); jacobian and --cotangent, for whole arrays, are not in this version yet",
        )  # fmt: skip
    return built
