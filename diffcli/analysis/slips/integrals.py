"""An answer that was integrated, not differentiated: its derivative is what was to be differentiated."""

from collections.abc import Iterator, Mapping, Sequence

from diffcli.analysis.slips.naming import agree
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution
from diffcli.autodiff.reverse import derivative
from diffcli.graph.build import Built
from diffcli.graph.graph import Graph
from diffcli.messages import Message
from diffcli.primitives.structural import input

#: By chance a formula has such a derivative at fewer points than these.
_LEAST = 3


def integrated(solution: Solution, given: Mapping[str, Built], seen: Sequence[Sighting]) -> Iterator[Slip]:
    """The answers by variable, formulas, whose own derivatives are the function; a constant may have been added."""
    graph = solution.graph
    if graph.shapes[solution.output] or len(seen) < _LEAST:
        return
    for name, answer in given.items():
        variable = solution.wrt[name]
        if graph.shapes[variable] or answer.graph.shapes[answer.output]:
            continue
        grafted = _grafted(graph, answer, {graph.names[node]: node for node in solution.inputs})
        if grafted is None:
            continue
        points = [sighting.at for sighting in seen]
        slope, again = (derivative(graph, node, variable) for node in (grafted, solution.answers[name]))
        # an exponential is its own integral: an answer that is the right one and something more is none
        if agree(graph, slope, solution.output, points) and not agree(graph, again, solution.output, points):
            yield Slip(
                "integrated",
                Message(
                    "this was integrated, not differentiated: its derivative is {part}",
                    part=solution.text(solution.output),
                ),
                Message("the derivative of the function is wanted, not a function that has it as its derivative"),
                solution.span(solution.output),
                graph,
                {name: grafted},
                {name: solution.answers[name]},
                "integrated",
            )


def _grafted(graph: Graph, answer: Built, inputs: Mapping[str, int]) -> int | None:
    """The answer's output in another graph with the same variables; None where it has one more."""
    places: dict[int, int] = {}
    other = answer.graph
    for node in other.needed([answer.output]):
        operands, parameters = other.operands[node], other.parameters[node]
        if other.primitives[node] is input:
            name = str(dict(parameters)["name"])
            if name not in inputs:
                return None
            places[node] = inputs[name]
        elif operands:
            places[node] = graph.derived(
                other.primitives[node], tuple([places[operand] for operand in operands]), parameters
            )
        else:
            places[node] = graph.append(other.primitives[node], (), parameters, other.shapes[node], None)
            number = other.number(node)
            if number is not None:
                places[node] = graph.filled(number, other.shapes[node]).index
    return places[answer.output]
