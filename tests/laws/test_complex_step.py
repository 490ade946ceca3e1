"""The complex step of every primitive that has one, against forward mode: an oracle that knows no derivative rule."""

from random import Random

import numpy as np
import pytest

from diffcli.autodiff.forward import tangents
from diffcli.execute.complex_step import COMPLEX_STEP, STEP, NotAnalytic
from diffcli.execute.program import Program
from diffcli.primitives.primitive import Primitive

from . import oracle
from .cases import CASES, LAWFUL, Case, arbitrary

#: Primitives of which no sample has a complex step.
NOT_ANALYTIC = {"erfinv", "polygamma", "polygamma_difference"}


@pytest.mark.parametrize("primitive", LAWFUL, ids=lambda primitive: primitive.name)
def test_complex_step_is_forward_mode(primitive: Primitive) -> None:
    """Im f(x + ih v)/h is the tangent for v, one operand at a time."""
    tried = [(case, position) for case in CASES if case.primitive is primitive for position in case.varying]
    compared = sum(_compared(case, position) for case, position in tried)
    assert compared > 0 or not tried or primitive.name in NOT_ANALYTIC


def _compared(case: Case, position: int) -> int:
    node = oracle.applied(case)
    direction = arbitrary(Random(2), case.shapes[position], (0.5, 2.0))
    seed = node.input(direction.shape)
    found = tangents(node.graph, node.out.index, {node.operands[position].index: seed})
    points = {operand.index: value[()] for operand, value in zip(node.operands, case.points(), strict=True)}
    moved = {**points, node.operands[position].index: (case.points()[position] + 1j * STEP * direction)[()]}
    try:
        (stepped,) = Program(node.graph, [node.out.index], COMPLEX_STEP).run(moved)
    except NotAnalytic:
        return 0
    if node.out.index not in found:
        assert not np.any(np.imag(stepped)), case.name
        return 1
    expected = Program(node.graph, [found[node.out.index].index]).run({**points, seed.index: direction[()]})[0]
    scale = max(np.max(np.abs(expected), initial=0.0), 1e-3)
    assert np.max(np.abs(np.imag(stepped) / STEP - expected), initial=0.0) <= 1e-9 * scale, (case.name, position)
    return 1
