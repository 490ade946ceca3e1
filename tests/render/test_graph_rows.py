"""The terminal's layout on plain numbers: whatever the graph, its rows say which edges there are."""

from collections import Counter
from math import log2
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffcli.render.text.graph_rows import Row, abridged, tree

Operands = dict[int, list[int]]


def _reached(operands: Operands) -> Operands:
    """The nodes that the last one is made of."""
    needed = {max(operands)}
    for node in sorted(operands, reverse=True):
        if node in needed:
            needed.update(operands[node])
    return {node: operands[node] for node in operands if node in needed}


@st.composite
def graphs(draw: st.DrawFn) -> Operands:
    operands: Operands = {0: []}
    for node in range(1, draw(st.integers(1, 40))):
        operands[node] = draw(
            st.lists(st.integers(max(0, node - draw(st.sampled_from([2, 8, 40]))), node - 1), max_size=4)
        )
    return _reached(operands)


def _edges(operands: Operands) -> Counter[tuple[int, int, int]]:
    return Counter((node, position, operand) for node in operands for position, operand in enumerate(operands[node]))


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(graphs())
def test_each_node_is_drawn_once_and_each_edge_has_one_row(operands: Operands) -> None:
    rows = tree(operands, max(operands))
    assert Counter(row.node for row in rows if row.drawn) == Counter(operands.keys())
    assert Counter((row.user, row.operand, row.node) for row in rows[1:]) == _edges(operands)
    assert (rows[0].node, rows[0].user) == (max(operands), None)


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(graphs())
def test_the_picture_alone_tells_every_user(operands: Operands) -> None:
    """A branch hangs on the open column to its left, any other row on its own column;
    every column that is opened is closed.
    """
    rows = tree(operands, max(operands))
    pending: dict[int, int] = {}
    for row in rows:
        if row.user is not None:
            assert pending[row.depth - 1 if row.branch else row.depth] == row.user
        if not row.branch:
            pending.pop(row.depth, None)
        assert set(pending) == set(range(row.depth))  # every column to the left has a rail, and no other
        if row.open:
            pending[row.depth] = row.node
    assert not pending


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(graphs())
def test_a_reference_says_where_the_node_is_drawn(operands: Operands) -> None:
    rows = tree(operands, max(operands))
    for number, row in enumerate(rows):
        assert (there := rows[number + row.away]).drawn
        assert there.node == row.node
        assert row.open == (row.drawn and bool(operands[row.node]))


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(graphs())
def test_branches_are_no_larger_than_what_stands_straight_below(operands: Operands) -> None:
    rows = tree(operands, max(operands))
    assert max(row.depth for row in rows) <= log2(len(operands)) + 1
    sizes = Counter[int]()
    users = {row.node: row.user for row in rows if row.drawn}
    for node in users:
        above: int | None = node
        while above is not None:
            sizes[above] += 1
            above = users[above]
    straight = {row.user: sizes[row.node] if row.drawn else 0 for row in rows if not row.branch}
    assert all(sizes[row.node] <= straight[row.user] for row in rows if row.branch and row.drawn)


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(graphs())
def test_the_rows_depend_on_the_graph_alone(operands: Operands) -> None:
    assert tree(operands, max(operands)) == tree(dict(reversed(operands.items())), max(operands))


def test_users_stand_above_their_operands() -> None:
    """So that reading down is the backward sweep.

    Of some graphs that cannot be had with narrow branches; these are not among them.
    """
    random = Random(6)
    for _ in range(100):
        operands: Operands = {0: []}
        for node in range(1, random.randint(2, 60)):
            operands[node] = [
                random.randrange(max(0, node - random.choice([3, 10, 60])), node)
                for _ in range(random.choice([0, 1, 2, 2, 2, 3]))
            ]
        operands = _reached(operands)
        assert all(row.away >= 0 for row in tree(operands, max(operands)))


def test_both_edges_of_a_square() -> None:
    assert tree({0: [], 1: [0, 0]}, 1) == [
        Row(1, None, None, 0, branch=False, away=0, open=True),
        Row(0, 1, 0, 1, branch=True, away=1, open=False),
        Row(0, 1, 1, 0, branch=False, away=0, open=False),
    ]


def test_a_shared_operand_sinks_below_its_last_user() -> None:
    """sin(x)*x + x^2: sin(x), which has the longest way to x, stands straight above it."""
    x, sine, product, two, square, total = range(6)
    rows = tree({x: [], sine: [x], product: [sine, x], two: [], square: [x, two], total: [product, square]}, total)
    assert [(row.node, row.depth, row.drawn) for row in rows] == [
        (total, 0, True), (square, 1, True), (x, 2, False), (two, 1, True), (product, 0, True), (x, 1, False),
        (sine, 0, True), (x, 0, True),
    ]  # fmt: skip


#: A product of sin(sin(sin(sin(x)))) and (x + y)*(z + w): the long factor is not the large one.
LONG_AND_LARGE: Operands = {
    0: [],
    1: [],
    2: [],
    3: [],
    4: [0],
    5: [4],
    6: [5],
    7: [6],
    8: [0, 1],
    9: [2, 3],
    10: [8, 9],
    11: [7, 10],
}


def test_the_order_is_chosen_anew_where_the_first_one_leads_upwards(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(row.away >= 0 for row in tree(LONG_AND_LARGE, 11))
    monkeypatch.setattr("diffcli.render.text.graph_rows._ROUNDS", 1)
    assert [row.node for row in tree(LONG_AND_LARGE, 11) if row.away < 0] == [0]


@pytest.mark.parametrize("uses", [1, 2])
def test_a_long_chain_stands_in_one_column(uses: int) -> None:
    rows = tree({node: [node - 1] * uses if node else [] for node in range(20_000)}, 19_999)
    assert {row.depth for row in rows if row.drawn} == {0}
    assert [row.node for row in rows if row.drawn] == list(range(19_999, -1, -1))


def test_long_trees_are_shortened_in_the_middle() -> None:
    rows = tree({node: [node - 1] if node else [] for node in range(9)}, 8)
    assert abridged(rows, 5, 3) == abridged(rows, 6, 3) == rows
    assert abridged(rows, 4, 2) == [*rows[:4], 3, *rows[-2:]]
