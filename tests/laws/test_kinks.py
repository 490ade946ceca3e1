"""At a corner or a jump, reverse mode returns the stated convention."""

from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest

from diffcli.autodiff.reverse import gradient
from diffcli.execute.numbers import Numbers
from diffcli.execute.one_sided import Neighbourhood
from diffcli.execute.program import Program
from diffcli.primitives.domain import Kink
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import PRIMITIVES

from . import oracle
from .cases import ELEMENTWISE, LAWFUL, Case
from .samples import samples_of

pytestmark = pytest.mark.fast

_COMPARISONS = {
    name: [((1.5, 1.5), (0, 0)), ((0.0, 0.0), (0, 0))]
    for name in ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
}

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
    "max": [
        (([3.0, 1.0, 3.0],), ([0.5, 0, 0.5],)),
        (([2.0, 2.0, 2.0, 2.0],), ([0.25] * 4,)),
        (([[0.0, 5.0], [5.0, 5.0]],), ([[0, 1 / 3], [1 / 3, 1 / 3]],)),
    ],
    "min": [
        (([3.0, 1.0, 1.0],), ([0, 0.5, 0.5],)),
        (([2.0, 2.0],), ([0.5, 0.5],)),
        (([[0.0, 0.0], [0.0, 1.0]],), ([[1 / 3, 1 / 3], [1 / 3, 0]],)),
    ],
    "norm": [((0.0,), (0,)), (([0.0, 0.0, 0.0],), ([0, 0, 0],)), (([[0.0, -0.0]],), ([[0, 0]],))],
    "clip": [
        ((0.0, 1.0, 1.0), (0, 1, 0)),
        ((2.0, 1.0, 1.0), (0, 0, 1)),
        ((-1.0, -1.0, 1.0), (1, 0, 0)),
        ((2.0, -1.0, 2.0), (1, 0, 0)),
    ],
    "hardtanh": [((-1.0, -1.0, 1.0), (0, 1, 0)), ((2.0, -1.0, 2.0), (0, 0, 1))],
    "leaky_relu": [((0.0, 0.25), (0.25, 0)), ((-0.0, -2.0), (-2, 0))],
    "elu": [((0.0, 2.0), (2, 0)), ((0.0, -1.0), (-1, 0))],
    "std": [(([2.0, 2.0, 2.0],), ([0, 0, 0],)), (([[0.0], [0.0]],), ([[0], [0]],))],
    "median": [
        (([1.0, 2.0, 2.0],), ([0, 0.5, 0.5],)),
        (([1.0, 1.0, 1.0, 5.0],), ([1 / 3, 1 / 3, 1 / 3, 0],)),
        (([1.0, 0.0, 0.0, 1.0],), ([0.25] * 4,)),
    ],
    "hypot": [((0.0, 0.0), (0, 0)), ((-0.0, 0.0), (0, 0))],
    "pow": [((0.0, 1.5), (0, 0)), ((-0.0, 2.5), (0, 0))],
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

KINKED = tuple(primitive for primitive in LAWFUL if primitive.kinks)


def on_a_kink(primitive: Primitive, *values: Any, **parameters: Any) -> list[Kink]:
    """The kinks that a point sits on."""
    return [kink for kink in primitive.kinks if np.any(kink.at(*values, **parameters))]


def test_every_kink_has_a_point() -> None:
    """A primitive that gains a kink needs a point on it above."""
    assert {primitive.name for primitive in KINKED} == set(AT_THE_KINK)


@pytest.mark.parametrize(
    ("name", "point", "expected"), [(name, *entry) for name, entries in AT_THE_KINK.items() for entry in entries]
)
def test_the_convention_holds(name: str, point: tuple[Any, ...], expected: tuple[Any, ...]) -> None:
    """The predicate recognises the kink, and the gradient there is the convention's, exactly."""
    primitive, values = PRIMITIVES[name], [np.array(x) for x in point]
    assert on_a_kink(primitive, *values)
    node = oracle.applied(Case(primitive, tuple(x.shape for x in values), {}, ()))
    sweep = gradient(node.graph, node.out.index, [operand.index for operand in node.operands])
    inputs = dict(zip(node.operands, values, strict=True))
    for operand, partials in zip(node.operands, expected, strict=True):
        assert np.array_equal(
            oracle.run(node.graph.value(sweep.adjoints[operand.index]), inputs), np.array(partials, dtype=float)
        )


