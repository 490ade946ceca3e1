"""Points of a path in their order, each made when it is looked at."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import overload

from diffcli.analysis.descent.state import Iterate


class Points(Sequence[Iterate]):
    """Points by their number from 0; a slice has them made."""

    @abstractmethod
    def point(self, number: int) -> Iterate:
        """The point of a number that there is."""

    @overload
    def __getitem__(self, place: int) -> Iterate: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Iterate, ...]: ...
    def __getitem__(self, place: int | slice) -> Iterate | tuple[Iterate, ...]:
        numbers = range(len(self))[place]
        return tuple([self.point(each) for each in numbers]) if isinstance(numbers, range) else self.point(numbers)
