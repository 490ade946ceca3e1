"""How numbers are computed: products that 0 annihilates, sums along axes, and functions at their extremes."""

from typing import Any

import mpmath
import numpy as np
import pytest
from amount import sampled

from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import gradient
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.numbers import Numbers
from diffcli.execute.program import Program, quietly
from diffcli.graph.graph import Graph
from diffcli.primitives.reductions import sum as total
from diffcli.primitives.table import PRIMITIVES


@pytest.mark.parametrize(
    ("upstream", "local", "expected"),
    [
        (0.0, np.inf, 0.0),
        (0.0, np.nan, 0.0),
        (-0.0, np.inf, 0.0),
        (np.inf, 0.0, np.nan),
        (np.nan, 0.0, np.nan),
        (2.0, 3.0, 6.0),
        (2.0, np.inf, np.inf),
        (np.inf, 2.0, np.inf),
    ],
)
def test_a_zero_upstream_annihilates(upstream: float, local: float, expected: float) -> None:
    """In double precision and in many digits; a local derivative of 0 does not."""
    numbers = Numbers(mpmath.mp)
    with quietly():
        assert np.array_equal(FLOAT64.weigh(np.float64(upstream), np.float64(local)), expected, equal_nan=True)
    assert np.array_equal(float(numbers.weigh(mpmath.mpf(upstream), mpmath.mpf(local))), expected, equal_nan=True)


def test_annihilation_is_by_element_and_broadcasts() -> None:
    """Only where the upstream is 0."""
    with quietly():
        found = FLOAT64.weigh(np.array([[0.0], [1.0]]), np.array([np.inf, 2.0]))
    assert np.array_equal(found, [[0.0, 0.0], [np.inf, 2.0]])


@pytest.mark.parametrize("shape", [(), (3,), (1,), (2, 3), (1, 3), (2, 1), (1, 1), (2, 2, 3), (1, 2, 1)])
def test_sum_to_undoes_broadcasting(shape: tuple[int, ...]) -> None:
    """A one broadcast to (2, 2, 3) and summed back counts its copies; the same in many digits."""
    ones, copies = np.ones((2, 2, 3)), 12 // int(np.prod(shape))
    assert np.array_equal(FLOAT64.sum_to(ones, shape), np.full(shape, float(copies)))
    assert np.array_equal(Numbers(mpmath.mp).sum_to(ones.astype(object), shape), np.full(shape, copies))


def test_constants_are_doubles() -> None:
    """A number fills its shape; in many digits it is exactly the double."""
    assert isinstance(FLOAT64.number(2, ()), np.float64)
    assert FLOAT64.number(0.1, (2,)).tolist() == [0.1, 0.1]
    assert FLOAT64.number(((1.0, 2.0),), (1, 2)).tolist() == [[1.0, 2.0]]
    with mpmath.workdps(40):
        assert Numbers(mpmath.mp).number(0.1, ()) == mpmath.mpf(0.1) != mpmath.mpf("0.1")
        assert Numbers(mpmath.mp).number((0.1, 2.0), (2,)).tolist() == [mpmath.mpf(0.1), mpmath.mpf(2)]


#: Points where a formula written down carelessly overflows, vanishes or cancels.
EXTREMES: dict[str, list[tuple[float, ...]]] = {
    "sigmoid": [(-710.0,), (-700.0,), (-40.0,), (40.0,), (700.0,)],
    "softplus": [(-710.0,), (-700.0,), (-40.0,), (40.0,), (700.0,), (1e10,)],
    "expm1": [(1e-20,), (-1e-20,), (-50.0,)],
    "log1p": [(1e-20,), (-1e-20,), (1e300,), (-1 + 1e-15,)],
    "tanh": [(1e-20,), (20.0,), (-170.0,)],
    "sinh": [(1e-20,), (700.0,)],
    "asinh": [(1e-20,), (1e200,), (-1e200,)],
    "acosh": [(1 + 1e-12,), (1e200,)],
    "atanh": [(1e-20,), (1 - 1e-12,), (-1 + 1e-12,)],
    "asin": [(1 - 1e-12,), (-1 + 1e-12,)],
    "acos": [(-1 + 1e-12,), (1 - 1e-12,)],
    "hypot": [(3e200, 4e200), (3e-200, 4e-200), (1e200, 1.0)],
    "atan2": [(3e200, 4e200), (3e-200, -4e-200), (1.0, 1e200)],
    "log": [(1e-300,), (1e300,), (1 + 1e-12,)],
    "log2": [(1e-300,), (8.0,)],
    "log10": [(1e-300,), (1000.0,)],
    "sqrt": [(1e-300,), (1e300,)],
    "cbrt": [(1e-300,), (1e300,)],
    "exp": [(-700.0,), (700.0,)],
    "pow": [(1e-100, 3.0), (1e100, -3.0), (1 + 1e-12, 1e6)],
    "div": [(1e300, 1e-8), (1.0, 1e300)],
    "logaddexp": [(1e50, 1e50), (1e17, 1e17 - 32), (0.0, -700.0), (-1e300, 1e300)],
    "beta": [
        (1.0, 1e-20),
        (1e-20, 1e-200),
        (1e17, 0.5),
        (2.5, 1e-9),
        (-3.3, 1e-12),
        (0.5, -1e-15),
        (1e5, 0.7),
        (-1e5 - 0.25, 0.625),
        (-100.25, 99.0),
        (-40.25, -2.5),
        (-1 - 1e-12, 0.5),
        (0.5, -3 + 1e-12),
    ],
    "digamma": [
        (-1e6 - 0.5,),
        (-1e5 - 0.25,),
        (1e300,),
        (1e-300,),
        (-1e-300,),
        (-2 + 4e-16,),
        (-1 - 2e-16,),
        (-1.5734984731623904,),
        (-5e-320,),
    ],
    "lgamma": [
        (1e-300,),
        (-1e5 - 0.25,),
        (1e300,),
        (1 + 1e-12,),
        (2 - 1e-12,),
        (-2.4570247382208006,),
        (-2 + 4e-16,),
        (5e-320,),
    ],
    "gamma": [(-2 + 4e-16,), (-2.6107208684441447,), (-1e-300,), (170.5,)],
}


