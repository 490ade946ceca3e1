"""Slips of second derivatives by vectors and matrices, against Hessians that are made here by hand."""

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest

import diffcli

pytestmark = pytest.mark.fast

Matrix = Any

QUESTION = "sum(c*x^3) + x@B@x"


def drawn(seed: str, count: int) -> tuple[dict[str, Matrix], Matrix, Matrix]:
    """Values of the question, its gradient and its Hessian."""
    random = Random(seed)
    at = {
        "x": np.array([random.randint(1, 40) / 8 for _ in range(count)]),
        "c": np.array([random.randint(1, 40) / 16 for _ in range(count)]),
        "B": np.array([[random.randint(1, 60) / 8 for _ in range(count)] for _ in range(count)]),
    }
    x, c, b = at.values()
    return at, 3 * c * x**2 + (b + b.T) @ x, np.diag(6 * c * x) + b + b.T


def diagonal(h: Matrix) -> Matrix:
    """The matrix with nothing beside its diagonal."""
    return np.diag(np.diag(h))


WRONG: dict[str, Callable[[Matrix, Matrix], Matrix]] = {
    "differentiated-once": lambda g, h: g,
    "wrong-sign": lambda g, h: -h,
    "factor-two-missing": lambda g, h: h / 2,
    "factor-two-twice": lambda g, h: 2 * h,
    "first-derivatives-multiplied": lambda g, h: np.outer(g, g),
    "diagonal-alone": lambda g, h: diagonal(h),
    "mixed-doubled": lambda g, h: 2 * h - diagonal(h),
    "mixed-halved": lambda g, h: (h + diagonal(h)) / 2,
    "mixed-sign": lambda g, h: 2 * diagonal(h) - h,
    "one-triangle": lambda g, h: np.triu(h),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_slip_in_a_hessian_is_named(kind: str, count: int) -> None:
    for seed in range(4):
        at, g, h = drawn(f"{kind} {count} {seed}", count)
        assert diffcli.check(QUESTION, wrt="x", order=2, answer=h, **at).verdict == "correct"
        slip = diffcli.check(QUESTION, wrt="x", order=2, answer=WRONG[kind](g, h), **at).slip
        assert slip is not None
        assert slip.kinds == (kind,)


def test_the_diagonal_by_itself_is_told_of() -> None:
    for seed in range(5):
        at, _, h = drawn(f"alone {seed}", 3)
        slip = diffcli.check(QUESTION, wrt="x", order=2, answer=np.diag(h), **at).slip
        assert slip is not None
        assert slip.kinds == ("diagonal-alone",)


@pytest.mark.parametrize(
    ("question", "wrt", "answer", "kind"),
    [
        ("sum((A@x)^2)", "x", "A.T@A", "power-factor-missing"),
        ("sum((A@x)^2)", "x", "2*A.T@A@x", "differentiated-once"),
        ("x@A@x", "x", "2*A", "taken-for-symmetric"),
        ("x@A@x", "x", "A", "product-one-term"),
        ("x@A@x", "x", "-A - A.T", "wrong-sign"),
        ("y@A@x", "x,y", "x,x=0; x,y=A; y,y=0", "transposed"),
        ("sum(sin(3*x))", "x", "-3*diag(sin(3*x))", "inner-derivative-missing"),
    ],
)
def test_slips_in_formulas(question: str, wrt: str, answer: str, kind: str) -> None:
    slip = diffcli.check(question, wrt=wrt, order=2, answer=answer).slip
    assert slip is not None
    assert kind in slip.kinds


@pytest.mark.parametrize("seed", range(20))
def test_other_matrices_have_no_name(seed: int) -> None:
    """A wrong element, wrong rows, whole numbers: nothing is said for certain."""
    random = Random(seed)
    at, _, h = drawn(f"other {seed}", 3)
    element, row = h.copy(), h.copy()
    element[random.randrange(3), random.randrange(3)] += random.choice([-1, 1, 0.5])
    row[random.randrange(3)] = 0
    guessed = np.array([[float(random.randint(0, 6)) for _ in range(3)] for _ in range(3)])
    for answer in (element, row, guessed, np.zeros((3, 3)), np.ones((3, 3))):
        slip = diffcli.check(QUESTION, wrt="x", order=2, answer=answer, **at).slip
        assert slip is None or not slip.certain
