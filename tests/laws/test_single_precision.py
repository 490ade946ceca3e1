"""Single precision: every primitive computes in it what it computes in doubles, to the last places of singles."""

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from diffcli.execute.arithmetic import FLOAT32, FLOAT64
from diffcli.execute.executors import blocks
from diffcli.execute.executors.executor import ExecutorName, Unfit
from diffcli.execute.program import Program

from .cases import Case, tried
from .weighed import compiled, weighed

_UNIT = float(np.finfo(np.float32).eps)
#: Runs in doubles in which every number is moved by a unit in the last place of singles, this way or that.
_SHAKEN = 16
#: Cases whose values are kept: a test holds one executor after the other against them.
_KEPT = 2
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


def _values(case: Case) -> list[Any]:
    """The inputs' values: a case's points, and the cotangent, rounded to singles."""
    return [FLOAT32.lifted(x) for x in weighed(case).at(case.points())]


def _given(case: Case, dtype: type[np.floating[Any]] = np.float32) -> dict[int, Any]:
    """The same by node, as numbers of a type."""
    return {node: dtype(value) for node, value in zip(weighed(case).inputs, _values(case), strict=True)}


@lru_cache(_KEPT)
def _in_doubles(case: Case) -> list[Any]:
    """The targets' values."""
    graph, _, targets = weighed(case)
    return Program(graph, targets).run(_given(case, np.float64))


@lru_cache(_KEPT)
def _margins(case: Case, stable: frozenset[str]) -> list[Any]:
    """For each target how far it moves where the inputs and all nodes are rounded to singles otherwise.

    Of the `stable` the operands are too.
    """
    graph, inputs, targets = weighed(case)
    random = np.random.default_rng(0)
    constants = Program(graph, targets).values(_given(case, np.float64))
    steps = [node for node in graph.needed(targets) if graph.operands[node]]
    margins = [np.zeros(np.shape(constants[target])) for target in targets]

    def moved(value: Any) -> Any:
        return (value * (1.0 + _UNIT * random.choice([-1.0, 1.0], np.shape(value))))[()]

    with np.errstate(all="ignore"):
        for _ in range(_SHAKEN):
            shaken = [*constants]
            for node in inputs[-1:]:
                shaken[node] = moved(constants[node])
            for node in steps:
                primitive = graph.primitives[node]
                function = primitive.implementation(FLOAT64)
                operands = [shaken[operand] for operand in graph.operands[node]]
                if primitive.name in stable:
                    operands = [moved(operand) for operand in operands]
                shaken[node] = moved(function(*operands, **dict(graph.parameters[node])))
            for place, target in enumerate(targets):
                margins[place] = np.fmax(margins[place], np.abs(shaken[target] - constants[target]))
    return margins


def _agree(
    case: Case, found: list[Any], units: int = _UNITS, flushed: float = 0.0, stable: frozenset[str] = _STABLE
) -> None:
    """Hold values in single precision against those in doubles."""
    together = case.primitive.name in _OF_LAPACK
    for ours, theirs, margin in zip(found, _in_doubles(case), _margins(case, stable), strict=True):
        with np.errstate(all="ignore"):
            sizes = np.abs(theirs).astype(np.float32)
            size = np.spacing(np.max(sizes) if together else sizes).astype(float)
            near = np.abs(np.float64(ours) - theirs) <= units * size + 2 * margin + flushed
        assert np.all(near | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))), (ours, theirs, margin)


@pytest.fixture(autouse=True)
def _short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of one slice each, so that arrays of few numbers have several."""
    monkeypatch.setattr(blocks, "_BLOCK_BYTES", 1)


@tried(step=4)
def test_every_number_is_a_single(case: Case) -> None:
    """On the way too: a double among them would hide what single precision does."""
    graph, _, targets = weighed(case)
    for node, value in enumerate(Program(graph, targets, FLOAT32).values(_given(case))):
        if value is not None:
            assert value.dtype == np.float32, (graph.primitives[node].name, value)


@tried(step=6)
def test_single_precision_is_that_of_numpy(case: Case) -> None:
    graph, _, targets = weighed(case)
    _agree(case, Program(graph, targets, FLOAT32).run(_given(case)))


@pytest.mark.parametrize("executor", ["plain", "blocks"])
@tried(step=12)
def test_executors_agree_in_single_precision(executor: ExecutorName, case: Case) -> None:
    _executed(executor, case)


@pytest.mark.parametrize("executor", ["torch", "jax"])
@tried(step=1000, among=4)
def test_libraries_agree_in_single_precision(executor: ExecutorName, case: Case) -> None:
    """What they are handed is that of doubles, which each primitive is tried in."""
    pytest.importorskip(executor)
    if executor == "torch":
        _executed(executor, case, _UNITS_OF_XLA, _SMALLEST)
    else:
        rows = case.shapes[0][-1] if case.primitive.name in _OF_LAPACK else 1
        _executed(executor, case, _UNITS_OF_XLA * rows, _SMALLEST, _STABLE_IN_XLA)


def _executed(
    executor: ExecutorName,
    case: Case,
    units: int = _UNITS,
    flushed: float = 0.0,
    stable: frozenset[str] = _STABLE,
) -> None:
    try:
        runner = compiled(executor, case, FLOAT32)
    except Unfit as reason:
        pytest.skip(str(reason))
    found = runner(_values(case))
    assert all(value.dtype == np.float32 for value in found)
    _agree(case, found, units, flushed, stable)