@pytest.mark.parametrize(("name", "parameters", "point", "expected"), AT_THE_KINK_WITH_OPTIONS)
def test_the_convention_holds_along_axes(name: str, parameters: dict[str, Any], point: Any, expected: Any) -> None:
    """The predicate finds the kink in some result, and the gradient of the results' sum is the convention's, to the
    last digit but one.
    """
    values = np.array(point)
    assert on_a_kink(PRIMITIVES[name], values, **parameters)
    node = oracle.applied(Case(PRIMITIVES[name], (values.shape,), parameters, ()))
    x = node.operands[0]
    sweep = gradient(node.graph, node.out.index, [x.index], node.graph.filled(1.0, node.out.shape))
    assert oracle.run(node.graph.value(sweep.adjoints[x.index]), {x: values}) == pytest.approx(
        np.array(expected, dtype=float), rel=1e-15, abs=0
    )


@pytest.mark.parametrize(("name", "parameters", "point"), NO_KINK)
def test_what_only_looks_like_a_kink_is_none(name: str, parameters: dict[str, Any], point: Any) -> None:
    """Equal elements matter where the result depends on which is which."""
    assert not on_a_kink(PRIMITIVES[name], np.array(point), **parameters)


#: Every point above, with options or without.
POINTS = [
    *((name, {}, point) for name, entries in AT_THE_KINK.items() for point, _ in entries),
    *((name, parameters, (point,)) for name, parameters, point, _ in AT_THE_KINK_WITH_OPTIONS),
]


@pytest.mark.parametrize(("name", "parameters", "point"), POINTS)
def test_the_sides_are_the_one_sided_derivatives(name: str, parameters: dict[str, Any], point: tuple[Any, ...]) -> None:
    """What is said of either side is the slope there, by differences of many digits;
    outside the domain nothing is said.
    """
    primitive, values = PRIMITIVES[name], [np.array(x, dtype=float) for x in point]
    node = oracle.applied(Case(primitive, tuple(x.shape for x in values), parameters, ()))
    inputs = dict(zip(node.operands, values, strict=True))
    for kink in on_a_kink(primitive, *values, **parameters):
        around = Neighbourhood(primitive, values, tuple(parameters.items()), kink.step)
        place = around.elements(kink.at(*values, **parameters), np.True_, 9)[0][-1]
        for position in range(len(values)):
            found, element = around.beside([position], place), around.element(position, place)
            for sign, side in ((-1, found.left), (1, found.right)):
                slope = one_sided(node, inputs, position, element, sign)
                assert slope == pytest.approx(side, rel=1e-12, abs=1e-12) if slope is not None else side is None


def one_sided(
    node: oracle.Applied, inputs: dict[Any, np.ndarray], position: int, element: tuple[int, ...], sign: int
) -> float | None:
    """The slope of the results' sum between two points on one side of the kink; None outside the domain."""
    ends = []
    with mpmath.workdps(oracle.DIGITS):
        for distance in (1, 2):
            moved = [oracle.exact(value) for value in inputs.values()]
            numbers = np.array(moved[position], dtype=object)
            numbers[element] += sign * distance * oracle.STEP**2
            moved[position] = numbers[()]
            given = dict(zip((operand.index for operand in inputs), moved, strict=True))
            ends.append(np.sum(Program(node.graph, [node.out.index], Numbers(mpmath.mp)).run(given)[0]))
        slope = sign * (ends[1] - ends[0]) / oracle.STEP**2
    return None if mpmath.isnan(slope) else float(slope)


@pytest.mark.parametrize("primitive", KINKED, ids=lambda primitive: primitive.name)
def test_a_kink_is_described(primitive: Primitive) -> None:
    """What happens there, the convention, and what others take are phrases that a sentence can hold."""
    for kink in primitive.kinks:
        for phrase in (kink.text, kink.convention, kink.torch, kink.jax):
            assert phrase
            assert phrase == phrase.strip()
            assert phrase[-1] != "."


@pytest.mark.parametrize(
    "primitive", [p for p in ELEMENTWISE if p.domain.text != "any real number"], ids=lambda primitive: primitive.name
)
def test_the_edges_of_a_domain_are_declared(primitive: Primitive) -> None:
    """Where a domain ends and the derivative is finite there, a kink says so."""
    parameters = samples_of(primitive)[0].parameters
    node = oracle.applied(Case(primitive, ((),) * len(primitive.operands), parameters, ()))
    for point in product(np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0]), repeat=len(primitive.operands)):
        if not primitive.domain.contains(*point):
            continue
        around = Neighbourhood(primitive, point, tuple(parameters.items()), 0.0)
        for position in range(len(point)):
            found = around.beside([position], ())
            if None in (found.left, found.right) and np.isfinite(found.taken):
                assert on_a_kink(primitive, *point), (point, node.out)
