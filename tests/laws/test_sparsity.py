"""The structure of every primitive: no derivative other than 0 lies outside of it."""

import numpy as np
import pytest

from diffcli.autodiff.forward import tangents
from diffcli.execute.program import Program, quietly
from diffcli.execute.sparsity import structure
from diffcli.primitives.table import PRIMITIVES

from . import oracle
from .cases import CASES, LAWFUL, Case

#: One case for each primitive, shapes and options: the structure knows no values.
DIFFERENT = list({(case.primitive.name, case.shapes, repr(case.parameters)): case for case in CASES}.values())
#: Primitives whose structure is that of the derivatives at nearly every point: moves, sums and products, but not those
#: whose operands tell where an element goes.
EXACT = [primitive for primitive in LAWFUL if primitive.kind == "linear" and not primitive.selecting]


def derivatives(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """The Jacobian of a case by forward mode, a column for each element of the operands, and its structure."""
    node = oracle.applied(case)
    points = case.points()
    seeds = [node.input(operand.shape) for operand in node.operands]
    along = tangents(
        node.graph, node.out.index, {operand.index: seed for operand, seed in zip(node.operands, seeds, strict=True)}
    )[node.out.index]
    program = Program(node.graph, [along.index])
    inputs = {operand.index: point[()] for operand, point in zip(node.operands, points, strict=True)}
    still = {seed.index: np.zeros(seed.shape)[()] for seed in seeds}
    columns = []
    for seed in seeds:
        for place in np.ndindex(seed.shape):
            unit = np.zeros(seed.shape)
            unit[place] = 1.0
            with quietly():
                columns.append(np.ravel(program.run({**inputs, **still, seed.index: unit[()]})[0]))
    return np.array(columns).T, structure(node.graph, [node.out.index], [operand.index for operand in node.operands])


@pytest.mark.parametrize("primitive", LAWFUL, ids=lambda primitive: primitive.name)
def test_no_derivative_is_outside(primitive: object) -> None:
    """In every case; and the structure of what is linear is not wider than its derivatives."""
    for case in DIFFERENT:
        if case.primitive is primitive:
            numbers, pattern = derivatives(case)
            assert numbers.shape == pattern.shape
            assert not np.any((numbers != 0) & ~pattern), case.name
            if primitive in EXACT:
                assert np.array_equal(numbers != 0, pattern), case.name


@pytest.mark.parametrize("name", ["floor", "ceil", "sign", "less", "equal", "one_hot"])
def test_what_has_no_slope_has_no_structure(name: str) -> None:
    """Its derivative is 0 everywhere."""
    for case in DIFFERENT:
        if case.primitive is PRIMITIVES[name]:
            assert not derivatives(case)[1].any()
