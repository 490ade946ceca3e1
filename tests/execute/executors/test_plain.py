"""Calls of NumPy's in a row: the numbers of a trace to the last bit, and arrays that are each target's own."""

from typing import Any

import numpy as np
import pytest

from diffcli.execute.executors.calls import calls
from diffcli.execute.executors.chain_products import plain_products
from diffcli.execute.executors.plain import plain
from diffcli.execute.program import Program
from diffcli.execute.schedule import Schedule, scheduled
from diffcli.graph.graph import Graph, Value
from diffcli.primitives.losses import at_target
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.statistics import log_softmax, logsumexp, softmax, softmax_balance, softmax_deviation, var
from diffcli.primitives.structural import transpose

_RANDOM = np.random.default_rng(8)
_EXTREME = np.array([[0.0, -0.0, 700.0, -1e300], [np.inf, 1.0, 2.0, 3.0], [-np.inf] * 4, [np.nan, 1.0, 0.5, 1e-300]])
_POINTS = (_RANDOM.normal(size=(4, 4)), 40 * _RANDOM.normal(size=(4, 4)), _EXTREME, np.ones((4, 1)), np.ones((1, 4)))

_FAMILY, _PAIRED = (logsumexp, softmax, log_softmax, var), (softmax_balance, softmax_deviation)


def _input(graph: Graph, name: str, shape: tuple[int, ...]) -> Value:
    return graph.value(graph.append_input(name, shape, None))


def _of_one_input(shape: tuple[int, ...], *functions: tuple[Primitive, dict[str, Any]]) -> Schedule:
    graph = Graph()
    x = _input(graph, "x", shape)
    return scheduled(graph, [function(x, **options).index for function, options in functions], [x.index])


@pytest.mark.parametrize("point", range(len(_POINTS)))
@pytest.mark.parametrize("axis", [0, 1, -1, (0, 1)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_functions_in_parts_have_the_bits_of_whole_ones(point: int, axis: int | tuple[int, int]) -> None:
    x = _POINTS[point]
    graph = Graph()
    given = _input(graph, "x", x.shape)
    family = [function(given, axis=axis) for function in _FAMILY]
    family += [function(given, family[1], axis=axis) for function in _PAIRED]
    targets = [value.index for value in family]
    found = plain(scheduled(graph, targets, [given.index]))([x])
    every = Program(graph, targets).values({given.index: x})
    for target, value in zip(targets, found, strict=True):
        assert np.array_equal(every[target], value, equal_nan=True)
        assert np.array_equal(np.signbit(every[target]), np.signbit(value)) or np.isnan(value).any()


def test_what_functions_have_in_common_is_computed_once() -> None:
    functions = (logsumexp, {"axis": 1}), (softmax, {"axis": 1}), (log_softmax, {"axis": 1})
    together = calls(_of_one_input((5, 7), *functions), frozenset())
    alone = [calls(_of_one_input((5, 7), each), frozenset()) for each in functions]
    assert len(together.calls) < sum(len(each.calls) for each in alone) / 2
    assert [call.function for call in together.calls].count(np.exp) == 1


def test_no_target_is_part_of_another() -> None:
    over = {"axis": 1}
    schedule = _of_one_input((5, 7), (logsumexp, over), (logsumexp, over | {"keepdims": True}), (transpose, {}))
    x = _RANDOM.normal(size=(5, 7))
    found = plain(schedule)([x])
    assert not any(np.shares_memory(a, b) for a in found for b in (*found, x) if a is not b)


@pytest.mark.parametrize(("rows", "hidden"), [(1, True), (2, False)])
def test_a_nan_is_not_lost_among_the_elements_of_a_softmax(rows: int, hidden: bool) -> None:
    """The balance of a single element is 0, whatever it is given: its products are those of the chain rule at once."""
    graph = Graph()
    x, upstream, local = (_input(graph, name, (rows,)) for name in "xul")
    product = upstream.weighed_by(local)
    schedule = scheduled(graph, [softmax_balance(x, product).index], [x.index, upstream.index, local.index])
    assert plain_products(schedule) == (frozenset() if hidden else {product.index})
    zeros = np.zeros(rows)
    assert plain(schedule)([zeros, zeros, np.full(rows, np.inf)])[0].tolist() == [0.0] * rows


@pytest.mark.parametrize("labels", [[0, 2, 1], [0, 3, 1], [0, -1, 1], [0, 1.5, 1]])
def test_labels_that_never_change_select_what_others_do(labels: list[float]) -> None:
    x, graph = _RANDOM.normal(size=(3, 3)), Graph()
    given, target = _input(graph, "x", (3, 3)), _input(graph, "t", (3,))
    found = at_target(given, target).index
    fixed = scheduled(graph, [found], [given.index], {target.index: np.array(labels, dtype=float)})
    free = scheduled(graph, [found], [given.index, target.index])
    alone = plain(fixed)([x])[0]
    assert alone.tobytes() == plain(free)([x, np.array(labels, dtype=float)])[0].tobytes()
    assert np.isnan(alone[1]) == (labels[1] not in (0, 1, 2))
