"""The origin of a number that is not finite: the first node forward, or the first product backward."""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple

from diffcli.analysis.precision import largest_told
from diffcli.analysis.trace import Trace, excerpt, operand_text, shown
from diffcli.autodiff.reverse import Flow, active_nodes
from diffcli.execute.arrays import (
    Array,
    all_finite,
    all_of_them_finite,
    any_nonzero,
    element_at,
    finite_elements,
    first_bad_product,
    first_not_finite,
    identical,
    number_at,
    undefined_elements,
    with_finite_elements,
)
from diffcli.execute.influence import aligned, indeterminate, relevant
from diffcli.execute.program import quietly
from diffcli.messages import Joined, Message
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import size
from diffcli.source import Span

#: What happens there: a bad number was given, a value is undefined or overflows, a product backward breaks.
Cause = Literal["data", "undefined", "overflow", "product"]


class Origin(NamedTuple):
    """The node where a value or gradient stops being finite: what happens there, in words.

    `label` stands under the place; `hint` says what is wanted there.
    """

    node: int
    cause: Cause
    message: str
    span: Span
    label: str
    hint: str


def origin(trace: Trace, gradients: Mapping[str, Array]) -> Origin | None:
    """The origin of what is not finite, or None where value and gradients are to be had.

    They are not if one of them is not finite; if something that the value depends on is undefined;
    or if a gradient of 0 came from a 0 times infinity.
    """
    output = trace.output
    if not all_finite(trace.values[output]):
        return _forward(trace, _first_bad_node(trace))
    if not all_of_them_finite(islice(trace.values, output + 1)) and (node := _undefined(trace)) is not None:
        return _forward(trace, node)
    broken = next((name for name, gradient in gradients.items() if not all_finite(gradient)), None)
    if broken is not None:
        variable = next(
            node for node, name in trace.graph.names.items() if name == broken and not trace.graph.operands[node]
        )
        on_the_way = set(active_nodes(trace.graph, output, [variable]))
        flows = [flow for flow in trace.gradient.flows if flow.target in on_the_way]
        if not flows:  # 0 times the value itself, where zeros are made of it
            return _forward(trace, variable)
        flow = next((flow for flow in flows if _breaks(trace, flow)), flows[-1])
        return _backward(trace, flow, Message("the gradient of {broken} is not finite", broken=broken))
    if not all_of_them_finite(trace.values[local] for local in trace.gradient.locals):
        edges = {
            (flow.source, flow.target, flow.operand, flow.local, flow.upstream): flow for flow in trace.gradient.flows
        }
        edge = indeterminate(trace.graph, output, trace.values, edges)
        if edge is not None:
            return _backward(trace, edges[edge], Message("the gradient is 0 times infinity here"))
    return None


def _undefined(trace: Trace) -> int | None:
    """The first node that is undefined and that the value depends on."""
    graph = trace.graph
    for node, pattern in sorted(relevant(graph, trace.output, trace.values).items()):
        value, operands = trace.values[node], [trace.values[operand] for operand in graph.operands[node]]
        if all_finite(value) or not any_nonzero(pattern & ~finite_elements(value)):
            continue
        if _inherited(operands, value):
            continue
        if not operands or any_nonzero(pattern & undefined_elements(value)) or _outside(trace, node):
            return node
    return None


def _inherited(operands: list[Array], value: Array) -> bool:
    """Whether the operands' bad elements, and not this node, are where the value's come from."""
    corresponding = [operand for operand in operands if operand.shape == value.shape]
    return bool(corresponding) and not any(all_finite(operand) for operand in corresponding)


def _outside(trace: Trace, node: int) -> bool:
    """Whether an operand is outside the domain of an elementwise primitive."""
    primitive = trace.graph.primitives[node]
    operands = [trace.values[operand] for operand in trace.graph.operands[node]]
    return primitive.kind == "elementwise" and not _contains(primitive, operands).all()


def _contains(primitive: Primitive, operands: Sequence[Any]) -> Any:
    """The elements at which an elementwise primitive's operands are in its domain, infinite ones and nan too."""
    with quietly():
        return primitive.domain.contains(*operands)


