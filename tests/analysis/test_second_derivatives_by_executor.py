"""Matrices, products and comparisons are the same whichever executor computes them."""

import importlib.util
import itertools
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from amount import sampled

import diffcli
from diffcli.errors import DiffcliError
from diffcli.execute.executors.executor import ExecutorName

#: Expressions of few numbers and of data, with values.
CASES: dict[str, dict[str, Any]] = {
    "sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)": {"x": [0.3, -1.2, 2.0]},
    "mean((tanh(A@w) - y)^2) + 0.1*sum(w^2)": {
        "w": [0.5, -0.25],
        "A": [[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]],
        "y": [0.1, 0.2, 0.9],
    },
    "sum(E[ids]^2*exp(-u))": {"E": [[1.0, 2.0], [3.0, 4.0]], "ids": [1.0, 0.0, 1.0], "u": 0.5},
}
OF_INTEREST = {"w": "w", "E": "E,u"}
Asked = Callable[..., dict[str, Any]]


def hessian(text: str, **options: Any) -> dict[str, Any]:
    """All second derivatives."""
    report = diffcli.hessian(text, **options)
    assert report.hessian is not None
    return {f"{first},{second}": block for first, row in report.hessian.items() for second, block in row.items()}


def product(text: str, **options: Any) -> dict[str, Any]:
    """The Hessian times ones."""
    report = diffcli.hessian(
        text, hvp={name: np.ones(np.shape(options["at"][name])) for name in wrt_of(options)}, **options
    )
    assert report.hvp is not None
    return dict(report.hvp)


def jacobian(text: str, **options: Any) -> dict[str, Any]:
    """That of three results, forward and backward."""
    found = {
        mode: diffcli.jacobian(f"s = {text}; [s, s^2, sin(s)]", mode=mode, **options) for mode in ("forward", "reverse")
    }
    return {f"{mode} {name}": block for mode, report in found.items() for name, block in report.jacobian.items()}


def products(text: str, **options: Any) -> dict[str, Any]:
    """Products with the Jacobian, from either side."""
    ones = {name: np.ones(np.shape(options["at"][name])) for name in wrt_of(options)}
    pulled = diffcli.vjp(f"s = {text}; [s, s^2]", cotangent=[1.0, -2.0], **options)
    return {"jvp": diffcli.jvp(text, tangent=ones, **options).tangent, **pulled.vjp}


def comparison(text: str, **options: Any) -> dict[str, Any]:
    """The gradient as it was compared; every method agrees on it."""
    report = diffcli.compare(text, **options)
    assert report.verdict == "agree"
    return dict(report.gradient)


def wrt_of(options: dict[str, Any]) -> list[str]:
    """The variables of interest."""
    return str(options.get("wrt", "x")).split(",")


@pytest.mark.parametrize(
    ("text", "asked", "executor"),
    sampled(itertools.product(CASES, (hessian, product, jacobian, products, comparison), get_args(ExecutorName)), 11),
)
def test_an_executor_changes_no_number(text: str, asked: Asked, executor: ExecutorName) -> None:
    """Beyond rounding; what it does not take is refused, in its words."""
    if executor in ("torch", "jax") and importlib.util.find_spec(executor) is None:
        pytest.skip(f"{executor} is not installed")
    options: dict[str, Any] = {"at": CASES[text]}
    wrt = next((names for name, names in OF_INTEREST.items() if name in CASES[text]), None)
    options |= {} if wrt is None else {"wrt": wrt}
    wanted, found = asked(text, **options), asked(text, executor=executor, **options)
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        scale = max(1.0, float(np.max(np.abs(value))))
        np.testing.assert_allclose(found[name], value, rtol=1e-12, atol=1e-13 * scale, err_msg=name)


def test_the_plan_says_what_computed() -> None:
    """Of many columns something compiled, of few a loop; what was asked for in any case."""
    text, at = "sum(sin(x)*x[0])", np.linspace(0.0, 1.0, 40)
    assert diffcli.hessian(text, x=at).plan.reason != diffcli.hessian("x^3", x=2).plan.reason
    for report in (
        diffcli.hessian("x^3", x=2, executor="scalars"),
        diffcli.jvp("x^3", x=2, tangent=1, executor="scalars"),
    ):
        assert (report.plan.executor, report.plan.reason) == ("scalars", "it was asked for")


@pytest.mark.parametrize(
    ("options", "said"),
    [({"executor": "scalars", "digits": 20}, "double or single precision"), ({"device": "cuda"}, "executor")],
)
@pytest.mark.parametrize("command", ["hessian", "jacobian", "compare"])
def test_wishes_that_do_not_fit_are_refused(command: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(DiffcliError, match=said):
        getattr(diffcli, command)("x^3", x=2, **options)
