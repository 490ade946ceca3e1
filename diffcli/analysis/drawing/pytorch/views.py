"""Tensors looked at in another way: which functions PyTorch records, and where it copies."""

from collections.abc import Iterable, Iterator, Sequence

from diffcli.analysis.drawing.pytorch.tensor import Saved, Tensor, fresh, laid_like, packed_strides, recorded, view_of
from diffcli.primitives.shape import Shape, size
from diffcli.primitives.subscripts import Key, Slice


def contiguous(x: Tensor) -> Tensor:
    """The tensor itself, or a copy whose elements lie one after the other."""
    return x if x.contiguous else recorded("CloneBackward0", [x], x.shape)


def view(x: Tensor, shape: Shape) -> Tensor:
    """`x.view(shape)` of a contiguous tensor."""
    return view_of("ViewBackward0", x, shape, packed_strides(shape))


def unsafe_view(x: Tensor, shape: Shape) -> Tensor:
    """The result of a product or a copy in its own shape; PyTorch does not call it a view."""
    return recorded("UnsafeViewBackward0", [x], shape)


def reshape(x: Tensor, shape: Shape) -> Tensor:
    """`x.reshape(shape)`: a view where the memory allows it, else a copy."""
    if x.contiguous:
        return view(x, shape)
    strides = _strides_seen_as(x, shape)
    if strides is not None:
        return view_of("ReshapeAliasBackward0", x, shape, strides)
    return unsafe_view(contiguous(x), shape)


def _strides_seen_as(x: Tensor, shape: Shape) -> tuple[int, ...] | None:
    """The strides of a view of that shape, None where no view has it.

    Axes that lie together in memory make a block; the new axes must split blocks, never join them.
    """
    blocks: list[tuple[int, int]] = []  # number of elements, stride of the last axis
    for extent, stride in zip(x.shape, x.strides, strict=True):
        if extent == 1:
            continue
        if blocks and blocks[-1][1] == extent * stride:
            blocks[-1] = (blocks[-1][0] * extent, stride)
        else:
            blocks.append((extent, stride))
    strides: list[int] = []
    remaining, stride = 1, 1
    for extent in reversed(shape):
        if extent > 1 and remaining == 1:
            if not blocks:
                return None
            remaining, stride = blocks.pop()
        if remaining % extent:
            return None
        strides.append(stride)
        remaining //= extent
        stride *= extent
    return tuple(reversed(strides))


def permute(x: Tensor, order: Iterable[int], name: str = "PermuteBackward0") -> Tensor:
    """The axes in another order."""
    places = tuple(order)
    return view_of(name, x, tuple(x.shape[axis] for axis in places), tuple(x.strides[axis] for axis in places))


def exchange(x: Tensor, first: int, second: int, name: str = "TransposeBackward0") -> Tensor:
    """Two axes exchanged."""
    order = list(range(len(x.shape)))
    order[first], order[second] = order[second], order[first]
    return permute(x, order, name)


def expand(x: Tensor, shape: Shape) -> Tensor:
    """Copies that take no memory: a stride of 0."""
    added = len(shape) - len(x.shape)
    strides = tuple(0 if axis < added or x.shape[axis - added] != extent else x.strides[axis - added] for axis, extent in enumerate(shape))
    return view_of("ExpandBackward0", x, shape, strides)


def unsqueeze(x: Tensor, axis: int) -> Tensor:
    """A new axis of extent 1."""
    stride = x.shape[axis] * x.strides[axis] if axis < len(x.shape) else 1
    return view_of("UnsqueezeBackward0", x, (*x.shape[:axis], 1, *x.shape[axis:]), (*x.strides[:axis], stride, *x.strides[axis:]))


def squeeze(x: Tensor, shape: Shape, name: str) -> Tensor:
    """Axes of extent 1 taken away."""
    strides = iter([stride for extent, stride in zip(x.shape, x.strides, strict=True) if extent != 1])
    return view_of(name, x, shape, tuple(1 if extent == 1 else next(strides) for extent in shape))


def repeat_interleave(x: Tensor, shape: Shape, repeats: int, axis: int | None) -> Tensor:
    """Each element repeated: an axis after its own, expanded, copied, seen as one with it."""
    if axis is None:
        x = x if len(x.shape) == 1 else reshape(x, (size(x.shape),))
        axis = 0
    along = axis % len(x.shape)
    apart = unsqueeze(x, along + 1)
    full = expand(apart, (*apart.shape[: along + 1], repeats, *apart.shape[along + 2 :]))
    return view(recorded("CloneBackward0", [full], full.shape), shape)


def subscript(x: Tensor, shape: Shape, key: Key, places: Sequence[Tensor] = ()) -> Tensor:
    """`x[key]`: a selection or a slice for each entry in turn; then the lists and tensors of places all at once.

    A tensor without axes is a single place.

    PyTorch has no negative steps: where NumPy has one, the axis is flipped first, as its users do.
    """
    axis, start = 0, x
    lists: list[tuple[int, Shape]] = []
    for entry in _with_shapes(key, places):
        if entry is None:
            x = unsqueeze(x, axis)
            axis += 1
        elif isinstance(entry, Slice):
            x = _sliced(x, axis, entry, alone=len(key) == 1)
            axis += 1
        elif entry:
            lists.append((axis, entry))
            axis += 1
        else:
            place = (*range(axis), *range(axis + 1, len(x.shape)))
            x = view_of("SelectBackward0", x, tuple(x.shape[each] for each in place), tuple(x.strides[each] for each in place))
    if lists:
        return recorded("IndexBackward0", [x], shape, [Saved(f"indices[{at}]", fresh(own)) for at, own in lists])
    return view_of("AliasBackward0", x, x.shape, x.strides) if x is start else x


def _sliced(x: Tensor, axis: int, entry: Slice, *, alone: bool) -> Tensor:
    """An axis sliced; in a key of several entries a slice that takes everything is left out."""
    start, stop, step = slice(*entry).indices(x.shape[axis])
    count = len(range(start, stop, step))
    if step < 0:
        x = recorded("FlipBackward0", [x], x.shape, strides=laid_like([x], x.shape))
        alone = False
    if not alone and count == x.shape[axis]:
        return x
    shape = (*x.shape[:axis], count, *x.shape[axis + 1 :])
    return view_of("SliceBackward0", x, shape, (*x.strides[:axis], x.strides[axis] * abs(step), *x.strides[axis + 1 :]))


def _with_shapes(key: Key, places: Sequence[Tensor]) -> Iterator[Slice | Shape | None]:
    """The key with a shape for what is no slice and no new axis: that of a single place is ()."""
    computed = iter(places)
    for entry in key:
        if entry is None or isinstance(entry, Slice):
            yield entry
        else:
            yield next(computed).shape if entry is ... else (len(entry),) if isinstance(entry, tuple) else ()


def put_back(x: Tensor, shape: Shape, key: Key, places: Sequence[Tensor] = ()) -> Tensor:
    """Zeros with x at an index, as the derivative of indexing makes them: one function for each entry, the last one first."""
    for entry in reversed([*_with_shapes(key, places)]):
        if isinstance(entry, Slice):
            x = recorded("SliceBackwardBackward0", [x], shape)
        elif entry is not None and not entry:
            x = recorded("SelectBackwardBackward0", [x], shape)
        elif entry is not None:
            x = recorded("IndexPutBackward0", [x], shape, [Saved("indices[0]", fresh(entry))])
        else:
            x = recorded("SqueezeBackward1", [x], shape)
    return x
