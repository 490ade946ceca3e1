"""Every primitive at the points where it is tried: samples, intervals, and the values drawn from them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import product
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest
from amount import makes_long_ones

from diffcli.graph.node_formula import subscripts
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape
from diffcli.primitives.table import PRIMITIVES

from .samples import ALSO_INSIDE, Draw, Interval, Labels, regular, samples_of, turned_round

LAWFUL = tuple(primitive for primitive in PRIMITIVES.values() if primitive.kind != "leaf")
ELEMENTWISE = tuple(primitive for primitive in LAWFUL if primitive.kind == "elementwise")
PUBLIC = tuple(primitive for primitive in LAWFUL if primitive.public)


class Case(NamedTuple):
    """A primitive with operand shapes, parameters, and an interval for each operand's values.

    `drawn` says how an operand's values are made that an interval does not describe.
    """

    primitive: Primitive
    shapes: tuple[Shape, ...]
    parameters: dict[str, Any]
    box: tuple[Interval, ...]
    drawn: tuple[Draw | None, ...] = ()

    def __hash__(self) -> int:
        return hash((self.primitive.name, self.shapes, self.box))

    def points(self) -> list[np.ndarray]:
        """Values of the operands: the same ones each time."""
        random = Random(repr((self.primitive.name, self.shapes, self.box)))
        drawn = self.drawn or (None,) * len(self.shapes)
        return [
            arbitrary(random, shape, interval) if draw is None else draw(random, shape)
            for shape, interval, draw in zip(self.shapes, self.box, drawn, strict=True)
        ]

    @property
    def varying(self) -> tuple[int, ...]:
        """The operands to differentiate by: a label is a whole number and has no neighbours."""
        return tuple(
            position
            for position in range(len(self.shapes))
            if not (self.drawn and isinstance(self.drawn[position], Labels))
        )

    @property
    def anywhere(self) -> "Case":
        """The case without its points: what is compiled for it is the same wherever it is tried."""
        return self._replace(box=(), drawn=tuple(draw if isinstance(draw, Labels) else None for draw in self.drawn))

    @property
    def floor(self) -> float:
        """The part of the largest element that an element counts for at least, where errors are relative to it.

        Elimination and singular values are exact for a matrix near the given one: their error is a
        part of the result's norm, so an element that is small beside the others shares theirs.
        """
        return 1.0 if self.drawn and self.drawn[0] in (regular, turned_round) else 1e-6

    @property
    def name(self) -> str:
        """What the tests of this case are called."""
        options = [f"{name}={subscripts(value) if name == 'key' else value}" for name, value in self.parameters.items()]
        made = [draw.__name__ for draw in self.drawn if hasattr(draw, "__name__")]
        return "-".join(
            [
                self.primitive.name,
                *map(str, self.shapes),
                *options,
                *dict.fromkeys(made),
                "from" + ",".join(f"{low:g}" for low, _ in dict.fromkeys(self.box)),
            ]
        ).replace(" ", "")


def arbitrary(random: Random, shape: Shape, interval: Interval = (-2.0, 2.0)) -> np.ndarray:
    """An array of numbers between two bounds."""
    count = int(np.prod(shape))
    return np.array([random.uniform(*interval) for _ in range(count)]).reshape(shape)


def boxes(primitive: Primitive) -> list[tuple[Interval, ...]]:
    """The declared interior, its mirror images where the primitive is defined on all of them,
    and what samples.py adds.
    """
    interior = primitive.domain.interior
    mirrored = tuple((-high, -low) for low, high in interior)
    images = dict.fromkeys([mirrored, mirrored[::-1], interior[::-1], *ALSO_INSIDE.get(primitive.name, ())])
    images.pop(interior, None)
    return [interior, *(box for box in images if all(primitive.domain.contains(*corner) for corner in lattice(box)))]


def lattice(box: tuple[Interval, ...]) -> Iterator[tuple[np.float64, ...]]:
    """Seven values of each operand, from bound to bound, in all combinations."""
    return product(*(np.linspace(low, high, 7) for low, high in box))


def _cases(primitive: Primitive) -> Iterator[Case]:
    found = boxes(primitive)
    for shapes, parameters, drawn in samples_of(primitive):
        for box in found[: 1 if any(drawn) else None]:
            yield Case(primitive, shapes, parameters, box if len(box) == len(shapes) else box[:1] * len(shapes), drawn)


CASES = tuple(case for primitive in LAWFUL for case in _cases(primitive))


def tried(
    cases: Iterable[Case] = CASES, step: int = 1, among: int = 1, later: Collection[Primitive] = ()
) -> pytest.MarkDecorator:
    """A test of each case. Of a primitive's cases, the first is fast, and all but every `step`-th are long; with
    `among`, all are but those of one primitive among so many, and all of the primitives that come `later`.
    """
    tests, counted = [], Counter[str]()
    for case in cases:
        number = counted[case.primitive.name]
        counted[case.primitive.name] += 1
        long = bool(number % step) or bool((len(counted) - 1) % among) or case.primitive in later
        if long and not makes_long_ones():
            continue
        marks = pytest.mark.long if long else pytest.mark.fast if number == 0 else ()
        tests.append(pytest.param(case, id=case.name, marks=marks))
    return pytest.mark.parametrize("case", tests)
