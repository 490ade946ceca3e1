"""Digits that are printed are right, whatever cancels on the way: against 300 digits and more, to the last one."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import mpmath
import pytest
from amount import seeds

import diffcli
from diffcli.analysis.gradient import gradient_report
from diffcli.analysis.guard_digits import answered, limited
from diffcli.analysis.problem import in_precision, pose
from diffcli.analysis.values import read_bindings
from diffcli.errors import DiffcliError, ExitCode
from diffcli.render.documents.grad import grad_document
from diffcli.render.screen import UNICODE
from diffcli.render.text.grad import grad_text
from diffcli.render.view import View
from diffcli.source import Source

from .cancelling import cancelling

#: An expression, a point, and the value and the derivative as an independent program has them.
CANCELLING: list[tuple[str, str, Any, Any]] = [
    ("(1 - cos(x))/x^2", "1e-20", lambda m, x: (1 - m.cos(x)) / x**2,
        lambda m, x: m.sin(x) / x**2 - 2 * (1 - m.cos(x)) / x**3),
    ("(1 - cos(x))/x^2", "1e-60", lambda m, x: (1 - m.cos(x)) / x**2,
        lambda m, x: m.sin(x) / x**2 - 2 * (1 - m.cos(x)) / x**3),
    ("(exp(x)-1-x-x^2/2)/x^3", "1e-15", lambda m, x: (m.exp(x) - 1 - x - x**2 / 2) / x**3,
     lambda m, x: (m.exp(x) - 1 - x) / x**3 - 3 * (m.exp(x) - 1 - x - x**2 / 2) / x**4),
    ("log(1+x)/x", "1e-100", lambda m, x: m.log(1 + x) / x, lambda m, x: 1 / (x * (1 + x)) - m.log(1 + x) / x**2),
    ("1 - tanh(x)", "100", lambda m, x: 1 - m.tanh(x), lambda m, x: m.tanh(x) ** 2 - 1),
    ("1/(1 - tanh(x))", "100", lambda m, x: 1 / (1 - m.tanh(x)),
        lambda m, x: (1 - m.tanh(x) ** 2) / (1 - m.tanh(x)) ** 2),
    ("sinh(x) - cosh(x)", "100", lambda m, x: m.sinh(x) - m.cosh(x), lambda m, x: m.cosh(x) - m.sinh(x)),
    ("atan(x) - pi/2", "1e100", lambda m, x: m.atan(x) - m.pi / 2, lambda m, x: 1 / (1 + x**2)),
    ("asinh(x) - log(2*x)", "1e60", lambda m, x: m.asinh(x) - m.log(2 * x), lambda m, x: 1 / m.sqrt(x**2 + 1) - 1 / x),
    ("acosh(x) - log(2*x)", "1e60", lambda m, x: m.acosh(x) - m.log(2 * x), lambda m, x: 1 / m.sqrt(x**2 - 1) - 1 / x),
    ("erf(x) - 1", "20", lambda m, x: m.erf(x) - 1, lambda m, x: 2 * m.exp(-(x**2)) / m.sqrt(m.pi)),
    ("exp(x) - 2*sinh(x)", "90", lambda m, x: m.exp(x) - 2 * m.sinh(x), lambda m, x: m.exp(x) - 2 * m.cosh(x)),
    ("sqrt(x^2 + 1) - x", "1e40", lambda m, x: m.sqrt(x**2 + 1) - x, lambda m, x: x / m.sqrt(x**2 + 1) - 1),
    ("tan(x) - sin(x)", "1e-25", lambda m, x: m.tan(x) - m.sin(x), lambda m, x: 1 / m.cos(x) ** 2 - m.cos(x)),
    ("1e40 + x - 1e40", "0.123456789", lambda m, x: x, lambda m, x: m.mpf(1)),
    ("x^(1/3)", "2", lambda m, x: m.cbrt(x), lambda m, x: m.cbrt(x) / (3 * x)),
]  # fmt: skip


@pytest.fixture(scope="module")
def many() -> Any:
    """A context of so many digits that everything here is left with more than 300 after it has cancelled."""
    context = mpmath.ctx_mp.MPContext()
    context.dps = 900
    return context


@pytest.mark.parametrize("digits", [5, 20, 50])
@pytest.mark.parametrize(
    ("expression", "at", "value", "gradient"), CANCELLING, ids=[f"{case[0]} at {case[1]}" for case in CANCELLING]
)
def test_every_printed_digit_is_right(
    many: Any, expression: str, at: str, value: Any, gradient: Any, digits: int
) -> None:
    """The text is the true number, rounded to the digits asked for."""
    found = diffcli.grad(expression, x=Fraction(at), digits=digits)
    point = many.mpf(at)
    for shown, wanted in (
        (str(found.value), value(many, point)),
        (str(found.gradient["x"].tolist()), gradient(many, point)),
    ):
        assert many.mpf(shown) == many.mpf(many.nstr(wanted, digits)), (shown, many.nstr(wanted, digits))
    assert found.precision.doubt is None


@pytest.mark.parametrize(
    ("call", "answers"),
    [
        (lambda **how: diffcli.jacobian("[(1 - cos(x))/x^2, x]", **how), lambda report: report.jacobian["x"][0]),
        (lambda **how: diffcli.hessian("(1 - cos(x))/x", **how), lambda report: report.gradient["x"][()]),
        (lambda **how: diffcli.hessian("x - cos(x)*x", hvp=2, **how), lambda report: report.hvp["x"][()] / 6),
        (lambda **how: diffcli.jvp("(1 - cos(x))/x", tangent=1, **how), lambda report: report.tangent[()]),
        (lambda **how: diffcli.vjp("(1 - cos(x))/x", cotangent=1, **how), lambda report: report.vjp["x"][()]),
        (lambda **how: diffcli.compare("(1 - cos(x))/x", **how), lambda report: report.gradient["x"][()]),
    ],
)
def test_every_command_has_enough_guard_digits(call: Any, answers: Any) -> None:
    """Near 0 these are -x/12, 1/2, 6x/6, 1/2, 1/2, 1/2, but for the 60th digit."""
    wanted = str(answers(call(x=Fraction(1, 10**30), digits=25)))
    assert wanted in ("-8.333333333333333333333333e-32", "0.5", "1e-30")


def test_what_cannot_be_settled_is_said() -> None:
    """The sine of pi is 0, which no number of digits shows."""
    found = diffcli.grad("sin(x)*exp(x)", x=0, digits=20)
    assert found.precision.doubt is None
    found = diffcli.grad("sin(pi)*x", x=3, digits=20)
    assert (
        found.precision.doubt
        == "not every digit is certain: 1,000 guard digits do not tell the value, d/dx from 0; --exact may tell"
    )
    assert grad_document(found)["arithmetic"] == {"digits": 20, "doubt": found.precision.doubt}
    assert abs(found.value) < mpmath.mpf(10) ** -1000
    assert diffcli.grad("sin(pi)*x", x=3, exact=True).value == 0


def test_what_is_not_finite_in_few_digits_alone_is_computed_with_more() -> None:
    """And a real pole stays one."""
    assert str(diffcli.grad("1/(1 - tanh(x))", x=100, digits=5).value) == "3.613e+86"
    with pytest.raises(DiffcliError, match="not defined at x = 0") as caught:
        diffcli.grad("1/x", x=0, digits=20)
    assert caught.value.diagnostic.exit_code == ExitCode.NOT_FINITE


def test_no_run_begins_for_which_there_is_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is there by the time limit, with the doubt;
    by a clock that a run puts forward by a tenth of a second.
    """
    problem = pose(Source("sin(pi)*x"), read_bindings([Source("3", "--at")]))
    seconds, clock = 0.4, [0.0]
    monkeypatch.setattr("diffcli.analysis.guard_digits.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def slow(precise: Any) -> Any:
        clock[0] += 0.1
        return gradient_report(precise, False)

    found = answered(in_precision(problem, digits=20), seconds, slow)
    assert 0.1 < clock[0] < seconds
    assert (
        found.precision.doubt
        == "not every digit is certain: within 0.4 s not all of them could be proved; a larger --timeout allows more "
        "guard digits"
    )


def test_ordinary_problems_run_twice() -> None:
    """In balls and in numbers, not more often."""
    runs = []
    problem = pose(Source("sum(exp(x)*sin(x))"), read_bindings([Source("1/3,2", "--at")]))
    answered(
        in_precision(problem, digits=50),
        5.0,
        lambda precise: runs.append(precise.precision.guard) or gradient_report(precise, False),
    )  # type: ignore[func-returns-value]
    assert runs == [15, 15]


@pytest.mark.parametrize("seed", seeds(20, 400, "DIFFCLI_CANCELLING"))
def test_cancelling_expressions_that_are_made_up(many: Any, seed: int) -> None:
    """Every digit is right; nearly always without a doubt."""
    case = cancelling(seed)
    digits = 5 + seed % 40
    found = diffcli.grad(case.expression, x=Fraction(case.at), digits=digits)
    for shown, wanted in zip((found.value, found.gradient["x"].tolist()), case.truth(), strict=True):
        assert many.mpf(str(shown)) == many.mpf(many.nstr(many.mpf(wanted), digits)) or found.precision.doubt, (
            case,
            digits,
            shown,
        )


#: What is 0, or is decided by whether numbers are equal, is proved where it is so of fractions; elsewhere it is in
#: doubt.
@pytest.mark.parametrize(
    ("expression", "at", "answers"),
    [
        ("0.1 + 0.2 - 0.3 + x - x", "0.7", ("0", "0")),
        ("where(10*x == 1, x, 0)", "0.1", ("0.1", "1")),
        ("relu(x - 1/3)*3", "1/3", ("0", "0")),
        ("abs(3*x - 1)", "1/3", ("0", "0")),
        ("where(sqrt(x) < 2, x^2, 0)", "2", ("4", "4")),
        ("where(sqrt(x)^2 == x, x, x)", "2", ("2", None)),
        ("max([x, x])", "1/3", ("0.33333333333333333333", "1")),
        ("det([[x, 1], [x, 1]])", "1/3", ("0", "0")),
        ("sqrt(x^2 + y^2)", "0.3", ("0.5", "0.6")),
        ("sin(x)", "1e50", ("-0.78967249342931008271", "-0.61352860823366356226")),
        ("where(sqrt(x)^2 == x, x^2, 0)", "2", (None, None)),
        ("floor(sqrt(x)^2)", "2", (None, None)),
        ("where(sqrt(x)^2 < x, 1, 2)*x", "2", (None, None)),
        ("sign(sin(pi))*x", "2", (None, None)),
        ("max(sqrt(x)^2, x)", "2", ("2", None)),
    ],
)  # fmt: skip
def test_zeros_and_comparisons_are_proved_or_in_doubt(
    expression: str, at: str, answers: tuple[str | None, str | None]
) -> None:
    """No branch is taken by rounding without a word."""
    point = {"x": Fraction(at)} | ({"y": Fraction(4, 10)} if "y" in expression else {})
    found = diffcli.grad(expression, point, digits=20)
    for shown, wanted in zip((found.value, found.gradient["x"].tolist()), answers, strict=True):
        assert wanted is None or str(shown) == wanted
    assert (found.precision.doubt is not None) == (None in answers)


@pytest.mark.parametrize(
    ("how", "said"),
    [({"digits": 50}, "agree to 50 digits"), ({"digits": 400}, "agree to 400 digits"),
        ({"digits": 1}, "agree to 1 digit"),
     ({"exact": True}, "agree to 50 digits"), ({}, "agree to 12 digits or more")],
)  # fmt: skip
def test_the_verdict_says_how_many_digits_agree(how: Any, said: str) -> None:
    """All that were asked for."""
    for expression, at in (("x*exp(x)", Fraction(1, 3)), ("x^2", 0)):
        *_, verdict = grad_text(diffcli.grad(expression, x=at, symbolic=True, **how), View(UNICODE, 6))
        assert str(verdict).endswith(said)


@pytest.mark.parametrize("how", [{"exact": True}, {"digits": 5}, {"digits": 50}])
def test_a_formula_that_cancels_is_computed_with_more_digits(how: Any) -> None:
    """It is not what is wrong, nor is reverse mode."""
    for expression, at in (("(1 - cos(x))/x^2", Fraction(1, 10**40)), ("sin(x) + sin(pi/2 + x)", 0)):
        found = diffcli.grad(expression, x=at, symbolic=True, **how)
        assert found.agreement is not None
        assert found.agreement.verdict == "agree"


def test_an_exact_value_out_of_reach_is_underlined() -> None:
    """Not the expression, which is not at fault."""
    source = Source("y=1; x=3,2^(1/1000000007)", "--at")
    with pytest.raises(DiffcliError) as caught:
        limited(in_precision(pose(Source("x*y"), read_bindings([source])), exact=True), 5.0, gradient_report)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == "E603"
    assert diagnostic.source == source
    span = diagnostic.labels[0].span
    assert source.text[span.start : span.end] == "2^(1/1000000007)"
