"""Small graphs on single floats: what the laws of all executors do not tell."""

import subprocess
import sys
from random import Random
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.execute.executors.cell_arithmetic import CellArithmetic
from diffcli.execute.executors.cells import Cells
from diffcli.execute.executors.executor import Unfit
from diffcli.execute.executors.scalars import scalars, unrolled
from diffcli.execute.executors.straight_line import FORMS, StraightLine, Written, computed
from diffcli.execute.schedule import Schedule, scheduled
from diffcli.graph.graph import Graph
from diffcli.primitives.exponential import exp
from diffcli.primitives.reductions import sum as total
from diffcli.primitives.statistics import softmax


def _summed(shape: tuple[int, ...], axis: Any) -> Schedule:
    graph = Graph()
    x = graph.value(graph.append_input("x", shape, None))
    return scheduled(graph, [total(x, axis=axis).index], [x.index])


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 15, 16, 17, 64, 127, 128, 129, 136, 200, 300])
def test_sums_have_the_order_of_numpy(count: int) -> None:
    """Bit for bit: a run may be begun by one executor and gone on with by another."""
    x = np.array([Random(count).uniform(-1, 1) * 10 ** Random(-count).uniform(-3, 3) for _ in range(count)])
    x *= np.random.default_rng(count).standard_normal(count)
    assert scalars(_summed((count,), None))([x])[0] == np.add.reduce(x)


@pytest.mark.parametrize("axis", [None, 0, 1, 2, (0, 1), (0, 2), (1, 2)])
@pytest.mark.parametrize("shape", [(3, 9, 10), (2, 1, 17), (9, 1, 1)])
def test_sums_along_axes_have_the_order_of_numpy(shape: tuple[int, ...], axis: Any) -> None:
    """Rows of neighbours pairwise, and one row after the other."""
    x = np.random.default_rng(1).standard_normal(shape)
    assert np.array_equal(scalars(_summed(shape, axis))([x])[0], np.add.reduce(x, axis=axis))


@pytest.mark.parametrize(
    ("text", "at", "value", "slope"),
    [
        ("exp(x)", 1000.0, np.inf, np.inf),
        ("1/x", 0.0, np.inf, -np.inf),
        ("log(x)", 0.0, -np.inf, np.inf),
        ("log(x)", -1.0, np.nan, -1.0),
        ("x^0.5", -2.0, np.nan, np.nan),
        ("floor(x)", np.inf, np.inf, 0.0),
        ("sin(x)", np.inf, np.nan, np.nan),
        ("where(x > 0, sqrt(x), 0)", 0.0, 0.0, 0.0),
        ("norm(x)", 1e-300, 1e-300, 1.0),
    ],
)
def test_what_python_raises_is_what_numpy_computes(text: str, at: float, value: float, slope: float) -> None:
    """Overflow, division by 0 and what is undefined: infinities and nan, and no exception."""
    function = diffcli.compile(text, x=1.0, executor="scalars")
    for _ in range(2):
        found, gradient = function(x=at)
        assert np.array_equal([found, gradient["x"]], [value, slope], equal_nan=True)
    assert np.isfinite(function(x=1.5)[0])  # and it goes on as before


def test_small_graphs_are_computed_on_floats() -> None:
    """And large ones, and functions that have no form on floats, are not."""
    assert diffcli.compile("mean(x*x)", x=[1, 2, 3]).plan().executor == "scalars"
    assert diffcli.compile("mean(x*x)", x=np.ones(1000)).plan().executor != "scalars"
    assert diffcli.compile("det(A)", A=np.eye(4)).plan().executor != "scalars"


def test_one_that_is_asked_for_says_what_it_does_not_take() -> None:
    """As a diagnostic."""
    with pytest.raises(diffcli.DiffcliError, match="det is not computed on single numbers"):
        diffcli.compile("det(A)", A=np.eye(4), executor="scalars")()
    with pytest.raises(diffcli.DiffcliError, match="more than 2000 operations"):
        diffcli.compile("sum(x*x)", x=np.ones(3000), executor="scalars")()


def test_equal_operations_are_made_once() -> None:
    """And those that nothing needs are not made at all."""
    line = StraightLine(10)
    a, b = line.given(), line.given()
    first, second = a * b, b * a
    unused = a + 1.0
    assert first.name == second.name
    assert line.written([first, unused * 0.0]) == [Written([], [f"({a.name} * {b.name})", f"(({a.name} + 1.0) * 0.0)"])]
    assert line.written([first], [first]) == [
        Written([f"{first.name} = {a.name} * {b.name}"], [first.name]),
        Written([], [first.name]),
    ]
    assert line.record("weigh", 1.0, a) is a
    assert line.record("weigh", 0.0, a) == 0.0


def test_a_line_has_no_truth() -> None:
    """What would depend on the numbers of one run is refused."""
    line = StraightLine(10)
    with pytest.raises(Unfit):
        bool(line.given() < 1.0)


def test_numpy_functions_of_numbers_of_a_line_are_its_operations() -> None:
    """By their name here, and refused where they have none."""
    line = StraightLine(10)
    pair = Cells((2,), [line.given(), line.given()])
    assert isinstance(np.sqrt(pair), Cells)
    assert np.abs(pair).elements[0].name == abs(pair.elements[0]).name
    with pytest.raises(Unfit, match="spacing is not computed"):
        np.spacing(pair)


def test_numbers_are_interpreted_without_being_compiled() -> None:
    """The same unrolling on floats themselves."""
    graph = Graph()
    x = graph.value(graph.append_input("x", (3,), None))
    schedule = scheduled(graph, [total(softmax(x) * exp(-x * x)).index], [x.index])
    at = [1.0, 2.0, 3.0]
    [value] = unrolled(schedule, CellArithmetic(computed, FORMS), {x.index: Cells((3,), at)})
    assert value.elements[0] == scalars(schedule)([np.array(at)])[0]


def test_unrolling_needs_no_numpy() -> None:
    """Its modules do not load it."""
    names = ("cells", "cell_arithmetic", "straight_line", "executor")
    imports = "; ".join(f"import diffcli.execute.executors.{name}" for name in names)
    subprocess.run([sys.executable, "-c", f"import sys; {imports}; assert 'numpy' not in sys.modules"], check=True)
