"""What primitives demand of their data, beyond shapes: labels are those of classes."""

from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.errors import ExitCode
from diffcli.primitives.table import PRIMITIVES

from .cases import CASES, Case

#: Data that a primitive refuses, and the number that its message names.
REFUSED: list[tuple[str, dict[str, Any], list[Any], str]] = [
    ("at_target", {}, [[1.0, 2.0, 3.0], 3.0], "3"),
    ("at_target", {}, [[1.0, 2.0, 3.0], -1.0], "-1"),
    ("at_target", {}, [[1.0, 2.0, 3.0], 0.5], "0.5"),
    ("at_target", {}, [[1.0, 2.0, 3.0], np.nan], "nan"),
    ("at_target", {}, [[[1.0, 2.0], [3.0, 4.0]], [0.0, 2.0]], "2"),
    ("one_hot", {"classes": 3}, [3.0], "3"),
    ("one_hot", {"classes": 3}, [[0.0, 1.0, 1.5]], "1.5"),
    ("one_hot", {"classes": 2}, [[0.0, -1.0]], "-1"),
    ("gather", {"key": (...,)}, [[1.0, 2.0, 3.0], 3.0], "3"),
    ("gather", {"key": (...,)}, [[1.0, 2.0, 3.0], [0.0, -4.0]], "-4"),
    ("gather", {"key": (...,)}, [[1.0, 2.0, 3.0], 0.5], "0.5"),
    ("gather", {"key": (...,)}, [[1.0, 2.0, 3.0], [np.nan, 7.0]], "nan"),
    ("gather", {"key": (...,)}, [[1.0, 2.0, 3.0], -np.inf], "-inf"),
    ("gather", {"key": (0, ..., ...)}, [np.zeros((1, 2, 3)), [1.0, 0.0], [2.0, 3.0]], "3"),
]

#: The same in expressions: what is underlined.
EXPRESSIONS = {
    "cross_entropy(x, 3)": "3",
    "cross_entropy(x, -1)": "-1",
    "cross_entropy(x, 1.5)": "1.5",
    "cross_entropy([x, x], [0, 3])": "[0, 3]",
    "nll(log_softmax(x), k)": "k",
    "sum(one_hot(3, 3)*x)": "3",
    "x[k]": "k",
    "x[k - 11]": "k - 11",
    "sum(x[[[0, 3]]])": "[[0, 3]]",
    "x[x[0]/2]": "x[0]/2",
    "[x, x][x[0] - 1, k]": "k",
    "[x, x][k, x[0]]": "k",
}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.primitive.demand is not None], ids=lambda case: case.name
)
def test_the_samples_are_accepted(case: Case) -> None:
    """Labels and probabilities as they should be."""
    assert case.primitive.demand is not None
    assert case.primitive.demand(*case.points(), **case.parameters) is None


@pytest.mark.parametrize(("name", "parameters", "operands", "named"), REFUSED)
def test_what_is_no_label_is_named(name: str, parameters: dict[str, Any], operands: list[Any], named: str) -> None:
    """The first number that is wrong, and the labels that there are."""
    demand = PRIMITIVES[name].demand
    assert demand is not None
    message = demand(*[np.asarray(operand)[()] for operand in operands], **parameters)
    assert message is not None
    assert message.startswith(f"{named} is not one of")


def test_every_demand_is_tried() -> None:
    """A primitive that gains one needs a line above."""
    assert {name for name, primitive in PRIMITIVES.items() if primitive.demand is not None} == {
        entry[0] for entry in REFUSED
    }


@pytest.mark.parametrize(("text", "place"), EXPRESSIONS.items(), ids=EXPRESSIONS)
def test_the_label_is_underlined(text: str, place: str) -> None:
    """It is a mistake in the data: exit code 2."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad(text, {"x": [1.0, 2.0, 3.0], "k": 7.0} if "k" in text else {"x": [1.0, 2.0, 3.0]}, wrt="x")
    diagnostic = caught.value.diagnostic
    assert (diagnostic.code, diagnostic.exit_code) == ("E306", ExitCode.CANNOT_START)
    assert text[slice(*diagnostic.labels[0].span)] == place


def test_a_label_has_no_gradient() -> None:
    """It is a whole number: there is no small change of it."""
    report = diffcli.grad("cross_entropy(x, k)", x=[1.0, 2.0, 3.0], k=1.0)
    assert report.gradient["k"] == 0.0
    assert np.any(report.gradient["x"])
