"""Where a number that is not finite came from."""

from diffcli.analysis.trace import Trace, excerpt
from diffcli.analysis.values import Array
from diffcli.autodiff.reverse import Flow, active_nodes
from diffcli.errors import DiffcliError, ExitCode, Label, fault
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import all_finite, any_nonzero, finite_elements, first_not_finite, identical, undefined_elements, with_finite_elements
from diffcli.execute.influence import indeterminate, relevant
from diffcli.execute.program import quietly
from diffcli.source import Span


def check_finite(trace: Trace, gradients: dict[str, Array]) -> None:
    """Raise DiffcliError, pointing at the origin, where the value or a gradient is not to be had.

    That is: one of them is not finite; something that the value depends on is undefined; or a
    gradient of 0 came from a 0 times infinity.
    """
    output = trace.output
    if not all_finite(trace.values[output]):
        raise _forward_fault(trace, _origin(trace))
    if not all(all_finite(value) for value in trace.values[: output + 1]):
        _check_defined(trace)
    broken = [name for name, gradient in gradients.items() if not all_finite(gradient)]
    if broken:
        variable = next(node for node, name in trace.graph.names.items() if name == broken[0] and not trace.graph.operands[node])
        on_the_way = set(active_nodes(trace.graph, output, [variable]))
        flows = [flow for flow in trace.gradient.flows if flow.target in on_the_way]
        flow = next((flow for flow in flows if _breaks(trace, flow)), flows[-1])
        raise _backward_fault(trace, flow, f"the gradient of {broken[0]} is not finite")
    locals_ = {flow.local for flow in trace.gradient.flows}
    if not all(local is None or all_finite(trace.values[local]) for local in locals_):
        edges = {(flow.source, flow.target, flow.operand, flow.local, flow.upstream): flow for flow in trace.gradient.flows}
        edge = indeterminate(trace.graph, output, trace.values, edges)
        if edge is not None:
            raise _backward_fault(trace, edges[edge], "the gradient is 0 times infinity here")


def _check_defined(trace: Trace) -> None:
    """Raise DiffcliError at the first node that is undefined and that the value depends on."""
    graph = trace.graph
    for node, pattern in sorted(relevant(graph, trace.output, trace.values).items()):
        value, operands = trace.values[node], [trace.values[operand] for operand in graph.operands[node]]
        if all_finite(value) or not any_nonzero(pattern & ~finite_elements(value)):
            continue
        if _inherited(operands, value):
            continue
        if not operands or any_nonzero(pattern & undefined_elements(value)) or _outside(trace, node):
            raise _forward_fault(trace, node)


def _inherited(operands: list[Array], value: Array) -> bool:
    """Whether the operands' bad elements, and not this node, are where the value's come from."""
    corresponding = [operand for operand in operands if operand.shape == value.shape]
    return bool(corresponding) and not any(all_finite(operand) for operand in corresponding)


def _outside(trace: Trace, node: int) -> bool:
    """Whether an operand is outside the domain of an elementwise primitive."""
    primitive = trace.graph.primitives[node]
    operands = [trace.values[operand] for operand in trace.graph.operands[node]]
    with quietly():
        return primitive.kind == "elementwise" and not primitive.domain.contains(*operands).all()


def _origin(trace: Trace) -> int:
    """The node whose value is not finite though the operands that decide it are."""
    node = trace.output
    while True:
        for operand in dict.fromkeys(trace.graph.operands[node]):
            if not all_finite(trace.values[operand]) and _decides(trace, node, operand):
                node = operand
                break
        else:
            return node


def _decides(trace: Trace, node: int, operand: int) -> bool:
    """Whether the node's value would change if the bad elements of an operand were 1."""
    graph = trace.graph
    values = [with_finite_elements(trace.values[other]) if other == operand else trace.values[other] for other in graph.operands[node]]
    with quietly():
        changed = graph.primitives[node].implementation(FLOAT64)(*values, **dict(graph.parameters[node]))
    return not identical(changed, trace.values[node])


