"""The rule that is wrong: each edge of the backward pass, or each tangent, against differences of its own primitive."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.analysis.comparison.truth import DIGITS, LEVELS, Level, Scale, slopes, wide
from diffcli.analysis.comparison.verdict import relative
from diffcli.analysis.trace import Trace, excerpt
from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import Flow
from diffcli.execute.arrays import Array, all_finite, any_nonzero, dot, doubles, largest_magnitude
from diffcli.execute.many_digits import of_digits
from diffcli.execute.probe import random_direction, weighted_sum
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph
from diffcli.messages import Message
from diffcli.source import Span

#: From which relative difference on a rule is accused; and edges that are looked at, at most.
_WRONG, _MOST = 1e-7, 5_000
#: Errors are relative to this part of what a rule works with, where that is more: it may lose digits itself.
_NOTHING = 1e-7


class Culprit(NamedTuple):
    """A primitive whose rule does not give the slope of its values, and where it stands."""

    primitive: str
    text: str
    span: Span
    operand: int
    explanation: str


def culprit(trace: Trace) -> Culprit | None:
    """The first edge, in the order of the backward pass, that carries back something other than slope times upstream.

    All in many digits: what double precision loses is no rule's fault.
    """
    graph = trace.graph
    arithmetic = of_digits(DIGITS)
    given = {
        node: arithmetic.lifted(trace.values[node])
        for node in range(len(graph))
        if graph.primitives[node].name == "input"
    }
    trace = trace._replace(values=Program(graph, range(len(graph)), arithmetic).values(given), arithmetic=arithmetic)
    for flow in trace.gradient.flows[:_MOST]:
        if graph.shapes[flow.contribution] != graph.shapes[flow.target]:
            return _named(
                trace,
                flow,
                Message(
                    "what it sends back has shape {shape}, where the operand has {own}: it is not summed over the axes "
                    "that were broadcast",
                    shape=graph.shapes[flow.contribution],
                    own=graph.shapes[flow.target],
                ),
            )
        sent = dot(trace.values[flow.contribution], random_direction(doubles(trace.values[flow.target])))
        contradicted = _contradicted(sent, lambda level: _expected(trace, flow, level))  # noqa: B023  # called at once
        if contradicted is not None:
            return _named(trace, flow, _numbers(trace, flow, sent, contradicted))
    return None


def forward_culprit(trace: Trace, nodes: Sequence[int]) -> Culprit | None:
    """The first node whose tangent is not the slope of its values along its operands' tangents, all moved at once."""
    graph = trace.graph
    seeds = {node: graph.value(graph.append_input(f"direction {node}", graph.shapes[node], None)) for node in nodes}
    found = tangents(graph, trace.output, seeds)
    arithmetic = of_digits(DIGITS)
    given = {node: trace.values[node] for node in range(trace.output + 1) if graph.primitives[node].name == "input"}
    given |= {seed.index: random_direction(doubles(trace.values[node])) for node, seed in seeds.items()}
    values = Program(graph, range(len(graph)), arithmetic).values(
        {node: arithmetic.lifted(value) for node, value in given.items()}
    )
    for node, tangent in found.items():
        if node in seeds or not all_finite(values[tangent.index]):
            continue
        weights = random_direction(doubles(values[node]))
        moving = {
            place: values[found[operand].index]
            for place, operand in enumerate(graph.operands[node])
            if operand in found
        }
        pushed = dot(weights, values[tangent.index])
        expected = _contradicted(pushed, lambda level: _slope(graph, node, values, moving, weights, level))  # noqa: B023  # called at once
        if expected is not None:
            span = graph.spans[node] or Span(0, 0)
            explanation = Message(
                "its tangent along one direction is {pushed:.6g}; by differences of its values it should be "
                "{expected:.6g}",
                pushed=pushed,
                expected=expected,
            )
            return Culprit(
                graph.primitives[node].name, excerpt(trace.source, span), span, next(iter(moving)), explanation
            )
    return None


def _contradicted(given: float, expected: Callable[[Level], tuple[float, float] | None]) -> float | None:
    """A number's value by differences, where it is another: by short steps too, for beside a pole others mislead."""
    found = None
    for level in LEVELS:
        slope = expected(level)
        if slope is None or relative(given, *slope) <= _WRONG:
            return None
        found = slope[0]
    return found


def _expected(trace: Trace, flow: Flow, level: Level) -> tuple[float, float] | None:
    """Upstream times the primitive's own difference along a direction of one operand."""
    direction = random_direction(doubles(trace.values[flow.target]))
    return _slope(trace.graph, flow.source, trace.values, {flow.operand: direction}, trace.values[flow.upstream], level)


def _slope(
    graph: Graph, node: int, values: Sequence[Array], directions: Mapping[int, Array], weights: Array, level: Level
) -> tuple[float, float] | None:
    """The difference of a weighted sum of a node's values as operands move, and what is 0 beside its terms.

    None where it has none.
    """
    operands = [values[operand] for operand in graph.operands[node]]
    if not all(map(all_finite, (*operands, *directions.values(), weights, values[node]))) or not any_nonzero(weights):
        return None
    scale = Scale(largest_magnitude([*operands, values[node]]))
    arithmetic = wide(level, scale)
    compute, parameters = graph.primitives[node].implementation(arithmetic), dict(graph.parameters[node])
    lifted, weighed_by = [arithmetic.lifted(value) for value in operands], arithmetic.lifted(weights)
    towards = {place: arithmetic.lifted(direction) for place, direction in directions.items()}

    def moved(by: Any) -> Any:
        at = (value + by * towards[place] if place in towards else value for place, value in enumerate(lifted))
        return weighted_sum(weighed_by, compute(*at, **parameters))

    found = slopes(moved, arithmetic, level, scale)
    if found.edge or found.kink or found.too_large:
        return None
    return found.central, _NOTHING * largest_magnitude([weights]) * largest_magnitude(directions.values())


def _numbers(trace: Trace, flow: Flow, sent: float, expected: float) -> str:
    upstream = trace.values[flow.upstream]
    if upstream.shape == trace.values[flow.target].shape == () and flow.local is not None:
        unit = float(random_direction(doubles(trace.values[flow.target]))) * float(upstream)
        return Message(
            "its local derivative is {local:.6g}; by differences of its values it is {expected:.6g}",
            local=float(trace.values[flow.local]),
            expected=expected / unit,
        )
    return Message(
        "along one direction it sends back {sent:.6g}; by differences of its values it should be {expected:.6g}",
        sent=sent,
        expected=expected,
    )


def _named(trace: Trace, flow: Flow, explanation: str) -> Culprit:
    graph = trace.graph
    span = graph.spans[flow.source] or Span(0, 0)
    return Culprit(graph.primitives[flow.source].name, excerpt(trace.source, span), span, flow.operand, explanation)
