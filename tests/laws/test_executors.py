"""Every executor against the graph run node by node: the same numbers within two units in the last place."""

from itertools import product
from random import Random
from typing import Any, get_args

import numpy as np
import pytest

from diffcli.autodiff.reverse import gradient
from diffcli.execute.executors.choice import planned
from diffcli.execute.executors.executor import ExecutorName, Unfit
from diffcli.execute.program import Program
from diffcli.execute.schedule import scheduled
from diffcli.primitives.primitive import Primitive

from . import oracle
from .cases import ELEMENTWISE, Case, arbitrary, tried
from .samples import samples_of

#: What doubles do at their ends, and beside them.
_SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 5e-324, -2.2e-308, 1e-16, 1e16, -1.7e308, np.inf, -np.inf, np.nan)
_EXECUTORS = get_args(ExecutorName)


def _same(found: Any, wanted: Any) -> bool:
    """Within two units in the last place; nan is nan, and a zero has its sign."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    if found.shape != wanted.shape:
        return False
    with np.errstate(all="ignore"):
        near = np.abs(found - wanted) <= 2 * np.spacing(np.maximum(np.abs(found), np.abs(wanted)))
    return bool(np.all((found == wanted) | near | (np.isnan(found) & np.isnan(wanted))))


def _agree(executor: ExecutorName, case: Case, points: list[Any]) -> None:
    """Value and gradient of a primitive's output, weighed by a cotangent."""
    node = oracle.applied(case)
    seed = node.input(node.out.shape)
    varying = [node.operands[position].index for position in case.varying]
    adjoints = gradient(node.graph, node.out.index, varying, seed).adjoints
    targets = [node.out.index, *(adjoints[operand] for operand in varying if operand in adjoints)]
    inputs = [*(operand.index for operand in node.operands), seed.index]
    values = [x[()] for x in (*points, arbitrary(Random(7), node.out.shape))]
    try:
        plan = planned(scheduled(node.graph, targets, inputs), executor)
    except Unfit as reason:
        pytest.skip(str(reason))
    found = plan.runner(values)
    wanted = Program(node.graph, targets).run(dict(zip(inputs, values, strict=True)))
    for ours, theirs in zip(found, wanted, strict=True):
        assert _same(ours, theirs), (ours, theirs)


@pytest.mark.parametrize("executor", _EXECUTORS)
@tried()
def test_executors_agree(executor: ExecutorName, case: Case) -> None:
    """On every primitive, with its gradient."""
    _agree(executor, case, case.points())


@pytest.mark.parametrize("executor", _EXECUTORS)
@pytest.mark.parametrize("primitive", ELEMENTWISE, ids=lambda primitive: primitive.name)
def test_executors_agree_at_the_ends_of_doubles(executor: ExecutorName, primitive: Primitive) -> None:
    """On every elementwise primitive, at infinities, nan, zeros of both signs and numbers beside them, in all pairs."""
    sample = samples_of(primitive)[0]
    points = [np.array(column) for column in zip(*product(_SPECIAL, repeat=len(sample.shapes)), strict=True)]
    shape = points[0].shape
    _agree(executor, Case(primitive, (shape,) * len(points), sample.parameters, ((0.0, 1.0),) * len(points)), points)
