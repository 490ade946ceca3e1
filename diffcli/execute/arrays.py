"""Small measurements and moves of values, so that what stands above need not know NumPy."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from diffcli.execute.numpy_later import np
from diffcli.primitives.shape import Shape

if TYPE_CHECKING:
    #: Numbers in a shape: doubles, or objects that are numbers of another arithmetic.
    Array = np.ndarray[tuple[Any, ...], np.dtype[Any]]
else:
    Array = Any  # what only the checker reads is no reason to load NumPy


def scalar(value: Any) -> Any:
    """A single number as Python has it: a double as a float, one of another type as it is."""
    number = value if isinstance(value, float) else np.asarray(value)[()]
    return float(number) if isinstance(number, float) else number


def decimal(value: Array) -> Array:
    """Singles as the doubles of the shortest decimals that mean them, 0.1 for 0.10000000149011612; others as they are.

    A double that prints as that decimal is rounded to the very same single when it is read.
    """
    single = getattr(value, "dtype", None) == "float32"  # cells, which are doubles, have none
    return np.asarray(value).astype(str).astype(np.float64) if single else value


def all_finite(value: Array | float) -> bool:
    """Whether no element is nan or infinite."""
    return math.isfinite(value) if isinstance(value, float) else bool(finite_elements(value).all())


def all_of_them_finite(values: Iterable[Array | float]) -> bool:
    """Whether no element of any value is nan or infinite."""
    return all(math.isfinite(value) if value.__class__ is np.float64 else all_finite(value) for value in values)


def finite_elements(value: Array | float) -> Array:
    """For each element whether it is neither nan nor infinite."""
    if np.asarray(value).dtype != object:
        return np.isfinite(value)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.frompyfunc(lambda element: element - element == 0, 1, 1)(value), dtype=bool)


def undefined_elements(value: Array) -> Array:
    """For each element whether it is nan."""
    return value != value


def everywhere(conditions: Iterable[Array]) -> Array:
    """For each element whether all the conditions hold."""
    return np.logical_and.reduce([np.asarray(condition, dtype=bool) for condition in conditions])


def any_nonzero(value: Array) -> bool:
    """Whether some element differs from 0; nan does."""
    return bool(np.any(value != 0))


def count_true(value: Array) -> int:
    """The number of elements that are True."""
    return int(np.count_nonzero(value))


def first_not_finite(value: Array) -> tuple[int, ...]:
    """The index of the first element that is nan or infinite."""
    return tuple(np.argwhere(~finite_elements(value))[0].tolist())


def element_at(value: Array, place: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
    """The element that meets a place of what the value is broadcast to, as a double, and its own index."""
    element, index = number_at(value, place)
    return float(element), index


def number_at(value: Array, place: tuple[int, ...]) -> tuple[Any, tuple[int, ...]]:
    """The element that meets a place of what the value is broadcast to, a number of its own type, and its own index."""
    shape = np.shape(value)
    index = (
        tuple(0 if extent == 1 else at for at, extent in zip(place[len(place) - len(shape) :], shape, strict=True))
        if shape
        else ()
    )
    return np.asarray(value)[index], index


def first_bad_product(local: Array, upstream: Array) -> tuple[int, ...] | None:
    """The place of the first product that is not finite of a finite number; of 0 only where there is no other."""
    with np.errstate(all="ignore"):
        bad = ~finite_elements(local * upstream) & finite_elements(upstream)
    places = np.argwhere(bad & (upstream != 0)) if np.any(bad & (upstream != 0)) else np.argwhere(bad)
    return tuple(places[0].tolist()) if len(places) else None


def with_finite_elements(value: Array) -> Array:
    """The value with 1 in place of what is nan or infinite."""
    return np.where(finite_elements(value), value, 1)[()]


def finite_or(value: Array, other: Array) -> Array:
    """The value with the other's elements in place of those that are nan or infinite."""
    chosen: Array = np.where(finite_elements(value), value, other)
    return chosen[()]


def identical(first: Array, second: Array) -> bool:
    """Whether all elements are equal; nan equals nan."""
    return np.shape(first) == np.shape(second) and bool(
        np.all((first == second) | ((first != first) & (second != second)))
    )


def zeros_like(value: Array) -> Array:
    """Zeros in the shape of a value."""
    return np.asarray(value * 0, dtype=object) if np.asarray(value).dtype == object else np.zeros_like(value)[()]


def hollow(shape: Shape, dtype: Any = "float64") -> Array:
    """An array of a shape and a type that takes no memory: what only those are wanted of."""
    return np.broadcast_to(np.zeros((), dtype), shape)


