"""Where a number that is not finite came from: the first place forward, or the first product backward."""

from decimal import Decimal
from typing import Any

import pytest

import diffcli
from diffcli.errors import Diagnostic, ExitCode

pytestmark = pytest.mark.fast


def refused(text: str, **values: object) -> Diagnostic:
    """The diagnostic that the gradient ends with; the exit code is that of a point without an answer."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad(text, values)
    assert caught.value.diagnostic.exit_code == ExitCode.NOT_FINITE
    return caught.value.diagnostic


def underlined(diagnostic: Diagnostic) -> str:
    """The piece of text that the diagnostic points at."""
    assert diagnostic.source is not None
    span = diagnostic.labels[0].span
    return diagnostic.source.text[span.start : span.end]


FORWARD = [
    ("log(x)", {"x": -1.0}, "log(x)", "log(x) is not defined at x = -1"),
    ("log(x)", {"x": 0.0}, "log(x)", "log(x) is not defined at x = 0"),
    ("1/x", {"x": 0.0}, "1/x", "1/x is not defined at x = 0"),
    ("y/x", {"y": 1.0, "x": 0.0}, "y/x", "y/x is not defined at y = 1 and x = 0"),
    ("log(1+exp(x))", {"x": 1000.0}, "exp(x)", "exp(x) overflows at x = 1000"),
    ("log(1 + exp(x*2))", {"x": 500.0}, "exp(x*2)", "exp(x*2) overflows at x*2 = 1000"),
    ("exp(x)/exp(x)", {"x": 1000.0}, "exp(x)", "exp(x) overflows at x = 1000"),
    ("1/x - 1/x", {"x": 0.0}, "1/x", "1/x is not defined at x = 0"),
    ("sum(log(x))", {"x": [1.0, -2.0, -3.0]}, "log(x)", "log(x) is not defined at x[1] = -2"),
    ("mean(1/(x - 2))", {"x": [1.0, 2.0, 3.0]}, "1/(x - 2)", "1/(x - 2) is not defined at (x - 2)[1] = 0"),
    ("log(x[1])", {"x": [1.0, 0.0]}, "log(x[1])", "log(x[1]) is not defined at x[1] = 0"),
    ("asin(x)", {"x": 2.0}, "asin(x)", "asin(x) is not defined at x = 2"),
    ("acosh(x)", {"x": 0.5}, "acosh(x)", "acosh(x) is not defined at x = 0.5"),
    ("atanh(x)", {"x": 1.0}, "atanh(x)", "atanh(x) is not defined at x = 1"),
    ("sqrt(x - 5)", {"x": 1.0}, "sqrt(x - 5)", "sqrt(x - 5) is not defined at x - 5 = -4"),
    ("x^0.5", {"x": -1.0}, "x^0.5", "x^0.5 is not defined at x = -1"),
    ("x^-1", {"x": 0.0}, "x^-1", "x^-1 is not defined at x = 0"),
    ("x*1e308*10", {"x": 1.0}, "x*1e308*10", "x*1e308*10 overflows at x*1e308 = 1e+308"),
    ("where(x > 0, log(x), 1/x)", {"x": 0.0}, "1/x", "1/x is not defined at x = 0"),
    ("max([x, 1/x])", {"x": 0.0}, "1/x", "1/x is not defined at x = 0"),
    (
        "prod(exp(x))",
        {"x": [700.0, 700.0]},
        "prod(exp(x))",
        "prod(exp(x)) overflows at exp(x) = [1.01423e+304, 1.01423e+304]",
    ),
    ("y = 1/x; y*y + 2", {"x": 0.0}, "1/x", "1/x is not defined at x = 0"),
    ("exp(x) + exp(y)", {"x": 1000.0, "y": 1000.0}, "exp(x)", "exp(x) overflows at x = 1000"),
    (
        "sum(A/v)",
        {"A": [[1.0, 2.0], [3.0, 4.0]], "v": [1.0, 0.0]},
        "A/v",
        "A/v is not defined at A[0, 1] = 2 and v[1] = 0",
    ),
    ("where(x < 1, log(x), 1)", {"x": -1.0}, "log(x)", "log(x) is not defined at x = -1"),
    ("f(t) = log(t); f(x) + f(3)", {"x": -1.0}, "log(t)", None),
    ("x", {"x": float("nan")}, "x", "the value of x is not finite"),
    ("sum(x)", {"x": [1.0, float("inf")]}, "x", "the value of x is not finite"),
]


@pytest.mark.parametrize(("text", "values", "place", "message"), FORWARD)
def test_the_first_bad_value_is_named(text: str, values: dict[str, object], place: str, message: str | None) -> None:
    """The node whose operands are still finite is underlined, with the operands' values."""
    diagnostic = refused(text, **values)
    assert diagnostic.code == "E501"
    assert underlined(diagnostic) == place
    assert message is None or diagnostic.message == message
    assert diagnostic.hint


