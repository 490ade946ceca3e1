"""Every comparison at its smallest size: all contenders run, and find the same numbers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from .contest import OURS, Lasted, Row
from .table import ROWS

#: Course models are compared in `test_models.py`; a process that loads a library takes seconds.
SMALL = [
    pytest.param(row, id=row.name, marks=[pytest.mark.long] if row.group == "process" else [])
    for row in ROWS
    if row.group != "models"
]

TOLERANCE = 1e-9


def _numbers(result: Any) -> Iterator[np.ndarray]:
    """The arrays of what a contender returns."""
    if isinstance(result, Lasted):
        yield from _numbers(result.numbers)
    elif isinstance(result, (tuple, list)):
        for part in result:
            yield from _numbers(part)
    else:
        yield np.asarray(result, dtype=float)


def flat(result: Any) -> np.ndarray:
    """All numbers of a result in a row."""
    return np.concatenate([np.empty(0), *(part.ravel() for part in _numbers(result))])


@pytest.mark.parametrize("row", SMALL)
def test_contenders_agree(row: Row) -> None:
    ours = flat(row.contenders[OURS](row.tiny)())
    for name in row.installed(row.tiny):
        theirs = flat(row.contenders[name](row.tiny)())
        if ours.size and theirs.size:  # a process that only starts has no answer
            np.testing.assert_allclose(
                theirs, ours, rtol=TOLERANCE, atol=TOLERANCE * np.max(np.abs(ours)), err_msg=name
            )


def test_names_are_said_once() -> None:
    assert len({(row.group, row.name) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        for target in row.targets:
            assert {target.contender, getattr(target, "against", OURS)} <= row.contenders.keys()
