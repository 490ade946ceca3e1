"""Optimizers, schedules and clipping against `torch.optim`: the same iterates, step by step, in double precision."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest

import diffcli
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.schedules import SCHEDULES

torch = pytest.importorskip("torch", reason="PyTorch is not installed: the optimizers are not held against it")

STEPS = 100

MATRIX = np.array([[3.0, 0.5, -0.2], [0.5, 2.0, 0.3], [-0.2, 0.3, 0.5]])
POINTS = np.array([[0.5, 1.0], [1.5, -0.3], [-1.0, 0.2], [-0.7, -1.1], [0.3, -0.8], [2.0, 1.4]])
LABELS = np.array([1.0, 1.0, -1.0, -1.0, 1.0, -1.0])


class Problem(NamedTuple):
    """An expression, its data, its start, and the same in PyTorch."""

    expression: str
    data: Mapping[str, np.ndarray]
    start: Mapping[str, Any]
    loss: Callable[[Mapping[str, Any]], Any]


def _quadratic(p: Mapping[str, Any]) -> Any:
    return p["x"] @ (torch.tensor(MATRIX) @ p["x"]) / 2 - p["x"].sum()


def _rosenbrock(p: Mapping[str, Any]) -> Any:
    return (1 - p["x"]) ** 2 + 100 * (p["y"] - p["x"] ** 2) ** 2


def _logistic(p: Mapping[str, Any]) -> Any:
    return torch.nn.functional.softplus(-(torch.tensor(POINTS) @ p["w"] + p["b"]) * torch.tensor(LABELS)).mean()


PROBLEMS = {
    "quadratic": Problem("x@(A@x)/2 - sum(x)", {"A": MATRIX}, {"x": [1.0, -2.0, 3.0]}, _quadratic),
    "rosenbrock": Problem("(1 - x)^2 + 100*(y - x^2)^2", {}, {"x": -1.2, "y": 1.0}, _rosenbrock),
    "logistic": Problem(
        "mean(softplus(-(A@w + b)*s))", {"A": POINTS, "s": LABELS}, {"w": [0.1, -0.2], "b": 0.3}, _logistic
    ),
}

Options = dict[str, Any]
#: Our name, PyTorch's class, the rate, the hyperparameters, and what PyTorch needs beside them.
OPTIONS: list[tuple[str, str, float, Options, Options]] = [
    ("gd", "SGD", 1e-3, {}, {}),
    ("gd", "SGD", 1e-3, {"weight_decay": 0.1}, {}),
    ("momentum", "SGD", 1e-3, {}, {"momentum": 0.9}),
    ("momentum", "SGD", 1e-3, {"momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1}, {}),
    ("nesterov", "SGD", 1e-3, {}, {"momentum": 0.9, "nesterov": True}),
    ("nesterov", "SGD", 1e-3, {"momentum": 0.7, "weight_decay": 0.1}, {"nesterov": True}),
    ("adagrad", "Adagrad", 0.05, {}, {}),
    ("adagrad", "Adagrad", 0.05, {"lr_decay": 0.01, "weight_decay": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-6},
        {}),
    ("rmsprop", "RMSprop", 0.01, {}, {}),
    ("rmsprop", "RMSprop", 0.001, {"alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1, "eps": 1e-6}, {}),
    ("rmsprop", "RMSprop", 0.001, {"centered": True, "alpha": 0.95}, {}),
    ("adam", "Adam", 0.01, {}, {}),
    ("adam", "Adam", 0.05, {"betas": (0.8, 0.99), "weight_decay": 0.1, "amsgrad": True, "eps": 1e-6}, {}),
    ("adamw", "AdamW", 0.01, {}, {}),
    ("adamw", "AdamW", 0.05, {"betas": (0.8, 0.99), "weight_decay": 0.2, "amsgrad": True}, {}),
]  # fmt: skip

Scheduler = Callable[[Any], Any]


def _lr_scheduler(name: str, **options: Any) -> Scheduler:
    return lambda optimizer: getattr(torch.optim.lr_scheduler, name)(optimizer, **options)


def _after_warmup(optimizer: Any) -> Any:
    scheduler = torch.optim.lr_scheduler
    stages = [
        scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=10),
        scheduler.CosineAnnealingLR(optimizer, T_max=90, eta_min=1e-5),
    ]
    return scheduler.SequentialLR(optimizer, stages, milestones=[10])


#: Our schedule, its values, and PyTorch's.
SCHEDULED: list[tuple[str, Options, Scheduler]] = [
    ("constant", {}, _lr_scheduler("ConstantLR", factor=1.0)),
    ("step", {"step_size": 30}, _lr_scheduler("StepLR", step_size=30)),
    ("step", {"step_size": 7, "gamma": 0.5}, _lr_scheduler("StepLR", step_size=7, gamma=0.5)),
    ("exponential", {"gamma": 0.97}, _lr_scheduler("ExponentialLR", gamma=0.97)),
    ("cosine", {}, _lr_scheduler("CosineAnnealingLR", T_max=STEPS)),
    ("cosine", {"T_max": 40, "eta_min": 1e-4}, _lr_scheduler("CosineAnnealingLR", T_max=40, eta_min=1e-4)),
    ("inverse-time", {"decay": 0.1}, _lr_scheduler("LambdaLR", lr_lambda=lambda t: 1 / (1 + 0.1 * t))),
    ("warmup", {}, _lr_scheduler("LinearLR")),
    (
        "warmup",
        {"start_factor": 0.1, "end_factor": 0.8, "total_iters": 25},
        _lr_scheduler("LinearLR", start_factor=0.1, end_factor=0.8, total_iters=25),
    ),
    ("warmup+cosine", {"start_factor": 0.1, "total_iters": 10, "eta_min": 1e-5}, _after_warmup),
]


def _torch_path(
    problem: Problem, make: Callable[[Any], Any], schedule: Scheduler | None = None, clip: float | None = None
) -> tuple[list[Any], list[float]]:
    """The points, and the rates of the steps from them."""
    weights = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in problem.start.items()
    }
    optimizer = make(list(weights.values()))
    scheduler = None if schedule is None else schedule(optimizer)
    points, rates = [], []
    for _ in range(STEPS + 1):
        points.append({name: weight.detach().numpy().copy() for name, weight in weights.items()})
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.zero_grad()
        problem.loss(weights).backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(list(weights.values()), clip)
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
    return points, rates


def _our_path(problem: Problem, **options: Any) -> tuple[list[Any], list[float]]:
    report = diffcli.descend(
        problem.expression, {**problem.data, **problem.start}, wrt=tuple(problem.start), steps=STEPS, tol=0.0, **options
    )
    return [iterate.at for iterate in report.history], [iterate.rate for iterate in report.history]  # type: ignore[misc]  # none of them searches


def _assert_same(ours: tuple[list[Any], list[float]], theirs: tuple[list[Any], list[float]]) -> None:
    """Each point of the path relative to its largest coordinate, and each rate."""
    assert len(ours[0]) == STEPS + 1
    assert all(
        not np.array_equal(before[name], after[name])
        for before, after in zip(ours[0], ours[0][1:], strict=False)
        for name in before
    )
    for found, wanted in zip(ours[0], theirs[0], strict=True):
        size = max(np.max(np.abs(value)) for value in wanted.values())
        assert all(np.max(np.abs(found[name] - value)) <= 1e-12 * size for name, value in wanted.items())
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-12, atol=1e-18)


@pytest.mark.filterwarnings("ignore")  # PyTorch's own words about the order of calls
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
@pytest.mark.parametrize(
    ("name", "theirs", "lr", "options", "more"),
    OPTIONS,
    ids=[f"{row[0]}-{'options' if row[3] else 'defaults'}" for row in OPTIONS],
)
def test_the_iterates_are_those_of_pytorch(
    problem: Problem, name: str, theirs: str, lr: float, options: Options, more: Options
) -> None:
    wanted = _torch_path(problem, lambda weights: getattr(torch.optim, theirs)(weights, lr=lr, **{**more, **options}))
    _assert_same(_our_path(problem, optimizer=name, lr=lr, hyperparameters=options), wanted)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
@pytest.mark.parametrize(
    ("schedule", "values", "theirs"),
    SCHEDULED,
    ids=[f"{row[0]}-{'options' if row[1] else 'defaults'}" for row in SCHEDULED],
)
def test_the_schedules_are_those_of_pytorch(
    problem: Problem, schedule: str, values: Options, theirs: Scheduler
) -> None:
    wanted = _torch_path(problem, lambda weights: torch.optim.SGD(weights, lr=1e-3), theirs)
    ours = _our_path(problem, lr=1e-3, schedule=schedule, hyperparameters=values)
    _assert_same(ours, wanted)


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
@pytest.mark.parametrize("clip", [0.1, 5.0])
def test_clipping_is_that_of_pytorch(problem: Problem, clip: float) -> None:
    """Over all variables together."""
    wanted = _torch_path(problem, lambda weights: torch.optim.SGD(weights, lr=1e-3, momentum=0.9), clip=clip)
    _assert_same(_our_path(problem, optimizer="momentum", lr=1e-3, clip_norm=clip), wanted)


@pytest.mark.parametrize("name", ["gd", "adamw", "rmsprop"])
def test_ascent_is_pytorchs_maximize(name: str) -> None:
    """With weight decay, which pulls to 0 in both directions."""
    theirs = {"gd": "SGD", "adamw": "AdamW", "rmsprop": "RMSprop"}[name]
    problem = PROBLEMS["logistic"]
    wanted = _torch_path(
        problem, lambda weights: getattr(torch.optim, theirs)(weights, lr=0.01, weight_decay=0.1, maximize=True)
    )
    _assert_same(
        _our_path(problem, optimizer=name, lr=0.01, hyperparameters={"weight_decay": 0.1}, maximize=True), wanted
    )


def test_names_and_defaults_are_those_of_pytorch() -> None:
    """Every hyperparameter that a rule has, and every schedule's value with a default."""
    import inspect

    known = {
        "gd": "SGD",
        "momentum": "SGD",
        "nesterov": "SGD",
        "adagrad": "Adagrad",
        "rmsprop": "RMSprop",
        "adam": "Adam",
        "adamw": "AdamW",
        "lbfgs": "LBFGS",
    }
    ours = {"momentum": 0.9}  # PyTorch's is 0, which is no momentum
    assert set(known) == set(OPTIMIZERS) - {"newton"}
    for name, theirs in known.items():
        parameters = inspect.signature(getattr(torch.optim, theirs)).parameters
        for parameter, entry in OPTIMIZERS[name].hyperparameters.items():
            expected = (
                ours.get(parameter)
                if name in ("momentum", "nesterov") and parameter in ours
                else parameters[parameter].default
            )
            assert entry.default == expected, (name, parameter)
    schedulers = {"step": "StepLR", "exponential": "ExponentialLR", "cosine": "CosineAnnealingLR", "warmup": "LinearLR"}
    assert set(schedulers) == set(SCHEDULES) - {"constant", "inverse-time"}
    for name, theirs in schedulers.items():
        parameters = inspect.signature(getattr(torch.optim.lr_scheduler, theirs)).parameters
        for parameter, entry in SCHEDULES[name].hyperparameters.items():
            wanted = parameters[parameter].default
            assert repr(entry.default) == ("must be given" if wanted is inspect.Parameter.empty else repr(wanted)), (
                name,
                parameter,
            )
