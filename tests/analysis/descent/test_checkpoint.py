"""Saved runs: resumed, they are the uninterrupted ones bit for bit, and a file that does not fit is refused."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from amount import sampled
from analysis.descent.bitwise import bits

from diffcli.analysis.data.binding import given_data
from diffcli.analysis.descent.checkpoint import Checkpoint, read_checkpoint, saved_text
from diffcli.analysis.descent.data_split import limited
from diffcli.analysis.descent.descent_report import DescentReport
from diffcli.analysis.descent.diagnosis import Memory
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.planning import plans
from diffcli.analysis.descent.running import descent_report
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import Problem, pose
from diffcli.errors import DiffcliError
from diffcli.source import Source

#: Every direction bends, so that doubles tell the kind of point.
ROSENBROCK = "(1 - x[0])^2 + 100*(x[1] - x[0]^2)^2 + sum((W.T @ x)^2) + sum(W^2) + sin(c*s)"
STEPS = 24


def posed(text: str = ROSENBROCK, wrt: Sequence[str] = ("x", "W", "s"), **values: Any) -> Problem:
    """A problem with a vector, a matrix whose columns stand next to each other, a number, and a constant."""
    given = values or {"x": [-1.2, 1.0], "W": np.array([[0.3, -0.1], [0.2, 0.7], [0.1, 0.4]]).T, "s": 0.3, "c": 2.0}
    return pose(Source(text), given_bindings(given), wrt)


def plan(
    problem: Problem,
    optimizer: str = "gd",
    lr: str | None = None,
    schedule: str = "constant",
    given: Sequence[str] = (),
    **limits: Any,
) -> Settings:
    """The settings of one run."""
    settings = limited(
        problem,
        Settings(**{"tol": 0.0, **{name: value for name, value in limits.items() if name != "steps"}}),
        limits.get("steps", STEPS),
    )
    return plans(problem, settings, optimizer, lr, schedule, given)[0]


def through_a_file(folder: Path, problem: Problem, settings: Settings, checkpoint: Checkpoint) -> Checkpoint:
    """What comes back from a file."""
    file = folder / "run.json"
    file.write_text(saved_text(problem, settings, checkpoint), encoding="utf-8")
    return read_checkpoint(Source(str(file), "--resume"), problem, settings)


def assert_resumes(folder: Path, problem: Problem, settings: Settings, places: Sequence[int]) -> DescentReport:
    """A run from each of the places, which are saved and read, is what the uninterrupted one was from there on."""
    kept: list[Checkpoint] = []
    whole = descent_report(problem, settings, keep=kept.append)
    assert bits(kept[-1].state) == bits(whole.checkpoint.state)
    for place in places:
        read = through_a_file(folder, problem, settings, kept[place])
        assert bits(read) == bits(kept[place])
        resumed = descent_report(problem, settings, checkpoint=read)
        assert bits(resumed.history) == bits(whole.history[place:])
        assert (resumed.status, resumed.explanation, resumed.iterations) == (
            whole.status,
            whole.explanation,
            whole.iterations,
        )
        assert repr(resumed.diagnosis) == repr(whole.diagnosis)
        assert bits(resumed.checkpoint) == bits(whole.checkpoint)
    return whole


@pytest.mark.parametrize(
    ("optimizer", "given"),
    sampled(
        [
            *((name, ()) for name in OPTIMIZERS),
            ("momentum", ["dampening=0.1", "weight_decay=0.01"]),
            ("adagrad", ["lr_decay=0.1", "initial_accumulator_value=0.1"]),
            ("rmsprop", ["centered=true", "momentum=0.5"]),
            ("adam", ["amsgrad=true", "weight_decay=0.01"]),
        ],
        3,
    ),
)
def test_every_optimizer_resumes(optimizer: str, given: Sequence[str], tmp_path: Path) -> None:
    """With all that it remembers; with other slots, where hyperparameters ask for them."""
    problem = posed()
    rate = None if OPTIMIZERS[optimizer].method else "0.001"
    whole = assert_resumes(tmp_path, problem, plan(problem, optimizer, rate, given=given), [0, 1, 11, -1])
    assert whole.iterations > 12


@pytest.mark.parametrize(
    ("schedule", "given"),
    [
        ("step", ["step_size=5"]),
        ("exponential", ["gamma=0.9"]),
        ("cosine", []),
        ("inverse-time", []),
        ("warmup", ["total_iters=7"]),
        ("warmup+cosine", ["total_iters=7"]),
        ("warmup+step", ["total_iters=7", "step_size=5"]),
    ],
)
def test_every_schedule_resumes(schedule: str, given: Sequence[str], tmp_path: Path) -> None:
    """Within the warm-up, and after it; with the gradient clipped."""
    problem = posed()
    whole = assert_resumes(tmp_path, problem, plan(problem, "adam", "0.01", schedule, given, clip_norm=3.0), [3, 7, 12])
    assert len({iterate.rate for iterate in whole.history}) > 2


@pytest.mark.parametrize(("shuffle", "holdout"), [(False, 0.0), (True, 0.0), (True, 0.3)])
def test_batches_resume(shuffle: bool, holdout: float, tmp_path: Path) -> None:
    """In the middle of an epoch and between two, in the same random orders."""
    rows = np.random.default_rng(3).normal(size=(23, 2))
    (tmp_path / "rows.csv").write_text("u,v\n" + "\n".join(f"{u!r},{v!r}" for u, v in rows.tolist()), encoding="utf-8")
    text = Source("param w = 0.5; param b = 0; mean((w*u + b - v)^2)")
    problem = pose(text, data=given_data(Source(str(tmp_path / "rows.csv"), "--data")))
    settings = plan(
        problem, "momentum", "0.05", steps=None, batch_size=4, epochs=4, shuffle=shuffle, seed=5, holdout=holdout
    )
    assert_resumes(tmp_path, problem, settings, [0, 4, 7, 10, -1])
    (tmp_path / "rows.csv").write_text(
        "u,v\n" + "\n".join(f"{u!r},{v!r}" for u, v in rows[::-1].tolist()), encoding="utf-8"
    )
    other = pose(text, data=given_data(Source(str(tmp_path / "rows.csv"), "--data")))
    assert "the value of 'u' is of shape (23,) with the digest " in fault_of(tmp_path / "run.json", other, settings)


@pytest.mark.parametrize(
    ("text", "lr", "limits"),
    [
        ("mean(x*x)", "3", {"steps": 200}),
        ("mean(x*x)", "3.1", {"steps": 2000}),
        ("mean(x*x)", "0.4", {"steps": 200, "tol": 1e-6}),
        ("mean(x*x)", "0.001", {"steps": 60}),
        ("sum(abs(x))", "0.3", {"steps": 200}),
        ("sum(log(x))", "0.3", {"steps": 200}),
        ("sum(x^4)", "0.01", {"steps": 300}),
        ("x[0]^2 - x[1]^2 + x[2]", "0.1", {"steps": 300}),
    ],
)
def test_a_resumed_run_ends_as_the_uninterrupted_one(
    text: str, lr: str, limits: dict[str, Any], tmp_path: Path
) -> None:
    """With the same verdict, in the same words, after the same step: the judge's memory is saved too."""
    problem = posed(text, ("x",), x=[1.0, 2.0, 3.0])
    assert_resumes(tmp_path, problem, plan(problem, "gd", lr, **limits), [0, 1, 3, -2, -1])


