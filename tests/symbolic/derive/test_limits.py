"""What takes too long or is too large ends in a sentence."""

import time

import pytest
from amount import PATIENCE

from diffcli.source import Source
from diffcli.symbolic import Formula, NoFormula, derivatives
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve


@pytest.mark.parametrize(
    "text", ["sin(" * 100_000 + "x" + ")" * 100_000, "+".join(["x"] * 200_000), "1/(1+" * 400 + "x" + ")" * 400]
)
def test_too_long_or_too_deep_is_said_at_once(text: str) -> None:
    resolved = resolve(parse(Source(text)))
    start = time.process_time()
    found = derivatives(resolved, ["x"], {})["x"]
    assert time.process_time() - start < 1.5
    assert isinstance(found, NoFormula)
    assert "for a formula" in found.reason


def test_shared_nodes_count_as_often_as_they_are_used() -> None:
    program = "a = x*x;" + "".join(f"{chr(98 + k)} = sin({chr(97 + k)})*{chr(97 + k)};" for k in range(20)) + "u"
    found = derivatives(resolve(parse(Source(program))), ["x"], {})["x"]
    assert isinstance(found, NoFormula)
    assert "too long" in found.reason


@pytest.mark.parametrize(
    ("text", "expected"), [("+".join(["x"] * 2_000), "2000"), ("*".join(["x"] * 2_000), "2000*x^1999")]
)
def test_long_chains_are_one_operation(text: str, expected: str) -> None:
    found = derivatives(resolve(parse(Source(text))), ["x"], {}, PATIENCE)["x"]
    assert isinstance(found, Formula)
    assert found.text == expected


def test_the_reason_names_the_limit() -> None:
    text = "*".join(f"(sin(x*{k})+cos(x)^{k})" for k in range(300))
    found = derivatives(resolve(parse(Source(text))), ["x"], {}, 0.05)["x"]
    assert found == NoFormula("x", "no formula within 0.05 s", limit=True)


@pytest.mark.parametrize(
    "text",
    [
        "exp(-(x-3.141)^2)", "exp(-0.5*(x-3.758)^2)", "-x^0.6666666666666666-(1-x^2)^0.3333333333333333",
        "x^0.123456+x^1.654321",
        "exp(-0.5*((x-1.234)/0.567)^2)/(0.567*sqrt(2*pi))", "3.7^(-(x-3.141)^2)*x", "exp(1e9)*x + exp(x + 1e9)",
        "exp(12.3*x)/(exp(7.1*x)+1.01)",
        "log(0.3*exp(-0.5*((x-1.21)/0.71)^2) + 0.7*exp(-0.5*((x+2.13)/1.37)^2))",
        "exp(-(x-3.141)^2-(y+2.718)^2)*(1.41*x+1.73*y)^2",
        "(x+a+b+c+d+f+g+h)^6/(a+1)+(a+b+x)^5", "where(x > 0, 3*x, 3)^1e9 + (x+1)^1e9",
        "(sqrt(2)*x+sqrt(8))^1e8", "sum((sqrt(2)*x+sqrt(8))^1e12)", "(sqrt(2)*x+sqrt(8))^-1e12",
        "(2^(1/3)*x+16^(1/3))^1e9",
    ],
)  # fmt: skip
def test_numbers_of_many_digits_cost_no_time(text: str) -> None:
    resolved = resolve(parse(Source(text)))
    start = time.thread_time()
    found = derivatives(resolved, ["x"], {}, PATIENCE)["x"]
    assert time.thread_time() - start < 1.5
    assert isinstance(found, Formula)


@pytest.mark.parametrize(
    "text",
    [
        "(3*x)^1e9", "(0.1*x)^-1e9", "sqrt(3*x)^1e9", "(2*x+4)^1e6", "hypot(3*x, 3)^1e9", "exp(1e9*log(3*x))",
        "2^(x+1e9)", "(3*x)^(1e9+0.5)", "(x*tau)^1e8",
        "(x@[3, 3, 3])^1e8", "mean([3*x, x])^1e9",
    ],
)  # fmt: skip
def test_numbers_too_large_to_write_out_are_not_computed(text: str) -> None:
    start = time.thread_time()
    found = derivatives(resolve(parse(Source(text))), ["x"], {}, PATIENCE)["x"]
    assert time.thread_time() - start < 0.5
    assert found == NoFormula("x", "a number in the expression is too large to write out", limit=True)
