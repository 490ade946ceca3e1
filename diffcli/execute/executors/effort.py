"""The work of a graph in operations on single numbers, and whether that is less than calls on arrays take."""

from collections.abc import Iterable, Sequence
from math import isqrt, prod

from diffcli.graph.graph import Graph
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, size

#: Operations on single numbers that are worth being done one by one, and how many take the time of a call on arrays.
_FEW, _AS_A_CALL = 600, 16
#: Nodes of a graph of which there are more than an expression has that is remembered.
_LONG = 50_000


def operations(steps: Iterable[tuple[Primitive, Sequence[Shape]]]) -> int:
    """The operations of some steps, about; the shapes are those of the operands and of the result."""
    count = 0
    for primitive, shapes in steps:
        sizes = [size(shape) for shape in shapes]
        count += isqrt(prod(sizes)) if is_product(primitive, sizes) else max(sizes)
    return count


def is_product(primitive: Primitive, sizes: Sequence[int]) -> bool:
    """Whether each element of the result is a sum of products of elements of two operands, by the sizes of these and of
    the result: that of the matrices m x k and k x n takes m k n operations, the root of the product of all sizes.
    """
    return primitive.kind == "linear" and len(sizes) == 3 and not (primitive.selecting or primitive.variadic)


def are_few(count: int, steps: int) -> bool:
    """Whether so many operations of so many steps are sooner done one by one."""
    return count <= min(_FEW, _AS_A_CALL * steps)


def is_long(graph: Graph) -> bool:
    """Whether a graph has single numbers alone, and so many that nobody runs it again."""
    return len(graph) > _LONG and not any(graph.shapes)


def is_small(graph: Graph) -> bool:
    """Whether all nodes of a graph are sooner computed one by one."""
    if len(graph) > 2 * _FEW:
        return False
    shapes = graph.shapes
    steps = [
        (primitive, [shapes[each] for each in (*operands, node)])
        for node, (primitive, operands) in enumerate(zip(graph.primitives, graph.operands, strict=True))
        if operands
    ]
    largest = max((size(shape) for shape in shapes), default=0)
    return largest <= _FEW and are_few(operations(steps), max(1, len(steps)))
