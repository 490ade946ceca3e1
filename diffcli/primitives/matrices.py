"""Linear algebra. Shapes are NumPy's: the last two axes are the matrix, those before are a batch.

Derivatives of det, inv and solve: M. B. Giles, "An extended collection of matrix derivative
results for forward and reverse mode algorithmic differentiation", 2008.
"""

from collections.abc import Sequence
from typing import Any

from diffcli.messages import Message
from diffcli.primitives.arrangement import place_diagonal, roll, swapaxes
from diffcli.primitives.declaration import linear
from diffcli.primitives.domain import Domain
from diffcli.primitives.notation import PRODUCT, infix
from diffcli.primitives.primitive import Operand, Primitive, Rule
from diffcli.primitives.reductions import sum
from diffcli.primitives.shape import Shape, ShapeFault, broadcast, kind, mismatch, size
from diffcli.primitives.structural import reshape, transpose

_INNER = Message("the last axis of the first and the last but one (of a vector, its only one) of the second need the same extent")


def _matrices(first: Shape, second: Shape) -> tuple[Shape, Shape]:
    """Both shapes with a vector as a row, or as a column."""
    return (1, *first) if len(first) == 1 else first, (*second, 1) if len(second) == 1 else second


def _product_shape(shapes: Sequence[Shape]) -> Shape:
    for position, shape in enumerate(shapes):
        if not shape:
            raise ShapeFault(Message("'@' takes vectors and matrices, not a number"), (position,), Message("write '*' to multiply by a number"))
    first, second = shapes
    left, right = _matrices(first, second)
    if left[-1] != right[-2]:
        raise mismatch(first, second, _INNER)
    try:
        batch = broadcast((left[:-2], right[:-2]))
    except ShapeFault:
        raise mismatch(first, second, Message("the axes before the last two are a batch and broadcast")) from None
    return (*batch, *(left[-2:-1] if len(first) > 1 else ()), *(right[-1:] if len(second) > 1 else ()))


def _turned(a: Operand) -> Operand:
    """Each matrix of a batch transposed."""
    return transpose(a) if len(a.shape) == 2 else swapaxes(a, axis1=-1, axis2=-2)


def _as_matrices(g: Operand, a: Operand, b: Operand) -> tuple[Operand, Operand, Operand]:
    """The cotangent and the operands of a product, vectors as rows and columns."""
    left, right = _matrices(a.shape, b.shape)
    if len(a.shape) > 1 and len(b.shape) > 1:
        return g, a, b
    batch = broadcast((left[:-2], right[:-2]))
    return reshape(g, shape=(*batch, left[-2], right[-1])), a.reshaped(left), b.reshaped(right)


def _by_left(g: Operand, a: Operand, b: Operand) -> Operand:
    if len(a.shape) == len(b.shape) == 1:
        return g * b
    if len(a.shape) == 1 and len(b.shape) == 2:
        return matmul(b, g)
    if len(a.shape) == 2 and len(b.shape) == 1:
        return outer(g, b)
    upstream, _, right = _as_matrices(g, a, b)
    product = matmul(upstream, _turned(right))
    return product.sum_to(_matrices(a.shape, b.shape)[0]).reshaped(a.shape)


def _by_right(g: Operand, a: Operand, b: Operand) -> Operand:
    if len(a.shape) == len(b.shape) == 1:
        return g * a
    if len(a.shape) == 2 and len(b.shape) == 1:
        return matmul(transpose(a), g)
    if len(a.shape) == 1 and len(b.shape) == 2:
        return outer(a, g)
    upstream, left, _ = _as_matrices(g, a, b)
    product = matmul(_turned(left), upstream)
    return product.sum_to(_matrices(a.shape, b.shape)[1]).reshaped(b.shape)


def _dot_shape(shapes: Sequence[Shape]) -> Shape:
    first, second = shapes
    if not first or not second:
        return first or second
    if max(len(first), len(second)) > 2:
        raise ShapeFault(Message("dot takes numbers, vectors and matrices"), (0 if len(first) > 2 else 1,), Message("write '@' for a batch of products"))
    return _product_shape(shapes)


def _dot_by(position: int) -> Rule:
    rule = (_by_left, _by_right)[position]
    return lambda g, a, b: rule(g, a, b) if a.shape and b.shape else _scaled_by(position, g, a, b)


def _scaled_by(position: int, g: Operand, a: Operand, b: Operand) -> Operand:
    """The transpose of a product with a number."""
    own, other = (a, b) if position == 0 else (b, a)
    return (g * other).sum_to(own.shape)


def _outer_shape(shapes: Sequence[Shape]) -> Shape:
    return (size(shapes[0]), size(shapes[1]))


def _row(a: Operand) -> Operand:
    return a if len(a.shape) == 1 else reshape(a, shape=(size(a.shape),))


