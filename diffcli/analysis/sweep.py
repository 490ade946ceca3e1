"""A problem's graph with its sweeps, before any number is computed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diffcli.analysis.problem import Problem, reduced
from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import Gradient, derivative, gradient
from diffcli.errors import Label, did_you_mean, fault
from diffcli.execute.arrays import Array
from diffcli.execute.executors.kept import Arrays, Kept, kept, zeros_in_shape
from diffcli.graph.build import Built, build
from diffcli.graph.graph import Graph
from diffcli.graph.node_formula import label
from diffcli.messages import Argument, Joined, Message
from diffcli.primitives.shape import Shape, size, text
from diffcli.source import Source

#: Elements of a derivative matrix: 80 MB of double precision.
_MOST_ENTRIES = 10_000_000


class Sweep(NamedTuple):
    """A graph to which the adjoints of the variables of interest have been appended.

    `cotangent` is the input that the sweep starts from; None where it starts from 1. `of` are further nodes
    whose adjoints were asked for, by name.
    """

    built: Built
    backward: Gradient
    wrt: tuple[str, ...]
    cotangent: int | None = None
    of: Mapping[str, int] = {}  # never written to

    @property
    def adjoints(self) -> list[int]:
        """The nodes of the adjoints of the variables and of what was asked for; what has no influence has none."""
        return [
            self.backward.adjoints[node]
            for node in (*self._nodes(), *self.of.values())
            if node in self.backward.adjoints
        ]

    def inputs(self, point: Mapping[str, Kept], cotangent: Kept | None = None) -> Arrays[int]:
        """The values of the graph's inputs at a point."""
        point = kept(point)
        found = {node: point[name] for name, node in self.built.inputs.items()}
        return Arrays(found if self.cotangent is None or cotangent is None else {**found, self.cotangent: cotangent})

    def gradient(self, values: Sequence[Kept], point: Mapping[str, Kept]) -> Arrays[str]:
        """The gradient by variable, from the executed graph's values."""
        values, point = kept(values), kept(point)
        found = {}
        for name, node in zip(self.wrt, self._nodes(), strict=True):
            adjoint = self.backward.adjoints.get(node)
            found[name] = zeros_in_shape(point[name]) if adjoint is None else values[adjoint]
        return Arrays(found)

    def asked(self, values: Sequence[Kept]) -> Arrays[str]:
        """The gradient at the nodes `of`."""
        values = kept(values)
        adjoints = {name: self.backward.adjoints.get(node) for name, node in self.of.items()}
        return Arrays(
            {
                name: zeros_in_shape(values[self.of[name]]) if adjoint is None else values[adjoint]
                for name, adjoint in adjoints.items()
            }
        )

    def apart(self) -> "Sweep":
        """The same sweep on a graph of its own: what is appended to that leaves this one as it is."""
        return self._replace(built=self.built._replace(graph=self.built.graph.copied()))

    def _nodes(self) -> list[int]:
        return [self.built.inputs[name] for name in self.wrt]


class Push(NamedTuple):
    """A graph to which the tangents of nodes have been appended, for tangents of variables that are inputs.

    `seeds` has the input for each variable, `tangents` the tangent of each node that varies.
    """

    seeds: Mapping[str, int]
    tangents: Mapping[int, int]

    def inputs(self, direction: Mapping[str, Array]) -> dict[int, Array]:
        """The values of the tangents' inputs."""
        return {seed: direction[name] for name, seed in self.seeds.items()}


def swept(problem: Problem) -> Sweep:
    """Build the graph and append the adjoints. Raises DiffcliError unless the result is a single number."""
    built = built_scalar(problem)
    of = named_nodes(problem, built)
    return Sweep(
        built,
        gradient(built.graph, built.output, [*(built.inputs[name] for name in problem.wrt), *of.values()]),
        problem.wrt,
        of=of,
    )


def unswept(problem: Problem) -> Sweep:
    """The graph without adjoints; its result may have any shape."""
    return Sweep(built_graph(problem), Gradient({}, ()), ())


