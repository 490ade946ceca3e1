"""Forms found in programs, however they are written."""

import time

import pytest

from diffcli.source import Source
from diffcli.syntax.matching import Writing, root_name
from diffcli.syntax.parser import parse

pytestmark = pytest.mark.fast


def found(pattern: str, text: str, variables: tuple[str, ...] = ()) -> list[tuple[str, dict[str, str]]]:
    """The pieces of a program that a pattern stands for, with what its names stand for."""
    writing = Writing(parse(Source(text)), variables)
    matches = [
        next(writing.matches(pattern, piece), None) for name, piece in writing.calls() if name == root_name(pattern)
    ]
    return [(match.root.text, dict(match.texts)) for match in matches if match]


FOUND = [
    ("log(1 + exp(a))", "log(1 + exp(x))", {"a": "x"}),
    ("log(1 + exp(a))", "2*ln(exp( x^2 ) + 1.0)", {"a": "x^2"}),
    ("log(1 + exp(a))", "log(1 + e^(x - 1))", {"a": "x - 1"}),
    ("log(1 + exp(a))", "z = exp(x*y); w = 1 + z; log(w)", {"a": "x*y"}),
    ("log(1 + exp(a))", "f(t) = log(1 + exp(t)); f(x)", {"a": "t"}),
    ("a^2", "x*x", {"a": "x"}),
    ("a^2", "sin( x )*sin(x)", {"a": "sin( x )"}),
    ("a^2", "square(x)", {"a": "x"}),
    ("a^2", "x**2.0", {"a": "x"}),
    ("sqrt(a)", "x^0.5", {"a": "x"}),
    ("sqrt(a)", "x^(1/2)", {"a": "x"}),
    ("sqrt(a)", "√x", {"a": "x"}),
    ("1/a", "(x + 1)^-1", {"a": "x + 1"}),
    ("1/a", "reciprocal(x)", {"a": "x"}),
    ("exp(-a)", "exp(-x)", {"a": "x"}),
    ("exp(-a)", "exp(-2*x/y)", {"a": "2*x/y"}),
    ("exp(a)/sum(exp(a))", "exp(x)/sum(exp( x ))", {"a": "x"}),
    ("sqrt(a^2 + b^2 + c^2)", "sqrt(x*x + (y**2 + square(z)))", {"a": "y", "b": "z", "c": "x"}),
    ("log(exp(a) + exp(b) + exp(c))", "log(exp(x) + exp(y) + exp(z))", {"a": "x", "b": "y", "c": "z"}),
    ("log(sum(exp(a), axis=k))", "log(sum(exp(x), axis=-1))", {"a": "x", "k": "-1"}),
    ("log(softmax(a)[k])", "log(softmax(x)[n])", {"a": "x", "k": "n"}),
]


@pytest.mark.parametrize(("pattern", "text", "texts"), FOUND)
def test_a_form_is_found(pattern: str, text: str, texts: dict[str, str]) -> None:
    """With the user's own text for each name."""
    assert texts in [bound for _, bound in found(pattern, text)]


ABSENT = [
    ("log(1 + exp(a))", "log(1 + x)"),
    ("log(1 + exp(a))", "log(2 + exp(x))"),
    ("log(1 + exp(a))", "log10(1 + exp(x))"),
    ("log(1 + exp(a))", "exp(t) = t; log(1 + exp(x))"),
    ("log(1 + exp(a))", "e = 3; log(1 + e^x)"),
    ("log(1 + exp(a))", "z = exp(x); f(z) = log(1 + z); f(y)"),
    ("a^2", "x*y"),
    ("a^2", "x^3"),
    ("exp(-a)", "exp(x - 2)"),
    ("exp(a)/sum(exp(a))", "exp(x)/sum(exp(y))"),
    ("exp(a)/sum(exp(a))", "exp(x)/sum(exp(x), axis=0)"),
    ("sqrt(a^2 + b^2 + c^2)", "sqrt(x^2 + y^2)"),
    ("log(softmax(a)[k])", "log(softmax(x)[0, 1])"),
    ("log(softmax(a)[k])", "log(softmax(x)[1:])"),
]


@pytest.mark.parametrize(("pattern", "text"), ABSENT)
def test_another_form_is_not(pattern: str, text: str) -> None:
    """Nor one that only looks like it."""
    assert found(pattern, text) == []


def test_a_variable_called_e_is_no_constant() -> None:
    """Where the user binds it."""
    assert found("log(1 + exp(a))", "log(1 + e^x)", ("e", "x")) == []


def test_a_definition_of_itself_ends() -> None:
    """A name in its own definition is a variable."""
    assert found("log(1 + exp(a))", "x = x; log(1 + x)") == []


def test_nesting_costs_no_stack() -> None:
    """Nor is a deep tree compared with itself forever."""
    deep = "sin(" * 20_000 + "x" + ")" * 20_000
    start = time.process_time()
    assert len(found("exp(a)/sum(exp(a))", f"exp({deep})/sum(exp({deep}))")) == 1
    assert time.process_time() - start < 10
