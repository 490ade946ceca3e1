"""A descent as a table between commas: a row for each point, a column for each element of the variables."""

import csv
from io import StringIO
from typing import TYPE_CHECKING

from diffcli.execute.arrays import decimal, numbers_of, places

if TYPE_CHECKING:
    from diffcli.analysis.descent.state import Iterate

_FIXED = ("iteration", "value", "gradient_norm", "rate")
_IN_THE_DATA = ("epoch", "batch", "train_value", "holdout_value")


def header(first: "Iterate", several: bool) -> str:
    """Names of the columns: `x` for a number, `x[0]`, `A[0,1]` for elements; first the run where there are several."""
    elements = [
        f"{name}[{','.join(map(str, place))}]" if place else name
        for name, value in first.at.items()
        for place in places(value)
    ]
    return _line(
        [*(["run"] if several else []), *_FIXED, *(_IN_THE_DATA if first.epoch is not None else ()), *elements]
    )


def row(run: int, iterate: "Iterate", several: bool) -> str:
    """A point, with all digits; an empty cell where there is no number."""
    fixed = [getattr(iterate, name) for name in (*_FIXED, *(_IN_THE_DATA if iterate.epoch is not None else ()))]
    return _line(
        [
            *([run] if several else []),
            *fixed,
            *(number for value in iterate.at.values() for number in numbers_of(decimal(value))[1]),
        ]
    )


def _line(cells: list[object]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
