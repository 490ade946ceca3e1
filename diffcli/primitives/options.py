"""Options: arguments that are known before anything runs, such as an axis or a shape."""

from collections.abc import Callable
from typing import Any, NamedTuple

from diffcli.messages import Message
from diffcli.primitives.shape import NAMED_AXES

#: An option without a default.
REQUIRED = object()


class Option(NamedTuple):
    """An argument that is a constant of the program and no operand.

    `read` checks a value and brings it to its one form; it raises ValueError, saying what is
    wanted. With `many`, several arguments in a row are one tuple: `reshape(x, 2, 3)`.
    """

    name: str
    default: Any
    read: Callable[[Any], Any]
    aliases: tuple[str, ...] = ()
    many: bool = False

    @property
    def text(self) -> str:
        """The option as signatures show it: `axis=None`, `shape`."""
        if self.default is REQUIRED:
            return self.name + ("..." if self.many else "")
        return f'{self.name}="{self.default}"' if isinstance(self.default, str) else f"{self.name}={self.default}"


def whole(value: Any) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(Message("a whole number"))
    return value


def not_negative(value: Any) -> int:
    """A whole number that is not negative."""
    if whole(value) < 0:
        raise ValueError(Message("a whole number, 0 or more"))
    return int(value)


def positive(value: Any) -> int:
    """A whole number above 0."""
    if whole(value) < 1:
        raise ValueError(Message("a whole number, 1 or more"))
    return int(value)


def or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, or None."""

    def reader(value: Any) -> Any:
        return None if value is None else read(value)

    return reader


def number(value: Any) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) == float("inf"):
        raise ValueError(Message("a number"))
    return value


def flag(value: Any) -> bool:
    """True or False; 1 and 0 stand for them."""
    if value not in (0, 1) or isinstance(value, float):
        raise ValueError(Message("True or False"))
    return bool(value)


def wholes(value: Any) -> tuple[int, ...]:
    """One whole number or several."""
    try:
        return tuple(whole(part) for part in value) if isinstance(value, tuple) else (whole(value),)
    except ValueError:
        raise ValueError(Message("whole numbers, as in (2, 3)")) from None


def extents(value: Any) -> tuple[int, ...]:
    """A shape: whole numbers of which none is below 1."""
    found = wholes(value)
    if any(extent < 1 for extent in found):
        raise ValueError(Message("a shape of whole numbers, 1 or more"))
    return found


def axes(value: Any) -> int | tuple[int, ...]:
    """An axis or several."""
    try:
        return wholes(value) if isinstance(value, tuple) else whole(value)
    except ValueError:
        raise ValueError(Message("a whole number, or several in brackets")) from None


def axes_or_all(value: Any) -> int | tuple[int, ...] | None:
    """An axis, several, or None for all."""
    try:
        return None if value is None else axes(value)
    except ValueError:
        raise ValueError(Message("a whole number, several in brackets, or None")) from None


def axis_or_all(value: Any) -> int | None:
    """An axis, or None for all elements in a row."""
    if value is None:
        return None
    try:
        return whole(value)
    except ValueError:
        raise ValueError(Message("a whole number or None")) from None


def named_or(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, or a word for an axis that depends on how many there are: see `settled` in shape.py."""
    return lambda value: value if value in NAMED_AXES else read(value)


def last_or_classes(value: Any) -> Any:
    """The last axis, by its number or as the one of classes."""
    if value not in (-1, "classes"):
        raise ValueError(Message("-1: classes are along the last axis"))
    return value


AXES = Option("axis", None, named_or(axes_or_all), ("dim",))
ONE_AXIS = Option("axis", None, axis_or_all, ("dim",))
LAST_AXIS = Option("axis", -1, named_or(whole), ("dim",))
FEATURES = Option("axis", "features", named_or(whole), ("dim",))
CLASSES = Option("axis", -1, last_or_classes, ("dim",))
FIRST_AXIS = Option("axis", 0, whole, ("dim",))
KEEPDIMS = Option("keepdims", False, flag, ("keepdim",))
SHAPE = Option("shape", REQUIRED, wholes, ("size",), many=True)
EXTENTS = Option("shape", REQUIRED, extents, ("size",), many=True)
DIAGONAL = Option("k", 0, whole, ("diagonal", "offset"))

