"""Cells as numbers: numbers as they are, truth as 1 and 0, words as classes; nothing else."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from diffcli.analysis.data.table import Column, Place
from diffcli.errors import DiffcliError, fault

_TRUTH = {"true": 1.0, "false": 0.0}
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?|\d{1,2}:\d{2}(:\d{2}.*)?")
#: 1,5 and 1.234,5 and 1,234: what stands for the point in one country groups the digits in another.
_COMMA = re.compile(r"[+-]?\d+(\.\d{3})*,\d+|[+-]?\d{1,3}(,\d{3})+(\.\d*)?")

#: What to do about dates and times.
DATE_HINT = "write a number in their place, such as the days since the first"
#: What to do about a cell without content.
EMPTY_HINT = "fill it or remove the row; a number that is to be missing is written nan"


def column_of(cells: Sequence[Any], place: Callable[[int], Place]) -> Column:
    """A column from the cells of a text or of records. Raises DiffcliError at a cell's place.

    Words become classes, counted from 0 in the order in which they appear.
    """
    try:
        return Column(np.array([float(cell) for cell in cells]))
    except (TypeError, ValueError, OverflowError):
        return _words(cells, place)


def _words(cells: Sequence[Any], place: Callable[[int], Place]) -> Column:
    numeric = [_is_number(cell) for cell in cells]
    for row, cell in enumerate(cells):
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            raise _refused(place(row), "the cell is empty", EMPTY_HINT)
        if not isinstance(cell, (str, bool, int, float)):
            raise _refused(place(row), f"the cell holds a {type(cell).__name__}", "a cell is a number or a word")
        if not numeric[row] and any(numeric):
            raise _refused(place(row), f"'{_short(cell)}' is not a number", "a column holds numbers, or words only; a number that is missing is written nan")
        if isinstance(cell, str) and _DATE.fullmatch(cell.strip()):
            raise _refused(place(row), f"'{_short(cell)}' is a date or a time", DATE_HINT)
        if isinstance(cell, str) and _COMMA.fullmatch(cell.strip()):
            raise _refused(place(row), f"'{_short(cell)}' is a number with a comma", "write it with a point and without marks between thousands, as in 1234.5")
    words = [str(cell).strip() for cell in cells]
    if all(word.casefold() in _TRUTH for word in words):
        return Column(np.array([_TRUTH[word.casefold()] for word in words]))
    classes = {word: float(label) for label, word in enumerate(dict.fromkeys(words))}
    return Column(np.array([classes[word] for word in words]), tuple(classes))


def _is_number(cell: Any) -> bool:
    try:
        float(cell)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _refused(place: Place, what: str, hint: str) -> DiffcliError:
    return fault("E406", f"{place.words}: {what}", place.source, place.span, hint=hint)


def _short(cell: Any) -> str:
    text = str(cell).strip()
    return text if len(text) <= 40 else f"{text[:37]}..."
