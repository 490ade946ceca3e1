"""Stretches of a descent, whose points are gone by: the same run, bit for bit, as point by point."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from amount import seeds
from analysis.descent.bitwise import bits
from autodiff.expressions import DRAWN, Generator

import diffcli
from diffcli.analysis.descent import running
from diffcli.analysis.descent.checkpoint import Checkpoint
from diffcli.analysis.descent.descent_report import DescentReport
from diffcli.analysis.descent.hyperparameters import Choice
from diffcli.analysis.descent.kept_points import Keeping
from diffcli.analysis.descent.measurement import Ended, diagnosed
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.running import descent_report
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.stretches import Stretches
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import Problem, pose
from diffcli.execute.arrays import dot, turnings
from diffcli.execute.executors.executor import ExecutorName, Wanted
from diffcli.source import Source

ROSENBROCK = "(1 - x[0])^2 + 100*(x[1] - x[0]^2)^2 + sum((W.T @ x)^2) + sum(W^2) + sin(c*s)"
MATRIX = [[0.3, 0.2, 0.1], [-0.1, 0.7, 0.4]]
#: Variables of every rank, and a constant.
VALUES: dict[str, Any] = {"x": [-1.2, 1.0], "W": MATRIX, "s": 0.3, "c": 2.0}
RULES = [name for name, row in OPTIMIZERS.items() if row.method is None]
#: Single numbers in one loop, and arrays.
WAYS = pytest.mark.parametrize("executor", [None, "plain"], ids=["numbers", "arrays"])


def posed(text: str, wrt: tuple[str, ...] = (), executor: ExecutorName | None = None, **values: Any) -> Problem:
    return pose(Source(text), given_bindings(values), wrt)._replace(wanted=Wanted(executor))


def chosen(optimizer: str, **given: Any) -> Choice:
    """An optimizer with its defaults, but for what is given."""
    table = OPTIMIZERS[optimizer].hyperparameters
    return Choice(optimizer, {**{name: entry.default for name, entry in table.items()}, **given})


@pytest.fixture
def gone_by(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of points of the stretches that are taken."""
    counts: list[int] = []
    after = Stretches.after

    def counted(self: Stretches, last: Any) -> Any:
        for stretch in after(self, last):
            counts.append(len(stretch.path))
            yield stretch

    monkeypatch.setattr(Stretches, "after", counted)
    return counts


