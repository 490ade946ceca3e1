"""No double is hidden in a primitive: with more digits there are more right digits,
and exact numbers are their limit.
"""

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from diffcli.autodiff.reverse import gradient
from diffcli.deadline.limit import TimeLimit, within
from diffcli.execute.many_digits import of_digits
from diffcli.execute.numbers import Numbers
from diffcli.execute.program import Program
from diffcli.primitives.primitive import Primitive
from diffcli.symbolic.exact_numbers.context import Context

from . import oracle
from .cases import CASES, LAWFUL, Case
from .samples import Labels

pytestmark = pytest.mark.fast

FEW, MANY = of_digits(50), of_digits(80)
EXACT = Numbers(Context())
#: Exact expressions that take longer are no business of this test.
SECONDS = 2.0

#: For each primitive its first case of each number of points, the smallest first.
SMALL = {
    primitive: sorted(
        (case for case in CASES if case.primitive is primitive),
        key=lambda case: sum(int(np.prod(shape)) for shape in case.shapes),
    )
    for primitive in LAWFUL
}

each_primitive = pytest.mark.parametrize("primitive", LAWFUL, ids=lambda primitive: primitive.name)


def fractions(case: Case, parts: int) -> list[np.ndarray]:
    """The case's points as fractions with this denominator; labels stay."""
    drawn = case.drawn or (None,) * len(case.shapes)
    return [
        np.frompyfunc(Fraction if isinstance(draw, Labels) else lambda x: Fraction(round(parts * x), parts), 1, 1)(
            np.asarray(points, dtype=object)
        )
        for points, draw in zip(case.points(), drawn, strict=True)
    ]


def weights(shape: tuple[int, ...], arithmetic: Numbers) -> Any:
    """Sevenths, that weigh the elements of a result."""
    return arithmetic.lifted(
        np.array([Fraction(k + 1, 7) for k in range(int(np.prod(shape)))], dtype=object).reshape(shape)
    )


def results(case: Case, arithmetic: Numbers, parts: int) -> list[Any]:
    """The value and the gradient of a weighed sum of its elements, in an arithmetic."""
    node = oracle.applied(case)
    cotangent = node.input(node.out.shape)
    varying = [node.operands[position].index for position in case.varying]
    adjoints = gradient(node.graph, node.out.index, varying, cotangent).adjoints
    given = {
        operand.index: arithmetic.lifted(x) for operand, x in zip(node.operands, fractions(case, parts), strict=True)
    }
    given[cotangent.index] = weights(node.out.shape, arithmetic)
    found = Program(node.graph, [node.out.index, *(adjoints[index] for index in varying)], arithmetic).run(given)
    return [MANY.lifted(value) for value in found]


def agree(few: list[Any], many: list[Any], digits: int) -> bool:
    """Whether all elements are equal to so many digits, relative to the largest of their array where they are smaller
    than it by much.
    """
    for first, second in zip(few, many, strict=True):
        largest = max(abs(element) for element in np.ravel(second))
        if any(
            not abs(a - b) <= max(abs(b), largest / 1000) * mpmath.mpf(10) ** -digits
            for a, b in zip(np.ravel(first), np.ravel(second), strict=True)
        ):
            return False
    return True


@each_primitive
def test_more_digits_are_more_right_digits(primitive: Primitive) -> None:
    """Fifty digits and eighty agree to 45, value and gradient, at points that are no doubles."""
    for case in SMALL[primitive][:4]:
        assert agree(results(case, FEW, 1009), results(case, MANY, 1009), 45), case.name


@each_primitive
def test_gradients_are_slopes_to_thirty_digits(primitive: Primitive) -> None:
    """Along a direction; a double in a rule would show in the seventeenth."""
    for case in SMALL[primitive][:2]:
        node, step = oracle.applied(case), MANY.one(Fraction(1, 10**25))
        points = [MANY.lifted(x) for x in fractions(case, 1009)]
        directions = [
            MANY.lifted(x) for x in fractions(case._replace(box=((0.2, 1.0),) * len(case.shapes), drawn=()), 13)
        ]
        program = Program(node.graph, [node.out.index], MANY)
        moved = []
        for sign in (1, -1):
            shifted = {
                operand.index: x + sign * step * direction if position in case.varying else x
                for position, (operand, x, direction) in enumerate(zip(node.operands, points, directions, strict=True))
            }
            moved.append(np.sum(program.run(shifted)[0] * weights(node.out.shape, MANY)))
        slope = (moved[0] - moved[1]) / (2 * step)
        _, *gradients = results(case, MANY, 1009)
        products = [
            np.ravel(partial * directions[position]) for position, partial in zip(case.varying, gradients, strict=True)
        ]
        largest = max((abs(product) for each in products for product in each), default=0)
        assert abs(slope - sum(sum(each) for each in products)) <= max(largest, 1) * mpmath.mpf(10) ** -30, case.name


@each_primitive
def test_exact_numbers_are_the_limit(primitive: Primitive) -> None:
    """The exact value and gradient have the eighty digits' first 70."""
    case = SMALL[primitive][0]
    try:
        exact = within(SECONDS, results, case, EXACT, 7)
    except TimeLimit:
        pytest.skip("the exact expression takes long")
    assert agree(exact, results(case, MANY, 7), 70), case.name
