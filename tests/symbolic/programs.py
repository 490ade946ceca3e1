"""Expressions with a point for each, for tests of generated programs."""

import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
from amount import PATIENCE

import diffcli
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.gradient import GradReport
from diffcli.analysis.problem import Problem, pose
from diffcli.analysis.symbolic_derivative import derivative_report
from diffcli.source import Source
from diffcli.symbolic import Formula, NoFormula, derivatives
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve
from diffcli.syntax.resolved import Resolved

_A = [[0.5, -1.2, 2.0], [0.3, 0.9, -0.7]]
_S = [[2.0, 0.3, -0.2], [0.1, 1.7, 0.4], [-0.5, 0.6, 1.9]]
_V = [[0.2, -0.4], [0.7, 0.1]]
_X, _Y, _P, _B = [0.7, 1.9, -0.4], [1.1, -0.3, 0.8], [0.7, 1.9, 0.4], [0.4, -1.1]


#: What has been found so far, by all that it depends on.
_FOUND: dict[Any, dict[str, Formula | NoFormula]] = {}


def found_once(
    resolved: Resolved,
    wrt: Sequence[str],
    shapes: Mapping[str, tuple[int, ...]],
    seconds: float,
    by_index: bool = False,
    order: int = 1,
    whole: bool = False,
    for_program: bool = False,
) -> dict[str, Formula | NoFormula]:
    """What `derivatives` returns for these arguments, on which alone it depends:
    searched for once, for all forms and all tests.
    """
    key = (repr(resolved), tuple(wrt), tuple(shapes.items()), seconds, by_index, order, whole, for_program)
    if key not in _FOUND:
        _FOUND[key] = derivatives(resolved, wrt, shapes, seconds, by_index, order, whole, for_program=for_program)
    return _FOUND[key]


class Case(NamedTuple):
    """An expression and a point."""

    text: str
    at: dict[str, Any]

    @property
    def problem(self) -> Problem:
        """As the commands pose it."""
        return pose(Source(self.text), given_bindings(self.at), (), False)

    @property
    def order(self) -> list[str]:
        """The variables in the order of the expression."""
        return list(self.problem.resolved.variables)

    def expected(self) -> GradReport:
        """Value and gradients by reverse mode."""
        return diffcli.grad(self.text, self.at)

    def program(self, form: str) -> str:
        """The source text in a form, without the formulas for people, which no test of programs looks at."""
        with patch("diffcli.analysis.symbolic_derivative.derivatives", found_once):
            code = derivative_report(self.problem, PATIENCE, form, formulas=False).code
        assert code is not None
        return code


def cases(*rows: tuple[str, dict[str, Any]]) -> list[Case]:
    """One case a row."""
    return [Case(text, at) for text, at in rows]