@pytest.fixture
def diagnosed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of runs that end alike, to the bit, the end is diagnosed once: no diagnosis knows how a run came to its end."""
    known: list[tuple[Any, Any]] = []

    def once(run: Ended) -> Any:
        end = bits(run._replace(objective=None, settings=None))  # both runs have the same
        for other, said in known:
            if other == end:
                return said
        known.append((end, diagnosed(run)))
        return known[-1][1]

    monkeypatch.setattr(running, "diagnosed", once)


def assert_same(problem: Problem, settings: Settings, checkpoint: Checkpoint | None = None) -> DescentReport:
    """The run in stretches, which is that of someone who watches each point."""
    found = descent_report(problem, settings, checkpoint=checkpoint)
    watched: list[int] = []
    wanted = descent_report(
        problem, settings, checkpoint=checkpoint, watch=lambda step: watched.append(step.iterate.iteration)
    )
    assert [iterate.iteration for iterate in found.history] == watched
    assert bits(found.history) == bits(wanted.history)
    assert (found.status, found.explanation) == (wanted.status, wanted.explanation)
    assert repr(found.diagnosis) == repr(wanted.diagnosis)
    assert bits(found.checkpoint.state) == bits(wanted.checkpoint.state)
    assert bits(dict(found.checkpoint.memory)) == bits(dict(wanted.checkpoint.memory))
    return found


@WAYS
@pytest.mark.parametrize(
    "maximize", [pytest.param(False, id="descend"), pytest.param(True, id="ascend", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("optimizer", RULES)
def test_every_optimizer(optimizer: str, maximize: bool, executor: ExecutorName | None, gone_by: list[int]) -> None:
    """Its steps and what it remembers."""
    problem = posed(ROSENBROCK, ("x", "W", "s"), executor, **VALUES)
    assert_same(problem, Settings(chosen(optimizer), 1e-3, steps=150, tol=0.0, maximize=maximize))
    assert maximize or sum(gone_by) > 100


@WAYS
@pytest.mark.parametrize(
    ("optimizer", "given"),
    [
        ("gd", {"weight_decay": 0.1}),
        ("momentum", {"dampening": 0.1, "weight_decay": 0.1}),
        ("rmsprop", {"centered": True, "momentum": 0.5}),
        ("adam", {"amsgrad": True, "weight_decay": 0.01}),
        ("adamw", {"amsgrad": True}),
        ("adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.1}),
    ],
)
def test_every_hyperparameter(
    optimizer: str, given: dict[str, Any], executor: ExecutorName | None, gone_by: list[int]
) -> None:
    """That changes what a step is made of."""
    problem = posed(ROSENBROCK, ("x", "W", "s"), executor, **VALUES)
    assert_same(problem, Settings(chosen(optimizer, **given), 1e-3, steps=100, tol=0.0))
    assert sum(gone_by) > 50


@WAYS
@pytest.mark.parametrize(
    "schedule",
    [
        [Choice("cosine", {"T_max": 150, "eta_min": 0.0})],
        [Choice("exponential", {"gamma": 0.99})],
        [
            Choice("warmup", {"start_factor": 0.1, "end_factor": 1.0, "total_iters": 40}),
            Choice("step", {"step_size": 30, "gamma": 0.5}),
        ],
    ],
    ids=lambda schedule: schedule[-1].name,
)
def test_schedules_and_clipped_gradients(
    schedule: list[Choice], executor: ExecutorName | None, gone_by: list[int]
) -> None:
    """The rate is that of each step, the gradient's norm that of all variables."""
    problem = posed(ROSENBROCK, ("x", "W", "s"), executor, **VALUES)
    assert_same(problem, Settings(lr=1e-3, schedule=tuple(schedule), clip_norm=3.0, steps=150, tol=0.0))
    assert sum(gone_by) > 100


@WAYS
@pytest.mark.parametrize(
    ("text", "at", "rate", "status"),
    [
        ("mean(x*x)", [1.0, 2.0, 3.0], 0.2, "converged"),
        ("mean(x*x)", [1.0, 2.0, 3.0], 3.0, "oscillating"),
        ("mean(x*x)", [1.0, 2.0, 3.0], 3.02, "diverged"),
        ("sum(abs(x))", [1.05, 2.0], 0.1, "oscillating"),
        ("-x^4", 0.2, 0.1, "diverged"),
        ("exp(-x)", 1.0, 0.1, "step-limit"),
        ("x - log(x)", 3.0, 0.01, "step-limit"),
        ("sqrt(x)", 1.0, 0.01, "not-finite"),
        ("sum(1/x)", [3.0, 2.0], -1.0, "step-limit"),
        ("1e141*x", 1.0, 0.1, "step-limit"),
        ("1e-200*x^2", 1.0, 0.1, "step-limit"),
        ("where(x > 1, x^2, 1)", 3.0, 0.01, "converged"),
    ],
)
def test_every_ending(text: str, at: Any, rate: float, status: str, executor: ExecutorName | None) -> None:
    """Where the numbers turn back, grow, become too small or are none, the same is said."""
    maximize = rate < 0
    settings = Settings(lr=abs(rate), steps=300, maximize=maximize, tol=0.0 if status == "step-limit" else 1e-6)
    assert assert_same(posed(text, executor=executor, x=at), settings).status == status