def _first_bad_node(trace: Trace) -> int:
    """The node whose value is not finite though the operands that decide it are."""
    node = trace.output
    while True:
        bad = [
            operand for operand in dict.fromkeys(trace.graph.operands[node]) if not all_finite(trace.values[operand])
        ]
        deciding = next((operand for operand in bad if _decide(trace, node, [operand])), None)
        if deciding is None and len(bad) > 1 and _decide(trace, node, bad):  # inf + inf: neither decides alone
            deciding = bad[0]
        if deciding is None:
            return node
        node = deciding


def _decide(trace: Trace, node: int, operands: Sequence[int]) -> bool:
    """Whether the node's value would change if the bad elements of some operands were 1."""
    graph = trace.graph
    values = [
        with_finite_elements(trace.values[other]) if other in operands else trace.values[other]
        for other in graph.operands[node]
    ]
    with quietly():
        changed = graph.primitives[node].implementation(trace.arithmetic)(*values, **dict(graph.parameters[node]))
    return not identical(changed, trace.values[node])


def _forward(trace: Trace, node: int) -> Origin:
    graph, value = trace.graph, trace.values[node]
    primitive, operands = graph.primitives[node], graph.operands[node]
    span = graph.spans[node] or Span(0, 0)
    text = excerpt(trace.source, span)
    place = first_not_finite(value) if value.shape else ()
    label = (
        Message("this is {value}", value=element_at(value, place)[0])
        if not place
        else Message(
            "element [{place}] is {value}", place=", ".join(map(str, place)), value=element_at(value, place)[0]
        )
    )
    if not operands:
        message = Message("the value of {text} is not finite", text=text)
        single = trace.arithmetic.native and trace.arithmetic.name == "float32"
        return Origin(
            node, "data", message, span, label, largest_told(trace.arithmetic) if single else Message("check the data")
        )
    outside, reason = _circumstances(trace, node, place)
    if not outside:
        message = Message("{text} overflows{reason}", text=text, reason=reason)
        return Origin(node, "overflow", message, span, label, largest_told(trace.arithmetic))
    first = operands[0]
    argument = (
        primitive.operands[0]
        if graph.primitives[first].name == "constant"
        else operand_text(trace.source, graph, node, first)
    )
    hint = Message(
        "{name} is defined for {domain}", name=primitive.name, domain=Message(primitive.domain.text.format(argument))
    )
    return Origin(
        node, "undefined", Message("{text} is not defined{reason}", text=text, reason=reason), span, label, hint
    )


def _circumstances(trace: Trace, node: int, place: tuple[int, ...]) -> tuple[bool, str]:
    """Whether operands are outside the primitive's domain, and what they are, in words."""
    graph, value = trace.graph, trace.values[node]
    primitive, operands = graph.primitives[node], graph.operands[node]
    values = [trace.values[operand] for operand in operands]
    if primitive.kind == "elementwise":
        outside = not _contains(primitive, [number_at(operand, place)[0] for operand in values])
        where = Joined(
            (
                _equation(trace, node, operand, place)
                for operand in dict.fromkeys(operands)
                if graph.primitives[operand].name != "constant"
            ),
            " and ",
        )
        return outside, Message(" at {where}", where=where) if where else ""
    outside = any_nonzero(undefined_elements(value)) and all(all_finite(operand) for operand in values)
    where = Joined(
        (
            f"{operand_text(trace.source, graph, node, operand)} = {shown(trace.values[operand])}"
            for operand in dict.fromkeys(operands)
        ),
        " and ",
    )
    return outside, (
        Message(": {why}", why=Message(primitive.domain.outside)) if outside else Message(" at {where}", where=where)
    )


def _breaks(trace: Trace, flow: Flow) -> bool:
    return not all_finite(trace.values[flow.contribution]) and all_finite(trace.values[flow.upstream])