def doubles(value: Any) -> Array:
    """Numbers of any type, nested or in an array, as double precision."""
    return np.asarray(value).astype(np.float64)[()]


def largest_magnitude(values: Iterable[Array]) -> float:
    """The largest absolute value of any element; 0 where there is none."""
    return max((float(np.max(np.abs(value))) for value in values), default=0.0)


def euclidean_norm(values: Iterable[Array]) -> float:
    """The root of the sum of the squares of all elements, scaled where they would overflow or vanish."""
    with np.errstate(all="ignore"):
        return norm_quietly(values)


def norm_quietly(values: Iterable[Array]) -> float:
    """The same where the caller has seen to it that nothing is warned of."""
    parts = [doubles(value) if value.dtype.char == "f" else value for value in values]  # its squares are no singles
    squares = 0.0
    for part in parts:
        squares += _total(part, part)
    if 1e-280 < squares < 1e280:
        return math.sqrt(squares)
    largest = largest_magnitude(parts)
    if largest == 0 or not np.isfinite(largest):
        return largest
    return largest * float(np.sqrt(sum(float(np.sum((part / largest) ** 2)) for part in parts)))


def distance(first: Mapping[str, Array], second: Mapping[str, Array]) -> float:
    """The Euclidean distance between two points."""
    with np.errstate(all="ignore"):
        return euclidean_norm(first[name] - second[name] for name in first)


def largest_part(step: Array, sizes: Array, uncertainty: Array) -> float:
    """The largest part of its size by which a step changes a coordinate beyond what is uncertain of it.

    inf of a size of 0.
    """
    with np.errstate(all="ignore"):
        parts = np.where(
            np.abs(step) <= uncertainty, 0.0, doubles(np.abs(step) / np.where(sizes == 0, 1, np.abs(sizes)))
        )
    return float(np.max(np.where((parts != 0) & (sizes == 0), np.inf, parts), initial=0.0))


def moved_at_least(point: Array, step: Array) -> Array:
    """The step, where it leads nowhere one to the next number, as doubles are."""
    towards = np.nextafter(point, np.where(step == 0, point, np.copysign(np.inf, step)))
    after = np.where(np.abs(step) < np.abs(towards - point), towards, point + step)
    return after - point


def as_long_as(step: Array, point: Array) -> Array:
    """The step made as long as the point's largest coordinate, or 1."""
    largest = np.max(np.abs(step))
    return step / largest * max(1.0, np.max(np.abs(point)))


def along(point: Mapping[str, Array], by: float, step: Mapping[str, Array]) -> dict[str, Array]:
    """The point after so many times the step."""
    with np.errstate(all="ignore"):
        return {name: value + by * step[name] for name, value in point.items()}


def dot(first: Array, second: Array) -> float:
    """The sum of the products of corresponding elements."""
    with np.errstate(all="ignore"):
        return _total(first, second)


def _total(first: Array, second: Array) -> float:
    """The sum of products in an order that does not depend on how the elements are stored."""
    if isinstance(first, float):
        return float(first * second)
    return float(np.add.reduce(np.ascontiguousarray(first) * np.ascontiguousarray(second), axis=None))


def turnings(path: Sequence[Mapping[str, Array]]) -> list[bool]:
    """For each of some gradients but the first whether it points against the one before: whether their `dot` is below
    0.
    """
    total: Any = 0
    with np.errstate(all="ignore"):
        for name in path[0]:
            rows = np.concatenate([gradient[name].ravel() for gradient in path]).reshape(len(path), -1)
            total = total + np.add.reduce(rows[1:] * rows[:-1], axis=1)
    against: list[bool] = (total < 0).tolist()
    return against


def root(value: Array) -> Array:
    """The square root of each element."""
    return np.sqrt(value)


def magnitudes(value: Array) -> Array:
    """The absolute value of each element."""
    return np.abs(value)


def larger(first: Array, second: Array | float) -> Array:
    """The larger of corresponding elements."""
    return np.maximum(first, second)


def smaller(first: Array | float, second: Array | float) -> Array:
    """The smaller of corresponding elements."""
    return np.minimum(first, second)


