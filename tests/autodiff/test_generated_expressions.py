"""Reverse mode against differences of an independent evaluator, on hundreds of random expressions."""

import os
from collections import Counter
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from amount import PATIENCE, sampled

import diffcli
from diffcli.primitives.table import FUNCTION_NAMES, PRIMITIVES
from diffcli.source import Source
from diffcli.syntax.parser import parse

from .expressions import ARITIES, DRAWN, Generated, Generator
from .mathematics import OF_ARRAYS, OF_NUMBERS, SYNONYMS, evaluated

#: Each function is the first one drawn eight times.
COUNT = 8 * len(DRAWN)
#: SymPy takes half a second for each: every 180th in every run, every thirtieth with -m long, all of them with 1.
FORMULA_STEP = int(os.environ.get("DIFFCLI_FORMULA_STEP", "30"))
#: A component may be wrong by this fraction of itself.
TOLERANCE = 1e-12
#: An expression is left out if contributions cancel in one of its components: if that is not
#: exactly 0, but below this fraction of the largest one. Double precision has no digits for it:
#: sixteen are those of the largest one, and twelve are asked for.
CANCELLED = 1e-4
#: Central differences: truncation and rounding are both below 1e-30.
DIGITS, STEP = 55, mpmath.mpf(10) ** -18


@cache
def generated(seed: int) -> Generated:
    """The expression of a number; each function is the first one drawn for some of them."""
    return Generator(seed).generated(DRAWN[seed % len(DRAWN)], 8)


@cache
def differences(seed: int) -> dict[str, np.ndarray]:
    """The gradient of the expression of a number by differences in many digits, one for each element."""
    expression = generated(seed)
    program = parse(Source(expression.text))
    with mpmath.workdps(DIGITS):
        exact = {
            name: np.frompyfunc(mpmath.mpf, 1, 1)(np.asarray(value, dtype=object))
            for name, value in expression.values.items()
        }
        found = {}
        for name, value in exact.items():
            partials = np.empty(np.shape(value), dtype=object)
            for place in np.ndindex(partials.shape):
                ahead, behind = (
                    evaluated(program, {**exact, name: _moved(value, place, step)}) for step in (STEP, -STEP)
                )
                partials[place] = (ahead - behind) / (2 * STEP)
            found[name] = partials.astype(float)
        return found


def _moved(value: Any, place: tuple[int, ...], step: Any) -> Any:
    moved = np.array(value, dtype=object)
    moved[place] += step
    return moved[()]


def functions(expression: Generated) -> set[str]:
    """What the expression is made of, each function by its first name."""
    program = parse(Source(expression.text))
    nodes = [
        node
        for tree in (program.expression, *(statement.body for statement in program.statements))
        for node in tree.nodes
    ]
    names = {(SYNONYMS.get(node.text, node.text), len(node.children)) for node in nodes if node.kind == "call"}
    overloads = {("max", 2): "maximum", ("min", 2): "minimum"}
    return {overloads.get((name, count), name) for name, count in names} | {node.kind for node in nodes}


def cancels(reference: dict[str, np.ndarray]) -> bool:
    """Whether a component is too small beside the largest to be compared relative to itself."""
    sizes = np.concatenate([np.abs(partials).ravel() for partials in reference.values()])
    return bool(np.any((sizes > 0) & (sizes < CANCELLED * np.max(sizes))))


def error(expression: Generated, reference: dict[str, np.ndarray]) -> float:
    """The largest relative error of a component of reverse mode's gradient;
    that of a 0 is relative to a thousandth of the largest component.
    """
    gradient = diffcli.grad(expression.text, expression.values).gradient
    worst, floor = 0.0, 1e-3 * max(float(np.max(np.abs(partials))) for partials in reference.values())
    for name, partials in reference.items():
        assert np.shape(gradient[name]) == np.shape(partials)
        difference = np.abs(gradient[name] - partials)
        worst = max(
            worst,
            float(
                np.max(
                    np.where(
                        difference == 0,
                        0.0,
                        difference / np.maximum(np.where(partials == 0, floor, np.abs(partials)), 1e-300),
                    )
                )
            ),
        )
    return worst


@pytest.mark.parametrize("seed", sampled(range(COUNT), 5))
def test_reverse_mode_is_the_slope(seed: int) -> None:
    """Each component of the gradient to twelve digits."""
    expression = generated(seed)
    reference = differences(seed)
    assert cancels(reference) or error(expression, reference) <= TOLERANCE


@pytest.mark.parametrize("seed", sampled(range(0, COUNT, 3), 2))
def test_the_value_is_the_value(seed: int) -> None:
    """The forward sweep agrees with the independent evaluator, relative 1e-13 with a floor of 1."""
    expression = generated(seed)
    with mpmath.workdps(DIGITS):
        exact = float(
            evaluated(
                parse(Source(expression.text)),
                {name: np.frompyfunc(mpmath.mpf, 1, 1)(value) for name, value in expression.values.items()},
            )
        )
    assert diffcli.grad(expression.text, expression.values).value == pytest.approx(exact, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("seed", sampled(range(0, COUNT, FORMULA_STEP), 6))
def test_the_formula_gives_the_same_gradient(seed: int) -> None:
    """SymPy's derivative agrees with reverse mode wherever there is a formula; there nearly always is."""
    expression = generated(seed)
    report = diffcli.grad(expression.text, expression.values, symbolic=True, timeout=PATIENCE)
    assert report.agreement is not None
    assert report.symbolic is not None
    assert report.agreement.verdict != "disagree"
    assert report.agreement.verdict == "agree" or any(row.reason for row in report.symbolic.values())


@pytest.mark.long
def test_there_are_hundreds_of_different_expressions_and_every_function_is_among_them() -> None:
    """At least three hundred distinct texts are compared by a gradient that is not all 0, and each function is in five
    of them.
    """
    expressions = [generated(seed) for seed in range(COUNT)]
    assert len({expression.text for expression in expressions}) >= 300
    written = Counter(name for expression in expressions for name in functions(expression))
    assert {name: written[name] for name in (*OF_NUMBERS, *OF_ARRAYS, "index", "array") if written[name] < 5} == {}
    references = [differences(seed) for seed in range(COUNT)]
    compared = [reference for reference in references if not cancels(reference)]
    assert sum(any(np.any(partials) for partials in reference.values()) for reference in compared) >= 300


def test_the_evaluator_knows_every_function() -> None:
    """A function of each element that the language gains needs a line in mathematics.py, and a point for each of its
    operands.
    """
    elementwise = [
        primitive
        for primitive in PRIMITIVES.values()
        if primitive.public and primitive.kind == "elementwise" and not primitive.options
    ]
    assert {name for primitive in elementwise for name in (primitive.name, *primitive.aliases)} - {
        *OF_NUMBERS,
        *SYNONYMS,
        "max",
        "min",
    } == set()
    assert {*OF_NUMBERS, *OF_ARRAYS, *SYNONYMS} <= FUNCTION_NAMES
    assert {name: len(PRIMITIVES[name].operands) for name in OF_NUMBERS} == {
        name: ARITIES.get(name, 1) for name in OF_NUMBERS
    }
