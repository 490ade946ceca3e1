"""Shapes, and the rules by which operands' shapes determine the result's."""

from collections.abc import Iterable, Sequence

Shape = tuple[int, ...]


class ShapeFault(Exception):
    """Operands whose shapes do not fit. `positions` tells which operands to point at."""

    def __init__(self, message: str, positions: Sequence[int], hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.positions = tuple(positions)
        self.hint = hint


def text(shape: Shape) -> str:
    """The shape as NumPy writes it: `()`, `(3,)`, `(2, 3)`."""
    return str(tuple(shape))


def kind(shape: Shape) -> str:
    """The shape in a student's words."""
    names = {0: "a number", 1: f"a vector of {shape[0]}" if shape else ""}
    return names.get(len(shape), "an array of shape " + text(shape))


def size(shape: Iterable[int]) -> int:
    """The number of elements."""
    product = 1
    for extent in shape:
        product *= extent
    return product


def broadcast(shapes: Sequence[Shape]) -> Shape:
    """NumPy's broadcasting: align at the right, extents of 1 stretch.

    Raises ShapeFault naming the first two operands that do not fit.
    """
    result: Shape = shapes[0]
    for position, shape in enumerate(shapes):
        if shape == result:
            continue
        rank = max(len(result), len(shape))
        left = (1,) * (rank - len(result)) + result
        right = (1,) * (rank - len(shape)) + shape
        if any(a != b and a != 1 and b != 1 for a, b in zip(left, right, strict=True)):
            other = next(k for k in range(position) if not _compatible(shapes[k], shape))
            raise ShapeFault(
                f"shapes {text(shapes[other])} and {text(shape)} do not fit together",
                (other, position),
                "shapes are aligned at the right; two extents fit when they are equal or one of them is 1",
            )
        result = tuple(b if a == 1 else a for a, b in zip(left, right, strict=True))
    return result


def _compatible(first: Shape, second: Shape) -> bool:
    pairs = zip(reversed(first), reversed(second), strict=False)
    return all(a == b or a == 1 or b == 1 for a, b in pairs)


def scalar(shapes: Sequence[Shape]) -> Shape:
    """The shape of a reduction over all elements."""
    return ()


def same_vector(shapes: Sequence[Shape]) -> Shape:
    """Two vectors of one length, to a number."""
    for position, shape in enumerate(shapes):
        if len(shape) != 1:
            raise ShapeFault(
                f"expected a vector, got {kind(shape)}", (position,), "dot takes two vectors"
            )
    if shapes[0] != shapes[1]:
        raise ShapeFault(
            f"shapes {text(shapes[0])} and {text(shapes[1])} do not fit together",
            (0, 1),
            "the dot product takes two vectors of the same length",
        )
    return ()
