"""What is found when somebody asks for it."""

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

Found = TypeVar("Found")


class Later(Generic[Found]):
    """Something that takes time or memory, found when it is first asked for.

    What finds it has to be picklable where this is. Threads that ask at once may each find it: it is the same.
    """

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], Found]) -> None:
        self._find: Callable[[], Found] | None = find
        self._found: Any = None

    def __call__(self) -> Found:
        """What is found, which is looked for once."""
        find = self._find
        if find is not None:
            self._found = find()
            self._find = None
        found: Found = self._found
        return found

    def __reduce__(self) -> tuple[type["Later[Any]"], tuple[Callable[[], Any]]]:
        find = self._find
        return Later, (partial(_itself, self._found) if find is None else find,)


def known(found: Found) -> Later[Found]:
    """What is found already."""
    later: Later[Found] = Later(partial(_itself, found))
    later()
    return later


def _itself(found: Found) -> Found:
    return found
