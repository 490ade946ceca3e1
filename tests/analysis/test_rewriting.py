"""The table of stable forms, and the suggestions made of it: right, tried, and in the user's own words."""

import contextlib
from random import Random
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import pose
from diffcli.analysis.sweep import built_graph
from diffcli.errors import Diagnostic
from diffcli.execute.many_digits import of_digits
from diffcli.execute.program import Program
from diffcli.primitives.rewrites import REWRITES, Rewrite
from diffcli.source import Source
from diffcli.syntax.matching import root_name


def written(form: str, rewrite: Rewrite) -> str:
    """A form with an axis or an index in place of `k`, summed up where it is an array."""
    filled = form.replace("=k", "=1").replace("[k]", "[1]")
    return f"sum(({filled})*[1, 0.5])" if _is_array(filled, rewrite) else filled


def _is_array(form: str, rewrite: Rewrite) -> bool:
    try:
        diffcli.grad(form, point(rewrite, Random(1)))
    except diffcli.DiffcliError as error:
        return error.diagnostic.code == "E304"
    return False


def point(rewrite: Rewrite, random: Random) -> dict[str, Any]:
    """A point of the shapes of the hard one, where both forms are finite; a matrix with a positive determinant."""
    found = {
        name: np.array([random.uniform(0.2, 0.9) for _ in range(np.size(value))]).reshape(np.shape(value))
        for name, value in rewrite.hard.items()
        if name != "k"
    }
    if rewrite.form == "log(1 - exp(a))":
        found["a"] = -found["a"]
    if "A" in found:
        found["A"] = found["A"] + 2 * np.eye(2)
    return found


each = pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: f"{rewrite.form} -> {rewrite.stable}")


@each
def test_both_forms_are_equal(rewrite: Rewrite) -> None:
    """In value and gradient, at points inside."""
    random = Random(rewrite.form)
    for _ in range(3):
        values = point(rewrite, random)
        form, stable = (diffcli.grad(written(text, rewrite), values) for text in (rewrite.form, rewrite.stable))
        assert stable.value == pytest.approx(form.value, rel=1e-10)
        for name, gradient in form.gradient.items():
            assert stable.gradient[name] == pytest.approx(gradient, rel=1e-9, abs=1e-12)


@each
def test_where_one_breaks_the_other_does_not(rewrite: Rewrite) -> None:
    """At the hard point the form is refused, and what is suggested is finite: this pair or one that does as well."""
    values = {name: value for name, value in rewrite.hard.items() if name != "k"}
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.grad(written(rewrite.form, rewrite), values, wrt=rewrite.wrt)
    suggestion = refused.value.diagnostic.suggestion
    assert suggestion is not None
    tried = diffcli.grad(suggestion.expression, values, wrt=rewrite.wrt)
    assert tried.value == suggestion.value
    assert all(np.array_equal(gradient, suggestion.gradient[name]) for name, gradient in tried.gradient.items())
    stable = diffcli.grad(written(rewrite.stable, rewrite), values, wrt=rewrite.wrt)
    assert stable.value == pytest.approx(suggestion.value, rel=1e-9, abs=1e-12)


def test_a_pattern_is_a_call() -> None:
    """Rewrites are found by the function at the root."""
    assert all(root_name(rewrite.form) for rewrite in REWRITES)
    assert len({(rewrite.form, rewrite.stable) for rewrite in REWRITES}) == len(REWRITES)


