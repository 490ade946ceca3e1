"""Compiled functions: the numbers of the commands, at as many points as wanted."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import diffcli
from diffcli import DiffcliError

_POINTS = arrays(np.float64, st.integers(1, 6), elements=st.floats(-3, 3))
_TEXTS = (
    "mean(x*x)",
    "sum(exp(x)*sin(x))",
    "logsumexp(x)",
    "norm(x)^2 + sum(abs(x))",
    "softmax(x)[0]",
    "sum(where(x > 0, sqrt(x), 0))",
    "max(x)*min(x)",
    "sum(x*0) + 3",
    "sum(x)",
    "h = tanh(x); mean(h*h) + sum(h)",
)


@pytest.mark.parametrize("text", _TEXTS)
@settings(deadline=None)
@given(_POINTS)
def test_value_and_gradient_are_those_of_grad(text: str, x: np.ndarray) -> None:
    compiled = _function(text)
    value, gradient = compiled(x=x)
    report = diffcli.grad(text, x=x)
    assert type(value) is float
    assert value == pytest.approx(report.value, rel=1e-14, abs=1e-14)
    assert gradient["x"].shape == x.shape
    np.testing.assert_allclose(gradient["x"], report.gradient["x"], rtol=1e-13, atol=1e-14)


_FUNCTIONS: dict[str, Any] = {}


def _function(text: str) -> Any:
    return _FUNCTIONS.setdefault(text, diffcli.compile(text))


@pytest.mark.parametrize("text", ["x^2*y", "[x*y, x + y, y^3]", "(x + y)*[1, 2]", "3 + 0*x*y", "[[x, y], [y, 1]]"])
def test_products_are_those_of_the_commands(text: str) -> None:
    f, at = diffcli.compile(text), {"x": 1.5, "y": -0.5}
    value, tangent = f.jvp({"x": 1, "y": 2}, **at)
    expected = diffcli.jvp(text, at, tangent={"x": 1, "y": 2})
    np.testing.assert_array_equal(value, expected.value)
    np.testing.assert_allclose(tangent, expected.tangent)
    weights = np.arange(1.0, 1 + np.size(value)).reshape(np.shape(value))[()]
    _, pulled = f.vjp(weights, **at)
    _equal(pulled, diffcli.vjp(text, at, cotangent=weights).vjp)
    _equal(f.jacobian(**at), diffcli.jacobian(text, at).jacobian)
    np.testing.assert_array_equal(f.value(**at), expected.value)


def _equal(found: Any, wanted: Any) -> None:
    assert set(found) == set(wanted)
    for name, array in found.items():
        np.testing.assert_allclose(array, wanted[name])
        assert np.shape(array) == np.shape(wanted[name])


def test_hessian_products() -> None:
    f = diffcli.compile("sum(x^3) + y*sum(x)")
    found = f.hvp({"x": [1, 0], "y": 1}, x=[1.0, 2.0], y=3.0)
    expected = diffcli.hessian("sum(x^3) + y*sum(x)", x=[1, 2], y=3, hvp={"x": [1, 0], "y": 1}).hvp
    _equal(found, expected)


def test_values_without_a_name_are_in_the_order_of_wrt() -> None:
    f = diffcli.compile("w*x + b", wrt="w,b", x=2)
    assert f.wrt == ("w", "b")
    assert f(3, 1) == f({"w": 3, "b": 1}) == f(3, b=1) == f(w=3, b=1) == (7.0, {"w": 2.0, "b": 1.0})


def test_what_is_given_once_is_kept_and_can_be_replaced() -> None:
    f = diffcli.compile("sum(A@x)", A=[[1, 2], [3, 4]], wrt="x")
    assert f([1, 1])[0] == 10
    assert f([1, 1], A=[[1, 0], [0, 1]])[0] == 2
    assert f([1, 1])[0] == 10


def test_parameters_have_their_starting_values() -> None:
    f = diffcli.compile("param w = 2; param b = 1; w^2 + b")
    assert f()[0] == 5
    assert f(w=3) == (10.0, {"w": 6.0, "b": 1.0})


def test_shapes_are_compiled_when_they_are_met() -> None:
    f = diffcli.compile("mean(x*x)")
    for x in (2.0, [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0]):
        assert np.shape(f(x)[1]["x"]) == np.shape(x)


def test_labels_are_checked_in_every_call() -> None:
    f = diffcli.compile("cross_entropy(z, y)", wrt="z")
    assert f([1.0, 2.0, 3.0], y=2)[0] == pytest.approx(0.40760596)
    with pytest.raises(DiffcliError, match="E306"):
        f([1.0, 2.0, 3.0], y=3)


def test_results_are_the_callers_own() -> None:
    """What is done with them changes no later answer, nor what was given."""
    f, x = diffcli.compile("sum(x) + sum(y*[1, 2])"), np.array([1.0, 2.0])
    _, first = f(x=x, y=[1, 2])
    for array in first.values():
        array[:] = 7
    _, second = f(x=x, y=[1, 2])
    np.testing.assert_array_equal(second["x"], [1, 1])
    np.testing.assert_array_equal(second["y"], [1, 2])
    g = diffcli.compile("x")
    found = g.value(x)
    found[:] = 0
    np.testing.assert_array_equal(x, [1, 2])


def test_what_is_undefined_is_nan() -> None:
    f = diffcli.compile("sum(log(x))")
    value, gradient = f([-1.0, 1.0])
    assert np.isnan(value)
    np.testing.assert_array_equal(gradient["x"], [-1, 1])


def test_a_branch_that_is_not_taken_contributes_nothing() -> None:
    f = diffcli.compile("sum(where(x > 0, sqrt(x), 0))")
    np.testing.assert_array_equal(f([0.0, 4.0, -1.0])[1]["x"], [0, 0.25, 0])


def test_threads_may_call_at_once() -> None:
    f = diffcli.compile("sum(sin(x)*exp(x))")
    points = [np.linspace(-1, 1, 3 + count % 5) + count for count in range(200)]
    alone = [diffcli.compile("sum(sin(x)*exp(x))")(x)[0] for x in points[:5]]
    with ThreadPoolExecutor(8) as pool:
        found = [value for value, _ in pool.map(f, points)]
    assert found[:5] == alone
    assert found == [f(x)[0] for x in points]


def test_it_can_be_pickled() -> None:
    f = diffcli.compile("sum(A@x)", A=[[1, 2], [3, 4]], wrt="x")
    f([1, 1])
    assert pickle.loads(pickle.dumps(f))([1, 1])[0] == 10


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: diffcli.compile("x*[1, 2]")(x=1), "E304"),
        (lambda: diffcli.compile("x*x")(y=1), "E402"),
        (lambda: diffcli.compile("x*x")(1, 2), "E402"),
        (diffcli.compile("x*x"), "E201"),
        (lambda: diffcli.compile("x*x")("a"), "E401"),
        (lambda: diffcli.compile("x @ y")(x=[1, 2], y=[1, 2, 3]), "E301"),
        (lambda: diffcli.compile("x*("), "E105"),
        (lambda: diffcli.compile("x*x", executor="plane"), "E402"),
        (lambda: diffcli.compile("x*x").jvp([1, 2], x=1), "E301"),
    ],
)
def test_what_is_wrong_is_a_diagnostic(call: Any, code: str) -> None:
    with pytest.raises(DiffcliError) as raised:
        call()
    assert raised.value.diagnostic.code == code
