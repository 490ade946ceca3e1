"""Balls enclose what is true, and closely: every primitive's values and pull-backs, against mpmath with more digits."""

from typing import Any

import mpmath
import numpy as np
import pytest

pytest.importorskip("flint", reason="python-flint is not installed: there are no balls")

from diffcli.execute.derivative_matrices import generic
from diffcli.execute.enclosures import enclosures, known
from diffcli.execute.many_digits import of_digits
from diffcli.execute.program import Program

from . import oracle
from .cases import Case, tried

#: Digits in which balls are computed, those of each that are known then, and those of what they are held against.
DIGITS, KNOWN, MANY = 50, 25, 100


def encloses(ball: Any, number: Any) -> bool:
    """Whether the number, which itself is rounded, is in the ball."""
    context = number.context
    middle, radius = (
        context.mpf(context.make_mpf(part._mpf_)) for part in (ball.enclosure.mid(), ball.enclosure.rad().upper())
    )
    return bool(abs(number - middle) <= radius + abs(number) * context.mpf(10) ** -(MANY - 10))


@tried(step=4)
def test_balls_enclose(case: Case) -> None:
    """Values, and what an upstream gradient becomes, in the same program."""
    node = oracle.applied(case)
    upstream = node.input(node.out.shape)
    pulled = [
        case.primitive.vjp(position, upstream, node.operands, node.out, case.parameters)[1] for position in case.varying
    ]
    targets = [node.out.index, *(value.index for value in pulled)]
    inputs = {operand.index: point for operand, point in zip(node.operands, case.points(), strict=True)}
    inputs[upstream.index] = np.asarray(generic(node.out.shape, 1))
    balls, numbers = enclosures(DIGITS), of_digits(MANY)
    with balls.precisely():
        enclosed = Program(node.graph, targets, balls).run(
            {place: balls.lifted(value) for place, value in inputs.items()}
        )
    computed = Program(node.graph, targets, numbers).run(
        {place: numbers.lifted(value) for place, value in inputs.items()}
    )
    for found, wanted in zip(enclosed, computed, strict=True):
        assert np.shape(found) == np.shape(wanted)
        for ball, number in zip(np.ravel(found), np.ravel(numbers.lifted(wanted)), strict=True):
            assert encloses(ball, number), (ball.enclosure, number)
            assert known(ball, KNOWN) or abs(number) < mpmath.mpf(10) ** -(KNOWN + 10), (ball.enclosure, number)
