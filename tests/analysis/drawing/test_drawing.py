"""What there is to draw: every operand an edge, every flow on its edge, groups by what the user named, folding that
loses no flow.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffcli.analysis.drawing.drawing import Drawing
from diffcli.analysis.drawing.folding import deepest, folded
from diffcli.analysis.drawing.graph_report import graph_report
from diffcli.analysis.problem import pose
from diffcli.analysis.values import read_bindings
from diffcli.source import Source

NESTED = "inner(t) = 2*tanh(t) + 1; outer(t) = inner(t)*inner(t^2); h = outer(x) + x; mse(h, 3)"


def drawing_of(text: str, *values: str, backward: bool = True, depth: int | None = None) -> Drawing:
    problem = pose(Source(text), read_bindings(Source(value, "--at") for value in values))
    return graph_report(problem, backward=backward, depth=depth)


def test_both_edges_of_a_square() -> None:
    """Each with its own contribution; the node has their sum."""
    drawing = drawing_of("mean(x*x)", "1,2,3")
    x, square, mean = drawing.nodes
    assert [(node.kind, node.title, node.output) for node in drawing.nodes] == [
        ("variable", "x", False),
        ("operation", "x*x", False),
        ("operation", "mean(x*x)", True),
    ]
    first, second, third = drawing.edges
    assert [(edge.source, edge.target, edge.operand) for edge in drawing.edges] == [(1, 0, 0), (1, 0, 1), (2, 1, 0)]
    assert (first.contribution + second.contribution == x.row.gradient).all()
    assert (third.contribution == square.row.gradient).all()
    assert mean.row.gradient == 1
    assert [edge.step for edge in drawing.edges] == [1, 2, 0]


def test_kinds_of_nodes() -> None:
    """A parameter is a variable with a starting value; a named constant is a constant."""
    drawing = drawing_of("param w = 2; k = 3; h = w*x; h + k*pi", "x=1")
    assert {node.title: node.kind for node in drawing.nodes} == {
        "w": "parameter", "x": "variable", "h": "named", "k": "constant", "pi": "constant", "k*pi": "operation",
        "h + k*pi": "operation",
    }  # fmt: skip
    assert {node.title for node in drawing.nodes if node.row.gradient is not None} == {"w", "h", "h + k*pi"}
    assert [edge.flow is None for edge in drawing.edges] == [False, True, True, True, False, True]


def test_nodes_that_share_a_text_are_called_by_what_they_compute() -> None:
    """A function of the language that is written out, a derivative, a body that is called twice."""
    titles = [node.title for node in drawing_of("mse(x, 3) + d(x^3, x)", "2").nodes if node.kind == "operation"]
    assert len(set(titles)) == len(titles)
    assert "x - 3" in titles
    assert "mse(x, 3) + d(x^3, x)" in titles


def test_nodes_of_a_functions_body_are_called_by_what_they_compute() -> None:
    """Its text speaks of its parameters, which may have the names of other variables."""
    drawing = drawing_of("f(x, y) = x - y; f(y, x)", "x=1", "y=2")
    assert [node.title for node in drawing.nodes] == ["y", "x", "y - x"]


def test_groups_are_nested_as_the_user_wrote_them() -> None:
    """Outer groups first, each with the node that stands for it."""
    drawing = drawing_of(NESTED, "0.5")
    nested = [(group.kind, group.label, group.within) for group in drawing.groups]
    assert nested == [
        ("definition", "mse(h, 3)", None),
        ("intermediate", "h", None),
        ("call", "outer(x)", 1),
        ("call", "inner(t^2)", 2),
        ("call", "inner(t)", 2),
    ]
    assert deepest(drawing.groups) == 3
    assert all(node.group is None for node in drawing.nodes if node.kind == "variable")


def test_an_intermediate_of_one_operation_is_no_group() -> None:
    """Its node has the name already."""
    assert drawing_of("h = x^2; sin(h)", "1").groups == ()


@pytest.mark.parametrize(("depth", "folds"), [(0, 2), (1, 1), (2, 2), (3, 0)])
def test_depth_says_which_groups_are_folded(depth: int, folds: int) -> None:
    """Those nested deeper; of those the outermost."""
    drawing = drawing_of(NESTED, "0.5", depth=depth)
    assert sum(node.kind == "folded" for node in drawing.nodes) == folds
    assert deepest(drawing.groups) == min(depth, 3)
    assert drawing.output.row.value == drawing_of(NESTED, "0.5").output.row.value


def test_a_folded_group_has_each_operand_once_and_the_sum_of_its_flows() -> None:
    """f(x, y) = x*y + x takes x twice."""
    drawing = drawing_of("f(a, b) = a*b + a; h = f(x, y); h^2", "x=2", "y=3", depth=0)
    x, y, group = (next(node for node in drawing.nodes if node.title == title) for title in ("x", "y", "h"))
    edges = [edge for edge in drawing.edges if edge.source == group.id]
    assert [(edge.target, edge.operand, len(edge.flows), edge.flow) for edge in edges] == [
        (x.id, 0, 2, None),
        (y.id, 1, 1, None),
    ]
    assert edges[0].contribution == x.row.gradient == 2 * 8 * 4
    assert edges[1].contribution == y.row.gradient
    assert len(group.folded) == 2


@given(depth=st.integers(0, 4), at=st.floats(-2, 2))
def test_folding_keeps_every_gradient(depth: int, at: float) -> None:
    """What flows into a node is its gradient, whatever is folded around it; every edge joins nodes that are drawn."""
    drawing = folded(drawing_of(NESTED, str(at)), depth)
    drawn = {node.id: node for node in drawing.nodes}
    for node in drawing.nodes:
        into = [edge.contribution for edge in drawing.edges if edge.target == node.id and edge.contribution is not None]
        if not node.output and node.row.gradient is not None:
            assert sum(into) == pytest.approx(float(node.row.gradient), rel=1e-12, abs=1e-300)
    assert all(edge.source in drawn and edge.target in drawn for edge in drawing.edges)
    assert all(node.group is None or node.group < len(drawing.groups) for node in drawing.nodes)
    operands = drawing.operands()
    assert all([edge.operand for edge in edges] == list(range(len(edges))) for edges in operands.values())


def test_the_forward_sweep_alone() -> None:
    """Of a result of any shape; nothing flows back."""
    drawing = drawing_of("x*x", "1,2,3", backward=False)
    assert drawing.wrt == ()
    assert all(node.row.gradient is None for node in drawing.nodes)
    assert all(edge.contribution is None for edge in drawing.edges)


def test_what_a_derivative_leaves_unused_is_not_drawn() -> None:
    """d(x^3, x) has x^3 computed, which 3*x^2 does not need."""
    drawing = drawing_of("d(x^3, x)", "2")
    used = {edge.target for edge in drawing.edges}
    assert all(node.output or node.id in used for node in drawing.nodes)
    assert "x^3" not in [node.title for node in drawing.nodes]
