"""The gamma function and its kin in many digits: against mpmath's own, rounded as they are to be, and in time."""

import time
from typing import Any

import mpmath
import pytest

import diffcli
from diffcli.execute.many_digits import of_digits

POINTS = ["3", "0.5", "-0.5", "-3.25", "1e-30", "-1e-30", "1e6", "123.456", "-1234.5", "1e15", "2.000000001", "1e-300"]
OF_ONE: list[tuple[str, Any]] = [
    ("gamma", mpmath.gamma),
    ("loggamma", lambda x: mpmath.re(mpmath.loggamma(x))),
    ("digamma", mpmath.digamma),
    ("psi1", lambda x: mpmath.psi(1, x)),
    ("psi3", lambda x: mpmath.psi(3, x)),
]
ONES = pytest.mark.parametrize(("name", "own"), OF_ONE, ids=[name for name, _ in OF_ONE])


def computed(context: Any, name: str, x: Any) -> Any:
    return context.psi(int(name[3:]), x) if name.startswith("psi") else getattr(context, name)(x)


@ONES
@pytest.mark.parametrize("place", POINTS)
def test_values_are_mpmaths(name: str, own: Any, place: str) -> None:
    """To all digits, and between what is rounded down and what is rounded up."""
    context = of_digits(30).context
    x = context.mpf(place)
    down, up = (computed(of_digits(30, rounding=rounding).context, name, x) for rounding in ("floor", "ceiling"))
    with mpmath.workdps(80):
        true = own(mpmath.mpf(x))
        assert abs(computed(context, name, x) - true) <= abs(true) * mpmath.mpf(10) ** (1 - context.dps)
        assert down <= true <= up
        assert up - down <= abs(true) * mpmath.mpf(10) ** (1 - context.dps)


@pytest.mark.parametrize("place", ["0", "-1", "-7", "nan"])
@ONES
def test_there_is_no_value_at_a_pole(name: str, own: Any, place: str) -> None:
    context = of_digits(30).context
    assert not context.isfinite(computed(context, name, context.mpf(place)))


def test_values_that_are_whole_numbers_are_exact() -> None:
    for rounding in ("nearest", "floor", "ceiling"):
        context = of_digits(30, rounding=rounding).context
        assert context.gamma(context.mpf(6)) == 120
        assert context.loggamma(context.mpf(1)) == context.loggamma(context.mpf(2)) == 0
        assert context.isfinite(context.beta(context.mpf(2), context.mpf(3)))


CANCELLING = [
    ("gamma(x + 1) - x*gamma(x)", 3),
    ("lgamma(x + 1) - lgamma(x) - log(x)", 3),
    ("digamma(x + 1) - digamma(x) - 1/x", 3),
    ("polygamma(x, n=2) - polygamma(x + 1, n=2) - 2/x^3", 2.5),
    ("beta(x, 2) - 1/(x*(x + 1))", 3),
]


@pytest.mark.parametrize(("text", "place"), CANCELLING)
def test_many_digits_of_what_cancels_are_there_in_time(text: str, place: float) -> None:
    """A thousand guard digits are tried: the doubt is that 0 is not told from a small number, and not the time."""
    begun = time.process_time()
    report = diffcli.grad(text, place, digits=20, timeout=60)
    assert time.process_time() - begun < 20
    assert report.precision.doubt is None or "guard digits" in report.precision.doubt