@WAYS
@pytest.mark.usefixtures("diagnosed_once")
@pytest.mark.parametrize("seed", seeds(1, 200, "DIFFCLI_STRETCHES"))
def test_generated_expressions(seed: int, executor: ExecutorName | None) -> None:
    """Whatever they are made of."""
    made = Generator(seed).generated(DRAWN[seed % len(DRAWN)], 3)
    problem = posed(made.text, executor=executor, **made.values)
    optimizer = RULES[seed % len(RULES)]
    assert_same(problem, Settings(chosen(optimizer), 1e-3, steps=60, maximize=bool(seed % 2)))


@WAYS
@pytest.mark.parametrize("after", [0, 5, 17, 18, 40, 99])
def test_a_run_is_stopped_at_any_point(after: int, executor: ExecutorName | None) -> None:
    """It is asked at each of them, and once."""
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(len(asked))
        return len(asked) > after

    problem = posed("mean(x*x)", executor=executor, x=[1.0, 2.0, 3.0])
    found = descent_report(problem, Settings(lr=1e-3, steps=200), stopped=stopped)
    assert (found.status, found.iterations, len(found.history), len(asked)) == (
        "interrupted",
        after,
        after + 1,
        after + 1,
    )


@WAYS
def test_a_run_is_resumed_within_a_stretch(executor: ExecutorName | None) -> None:
    """From what was kept there point by point."""
    problem = posed("mean(x*x)", executor=executor, x=[1.0, 2.0, 3.0])
    settings = Settings(chosen("adam"), 1e-3, steps=120)
    kept: list[Checkpoint] = []
    whole = descent_report(problem, settings, keep=kept.append)
    resumed = assert_same(problem, settings, kept[50])
    assert bits(resumed.history) == bits(whole.history[50:])


@WAYS
@pytest.mark.parametrize("keeping", [Keeping(10), Keeping(20, 25), Keeping(4, 7)])
def test_points_are_kept_as_they_would_be_one_by_one(keeping: Keeping, executor: ExecutorName | None) -> None:
    """The first, some in between, and the last two."""
    problem = posed("mean(x*x)", executor=executor, x=[1.0, 2.0, 3.0])
    settings = Settings(lr=1e-4, steps=4000, tol=0.0)
    found = descent_report(problem, settings, keeping=keeping)
    wanted = descent_report(problem, settings, keeping=keeping, watch=lambda step: None)
    assert bits(found.history) == bits(wanted.history)


def test_a_history_is_a_sequence() -> None:
    """Points from either end, slices, and what is beyond it."""
    history = diffcli.descend("mean(x*x)", x=[1.0, 2.0, 3.0], lr=1e-4, steps=100, tol=0).history
    assert [iterate.iteration for iterate in history] == [*range(101)]
    assert [history[place].iteration for place in (0, 30, 100, -1, -71)] == [0, 30, 100, 100, 30]
    assert [iterate.iteration for iterate in history[10:60:20]] == [10, 30, 50]
    assert [iterate.iteration for iterate in reversed(history)] == [*range(100, -1, -1)]
    assert history[40].at["x"].shape == (3,)
    with pytest.raises(IndexError):
        history[101]


@WAYS
def test_a_time_limit_ends_a_long_run(executor: ExecutorName | None) -> None:
    """Between two stretches."""
    problem = posed("mean(x*x)", executor=executor, x=[1.0, 2.0, 3.0])
    found = descent_report(problem, Settings(lr=1e-9, steps=10**9, tol=0.0, max_seconds=0.5), keeping=Keeping(10))
    assert found.status == "time-limit"
    assert found.iterations > 1000


