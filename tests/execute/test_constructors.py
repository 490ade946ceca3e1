"""Arrays made from nothing: the same numbers as NumPy's, in double precision and in many digits."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from diffcli.autodiff.reverse import derivative
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.numbers import Numbers
from diffcli.execute.program import Program
from diffcli.graph.build import Built, build
from diffcli.primitives.table import PRIMITIVES
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

pytestmark = pytest.mark.fast

#: Calls of the language, and the arrays that they are.
ARRAYS: dict[str, Callable[[], np.ndarray]] = {
    "zeros(3)": lambda: np.zeros(3),
    "zeros(2, 3)": lambda: np.zeros((2, 3)),
    "zeros((2, 1, 3))": lambda: np.zeros((2, 1, 3)),
    "zeros(shape=(2,))": lambda: np.zeros(2),
    "zeros([2, 2])": lambda: np.zeros((2, 2)),
    "ones(4)": lambda: np.ones(4),
    "ones(size=(2, 2))": lambda: np.ones((2, 2)),
    "full(3, 2.5)": lambda: np.full(3, 2.5),
    "full((2, 2), pi)": lambda: np.full((2, 2), np.pi),
    "full(2, 3, -1)": lambda: np.full((2, 3), -1.0),
    "full(shape=(2,), fill_value=7)": lambda: np.full(2, 7.0),
    "eye(3)": lambda: np.eye(3),
    "eye(2, 3)": lambda: np.eye(2, 3),
    "identity(2)": lambda: np.eye(2),
    "eye(n=2, m=1)": lambda: np.eye(2, 1),
    "arange(4)": lambda: np.arange(4.0),
    "arange(1, 4)": lambda: np.arange(1.0, 4.0),
    "arange(0, 1, 0.1)": lambda: np.arange(0, 1, 0.1),
    "arange(5, 0, -2)": lambda: np.arange(5.0, 0.0, -2.0),
    "arange(1, 10, step=3)": lambda: np.arange(1.0, 10.0, 3.0),
    "arange(0.5)": lambda: np.arange(0.5),
    "arange(1, 2.2, 0.3)": lambda: np.arange(1, 2.2, 0.3),
    "arange(-1, 1, 1/4)": lambda: np.arange(-1, 1, 0.25),
    "linspace(0, 1, 5)": lambda: np.linspace(0, 1, 5),
    "linspace(-1, 1)": lambda: np.linspace(-1, 1),
    "linspace(2, 2, 1)": lambda: np.linspace(2, 2, 1),
    "linspace(1, 0, steps=4)": lambda: np.linspace(1, 0, 4),
    "linspace(0, 2*pi, num=7)": lambda: np.linspace(0, 2 * np.pi, 7),
    "randn(2, 3)": lambda: np.random.default_rng(0).standard_normal((2, 3)),
    "randn((2, 3), seed=5)": lambda: np.random.default_rng(5).standard_normal((2, 3)),
    "randn(4, seed=1)": lambda: np.random.default_rng(1).standard_normal(4),
    "rand(2, 2)": lambda: np.random.default_rng(0).random((2, 2)),
    "rand(3, seed=7)": lambda: np.random.default_rng(7).random(3),
}


def built(text: str) -> Built:
    """The graph of a text without variables."""
    return build(resolve(parse(Source(text))), {}, derivative)


@pytest.mark.parametrize(("text", "array"), ARRAYS.items(), ids=ARRAYS)
def test_an_array_from_nothing_is_numpys(text: str, array: Callable[[], np.ndarray]) -> None:
    """Shape and elements, to the last bit in double precision and to rounding in many digits."""
    found, expected = built(text), array()
    [value] = Program(found.graph, [found.output], FLOAT64).run({})
    assert found.graph.shapes[found.output] == value.shape == expected.shape
    assert value.dtype == np.float64
    assert np.array_equal(value, expected)
    with mpmath.workdps(40):
        [exact] = Program(found.graph, [found.output], Numbers(mpmath.mp)).run({})
    assert exact.shape == expected.shape
    assert np.all(np.abs(exact.astype(float) - expected) <= 4e-16 * np.max(np.abs(expected)))


def test_every_leaf_of_the_language_is_tried() -> None:
    """A constructor that is gained needs a line above."""
    leaves = {name for name, primitive in PRIMITIVES.items() if primitive.kind == "leaf" and primitive.public}
    assert {text.partition("(")[0] for text in ARRAYS} - {"full", "identity"} == leaves


def test_random_numbers_depend_on_the_seed_alone() -> None:
    """Two calls with one seed are the same array; another seed, another array."""
    found = built("[randn(3, seed=1), randn(3, seed=1), randn(3, seed=2)]")
    [value] = Program(found.graph, [found.output]).run({})
    assert np.array_equal(value[0], value[1])
    assert not np.any(value[0] == value[2])