#: The same of functions of arrays.
FAR_APART: dict[str, list[tuple[float, ...]]] = {
    "logsumexp": [(1e17, 1e17), (50.0, 0.0, -3.0), (-1e300, 1e300, 0.0), (1e50, 1e50, 1e34)],
    "softmax": [(1e17, 1e17 - 16, 1e17 + 16), (50.0, 0.0, -3.0), (3.0, 800.0, -800.0)],
    "log_softmax": [(1e17, 1e17), (50.0, 0.0, -3.0), (3.0, 800.0, -800.0)],
    "std": [(1e-170, 2e-170, 4e-170), (1e170, 2e170, -4e170), (5e-300, 0.0)],
    "norm": [(1e-170, 2e-170), (1e300, -1e300, 1e290), (5e-300, 0.0)],
}


@pytest.mark.parametrize(("name", "point"), [(name, point) for name, points in FAR_APART.items() for point in points])
def test_functions_of_arrays_keep_their_digits_at_their_extremes(name: str, point: tuple[float, ...]) -> None:
    """Values, gradients and second derivatives of a weighed sum against mpmath, each element to a relative 1e-12."""
    graph = Graph()
    x = graph.value(graph.append_input("x", (len(point),), None))
    weights = np.sqrt(np.arange(2.0, 2 + len(point)))
    out = PRIMITIVES[name](x)
    seed = graph.value(graph.append_input("seed", out.shape, None))
    first = graph.value(gradient(graph, out.index, [x.index], seed).adjoints[x.index])
    direction = graph.value(graph.append_input("t", x.shape, None))
    along = tangents(graph, out.index, {x.index: direction})[out.index]
    second = graph.value(gradient(graph, total(first * direction).index, [x.index]).adjoints[x.index])
    targets = [out.index, first.index, along.index, second.index]
    inputs = {
        x.index: np.array(point),
        seed.index: weights[: len(point)] if out.shape else np.float64(1.5),
        direction.index: weights[::-1].copy(),
    }
    with quietly():
        found = Program(graph, targets).run(inputs)
    with mpmath.workdps(1500):
        exact = Program(graph, targets, Numbers(mpmath.mp)).run(
            {node: np.frompyfunc(mpmath.mpf, 1, 1)(value) for node, value in inputs.items()}
        )
        for value, reference in zip(found, exact, strict=True):
            for ours, theirs in zip(np.ravel(value), np.ravel(reference), strict=True):
                assert float(ours) == float(theirs) or abs(float(ours) - theirs) <= mpmath.mpf("1e-12") * abs(theirs)


@pytest.mark.parametrize(
    ("name", "point"), sampled([(name, point) for name, points in EXTREMES.items() for point in points], 2)
)
def test_functions_keep_their_digits_at_their_extremes(name: str, point: tuple[float, ...]) -> None:
    """Value and partials against mpmath, relative 1e-13, however large or small;
    beyond the doubles they are 0 or infinite.
    """
    graph = Graph()
    operands = [graph.value(graph.append_input(f"x{k}", (), None)) for k in range(len(point))]
    out = PRIMITIVES[name](*operands)
    adjoints = gradient(graph, out.index, [operand.index for operand in operands]).adjoints
    targets = [out.index, *(adjoints[operand.index] for operand in operands)]
    inputs: dict[int, Any] = {operand.index: np.float64(x) for operand, x in zip(operands, point, strict=True)}
    found = Program(graph, targets).run(inputs)
    with mpmath.workdps(400):
        exact = Program(graph, targets, Numbers(mpmath.mp)).run(
            {node: mpmath.mpf(float(x)) for node, x in inputs.items()}
        )
        for value, reference in zip(found, exact, strict=True):
            assert float(value) == float(reference) or abs(float(value) - reference) <= mpmath.mpf("1e-13") * abs(
                reference
            )
