"""Answers whose digits are lost to cancellation, overflow or underflow:
every command says so, with the numbers that many digits have.
"""

from typing import Any

import mpmath
import pytest

import diffcli

_DIFFERENCE = "log(x + 1) - log(x + 2)"
#: Command, expression, point, what else it takes, and what is said: the true numbers, by elementary expansions.
LOST: list[tuple[str, str, Any, dict[str, Any], str]] = [
    ("grad", _DIFFERENCE, 1e30, {}, "the value is -1e-30, not 0; d/dx is 1e-60, not 0"),
    ("jvp", _DIFFERENCE, 1e30, {"tangent": 2.0}, "the value is -1e-30, not 0; the tangent is 2e-60, not 0"),
    ("vjp", _DIFFERENCE, 1e30, {"cotangent": 3.0}, "the value is -1e-30, not 0; the cotangent of x is 3e-60, not 0"),
    ("jacobian", f"[x, {_DIFFERENCE}]", 1e30, {}, "d/dx is [1, 1e-60], not [1, 0]"),
    ("jacobian", f"[x, {_DIFFERENCE}]", 1e30, {"mode": "reverse"}, "d/dx is [1, 1e-60], not [1, 0]"),
    ("hessian", _DIFFERENCE, 1e30, {}, "d2/dxdx is -2e-90, not 0"),
    ("hessian", _DIFFERENCE, 1e30, {"hvp": 2.0}, "the product by x is -4e-90, not 0"),
    ("hessian", "atan(x)", 1e90, {}, "d2/dxdx is -2e-270, not 0"),
]


@pytest.mark.parametrize(("command", "text", "at", "options", "said"), LOST)
def test_every_command_says_what_double_precision_lost(
    command: str, text: str, at: Any, options: dict[str, Any], said: str
) -> None:
    report = getattr(diffcli, command)(text, {"x": at}, **options)
    assert said in (report.precision.doubt or "")


@pytest.mark.parametrize("command", ["grad", "jvp", "vjp", "jacobian", "hessian"])
def test_nothing_is_said_of_numbers_that_are_right(command: str) -> None:
    options = {"jvp": {"tangent": 1.0}, "vjp": {"cotangent": 1.0}}.get(command, {})
    assert getattr(diffcli, command)("exp(x)*sin(3*x) + log1p(x)^2", {"x": 0.7}, **options).precision.doubt is None


@pytest.mark.parametrize(("text", "at"), [("x*log(x)", 1e-300), ("log(x)", 1e-160), ("lgamma(x)", 1e-160)])
def test_a_second_derivative_out_of_the_reach_of_doubles(text: str, at: float) -> None:
    """The hint names the digits that reach it, and they do: 1/x, or -1/x^2 and 1/x^2 next to 0."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.hessian(text, x=at)
    assert "--digits 50" in (caught.value.diagnostic.hint or "")
    found = diffcli.hessian(text, x=at, digits=50).hessian
    assert found is not None
    assert abs(found["x"]["x"]) * (at if text == "x*log(x)" else mpmath.mpf(at) ** 2) == pytest.approx(1, rel=1e-12)


def test_a_product_that_overflows_is_not_blamed_on_the_function() -> None:
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.vjp("exp(x)", x=700.0, cotangent=1e10)
    assert caught.value.diagnostic.hint == "the largest number is about 1.8e308"
