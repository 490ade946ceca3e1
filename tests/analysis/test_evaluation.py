"""Small problems on single numbers: the documents are those of arrays, and what is in doubt goes to arrays."""

import json
from random import Random
from typing import Any

import numpy as np
import pytest
from amount import seeds
from hypothesis import given, settings
from hypothesis import strategies as st
from robustness.command_lines import sentence

import diffcli
from diffcli.analysis.execution import executed
from diffcli.analysis.given_values import bindings
from diffcli.analysis.lost_digits import are_surely_right
from diffcli.analysis.problem import pose
from diffcli.analysis.sweep import swept
from diffcli.execute.executors import effort
from diffcli.execute.executors.cells import Cells
from diffcli.execute.executors.kept import kept
from diffcli.source import Source

from .cancelling import cancelling

#: Functions whose doubles are the same whoever computes them: single operations that IEEE 754 rounds, and sums of those
#: in one order.
_EXACT = ("abs", "sqrt", "maximum", "minimum", "max", "min", "relu", "where", "sign", "floor", "ceil", "sum", "mean",
    "square", "clip", "leaky_relu", "norm", "less", "cumsum", "flip", "prod", "var", "mse")  # fmt: skip
_AT = (
    "x=2;y=-0.5;z=3;w=0.1;b=1e-3;A=[[1,2],[3,4]]",
    "x=1,2,0.3;y=3,-1,2;z=0.5;w=2;b=0,0,1;A=[[0.1,2],[3,4]]",
    "x=0;y=0;z=-1;w=3;b=7;A=[[2]]",
)


def _answer(text: str, at: str, **options: Any) -> str:
    """The document, or the error."""
    values = [each for each in at.split(";") if each[0] in text]
    try:
        return diffcli.grad(text, values, **options).to_json()
    except diffcli.DiffcliError as error:
        return f"{error.diagnostic.code} {error} {error.diagnostic.suggestion}"


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(_AT))
def test_documents_are_those_of_arrays(seed: int, at: str) -> None:
    """Byte for byte: numbers, flows, formulas, kinks, doubts, errors."""
    text = sentence(Random(seed), _EXACT).replace("**", "*").replace("^", "*")
    text = text if seed % 3 else f"sum({text})"
    assert _answer(text, at) == _answer(text, at, executor="plain")


@pytest.mark.parametrize(
    "text", ["exp(x)", "tanh(x)*sin(x)", "log(x)^2", "sigmoid(x)", "x^2.5", "softplus(x)", "gelu(x)", "erf(x)/x"]
)
def test_documents_differ_by_rounding_alone(text: str) -> None:
    """Where the last digit of a function is not the same for all: the same keys, words and shapes."""
    ours, theirs = (json.loads(_answer(text, "x=0.7", **options)) for options in ({}, {"executor": "plain"}))
    assert _same(ours, theirs)


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(_same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    return ours == (pytest.approx(theirs, rel=1e-14, abs=0) if isinstance(theirs, float) else theirs)


@pytest.mark.parametrize("seed", seeds(60, 600, "DIFFCLI_CANCELLING"))
def test_what_arrays_doubt_is_not_sure_on_single_numbers(seed: int) -> None:
    """Of expressions that cancel: where runs on arrays find a doubt, those on single numbers leave it to them."""
    text, at = cancelling(seed)
    problem = pose(Source(text), bindings({"x": float(at)}, "at"))
    sweep = swept(problem)
    trace = executed(problem, sweep).trace
    if are_surely_right(trace, [sweep.built.output, *sweep.adjoints]):
        try:
            assert diffcli.grad(text, x=float(at), executor="plain").precision.doubt is None
        except diffcli.DiffcliError as error:
            pytest.fail(str(error))


def test_values_are_arrays_for_who_looks_at_them() -> None:
    """And cells until then, also of a variable without influence and an intermediate."""
    report = diffcli.grad("y = x*w; sum(y) + 0*z", "w=2; x=1,2; z=3", of="y")
    assert all(isinstance(value, Cells) for value in kept(report.gradient).values())
    assert isinstance(report.gradient["x"], np.ndarray)
    assert isinstance(report.gradient["w"], np.float64)
    assert {name: value.tolist() for name, value in report.gradient.items()} == {
        "x": [2.0, 2.0], "w": 3.0, "z": 0.0, "y": [1.0, 1.0]
    }  # fmt: skip
    assert report.gradient["x"] is report.gradient["x"]
    assert repr(report.at) == "{'w': np.float64(2.0), 'x': array([1., 2.]), 'z': np.float64(3.0)}"
    assert report.plan.executor == "scalars"


def test_a_second_call_has_the_numbers_of_the_first() -> None:
    """To the last bit, though it is compiled."""
    for text in ("exp(x)*tanh(x)", "x^2.5 + x^2/3 + log(x)", "e^x*sin(pi*x)", "x*tanh(2)*exp(3)*log10(7)"):
        first, second = (diffcli.grad(text, x=0.7) for _ in range(2))
        assert (first.value, first.gradient["x"]) == (second.value, second.gradient["x"])


#: Terms of a sum that is not small, and as many nodes as make one long.
_TERMS, _LONG = 1000, 1500


@pytest.fixture
def _soon_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "_LONG", _LONG)


def _of_many(term: str, x: float, **options: Any) -> tuple[str, str]:
    report = diffcli.grad("+".join([term] * _TERMS), x=x, **options)
    return report.plan.executor, repr((report.value, report.gradient["x"].tolist(), report.trace.values[-1].tolist()))


@pytest.mark.usefixtures("_soon_long")
@pytest.mark.parametrize("term", ["x*x", "x/3", "abs(x)*x", "(2 - x)^2"])
def test_many_single_numbers_are_computed_as_by_arrays(term: str) -> None:
    """To the last bit, by operations that IEEE 754 rounds."""
    alone, arrays = _of_many(term, 0.7), _of_many(term, 0.7, executor="plain")
    assert (alone[0], arrays[0]) == ("scalars", "plain")
    assert alone[1] == arrays[1]


@pytest.mark.usefixtures("_soon_long")
@pytest.mark.parametrize(("term", "x", "executor"), [
    ("lgamma(x)", 0.7, "plain"), ("where(x < 9, exp(x), x)", 0.7, "scalars"), ("where(x < 9, exp(x), x)", 1e4, "plain"),
])  # fmt: skip
def test_what_single_numbers_do_not_have_goes_to_arrays(term: str, x: float, executor: str) -> None:
    """A function without a form on floats, and a number on the way that is too large for one."""
    assert _of_many(term, x)[0] == executor
