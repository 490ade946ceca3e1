"""PyTorch: one of its functions after the other, on one of its devices."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from diffcli.execute.arrays import Array
from diffcli.execute.dtype import PRECISIONS
from diffcli.execute.executors.executor import NoDevice, Runner
from diffcli.execute.executors.library import LibraryArithmetic, calls, fitting, imported, is_one_number, within_memory
from diffcli.execute.schedule import Schedule
from diffcli.messages import Joined, Message
from diffcli.primitives.shape import Axes, Shape, axes_of


def torch(schedule: Schedule, device: str | None = None) -> Runner:
    """The schedule on a device of PyTorch's: `cpu`, `cuda`, `cuda:1`, ...

    It is first run on shapes alone, so that what does not run is known before a call.
    """
    library = imported("torch", "PyTorch")
    place = _device(library, device, schedule.arithmetic.dtype)
    _tried(schedule, library)
    arithmetic = TorchArithmetic(library, place, schedule.arithmetic.dtype)
    run = calls(schedule, arithmetic)
    constants = {node: arithmetic.constant(value) for node, value in schedule.constants.items()}

    def runner(values: Sequence[Any]) -> list[Any]:
        with library.no_grad(), within_memory():
            given = zip(schedule.inputs, map(arithmetic.lifted, values), strict=True)
            return [np.array(found.cpu().numpy())[()] for found in run({**constants, **dict(given)})]

    return runner


def _tried(schedule: Schedule, library: Any) -> None:
    """Run the schedule on shapes alone. Raises Unfit where PyTorch does not do that."""
    arithmetic = TorchArithmetic(library, library.device("meta"), schedule.arithmetic.dtype)
    with library.no_grad(), fitting("PyTorch"):
        nodes = (*schedule.inputs, *schedule.constants)
        calls(schedule, arithmetic)({node: arithmetic.number(0.0, schedule.shapes[node]) for node in nodes})


class TorchArithmetic(LibraryArithmetic):
    """PyTorch's functions, with NumPy's parameters."""

    def __init__(self, library: Any, device: Any, dtype: np.dtype[Any]) -> None:
        super().__init__("PyTorch", dtype, library.linalg, library, library.special)
        self._torch, self._device = library, device

    def lifted(self, values: Any) -> Any:
        """NumPy's array as a tensor, which may share its memory and is never written to."""
        return self._tensor(np.asarray(values, dtype=self.dtype, order="C"))

    def places(self, numbers: Any) -> Any:
        """NumPy's whole numbers as indices."""
        return self._tensor(np.asarray(numbers, dtype=np.int64, order="C"))

    def _tensor(self, array: Array) -> Any:
        return self._torch.from_numpy(array if array.flags.writeable else array.copy()).to(self._device)

    def constant(self, value: Any) -> Any:
        """The same; copies of one number without memory for each."""
        if is_one_number(value):
            return self.number(np.asarray(value).flat[0], ()).expand(np.shape(value))
        return self.lifted(value)

    def full(self, shape: Shape, value: float) -> Any:
        """A number that fills the shape."""
        return self._torch.full(shape, value, dtype=getattr(self._torch, self.dtype.name), device=self._device)

    def whole(self, x: Any) -> Any:
        """Numbers as indices."""
        return x.to(self._torch.int64)

    def put(self, shape: Shape, index: Any, x: Any) -> Any:
        """Zeros with x at an index."""
        result = self.number(0.0, shape)
        result[index] = x
        return result

    def added(self, shape: Shape, index: Any, x: Any) -> Any:
        """Zeros to which x is added at an index along the first axis."""
        return self.number(0.0, shape).index_put_((index,), x, accumulate=True)

    # elementwise

    def minimum(self, x: Any, y: Any) -> Any:
        """The smaller one; y may be a number."""
        return self._torch.minimum(x, y if hasattr(y, "shape") else self.number(y, ()))

    def maximum(self, x: Any, y: Any) -> Any:
        """The larger one; y may be a number."""
        return self._torch.maximum(x, y if hasattr(y, "shape") else self.number(y, ()))

    def sign(self, x: Any) -> Any:
        """-1, 0 or 1; nan of nan."""
        return self.where(self.isnan(x), x, self._torch.sign(x))

    def cbrt(self, x: Any) -> Any:
        """The real cube root: a power, and a step of Newton's."""
        root = self._torch.sign(x) * self._torch.abs(x) ** (1 / 3)
        better = root - (root - x / (root * root)) / 3
        return self.where(self.isfinite(better), better, x * 1.0)

    # reductions

    def sum(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
        """Sums along axes."""
        axes = axes_of(x.shape, axis)
        return self._torch.sum(x, axes, keepdims) if axes else x

    def max(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
        """The largest along axes."""
        axes = axes_of(x.shape, axis)
        return self._torch.amax(x, axes, keepdims) if axes else x

    def min(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
        """The smallest along axes."""
        axes = axes_of(x.shape, axis)
        return self._torch.amin(x, axes, keepdims) if axes else x

    def prod(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
        """Products along axes."""
        for each in reversed(axes_of(x.shape, axis)):
            x = self._torch.prod(x, each, keepdims)
        return x

    def cumsum(self, x: Any, axis: int | None = None) -> Any:
        """Sums of the elements up to each."""
        return self._torch.cumsum(x.reshape(-1) if axis is None else x, 0 if axis is None else axis)

    def singular_values(self, a: Any) -> Any:
        """Singular values, the largest first."""
        return self.linalg.svdvals(a)

    def sort(self, x: Any) -> Any:
        """Rows in order, nan last."""
        return self._torch.sort(x, -1).values

    # moves

    def reshape(self, x: Any, shape: Shape | int) -> Any:
        """The same elements in another shape."""
        return x.reshape(shape)

    def broadcast_to(self, x: Any, shape: Shape) -> Any:
        """Copies that fill a shape."""
        return x.expand(shape)

    def transpose(self, x: Any, axes: Sequence[int] | None = None) -> Any:
        """The axes in reverse order, or in the order named."""
        return x.permute(tuple(reversed(range(x.ndim)) if axes is None else axes))

    def concatenate(self, elements: Sequence[Any], axis: int = 0) -> Any:
        """Arrays joined along an axis."""
        return self._torch.cat(list(elements), axis)

    def stack(self, elements: Sequence[Any], axis: int = 0) -> Any:
        """Arrays along a new axis."""
        return self._torch.stack(list(elements), axis)

    def tile(self, x: Any, reps: Shape) -> Any:
        """The whole array, repeated."""
        return self._torch.tile(x, reps)

    def repeat(self, x: Any, repeats: int, axis: int | None = None) -> Any:
        """Each element repeated."""
        return self._torch.repeat_interleave(x, repeats, axis)

    def flip(self, x: Any, axis: Axes = None) -> Any:
        """Turned round along axes."""
        return self._torch.flip(x, axes_of(x.shape, axis))

    def triu(self, x: Any, k: int = 0) -> Any:
        """The upper triangle; zeros below diagonal k."""
        return self._torch.triu(x, k)

    def tril(self, x: Any, k: int = 0) -> Any:
        """The lower triangle; zeros above diagonal k."""
        return self._torch.tril(x, k)

    def diag(self, x: Any, k: int = 0) -> Any:
        """The matrix with this diagonal, or the diagonal of a matrix."""
        return self._torch.diag(x, k)

    def inner(self, a: Any, b: Any) -> Any:
        """Sums of products over the last axes."""
        return self._torch.inner(a, b) if a.ndim and b.ndim else a * b


def _device(library: Any, name: str | None, dtype: np.dtype[Any]) -> Any:
    """A device by its name, the processor where none is given. Raises NoDevice where it cannot be used."""
    try:
        device = library.device(name or "cpu")
        library.zeros((), dtype=getattr(library, dtype.name), device=device)
    except (RuntimeError, AssertionError, TypeError, NotImplementedError):
        known = ["cpu", *(f"cuda:{number}" for number in range(library.cuda.device_count()))]
        raise NoDevice(
            Message(
                "PyTorch does not compute in {precision} on '{name}' here, but on {known}",
                precision=PRECISIONS["float64" if dtype == np.float64 else "float32"],
                name=name,
                known=Joined(known),
            )
        ) from None
    return device