#: Every form takes these.
PLAIN = cases(
    ("5*x", {"x": 2.0}),
    ("x^2*y", {"x": 1.5, "y": -0.7}),
    ("sin(x)*exp(y)/sqrt(z)", {"x": 1.5, "y": -0.7, "z": 2.0}),
    ("mean(x*x)", {"x": _X}),
    ("log(sum(exp(x)))", {"x": _X}),
    ("sum((w*x+b-y)^2)", {"w": 1.3, "b": -0.2, "x": _X, "y": _Y}),
    ("prod(x)", {"x": _X}),
    ("norm(x-y)", {"x": _X, "y": _Y}),
    ("sum(A*x)", {"A": _A, "x": _X}),
    ("sum(sin(A*x)^2)", {"A": _A, "x": _X}),
    ("max(x*y)", {"x": _X, "y": _Y}),
    ("min(x)^2+max(x)", {"x": _X}),
    ("sum((x[1:]-x[:-1])^2)", {"x": _X}),
    ("sum(x[::-1]*x)*x[-1]", {"x": _X}),
    ("sum(x[::2]^3)", {"x": _X}),
    ("A[0,1]*A[1,-1]", {"A": _A}),
    ("sum([a,2,a*b]*x)", {"a": 0.4, "b": 1.5, "x": _X}),
    ("mean((x-mean(x))^2)", {"x": _X}),
    ("sum(x)/sum(x^2)", {"x": _X}),
    ("sum(x^n)", {"x": _P, "n": 2.5}),
    ("1/(exp(-(w*x+b))+1)", {"w": 0.3, "x": 2.0, "b": -1.0}),
    ("x^x", {"x": 1.7}),
    ("where(x>0,x^2,-x)*y", {"x": -0.8, "y": 2.0}),
    ("sum(where(x>0.5,sqrt(x),x))", {"x": _X}),
    ("where(x>0,sqrt(x),0)", {"x": -4.0}),
    ("sum(relu(x)+abs(x-1)+maximum(x,y))", {"x": _X, "y": _Y}),
    ("floor(x)*x+sign(x)*x^2+ceil(x)", {"x": 2.3}),
    ("log10(x)*log2(y)+log1p(x*y)", {"x": 1.4, "y": 2.2}),
    ("atan2(y,x)*hypot(x,y)", {"y": 0.4, "x": -1.2}),
    ("cbrt(x)", {"x": -2.0}),
    ("asin(x)+acos(x^2)+atan(x)", {"x": 0.6}),
    ("asinh(x)*acosh(x+1)*atanh(x/3)", {"x": 0.6}),
    ("sinh(x)*cosh(y)/tanh(x*y)+tan(x)", {"x": 0.6, "y": 1.1}),
    ("softplus(x)-sigmoid(x)*square(x)+expm1(x)", {"x": 0.9}),
    ("sqrt(pi)*e^x*tau", {"x": 0.5}),
    ("sum((A@x-b)^2)", {"A": _A, "x": _X, "b": _B}),
    ("x@S@x", {"x": _X, "S": _S}),
    ("sum(log(1+exp(-(y*(A@w)))))", {"A": _A, "w": _X, "y": [1.0, -1.0]}),
    ("sum(A@S)", {"A": _A, "S": _S}),
    ("trace(S@S)", {"S": _S}),
    ("sum(sigmoid(V@tanh(A@x)))", {"V": _V, "A": _A, "x": _X}),
    ("sum((A@S-A)^2)", {"A": _A, "S": _S}),
    ("sum(exp(-a*(S@w)))", {"a": _Y, "S": _S, "w": _X}),
    ("sum((y-1)*(S@w)/(1+(S@w)^2))", {"y": _Y, "S": _S, "w": _X}),
    ("sum(lambda*x^2)", {"lambda": 2.0, "x": _X}),
    (
        "np*torch^2*t0*double*pow_*math*value",
        {"np": 2.0, "torch": 3.0, "t0": 1.5, "double": 0.5, "pow_": 2.0, "math": 1.25, "value": 3.0},
    ),
    ("sum(exp(x)*y)/sum(exp(x))", {"x": _X, "y": _Y}),
    ("n*mean(x)*i*j", {"n": 2.0, "x": _X, "i": 3.0, "j": 0.5}),
    ("sum(c*A)", {"A": _A, "c": [[2.0], [-3.0]]}),
    ("sum((A@c-y)^2)", {"A": _A, "c": [[0.2], [0.4], [-0.1]], "y": [[1.0], [2.0]]}),
    ("sum(outer(x,y)*S)", {"x": _X, "y": _Y, "S": _S}),
    ("var(x)", {"x": _X}),
    ("sum(softmax(x)*y)", {"x": _X, "y": _Y}),
    ("sum(sum(A,axis=0)^2)", {"A": _A}),
    ("sum(cumsum(x)*y)", {"x": _X, "y": _Y}),
    ("sum(max(A,axis=1))", {"A": _A}),
    ("λ*θ_1^2", {"λ": 2.0, "θ_1": 1.5}),
    ("a = x*y  # named\na^2 + exp(a)", {"x": 0.4, "y": 1.2}),
)
#: These are for the array libraries.
OF_MATRICES = cases(
    ("det(S)", {"S": _S}),
    ("logdet(S)", {"S": _S}),
    ("sum(inv(S)@x)", {"x": _X, "S": _S}),
)


_POINT: dict[str, Any] = {
    "y": _Y,
    "b": _P,
    "w": _X,
    "X": _S,
    "Z": [[0.3, -0.7, 0.2], [1.1, 0.5, -0.4], [0.9, 0.2, -1.3]],
    "s": 1.3,
}


def generated(seed: int) -> Case:
    """Products, sums and functions of vectors and matrices that are all of one size:
    brackets left out go unnoticed by shapes.
    """
    generator = random.Random(seed)

    def vector(depth: int) -> str:
        if not depth:
            return generator.choice(["y", "b", "w", "(X@w)", "(Z@b)", "(X.T@y)", "(b@X)"])
        first, second = vector(depth - 1), vector(depth - 1)
        return generator.choice(
            [
                f"(-{first})", f"({first} - {second})", f"({first}*{second})", f"(s*{first} + {second})",
                f"tanh({first})",
                f"({first}/(2 + {second}^2))", f"(Z@{first})", f"exp(-{first}/4)", f"({first}@{second}*{vector(0)})",
            ]
        )  # fmt: skip

    text = generator.choice(["sum({})", "mean({}^2)", "sum(log(1+exp({})))", "norm({})"]).format(vector(2))
    names = resolve(parse(Source(text))).variables
    return Case(text, {name: _POINT[name] for name in names})


def check(case: Case, value: Any, gradients: dict[str, Any]) -> None:
    """What a program returned against reverse mode."""
    expected = case.expected()
    np.testing.assert_allclose(float(value), expected.value, rtol=1e-11)
    assert set(gradients) == set(expected.gradient)
    for name, gradient in expected.gradient.items():
        found = np.asarray(gradients[name])
        assert found.shape == gradient.shape, name
        np.testing.assert_allclose(found, gradient, rtol=1e-10, atol=1e-13, err_msg=name)