def _inner_shape(shapes: Sequence[Shape]) -> Shape:
    first, second = shapes
    if not first or not second:
        return first or second
    if first[-1] != second[-1]:
        raise mismatch(first, second, Message("inner sums over the last axes, which need the same extent"))
    return (*first[:-1], *second[:-1])


def _inner_by(position: int) -> Rule:
    """Rows of one operand, weighed by the cotangent: everything but the last axis in one row."""

    def transposed(g: Operand, a: Operand, b: Operand) -> Operand:
        if not a.shape or not b.shape:
            return (g * (b if position == 0 else a)).sum_to((a if position == 0 else b).shape)
        length = a.shape[-1]
        if len(a.shape) == len(b.shape) == 1:
            return g * (b if position == 0 else a)
        left, right = (reshape(operand, shape=(size(operand.shape[:-1]), length)) for operand in (a, b))
        upstream = reshape(g, shape=(left.shape[0], right.shape[0]))
        result = matmul(upstream, right) if position == 0 else matmul(transpose(upstream), left)
        return reshape(result, shape=(a if position == 0 else b).shape)

    return transposed


def _square(shape: Shape) -> None:
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ShapeFault(Message("expected a square matrix, got {array}", array=kind(shape)), (0,), Message("it needs as many rows as columns"))


def _square_to_number(shapes: Sequence[Shape]) -> Shape:
    _square(shapes[0])
    return shapes[0][:-2]


def _square_to_square(shapes: Sequence[Shape]) -> Shape:
    _square(shapes[0])
    return shapes[0]


def _one_matrix(shapes: Sequence[Shape]) -> Shape:
    if len(shapes[0]) != 2:
        raise ShapeFault(Message("expected a matrix, got {array}", array=kind(shapes[0])), (0,), Message("the trace is the sum of the diagonal of a matrix"))
    return ()


def _solution_shape(shapes: Sequence[Shape]) -> Shape:
    first, second = shapes
    _square(first)
    if not second or first[-1] != (second[0] if len(second) == 1 else second[-2]):
        raise mismatch(first, second, Message("solve(A, b) finds x with A @ x = b: b has a row for each row of A"))
    if len(second) == 1:
        return (*first[:-2], second[0])
    try:
        return (*broadcast((first[:-2], second[:-2])), *second[-2:])
    except ShapeFault:
        raise mismatch(first, second, Message("the axes before the last two are a batch and broadcast")) from None


def _three(shapes: Sequence[Shape]) -> Shape:
    for position, shape in enumerate(shapes):
        if not shape or shape[-1] != 3:
            raise ShapeFault(Message("expected vectors of 3, got {array}", array=kind(shape)), (position,), Message("the cross product is that of vectors of three elements"))
    return broadcast(shapes)


def _spread_on_diagonal(g: Operand, a: Operand) -> Operand:
    return place_diagonal(g.broadcast_to((min(a.shape),)), k=0, shape=a.shape)


def _over_matrices(numbers: Operand) -> Operand:
    """One number for each matrix of a batch, in a shape that broadcasts against the matrices."""
    return numbers if numbers.shape == () else numbers.reshaped((*numbers.shape, 1, 1))


def _total_of_products(a: Operand, b: Operand) -> Operand:
    product = a.weighed_by(b)
    return sum(product) if len(product.shape) == 2 else sum(product, axis=(-2, -1))


def _columns(b: Operand, vector: bool) -> Operand:
    return b.reshaped((*b.shape, 1)) if vector else b


matmul: Primitive = linear(
    "matmul", "Matrix product; of two vectors, the dot product.", _by_left, _by_right, operands=("A", "B"),
    shape=_product_shape, multilinear=True, notation=infix("@", PRODUCT), aliases=("mm", "mv", "bmm"), example='diffcli grad "sum((A @ x)^2)" --at "A=[[1,2],[3,4]]" --at x=1,1',
)
dot = linear(
    "dot", "Dot product of vectors; of matrices, the matrix product.", _dot_by(0), _dot_by(1), operands=("a", "b"),
    shape=_dot_shape, multilinear=True, aliases=("vdot",), example='diffcli grad "dot(x, x)" --at 1,2,3',
)
outer: Primitive = linear(
    "outer", "Products of each element of a with each of b.",
    lambda g, a, b: reshape(matmul(g, _row(b)), shape=a.shape), lambda g, a, b: reshape(matmul(transpose(g), _row(a)), shape=b.shape),
    shape=_outer_shape, multilinear=True, aliases=("ger",), example='diffcli grad "sum(outer(a, b)^2)" --at a=1,2 --at b=3,4',
)
inner = linear(
    "inner", "Sums of products over the last axes.", _inner_by(0), _inner_by(1), operands=("a", "b"), shape=_inner_shape, multilinear=True,
)
cross: Primitive = linear(
    "cross", "Cross product of vectors of three elements.",
    lambda g, a, b: cross(b, g).sum_to(a.shape), lambda g, a, b: cross(g, a).sum_to(b.shape), shape=_three, multilinear=True, example='diffcli grad "cross(a, b)[2]" --at a=1,2,3 --at b=4,5,6',
)
trace = linear("trace", "Sum of the diagonal.", _spread_on_diagonal, operands=("A",), shape=_one_matrix, described="eye(n)", pullback="{g}*eye(n)", example='diffcli diff "trace(A @ B)" --wrt A')

