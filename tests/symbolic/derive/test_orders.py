"""Higher derivatives: SymPy differentiates again."""

import itertools
from typing import Any

import numpy as np
import pytest
from amount import PATIENCE

import diffcli
from diffcli.source import Source
from diffcli.symbolic import Formula, NoFormula, derivatives
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

AT: dict[str, Any] = {
    "x": [0.7, 1.9, -0.4], "y": [1.1, -0.3, 0.8], "A": [[0.5, -1.2, 2.0], [0.3, 0.9, -0.7]], "b": [0.4, -1.3], "s": 0.6,
    "t": 1.3,
    "S": [[2.0, 0.3, -0.4], [0.1, 1.5, 0.6], [0.2, -0.7, 1.8]],
}  # fmt: skip


def found(text: str, order: int, wrt: str | None = None, by_index: bool = True) -> dict[str, Formula | NoFormula]:
    resolved = resolve(parse(Source(text)), frozenset(AT))
    names = wrt.split() if wrt else resolved.variables
    shapes = {name: np.shape(AT[name]) for name in resolved.variables}
    return derivatives(resolved, names, shapes, PATIENCE, by_index, order)


def text_of(text: str, order: int, key: str) -> str:
    formula = found(text, order)[key]
    assert isinstance(formula, Formula), formula
    return formula.text


def test_each_combination_has_a_key() -> None:
    assert list(found("x[0]*y[0]*s", 2)) == ["x,x", "x,y", "x,s", "y,y", "y,s", "s,s"]
    assert list(found("s*t", 3)) == ["s,s,s", "s,s,t", "s,t,t", "t,t,t"]
    assert list(found("s*t", 2, "t")) == ["t,t"]


@pytest.mark.parametrize(
    ("text", "order", "key", "expected"),
    [
        ("s^3*t", 2, "s,s", "6*s*t"),
        ("s^3*t", 2, "s,t", "3*s^2"),
        ("s^3*t", 3, "s,s,t", "6*s"),
        ("sin(s)", 4, "s,s,s,s", "sin(s)"),
        ("sum(x^3)", 2, "x,x", "6*x[j]*(j == k)"),
        ("sum(s*x^2)", 2, "s,x", "2*x"),
        ("logsumexp(x)", 2, "x,x", "exp(x[j])*((j == k) - exp(x[k])/Sum(exp(x[i])))/Sum(exp(x[i]))"),
        ("x@S@x", 2, "x,x", "S[j, k] + S[k, j]"),
        ("sum((A@x - b)^2)", 2, "x,x", "2*Sum(A[i, j]*A[i, k])"),
        ("sum((A@x - b)^2)", 2, "x,b", "-2*A[k, j]"),
        ("sum(relu(x)^3)", 2, "x,x", "6*where(x[j] > 0, x[j]*(j == k), 0)"),
        ("max(x)", 2, "x,x", "0"),
    ],
)
def test_text(text: str, order: int, key: str, expected: str) -> None:
    assert text_of(text, order, key) == expected


@pytest.mark.parametrize(
    "text",
    [
        "sin(s*t)*exp(s)", "sum(x^3*s)", "logsumexp(x)", "norm(x - y)", "prod(x)", "var(x)", "sum(softmax(x)*y)",
        "sum((A@x - b)^2)", "sum(tanh(A@x))",
        "x@S@y", "logdet(S)", "det(S)", "x@inv(S)@x", "sum(cumsum(x)^2*y)", "sum(flip(x)*x*y)", "sum(concat(x, b)^3)",
        "sum(abs(x)*x^2)",
        "cross_entropy(x, 1)", "d(s^2*x@y, s)",
    ],
)  # fmt: skip
def test_the_hessian_is_the_difference_of_gradients(text: str) -> None:
    """Central differences of reverse mode's gradient, to seven digits."""
    step = 1e-5
    for key, formula in found(text, 2).items():
        assert isinstance(formula, Formula), (key, formula)
        first, second = key.split(",")
        at = {name: AT[name] for name in formula.derivative.variables}
        values = np.asarray(formula.values(at))
        assert values.shape == np.shape(AT[first]) + np.shape(AT[second])
        for place in itertools.product(*map(range, np.shape(AT[second]))):
            ends = []
            for by in (-step, step):
                moved = np.array(AT[second], dtype=float)
                moved[place] += by
                ends.append(diffcli.grad(text, {**at, second: moved}, wrt=[first]).gradient[first])
            np.testing.assert_allclose(values[(..., *place)], (ends[1] - ends[0]) / (2 * step), rtol=1e-7, atol=1e-8)


def test_the_language_differentiates_too() -> None:
    once, nested = found("d(s^4*t, s)", 1)["s"], found("d(d(s^4*t, s), s)*1", 1)["t"]
    assert isinstance(once, Formula)
    assert isinstance(nested, Formula)
    assert (once.text, nested.text) == ("12*s^2*t", "12*s^2")


def test_an_intermediate_is_no_variable() -> None:
    reason = found("u = x^2; d(sum(u), u)@y", 1)["x"]
    assert isinstance(reason, NoFormula)
    assert "only where x is a variable" in reason.reason


def test_where_one_order_has_no_formula_the_next_has_none() -> None:
    assert all(isinstance(each, NoFormula) for each in found("x*y", 2).values())
