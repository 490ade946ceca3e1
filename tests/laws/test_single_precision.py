"""Single precision: every primitive computes in it what it computes in doubles, to the last places of singles."""

from random import Random
from typing import Any

import numpy as np
import pytest

from diffcli.autodiff.reverse import gradient
from diffcli.execute.arithmetic import FLOAT32, FLOAT64
from diffcli.execute.executors import blocks
from diffcli.execute.executors.choice import planned
from diffcli.execute.executors.executor import ExecutorName, Unfit, Wanted
from diffcli.execute.program import Program
from diffcli.execute.schedule import scheduled
from diffcli.graph.graph import Graph

from . import oracle
from .cases import Case, arbitrary, tried

_UNIT = float(np.finfo(np.float32).eps)
#: Runs in doubles in which every number is moved by a unit in the last place of singles, this way or that.
_SHAKEN = 16
#: Units that a function itself may be off by, and those of XLA, which takes numbers below the smallest normal for 0.
_UNITS, _UNITS_OF_XLA, _SMALLEST = 4, 8, float(np.finfo(np.float32).smallest_normal)


#: Backward stable, and no more: several operations, each of which is rounded, cancel, or one of them multiplies the
#: rounding of another. What they give is right for operands a unit away (N. Higham, Accuracy and Stability of
#: Numerical Algorithms, 2002, 1.5).
_STABLE = frozenset({"cofactors", "cross", "gelu", "logaddexp", "mean", "softmax_deviation"})
#: The same of XLA, whose functions are its own.
_STABLE_IN_XLA = _STABLE | {"erfc", "logdet"}
#: What LAPACK computes: errors are relative to the largest element, and in XLA, which eliminates by itself, so many
#: times as large as there are rows (ib., 9.3).
_OF_LAPACK = frozenset({"det", "cofactors", "inv", "solve", "logdet"})


class Differentiated:
    """A primitive's output and gradient, weighed by a cotangent, at a case's points rounded to singles."""

    def __init__(self, case: Case) -> None:
        node = oracle.applied(case)
        self.together = case.primitive.name in _OF_LAPACK
        seed = node.input(node.out.shape)
        varying = [node.operands[position].index for position in case.varying]
        adjoints = gradient(node.graph, node.out.index, varying, seed).adjoints
        self.graph: Graph = node.graph
        self.targets = [node.out.index, *(adjoints[operand] for operand in varying if operand in adjoints)]
        self.inputs = [*(operand.index for operand in node.operands), seed.index]
        self.singles = [FLOAT32.lifted(x) for x in (*case.points(), arbitrary(Random(7), node.out.shape))]

    @property
    def given(self) -> dict[int, Any]:
        """The inputs' values."""
        return dict(zip(self.inputs, self.singles, strict=True))

    def in_doubles(self) -> list[Any]:
        """The targets' values."""
        values = {node: np.float64(value) for node, value in self.given.items()}
        return Program(self.graph, self.targets).run(values)

    def margins(self, stable: frozenset[str]) -> list[Any]:
        """For each target how far it moves where the inputs and all nodes are rounded to singles otherwise.

        Of the `stable` the operands are too.
        """
        random = np.random.default_rng(0)
        constants = Program(self.graph, self.targets).values({n: np.float64(v) for n, v in self.given.items()})
        steps = [node for node in self.graph.needed(self.targets) if self.graph.operands[node]]
        margins = [np.zeros(np.shape(constants[target])) for target in self.targets]

        def moved(value: Any) -> Any:
            return (value * (1.0 + _UNIT * random.choice([-1.0, 1.0], np.shape(value))))[()]

        with np.errstate(all="ignore"):
            for _ in range(_SHAKEN):
                shaken = [*constants]
                for node in self.inputs[-1:]:
                    shaken[node] = moved(constants[node])
                for node in steps:
                    primitive = self.graph.primitives[node]
                    function = primitive.implementation(FLOAT64)
                    operands = [shaken[operand] for operand in self.graph.operands[node]]
                    if primitive.name in stable:
                        operands = [moved(operand) for operand in operands]
                    shaken[node] = moved(function(*operands, **dict(self.graph.parameters[node])))
                for place, target in enumerate(self.targets):
                    margins[place] = np.fmax(margins[place], np.abs(shaken[target] - constants[target]))
        return margins

    def agree(
        self, found: list[Any], units: int = _UNITS, flushed: float = 0.0, stable: frozenset[str] = _STABLE
    ) -> None:
        """Hold values in single precision against those in doubles."""
        for ours, theirs, margin in zip(found, self.in_doubles(), self.margins(stable), strict=True):
            with np.errstate(all="ignore"):
                sizes = np.abs(theirs).astype(np.float32)
                size = np.spacing(np.max(sizes) if self.together else sizes).astype(float)
                near = np.abs(np.float64(ours) - theirs) <= units * size + 2 * margin + flushed
            assert np.all(near | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))), (ours, theirs, margin)


@pytest.fixture(autouse=True)
def _short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of one slice each, so that arrays of few numbers have several."""
    monkeypatch.setattr(blocks, "_BLOCK_BYTES", 1)


@tried(step=4)
def test_every_number_is_a_single(case: Case) -> None:
    """On the way too: a double among them would hide what single precision does."""
    tried_case = Differentiated(case)
    values = Program(tried_case.graph, tried_case.targets, FLOAT32).values(tried_case.given)
    for node, value in enumerate(values):
        if value is not None:
            assert value.dtype == np.float32, (tried_case.graph.primitives[node].name, value)


@tried(step=6)
def test_single_precision_is_that_of_numpy(case: Case) -> None:
    tried_case = Differentiated(case)
    tried_case.agree(Program(tried_case.graph, tried_case.targets, FLOAT32).run(tried_case.given))


@pytest.mark.parametrize("executor", ["plain", "blocks"])
@tried(step=12)
def test_executors_agree_in_single_precision(executor: ExecutorName, case: Case) -> None:
    _compiled(executor, case)


@pytest.mark.parametrize("executor", ["torch", "jax"])
@tried(step=1000, among=4)
def test_libraries_agree_in_single_precision(executor: ExecutorName, case: Case) -> None:
    """What they are handed is that of doubles, which each primitive is tried in."""
    pytest.importorskip(executor)
    if executor == "torch":
        _compiled(executor, case, _UNITS_OF_XLA, _SMALLEST)
    else:
        rows = case.shapes[0][-1] if case.primitive.name in _OF_LAPACK else 1
        _compiled(executor, case, _UNITS_OF_XLA * rows, _SMALLEST, _STABLE_IN_XLA)


def _compiled(
    executor: ExecutorName,
    case: Case,
    units: int = _UNITS,
    flushed: float = 0.0,
    stable: frozenset[str] = _STABLE,
) -> None:
    tried_case = Differentiated(case)
    schedule = scheduled(tried_case.graph, tried_case.targets, tried_case.inputs, arithmetic=FLOAT32)
    try:
        runner = planned(schedule, Wanted(executor)).runner
    except Unfit as reason:
        pytest.skip(str(reason))
    found = runner(tried_case.singles)
    assert all(value.dtype == np.float32 for value in found)
    tried_case.agree(found, units, flushed, stable)
