"""Reductions where a formula by division or comparison would be wrong: zeros and single elements."""

from math import prod
from random import Random

import numpy as np
import pytest

from diffcli.autodiff.reverse import gradient
from diffcli.primitives.reductions import sum as total
from diffcli.primitives.table import PRIMITIVES

from . import oracle
from .cases import Case

ZEROS = [
    (0.0,), (3.0,), (0.0, 2.0), (0.0, 0.0), (2.0, 0.0, 3.0), (0.0, 2.0, 0.0),
    (2.0, 3.0, 5.0, 7.0), (0.0, 3.0, 5.0, 7.0, 2.0), (1.0, 0.0, 0.0, 0.0, 4.0, 5.0, 6.0),
]  # fmt: skip


def others(values: tuple[float, ...], *left_out: int) -> float:
    """The product of all elements but some; 0 where one would be left out twice."""
    if len(set(left_out)) < len(left_out):
        return 0.0
    return float(prod(value for place, value in enumerate(values) if place not in left_out))


@pytest.mark.parametrize("values", ZEROS)
def test_a_product_is_differentiated_without_division(values: tuple[float, ...]) -> None:
    """The gradient's components are the products of the other elements, also where some are 0, exactly."""
    node = oracle.applied(Case(PRIMITIVES["prod"], ((len(values),),), {}, ()))
    sweep = gradient(node.graph, node.out.index, [node.operands[0].index])
    found = oracle.run(node.graph.value(sweep.adjoints[node.operands[0].index]), {node.operands[0]: np.array(values)})
    assert found.tolist() == [others(values, place) for place in range(len(values))]


@pytest.mark.parametrize("values", ZEROS)
def test_a_product_is_differentiated_twice_without_division(values: tuple[float, ...]) -> None:
    """The Hessian's components are the products of all but two elements, and 0 on the diagonal, exactly."""
    count = len(values)
    node = oracle.applied(Case(PRIMITIVES["prod"], ((count,),), {}, ()))
    x = node.operands[0]
    once = gradient(node.graph, node.out.index, [x.index])
    row = node.input((count,))
    slope = total(node.graph.value(once.adjoints[x.index]) * row)
    twice = gradient(node.graph, slope.index, [x.index])
    for place in range(count):
        unit = np.eye(count)[place]
        adjoint = twice.adjoints.get(x.index)
        found = (
            np.zeros(count)
            if adjoint is None
            else oracle.run(node.graph.value(adjoint), {x: np.array(values), row: unit})
        )
        assert found.tolist() == [others(values, place, other) for other in range(count)]


def test_a_long_product_takes_linear_work() -> None:
    """The nodes that a product's gradient adds grow with the logarithm of its length, not with its square."""
    sizes = []
    for count in (1_000, 1_000_000):
        node = oracle.applied(Case(PRIMITIVES["prod"], ((count,),), {}, ()))
        gradient(node.graph, node.out.index, [node.operands[0].index])
        sizes.append(len(node.graph))
    assert sizes[1] < 2.5 * sizes[0]


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_ties_share_all_of_the_gradient(name: str, count: int) -> None:
    """However many elements tie, their shares are equal and add up to 1."""
    random = Random(f"{name}{count}")
    sign = 1 if name == "max" else -1
    values = np.array([sign * 2.0] * count + [sign * random.uniform(0, 1) for _ in range(3)])
    node = oracle.applied(Case(PRIMITIVES[name], (values.shape,), {}, ()))
    sweep = gradient(node.graph, node.out.index, [node.operands[0].index])
    found = oracle.run(node.graph.value(sweep.adjoints[node.operands[0].index]), {node.operands[0]: values})
    assert found.tolist() == [1 / count] * count + [0.0] * 3


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e-3, 1.0, 1e200, 1e300])
def test_a_norm_neither_overflows_nor_vanishes(scale: float) -> None:
    """3-4-5 triangles of any size: value and gradient, relative 1e-15."""
    values = np.array([3.0, -4.0]) * scale
    node = oracle.applied(Case(PRIMITIVES["norm"], ((2,),), {}, ()))
    sweep = gradient(node.graph, node.out.index, [node.operands[0].index])
    inputs = {node.operands[0]: values}
    assert oracle.run(node.out, inputs) == pytest.approx(5 * scale, rel=1e-15, abs=0)
    assert oracle.run(node.graph.value(sweep.adjoints[node.operands[0].index]), inputs) == pytest.approx(
        [0.6, -0.8], rel=1e-15, abs=0
    )