_SINGULAR = Domain("an invertible matrix", lambda *operands: True, ((-2.0, 2.0),), "the matrix is singular")


def _det_vjp(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[Operand | None, Operand]:
    local = cofactors(operands[0])
    return local, _over_matrices(g).weighed_by(local)


def _det_jvp(tangents: Sequence[Operand], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
    return _total_of_products(cofactors(operands[0]), tangents[0])


def _cofactors_vjp(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[None, Operand]:
    """The change of the cofactors is a symmetric function of the direction."""
    return None, _cofactors_along(operands[0], out, g)


def _cofactors_jvp(tangents: Sequence[Operand], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
    return _cofactors_along(operands[0], out, tangents[0])


def _cofactors_along(a: Operand, out: Operand, tangent: Operand) -> Operand:
    """The change of the cofactors along a direction, up to 3 x 3 without an inverse: singular matrices have it too.

    Rows of the cofactors of three rows are their cross products. In general C = det(A) inv(A).T
    changes along T by tr(inv(A) T) C - inv(A).T T.T C.
    """
    extent = a.shape[-1]
    if extent == 1:
        return out.named(0.0, "").broadcast_to(out.shape)
    if extent == 2:
        return cofactors(tangent)
    if extent == 3:
        (a_next, a_last), (t_next, t_last) = ((roll(rows, shift=-1, axis=-2), roll(rows, shift=-2, axis=-2)) for rows in (a, tangent))
        return cross(t_next, a_last) + cross(a_next, t_last)
    inverse = inv(a)
    whole = _over_matrices(_total_of_products(_turned(inverse), tangent))
    return whole * out - matmul(matmul(_turned(inverse), _turned(tangent)), out)


def _logdet_vjp(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[Operand | None, Operand]:
    local = _turned(inv(operands[0]))
    return local, _over_matrices(g).weighed_by(local)


def _logdet_jvp(tangents: Sequence[Operand], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
    return _total_of_products(_turned(inv(operands[0])), tangents[0])


def _inv_vjp(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[None, Operand]:
    turned = _turned(out)
    return None, -matmul(matmul(turned, g), turned)


def _inv_jvp(tangents: Sequence[Operand], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
    return -matmul(matmul(out, tangents[0]), out)


def _solve_vjp(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[None, Operand]:
    a, b = operands
    vector = len(b.shape) == 1
    pulled = solve(_turned(a), g) if not vector or len(a.shape) == 2 else solve(_turned(a), _columns(g, True))
    if position == 1:
        return None, (pulled if pulled.shape == g.shape else pulled.reshaped(g.shape)).sum_to(b.shape)
    if len(pulled.shape) == 1:
        return None, -outer(pulled, out)
    columns = _columns(out, vector)
    return None, (-matmul(pulled.reshaped(columns.shape), _turned(columns))).sum_to(a.shape)


def _solve_jvp(tangents: Sequence[Operand | None], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
    (a, b), (da, right) = operands, tangents
    vector = len(b.shape) == 1
    if da is not None:
        moved = matmul(da, out) if len(a.shape) == 2 else matmul(da, _columns(out, vector)).reshaped(out.shape)
        right = -moved if right is None else right - moved
    assert right is not None, "one of the operands varies"
    if vector and len(a.shape) > 2:
        return solve(a, _columns(right.broadcast_to(out.shape), True)).reshaped(out.shape)
    return solve(a, right)


def _other(name: str, summary: str, operands: tuple[str, ...], shape: Rule, vjp: Rule, jvp: Rule, **details: Any) -> Primitive:
    return Primitive(name, summary, "other", operands, shape, vjp, jvp, details.pop("compute", name), name, **details)


det = _other("det", "Determinant.", ("A",), _square_to_number, _det_vjp, _det_jvp, described="cofactors of {operand}")
cofactors: Primitive = _other(
    "cofactors", "The matrix of cofactors, det(A) inv(A).T, which singular matrices have too.", ("A",), _square_to_square, _cofactors_vjp, _cofactors_jvp, public=False
)
logdet = _other(
    "logdet", "Logarithm of a positive determinant.", ("A",), _square_to_number, _logdet_vjp, _logdet_jvp,
    described="inv({operand}).T", domain=Domain("a matrix with a positive determinant", lambda a: True, ((-2.0, 2.0),), "the determinant is not positive"),
)
inv: Primitive = _other("inv", "Inverse.", ("A",), _square_to_square, _inv_vjp, _inv_jvp, domain=_SINGULAR, aliases=("inverse",))
solve: Primitive = _other("solve", "The x with A @ x = b.", ("A", "b"), _solution_shape, _solve_vjp, _solve_jvp, domain=_SINGULAR)
