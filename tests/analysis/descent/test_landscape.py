"""The values around a path: where, how many, and that they are the expression's."""

import math
from itertools import pairwise
from typing import Any

import pytest

from diffcli.analysis.descent.descent_report import DescentReport
from diffcli.analysis.descent.first_step import first_slots
from diffcli.analysis.descent.landscape import Landscape, coordinates, count, landscape, trail
from diffcli.analysis.descent.planning import plans
from diffcli.analysis.descent.running import descent_report
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.problem import Problem, pose
from diffcli.analysis.values import read_bindings
from diffcli.source import Source


def _run(expression: str, at: str, **settings: Any) -> tuple[Problem, DescentReport]:
    problem = pose(Source(expression), read_bindings([Source(at, "--at")]))
    return problem, descent_report(problem, Settings(**settings))


def _landscape(expression: str, at: str, **settings: Any) -> Landscape:
    problem, report = _run(expression, at, **settings)
    found = landscape(problem, [report])
    assert found is not None
    return found


def test_a_line_has_the_values_of_the_expression() -> None:
    found = _landscape("exp(x) - 2*x", "x=2")
    assert found.names == ("x",)
    assert len(found.axes[0]) == 400
    assert found.values[0] == pytest.approx([math.exp(x) - 2 * x for x in found.axes[0]], rel=1e-14)
    assert found.axes[0][0] < math.log(2) < 2 < found.axes[0][-1]


def test_a_grid_has_the_second_axis_in_its_rows() -> None:
    found = _landscape("x^2 + 10*y", "x=1;y=2", steps=3)
    assert found.names == ("x", "y")
    for row, second in zip(found.values, found.axes[1], strict=True):
        assert row == pytest.approx([first**2 + 10 * second for first in found.axes[0]], rel=1e-14)


def test_a_vector_of_two_is_a_grid_and_constants_stay() -> None:
    problem = pose(Source("sum(a*x^2)"), read_bindings([Source("x=3,1;a=1,10", "--at")]), ("x",))
    report = descent_report(problem, Settings(lr=0.02, steps=20))
    found = landscape(problem, [report])
    assert found is not None
    assert found.names == ("x[0]", "x[1]")
    assert found.values[7][5] == pytest.approx(found.axes[0][5] ** 2 + 10 * found.axes[1][7] ** 2)
    assert trail(report).points[0] == (3.0, 1.0)


def test_more_numbers_have_no_landscape() -> None:
    problem, report = _run("sum(x^2)", "x=1,2,3", steps=2)
    assert landscape(problem, [report]) is None
    assert (coordinates(problem), count(problem)) == (("x[0]", "x[1]", "x[2]"), 3)


def test_the_names_of_a_matrix() -> None:
    problem, _ = _run("sum(A)", "A=[[1,2]]", steps=0)
    assert coordinates(problem) == ("A[0, 0]", "A[0, 1]")


def test_how_many_points_follows_from_the_size_of_the_expression() -> None:
    """Not from a clock: the same picture on every machine."""
    small = pose(Source("mean((a*x - y)^2) + 0*b"), read_bindings([Source("a=1;b=1;x=2;y=1", "--at")]), ("a", "b"))
    large = small._replace(values={**small.values, "x": _ones(100_000)})
    report = descent_report(small, Settings(steps=2))
    found = landscape(large, [report])
    assert found is not None
    assert 12 <= len(found.axes[0]) <= 40


def test_what_takes_too_long_is_not_drawn() -> None:
    large = pose(Source("mean(a*x) + b"), read_bindings([Source("a=1;b=1;x=1", "--at")]), ("a", "b"))
    huge = large._replace(values={**large.values, "x": _ones(3_000_000)})
    report = descent_report(large, Settings(steps=1))
    assert landscape(huge, [report]) is None


def _ones(length: int) -> Any:
    import numpy as np

    return np.ones(length)


def test_runs_that_diverge_do_not_set_the_window() -> None:
    problem, calm = _run("x^2", "x=3", lr=0.1)
    _, wild = _run("x^2", "x=3", lr=1.05)
    assert (calm.status, wild.status) == ("converged", "diverged")
    beside = landscape(problem, [calm, wild])
    alone = landscape(problem, [wild])
    assert beside is not None
    assert alone is not None
    assert -4 < beside.axes[0][0] < 0 < 3 < beside.axes[0][-1] < 7
    assert 20 < alone.axes[0][-1] < 200


@pytest.mark.parametrize(
    ("expression", "at"),
    [
        ("log(x)", "x=-1"),
        ("exp(x)", "x=800"),
        ("0*x", "x=0"),
        ("x^2 + y^2", "x=1e200;y=1e200"),
        ("x + y", "x=0;y=0"),
        ("x + y", "x=1e200;y=1e-200"),
        ("x + y", "x=-1e17;y=3"),
        ("x", "x=-1e17"),
    ],
)
def test_every_start_has_a_window(expression: str, at: str) -> None:
    found = _landscape(expression, at, steps=5)
    for axis in found.axes:
        assert all(map(math.isfinite, axis))
        assert all(before < after for before, after in pairwise(axis))


def test_levels_are_close_where_the_value_is_near_its_best() -> None:
    found = _landscape("(1-x)^2 + 100*(y-x^2)^2", "x=-1.2;y=1", lr=0.001, steps=500)
    steps = [after - before for before, after in zip(found.levels[1:], found.levels[2:], strict=False)]
    assert steps == sorted(steps)
    assert steps[-1] > 100 * steps[0]
    peak = _landscape("-x^2 - y^2", "x=1;y=2", maximize=True)
    gaps = [after - before for before, after in zip(peak.levels[:-2], peak.levels[1:-1], strict=True)]
    assert gaps == sorted(gaps, reverse=True)


def test_the_numbers_of_a_first_step() -> None:
    """Adam's first means are (1 - b1)*g and (1 - b2)*g^2; plain descent remembers nothing."""
    problem = pose(Source("x^2"), read_bindings([Source("x=3", "--at")]))
    [adam, gd] = (
        descent_report(problem, settings)
        for settings in plans(problem, Settings(steps=1), optimizer="adam,gd", lr="0.1")
    )
    slots = first_slots(adam)
    assert (float(slots["m"]["x"]), float(slots["v"]["x"])) == pytest.approx((0.6, 0.036))
    assert first_slots(gd) == {}
