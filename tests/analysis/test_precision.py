"""The same graph in exact numbers and in many digits: values, verdicts, printing, and what is refused."""

import json
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath
import pytest

import diffcli
from diffcli.analysis.gradient import GradReport, gradient_report
from diffcli.analysis.guard_digits import limited
from diffcli.analysis.problem import in_precision, pose
from diffcli.analysis.values import read_bindings
from diffcli.errors import DiffcliError, ExitCode
from diffcli.execute.many_digits import of_digits
from diffcli.render.documents.grad import grad_document
from diffcli.render.documents.json_values import dumps
from diffcli.render.round_trip import exact
from diffcli.render.value_text import shown
from diffcli.source import Source


def report(
    expression: str, *at: str, exact: bool = False, digits: int | None = None, symbolic: bool = False
) -> GradReport:
    problem = pose(Source(expression), read_bindings([Source(value, "--at") for value in at]))
    precise = in_precision(problem, exact, digits)
    return limited(precise, 20.0, partial(gradient_report, symbolic=symbolic))


def test_fractions_everywhere() -> None:
    """Forward, in each flow, in the gradient."""
    found = report("mean(x*x)", "1,2,3", exact=True, symbolic=True)
    assert found.value == Fraction(14, 3)
    assert found.gradient["x"].tolist() == [Fraction(2, 3), Fraction(4, 3), 2]
    assert [shown(flow.contribution) for flow in found.trace.flows] == [
        "[1/3, 1/3, 1/3]",
        "[1/3, 2/3, 1]",
        "[1/3, 2/3, 1]",
    ]
    assert shown(found.trace.flows[2].running) == "[2/3, 4/3, 2]"
    assert found.agreement is not None
    assert found.agreement.verdict == "agree"


@pytest.mark.parametrize(
    ("expression", "at", "value", "gradient"),
    [
        ("sin(x)*sqrt(2)", "x=pi/6", "sqrt(2)/2", "sqrt(6)/2"),
        ("exp(x)", "x=1/3", "exp(1/3)", "exp(1/3)"),
        ("x^0.1", "x=1", "1", "1/10"),
        ("0.1*x", "x=0.1", "1/100", "1/10"),
        ("digamma(x)", "x=1", "digamma(1)", "pi^2/6"),
        ("1/(1 + sqrt(x))", "x=2", "sqrt(2) - 1", "1 - 3*sqrt(2)/4"),
        ("log2(x)", "x=8", "3", "1/(8*log(2))"),
        ("abs(x - sqrt(2))", "x=sqrt(8)/2", "0", "0"),
        ("floor(x)*x", "x=pi", "3*pi", "3"),
        ("12345678901234567890*x", "x=1", "12345678901234567890", "12345678901234567890"),
        ("where(x > 0, sqrt(x), 0)", "x=-1", "0", "0"),
        ("param w = 1/3; w^2", "", "1/9", "2/3"),
    ],
)
def test_closed_forms(expression: str, at: str, value: str, gradient: str) -> None:
    """The text is short, and an expression of the language with the same value."""
    found = report(expression, *([at] if at else []), exact=True)
    (only,) = found.gradient.values()
    assert (str(found.value), exact(only)) == (value, gradient.replace(" ", ""))
    assert float(report(f"0*x + {gradient}", "x=1").value) == pytest.approx(float(only), rel=1e-14)


@pytest.mark.parametrize("digits", [1, 17, 50, 1000])
def test_digits_are_right(digits: int) -> None:
    """Those of mpmath's own evaluation."""
    found = report("0.1*x^(1/3) + pi*x", "x=0.7", digits=digits, symbolic=True)
    with mpmath.workdps(digits + 20):
        x = mpmath.mpf(7) / 10
        expected = mpmath.nstr(x ** (mpmath.mpf(-2) / 3) / 30 + mpmath.pi, digits)
    assert exact(found.gradient["x"]).rstrip("0") == expected.rstrip("0").removesuffix(".")
    assert found.agreement is not None
    assert found.agreement.verdict == "agree"


def test_what_overflows_in_doubles_is_finite_in_more_digits() -> None:
    found = report("log(1 + exp(x))", "1000", digits=50)
    assert (f"{found.value:.50g}", exact(found.gradient["x"])) == ("1000", "1")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 3), "2/3"),
        (Decimal("0.1"), "1/5"),
        (0.1, "1/5"),
        (10**20 + 1, "200000000000000000002"),
        ([2**60 + 1], "2305843009213693954,"),
    ],
)
def test_python_numbers_are_taken_as_they_are(value: Any, expected: str) -> None:
    assert exact(diffcli.grad("sum(x^2)", x=value, exact=True).gradient["x"]) == expected


def test_printed_values_can_be_given_again() -> None:
    found = report("sum(sin(x)*[1, sqrt(2)])", "x=pi/6,1/3", exact=True)
    again = report("sum(x)", "x=" + exact(found.gradient["x"]), exact=True)
    assert again.at["x"].tolist() == found.gradient["x"].tolist()


def test_the_document_has_strings() -> None:
    document = json.loads(dumps(grad_document(report("x/3", "1", exact=True))))
    assert (document["arithmetic"], document["value"], document["gradient"]) == ("exact", "1/3", {"x": "1/3"})
    document = json.loads(dumps(grad_document(report("x/3", "1", digits=20))))
    assert (document["arithmetic"], document["value"]) == ({"digits": 20}, "0.33333333333333333333")
    assert "arithmetic" not in grad_document(report("x/3", "1"))


@pytest.mark.parametrize(
    ("expression", "at", "options", "code", "exit_code"),
    [
        ("log(x)", 0, {"exact": True}, "E501", ExitCode.NOT_FINITE),
        ("sqrt(x)", 0, {"digits": 30}, "E502", ExitCode.NOT_FINITE),
        ("x^1e9", 3, {"exact": True}, "E603", ExitCode.CANNOT_START),
        ("sqrt(log(x) - 2*atanh((x - 1)/(x + 1)))", 3, {"exact": True}, "E603", ExitCode.CANNOT_START),
        (
            "f(x) = x*x + sin(x); f(f(f(f(f(f(f(f(f(x)))))))))",
            Fraction(1, 3),
            {"exact": True, "timeout": 0.3},
            "E601",
            ExitCode.TIME_LIMIT,
        ),
        ("x", 1, {"exact": True, "digits": 5}, "E402", ExitCode.CANNOT_START),
        ("x", 1, {"digits": 10_001}, "E403", ExitCode.CANNOT_START),
    ],
)
def test_what_is_refused(expression: str, at: Any, options: dict[str, Any], code: str, exit_code: ExitCode) -> None:
    with pytest.raises(DiffcliError) as caught:
        diffcli.grad(expression, x=at, **options)
    assert (caught.value.diagnostic.code, caught.value.diagnostic.exit_code) == (code, exit_code)


def test_kinks_are_found() -> None:
    assert [kink.primitive for kink in report("relu(x - 1/3)", "x=1/3", exact=True).kinks] == ["relu"]
    assert report("relu(x - 1/3)", "x=0.33333333333333333", exact=True).kinks == ()


def test_a_number_of_many_digits_is_told_in_few() -> None:
    """However large its exponent."""
    assert f"{of_digits(10_000).one(3) ** 10**9:.6g}".endswith("e+477121254")


def test_outside_of_its_domain_an_inverse_is_nan_in_digits() -> None:
    numbers = of_digits(30)
    assert [str(numbers.context.sign(numbers.erfinv(numbers.one(at)))) for at in (-1, 1)] == ["-1", "1"]
    assert numbers.context.isnan(numbers.erfinv(numbers.one(3)))