BACKWARD = [
    ("sqrt(x)", {"x": 0.0}, "sqrt(x)", "d(sqrt(x))/d(x)"),
    ("sqrt(x^2)", {"x": 0.0}, "x^2", None),
    ("x^x", {"x": 0.0}, "x^x", "d(x^x)/d(x)"),
    ("x^0.5", {"x": 0.0}, "x^0.5", "d(x^0.5)/d(x)"),
    ("cbrt(x)", {"x": 0.0}, "cbrt(x)", "d(cbrt(x))/d(x)"),
    ("asin(x)", {"x": 1.0}, "asin(x)", "d(asin(x))/d(x)"),
    ("acosh(x)", {"x": 1.0}, "acosh(x)", "d(acosh(x))/d(x)"),
    ("sum(sqrt(x))", {"x": [1.0, 0.0]}, "sqrt(x)", "d(sqrt(x))/d(x)"),
    ("x*2 + sqrt(x)", {"x": 0.0}, "sqrt(x)", "d(sqrt(x))/d(x)"),
    ("sqrt(sin(x))", {"x": 0.0}, "sqrt(sin(x))", "d(sqrt(sin(x)))/d(sin(x))"),
]


@pytest.mark.parametrize(("text", "values", "place", "edge"), BACKWARD)
def test_the_first_bad_product_is_named(text: str, values: dict[str, object], place: str, edge: str | None) -> None:
    """The value is finite; the edge of the sweep that breaks the gradient is underlined."""
    diagnostic = refused(text, **values)
    assert diagnostic.code == "E502"
    assert "the gradient of x is not finite" in diagnostic.message
    if edge is not None:
        assert underlined(diagnostic) == place
        assert edge in diagnostic.message
    assert diagnostic.hint


@pytest.mark.parametrize(("first", "second"), [("x", "y"), ("y", "x")])
def test_the_product_named_is_one_that_reaches_the_variable(first: str, second: str) -> None:
    """Of two singular terms, the one that holds the variable whose gradient is said to break."""
    diagnostic = refused(f"sqrt({first}) + sqrt({second})", y=0.0, x=0.0)
    assert "the gradient of y is not finite: d(sqrt(y))/d(y) breaks it" in diagnostic.message
    assert underlined(diagnostic) == "sqrt(y)"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("where(x > 0, log(x), 0)", {"x": -1.0}),
        ("minimum(exp(x), 1)", {"x": 1000.0}),
        ("sum(where(x > 0, sqrt(x), 0))", {"x": [-1.0, 4.0]}),
        ("[x, 1/x][0]", {"x": 0.0}),
    ],
)
def test_what_does_not_reach_the_result_does_not_matter(text: str, values: dict[str, object]) -> None:
    """A bad number on a branch that is not taken is no fault."""
    report = diffcli.grad(text, values)
    assert abs(report.value) < 10


ELEMENTS = [
    ("sum(log(x))", {"x": [1.0, -2.0]}, "element [1] is nan"),
    ("sum(A/v)", {"A": [[1.0, 2.0], [3.0, 4.0]], "v": [1.0, 0.0]}, "element [0, 1] is inf"),
    ("log(x)", {"x": -1.0}, "this is nan"),
    ("sum(x)", {"x": [1.0, float("inf")]}, "element [1] is inf"),
    ("sum(sqrt(x))", {"x": [1.0, 0.0]}, "at x[1] = 0"),
    ("sum(mean(sqrt(A), axis=0))", {"A": [[1.0, 0.0], [1.0, 1.0]]}, "at A[0, 1] = 0"),
    ("sum(prod(A, axis=0)^0.5)", {"A": [[1.0, 0.0], [1.0, 1.0]]}, "at prod(A, axis=0)[1] = 0"),
    ("atan2(y, x)", {"y": 0.0, "x": 0.0}, "at y = 0 and x = 0"),
]