def test_more_steps_go_on_where_fewer_ended(tmp_path: Path) -> None:
    """The number of steps, the tolerance and the time limit may be others; the steps are the same."""
    problem = posed()
    short, long = plan(problem, "adam", "0.01", steps=9), plan(problem, "adam", "0.01", steps=30)
    file = tmp_path / "run.json"
    file.write_text(saved_text(problem, short, descent_report(problem, short).checkpoint), encoding="utf-8")
    settings = replace(long, tol=1e-9, max_seconds=1e6, strict=True)
    resumed = descent_report(
        problem, settings, checkpoint=read_checkpoint(Source(str(file), "--resume"), problem, settings)
    )
    assert bits(resumed.history) == bits(descent_report(problem, long).history[9:])


def test_every_double_comes_back(tmp_path: Path) -> None:
    """Zeros with both signs, the least and the largest, infinities, nan, and random bits; in arrays of every rank."""
    random = np.random.default_rng(1).integers(0, 2**64, 2000, dtype=np.uint64).view(np.float64)
    numbers = np.array(
        [0.0, -0.0, 5e-324, -1.7976931348623157e308, 0.1, math.inf, -math.inf, math.nan, *random[~np.isnan(random)]]
    )
    point = {"x": numbers, "M": numbers[:6].reshape(1, 6), "e": np.zeros((0, 3)), "s": np.float64(-0.0)}
    problem = pose(Source("sum(x) + sum(M) + sum(e) + s"), given_bindings({**point, "e": np.ones((1, 3))}))
    problem = problem._replace(values=point)
    settings = plan(problem, "adam")
    iterate = Iterate(2, point, math.nan, 1.0)
    state = State(3, point, {name: {"m": value, "v": np.flip(value)[()]} for name, value in point.items()})
    memory = Memory(
        iterate, iterate, point, math.inf, 2, True, -0.0, iterate, ((1, 2.5, None), (2, math.inf, 0.1))
    )._asdict()
    checkpoint = Checkpoint(state, memory)
    assert bits(through_a_file(tmp_path, problem, settings, checkpoint)) == bits(checkpoint)


