"""The value of every node of a graph, as a trace shows them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.executors.cells import Cells
from diffcli.execute.executors.effort import is_long, is_small
from diffcli.execute.executors.executor import Choice, Unfit
from diffcli.execute.executors.interpreted import interpreted, numbered
from diffcli.execute.executors.kept import ArrayList, Arrays, Kept, Numbers, array_of, kept
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph
from diffcli.messages import Message
from diffcli.primitives.structural import input


class Evaluated(NamedTuple):
    """The value of every node of a graph, by node, and what computed them."""

    values: Sequence[Any]
    plan: Choice


#: Computes all nodes of a graph from its inputs' values.
Evaluation = Callable[[Mapping[int, Kept]], Evaluated]
_EVERY_NODE = Message("every node is computed and kept, for the trace shows them")
#: The plan of a trace, on arrays and on single numbers.
NODE_BY_NODE, NUMBER_BY_NUMBER = Choice("plain", _EVERY_NODE), Choice("scalars", _EVERY_NODE)


def evaluation(graph: Graph, arithmetic: Arithmetic = FLOAT64) -> Evaluation:
    """What computes the nodes one by one: on single floats where these are few, or are all there is, else on arrays."""
    if arithmetic is FLOAT64:
        if is_small(graph):
            return partial(_number_by_number, graph, lambda inputs: interpreted(graph, range(len(graph)), inputs))
        if is_long(graph):
            return partial(_number_by_number, graph, partial(numbered, graph))
    return partial(_node_by_node, Program(graph, range(len(graph)), arithmetic))


def _node_by_node(program: Program, inputs: Mapping[int, Kept]) -> Evaluated:
    return Evaluated(program.values(Arrays(kept(inputs))), NODE_BY_NODE)


def _number_by_number(
    graph: Graph, run: Callable[[Mapping[int, Kept]], list[Cells | None] | Numbers], inputs: Mapping[int, Kept]
) -> Evaluated:
    try:
        return Evaluated(ArrayList(run(kept(inputs))), NUMBER_BY_NUMBER)
    except (Unfit, ArithmeticError, ValueError):  # arrays have all functions, and go on with what is not finite
        return _node_by_node(Program(graph, range(len(graph))), inputs)


def settled_of(graph: Graph) -> dict[int, Array]:
    """What a small graph makes of constants alone, as a trace has it, by node; nothing where arrays compute that."""
    settled: dict[int, None] = {}
    for node, operands in enumerate(graph.operands):
        if graph.primitives[node] is not input and all(operand in settled for operand in operands):
            settled[node] = None
    try:
        values = interpreted(graph, settled, {})
    except (Unfit, ArithmeticError, ValueError):
        return {}
    return {node: array_of(value) for node, value in enumerate(values) if value is not None}
