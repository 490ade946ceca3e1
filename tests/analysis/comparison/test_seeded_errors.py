"""An error seeded in one derivative rule is caught by `compare`; the rules as they are are never accused."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import sympy
from amount import sampled
from autodiff.expressions import DRAWN, Generated, Generator

import diffcli
from diffcli.analysis.comparison import groundwork
from diffcli.analysis.comparison.compare_report import CompareReport
from diffcli.analysis.comparison.judging import compare_report
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import Problem, pose
from diffcli.deadline.job import Done, Item, Job, Outcome
from diffcli.deadline.limit import TimeLimit
from diffcli.errors import DiffcliError
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import PRIMITIVES
from diffcli.source import Source

#: Each function is drawn first so often; three times by hand with DIFFCLI_SEEDED_ROUNDS=3.
COUNT = int(os.environ.get("DIFFCLI_SEEDED_ROUNDS", "1")) * len(DRAWN)
#: Functions applied to make an expression.
STEPS = 2
#: The wrong gradient must differ from the right one by this much of it, or there is nothing to catch.
VISIBLE = 1e-6


def done_here(job: Job) -> Iterator[Outcome]:
    """The job's outcomes, from this process."""
    result = job.work(*job.arguments)
    if isinstance(result, Iterator):
        yield from map(Item, result)
        result = None
    yield Done(result)


@pytest.fixture(autouse=True)
def _work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the errors are seeded: another interpreter has the rules as they are."""
    monkeypatch.setattr("diffcli.deadline.limit.may_fork", lambda: True)
    monkeypatch.setattr("diffcli.deadline.limit.done_by_a_copy", done_here)


Vjp = Callable[..., Any]
Seed = Callable[[Primitive, int], dict[str, Any]]


def _scaled(factor: float) -> Seed:
    """The contribution to one operand times a factor, in both modes."""

    def seeded(primitive: Primitive, wrong: int) -> dict[str, Any]:
        def vjp(position: int, upstream: Any, operands: Any, out: Any, parameters: Any) -> Any:
            if position == wrong:
                upstream = upstream * factor
            return primitive.vjp(position, upstream, operands, out, parameters)

        def jvp(tangents: Any, operands: Any, out: Any, parameters: Any) -> Any:
            changed = [
                tangent * factor if place == wrong and tangent is not None else tangent
                for place, tangent in enumerate(tangents)
            ]
            return primitive.jvp(changed, operands, out, parameters)

        return {"vjp": vjp, "jvp": jvp}

    return seeded


def _without_inner_derivative(primitive: Primitive, wrong: int) -> dict[str, Any]:
    """What arrives is sent on as it is, as if the function's own derivative were 1."""

    def vjp(position: int, upstream: Any, operands: Any, out: Any, parameters: Any) -> Any:
        if position != wrong or primitive.kind != "elementwise":
            return primitive.vjp(position, upstream, operands, out, parameters)
        return 1, upstream.sum_to(operands[position].shape)

    return {"vjp": vjp}


def _without_unbroadcast(primitive: Primitive, wrong: int) -> dict[str, Any]:
    """The contribution keeps the shape of what arrives, though the operand was broadcast."""

    def vjp(position: int, upstream: Any, operands: Any, out: Any, parameters: Any) -> Any:
        local, contribution = primitive.vjp(position, upstream, operands, out, parameters)
        if position != wrong or primitive.kind != "elementwise":
            return local, contribution
        return local, upstream.weighed_by(local)

    return {"vjp": vjp}


KINDS: dict[str, Seed] = {
    "sign": _scaled(-1.0), "factor": _scaled(2.0), "small factor": _scaled(1.0001),
    "missing inner derivative": _without_inner_derivative, "missing un-broadcast": _without_unbroadcast,
}  # fmt: skip


@contextmanager
def _patched(primitive: Primitive, changes: dict[str, Any]) -> Iterator[None]:
    """A primitive with other rules, for as long as this lasts."""
    before = {name: getattr(primitive, name) for name in (*changes, "slopes")}
    try:
        for name, value in {**changes, "slopes": None}.items():
            object.__setattr__(primitive, name, value)
        yield
    finally:
        for name, value in before.items():
            object.__setattr__(primitive, name, value)


@cache
def _expression(seed: int) -> Generated:
    return Generator(seed).generated(DRAWN[seed % len(DRAWN)], STEPS)


def _compared(expression: Generated) -> CompareReport:
    problem = pose(Source(expression.text), given_bindings(expression.values))
    return compare_report(problem, tidied=False)


@pytest.fixture(autouse=True)
def _formulas_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in our rules does not change SymPy's formulas: they are found once for each expression."""
    found: dict[str, Any] = {}
    search = groundwork.found_formulas

    def once(problem: Problem, *arguments: Any) -> Any:
        key = problem.source.text
        if key not in found:
            found[key] = search(problem, *arguments)
        return found[key]

    monkeypatch.setattr(groundwork, "found_formulas", once)


@pytest.mark.parametrize("seed", sampled(range(COUNT), 11))
def test_a_seeded_error_is_caught_and_no_rule_is_accused(seed: int) -> None:
    """Every kind of error in some rule of the expression that shows in the gradient."""
    expression = _expression(seed)
    report = _compared(expression)
    assert report.verdict != "disagree", [(partial.variable, partial.judgement) for partial in report.partials]
    assert report.exit_code == 0
    for kind, seeded in KINDS.items():
        for primitive, wrong in _rules(expression, seed):
            with _patched(primitive, seeded(replace(primitive), wrong)):
                if not _shows(expression, report):
                    continue
                caught = _compared(expression)
                assert (caught.verdict, int(caught.exit_code)) == ("disagree", 1), (kind, primitive.name, wrong)
                assert any("reverse mode" in partial.judgement.wrong for partial in caught.partials)
                assert "the formula" not in {name for partial in caught.partials for name in partial.judgement.wrong}
            break


