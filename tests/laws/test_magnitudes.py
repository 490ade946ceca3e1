"""Values and gradients of random expressions against sixty digits and more: where one is wrong, the report says so.

The long run, 10,000 expressions in some forty minutes on one core, with the counts:

    DIFFCLI_MAGNITUDES=10000 python -m pytest tests/laws/test_magnitudes.py -n auto -s
"""

from collections import Counter
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from amount import seeds

import diffcli
from diffcli.errors import DiffcliError, ExitCode
from diffcli.primitives.table import FAMILIES

from .magnitudes import DRAWN, Expression, Unknown, Values, expression

#: Expressions of one test.
BLOCK = 20
#: The tests: each function is the first one drawn once in the usual run, more often in the long one.
BLOCKS = seeds(-(-len(DRAWN) // BLOCK), 50, "DIFFCLI_MAGNITUDES", BLOCK)
#: What a number may be wrong by: the digits that are shown are right. Below the smallest number with all digits, that
#: number.
TOLERANCE, SMALLEST = mpmath.mpf("1e-6"), mpmath.mpf("1e-305")
#: Digits and the relative step of central differences; the second only where the first does not confirm an answer: with
#: digamma, whose tables take seconds then, in fewer digits.
FIRST, SECOND, FEWER = (160, 60), (1_400, 500), (700, 250)

#: Families of the table whose functions make or move arrays, or are constants as far as slopes go: structure has laws
#: of its own.
APART = {"arrays: shape and order", "arrays: made from nothing"}
#: Functions of other families that are not drawn: they have no slope, or are said by others that are.
NOT_DRAWN = {"one_hot", "at_target", "kth_smallest", "full", "matmul"}


def numbers(values: Any) -> Any:
    """Doubles as numbers of mpmath, exactly."""
    return np.frompyfunc(mpmath.mpf, 1, 1)(np.asarray(values, dtype=object))


def reference(drawn: Expression, names: list[str], digits: int, step: int) -> dict[str, Any] | None:
    """The value and the gradient in mpmath, None where there are none."""
    with mpmath.workdps(digits):
        at = {name: numbers(value) for name, value in drawn.at.items()}
        try:
            found: dict[str, Any] = {"": drawn.value(at)}
            for name in names:
                partials = np.empty(np.shape(at[name]), dtype=object)
                for place in np.ndindex(partials.shape):
                    partials[place] = _slope(drawn, at, name, place, step)
                found[name] = partials
        except (Unknown, ArithmeticError, ValueError, TypeError):
            return None
        return found


def _slope(drawn: Expression, at: Values, name: str, place: tuple[int, ...], step: int) -> Any:
    moved = []
    size = max(abs(np.asarray(at[name], dtype=object)[place]), mpmath.mpf(10) ** -300) * mpmath.mpf(10) ** -step
    for sign in (1, -1):
        value = np.array(at[name], dtype=object)
        value[place] += sign * size
        moved.append(drawn.value({**at, name: value[()]}))
    return (moved[0] - moved[1]) / (2 * size)


def wrong(found: dict[str, Any], right: dict[str, Any]) -> bool:
    """Whether some number is wrong beyond what is tolerated."""
    for name, value in found.items():
        for ours, theirs in zip(np.ravel(value), np.ravel(right[name]), strict=True):
            if not abs(mpmath.mpf(float(ours)) - theirs) <= max(TOLERANCE * abs(theirs), SMALLEST):
                return True
    return False


def outcome(seed: int) -> str:
    """`right`, `warned`, `refused`, `unknown` (the reference has no number), or what is wrong without a warning."""
    drawn = expression(seed)
    try:
        report = diffcli.grad(drawn.text, drawn.at, symbolic=False)
    except DiffcliError as error:
        told = (
            error.diagnostic.exit_code in (ExitCode.NOT_FINITE, ExitCode.CANNOT_START)
            and error.diagnostic.code != "E901"
        )
        return "refused" if told else f"{drawn.text} at {drawn.at}: {error.diagnostic}"
    if report.kinks or report.precision.doubt:
        return "warned"
    found = {"": report.value, **report.gradient}
    for digits, step in (FIRST, FEWER if "digamma" in drawn.text else SECOND):
        right = reference(drawn, list(report.gradient), digits, step)
        if right is not None and not wrong(found, right):
            return "right"
    if right is None:
        return "unknown"
    return (
        f"{drawn.text} at {drawn.at}: {found}, not { {name: mpmath.nstr(value, 12) for name, value in right.items()} }"
    )


@cache
def outcomes(block: int) -> tuple[str, ...]:
    """The outcomes of a block of expressions."""
    return tuple(outcome(seed) for seed in range(block * BLOCK, (block + 1) * BLOCK))


@pytest.mark.parametrize("block", BLOCKS)
def test_nothing_is_wrong_without_a_warning(block: int) -> None:
    """Right to six digits, or refused, or with a kink's notice or a doubt; and most of a block is right."""
    counts = Counter(outcomes(block))
    print(dict(counts))  # for the long run
    assert set(counts) <= {"right", "warned", "refused", "unknown"}


def test_every_function_is_drawn() -> None:
    """A function that the language gains needs a line in magnitudes.py."""
    drawn = (
        " ".join(expression(seed).text for seed in range(4 * len(DRAWN)))
        .replace(" + ", " add(")
        .replace(" - ", " sub(")
    )
    drawn = drawn.replace(") * (", " mul(").replace(") / (", " div(").replace(") ^ (", " pow(")
    wanted = {
        function.name for title, functions in FAMILIES.items() if title not in APART for function in functions
    } - NOT_DRAWN
    assert {name for name in wanted if f"{name}(" not in drawn} == set()
