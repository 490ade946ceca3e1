"""Eigenvalues of matrices whose elements have sizes beyond comparison."""

from random import Random

import numpy as np
import pytest
from amount import sampled
from mpmath import mp

from diffcli.execute.definiteness import Model, eigenvalues, examined


@pytest.mark.parametrize("seed", sampled(range(12), 3))
def test_eigenvalues_far_apart(seed: int) -> None:
    """Those of D S D, where D has powers of two of any size: found one after the other as in all digits at once."""
    random = Random(seed)
    count = random.randint(2, 5)
    with mp.workdps(40):
        powers = [random.choice((0, 1, 2, -4000, -9000)) for _ in range(count)]
        whole = np.empty((count, count), dtype=object)
        for row in range(count):
            for column in range(row + 1):
                element = mp.ldexp(mp.mpf(random.uniform(-1, 1)), powers[row] + powers[column])
                whole[row, column] = whole[column, row] = element
        zero = np.array([mp.mpf(0)] * count, dtype=object)
        for shift in (0, 8000, 18000):  # the numbers that are doubles then, others being 0 or inf
            matrix = np.frompyfunc(lambda element, shift=shift: mp.ldexp(element, shift), 1, 1)(whole)
            model = Model(zero, zero, matrix, zero, matrix * 0, mp)
            with mp.workdps(12000):
                true = sorted(float(value) for value in mp.eigsy(mp.matrix(matrix.tolist()), eigvals_only=True))
            assert eigenvalues(model, examined(model)) == pytest.approx(true, rel=1e-12, abs=0)


def test_exponents_of_any_size_cost_nothing() -> None:
    """An element of exp(-1e9), whose digits would fill memory, beside ordinary ones."""
    with mp.workdps(40):
        tiny = mp.exp(-(10**9))
        matrix = np.array([[tiny, 0, tiny], [0, mp.mpf(2), 0], [tiny, 0, -tiny]], dtype=object)
        zero = np.array([mp.mpf(0)] * 3, dtype=object)
        model = Model(zero, zero, matrix, zero, matrix * 0, mp)
        found = examined(model)
        assert (found.positive, found.negative, found.zeros) == (2, 1, 0)
        assert eigenvalues(model, found) == (0, 0, 2)
