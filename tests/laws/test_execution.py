"""What a primitive computes: in double precision, in many digits, and as a SymPy formula."""

from itertools import product

import mpmath
import numpy as np
import pytest
import sympy

from diffcli.primitives.primitive import Primitive
from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.convert.namespace import Namespace
from diffcli.symbolic.vocabulary import special

from . import oracle
from .cases import ELEMENTWISE, Case, boxes, tried
from .samples import samples_of

#: NumPy's functions keep all but the last few bits; the formula and mpmath share 60 digits.
DOUBLE, MANY_DIGITS = 1e-14, 1e-45

#: Functions that the formulas leave as they are, in SymPy's words.
SYMPYS = {
    special.Gamma: sympy.gamma,
    special.LogGamma: lambda x: sympy.log(sympy.Abs(sympy.gamma(x))),
    special.Polygamma: sympy.polygamma,
    special.Beta: lambda a, b: sympy.gamma(a) * sympy.gamma(b) / sympy.gamma(a + b),
}


@tried(step=4)
def test_the_shape_rule_tells_the_shape_of_the_result(case: Case) -> None:
    """Nothing needs to be executed to know a shape."""
    node = oracle.applied(case)
    value = oracle.run(node.out, dict(zip(node.operands, case.points(), strict=True)))
    assert case.primitive.shape(list(case.shapes), **case.parameters) == node.out.shape == np.shape(value)


@tried(step=4)
def test_a_result_is_made_of_doubles(case: Case) -> None:
    """An array of float64, or one float64 where there is no axis."""
    node = oracle.applied(case)
    value = oracle.run(node.out, dict(zip(node.operands, case.points(), strict=True)))
    assert value.dtype == np.float64
    assert isinstance(value, np.ndarray if node.out.shape else np.float64)


@tried(step=3)
def test_double_precision_rounds_the_exact_result(case: Case) -> None:
    """NumPy and mpmath run the same graph."""
    node = oracle.applied(case)
    inputs = dict(zip(node.operands, case.points(), strict=True))
    with mpmath.workdps(oracle.DIGITS):
        exact = oracle.exactly(node.out, {operand: oracle.exact(x) for operand, x in inputs.items()})
        assert oracle.relative_error(oracle.run(node.out, inputs), exact, case.floor) <= DOUBLE


@pytest.mark.parametrize(
    "primitive", [p for p in ELEMENTWISE if p.formula is not None], ids=lambda primitive: primitive.name
)
def test_the_formula_is_the_same_function(primitive: Primitive) -> None:
    """SymPy's value of the formula is that of the primitive, at points of every box."""
    space = Namespace(Sizes())
    formula = primitive.formula
    for box, parameters in product(
        boxes(primitive), {repr(sample.parameters): sample.parameters for sample in samples_of(primitive)}.values()
    ):
        case = Case(primitive, ((5,),) * len(box), parameters, box)
        node = oracle.applied(case)
        points = [np.round(8 * x) / 8 for x in case.points()]  # SymPy factors the numbers in powers: let them be short
        with mpmath.workdps(oracle.DIGITS):
            exact = oracle.exactly(
                node.out, {operand: oracle.exact(x) for operand, x in zip(node.operands, points, strict=True)}
            )
            for place, operands in enumerate(zip(*points, strict=True)):
                rationals = [sympy.Rational(float(x)) for x in operands]
                expression = (
                    getattr(space, formula)(*rationals)
                    if isinstance(formula, str)
                    else formula(space, *rationals, **parameters)
                )
                for ours, sympys in SYMPYS.items():
                    expression = expression.replace(ours, sympys)
                value = mpmath.mpf(sympy.N(expression, oracle.DIGITS)._to_mpmath(200))
                assert oracle.relative_error(value, exact[place]) <= MANY_DIGITS