def relative_error(value: Array, reference: Array, scale: float, least: float = math.inf) -> float:
    """The largest |value - reference| / |reference| over all elements; inf for nan.

    Elements of which both are below 1e-13 of `scale`, or some hundred roundings of it, and the reference not above
    `least` or what the value's type rounds to 0, are 0 but for rounding: their difference is taken relative to `scale`.
    """
    about = np.finfo(np.asarray(value).dtype)
    with np.errstate(all="ignore"):
        difference, size = np.abs(value - reference), np.abs(reference)
        rounded = max(1e-13, 450 * float(about.eps)) * scale
        vanishing = (np.maximum(np.abs(value), size) <= rounded) & (size <= max(least, float(about.tiny)))
        ratio = np.where(difference == 0, 0.0, difference / np.where(vanishing, scale, size))
    return float(np.max(np.where(np.isnan(ratio), np.inf, ratio)))


def arrayed(value: Any) -> Array:
    """A result of arithmetic on arrays: a single number that is no double, which has no shape, as an array without
    axes.
    """
    has_shape = isinstance(value, (np.ndarray, np.floating))
    return value if has_shape else shaped(value)


def write_out(values: Iterable[Array]) -> None:
    """Find the text of every exact number, which is kept."""
    for value in values:
        for element in np.ravel(value):
            str(element)


def shaped(numbers: Any) -> Array:
    """Nested numbers of any type as an array of objects."""
    return np.asarray(numbers, dtype=object)


def agree_in_digits(first: Any, second: Any, digits: int) -> bool:
    """Whether numbers, single ones or arrays of objects, are equal but for what lies beyond so many digits.

    nan equals nan.
    """
    pairs = zip(np.ravel(shaped(first)), np.ravel(shaped(second)), strict=True)
    return all(a == b or abs(a - b) * 10**digits <= abs(b) or (a != a and b != b) for a, b in pairs)


def relative_error_of_numbers(value: Array, reference: Array, uncertainty: Array | None = None) -> Any:
    """The largest |value - reference| / |reference| over the elements of arrays of objects.

    0 where they differ by no more than is uncertain.
    """
    worst: Any = 0
    uncertain = np.ravel(reference * 0 if uncertainty is None else uncertainty)
    for found, wanted, margin in zip(np.ravel(value), np.ravel(reference), uncertain, strict=True):
        difference = abs(found - wanted)
        if difference > margin:
            worst = max(worst, difference / (abs(wanted) or abs(found)))
    return worst


def joined(values: Mapping[str, Array]) -> Array:
    """All elements of some arrays as one vector."""
    return np.concatenate([np.ravel(value) for value in values.values()]) if values else np.empty(0)


def parted(vector: Array, like: Mapping[str, Array]) -> dict[str, Array]:
    """The parts of a vector in the names and shapes of others."""
    parts, first = {}, 0
    for name, value in like.items():
        last = first + np.size(value)
        parts[name] = vector[first:last].reshape(np.shape(value)).copy()[()]
        first = last
    return parts


def numbers_of(value: Array) -> tuple[list[int], list[float]]:
    """The shape of an array, and its elements, the last axis changing fastest."""
    return list(np.shape(value)), np.ravel(value).tolist()


def places(value: Array) -> Iterator[tuple[int, ...]]:
    """The index of each element, in that order."""
    return np.ndindex(np.shape(value))


def reshaped(numbers: Sequence[float], shape: Sequence[int]) -> Array:
    """An array of doubles from its elements, the last axis changing fastest; a single one without axes."""
    if not shape:
        return np.float64(numbers[0])  # type: ignore[return-value]  # an array without axes
    return np.array(numbers, dtype=np.float64).reshape(tuple(shape))


def in_rows(value: Array) -> Array:
    """The same elements with the last axis next to each other: the last bits of sums depend on the layout."""
    return np.ascontiguousarray(value) if isinstance(value, np.ndarray) and value.ndim else value


def bits(value: Array) -> bytes:
    """The bits of all elements, the last axis changing fastest."""
    return np.ascontiguousarray(value, dtype="<f8").tobytes()


def of_objects(elements: Sequence[object], shape: Sequence[int]) -> Array:
    """An array of numbers of any type from its elements, the last axis changing fastest."""
    made = np.empty(len(elements), dtype=object)
    made[:] = elements
    return made.reshape(tuple(shape))


def first_apart(value: Array, reference: Array, within: float, floor: Any) -> tuple[int, ...] | None:
    """The index of the first element that is not finite, or differs by more than a part of the larger of the two.

    No less than `floor` counts as the larger one. The value may have fewer axes, and is repeated along those.
    """
    full = np.broadcast_to(value, np.shape(reference))
    with np.errstate(all="ignore"):
        size_ = np.maximum(np.maximum(abs(full), abs(reference)), floor)
        close = finite_elements(full) & np.asarray(abs(full - reference) <= within * size_, dtype=bool)
    places = np.argwhere(~np.asarray(close))
    return tuple(places[0].tolist()) if len(places) else None