def fault_of(file: Path, problem: Problem, settings: Settings) -> str:
    """The message that refuses a file."""
    with pytest.raises(DiffcliError) as caught:
        read_checkpoint(Source(str(file), "--resume"), problem, settings)
    assert str(file) in caught.value.diagnostic.message
    return f"{caught.value.diagnostic.code}: {caught.value.diagnostic.message}"


def test_what_differs_is_named_with_both_values(tmp_path: Path) -> None:
    """Of the problem and of the settings."""
    values = {"x": [1.0, 2.0], "y": 3.0, "long": np.arange(100.0)}
    text = "sum(x^2)*y + sum(long)"
    problem = posed(text, ("x", "y"), **values)
    settings = plan(problem, "adam", "0.1", "cosine")
    file = tmp_path / "run.json"
    file.write_text(saved_text(problem, settings, descent_report(problem, settings).checkpoint), encoding="utf-8")
    assert "the expression is sum(x^2)*y + sum(long) in the file and sum(x^2)+y + sum(long) here" in fault_of(
        file, posed("sum(x^2)+y + sum(long)", ("x", "y"), **values), settings
    )
    other = posed(text, ("x", "y"), **{**values, "x": [1.0, 2.5]})
    assert fault_of(file, other, settings).endswith(
        "is of another run: the value of 'x' is [1.0, 2.0] in the file and [1.0, 2.5] here"
    )
    assert "'long' is of shape (100,) with the digest " in fault_of(
        file, posed(text, ("x", "y"), **{**values, "long": np.arange(100.0) + 1e-9}), settings
    )
    assert "--wrt is x,y in the file and x here" in fault_of(file, posed(text, ("x",), **values), settings)
    for changed, words in [
        (replace(settings, maximize=True), "the command is descend in the file and ascend here"),
        (replace(settings, lr=0.2), "--lr is 0.1 in the file and 0.2 here"),
        (replace(settings, clip_norm=1.0), "--clip-norm is not given in the file and 1.0 here"),
        (replace(settings, seed=7), "--seed is 0 in the file and 7 here"),
        (replace(settings, shuffle=True), "--shuffle is false in the file and true here"),
        (replace(settings, schedule=()), "--schedule is cosine in the file and constant here"),
        (plan(problem, "adam", "0.1", "cosine", steps=50), f"T_max of cosine is {STEPS} in the file and 50 here"),
        (plan(problem, "adam", "0.1", "cosine", ["eps=1e-6"]), "eps of adam is 1e-08 in the file and 1e-06 here"),
        (plan(problem, "gd", "0.1", "cosine"), "--optimizer is adam in the file and gd here"),
        (
            plan(problem, "rmsprop", "0.2"),
            "--optimizer is adam in the file and rmsprop here; --lr is 0.1 in the file and 0.2 here; --schedule is "
            "cosine in",
        ),
    ]:
        message = fault_of(file, problem, changed)
        assert message.startswith("E408: ")
        assert words in message
        assert message.count(" here") == words.count(" here") + (not words.endswith("here"))


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    """Cut off anywhere, with another digit, or something else altogether."""
    problem = posed()
    settings = plan(problem, "adam", "0.01", steps=3)
    text = saved_text(problem, settings, descent_report(problem, settings).checkpoint)
    file = tmp_path / "run.json"
    changed = text.replace('"iteration": 3', '"iteration": 2')
    document = json.loads(text)
    of_no_run = {key: document[key] for key in ("schema", "sha256")}
    for content in (
        *(text[:end] for end in range(0, len(text) - 1, 97)),
        changed,
        text.replace("saved-run@1", "saved-run@2"),
        text.replace("0.01", "NaN"),
        "[" * 100_000,
        "null",
        "[]",
        '"text"',
        json.dumps(of_no_run),
        "\ud800",
    ):
        file.write_bytes(content.encode("utf-8", "surrogatepass"))
        assert fault_of(file, problem, settings).startswith("E401: ")
    assert "cannot read" in fault_of(tmp_path, problem, settings)
    assert "cannot read" in fault_of(tmp_path / "none.json", problem, settings)
    file.write_text(text, encoding="utf-8")
    assert read_checkpoint(Source(str(file), "--resume"), problem, settings).state.iteration == 3


