"""The work of a graph: what moves elements takes as many operations as there are, a product of matrices more."""

import numpy as np
import pytest

import diffcli
from diffcli.analysis.problem import pose
from diffcli.analysis.sweep import swept
from diffcli.analysis.values import read_bindings
from diffcli.execute.executors.effort import operations
from diffcli.primitives.shape import size
from diffcli.source import Source


def counted(text: str, values: str) -> dict[str, tuple[int, int]]:
    """By primitive the operations of its node, and the elements of the largest array that takes part."""
    problem = pose(Source(text), read_bindings([Source(values, "--at")]))
    graph = swept(problem).built.graph
    found = {}
    for node, (primitive, operands) in enumerate(zip(graph.primitives, graph.operands, strict=True)):
        if operands:
            shapes = [graph.shapes[each] for each in (*operands, node)]
            found[primitive.name] = operations([(primitive, shapes)]), max(map(size, shapes))
    return found


@pytest.mark.parametrize(
    ("text", "primitive"),
    [
        ("sum(x[i])", "gather"),
        ("sum(d(sum(x[i]^2), x))", "scatter_add"),
        ("sum(concat([x, i]))", "concat"),
        ("sum(stack([x, i]))", "stack"),
        ("sum(x*i)", "mul"),
    ],
)
def test_what_moves_elements_takes_as_many_operations_as_there_are(text: str, primitive: str) -> None:
    """However many operands it has."""
    count, largest = counted(text, "x=linspace(1,2,100); i=arange(100)")[primitive]
    assert count == largest


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("A=ones(20,30); B=ones(30,40)", 20 * 30 * 40),
        ("A=ones(20,30); B=ones(30)", 20 * 30),
        ("A=ones(9); B=ones(9)", 9),
    ],
)
def test_a_product_of_matrices_takes_a_multiplication_for_each_triple(values: str, expected: int) -> None:
    """Of row, column and place within; fewer for vectors."""
    assert counted("sum(A @ B)", values)["matmul"][0] == expected


def test_a_table_of_words_is_looked_up_on_whole_arrays() -> None:
    """No part of it is long enough to be cut into blocks."""
    f = diffcli.compile("mean((E[i] - 1)^2)", wrt="E", i=list(range(1000)))
    assert f.plan(E=np.ones((1000, 64))).executor == "plain"
