"""Arrays that are kept as they were computed, cells where NumPy was not needed, and made when they are looked at.

So a report has arrays for everybody who asks for some, and is written out without any.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, TypeVar, overload

from diffcli.execute.arrays import Array, arrayed, zeros_like
from diffcli.execute.executors.cells import Cells
from diffcli.primitives.shape import Shape

#: A name, or a node.
Key = TypeVar("Key")
#: Numbers in a shape, whatever holds them.
Kept = Array | Cells


class Arrays(Mapping[Key, Array]):
    """Arrays by name or node."""

    __slots__ = ("kept",)

    def __init__(self, kept: Mapping[Key, Kept]) -> None:
        self.kept = dict(kept)

    def __getitem__(self, key: Key) -> Array:
        found = self.kept[key] = array_of(self.kept[key])
        return found

    def __iter__(self) -> Iterator[Key]:
        return iter(self.kept)

    def __len__(self) -> int:
        return len(self.kept)

    def __contains__(self, key: object) -> bool:
        return key in self.kept

    def __or__(self, others: Mapping[Key, Kept]) -> "Arrays[Key]":
        return Arrays({**self.kept, **kept(others)})

    def __ror__(self, others: Mapping[Key, Kept]) -> "Arrays[Key]":
        return Arrays({**kept(others), **self.kept})

    def __repr__(self) -> str:
        return repr(dict(self))


class _ByPlace(Sequence[Any]):
    """Values by place, each made when it is looked at; a slice has them made."""

    __slots__ = ()

    @abstractmethod
    def one(self, place: int) -> Any:
        """The value at a place."""

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return [self.one(each) for each in range(len(self))[place]]
        return self.one(place)


class Numbers(_ByPlace):
    """Single numbers by place: floats, of which one becomes cells when it is looked at, and what was put in place of
    them.
    """

    __slots__ = ("numbers",)

    def __init__(self, numbers: list[Any]) -> None:
        self.numbers = numbers

    def one(self, place: int) -> Any:
        """The cells of a number; what was put in place of one as it is."""
        found = self.numbers[place]
        return Cells((), [found]) if found.__class__ is float else found

    def __setitem__(self, place: int, value: Any) -> None:
        self.numbers[place] = value

    def __len__(self) -> int:
        return len(self.numbers)


class ArrayList(_ByPlace):
    """Arrays by place; None where there is none."""

    __slots__ = ("kept",)

    def __init__(self, kept: list[Any] | Numbers) -> None:
        self.kept = kept

    def one(self, place: int) -> Any:
        """The array, which is kept from then on."""
        found = self.kept[place]
        if found.__class__ is Cells:
            found = self.kept[place] = array_of(found)
        return found

    def __len__(self) -> int:
        return len(self.kept)


Some = TypeVar("Some", bound=Mapping[Any, Any] | Sequence[Any])


def kept(values: Some) -> Some:
    """Values as they were computed, for who does not need arrays."""
    return values.kept if isinstance(values, Arrays | ArrayList) else values  # type: ignore[return-value]  # of that kind


def array_of(value: Kept) -> Array:
    """A value as a double or an array of doubles."""
    if not isinstance(value, Cells):
        return value
    from diffcli.execute.numpy_later import np

    found: Array = np.array(value.tolist())
    return found if value.shape else found[()]


def added(first: Any, second: Any) -> Any:
    """The sum of two values of a kind."""
    return first + second if isinstance(first, Cells) else arrayed(first + second)


def hollow(shapes: Mapping[str, Shape]) -> dict[str, Kept]:
    """Values of which only the shapes are wanted."""
    return {name: Cells(shape, []) for name, shape in shapes.items()}


def zeros_in_shape(value: Kept) -> Kept:
    """Zeros in the shape of a value."""
    return Cells(value.shape, [0.0] * len(value.elements)) if isinstance(value, Cells) else zeros_like(value)


def are_finite_cells(values: Iterable[Kept | None]) -> bool:
    """Whether all are cells, none of which is infinite or nan."""
    if isinstance(values, Numbers):
        return all(map(isfinite, values.numbers))
    return all(value.__class__ is Cells and all(map(isfinite, value.elements)) for value in values)


def cells_of(value: Kept) -> Cells:
    """A value as cells."""
    if isinstance(value, Cells):
        return value
    return Cells(value.shape, value.ravel().tolist() if value.shape else [float(value)])
