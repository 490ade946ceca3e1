"""At a corner or a jump, reverse mode returns the stated convention."""

from typing import Any

import mpmath
import numpy as np
import pytest

from diffcli.autodiff.reverse import gradient
from diffcli.primitives.declaration import Primitive
from diffcli.primitives.table import PRIMITIVES

from . import oracle
from .cases import LAWFUL, Case

_COMPARISONS = {name: [((1.5, 1.5), (0, 0)), ((0.0, 0.0), (0, 0))] for name in ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")}

#: Points on the kink of each primitive that has one, and the gradient that its convention gives.
AT_THE_KINK: dict[str, list[tuple[tuple[Any, ...], tuple[Any, ...]]]] = {
    **_COMPARISONS,
    "abs": [((0.0,), (0,))],
    "sign": [((0.0,), (0,))],
    "floor": [((2.0,), (0,)), ((-1.0,), (0,))],
    "ceil": [((2.0,), (0,)), ((0.0,), (0,))],
    "relu": [((0.0,), (0,))],
    "minimum": [((1.5, 1.5), (0.5, 0.5)), ((0.0, 0.0), (0.5, 0.5))],
    "maximum": [((-1.5, -1.5), (0.5, 0.5)), ((0.0, 0.0), (0.5, 0.5))],
    "max": [(([3.0, 1.0, 3.0],), ([0.5, 0, 0.5],)), (([2.0, 2.0, 2.0, 2.0],), ([0.25] * 4,)), (([[0.0, 5.0], [5.0, 5.0]],), ([[0, 1 / 3], [1 / 3, 1 / 3]],))],
    "min": [(([3.0, 1.0, 1.0],), ([0, 0.5, 0.5],)), (([2.0, 2.0],), ([0.5, 0.5],)), (([[0.0, 0.0], [0.0, 1.0]],), ([[1 / 3, 1 / 3], [1 / 3, 0]],))],
    "norm": [((0.0,), (0,)), (([0.0, 0.0, 0.0],), ([0, 0, 0],)), (([[0.0, -0.0]],), ([[0, 0]],))],
    "clip": [((-1.0, -1.0, 1.0), (1, 0, 0)), ((2.0, -1.0, 2.0), (1, 0, 0))],
    "hardtanh": [((-1.0, -1.0, 1.0), (0, 1, 0)), ((2.0, -1.0, 2.0), (0, 0, 1))],
    "leaky_relu": [((0.0, 0.25), (0.25, 0)), ((-0.0, -2.0), (-2, 0))],
    "elu": [((0.0, 2.0), (2, 0)), ((0.0, -1.0), (-1, 0))],
    "std": [(([2.0, 2.0, 2.0],), ([0, 0, 0],)), (([[0.0], [0.0]],), ([[0], [0]],))],
    "median": [(([1.0, 2.0, 2.0],), ([0, 0.5, 0.5],)), (([1.0, 1.0, 1.0, 5.0],), ([1 / 3, 1 / 3, 1 / 3, 0],)), (([1.0, 0.0, 0.0, 1.0],), ([0.25] * 4,))],
    "hypot": [((0.0, 0.0), (0, 0)), ((-0.0, 0.0), (0, 0))],
}

#: The same along axes and with other options.
AT_THE_KINK_WITH_OPTIONS: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("max", {"axis": 0}, [[1.0, 5.0], [1.0, 2.0]], [[0.5, 1], [0.5, 0]]),
    ("min", {"axis": -1, "keepdims": True}, [[1.0, 1.0], [3.0, 2.0]], [[0.5, 0.5], [0, 1]]),
    ("norm", {"axis": 1}, [[0.0, 0.0], [3.0, 4.0]], [[0, 0], [0.6, 0.8]]),
    ("norm", {"ord": 1}, [0.0, -2.0], [0, -1]),
    ("norm", {"ord": float("inf")}, [3.0, -3.0, 1.0], [0.5, -0.5, 0]),
    ("norm", {"ord": float("inf")}, 0.0, 0),
    ("norm", {"ord": 1}, [[1.0, 2.0], [-3.0, 2.0]], [[0.5, 0.5], [-0.5, 0.5]]),
    ("norm", {"ord": float("inf"), "keepdims": True}, [[1.0, 2.0], [-3.0, 0.0]], [[0.5, 0.5], [-0.5, 0]]),
    ("std", {"axis": 0, "ddof": 1}, [[2.0, 0.0], [2.0, 2.0]], [[0, -(0.5**0.5)], [0, 0.5**0.5]]),
    ("median", {"axis": 1}, [[1.0, 1.0, 0.0], [1.0, 2.0, 3.0]], [[0.5, 0.5, 0], [0, 1, 0]]),
]