_ODD: tuple[Any, ...] = (
    None, True, -1, 7, 2**70, 10**400, 0.5, 1e999, "", "nan", "@", [], [1], {}, {"x": 1}, {"@number": "inf"},
    {"@number": "no"},
    {"@shape": [], "@numbers": [1.0]}, {"@shape": [2], "@numbers": [1.0, "nan"]}, {"@shape": [-1], "@numbers": [1.0]},
    {"@iterate": {}}, {"@shape": 1},
)  # fmt: skip


def damaged(document: Any) -> Iterator[Any]:
    """The document with each of its parts left out, doubled, or made something else, one at a time."""
    parts = (
        list(document.items())
        if isinstance(document, dict)
        else list(enumerate(document))
        if isinstance(document, list)
        else []
    )
    for key, part in parts:
        rest = [(other, value) for other, value in parts if other != key]

        def within(value: Any, key: Any = key, rest: Any = rest) -> Any:
            if isinstance(document, dict):
                return dict([*rest, (key, value)])
            return [value if place == key else other for place, other in enumerate(document)]

        yield dict(rest) if isinstance(document, dict) else [value for _, value in rest]
        yield within([part, part])
        yield from map(within, _ODD)
        yield from map(within, damaged(part))


@pytest.mark.parametrize("step", [61, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize(("optimizer", "batch_size"), [("adam", None), ("momentum", 2), ("gd", None), ("lbfgs", None)])
def test_a_file_whose_digest_is_right_is_checked_all_the_same(
    optimizer: str, batch_size: int | None, step: int, tmp_path: Path
) -> None:
    """Each of its parts in turn, or every so many, is something else: it is refused, or a run goes on from it."""
    (tmp_path / "rows.csv").write_text("u,v\n1,2\n2,3\n3,5\n", encoding="utf-8")
    problem = pose(
        Source("param w = [0.5, 1]; mean((w[0]*u + w[1] - v)^4)"),
        data=given_data(Source(str(tmp_path / "rows.csv"), "--data")),
    )
    settings = plan(problem, optimizer, steps=8, batch_size=batch_size)
    document = json.loads(saved_text(problem, settings, descent_report(problem, replace(settings, steps=7)).checkpoint))
    body = {name: part for name, part in document.items() if name not in ("schema", "sha256")}
    file = tmp_path / "run.json"
    seen = refused = 0
    for changed in islice(damaged(body), 0, None, step):
        content = json.dumps(changed)
        file.write_text(
            json.dumps({"schema": document["schema"], "sha256": sha256(content.encode()).hexdigest(), **changed}),
            encoding="utf-8",
        )
        seen += 1
        try:
            descent_report(
                problem, settings, checkpoint=read_checkpoint(Source(str(file), "--resume"), problem, settings)
            )
        except DiffcliError as error:
            refused += error.diagnostic.code in ("E401", "E408")
    assert seen > 500 // step
    assert refused > 0.8 * seen
