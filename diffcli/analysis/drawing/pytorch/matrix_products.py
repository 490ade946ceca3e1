"""Products of vectors, matrices and batches, as PyTorch breaks them up into those of two matrices."""

from collections.abc import Sequence

from diffcli.analysis.drawing.pytorch.tensor import Saved, Tensor, laid_like, recorded
from diffcli.analysis.drawing.pytorch.views import (
    contiguous,
    exchange,
    expand,
    permute,
    reshape,
    squeeze,
    unsafe_view,
    unsqueeze,
    view,
)
from diffcli.primitives.shape import Shape, broadcast, size


def bilinear(name: str, labels: tuple[str, str], a: Tensor, b: Tensor, shape: Shape, strides: tuple[int, ...] | None = None) -> Tensor:
    """A product: each factor is kept for the gradient of the other, if that has one."""
    kept = [Saved(label, factor) for label, factor, other in ((labels[0], a, b), (labels[1], b, a)) if other.active]
    return recorded(name, [a, b], shape, kept, strides)


def multiplied(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """`a * b`; PyTorch puts a number second."""
    a, b = reversed(operands) if operands[0].number else operands
    return bilinear("MulBackward0", ("self", "other"), a, b, shape, laid_like((a, b), shape))


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return bilinear("DotBackward0", ("self", "tensor"), a, b, ())


def _mv(a: Tensor, x: Tensor) -> Tensor:
    return bilinear("MvBackward0", ("self", "vec"), a, x, a.shape[:1])


def _mm(a: Tensor, b: Tensor) -> Tensor:
    return bilinear("MmBackward0", ("self", "mat2"), a, b, (a.shape[0], b.shape[1]))


def matmul(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """`A @ B`. A batch is folded into rows where one factor is a matrix or a vector, else multiplied matrix by matrix."""
    a, b = operands
    match len(a.shape), len(b.shape):
        case 1, 1:
            return _dot(a, b)
        case 2, 1:
            return _mv(a, b)
        case 1, 2:
            row = _mm(unsqueeze(a, 0), b)
            return recorded("SqueezeBackward4", [row], shape)
        case 2, 2:
            return _mm(a, b)
        case 3, 3 if b.shape[0] == 1 < a.shape[0] and b.active:
            return matmul((a, squeeze(b, b.shape[1:], "SqueezeBackward1")), shape)
        case 3, 3 if a.shape[0] == 1 < b.shape[0] and a.active:
            return matmul((squeeze(a, a.shape[1:], "SqueezeBackward1"), b), shape)
    return _folded(a, b, shape) if _foldable(a, b) else _batched(a, b, shape)


def _turned(x: Tensor) -> Tensor:
    return exchange(x, len(x.shape) - 2, len(x.shape) - 1)


def _foldable(a: Tensor, b: Tensor) -> bool:
    """Whether the batch of the larger factor becomes rows of a matrix.

    If the smaller one has a gradient, always, for the gradient would be summed over the batch;
    else where the rows lie one after the other already.
    """
    large, small = (a, b) if len(a.shape) >= len(b.shape) else (_turned(b), a)
    if len(large.shape) < 3 or len(small.shape) > 2:
        return False
    if small.active:
        return True
    rows = zip(large.strides[:-2], large.strides[1:-1], large.shape[1:-1], strict=True)
    return len(a.shape) != 2 and all(outer == inner * extent for outer, inner, extent in rows)


def _folded(a: Tensor, b: Tensor, shape: Shape) -> Tensor:
    first = len(a.shape) >= len(b.shape)
    large = a if first else _turned(b)
    small = b if first else exchange(a, 0, 1, "TBackward0") if len(a.shape) == 2 else a
    rows = reshape(large, (size(large.shape[:-1]), large.shape[-1]))
    if len(small.shape) == 1:
        return unsafe_view(_mv(rows, small), large.shape[:-1])
    result = unsafe_view(_mm(rows, small), (*large.shape[:-1], small.shape[-1]))
    return result if first else contiguous(_turned(result))


def _batched(a: Tensor, b: Tensor, shape: Shape) -> Tensor:
    left = unsqueeze(a, 0) if len(a.shape) == 1 else a
    right = unsqueeze(b, 1) if len(b.shape) == 1 else b
    batch = broadcast([left.shape[:-2], right.shape[:-2]])
    stacks = []
    for factor in (left, right):
        matrix = factor.shape[-2:]
        stacks.append(reshape(expand(factor, (*batch, *matrix)), (size(batch), *matrix)))
    product = bilinear("BmmBackward0", ("self", "mat2"), stacks[0], stacks[1], (size(batch), left.shape[-2], right.shape[-1]))
    return unsafe_view(squeeze(product, product.shape[:-1], "SqueezeBackward1") if len(b.shape) == 1 else product, shape)


def dot(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """A product with a number, or a matrix product."""
    return matmul(operands, shape) if operands[0].shape and operands[1].shape else multiplied(operands, shape)


def inner(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """Sums of products over the last axes."""
    a, b = operands
    if not a.shape or not b.shape:
        return multiplied(operands, shape)
    # tensordot over the last axes: they are moved, the rest is folded, and two matrices are multiplied
    rank = len(b.shape) - 1
    left, right = permute(a, range(len(a.shape))), permute(b, (rank, *range(rank)))
    if len(a.shape) == len(b.shape) == 1:
        return view(_dot(left, right), ())
    rows = reshape(left, (size(a.shape[:-1]), a.shape[-1]))
    return view(_mm(rows, reshape(right, (a.shape[-1], size(b.shape[:-1])))), shape)


def outer(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """A column times a row."""
    a, b = (x if len(x.shape) == 1 else reshape(x, (size(x.shape),)) for x in operands)
    return bilinear("MulBackward0", ("self", "other"), reshape(a, (shape[0], 1)), b, shape)


def cross(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """The cross product; the factor with fewer axes is expanded."""
    a, b = (x if len(x.shape) == len(shape) else expand(x, (*shape[: len(shape) - len(x.shape)], *x.shape)) for x in operands)
    return bilinear("LinalgCrossBackward0", ("self", "other"), a, b, shape)
