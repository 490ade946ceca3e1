"""Rules on single numbers: written down from their steps, they append what they would append themselves."""

import pytest

from diffcli.autodiff.pullback import pulled_back
from diffcli.graph.graph import Graph, Value
from diffcli.primitives.options import REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import PRIMITIVES

pytestmark = pytest.mark.fast

ELEMENTWISE = [
    (primitive, position)
    for primitive in PRIMITIVES.values()
    if primitive.kind == "elementwise" and all(option.default is not REQUIRED for option in primitive.options)
    for position in range(len(primitive.operands))
]


def _graph(primitive: Primitive, known: frozenset[int], shared: bool) -> tuple[Graph, int, int]:
    """A graph with a node of the primitive, its upstream gradient, and that node; some operands are known numbers."""
    graph = Graph()
    operands = [
        graph.append_constant(0.75 + place, ()) if place in known else graph.append_input(f"x{place}", (), None)
        for place in range(len(primitive.operands))
    ]
    upstream = graph.append_input("g", (), None)
    node = graph.append(primitive, tuple(operands[:1] * len(operands) if shared else operands), (), (), None)
    return graph, node, upstream


@pytest.mark.parametrize(("primitive", "position"), ELEMENTWISE, ids=[f"{p.name}-{k}" for p, k in ELEMENTWISE])
@pytest.mark.parametrize("known", [frozenset[int](), frozenset({0}), frozenset({1})], ids=["none", "first", "second"])
@pytest.mark.parametrize("shared", [False, True], ids=["apart", "shared"])
def test_steps_append_what_the_rule_appends(
    primitive: Primitive, position: int, known: frozenset[int], shared: bool
) -> None:
    """Also where an operand is a known number, or the same node stands twice."""
    graph, node, upstream = _graph(primitive, known, shared)
    local, contribution = pulled_back(graph, node, position, upstream)
    other, same, _ = _graph(primitive, known, shared)
    handles = [Value(other, operand) for operand in other.operands[same]]
    found, pulled = primitive.vjp(position, Value(other, upstream), handles, Value(other, same), {})
    expected = other.filled(found).index if isinstance(found, int) else found.index
    assert (local, contribution) == (expected, pulled.index)
    assert [graph.node(index) for index in range(len(graph))] == [other.node(index) for index in range(len(other))]
    assert graph.names == other.names
