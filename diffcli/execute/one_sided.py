"""A primitive right beside a point: its partial derivatives and values to the left, there and to the right."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import Array, doubles
from diffcli.execute.numpy_later import np
from diffcli.execute.program import Program, quietly
from diffcli.graph.graph import Graph, Parameters, Value
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import axes_of

Place = tuple[int, ...]


class Beside(NamedTuple):
    """One element of a primitive's result as one element of an operand moves.

    `left` and `right` are the derivatives on either side, `taken` is the one that reverse mode
    takes; a side that is outside the domain is None, and so is its value. Of a kink of the slope
    they are second derivatives.
    """

    left: float | None
    taken: float
    right: float | None
    values: tuple[float | None, float, float | None]

    @property
    def smooth(self) -> bool:
        """Whether nothing happens here: one slope on both sides, and no jump."""
        return self.left == self.taken == self.right and self.values[0] is not None and not self.jumps

    @property
    def jumps(self) -> bool:
        """Whether the value beside the point is another, by more than the step makes of it: of slopes of 0, by any."""
        margin = 0.0 if self.left == self.taken == self.right == 0 else 1e-9 * max(1.0, abs(self.values[1]))
        return any(value is not None and abs(value - self.values[1]) > margin for value in self.values)


#: Appends the derivative of a node by another to their graph.
Derivative = Callable[[Graph, int, int], int]


class Neighbourhood:
    """A primitive on its operands' values, to be evaluated with some elements of them moved.

    With a `derivative`, of an elementwise primitive, the second partials take the place of the first.
    """

    def __init__(
        self,
        primitive: Primitive,
        values: Sequence[Array],
        parameters: Parameters,
        step: float,
        derivative: Derivative | None = None,
    ) -> None:
        graph = Graph()
        self.primitive, self.parameters, self.step = primitive, dict(parameters), step
        self.values = [doubles(value) for value in values]
        self.operands = [
            graph.value(graph.append_input(str(k), np.shape(value), None)) for k, value in enumerate(values)
        ]
        self.out = cast("Value", primitive(*self.operands, **self.parameters))  # type: ignore[arg-type]  # but for its parameters' names
        self.seed = graph.value(graph.append_input("seed", self.out.shape, None))
        self._derivative = derivative

    def elements(self, at: Array, matters: Array, most: int) -> tuple[list[Place], int]:
        """The places that are on the kink and whose result matters: of the result, or of what a reduction takes.

        The first `most` in order, and how many there are.
        """
        reduces = self.primitive.kind != "elementwise"
        shape = np.shape(self.values[0]) if reduces else self.out.shape
        spread = np.reshape(matters, self._kept()) if reduces and np.ndim(matters) else matters
        found = np.flatnonzero(np.broadcast_to(at & spread, shape))
        return list(
            zip(*(axis.tolist() for axis in np.unravel_index(found[:most], shape)), strict=True)
        ) if shape else [()] * len(found), len(found)

    def beside(self, positions: Sequence[int], place: Place) -> Beside:
        """The derivative by the operands at `positions`, which move together, at a place as `elements` tells it."""
        seed = np.zeros(self.out.shape)
        seed[self._result(place)] = 1.0
        here = self._at(self.values, positions, place, seed)
        left, right = (self._moved(positions, place, seed, sign) for sign in (-1.0, 1.0))
        if (
            left is None or right is None
        ):  # at the edge of the domain the derivative that is taken is that of the inner side
            left, right = (side and (here[0], side[1]) for side in (left, right))
        values = (left and left[1], here[1], right and right[1])
        return Beside(left and left[0], here[0], right and right[0], values)

    def element(self, position: int, place: Place) -> Place:
        """The operand's element that meets a place."""
        shape = np.shape(self.values[position])
        if not shape:
            return ()
        return tuple(
            0 if extent == 1 else index for index, extent in zip(place[len(place) - len(shape) :], shape, strict=True)
        )

    def _moved(self, positions: Sequence[int], place: Place, seed: Array, sign: float) -> tuple[float, float] | None:
        values = list(self.values)
        for position in positions:
            values[position] = moved = np.array(values[position], dtype=np.float64)
            element = self.element(position, place)
            if self.step:
                moved[element] += sign * self.step * (np.max(np.abs(moved)) or 1.0)
            else:
                moved[element] = np.nextafter(moved[element], sign * np.inf)
        if self.primitive.kind == "elementwise" and not np.all(
            self.primitive.domain.contains(*(value[self.element(k, place)] for k, value in enumerate(values)))
        ):
            return None
        return self._at(values, positions, place, seed)

    def _at(self, values: Sequence[Array], positions: Sequence[int], place: Place, seed: Array) -> tuple[float, float]:
        """The sum of the partials by the operands at `positions`, and the result."""
        pulled = [self._pulled(position) for position in positions]
        inputs = {operand.index: value[()] for operand, value in zip(self.operands, values, strict=True)} | {
            self.seed.index: seed[()]
        }
        with quietly():
            *partials, result = Program(self.out.graph, [*pulled, self.out.index], FLOAT64).run(inputs)
        slope = sum(
            float(partial[self.element(position, place)]) for position, partial in zip(positions, partials, strict=True)
        )
        return slope, float(np.asarray(result)[self._result(place)])

    def _pulled(self, position: int) -> int:
        """The node of the partial by an operand."""
        if self._derivative is None:
            pulled: Value = self.primitive.vjp(position, self.seed, self.operands, self.out, self.parameters)[1]
            return pulled.index
        operand = self.operands[position].index
        return self._derivative(self.out.graph, self._derivative(self.out.graph, self.out.index, operand), operand)

    def _kept(self) -> Place:
        """The result's shape with an extent of 1 where an axis was reduced."""
        shape = np.shape(self.values[0])
        gone = axes_of(shape, self.parameters.get("axis"))
        return tuple(1 if axis in gone else extent for axis, extent in enumerate(shape))

    def _result(self, place: Place) -> Place:
        """The element of the result that a place belongs to."""
        if self.primitive.kind == "elementwise":
            return place
        gone = axes_of(np.shape(self.values[0]), self.parameters.get("axis"))
        kept = tuple(0 if axis in gone else index for axis, index in enumerate(place))
        if self.parameters.get("keepdims"):
            return kept
        return tuple(index for axis, index in enumerate(kept) if axis not in gone)