def _forward_fault(trace: Trace, node: int) -> DiffcliError:
    graph = trace.graph
    primitive, operands = graph.primitives[node], graph.operands[node]
    span = graph.spans[node] or Span(0, 0)
    text = excerpt(trace.source, span)
    if not operands:
        return fault("E501", f"the value of {text} is not finite", trace.source, span, hint="check the data", exit_code=ExitCode.NOT_FINITE)
    values = [trace.values[operand] for operand in operands]
    place = _first_bad_element(trace.values[node], values)
    numbers = [_element(value, place) for value in values]
    where = " and ".join(
        f"{excerpt(trace.source, graph.spans[operand] or span)} = {number:.6g}"
        for operand, number in zip(operands, numbers, strict=True)
        if number is not None and graph.primitives[operand].name != "constant"
    )
    if primitive.kind == "elementwise":
        outside = not primitive.domain.contains(*_at(values, place)).all()
    else:
        outside = any_nonzero(undefined_elements(trace.values[node])) and all(all_finite(value) for value in values)
        where = ""
    if outside:
        first = operands[0]
        argument = primitive.operands[0] if graph.primitives[first].name == "constant" else excerpt(trace.source, graph.spans[first] or span)
        hint = f"{primitive.name} is defined for {primitive.domain.text.format(argument)}"
        message = f"{text} is not defined" + (f" at {where}" if where else "" if primitive.kind == "elementwise" else f": {primitive.domain.outside}")
    else:
        hint = f"there may be a form that does not overflow: {primitive.stable}" if primitive.stable else "the largest number is about 1.8e308"
        message = f"{text} overflows" + (f" at {where}" if where else "")
    result = _element(trace.values[node], place)
    words = "not finite here" if result is None else f"this is {result}"
    return fault("E501", message, trace.source, Label(span, words), hint=hint, exit_code=ExitCode.NOT_FINITE)


def _first_bad_element(result: Array, operands: list[Array]) -> tuple[int, ...] | None:
    """The place of the first element that is not finite, where operands correspond to it."""
    if result.shape == () or any(operand.shape not in ((), result.shape) for operand in operands):
        return None
    return first_not_finite(result)


def _element(value: Array, place: tuple[int, ...] | None) -> float | None:
    if value.shape == ():
        return float(value)
    return None if place is None else float(value[place])


def _at(values: list[Array], place: tuple[int, ...] | None) -> list[Array]:
    return [value if place is None or value.shape == () else value[place] for value in values]


def _breaks(trace: Trace, flow: Flow) -> bool:
    return not all_finite(trace.values[flow.contribution]) and all_finite(trace.values[flow.upstream])


def _backward_fault(trace: Trace, flow: Flow, message: str) -> DiffcliError:
    graph = trace.graph
    primitive = graph.primitives[flow.source]
    span = graph.spans[flow.source] or Span(0, 0)
    text = excerpt(trace.source, span)
    row = trace.flow(trace.gradient.flows.index(flow))
    operand = excerpt(trace.source, graph.spans[flow.target] or span)
    detail = ""
    if row.local is not None and row.contribution.shape == row.local.shape == ():
        detail = f": local {row.formula} = {row.local:.6g}, times upstream {row.upstream:.6g}"
    bad_forward = [operand for operand in graph.operands[flow.source] if not all_finite(trace.values[operand])]
    if bad_forward or not all_finite(trace.values[flow.source]):
        hint = f"there may be a form that does not overflow: {primitive.stable}" if primitive.stable else "a value on the way overflows; look for a stable form"
    else:
        hint = f"{primitive.name} has no finite derivative there"
    return fault(
        "E502", f"{message}: d({text})/d({operand}) breaks it{detail}", trace.source,
        Label(span, f"at {operand} = {_shown(trace.values[flow.target])}"), hint=hint, exit_code=ExitCode.NOT_FINITE,
    )  # fmt: skip


def _shown(value: Array) -> str:
    if value.shape == ():
        return f"{value:.6g}"
    return "[" + ", ".join(f"{element:.6g}" for element in value.ravel()[:6]) + (", ...]" if value.size > 6 else "]")
