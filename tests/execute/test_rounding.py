"""Rounding errors that are made up: no number escapes them."""

from random import Random

import numpy as np
import pytest

from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.rounding import error
from diffcli.primitives.arithmetic import add, sub


@pytest.mark.parametrize("exponent", [-300, -20, 0, 40, 300])
def test_what_is_swallowed_is_uncertain(exponent: int) -> None:
    """Of thousand large numbers whose sum swallows a small one, each difference says so."""
    large = 10.0**exponent * (1 + np.array([Random(seed).random() for seed in range(1000)]))
    small = 1e-20 * large

    def run(arithmetic: Arithmetic) -> np.ndarray:
        total = arithmetic.function(add, {}, 2)(large, small)
        return arithmetic.function(sub, {}, 2)(total, large)

    assert np.all(error((large + small) - large, run) >= small)
