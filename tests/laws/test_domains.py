"""Where primitives are defined, and that outside there is no finite answer."""

from itertools import product

import numpy as np
import pytest

from diffcli.autodiff.reverse import gradient
from diffcli.primitives.primitive import Primitive

from . import oracle
from .cases import CASES, ELEMENTWISE, LAWFUL, Case, lattice
from .samples import samples_of

pytestmark = pytest.mark.fast

#: Values on both sides of every bound that a function of the language has, and the bounds.
GRID = np.array([-3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0])

each_elementwise = pytest.mark.parametrize("primitive", ELEMENTWISE, ids=lambda primitive: primitive.name)
each_restricted = pytest.mark.parametrize(
    "primitive",
    [primitive for primitive in ELEMENTWISE if primitive.domain.text != "any real number"],
    ids=lambda primitive: primitive.name,
)


def on_the_grid(primitive: Primitive) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At all combinations of the grid: whether inside, whether the value is finite, whether all derivatives are."""
    operands = [np.array(column) for column in zip(*product(GRID, repeat=len(primitive.operands)), strict=True)]
    node = oracle.applied(
        Case(primitive, ((operands[0].size,),) * len(operands), samples_of(primitive)[0].parameters, ())
    )
    inputs = dict(zip(node.operands, operands, strict=True))
    sweep = gradient(
        node.graph, node.out.index, [operand.index for operand in node.operands], node.graph.filled(1.0, node.out.shape)
    )
    derivatives = [oracle.run(node.graph.value(sweep.adjoints[operand.index]), inputs) for operand in node.operands]
    inside = np.broadcast_to(primitive.domain.contains(*operands), operands[0].shape)
    return inside, np.isfinite(oracle.run(node.out, inputs)), np.isfinite(derivatives).all(axis=0)


@pytest.mark.parametrize("primitive", LAWFUL, ids=lambda primitive: primitive.name)
def test_the_interior_is_inside(primitive: Primitive) -> None:
    """The declared intervals, one for each operand, lie in the domain and off the kinks."""
    if primitive.kind == "elementwise":
        assert len(primitive.domain.interior) == len(primitive.operands)
    assert all(low < high for low, high in primitive.domain.interior)
    for corner in lattice(primitive.domain.interior):
        assert np.all(primitive.domain.contains(*corner))


@pytest.mark.parametrize("case", [case for case in CASES if case.primitive.kinks], ids=lambda case: case.name)
def test_the_interior_is_off_the_kinks(case: Case) -> None:
    """Random points of the interior never sit on a kink."""
    for kink in case.primitive.kinks:
        assert not np.any(kink.at(*case.points(), **case.parameters))


@each_elementwise
def test_inside_the_value_is_finite(primitive: Primitive) -> None:
    """A point of the domain has a value, also on the domain's bounds."""
    inside, finite, _ = on_the_grid(primitive)
    assert inside.any()
    assert finite[inside].all()


@each_restricted
def test_outside_the_value_or_its_slope_is_not_finite(primitive: Primitive) -> None:
    """No finite number pretends that a point outside the domain is inside: log(-1), asin(2), 1/0."""
    inside, finite, smooth = on_the_grid(primitive)
    assert (~inside).any()
    assert not (finite & smooth)[~inside].any()


@each_restricted
def test_a_restricted_domain_says_so(primitive: Primitive) -> None:
    """The text names what is wanted, with the operand's name put in."""
    filled = primitive.domain.text.format("operand")
    assert filled
    assert "{" not in filled


@each_elementwise
def test_nan_comes_out_as_nan(primitive: Primitive) -> None:
    """A first operand that is not a number gives no number, but for a comparison and a choice, which answer."""
    node = oracle.applied(Case(primitive, ((),) * len(primitive.operands), samples_of(primitive)[0].parameters, ()))
    values = [np.float64(np.nan), *(np.float64(1.0) for _ in primitive.operands[1:])]
    result = oracle.run(node.out, dict(zip(node.operands, values, strict=True)))
    comparison = primitive.notation is not None and not primitive.notation.chains
    assert np.isnan(result) != (comparison or primitive.name == "where")
