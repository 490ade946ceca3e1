"""Reverse mode: one walk back over the graph appends the adjoint of every active node to it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, NamedTuple

from diffcli.autodiff.pullback import pulled_back
from diffcli.graph.graph import Graph, Value
from diffcli.primitives.arithmetic import add
from diffcli.primitives.structural import accumulate
from diffcli.records import Records


class Flow(NamedTuple):
    """The flow back along one edge: `contribution = local x upstream`, each the index of a node.

    `local` is None where the pull-back is not a multiplication (a stack, a slice).
    """

    source: int
    target: int
    operand: int
    local: int | None
    upstream: int
    contribution: int


class Flows(Records[Flow], record=Flow):
    """Flows in the order of the sweep."""


class Gradient(NamedTuple):
    """The adjoint's node of every active node, and the flows in the order of the sweep."""

    adjoints: Mapping[int, int]
    flows: Sequence[Flow]


def active_nodes(graph: Graph, output: int, wrt: Iterable[int]) -> list[int]:
    """The nodes that depend on one of `wrt` and that the output depends on, in order."""
    depends = bytearray(output + 1)
    for node in wrt:
        if node <= output:
            depends[node] = 1
    for node, operands in enumerate(graph.operands[: output + 1]):
        for operand in operands:
            if depends[operand]:
                depends[node] = 1
                break
    needed = bytearray(output + 1)
    needed[output] = depends[output]
    for node in range(output, -1, -1):
        if needed[node]:
            for operand in graph.operands[node]:
                needed[operand] = depends[operand]
    return list(compress(range(output + 1), needed))


def gradient(graph: Graph, output: int, wrt: Iterable[int], seed: Value | None = None) -> Gradient:
    """Append the adjoints of the nodes between `wrt` and `output`; nothing is executed.

    `seed` is the output's cotangent, of the output's shape; without it the output, a single
    number, gets d(output)/d(output) = 1. Running twice appends nothing new.
    """
    active = active_nodes(graph, output, wrt)
    if not active:
        return Gradient({}, ())
    waiting: dict[int, Any] = dict.fromkeys(active)  # the contributions met so far: none, one, or a list of them
    waiting[output] = (seed or graph.filled(1.0, graph.shapes[output])).index
    adjoints: dict[int, int] = {}
    flows = Flows()
    one: int | None = graph.filled(1.0).index
    for node in reversed(active):
        upstream = adjoints[node] = _total(graph, waiting.pop(node))
        is_sum = graph.primitives[node] is add and not graph.shapes[node]
        for position, operand in enumerate(graph.operands[node]):
            if operand not in waiting:
                continue
            if is_sum:  # it needs no rule: worth a short cut, for long sums are common
                local, contribution = one, upstream
            else:
                local, contribution = pulled_back(graph, node, position, upstream)
            flows.fields += (node, operand, position, local, upstream, contribution)
            met = waiting[operand]
            if met is None:
                waiting[operand] = contribution
            elif isinstance(met, list):
                met.append(contribution)
            else:
                waiting[operand] = [met, contribution]
    return Gradient(adjoints, flows)


def derivative(graph: Graph, output: int, by: int) -> int:
    """The node of d(output)/d(by), appended: zeros where the output does not depend on it."""
    adjoint = gradient(graph, output, [by]).adjoints.get(by)
    return graph.filled(0.0, graph.shapes[by]).index if adjoint is None else adjoint


def _total(graph: Graph, contributions: int | list[int]) -> int:
    if not isinstance(contributions, list):
        return contributions
    return graph.derived(add if len(contributions) == 2 else accumulate, tuple(contributions))
