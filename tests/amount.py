"""How much of what is generated is tried, and how long a test waits."""

import os
from collections.abc import Iterable
from typing import Any

import pytest

#: Seconds in which a formula that takes one is found by any machine, however slow and loaded: a limit that no test is
#: about.
PATIENCE = 600.0
#: Seconds that a loaded machine may take to end a process and to begin another.
SLACK = 30.0

_makes_long_ones = True


def make_no_long_ones() -> None:
    """Have no case made that is long: most of what is generated is, and to make one that it then leaves out takes
    pytest as long as to run many a test.
    """
    global _makes_long_ones  # noqa: PLW0603  # a fact about the run
    _makes_long_ones = False


def makes_long_ones() -> bool:
    """Whether cases that are long are made."""
    return _makes_long_ones


def seeds(usual: int, long: int, variable: str, of_one: int = 1) -> list[Any]:
    """The numbers of a generated test: `usual` ones in every run, those up to `long` with `-m long`.

    Where the environment's `variable` says how many there are to be, so many in every run; the
    test makes `of_one` of what the variable counts from each number.
    """
    wanted = os.environ.get(variable)
    if wanted is not None:
        return list(range(max(int(wanted) // of_one, 1)))
    last = long if _makes_long_ones else usual
    return [*range(usual), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(usual, last))]


def sampled(cases: Iterable[Any], step: int) -> list[Any]:
    """Every `step`-th case in every run, the others with `-m long`; a case of several values is a tuple."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long if number % step else ())
        for number, case in enumerate(cases)
        if number % step == 0 or _makes_long_ones
    ]
