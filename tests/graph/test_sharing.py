"""Derived nodes: shared, folded, and never at the cost of what was written."""

import pytest

from diffcli.graph.graph import Graph, Value
from diffcli.primitives.exponential import exp, pow
from diffcli.primitives.structural import weigh
from diffcli.primitives.trigonometric import sin

pytestmark = pytest.mark.fast


@pytest.fixture
def graph() -> Graph:
    """A graph with a number `x` and a vector `v` of three."""
    made = Graph()
    made.append_input("x", (), None)
    made.append_input("v", (3,), None)
    return made


def test_the_same_operation_is_the_same_node(graph: Graph) -> None:
    """However often a rule asks for it."""
    x, v = graph.value(0), graph.value(1)
    before = len(graph)
    assert (x * v).index == (x * v).index
    assert sin(x).index == sin(x).index
    assert v.broadcast_to((2, 3)).index == v.broadcast_to((2, 3)).index
    assert graph.filled(2.0).index == graph.filled(2).index
    assert len(graph) == before + 4


def test_different_operations_are_different_nodes(graph: Graph) -> None:
    """Order, parameters, shape and sign of a constant all count."""
    x, v = graph.value(0), graph.value(1)
    nodes = [
        x - v,
        v - x,
        v.broadcast_to((2, 3)),
        v.broadcast_to((1, 3)),
        graph.filled(1.0),
        graph.filled(1.0, (3,)),
        graph.filled(-1.0),
        x.named(1.0, "n"),
    ]
    assert len({node.index for node in nodes}) == len(nodes)


def test_what_the_user_wrote_is_not_shared(graph: Graph) -> None:
    """An appended node stays apart, and a rule does not reuse it."""
    first = graph.append(sin, (0,), (), (), None)
    second = graph.append(sin, (0,), (), (), None)
    assert len({first, second, sin(graph.value(0)).index}) == 3


def test_neutral_elements_vanish(graph: Graph) -> None:
    """0 + x, x + 0, x - 0, 1*x, x*1, x/1, x^1 are x."""
    for node in (graph.value(0), graph.value(1)):
        found = [
            0 + node,
            node + 0,
            node - 0,
            1 * node,
            node * 1,
            node / 1,
            node**1,
            weigh(1.0, node),
            weigh(node, 1.0),
        ]
        assert {other.index for other in found} == {node.index}


def test_what_is_not_neutral_stays(graph: Graph) -> None:
    """0 - x, 1/x and 1^x are operations."""
    x = graph.value(0)
    assert [graph.primitives[node.index].name for node in (0 - x, 1 / x, pow(1.0, x))] == ["sub", "div", "pow"]


def test_a_neutral_element_that_broadcasts_stays(graph: Graph) -> None:
    """A vector of zeros makes a vector of a number."""
    x, zeros, ones = graph.value(0), graph.filled(0.0, (3,)), graph.filled(1.0, (3,))
    assert (x + zeros).shape == (x - zeros).shape == (ones * x).shape == (x / ones).shape == (3,)


def test_zero_annihilates(graph: Graph) -> None:
    """0*x is 0, in the shape of the product."""
    x, v = graph.value(0), graph.value(1)
    for node, shape in (
        (0 * x, ()),
        (v * 0, (3,)),
        (x * graph.filled(0.0, (2,)), (2,)),
        (weigh(0.0, v), (3,)),
        (weigh(v, 0.0), (3,)),
    ):
        assert (node.number, node.shape) == (0.0, shape)


def test_arithmetic_on_numbers_is_done_at_once(graph: Graph) -> None:
    """Sums, differences, products, quotients, powers and signs of constants."""
    two, three = graph.filled(2.0), graph.filled(3.0)
    assert [node.number for node in (two + three, two - three, two * three, two / three, two**three, -two)] == [
        5.0,
        -1.0,
        6.0,
        2 / 3,
        8.0,
        -2.0,
    ]
    assert (two * graph.filled(3.0, (2,))).shape == (2,)
    assert (two * graph.filled(3.0, (2,))).number == 6.0


def test_what_is_no_ordinary_number_is_left_to_execution(graph: Graph) -> None:
    """1/0, an overflow and a complex power are nodes; so is a function of a number."""
    one, zero = graph.filled(1.0), graph.filled(0.0)
    nodes: list[Value] = [
        one / zero,
        graph.filled(1e300) * graph.filled(1e300),
        graph.filled(-8.0) ** graph.filled(0.5),
        graph.filled(10.0) ** 400,
        exp(one),
    ]
    assert [node.number for node in nodes] == [None] * 5


def test_a_named_constant_is_not_folded(graph: Graph) -> None:
    """The `n` of a mean stays visible."""
    n = graph.value(0).named(3.0, "n")
    assert n.number is None
    assert graph.names[n.index] == "n"
    assert graph.primitives[(graph.filled(1.0) / n).index].name == "div"


def test_sums_and_copies_of_constants_are_constants(graph: Graph) -> None:
    """A broadcast keeps the number, a sum multiplies it by the count."""
    two = graph.filled(2.0)
    assert (two.broadcast_to((2, 3)).number, two.broadcast_to((2, 3)).shape) == (2.0, (2, 3))
    assert (graph.filled(2.0, (2, 3)).sum_to((3,)).number, graph.filled(2.0, (2, 3)).sum_to((3,)).shape) == (4.0, (3,))
    assert graph.filled(2.0, (2, 3)).sum_to((2, 1)).number == 6.0


def test_a_move_to_the_same_shape_is_no_node(graph: Graph) -> None:
    """Nothing is appended for it."""
    v = graph.value(1)
    assert v.sum_to((3,)) is v
    assert v.broadcast_to((3,)) is v


def test_weighing_picks_the_shortest_product(graph: Graph) -> None:
    """1 is nothing, -1 a sign, a number a product, everything else the product that 0 annihilates."""
    x, v = graph.value(0), graph.value(1)
    assert v.weighed_by(1) is v
    assert graph.primitives[v.weighed_by(-1).index].name == "neg"
    assert graph.primitives[v.weighed_by(3).index].name == "mul"
    assert graph.primitives[v.weighed_by(x).index].name == "weigh"
    assert v.weighed_by(graph.filled(1.0, (2, 3))).shape == (2, 3)
