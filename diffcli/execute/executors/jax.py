"""JAX: the whole schedule as one function that XLA compiles."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from diffcli.execute.executors.executor import NoDevice, Runner
from diffcli.execute.executors.library import LibraryArithmetic, calls, fitting, imported, is_one_number, within_memory
from diffcli.execute.schedule import Schedule, Step
from diffcli.messages import Joined, Message
from diffcli.primitives.shape import Shape

#: For a function the functions of whose results XLA would make another: of log(exp(x)) x, of a/b/c a/(b*c), which
#: overflow elsewhere or not at all.
_REWRITTEN = {"log": ("exp", "pow"), "div": ("div", "neg", "exp", "pow")}
#: Of two of these with a constant each it would make one, whose constant is that of both together.
_JOINED = (("add", "sub"), ("mul",))


def jax(schedule: Schedule, device: str | None = None) -> Runner:
    """The schedule compiled for a device: `cpu`, `gpu`, `tpu`, or the second of them as `gpu:1`.

    Arrays that are constant are arguments of what is compiled; constants that are one number are part of it. Double
    precision is there while it is compiled and run, and otherwise as the caller has it.
    """
    library = imported("jax", "JAX")
    dtype = schedule.arithmetic.dtype
    arithmetic, place = JaxArithmetic(library, dtype), _device(library, device)
    run = calls(schedule, arithmetic, dict.fromkeys(_apart(schedule), library.lax.optimization_barrier))
    arrays = {node: value for node, value in schedule.constants.items() if not is_one_number(value)}
    numbers = {node: value for node, value in schedule.constants.items() if node not in arrays}

    def traced(values: Sequence[Any], constants: Sequence[Any]) -> list[Any]:
        known = {node: arithmetic.number(_first(value), np.shape(value)) for node, value in numbers.items()}
        known |= dict(zip(schedule.inputs, values, strict=True)) | dict(zip(arrays, constants, strict=True))
        return run(known)

    with library.enable_x64(True), library.default_device(place):
        shapes = [library.ShapeDtypeStruct(schedule.shapes[node], dtype) for node in schedule.inputs]
        constants = [library.device_put(np.asarray(value), place) for value in arrays.values()]
        with fitting("JAX"), library.default_matmul_precision("highest"):  # others are less than single precision
            compiled = library.jit(traced).lower(shapes, constants).compile()

    def runner(values: Sequence[Any]) -> list[Any]:
        with library.enable_x64(True), within_memory():
            found = compiled([np.asarray(value, dtype) for value in values], constants)
            return [np.array(value)[()] for value in library.block_until_ready(found)]

    return runner


class JaxArithmetic(LibraryArithmetic):
    """JAX's functions."""

    def __init__(self, library: Any, dtype: np.dtype[Any]) -> None:
        self._numpy, self._barrier = library.numpy, library.lax.optimization_barrier
        super().__init__("JAX", dtype, library.numpy.linalg, library.numpy, imported("jax.scipy.special", "JAX"))

    def lifted(self, values: Any) -> Any:
        """NumPy's array as one of JAX."""
        return self._numpy.asarray(values, dtype=self.dtype)

    def places(self, numbers: Any) -> Any:
        """NumPy's whole numbers as indices."""
        return self._numpy.asarray(numbers, dtype=np.int64)

    def full(self, shape: Shape, value: float) -> Any:
        """A number that fills the shape."""
        return self._numpy.full(shape, value, dtype=self.dtype)

    def whole(self, x: Any) -> Any:
        """Numbers as indices."""
        return x.astype(self._numpy.int64)

    def singular_values(self, a: Any) -> Any:
        """Singular values, the largest first."""
        return self.linalg.svd(a, compute_uv=False)

    def log1p(self, x: Any) -> Any:
        """log(1 + x), accurate near 0: XLA's own loses two digits beside -0.4."""
        total = self._barrier(1 + x)  # or XLA would take total - 1 for x
        lost = (x - (total - 1)) / total  # of x, in the sum
        usable = (total > 0) & self.isfinite(total)
        return self.log(total) + self.where(usable, lost, self.number(0.0, ()))

    def xlog1py(self, x: Any, y: Any) -> Any:
        """x*log(1 + y), 0 where x is 0."""
        return self.where((x == 0) & ~self.isnan(y), self.number(0.0, ()), x * self.log1p(y))

    def sort(self, x: Any) -> Any:
        """Rows in order, nan last."""
        return self._numpy.sort(x, axis=-1)

    def put(self, shape: Shape, index: Any, x: Any) -> Any:
        """Zeros with x at an index."""
        return self.number(0.0, shape).at[index].set(x)

    def added(self, shape: Shape, index: Any, x: Any) -> Any:
        """Zeros to which x is added at an index along the first axis."""
        return self.number(0.0, shape).at[index].add(x)


def _apart(schedule: Schedule) -> set[int]:
    """The nodes that XLA is to compute before it looks at what is computed of them."""
    steps = {step.node: step for step in schedule.steps}

    def joined(first: Step, second: Step) -> bool:
        """Whether XLA would make one operation of the two."""
        names = first.primitive.name, second.primitive.name
        both = any(set(names) <= set(kinds) for kinds in _JOINED) and all(
            any(operand in schedule.constants for operand in step.operands) for step in (first, second)
        )
        return both or names[0] in _REWRITTEN.get(names[1], ())

    return {
        operand
        for step in schedule.steps
        for operand in step.operands
        if operand in steps and joined(steps[operand], step)
    }


def _first(value: Any) -> float:
    return float(np.asarray(value).flat[0])


def _device(library: Any, name: str | None) -> Any:
    """A device by its name; JAX's first where none is given. Raises NoDevice where there is no such."""
    if name is None:
        return library.devices()[0]
    kind, _, number = name.partition(":")
    try:
        return library.devices(kind)[int(number or 0)]
    except (RuntimeError, ValueError, IndexError):
        known = [f"{each.platform}:{each.id}" for each in (*library.devices(), *library.devices("cpu"))]
        raise NoDevice(
            Message("JAX has no device '{name}' here, but {known}", name=name, known=Joined(dict.fromkeys(known)))
        ) from None