#: Points beside a kink that look like one.
NO_KINK: list[tuple[str, dict[str, Any], Any]] = [
    ("median", {}, [3.0, 1.0, 1.0, 0.0]),
    ("median", {}, [0.0, 1.0, 2.0, 2.0, 0.0]),
    ("max", {}, [1.0, 1.0, 2.0]),
    ("norm", {"ord": 1}, [[1.0, 1.0], [1.0, 2.0]]),
    ("norm", {"ord": float("inf")}, [0.0, 0.0, 1.0]),
    ("norm", {}, [0.0, 1.0]),
    ("std", {}, [0.0, 0.0, 1.0]),
]

KINKED = tuple(primitive for primitive in LAWFUL if primitive.kink is not None)


def test_every_kink_has_a_point() -> None:
    """A primitive that gains a kink needs a point on it above."""
    assert {primitive.name for primitive in KINKED} == set(AT_THE_KINK)


@pytest.mark.parametrize(("name", "point", "expected"), [(name, *entry) for name, entries in AT_THE_KINK.items() for entry in entries])
def test_the_convention_holds(name: str, point: tuple[Any, ...], expected: tuple[Any, ...]) -> None:
    """The predicate recognises the kink, and the gradient there is the convention's, exactly."""
    primitive, values = PRIMITIVES[name], [np.array(x) for x in point]
    assert primitive.kink is not None
    assert np.all(primitive.kink.at(*values))
    node = oracle.applied(Case(primitive, tuple(x.shape for x in values), {}, ()))
    sweep = gradient(node.graph, node.out.index, [operand.index for operand in node.operands])
    inputs = dict(zip(node.operands, values, strict=True))
    for operand, partials in zip(node.operands, expected, strict=True):
        assert np.array_equal(oracle.run(node.graph.value(sweep.adjoints[operand.index]), inputs), np.array(partials, dtype=float))


@pytest.mark.parametrize(("name", "parameters", "point", "expected"), AT_THE_KINK_WITH_OPTIONS)
def test_the_convention_holds_along_axes(name: str, parameters: dict[str, Any], point: Any, expected: Any) -> None:
    """The predicate finds the kink in some result, and the gradient of the results' sum is the convention's, to the last digit but one."""
    values = np.array(point)
    assert np.any(PRIMITIVES[name].kink.at(values, **parameters))  # type: ignore[union-attr]
    node = oracle.applied(Case(PRIMITIVES[name], (values.shape,), parameters, ()))
    x = node.operands[0]
    sweep = gradient(node.graph, node.out.index, [x.index], node.graph.filled(1.0, node.out.shape))
    assert oracle.run(node.graph.value(sweep.adjoints[x.index]), {x: values}) == pytest.approx(np.array(expected, dtype=float), rel=1e-15, abs=0)


@pytest.mark.parametrize(("name", "parameters", "point"), NO_KINK)
def test_what_only_looks_like_a_kink_is_none(name: str, parameters: dict[str, Any], point: Any) -> None:
    """Equal elements matter where the result depends on which is which."""
    assert not np.any(PRIMITIVES[name].kink.at(np.array(point), **parameters))  # type: ignore[union-attr]


@pytest.mark.parametrize("primitive", [p for p in KINKED if p.kink is not None and p.kink.sides is not None], ids=lambda primitive: primitive.name)
def test_the_sides_are_the_one_sided_derivatives(primitive: Primitive) -> None:
    """The stated derivatives from the left and the right are slopes on either side of the kink."""
    assert primitive.kink is not None
    node = oracle.applied(Case(primitive, ((),), {}, ()))
    for (kink,), _ in AT_THE_KINK[primitive.name]:
        with mpmath.workdps(oracle.DIGITS):
            slopes = [
                (oracle.exactly(node.out, {node.operands[0]: np.array(kink + 2 * step)}) - oracle.exactly(node.out, {node.operands[0]: np.array(kink + step)}))
                / step
                for step in (-oracle.STEP, oracle.STEP)
            ]
        assert tuple(float(slope) for slope in slopes) == primitive.kink.sides


@pytest.mark.parametrize("primitive", KINKED, ids=lambda primitive: primitive.name)
def test_a_kink_is_described(primitive: Primitive) -> None:
    """What happens there, and the convention, are phrases that a sentence can hold."""
    assert primitive.kink is not None
    for phrase in (primitive.kink.text, primitive.kink.convention):
        assert phrase == phrase.strip()
        assert phrase[-1] != "."
