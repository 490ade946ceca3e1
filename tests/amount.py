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


def seeds(usual: int, long: int, variable: str, of_one: int = 1) -> list[Any]:
    """The numbers of a generated test: `usual` ones in every run, those up to `long` with `-m long`.

    Where the environment's `variable` says how many there are to be, so many in every run; the
    test makes `of_one` of what the variable counts from each number.
    """
    wanted = os.environ.get(variable)
    if wanted is not None:
        return list(range(max(int(wanted) // of_one, 1)))
    return [*range(usual), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(usual, long))]


def sampled(cases: Iterable[Any], step: int) -> list[Any]:
    """Every `step`-th case in every run, the others with `-m long`; a case of several values is a tuple."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long if number % step else ())
        for number, case in enumerate(cases)
    ]
