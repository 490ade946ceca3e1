"""What PyTorch and JAX take at a kink, run: the words that a primitive's declaration has for it are true."""

# ruff: noqa: E501
# fmt: off
# A row of a table is a line.

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from diffcli.primitives.domain import Kink
from diffcli.primitives.table import PRIMITIVES

Function = Callable[..., Any]
INF = math.inf


class Row(NamedTuple):
    """A point on a kink of a primitive, and the functions of both libraries, called by name.

    `ties` has for each element the sign of its share in the gradient, where elements share one.
    """

    primitive: str
    point: tuple[Any, ...]
    torch: tuple[Function, ...]
    jax: tuple[Function, ...]
    ties: Any = None
    parameters: tuple[tuple[str, Any], ...] = ()


def row(primitive: str, point: tuple[Any, ...], torch: Function, jax: Function, *along: Function, ties: Any = None, **parameters: Any) -> Row:
    """The functions take the library first; `along` is PyTorch's along an axis, where that is another story."""
    return Row(primitive, point, (torch, *along), (jax,), ties, tuple(parameters.items()))


def compared(name: str) -> Row:
    """A comparison as a number; PyTorch's has no gradient, which counts as 0."""
    return row(name, (1.5, 1.5), lambda t, a, b: getattr(t, name)(a, b) * 1.0 + 0 * a * b, lambda j, a, b: getattr(j.numpy, name)(a, b) * 1.0)


