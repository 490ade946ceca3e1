"""Answers whose digits are lost to cancellation, overflow or underflow: every command says so, with the numbers that many digits have."""

from typing import Any

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
def test_every_command_says_what_double_precision_lost(command: str, text: str, at: Any, options: dict[str, Any], said: str) -> None:
    report = getattr(diffcli, command)(text, {"x": at}, **options)
    assert said in (report.precision.doubt or "")


@pytest.mark.parametrize("command", ["grad", "jvp", "vjp", "jacobian", "hessian"])
def test_nothing_is_said_of_numbers_that_are_right(command: str) -> None:
    options = {"jvp": {"tangent": 1.0}, "vjp": {"cotangent": 1.0}}.get(command, {})
    assert getattr(diffcli, command)("exp(x)*sin(3*x) + log1p(x)^2", {"x": 0.7}, **options).precision.doubt is None