@pytest.mark.parametrize(("text", "values", "label"), ELEMENTS)
def test_the_first_bad_element_is_named(text: str, values: dict[str, object], label: str) -> None:
    """Under the place, with its index."""
    assert refused(text, **values).labels[0].text == label


PRODUCTS = [
    ("sqrt(x)", {"x": 0.0}, "local 1/(2*sqrt(x)) = inf, times upstream 1"),
    ("3*sqrt(x^2)", {"x": 0.0}, "local 1/(2*sqrt(x^2)) = inf, times upstream 3"),
    ("mean(sqrt(x))", {"x": [1.0, 0.0]}, "local 1/(2*sqrt(x)) = inf, times upstream 0.5"),
    ("1/(1 + exp(x))", {"x": 1000.0}, "local exp(x) = inf, times upstream -0"),
]


@pytest.mark.parametrize(("text", "values", "product"), PRODUCTS)
def test_both_factors_of_the_product_are_told(text: str, values: dict[str, object], product: str) -> None:
    """The local derivative with its formula, and what arrived."""
    assert refused(text, **values).message.endswith(product)


def test_the_domain_is_told_where_nothing_else_helps() -> None:
    """A point outside has no other form."""
    diagnostic = refused("log(x)", x=-1.0)
    assert (diagnostic.hint, diagnostic.suggestion) == ("log is defined for x > 0", None)
    assert refused("atan2(y, x)", y=0.0, x=0.0).hint == "atan2 is defined for any point but the origin"


def test_more_digits_tell_what_no_double_holds() -> None:
    """The value with 50 digits, where that is cheap and finite."""
    assert (
        refused("exp(x)", x=1000.0).hint
        == "the largest number is about 1.8e308; with 50 digits (--digits 50) the value is 1.97007e+434"
    )
    assert (
        refused("exp(x) - exp(x)", x=1000.0).hint
        == "double precision loses it on the way: with 50 digits (--digits 50) the value is 0 and the gradient 0"
    )
    assert refused("exp(exp(exp(x)))", x=10.0).hint == "the largest number is about 1.8e308"
    assert refused("sin(exp(x))", x=1e6).hint == "the largest number is about 1.8e308"
    assert "50 digits" not in str(refused("sum(exp(x))", x=[1000.0] * 3000).hint)


def test_a_broken_gradient_of_another_variable_is_no_fault() -> None:
    """Only the variables of interest count."""
    assert diffcli.grad("sqrt(x) + y", x=0.0, y=1.0, wrt="y").gradient["y"] == 1.0


@pytest.mark.parametrize(
    ("at", "options", "number"),
    [
        ("1.0000000000000002", {}, "1.0000000000000002"),
        ("-1.0000000000000002", {}, "-1.0000000000000002"),
        ("2", {}, "2"),
        ("1.000000000000000000000000000001", {"digits": 50}, "1.000000000000000000000000000001"),
        (
            "1.000000000000000000000000000001",
            {"exact": True},
            "1000000000000000000000000000001/1000000000000000000000000000000",
        ),
    ],
)
def test_the_digits_that_matter_are_shown(at: str, options: dict[str, Any], number: str) -> None:
    """What six digits would put into the domain is written out, in doubles and in other numbers."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad("acos(x)", x=float(at) if not options else Decimal(at), **options)
    assert caught.value.diagnostic.message == f"acos(x) is not defined at x = {number}"


@pytest.mark.parametrize(
    "function",
    [
        "gamma(x/y)",
        "beta(x/y, 1)",
        "digamma(-x/y)",
        "beta(log(y), tan(y)) + x",
        "lgamma(x/y - x/y)",
        "xlogy(x/y, y - y)",
    ],
)
def test_operands_that_are_no_numbers_are_outside_without_a_warning(function: str) -> None:
    report = diffcli.descend(function, x=1.0, y=0.0)
    assert report.status == "not-finite"
    assert report.exit_code == 3