ROWS = [
    *map(compared, ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")),
    row("abs",        (0.0,),           lambda t, x: t.abs(x),       lambda j, x: j.numpy.abs(x)),
    row("sign",       (0.0,),           lambda t, x: t.sign(x),      lambda j, x: j.numpy.sign(x)),
    row("floor",      (2.0,),           lambda t, x: t.floor(x),     lambda j, x: j.numpy.floor(x)),
    row("ceil",       (2.0,),           lambda t, x: t.ceil(x),      lambda j, x: j.numpy.ceil(x)),
    row("relu",       (0.0,),           lambda t, x: t.relu(x),      lambda j, x: j.nn.relu(x)),
    row("minimum",    (1.5, 1.5),       lambda t, a, b: t.minimum(a, b), lambda j, a, b: j.numpy.minimum(a, b)),
    row("maximum",    (1.5, 1.5),       lambda t, a, b: t.maximum(a, b), lambda j, a, b: j.numpy.maximum(a, b)),
    row("hypot",      (0.0, 0.0),       lambda t, x, y: t.hypot(x, y), lambda j, x, y: j.numpy.hypot(x, y)),
    row("pow",        (0.0, 1.5),       lambda t, a, b: t.pow(a, b), lambda j, a, b: j.numpy.power(a, b)),
    row("leaky_relu", (0.0, 0.25),      lambda t, x, slope: t.nn.functional.leaky_relu(x, slope.item()), lambda j, x, slope: j.nn.leaky_relu(x, slope)),
    row("elu",        (0.0, 2.0),       lambda t, x, alpha: t.nn.functional.elu(x, alpha.item()), lambda j, x, alpha: j.nn.elu(x, alpha)),
    row("hardtanh",   (-1.0, -1.0, 1.0), lambda t, x, low, high: t.nn.functional.hardtanh(x), lambda j, x, low, high: j.nn.hard_tanh(x)),
    row("hardtanh",   (1.0, -1.0, 1.0), lambda t, x, low, high: t.nn.functional.hardtanh(x), lambda j, x, low, high: j.nn.hard_tanh(x)),
    row("clip",       (-1.0, -1.0, 1.0), lambda t, x, low, high: t.clamp(x, -1, 1), lambda j, x, low, high: j.numpy.clip(x, -1, 1)),
    row("clip",       (1.0, -1.0, 1.0), lambda t, x, low, high: t.clamp(x, -1, 1), lambda j, x, low, high: j.numpy.clip(x, -1, 1)),
    row("clip",       (0.0, 1.0, 1.0),  lambda t, x, low, high: t.clamp(x, low, high), lambda j, x, low, high: j.numpy.clip(x, low, high)),
    row("clip",       (2.0, 1.0, 1.0),  lambda t, x, low, high: t.clamp(x, low, high), lambda j, x, low, high: j.numpy.clip(x, low, high)),
    row("max",        ([3.0, 1.0, 3.0],), lambda t, x: t.max(x),     lambda j, x: j.numpy.max(x), lambda t, x: t.max(x, 0).values, ties=[1, 0, 1]),
    row("min",        ([3.0, 1.0, 1.0],), lambda t, x: t.min(x),     lambda j, x: j.numpy.min(x), lambda t, x: t.min(x, 0).values, ties=[0, 1, 1]),
    row("median",     ([1.0, 2.0, 2.0],), lambda t, x: t.median(x),  lambda j, x: j.numpy.median(x), lambda t, x: t.median(x, 0).values, ties=[0, 1, 1]),
    row("median",     ([5.0, 1.0, 5.0, 1.0, 1.0],), lambda t, x: t.median(x), lambda j, x: j.numpy.median(x), lambda t, x: t.median(x, 0).values, ties=[0, 1, 0, 1, 1]),
    row("std",        ([2.0, 2.0, 2.0],), lambda t, x: t.std(x, correction=0), lambda j, x: j.numpy.std(x)),
    row("norm",       ([0.0, 0.0],),    lambda t, x: t.linalg.norm(x), lambda j, x: j.numpy.linalg.norm(x)),
    row("norm",       ([[0.0, 0.0], [0.0, 0.0]],), lambda t, x: t.linalg.norm(x), lambda j, x: j.numpy.linalg.norm(x)),
    row("norm",       ([0.0, -2.0],),   lambda t, x: t.linalg.norm(x, 1), lambda j, x: j.numpy.linalg.norm(x, 1), ord=1),
    row("norm",       ([0.0, 0.0],),    lambda t, x: t.linalg.norm(x, INF), lambda j, x: j.numpy.linalg.norm(x, INF), ord=INF),
    row("norm",       ([[1.0, 0.0], [1.0, 4.0]],), lambda t, x: t.linalg.norm(x, 1), lambda j, x: j.numpy.linalg.norm(x, 1), ord=1),
    row("norm",       ([3.0, -3.0, 1.0],), lambda t, x: t.linalg.norm(x, INF), lambda j, x: j.numpy.linalg.norm(x, INF), ties=[1, -1, 0], ord=INF),
    row("norm",       ([[1.0, 2.0], [-3.0, 2.0]],), lambda t, x: t.linalg.norm(x, 1), lambda j, x: j.numpy.linalg.norm(x, 1), ties=[[1, 1], [-1, 1]], ord=1),
]


def _first(number: float) -> Callable[[Row, list[np.ndarray]], bool]:
    """The number by every element on the kink of the first operand."""

    def holds(row: Row, gradient: list[np.ndarray]) -> bool:
        on = np.broadcast_to(_kink(row).at(*map(np.array, row.point), **dict(row.parameters)), gradient[0].shape)
        return np.array_equal(gradient[0][on], np.full(on.sum(), number), equal_nan=True)

    return holds


def _each(number: float) -> Callable[[Row, list[np.ndarray]], bool]:
    return lambda row, gradient: all(np.array_equal(partial, np.full(partial.shape, number), equal_nan=True) for partial in gradient)


def _shared(row: Row, gradient: list[np.ndarray]) -> bool:
    """The same magnitude at all that are equal, nothing elsewhere; of a matrix's lines, one share for each."""
    signs = np.array(row.ties)
    share = np.max(np.abs(gradient[0]))
    return bool(share > 0) and np.allclose(gradient[0], share * signs, rtol=1e-6) and np.isclose(np.sum(np.abs(gradient[0])), signs.ndim)


def _one(row: Row, gradient: list[np.ndarray]) -> bool:
    return sorted(gradient[0]) == [*[0.0] * (gradient[0].size - 1), 1.0]


def _sorted(row: Row, gradient: list[np.ndarray]) -> bool:
    order = np.argsort(row.point[0], kind="stable")
    return gradient[0][order].tolist() == [1.0 if place == (len(order) - 1) // 2 else 0.0 for place in range(len(order))]


def _of_meeting_bounds(below: float) -> Callable[[Row, list[np.ndarray]], bool]:
    """By x, low, high where the bounds are equal and x is not."""
    return lambda row, gradient: [float(partial) for partial in gradient] == ([0, 0, 1] if row.point[0] > row.point[1] else [0, below, below])


def _magnitudes(row: Row, gradient: list[np.ndarray]) -> bool:
    """abs'(0) = 1 by elements that are 0; half of an equal share where a norm of order inf has only zeros."""
    x = np.array(row.point[0])
    alone = dict(row.parameters)["ord"] == INF and not x.any()
    expected = 1 / 2 / x.size if alone else 1.0
    return bool(np.all(gradient[0][np.broadcast_to(_kink(row).at(x, **dict(row.parameters)), x.shape)] == expected))


#: What each phrase of a declaration says of the gradient; the second of two is said along an axis.
MEANINGS: dict[str, tuple[Callable[[Row, list[np.ndarray]], bool], ...]] = {
    "0": (_first(0.0),),
    "1": (_first(1.0),),
    "1/2": (_first(0.5),),
    "nan": (_each(math.nan),),
    "1/2 to each": (_each(0.5),),
    "slope": (_first(0.25),),
    "alpha": (_first(2.0),),
    "equal shares": (_shared,),
    "equal shares (max and min along an axis: all to one)": (_shared, _one),
    "equal shares (along an axis: all to one)": (_shared, _one),
    "all to those that sorting puts in the middle": (_sorted,),
    "below them 0, above them 1 by high": (_of_meeting_bounds(0.0),),
    "below them 1/2 by each, above them 1 by high": (_of_meeting_bounds(0.5),),
    "abs'(0) = 1 (with ord=inf and zeros alone: 1/2)": (_magnitudes,),
}


def _kink(row: Row) -> Kink:
    """The kink that the row's point sits on: the only one."""
    [found] = [kink for kink in PRIMITIVES[row.primitive].kinks if np.any(kink.at(*map(np.array, row.point), **dict(row.parameters)))]
    return found


def test_every_kink_has_a_row() -> None:
    """A kink that is declared is one that is run."""
    declared = {kink for primitive in PRIMITIVES.values() for kink in primitive.kinks}
    assert {_kink(row) for row in ROWS} == declared
    assert {phrase for kink in declared for phrase in (kink.torch, kink.jax)} == set(MEANINGS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.primitive}{row.point}".replace(" ", ""))
def test_what_pytorch_takes(row: Row) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: nothing to compare with")
    meanings = MEANINGS[_kink(row).torch]
    assert len(meanings) == len(row.torch)
    for holds, function in zip(meanings, row.torch, strict=True):
        operands = [torch.tensor(np.array(value), requires_grad=True) for value in row.point]
        found = torch.autograd.grad(function(torch, *operands).sum(), operands, allow_unused=True)
        assert holds(row, [np.zeros(np.shape(value)) if partial is None else partial.numpy() for value, partial in zip(row.point, found, strict=True)])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.primitive}{row.point}".replace(" ", ""))
@pytest.mark.filterwarnings("ignore")
def test_what_jax_takes(row: Row) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed: nothing to compare with")
    [holds], [function] = MEANINGS[_kink(row).jax], row.jax
    gradient = jax.grad(lambda *operands: function(jax, *operands).sum(), argnums=tuple(range(len(row.point))))
    found = jax.jit(gradient)(*map(jax.numpy.array, row.point))  # each operation by itself takes longer to compile
    assert holds(row, [np.array(partial) for partial in found])
