"""Names for the indices of a program's loops."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sympy import Symbol


class LoopNames:
    """Gives each open loop an index name that no open loop and no variable has."""

    def __init__(self, taken: frozenset[str]) -> None:
        self._taken = taken
        self._open: dict[Any, str] = {}

    def __getitem__(self, index: Symbol) -> str:
        return self._open[index]

    def __contains__(self, index: Symbol) -> bool:
        return index in self._open

    @contextmanager
    def opened(self, indices: Sequence[Symbol]) -> Iterator[list[str]]:
        """The names of indices while their loops are open."""
        before = dict(self._open)
        for index in indices:
            self._open[index] = self._fresh()
        yield [self._open[index] for index in indices]
        self._open = before

    def _fresh(self) -> str:
        candidates = (letter + str(number or "") for number in range(1_000) for letter in "ijkl")
        return next(name for name in candidates if name not in self._taken and name not in self._open.values())