def refused(text: str, **values: Any) -> Diagnostic:
    """The diagnostic of a point without an answer."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad(text, values)
    return caught.value.diagnostic


SUGGESTED = [
    ("log(1+exp(x))", {"x": 1000.0}, "softplus(x)", 1000.0),
    ("log( exp(x) + 1.0 )", {"x": 1000.0}, "softplus(x)", 1000.0),
    ("ln(1 + e^x)", {"x": 1000.0}, "softplus(x)", 1000.0),
    ("3*log(1 + exp(2x))^2 + 1", {"x": 500.0}, "3*softplus(2x)^2 + 1", 3e6 + 1),
    ("2^-log(1 + exp(x))", {"x": 1000.0}, "2^-softplus(x)", 2.0**-1000),
    ("log(1 + exp(-x))", {"x": -1000.0}, "softplus(-x)", 1000.0),
    ("1/(1 + exp(-2*x/3))", {"x": -1500.0}, "sigmoid(2*x/3)", 0.0),
    ("1/(1 + exp(1 - x))", {"x": -1000.0}, "sigmoid(-(1 - x))", 0.0),
    ("y = exp(x); log(1 + y)", {"x": 1000.0}, "y = exp(x); softplus(x)", 1000.0),
    ("f(t) = log(1 + exp(t)); f(x) + f(2x)", {"x": 1000.0}, "f(t) = softplus(t); f(x) + f(2x)", 3000.0),
    ("log(1 + exp(x)) + log(1 + exp(y))", {"x": 1000.0, "y": 2000.0}, "softplus(x) + softplus(y)", 3000.0),
    ("log(exp(y) + 1 + exp(x))", {"x": 1000.0, "y": 1.0}, "logaddexp(softplus(y), x)", 1000.0),
    ("sqrt(x*x + y**2)", {"x": 3e200, "y": 4e200}, "hypot(x, y)", 5e200),
    ("(square(x) + power(y, 2))^0.5", {"x": 3e200, "y": 4e200}, "hypot(x, y)", 5e200),
    ("(x^2 + y^2)^(1/2)", {"x": 3e200, "y": 4e200}, "hypot(x, y)", 5e200),
    ("sqrt(x^2 + (y^2 + z^2))", {"x": 3e200, "y": 4e200, "z": 0.0}, "hypot(hypot(y, z), x)", 5e200),
    ("sum(x*exp(x)/sum(exp(x)))", {"x": [1000.0, 0.0]}, None, None),
    ("sum(exp(A)/sum(exp(A)))", {"A": [[1000.0, 1.0], [2.0, 3.0]]}, "sum(exp(A - logsumexp(A)))", 1.0),
    ("sum(log(exp(A)/sum(exp(A)))[0])", {"A": [[1000.0, 0.0], [0.0, 0.0]]}, None, None),
    ("-log(softmax(z)[1])", {"z": [1000.0, 0.0]}, "-log_softmax(z)[1]", 1000.0),
    (
        "p = sigmoid(w*x); -(y*log(p) + (1 - y)*log(1 - p))",
        {"w": 100.0, "x": 10.0, "y": 0.0},
        "p = sigmoid(w*x); -(y*log(p) + (1 - y)*(-softplus(w*x)))",
        1000.0,
    ),
    ("2*log(exp(x + 1))", {"x": 1000.0}, "2*(x + 1)", 2002.0),
    ("e = 1; exp(x)*log(x) + e^x", {"x": 1000.0}, None, None),
    ("exp(x)", {"x": 1000.0}, None, None),
    ("exp(t) = t; log(1 + exp(1/x))", {"x": 0.0}, None, None),
    ("where(x < 1, log(x), 1)", {"x": -1.0}, None, None),
    ("log(x^3)", {"x": -1e200}, None, None),
]


@pytest.mark.parametrize(("text", "values", "expression", "value"), SUGGESTED)
def test_the_users_own_text_is_rewritten(
    text: str, values: dict[str, Any], expression: str | None, value: float | None
) -> None:
    """The piece is replaced, however it is written; nothing is suggested that does not help."""
    diagnostic = refused(text, **values)
    if expression is None:
        assert diagnostic.suggestion is None or "logsumexp" in diagnostic.suggestion.expression
        return
    assert diagnostic.suggestion is not None
    assert diagnostic.suggestion.expression == expression
    assert diagnostic.suggestion.value == pytest.approx(value, rel=1e-12)


def test_the_hint_is_a_sentence_with_both_numbers() -> None:
    """Of the whole expression, of a piece, of two pieces, and at a kink."""
    assert (
        refused("log(1+exp(x))", x=1000.0).hint
        == "softplus(x) is the same function without overflow: here its value is 1000 and its gradient 1"
    )
    assert refused("3*log(1+exp(x))", x=1000.0).hint == (
        "write softplus(x) for log(1+exp(x)), which is the same function without overflow: then the value is 3000 and "
        "the gradient 3"
    )
    assert refused("log(1+exp(x)) - log(1+exp(y))", x=1000.0, y=999.0).hint == (
        "write softplus(x) for log(1+exp(x)) and softplus(y) for log(1+exp(y)), which are the same functions without "
        "overflow: "
        "then the value is 1 and the gradient (x: 1, y: -1)"
    )
    assert refused("sqrt(x^2)", x=0.0).hint == (
        "abs(x) is the same function and finite here: here its value is 0 and its gradient 0 (a convention: it sits "
        "on a kink there)"
    )


def test_a_long_program_is_refused_without_a_search() -> None:
    """Where looking would take longer than computing, the plain hint is given."""
    diagnostic = refused("+".join(["log(1 + exp(x))"] * 1300), x=1000.0)
    assert diagnostic.suggestion is None
    assert diagnostic.hint


#: Coordinates inside and outside of every domain, and on its edges.
COORDINATES = (-3.0, -1.5, -0.5, 0.0, 0.4, 1.0, 2.5)
DIGITS = of_digits(60)


def in_digits(text: str, values: dict[str, Any], by: float = 0.0) -> list[Any]:
    """The elements of a program's value in 60 digits; None for those that are not finite.

    All coordinates are moved `by` so much of themselves.
    """
    built = built_graph(pose(Source(text), given_bindings(values)))
    inputs = {built.inputs[name]: DIGITS.lifted(np.asarray(value)) for name, value in values.items()}
    moved = {node: value + by * DIGITS.where(value == 0, 1, abs(value)) for node, value in inputs.items()}
    found = np.ravel(np.asarray(Program(built.graph, [built.output], DIGITS).run(moved)[0], dtype=object))
    return [element if element - element == 0 else None for element in found]


def anywhere(rewrite: Rewrite, count: int) -> list[dict[str, Any]]:
    """Points whose coordinates are inside or outside of the domain."""
    random = Random(f"anywhere {rewrite.form}")
    names = {name: np.shape(value) for name, value in rewrite.hard.items() if name != "k"}
    allowed = {name: [x for x in COORDINATES if x > 0 or name not in rewrite.positive] for name in names}
    return [
        {
            name: np.array(random.choices(allowed[name], k=int(np.prod(shape)))).reshape(shape)
            for name, shape in names.items()
        }
        for _ in range(count)
    ]


@each
def test_no_row_has_another_number(rewrite: Rewrite) -> None:
    """Wherever both forms have a value it is the same, in 60 digits, inside the domain and outside."""
    for values in anywhere(rewrite, 25):
        form, stable = (
            in_digits(text.replace("=k", "=1").replace("[k]", "[1]"), values) for text in (rewrite.form, rewrite.stable)
        )
        for one, other in zip(form, stable if len(stable) == len(form) else stable * len(form), strict=True):
            assert one is None or other is None or abs(one - other) <= 1e-40 * max(abs(one), 1), values


@each
def test_nothing_is_suggested_outside_the_domain(rewrite: Rewrite) -> None:
    """A suggestion goes where the form has values, there or beside it, and they lead to its own."""
    for values in anywhere(rewrite, 12):
        text = written(rewrite.form, rewrite)
        with contextlib.suppress(diffcli.DiffcliError):
            diffcli.grad(text, values, wrt=rewrite.wrt)
            continue
        with pytest.raises(diffcli.DiffcliError) as caught:
            diffcli.grad(text, values, wrt=rewrite.wrt)
        suggestion = caught.value.diagnostic.suggestion
        if suggestion is not None:
            beside = [in_digits(text, values, by)[0] for by in (0.0, 1e-15, -1e-15)]
            assert any(value is not None for value in beside), values
            assert all(value is None or abs(value - suggestion.value) <= 1e-6 for value in beside), values


@pytest.mark.parametrize(
    ("text", "values", "wrt"),
    [
        ("acos(x)^2", {"x": 1.0}, ""),
        ("acosh(x)^2", {"x": 1.0}, ""),
        ("sqrt(x)^4", {"x": 0.0}, ""),
        ("asin(x)*sqrt(1-x)", {"x": 1.0}, ""),
        ("log(gamma(x))", {"x": -0.5}, ""),
        ("log(gamma(x))", {"x": -2.5}, ""),
        ("3*log(gamma(x))+1", {"x": -0.5}, ""),
        ("exp(2*log(x))", {"x": -3.0}, ""),
        ("exp(y*log(x))", {"x": -3.0, "y": 2.0}, ""),
        ("x*log(y)", {"x": 0.0, "y": -1.0}, "y"),
        ("x*log(y)", {"x": 0.0, "y": -1.0}, "x"),
        ("log(beta(x, y))", {"x": -1.5, "y": 1.0}, ""),
        ("log(sinh(x))", {"x": -2.0}, ""),
        ("log(x^2)", {"x": 0.0}, ""),
        ("sin(x)/x + log(x)", {"x": 0.0}, ""),
        ("sin(x)/x + sqrt(-1-x)", {"x": 0.0}, ""),
    ],
)
def test_what_is_not_true_is_not_advised(text: str, values: dict[str, float], wrt: str) -> None:
    """Where the expression has no value, no rewriting and no more digits give it one;
    a one-sided slope is no gradient.
    """
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad(text, values, wrt=wrt)
    diagnostic = caught.value.diagnostic
    assert diagnostic.suggestion is None
    assert "digits" not in diagnostic.hint


@pytest.mark.parametrize(
    ("text", "values", "gradient"),
    [
        ("log(x/y)", {"x": -1.0, "y": -1e-320}, {"x": -1.0}),
        ("sqrt(x*1e200*1e200)/1e200", {"x": 4.0}, {"x": 0.25}),
        ("(x*1e300*1e300 + y)/(1e300*x*1e300)", {"x": 2.0, "y": 3.0}, {"x": 0.0}),
    ],
)
def test_more_digits_say_what_the_hint_says(text: str, values: dict[str, float], gradient: dict[str, float]) -> None:
    """The command that the hint names gives the numbers that it names."""
    diagnostic = refused(text, **values)
    assert "--digits 50" in diagnostic.hint
    report = diffcli.grad(text, values, digits=50)
    assert f"{report.value:.6g}" in diagnostic.hint
    for name, slope in gradient.items():
        assert float(report.gradient[name]) == pytest.approx(slope, rel=1e-12, abs=1e-250)


def test_a_sign_is_not_lost() -> None:
    """gamma(-170.5)/gamma(172.5) is below 0, what is made of logarithms is not."""
    diagnostic = refused("gamma(x)/gamma(y)", x=-170.5, y=172.5)
    assert diagnostic.suggestion is None
    assert "the value is -2.03686e-618" in diagnostic.hint


def test_a_gap_is_continued_where_both_sides_lead_to_it() -> None:
    """Of what is not defined at the point itself it is not said that it is the same function."""
    hint = refused("sin(x)/x", x=0.0).hint
    assert (
        hint == "where(x != 0, sin(x)/x, 1) continues it to this point: here its value is 1 and its gradient 0 (a "
        "convention: it sits on a kink there)"
    )
    assert (
        refused("exp(2*log(x))", x=0.0).hint == "x^2 continues it to this point: here its value is 0 and its gradient 0"
    )