def pulled(built: Built, wrt: Sequence[str], of: Mapping[str, int] | None = None) -> Sweep:
    """Append the adjoints for a cotangent of the output that is an input."""
    graph, of = built.graph, of or {}
    seed = graph.value(graph.append_input("cotangent", graph.shapes[built.output], None))
    return Sweep(
        built,
        gradient(graph, built.output, [*(built.inputs[name] for name in wrt), *of.values()], seed),
        tuple(wrt),
        seed.index,
        of,
    )


def named_nodes(problem: Problem, built: Built) -> dict[str, int]:
    """The nodes that the problem asks for by name. Raises DiffcliError for a name that no node has."""
    if not problem.of:
        return {}
    nodes = {label(built.graph, node): node for node in range(built.output, -1, -1)}
    for name in problem.of:
        if name not in nodes:
            names = [other for other in reversed(nodes) if not other[0].isdigit() and other[0] != "-"]
            hint = did_you_mean(name, names) or Message(
                "its nodes are {names}", names=Joined([*names[:12], "..."] if len(names) > 12 else names)
            )
            message = Message("no node is called '{name}'", name=name)
            raise fault("E207", message, Source(name, Argument("of")), hint=hint)
    return {name: nodes[name] for name in problem.of}


def pushed(built: Built, wrt: Sequence[str], last: int, others: Mapping[int, int] | None = None) -> Push:
    """Append the tangents of the nodes up to `last`.

    `others` are more nodes with the inputs that are their tangents.
    """
    graph = built.graph
    seeds = {name: graph.append_input(f"tangent of {name}", graph.shapes[built.inputs[name]], None) for name in wrt}
    given = {**{built.inputs[name]: seed for name, seed in seeds.items()}, **(others or {})}
    found = tangents(graph, last, {node: graph.value(seed) for node, seed in given.items()})
    return Push(seeds, {node: tangent.index for node, tangent in found.items()})


def built_graph(problem: Problem) -> Built:
    """The graph of an expression; its result may have any shape."""
    return build(problem.resolved, problem.shapes, derivative)


def built_scalar(problem: Problem) -> Built:
    """The graph of an expression that must be a single number. Raises DiffcliError otherwise."""
    built = built_graph(problem)
    shape = built.graph.shapes[built.output]
    if shape != ():
        span = built.graph.spans[built.output]
        raise fault(
            "E304",
            Message("the result has shape {shape}; a gradient is that of a single number", shape=text(shape)),
            problem.source,
            *([Label(span, Message("shape {shape}", shape=text(shape)))] if span else []),
            hint=Message(
                "reduce it, as in {reduced}, or weigh its elements with {cotangent} (grad, graph, vjp); jacobian takes "
                "the whole array",
                reduced=reduced(problem),
                cotangent=Argument("cotangent"),
            ),
        )
    return built


def meets_kinks(graph: Graph, gradient: Gradient, slopes: bool = False) -> bool:
    """Whether the gradient passes through a function that has kinks somewhere, or, with `slopes`, whose slope has."""
    with_kinks = {each for each in {*graph.primitives} if each.kinks or (slopes and each.slope_kinks)}
    return bool(with_kinks) and any(graph.primitives[node] in with_kinks for node in gradient.adjoints)


def elements(shapes: Mapping[str, Shape], names: Sequence[str]) -> int:
    """The count of numbers in some variables."""
    return sum(size(shapes[name]) for name in names)


def check_entries(problem: Problem, rows: int, columns: int, matrix: str) -> None:
    """Raise DiffcliError for a derivative matrix too large to be computed."""
    if rows * columns > _MOST_ENTRIES:
        message = Message(
            "the {matrix} has {rows:,} x {columns:,} elements, more than are computed here",
            matrix=matrix,
            rows=rows,
            columns=columns,
        )
        hint = Message(
            "at most {most:,}; choose variables with {wrt}, or take products: jvp, vjp, hessian {hvp}",
            most=_MOST_ENTRIES,
            wrt=Argument("wrt"),
            hvp=Argument("hvp"),
        )
        raise fault("E305", message, problem.source, hint=hint)
