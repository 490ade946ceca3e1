"""What the test of all nodes by a few knows of functions, at special values."""

from itertools import product

import numpy as np
import pytest

from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.finiteness import BOUNDED, SHOWING, SHOWING_FIRST
from diffcli.execute.program import quietly
from diffcli.primitives.structural import accumulate
from diffcli.primitives.table import PRIMITIVES

FINITE = [0.0, -0.0, 5e-324, -2e-310, 1e-8, 0.5, 1.0, -1.0, 3.0, -700.0, 710.0, 1e16, -1e200, 1.7e308, -1.7e308]
OTHERS = [np.inf, -np.inf, np.nan]
#: What functions of arrays need beside their operand, and those of several operands.
PARAMETERS = {
    "reshape": {"shape": (2, 1)}, "broadcast_to": {"shape": (3, 2)}, "sum_to": {"shape": ()},
    "expand_dims": {"axis": 0}, "swapaxes": {"axis1": 0, "axis2": -1}, "tile": {"reps": (2,)},
    "repeat": {"repeats": 2}, "roll": {"shift": 1}, "index": {"key": (1,)}, "triu": {}, "tril": {},
}  # fmt: skip
MATRICES = {"swapaxes", "triu", "tril"}
VARIADIC = {"stack", "concat", "accumulate"}


def applied(name: str, *operands: object) -> np.ndarray:
    """A primitive's result."""
    primitive = accumulate if name == "accumulate" else PRIMITIVES[name]
    with quietly():
        return np.asarray(primitive.implementation(FLOAT64)(*operands, **PARAMETERS.get(name, {})))


def arrays(name: str, values: list[float]) -> list[list[np.ndarray]]:
    """Operands of a function of arrays, with each pair of the values."""
    pairs = [np.array(pair) for pair in product(values, repeat=2)]
    if name in VARIADIC:
        return [[pair[:1], pair[1:]] for pair in pairs]
    return [[np.stack([pair, pair]) if name in MATRICES else pair] for pair in pairs]


ELEMENTWISE = [name for name in sorted(BOUNDED | SHOWING | SHOWING_FIRST) if PRIMITIVES[name].kind == "elementwise"]
OF_ARRAYS = [name for name in sorted(BOUNDED | SHOWING) if PRIMITIVES[name].kind != "elementwise"]


@pytest.mark.parametrize("name", sorted(BOUNDED & {*ELEMENTWISE}))
def test_a_bounded_function_is_finite_of_what_is_finite(name: str) -> None:
    """Of all pairs and triples of numbers, also in long arrays, which other code computes."""
    count = len(PRIMITIVES[name].operands)
    operands = np.array([*product(FINITE[:: 1 if count < 3 else 2], repeat=count)]).T
    assert np.isfinite(applied(name, *operands)).all()
    assert all(np.isfinite(applied(name, *map(np.float64, column))) for column in operands.T[:200])


@pytest.mark.parametrize("name", sorted((SHOWING | SHOWING_FIRST) & {*ELEMENTWISE}))
def test_a_function_shows_what_is_not_finite(name: str) -> None:
    """In whichever operand it is, or in the first."""
    count = len(PRIMITIVES[name].operands)
    every = np.array([*product([*FINITE, *OTHERS], repeat=count)]).T
    deciding = every[:1] if name in SHOWING_FIRST else every
    bad = ~np.isfinite(deciding).all(axis=0)
    assert not np.isfinite(applied(name, *every[:, bad])).any()


@pytest.mark.parametrize("name", sorted(BOUNDED & {*OF_ARRAYS}))
def test_a_bounded_function_of_arrays_is_finite_of_what_is_finite(name: str) -> None:
    """Whatever stands beside."""
    for operands in arrays(name, FINITE):
        assert np.isfinite(applied(name, *operands)).all()


@pytest.mark.parametrize("name", sorted(SHOWING & {*OF_ARRAYS}))
def test_a_function_of_arrays_shows_what_is_not_finite(name: str) -> None:
    """In any element, infinities of both signs together too."""
    for operands in arrays(name, [0.0, 1.0, -1.7e308, *OTHERS]):
        if not all(np.isfinite(operand).all() for operand in operands):
            assert not np.isfinite(applied(name, *operands)).all()
