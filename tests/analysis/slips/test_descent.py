"""Slips of steps of a descent, against steps that are made here by hand."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.descent.hyperparameters import Choice
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.slips.descent_slips import descent_slips
from diffcli.analysis.slips.naming import Naming, named
from diffcli.analysis.slips.slip import Sighting
from diffcli.source import Source

from .asking import graph_of

pytestmark = pytest.mark.fast

Vector = Any


def settings(name: str = "gd", lr: float = 0.1, **values: Any) -> Settings:
    """An optimizer with its defaults, but for some values."""
    defaults = {key: each.default for key, each in OPTIMIZERS[name].hyperparameters.items()}
    return Settings(optimizer=Choice(name, {**defaults, **values}), lr=lr)


def told(
    question: str, at: Mapping[str, Any], truth: Mapping[str, Any], answer: Mapping[str, Any], chosen: Settings,
    steps: int = 1,
) -> Naming | None:  # fmt: skip
    """What is said of the point that was given for the one after some steps."""
    arrays = [{name: np.asarray(value, float)[()] for name, value in each.items()} for each in (at, truth, answer)]
    built = graph_of(question, {name: np.shape(value) for name, value in at.items()})
    seen = (Sighting(*arrays),)
    return named(descent_slips(built.graph, built.output, built.inputs, Source(question), chosen, seen, steps), seen)


def slope(x: Vector) -> Vector:
    """The gradient of `sum(x^4) + 3*x[0]*x[1]`."""
    return 4 * x**3 + 3 * np.array([x[1], x[0], 0])


QUESTION = "sum(x^4) + 3*x[0]*x[1]"
ONE_STEP: dict[str, Callable[[Vector, float], Vector]] = {
    "step-uphill": lambda x, lr: x + lr * slope(x),
    "rate-twice": lambda x, lr: x - lr**2 * slope(x),
    "rate-forgotten": lambda x, lr: x - slope(x),
    "gradient-for-point": lambda x, lr: slope(x),
    "step-for-point": lambda x, lr: -lr * slope(x),
    "exponent-not-lowered": lambda x, lr: x - lr * (4 * x**4 + 3 * np.array([x[1], x[0], 0])),
    "use-forgotten": lambda x, lr: x - lr * 4 * x**3,
}


@pytest.mark.parametrize("kind", ONE_STEP)
@pytest.mark.parametrize("seed", range(10))
def test_a_step(kind: str, seed: int) -> None:
    random = Random(f"{kind} {seed}")
    x = np.array([round(random.uniform(-2, 2), 2) for _ in range(3)])
    lr = random.choice([0.1, 0.2, 0.05, 0.01])
    right, wrong = x - lr * slope(x), ONE_STEP[kind](x, lr)
    naming = told(QUESTION, {"x": x}, {"x": right}, {"x": wrong}, settings(lr=lr))
    assert naming is not None
    assert kind in naming.kinds
    assert told(QUESTION, {"x": x}, {"x": right}, {"x": right}, settings(lr=lr)) is None


def two_steps(x: Vector, lr: float, momentum: float = 0.0, anew: bool = True) -> Vector:
    first = slope(x)
    after = x - lr * first
    second = slope(after) if anew else first
    return after - lr * (momentum * first + second)


@pytest.mark.parametrize("seed", range(10))
def test_memory_in_two_steps(seed: int) -> None:
    random = Random(seed)
    x = np.array([random.uniform(-2, 2) for _ in range(3)])
    heavy, plain = settings("momentum", 0.1), settings(lr=0.1)
    right = two_steps(x, 0.1, 0.9)
    forgotten = told(QUESTION, {"x": x}, {"x": right}, {"x": two_steps(x, 0.1)}, heavy, 2)
    assert forgotten is not None
    assert forgotten.kinds == ("momentum-forgotten",)
    old = told(QUESTION, {"x": x}, {"x": two_steps(x, 0.1)}, {"x": two_steps(x, 0.1, anew=False)}, plain, 2)
    assert old is not None
    assert old.kinds == ("old-value-used",)


@pytest.mark.parametrize("seed", range(10))
def test_new_values_in_one_step(seed: int) -> None:
    """Of x^2*y + y^3 the second variable moved from where the first had got."""
    random = Random(seed)
    x, y = (round(random.uniform(0.5, 2.5), 2) for _ in range(2))
    right = {"x": x - 0.1 * 2 * x * y, "y": y - 0.1 * (x**2 + 3 * y**2)}
    wrong = {**right, "y": y - 0.1 * (right["x"] ** 2 + 3 * y**2)}
    naming = told("x^2*y + y^3", {"x": x, "y": y}, right, wrong, settings())
    assert naming is not None
    assert "new-value-used" in naming.kinds
    assert naming.variables == ("y",)


@pytest.mark.parametrize("seed", range(10))
def test_the_rules_of_optimizers(seed: int) -> None:
    random = Random(seed)
    x = np.array([random.uniform(-2, 2) for _ in range(3)])
    g, lr = slope(x), 0.1
    adam = x - lr * g / (abs(g) + 1e-8)
    uncorrected = x - lr * 0.1 * g / (np.sqrt(0.001 * g * g) + 1e-8)
    for wrong, kind in ((uncorrected, "bias-not-corrected"), (x - lr * g, "plain-step")):
        naming = told(QUESTION, {"x": x}, {"x": adam}, {"x": wrong}, settings("adam", lr))
        assert naming is not None
        assert naming.kinds == (kind,)
    decayed = told(
        QUESTION, {"x": x}, {"x": x - lr * (g + 0.3 * x)}, {"x": x - lr * g}, settings(lr=lr, weight_decay=0.3)
    )
    assert decayed is not None
    assert "weight-decay-forgotten" in decayed.kinds


def norm(g: Vector) -> float:
    return float(np.sqrt((g * g).sum()))


#: What becomes of a gradient that is to be clipped to a norm.
CLIPPED: dict[str, Callable[[Vector, float, float], Vector]] = {
    "clipping-forgotten": lambda g, most, lr: g,
    "clipped-by-element": lambda g, most, lr: np.clip(g, -most, most),
    "direction-for-gradient": lambda g, most, lr: g / norm(g),
    "scaled-to-norm": lambda g, most, lr: most * g / norm(g),
    "norm-without-root": lambda g, most, lr: min(1, most / norm(g) ** 2) * g,
    "step-clipped": lambda g, most, lr: min(1, most / norm(lr * g)) * g,
}


@pytest.mark.parametrize("kind", CLIPPED)
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("steps", [1, 2])
def test_a_gradient_that_is_clipped(kind: str, seed: int, steps: int) -> None:
    """What PyTorch adds to the norm is left out on paper; both are right, and both show the slip."""
    random, lr = Random(f"{kind} {seed}"), 0.1
    x = np.array([round(random.uniform(0.5, 2), 2) for _ in range(3)])
    most = norm(slope(x)) * (2 if kind == "scaled-to-norm" else lr / 3 if kind == "step-clipped" else 0.3)

    def walked(clip: Callable[[Vector], Vector]) -> list[float]:
        point = x
        for _ in range(steps):
            point = point - lr * clip(slope(point))
        return [float(each) for each in point]

    asked = {"x": x, "next": True, "lr": lr, "clip_norm": most, "steps": steps}
    for beside in (0.0, 1e-6):
        right = walked(lambda g, beside=beside: min(1, most / (norm(g) + beside)) * g)  # type: ignore[misc]
        assert diffcli.check(QUESTION, answer=right, **asked).verdict == "correct"
    report = diffcli.check(QUESTION, answer=walked(lambda g: CLIPPED[kind](g, most, lr)), **asked)
    assert report.slip is not None
    assert report.slip.kinds == (kind,)


@pytest.mark.parametrize("seed", range(5))
def test_variables_that_are_clipped_alone(seed: int) -> None:
    random = Random(seed)
    x, y = (np.array([random.uniform(1, 2) for _ in range(2)]) for _ in range(2))
    slopes = {"x": 2 * x, "y": 8 * y}
    alone = {name: at - 0.1 * slopes[name] / norm(slopes[name]) for name, at in (("x", x), ("y", y))}
    asked = {"x": x, "y": y, "next": True, "lr": 0.1, "clip_norm": 1.0}
    slip = diffcli.check("x@x + 4*y@y", answer=alone, **asked).slip
    assert slip is not None
    assert slip.kinds == ("clipped-by-variable",)


#: Optimizers with a memory, and what each step is without some of it.
REMEMBERED = (
    ("momentum", {}, "momentum-forgotten"),
    ("nesterov", {}, "momentum-forgotten"),
    ("nesterov", {}, "look-ahead-forgotten"),
    ("momentum", {}, "looked-ahead"),
    ("rmsprop", {"momentum": 0.9}, "momentum-forgotten"),
    ("adam", {}, "momentum-forgotten"),
    ("adamw", {}, "momentum-forgotten"),
    ("adam", {}, "bias-not-corrected"),
    ("adamw", {}, "bias-not-corrected"),
    ("adam", {}, "bias-as-at-first"),
    ("adam", {"amsgrad": True}, "bias-not-corrected"),
    ("adagrad", {}, "memory-forgotten"),
    ("rmsprop", {}, "memory-forgotten"),
    ("adam", {}, "memory-forgotten"),
)


def walk(name: str, x: Vector, steps: int, kind: str, values: Mapping[str, Any]) -> Vector:
    """Steps of an optimizer as PyTorch defines them, here by NumPy, with a slip of some kind."""
    defaults = {key: each.default for key, each in OPTIMIZERS[name].hyperparameters.items()} | values
    rule, lr, kept = OPTIMIZERS[name].rule, 0.1, {}
    if kind == "momentum-forgotten" and name in ("momentum", "nesterov"):
        rule, defaults = OPTIMIZERS["gd"].rule, {}
    elif kind == "momentum-forgotten":
        defaults |= {"momentum": 0.0} if name == "rmsprop" else {"betas": (0.0, 0.999)}
    elif kind in ("look-ahead-forgotten", "looked-ahead"):
        rule = OPTIMIZERS["momentum" if name == "nesterov" else "nesterov"].rule
        defaults = {"momentum": 0.9}
    for step in range(1, steps + 1):
        number = 1 if kind in ("bias-as-at-first", "memory-forgotten") else step
        number = 10**9 if kind == "bias-not-corrected" else number
        x, kept = rule(x, slope(x), {} if kind == "memory-forgotten" else kept, number, lr, **defaults)
    return x


@pytest.mark.parametrize(("name", "values", "kind"), REMEMBERED)
@pytest.mark.parametrize("steps", [2, 3])
def test_a_memory_is_forgotten(name: str, values: Mapping[str, Any], kind: str, steps: int) -> None:
    for seed in range(3):
        random = Random(f"{name} {kind} {seed}")
        x = np.array([round(random.uniform(0.5, 2), 2) for _ in range(3)])
        asked = {
            "x": x, "next": True, "optimizer": name, "lr": 0.1, "hyperparameters": dict(values), "steps": steps,
        }  # fmt: skip
        assert diffcli.check(QUESTION, answer=walk(name, x, steps, "", values), **asked).verdict == "correct"
        slip = diffcli.check(QUESTION, answer=walk(name, x, steps, kind, values), **asked).slip
        assert slip is not None
        signs = (name, kind) == ("adam", "memory-forgotten")  # of the gradients alone, by which all steps may go
        assert slip.kinds == (("old-value-used", kind) if signs else (kind,))


def test_a_slip_in_one_variable_is_told_of_its_value() -> None:
    """What is asked for are no derivatives."""
    report = diffcli.check("x^2*y + y^3", x=3.7, y=2.3, next=True, lr=0.1, answer={"x": 5.402, "y": 7})
    assert report.slip is not None
    assert report.slip.told.startswith("in x: this is consistent with a slip: the step goes uphill, not downhill; or:")


def test_another_number_of_steps() -> None:
    for steps in (1, 2, 4):
        report = diffcli.check("x^4", x=1.5, next=True, lr=0.01, steps=3, answer=float(quartic(steps)))
        assert report.slip is not None
        assert report.slip.kinds == ("other-number-of-steps",)
    assert diffcli.check("x^4", x=1.5, next=True, lr=0.01, steps=3, answer=float(quartic(3))).verdict == "correct"


def quartic(steps: int) -> float:
    """The point after some steps down x^4 from 1.5."""
    x = 1.5
    for _ in range(steps):
        x -= 0.01 * 4 * x**3
    return x


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("abs(x)", {"x": 0.3, "lr": 0.1, "steps": 4}),  # 0 after three steps, but for rounding
        ("relu(x - 1)", {"x": 2, "lr": 1, "steps": 2}),
        ("log(x)", {"x": 1, "lr": 2, "steps": 2}),
        ("x^4", {"x": 3, "lr": 1, "steps": 12}),
    ],
)
def test_steps_that_rounding_decides_are_not_graded(question: str, asked: dict[str, Any]) -> None:
    with pytest.raises(diffcli.DiffcliError, match="the steps lead to where"):
        diffcli.check(question, answer="0", next=True, **asked)


@pytest.mark.parametrize("name", [name for name, each in OPTIMIZERS.items() if not each.method])
def test_every_rule_has_its_slips(name: str) -> None:
    """Answers of every optimizer's slips, in one step and in three."""
    built = graph_of(QUESTION, {"x": (3,)})
    for steps in (1, 3):
        chosen = settings(name)
        slips = list(descent_slips(built.graph, built.output, built.inputs, Source(QUESTION), chosen, steps=steps))
        assert {"step-uphill", "rate-twice", "rate-forgotten"} <= {slip.kind for slip in slips}


def test_what_a_search_steps_has_no_slips() -> None:
    built = graph_of(QUESTION, {"x": (3,)})
    for name in ("lbfgs", "newton"):
        assert not list(descent_slips(built.graph, built.output, built.inputs, Source(QUESTION), settings(name)))