def least_squares(executor: ExecutorName | None = None) -> Problem:
    """A problem in arrays: the gradient by D comes column by column, and there is none by k."""
    random = np.random.default_rng(0)
    text = "mean((A @ c - y)^2) + sum(B*(S @ B)) + (s - 1)^2 + s*sum(D*K.T)/100 + [1, 2, 3][k]"
    shapes: dict[str, tuple[int, ...]] = {"A": (60, 12), "y": (60,), "K": (5, 7), "B": (7, 5), "D": (7, 5), "c": (12,)}
    arrays = {name: random.normal(size=shape) for name, shape in shapes.items()}
    start = ("c", "B", "s", "D", "k")
    return posed(text, start, executor, S=np.diag(np.arange(1.0, 8.0)), s=0.5, k=1.0, **arrays)


@pytest.mark.parametrize("optimizer", ["gd", "adam"])
def test_arrays_are_gone_by_from_the_first_step_on(optimizer: str, gone_by: list[int]) -> None:
    """Several variables of any rank, one of which the value does not depend on."""
    assert_same(least_squares(), Settings(chosen(optimizer), 1e-2, steps=80, tol=0.0, clip_norm=20.0))
    assert sum(gone_by) == 79


def test_arrays_are_gone_by_in_blocks(gone_by: list[int]) -> None:
    """Whatever computes a step."""
    random = np.random.default_rng(0)
    data = {"X": random.normal(size=(300, 4)), "y": random.normal(size=300) > 0}
    problem = posed("bce_with_logits(X @ w + b, y)", ("w", "b"), "blocks", w=np.zeros(4), b=0.0, **data)
    assert_same(problem, Settings(chosen("momentum"), 0.1, steps=50, tol=0.0))
    assert sum(gone_by) == 49


def test_points_that_are_looked_at_again_and_again_are_not_tried_to_be_gone_by(gone_by: list[int]) -> None:
    """Where every gradient is too large for that."""
    assert_same(posed("sum(1e145*x)", executor="plain", x=[1.0, 2.0, 3.0]), Settings(lr=1.0, steps=100, tol=0.0))
    assert len(gone_by) < 10


@pytest.mark.parametrize("shape", [(), (1,), (7,), (8,), (129,), (3, 50), (9000,), (40, 3, 77)])
@pytest.mark.parametrize("count", [2, 3, 40])
def test_turnings_are_signs_of_products(shape: tuple[int, ...], count: int) -> None:
    """Also where rounding decides, and however the elements are stored."""
    random = np.random.default_rng(count)
    first, *others = [{"a": random.normal(size=shape), "b": random.normal(size=shape[::-1]).T} for _ in range(count)]
    path = [first]
    for other in others:  # a right angle to the one before, but for rounding
        before = path[-1]
        along = sum(dot(other[name], before[name]) for name in other) / sum(dot(g, g) for g in before.values())
        path.append({name: other[name] - along * before[name] for name in other})
    wanted = [sum(dot(after[name], before[name]) for name in after) < 0 for before, after in pairwise(path)]
    assert turnings(path) == wanted


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.mark.parametrize(("executor", "ratio"), [(None, 3), ("plain", 1.5)], ids=["numbers", "arrays"])
def test_stretches_are_faster_than_points(executor: ExecutorName | None, ratio: float) -> None:
    """In CPU time, the two side by side: three numbers cost little more than Python needs for them."""
    problem = posed("mean(x*x)", executor=executor, x=[1.0, 2.0, 3.0])
    settings = Settings(lr=1e-4, steps=4000, tol=0.0)
    ratios = []
    for _ in range(5):
        points = _seconds(lambda: descent_report(problem, settings, watch=lambda step: None))
        ratios.append(points / _seconds(lambda: descent_report(problem, replace(settings))))
    assert statistics.median(ratios) > ratio


def test_constants_of_a_descent_are_computed_once() -> None:
    """A matrix that no step changes is made before the first."""
    problem = posed(
        "mean((t[:,None]^arange(40) @ c - y)^2)", ("c",), t=np.linspace(0, 1, 300), y=np.ones(300), c=np.zeros(40)
    )
    names = [step.primitive.name for step in Objective(problem).schedule().steps]
    assert names[:2] == ["matmul", "sub"]
    assert "expand_dims" not in names