def _backward(trace: Trace, flow: Flow, message: str) -> Origin:
    graph, source = trace.graph, flow.source
    primitive = graph.primitives[source]
    span = graph.spans[source] or Span(0, 0)
    operand = operand_text(trace.source, graph, source, flow.target)
    place = _bad_product(trace, flow)
    detail, overflows = "", False
    if place is not None and flow.local is not None:
        local, upstream = (element_at(value, place)[0] for value in (trace.values[flow.local], _upstream(trace, flow)))
        detail = Message(
            ": local {formula} = {local:.6g}, times upstream {upstream:.6g}",
            formula=_local(trace, flow),
            local=local,
            upstream=upstream,
        )
        overflows = math.isfinite(local) and math.isfinite(upstream)
    if not all(all_finite(trace.values[node]) for node in (source, *graph.operands[source])):
        hint = Message("a value on the way overflows; look for a stable form")
    elif _outside(trace, source):
        hint = Message(
            "{name} is defined for {domain}", name=primitive.name, domain=Message(primitive.domain.text.format(operand))
        )
    elif overflows:
        hint = largest_told(trace.arithmetic)
    else:
        hint = Message("{name} has no finite derivative there", name=primitive.name)
    at = f"{operand} = {shown(trace.values[flow.target])}"
    if place is not None:
        others = (
            [other for other in dict.fromkeys(graph.operands[source]) if graph.primitives[other].name != "constant"]
            if primitive.kind == "elementwise"
            else [flow.target]
        )
        at = Joined((_equation(trace, source, other, place) for other in others), " and ")
    return Origin(
        source,
        "product",
        Message(
            "{message}: d({source})/d({operand}) breaks it{detail}",
            message=message,
            source=excerpt(trace.source, span),
            operand=operand,
            detail=detail,
        ),
        span,
        Message("at {at}", at=at),
        hint,
    )


def _local(trace: Trace, flow: Flow) -> str:
    """The local derivative's formula, with the text of nodes for their numbers."""
    graph = trace.graph

    def text(label: re.Match[str]) -> str:
        node = int(label[1])
        written = excerpt(trace.source, graph.spans[node] or Span(0, 0))
        return f"({written})" if graph.primitives[node].notation is not None and label[0] != label.string else written

    return re.sub(r"\bv(\d+)\b", text, trace.contributions[trace.gradient.flows.index(flow)].formula)


def _upstream(trace: Trace, flow: Flow) -> Array:
    """The upstream gradient in a shape that meets the local derivative."""
    graph = trace.graph
    return aligned(
        trace.values[flow.upstream],
        graph.primitives[flow.source],
        graph.shapes[flow.target],
        dict(graph.parameters[flow.source]),
    )


def _bad_product(trace: Trace, flow: Flow) -> tuple[int, ...] | None:
    """The place of the first product that is not finite, where the pull-back is a multiplication."""
    if flow.local is None:
        return None
    local, upstream = trace.values[flow.local], _upstream(trace, flow)
    elementwise = trace.graph.primitives[flow.source].kind == "elementwise"
    if not elementwise and size(upstream.shape) > 1 and len(upstream.shape) != len(local.shape):
        return None
    return first_bad_product(local, upstream)


def _equation(trace: Trace, node: int, operand: int, place: tuple[int, ...]) -> str:
    """An operand's element that meets a place of the node, and its value."""
    value, index = number_at(trace.values[operand], place)
    number = f"{value:.6g}" if _told_apart(trace, node, place) else str(value)
    return f"{operand_text(trace.source, trace.graph, node, operand, index)} = {number}"


def _told_apart(trace: Trace, node: int, place: tuple[int, ...]) -> bool:
    """Whether the operands, to six digits, are in the domain if they are: 1.0000000000000002 is 1 to six digits."""
    primitive = trace.graph.primitives[node]
    numbers = [number_at(trace.values[operand], place)[0] for operand in trace.graph.operands[node]]
    rounded = [float(f"{float(number):.6g}") for number in numbers]
    return primitive.kind != "elementwise" or bool(_contains(primitive, numbers)) == bool(_contains(primitive, rounded))