def _wrong_formula(_: Any, operand: Any) -> Any:
    return sympy.Rational(1001, 1000) * sympy.sin(operand)


def _wrong_values(arithmetic: Any, operand: Any) -> Any:
    return arithmetic.sin(operand) * 1.001


#: What is wrong with a sine, at some values of x: the methods that are to be named, and whether its rule is.
SINES: dict[str, tuple[dict[str, Any], set[str], bool]] = {
    "tangent alone": ({"jvp": lambda tangents, operands, out, parameters: tangents[0] * out}, {"forward mode"}, True),
    "constant offset": (_scaled(1 + 1e-6)(replace(PRIMITIVES["sin"]), 0), {"reverse mode", "forward mode"}, True),
    "values": ({"compute": _wrong_values}, {"the values"}, True),
    "formula": ({"formula": _wrong_formula}, {"the formula"}, False),
}  # fmt: skip


@pytest.mark.parametrize("kind", SINES)
@pytest.mark.parametrize("values", [0.7, [0.3, -1.2]])
def test_what_is_wrong_is_named(kind: str, values: Any) -> None:
    """The method, and the function where its rule does not fit its values."""
    changes, wrong, by_rule = SINES[kind]
    with _patched(PRIMITIVES["sin"], changes):
        report = diffcli.compare("sum(exp(x)*sin(2*x)) + 1", x=values)
    assert (report.verdict, int(report.exit_code)) == ("disagree", 1)
    assert {name for partial in report.partials for name in partial.judgement.wrong} == wrong
    assert (
        report.culprit is not None and (report.culprit.primitive, report.culprit.text) == ("sin", "sin(2*x)")
    ) is by_rule


@pytest.mark.parametrize("seed", sampled(range(0, COUNT, 4), 9))
def test_in_single_precision_a_wrong_rule_is_no_rounding(seed: int) -> None:
    """And a right one is never accused, whatever singles lose."""
    expression = _expression(seed)
    harmless = diffcli.compare(expression.text, expression.values, dtype="float32", tidied=False)
    assert "disagree" not in {partial.judgement.cause for partial in harmless.partials}
    for primitive, operand in _rules(expression, seed)[:1]:
        with _patched(primitive, KINDS["factor"](primitive, operand)):
            if _shows(expression, harmless):
                wrong = diffcli.compare(expression.text, expression.values, dtype="float32", tidied=False)
                assert wrong.verdict in ("disagree", "unchecked")


def test_a_rule_wrong_for_one_shape() -> None:
    """Right for numbers, wrong for arrays: the array's variable is the one that disagrees."""
    exp = replace(PRIMITIVES["exp"])

    def vjp(position: int, upstream: Any, operands: Any, out: Any, parameters: Any) -> Any:
        return exp.vjp(position, upstream * 2 if operands[0].shape else upstream, operands, out, parameters)

    with _patched(PRIMITIVES["exp"], {"vjp": vjp}):
        report = diffcli.compare("exp(y) + sum(exp(x))", x=[1.0, 2.0], y=0.5)
    assert {partial.variable: partial.judgement.wrong for partial in report.partials} == {
        "x": ("reverse mode",),
        "y": (),
    }
    assert report.culprit is not None
    assert report.culprit.text == "exp(x)"


def test_without_time_for_more_digits_rounding_is_not_accused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number on the way is below all doubles, and so reverse mode has 0; a rule that is wrong is found even then."""
    monkeypatch.setattr("diffcli.analysis.comparison.explainer.streamed", Mock(side_effect=TimeLimit))
    vanishing = diffcli.compare("x/digamma(y)", x=-5.454157267571644e-108, y=5.3110640997777094e-126)
    assert float(vanishing.gradient["y"]) == 0
    assert [partial.judgement.cause for partial in vanishing.partials] == ["agree", "unchecked"]
    with _patched(PRIMITIVES["sin"], _scaled(2.0)(replace(PRIMITIVES["sin"]), 0)):
        report = diffcli.compare("exp(x)*sin(2*x)", x=0.7)
    assert (report.verdict, report.partials[0].judgement.wrong) == ("disagree", ("reverse mode", "forward mode"))


def _rules(expression: Generated, seed: int) -> list[tuple[Primitive, int]]:
    """The primitives of the expression with an operand each, in an order of this expression's own."""
    trace = diffcli.grad(expression.text, expression.values).trace
    rules = sorted({(trace.graph.primitives[flow.source].name, flow.operand) for flow in trace.gradient.flows})
    Random(seed).shuffle(rules)
    return [(PRIMITIVES[name], operand) for name, operand in rules]


def _shows(expression: Generated, right: CompareReport) -> bool:
    """Whether the gradient is wrong enough to be seen; a rule that cannot even be applied is."""
    try:
        wrong = diffcli.grad(expression.text, expression.values).gradient
    except DiffcliError:
        return False
    except Exception:
        return True
    return any(
        np.shape(wrong[name]) != np.shape(value) or _apart(wrong[name], value) for name, value in right.gradient.items()
    )


def _apart(wrong: Any, right: Any) -> bool:
    return bool(np.any(np.abs(wrong - right) > VISIBLE * np.abs(right)))
