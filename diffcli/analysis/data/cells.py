"""Cells as numbers: numbers as they are, truth as 1 and 0, words as classes; nothing else."""

from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from diffcli.analysis.data.table import Column, Place
from diffcli.analysis.numerals import PLAIN, Notation, mistaken, plain_numbers, stands_for_nothing
from diffcli.errors import DiffcliError, fault
from diffcli.messages import Argument, Message

_TRUTH = {"true": 1.0, "false": 0.0}

#: What to do about a cell without content.
EMPTY_HINT = Message("fill it or remove the row; {missing} reads empty cells as nan", missing=Argument("missing", ""))


def column_of(cells: Sequence[object], place: Callable[[int], Place], notation: Notation = PLAIN) -> Column:
    """A column from the cells of a text or of records. Raises DiffcliError at a cell's place.

    Words become classes, counted from 0 in the order in which they appear.
    """
    column = Cells(place, notation)
    column.extend(cells)
    return column.column()


class Cells:
    """The cells of a column as they come: eight bytes for each, and what tells numbers from words.

    `place` says where a row's cell is, for the diagnostic of one that is neither.
    """

    def __init__(self, place: Callable[[int], Place], notation: Notation) -> None:
        self._place, self._notation = place, notation
        self._numbers = array("d")
        self._classes: dict[str, float] = {}
        self._word: tuple[int, str] | None = None  #: the first word and its row
        self._numeric = False

    def extend(self, cells: Sequence[object]) -> None:
        """Take further cells. Raises DiffcliError for one that does not go with the others."""
        if self._notation == PLAIN and not self._classes and (numbers := plain_numbers(cells)) is not None:
            self._numeric = True
            self._numbers.extend(numbers)
            return
        for cell in cells:
            self._add(cell)

    def column(self) -> Column:
        """The column of all cells."""
        numbers = np.frombuffer(self._numbers)
        words = [word.casefold() for word in self._classes]
        if words and all(word in _TRUTH for word in words):
            known = ~np.isnan(numbers)
            truth = numbers.copy()
            truth[known] = np.array([_TRUTH[word] for word in words])[numbers[known].astype(np.intp)]
            return Column(truth)
        return Column(numbers, tuple(self._classes))

    def _add(self, cell: object) -> None:
        row = len(self._numbers)
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            if "" not in self._notation.missing:
                raise self._refused(row, Message("the cell is empty"), EMPTY_HINT)
            self._numbers.append(np.nan)
            return
        if isinstance(cell, str):
            number = self._notation.number(cell)
            if number is None:
                self._numbers.append(self._class_of(row, cell))
                return
        else:
            number = _number(cell)
            if number is None:
                what = Message("the cell holds a {name}", name=type(cell).__name__)
                raise self._refused(row, what, Message("a cell is a number or a word"))
        self._numbers.append(number)
        if isinstance(cell, str) and cell.strip() in self._notation.missing:
            return
        self._numeric = True
        if self._word is not None:
            raise self._no_number(*self._word)

    def _class_of(self, row: int, cell: str) -> float:
        """The label of a word, where the column may be one of words."""
        word = cell.strip()
        if word in self._classes:
            return self._classes[word]
        found = mistaken(word)
        if found is not None:
            raise self._refused(row, Message("'{word}' {reason}", word=_short(word), reason=found.reason), found.hint)
        if self._numeric:
            raise self._no_number(row, word)
        if stands_for_nothing(word):
            hint = Message("{as_missing}; a class takes another word, such as 'none'", as_missing=_as_missing(word))
            raise self._refused(row, Message("'{word}' marks a missing cell", word=_short(word)), hint)
        self._word = self._word or (row, word)
        return self._classes.setdefault(word, float(len(self._classes)))

    def _no_number(self, row: int, word: str) -> DiffcliError:
        missing = _as_missing(word) if stands_for_nothing(word) else Message("write a missing number as nan")
        what = Message("'{word}' is not a number", word=_short(word))
        return self._refused(row, what, Message("a column holds numbers, or words only; {missing}", missing=missing))

    def _refused(self, row: int, what: str, hint: str) -> DiffcliError:
        place = self._place(row)
        return fault(
            "E406", Message("{place}: {what}", place=place.words, what=what), place.source, place.span, hint=hint
        )


def _number(cell: Any) -> float | None:
    try:
        return float(cell)
    except (TypeError, ValueError, OverflowError):
        return None


def _short(word: str) -> str:
    return word if len(word) <= 40 else f"{word[:37]}..."


def _as_missing(word: str) -> str:
    """The option that reads a word as a number that is missing, as it is typed."""

    if len(word) <= 40:
        return Message("{missing} reads it as nan", missing=Argument("missing", word))
    return Message("write a missing number as nan")
