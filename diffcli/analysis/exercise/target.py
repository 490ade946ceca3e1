"""The graph of a question: the nodes whose values are the truth, and what they claim to be."""

from collections.abc import Iterable, Mapping
from itertools import combinations_with_replacement
from typing import NamedTuple

from diffcli.analysis.exercise.evaluation import inputs_of
from diffcli.analysis.exercise.question import (
    ONLY,
    Derivative,
    ForwardValue,
    LocalDerivative,
    NodeGradient,
    Question,
    StableRate,
)
from diffcli.analysis.sweep import built_graph, built_scalar, named_nodes
from diffcli.autodiff.reverse import Flow, derivative, gradient, jacobian
from diffcli.errors import DiffcliError, Label, fault
from diffcli.execute.arrays import hollow
from diffcli.graph.build import Built
from diffcli.graph.graph import Graph
from diffcli.messages import Argument, Joined, Message
from diffcli.primitives.shape import Shape
from diffcli.primitives.structural import input
from diffcli.source import Source


class Claim(NamedTuple):
    """That a node is the derivative of another by a third, which is a variable or is held to be one."""

    function: int
    by: int
    derivative: int


class Target(NamedTuple):
    """A question's graph for one set of shapes.

    `nodes` are those that make the truth, by part, or by the variables of a derivative; `claims` are what can be tested
    of them. `sizes` are the numbers for which the question has names; an `edge` is a node and its operand's position.
    """

    built: Built
    nodes: Mapping[str, int]
    claims: tuple[Claim, ...]
    shapes: Mapping[str, Shape]
    sizes: Mapping[str, int]
    edge: tuple[int, int] | None = None

    @property
    def graph(self) -> Graph:
        """The nodes."""
        return self.built.graph


def target(question: Question, shapes: Mapping[str, Shape], sizes: Mapping[str, int]) -> Target:
    """The graph for these shapes. Raises DiffcliError where they do not fit, and for a node that there is not."""
    problem = question.problem
    values = {name: problem.values.get(name, hollow(shape)) for name, shape in shapes.items()}
    posed = problem._replace(values=values)
    asked = question.asked
    if isinstance(asked, ForwardValue):
        built = built_graph(posed._replace(of=(asked.node,) if asked.node else ()))
        nodes = named_nodes(posed._replace(of=(asked.node,)), built) if asked.node else {ONLY: built.output}
        return Target(built, {ONLY: next(iter(nodes.values()))}, (), shapes, sizes)
    built = built_scalar(posed)
    graph = built.graph
    if isinstance(asked, LocalDerivative):
        flow = _edge(question, built)
        assert flow.local is not None
        return Target(built, {ONLY: flow.local}, _claims(graph, flow), shapes, sizes, (flow.source, flow.operand))
    if isinstance(asked, NodeGradient):
        [by] = named_nodes(posed._replace(of=(asked.node,)), built).values()
        node = derivative(graph, built.output, by)
        return Target(built, {ONLY: node}, (Claim(built.output, by, node),), shapes, sizes)
    order = asked.order if isinstance(asked, Derivative) else 2 if isinstance(asked, StableRate) else 1
    nodes, claims = derivatives(graph, built.output, {name: built.inputs[name] for name in problem.wrt}, order)
    return Target(built, nodes, tuple(claims), shapes, sizes)


def derivatives(graph: Graph, output: int, inputs: Mapping[str, int], order: int) -> tuple[dict[str, int], list[Claim]]:
    """Append the derivatives of an order by all combinations of variables: their nodes by `x,y`, and what they are."""
    found: dict[tuple[str, ...], int] = {(): output}
    claims = []
    for degree in range(1, order + 1):
        lower, found = found, {}
        for names in combinations_with_replacement(inputs, degree):
            function, by = lower[names[:-1]], inputs[names[-1]]
            found[names] = jacobian(graph, function, by)
            claims.append(Claim(function, by, found[names]))
    return {",".join(names): node for names, node in found.items()}, claims


def _edge(question: Question, built: Built) -> Flow:
    """The flow along the edge that is asked about. Raises DiffcliError where the trace has no such edge."""
    asked, graph, problem = question.asked, built.graph, question.problem
    assert isinstance(asked, LocalDerivative)
    place = "" if asked.operand is None else f" #{asked.operand}"
    line = Source(f"{asked.source}->{asked.target}{place}", Argument("local"))
    try:
        named = named_nodes(problem._replace(of=(asked.source, asked.target)), built)
    except DiffcliError as error:
        diagnostic = error.diagnostic
        raise DiffcliError(diagnostic._replace(source=line, labels=(Label(line.whole),))) from None
    source, target_ = named[asked.source], named[asked.target]
    flows = gradient(graph, built.output, inputs_of(graph).values()).flows
    here = [flow for flow in flows if (flow.source, flow.target) == (source, target_)]
    if asked.operand is not None:
        here = here[asked.operand - 1 : asked.operand]
    if not here:
        operands = Joined(dict.fromkeys(problem.source.text[slice(*span)] for span in _spans(graph, source)))
        message = Message("{source} has no such operand", source=asked.source)
        raise fault("E207", message, line, hint=Message("it is made of {operands}", operands=operands))
    if any(flow.local is None for flow in here):
        message = Message("this edge has no local derivative: its rule does more than multiply")
        raise fault("E207", message, line, hint=Message("grad shows what the rule does"))
    if len({flow.local for flow in here}) > 1:
        message = Message(
            "'{target}' is an operand of {source} more than once", source=asked.source, target=asked.target
        )
        written = Argument("local", f"{asked.source}->{asked.target} #1")
        raise fault("E209", message, line, hint=Message("say which: {edge}", edge=written))
    return here[0]


def _claims(graph: Graph, flow: Flow) -> tuple[Claim, ...]:
    """What a local derivative claims, where the node depends on the operand by this edge alone."""
    source, target_, local = flow.source, flow.target, flow.local
    others = [each for position, each in enumerate(graph.operands[source]) if position != flow.operand]
    alone = target_ not in graph.needed(others) if others else True
    scalar = not graph.shapes[source] and not graph.shapes[target_]
    return (Claim(source, target_, local),) if alone and scalar and local is not None else ()


def _spans(graph: Graph, node: int) -> Iterable[tuple[int, int]]:
    return [span for operand in graph.operands[node] if (span := graph.spans[operand]) is not None]


def held_name(node: int) -> str:
    """What a node is called that is held to be a variable: no name of the language."""
    return f"node {node}"


def held(graph: Graph, node: int) -> Graph:
    """The graph with a node as a variable of its own."""
    copy = graph.copied()
    copy.primitives[node], copy.operands[node], copy.parameters[node] = input, (), (("name", held_name(node)),)
    return copy
