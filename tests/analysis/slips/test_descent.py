"""Slips of steps of a descent, against steps that are made here by hand."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import numpy as np
import pytest

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
