"""What does not flow back contributes nothing; what is singular stays so."""

import numpy as np
import pytest

from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import gradient
from diffcli.primitives.reductions import sum as total

from .test_reverse import built, derived, executed

pytestmark = pytest.mark.fast

#: Expressions, points, and gradients that a naive 0 * inf would make nan.
ANNIHILATED = [
    ("where(x > 0, sqrt(x), 0)", -1.0, 0.0),
    ("where(x > 0, sqrt(x), 0)", 0.0, 0.0),
    ("where(x > 0, log(x), x)", -1.0, 1.0),
    ("where(x > 0, log(x), x)", 0.0, 1.0),
    ("where(x != 0, sin(x)/x, 1)", 0.0, 0.0),
    ("where(x < 1, acosh(x), 0)*0", 0.5, 0.0),
    ("0*sqrt(x) + x", 0.0, 1.0),
    ("sqrt(x)*floor(x) + x", 0.0, 1.0),
    ("maximum(sqrt(x), 1)", 0.0, 0.0),
    ("relu(-sqrt(x))", 0.0, 0.0),
    ("sign(sqrt(x))", 0.0, 0.0),
    ("max([sqrt(x), 1])", 0.0, 0.0),
    ("sum([sqrt(x), 1][1:])", 0.0, 0.0),
    ("0^x", 2.0, 0.0),
    ("x^0", 0.0, 0.0),
    ("x^1", 0.0, 1.0),
    ("x^2", 0.0, 0.0),
    ("norm([x, x])", 0.0, 0.0),
    ("dot([0, 1], [sqrt(x), x])", 0.0, 1.0),
    ("hypot(x, 0)", 0.0, 0.0),
]

#: Points where the gradient does not exist or is infinite, and must not look as if it were a number.
SINGULAR = [
    ("sqrt(x^2)", 0.0),
    ("sqrt(x*x)", 0.0),
    ("sqrt(x)", 0.0),
    ("log(x)", 0.0),
    ("1/x", 0.0),
    ("cbrt(x)", 0.0),
    ("asin(x)", 1.0),
    ("acosh(x)", 1.0),
    ("x^0.5", 0.0),
    ("x^-1", 0.0),
    ("cbrt(x^3)", 0.0),
    ("exp(x)/exp(x)", 1000.0),
    ("atan2(x, x)", 0.0),
]


@pytest.mark.parametrize(("text", "point", "expected"), ANNIHILATED)
def test_a_zero_upstream_annihilates(text: str, point: float, expected: float) -> None:
    """The branch not taken contributes 0, whatever its own derivative."""
    assert derived(text, x=point)["x"] == expected


@pytest.mark.parametrize(("text", "point"), SINGULAR)
def test_a_singular_point_stays_singular(text: str, point: float) -> None:
    """A local derivative of 0 times an infinite upstream is nan, an infinite slope infinite."""
    assert not np.isfinite(derived(text, x=point)["x"])


def test_zero_times_infinity_is_not_a_number() -> None:
    """2x = 0 at the square inside, 1/0 at the root outside."""
    assert np.isnan(derived("sqrt(x^2)", x=0.0)["x"])


def test_annihilation_is_by_element() -> None:
    """Among the elements of an array only those that do not flow are 0."""
    assert derived("sum(where(x > 0, sqrt(x), 0))", x=[-1.0, 0.0, 4.0])["x"].tolist() == [0.0, 0.0, 0.25]
    found = derived("sum(sqrt(x))", x=[0.0, 4.0])["x"]
    assert found.tolist() == [np.inf, 0.25]


def along(text: str, point: float) -> np.ndarray:
    """The derivative by forward mode."""
    found = built(text, x=point)
    tangent = tangents(found.graph, found.output, {found.inputs["x"]: found.graph.filled(1.0)})[found.output]
    return executed(found, [tangent.index], x=point)[0]


@pytest.mark.parametrize(("text", "point", "expected"), [entry for entry in ANNIHILATED if "dot" not in entry[0]])
def test_annihilation_holds_in_forward_mode(text: str, point: float, expected: float) -> None:
    """A local derivative of 0 lets no infinite tangent through: the tangent of the branch not taken stays behind."""
    assert along(text, point) == expected


@pytest.mark.parametrize(("text", "point"), SINGULAR)
def test_a_singular_point_stays_singular_in_forward_mode(text: str, point: float) -> None:
    """A tangent of 0 does not hide an infinite local derivative."""
    assert not np.isfinite(along(text, point))


@pytest.mark.parametrize(
    ("text", "point", "second"),
    [
        ("where(x > 0, sqrt(x), 0)", -1.0, 0.0),
        ("where(x > 0, log(x), x^3)", -1.0, -6.0),
        ("x^3", 0.0, 0.0),
        ("x^2", 0.0, 2.0),
    ],
)
def test_annihilation_holds_in_the_second_derivative(text: str, point: float, second: float) -> None:
    """Differentiating the gradient again lets nothing back in."""
    found = built(text, x=point)
    x = found.inputs["x"]
    once = gradient(found.graph, found.output, [x])
    twice = gradient(found.graph, total(found.graph.value(once.adjoints[x])).index, [x])
    assert executed(found, [twice.adjoints[x]], x=point) == [second]


def test_a_power_of_zero_to_the_zero_is_flat_in_its_base() -> None:
    """x^0 is 1 for every x, so its slope in x is 0; 0^y jumps at 0, so there is none in y."""
    found = derived("x^y", x=0.0, y=0.0)
    assert found["x"] == 0.0
    assert not np.isfinite(found["y"])
    assert derived("x^y", x=0.0, y=2.0)["y"] == 0.0
