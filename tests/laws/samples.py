"""Operand shapes, parameters and points at which every primitive is tried."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any, NamedTuple

import numpy as np

from diffcli.primitives.declaration import Primitive
from diffcli.primitives.shape import Shape
from diffcli.primitives.structural import Slice
from diffcli.primitives.table import PRIMITIVES

Interval = tuple[float, float]

LAWFUL = tuple(primitive for primitive in PRIMITIVES.values() if primitive.kind != "leaf")
ELEMENTWISE = tuple(primitive for primitive in LAWFUL if primitive.kind == "elementwise")
PUBLIC = tuple(primitive for primitive in LAWFUL if primitive.public)

_ALL = Slice(None, None, None)

_ELEMENTWISE_SHAPES: dict[int, tuple[tuple[Shape, ...], ...]] = {
    1: (((),), ((1,),), ((3,),), ((2, 3),), ((2, 1, 3),)),
    2: (
        ((), ()), ((3,), ()), ((), (3,)), ((3,), (3,)), ((1,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)),
        ((2, 1), (1, 3)), ((2, 2, 3), (2, 1)), ((1, 1), ()), ((), (2, 1, 2)),
    ),
    3: (((), (), ()), ((3,), (3,), (3,)), ((3,), (), (3,)), ((), (3,), ()), ((2, 1), (3,), ()), ((1,), (2, 3), (2, 1)), ((2, 1, 2), (2, 2), (1,))),
}  # fmt: skip

_REDUCED: tuple[tuple[tuple[Shape, ...], dict[str, Any]], ...] = tuple(((shape,), {}) for shape in ((), (1,), (3,), (4,), (2, 3), (2, 1, 2)))

#: Operand shapes and parameters of the primitives that do not act on each element.
_OTHERS: dict[str, tuple[tuple[tuple[Shape, ...], dict[str, Any]], ...]] = {
    "sum": _REDUCED,
    "mean": _REDUCED,
    "prod": _REDUCED,
    "max": _REDUCED,
    "min": _REDUCED,
    "norm": _REDUCED,
    "dot": ((((3,), (3,)), {}), (((1,), (1,)), {})),
    "index": (
        (((3,),), {"key": (1,)}),
        (((3,),), {"key": (-1,)}),
        (((4,),), {"key": (Slice(1, None, 2),)}),
        (((4,),), {"key": (Slice(None, None, -1),)}),
        (((2, 3),), {"key": (1,)}),
        (((2, 3),), {"key": (_ALL, 0)}),
        (((2, 3),), {"key": (1, 2)}),
        (((2, 1, 3),), {"key": (_ALL, 0, Slice(0, 2, None))}),
    ),
    "scatter": (
        (((),), {"key": (1,), "shape": (3,)}),
        (((2,),), {"key": (Slice(0, 2, None),), "shape": (4,)}),
        (((3,),), {"key": (1,), "shape": (2, 3)}),
        (((2,),), {"key": (_ALL, 0), "shape": (2, 3)}),
    ),
    "stack": ((((),), {}), (((), (), ()), {}), (((3,), (3,)), {}), (((2, 3), (2, 3)), {}), (((2, 1, 2),), {})),
    "reshape": ((((),), {"shape": (1,)}), (((6,),), {"shape": (2, 3)}), (((2, 3),), {"shape": (6,)}), (((2, 1, 3),), {"shape": (3, 2)})),
    "broadcast_to": ((((),), {"shape": (3,)}), (((3,),), {"shape": (2, 3)}), (((2, 1),), {"shape": (2, 3)}), (((1, 3),), {"shape": (2, 2, 3)})),
    "sum_to": ((((3,),), {"shape": ()}), (((2, 3),), {"shape": (3,)}), (((2, 3),), {"shape": (2, 1)}), (((2, 2, 3),), {"shape": (1, 3)})),
    "accumulate": ((((), (), ()), {}), (((3,), (3,), (3,), (3,)), {}), (((2, 3), (2, 3), (2, 3)), {})),
}


class Case(NamedTuple):
    """A primitive with operand shapes, parameters, and an interval for each operand's values."""

    primitive: Primitive
    shapes: tuple[Shape, ...]
    parameters: dict[str, Any]
    box: tuple[Interval, ...]

    def points(self) -> list[np.ndarray]:
        """Values of the operands: the same ones each time."""
        random = Random(repr((self.primitive.name, self.shapes, self.box)))
        return [arbitrary(random, shape, interval) for shape, interval in zip(self.shapes, self.box, strict=True)]


def arbitrary(random: Random, shape: Shape, interval: Interval = (-2.0, 2.0)) -> np.ndarray:
    """An array of numbers between two bounds."""
    count = int(np.prod(shape))
    return np.array([random.uniform(*interval) for _ in range(count)]).reshape(shape)


def boxes(primitive: Primitive) -> list[tuple[Interval, ...]]:
    """The declared interior, and its mirror images where the primitive is defined on all of them."""
    interior = primitive.domain.interior
    mirrored = tuple((-high, -low) for low, high in interior)
    images = dict.fromkeys([mirrored, mirrored[::-1], interior[::-1]])
    images.pop(interior, None)
    return [interior, *(box for box in images if all(primitive.domain.contains(*corner) for corner in lattice(box)))]


def lattice(box: tuple[Interval, ...]) -> Iterator[tuple[np.float64, ...]]:
    """Seven values of each operand, from bound to bound, in all combinations."""
    return product(*(np.linspace(low, high, 7) for low, high in box))


def shapes_and_parameters(primitive: Primitive) -> tuple[tuple[tuple[Shape, ...], dict[str, Any]], ...]:
    """The samples of a primitive; none if it has been forgotten."""
    if primitive.kind == "elementwise":
        return tuple((shapes, {}) for shapes in _ELEMENTWISE_SHAPES.get(len(primitive.operands), ()))
    return _OTHERS.get(primitive.name, ())


def _cases(primitive: Primitive) -> Iterator[Case]:
    for shapes, parameters in shapes_and_parameters(primitive):
        for box in boxes(primitive):
            yield Case(primitive, shapes, parameters, box if len(box) == len(shapes) else box[:1] * len(shapes))


CASES = tuple(case for primitive in LAWFUL for case in _cases(primitive))
CASE_NAMES = tuple(
    "-".join([case.primitive.name, *map(str, case.shapes), *(f"{name}={value}" for name, value in case.parameters.items()), f"from{case.box[0][0]:g}"]).replace(
        " ", ""
    )
    for case in CASES
)
