"""The Hessian against SymPy's, its product with a vector and what that costs, and what is said of the point."""

from functools import cache
from itertools import count
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from amount import sampled
from autodiff.expressions import DRAWN, Generated, Generator
from command import answer
from hypothesis import example, given, settings
from hypothesis import strategies as st

import diffcli
from diffcli.analysis.hessian import HessianReport
from diffcli.analysis.sweep import pushed, swept
from diffcli.execute.program import Program

from .in_sympy import OF_ARRAYS, OF_NUMBERS, translatable, translated

#: How many generated expressions are held against SymPy.
EXPRESSIONS = 100
#: The longest of them, in characters: SymPy's derivatives grow.
LONGEST = 80
#: An element may be wrong by this fraction of itself, or of `FLOOR` times the largest of the matrix.
TOLERANCE, FLOOR = 1e-10, 1e-3


def matrix(report: HessianReport) -> np.ndarray:
    """The whole Hessian, the variables' elements one after the other."""
    assert report.hessian is not None
    sizes = {name: np.size(value) for name, value in report.gradient.items()}
    return np.block(
        [
            [np.reshape(block, (sizes[first], sizes[second])) for second, block in row.items()]
            for first, row in report.hessian.items()
        ]
    )


@cache
def smooth(number: int) -> Generated:
    """A generated expression that SymPy's own functions can say; each number has its own seeds."""
    first = [name for name in DRAWN if name in OF_NUMBERS or name in OF_ARRAYS or name in ("array", "whole power")]
    for seed in count(number, EXPRESSIONS):
        generated = Generator(seed).generated(first[number % len(first)], 2)
        if (
            translatable(generated.text)
            and 1 < sum(map(np.size, generated.values.values())) <= 4
            and len(generated.text) <= LONGEST
        ):
            return generated
    raise AssertionError


def by_sympy(expression: Any, point: dict[Any, float]) -> np.ndarray:
    """All second derivatives by SymPy, each by its own two differentiations, with fifty digits."""
    symbols = list(point)
    slopes = [sympy.diff(expression, symbol) for symbol in symbols]
    second = [sympy.diff(slope, symbol) for slope in slopes for symbol in symbols]
    with mpmath.workdps(50):
        numbers = sympy.lambdify(symbols, second, "mpmath", cse=True)(*map(mpmath.mpf, point.values()))
        found = [mpmath.chop(mpmath.re(number), 1e-45) for number in numbers]  # what rounding leaves of a 0
        return np.array([float(number) for number in found]).reshape(len(symbols), len(symbols))


@pytest.mark.parametrize("number", sampled(range(EXPRESSIONS), 10))
def test_the_hessian_and_mixed_partials_are_sympys(number: int) -> None:
    """Every element, above and below the diagonal, to ten digits."""
    generated = smooth(number)
    expression, point = translated(generated.text, generated.values)
    reference = by_sympy(expression, point)
    found = matrix(diffcli.hessian(generated.text, generated.values))
    scale = np.maximum(np.abs(reference), FLOOR * np.max(np.abs(reference)))
    assert np.all(np.abs(found - reference) <= TOLERANCE * np.where(scale == 0, 1.0, scale))


@pytest.mark.long
def test_the_expressions_are_different_and_most_of_them_bend() -> None:
    """A hundred texts; most Hessians have an element off the diagonal."""
    expressions = [smooth(number) for number in range(EXPRESSIONS)]
    assert len({generated.text for generated in expressions}) == EXPRESSIONS
    mixed = [np.any(np.triu(matrix(diffcli.hessian(generated.text, generated.values)), 1)) for generated in expressions]
    assert sum(map(bool, mixed)) > EXPRESSIONS / 2


@pytest.mark.parametrize("seed", sampled(range(0, 60, 2), 2))
def test_the_product_is_the_matrix_times_the_vector(seed: int) -> None:
    """For every kind of expression; and every mixed partial equals its mirror image."""
    generated = Generator(seed).generated(DRAWN[seed % len(DRAWN)], 5)
    whole = diffcli.hessian(generated.text, generated.values, pattern=True)
    full = matrix(whole)
    direction = {
        name: np.cos(np.arange(np.size(value)) + position).reshape(np.shape(value))
        for position, (name, value) in enumerate(generated.values.items())
    }
    product = diffcli.hessian(generated.text, generated.values, hvp=direction)
    assert product.hessian is None
    assert product.eigenvalues is None
    assert product.hvp is not None
    vector = np.concatenate([np.ravel(part) for part in direction.values()])
    found = np.concatenate([np.ravel(part) for part in product.hvp.values()])
    assert np.all(np.abs(found - full @ vector) <= 1e-12 * (np.abs(full) @ np.abs(vector)))
    assert whole.curvature is not None
    assert whole.curvature.symmetric
    assert whole.pattern is not None
    assert not np.any((full != 0) & ~whole.pattern.entries)


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_a_product_takes_at_most_six_times_the_operations_of_a_gradient(seed: int) -> None:
    """Counted in the programs that are run, for generated expressions; the gradient's includes the value's."""
    generated = Generator(seed).generated(DRAWN[seed % len(DRAWN)], 8)
    gradient, product = programs(generated.text, generated.values)
    assert len(product) <= 6 * len(gradient)


def programs(text: str, values: dict[str, Any]) -> tuple[Program, Program]:
    """Value with gradient, and value with gradient and Hessian times a vector."""
    from diffcli.analysis.given_values import given_bindings
    from diffcli.analysis.problem import pose
    from diffcli.source import Source

    sweep = swept(pose(Source(text), given_bindings(values)))
    graph, targets = sweep.built.graph, [sweep.built.output, *sweep.adjoints]
    gradient = Program(graph, targets)
    push = pushed(sweep.built, sweep.wrt, max(targets))
    return gradient, Program(
        graph, [*targets, *(push.tangents[node] for node in sweep.adjoints if node in push.tangents)]
    )


CLASSIFIED = [
    ("x^2 + y^2", (0.0, 0.0), "minimum", "convex"),
    ("x^2 - y^2", (0.0, 0.0), "saddle", "indefinite"),
    ("-x^2 - 3*y^2 + x*y", (0.0, 0.0), "maximum", "concave"),
    ("x^4 + y^4", (0.0, 0.0), "flat", "flat"),
    ("x^2 + y^4", (0.0, 0.0), "flat", "convex"),
    ("-x^2 + y^3", (0.0, 0.0), "flat", "concave"),
    ("(1 - x)^2 + 100*(y - x^2)^2", (1.0, 1.0), "minimum", "convex"),
    ("(1 - x)^2 + 100*(y - x^2)^2", (0.0, 1.0), "not-stationary", "indefinite"),
    ("exp(x) + y^2", (0.5, 1.0), "not-stationary", "convex"),
    ("log(x) - y^2", (0.5, 1.0), "not-stationary", "concave"),
    ("2*x - 3*y", (0.5, 1.0), "not-stationary", "flat"),
    ("sin(x) + cos(y)", (np.pi / 2, 0.0), "maximum", "concave"),
    ("1e-9*(x - 1)^2 + 1e-9*(y + 2)^2", (1.0000001, -2.0), "minimum", "convex"),
    ("1e9*x*y", (1e-3, 0.0), "not-stationary", "indefinite"),
    ("1e6*x - 1e6*x + 1e-3*x + 1e-9*(x^2 + y^2)", (1.0, 1.0), "not-stationary", "convex"),
    ("abs(x)^2 + y^2", (0.0, 0.0), "minimum", "convex"),
    ("where(x > 0, x^2, x^3) + y^2", (0.0, 0.0), "not-smooth", "convex"),
]


@pytest.mark.parametrize(("text", "point", "classification", "bend"), CLASSIFIED)
def test_the_kind_of_point(text: str, point: tuple[float, float], classification: str, bend: str) -> None:
    """And how the graph bends there, which is told at any point."""
    report = diffcli.hessian(text, x=point[0], y=point[1])
    assert report.curvature is not None
    assert (report.classification, report.curvature.bend) == (classification, bend)
    assert report.eigenvalues == pytest.approx(np.linalg.eigvalsh(matrix(report)), rel=1e-12, abs=1e-300)


#: On a kink that only functions on the way have the second derivatives are the limit of those around; by hand.
CONTINUED: list[tuple[str, tuple[float, float], list[list[float]], str]] = [
    ("norm([x, y])^2", (0.0, 0.0), [[2, 0], [0, 2]], "minimum"),
    ("hypot(x - 0.1, 2*y)^2", (0.1, 0.0), [[2, 0], [0, 8]], "minimum"),
    ("max(x, y)^2 + min(x, y)^2", (3.0, 3.0), [[2, 0], [0, 2]], "not-stationary"),
    ("abs(x)^2 - 1e-30*abs(y)^2", (0.0, 0.0), [[2, 0], [0, -2e-30]], "saddle"),
    ("norm([1e100*x, 1e-100*y])^2", (0.0, 0.0), [[2e200, 0], [0, 2e-200]], "minimum"),
    ("exp(-norm([x, y])^2)", (0.0, 0.0), [[-2, 0], [0, -2]], "maximum"),
    ("mean(elu([x, -x])) + y^2", (0.0, 0.0), [[0.5, 0], [0, 2]], "minimum"),
    ("(x^2 + y^2)^1.5", (0.0, 0.0), [[0, 0], [0, 0]], "flat"),
    ("where(x >= 0, x, -x)^2 + x*y", (0.0, 0.0), [[2, 1], [1, 0]], "saddle"),
    ("sqrt(x^2 + y^2)^2", (0.0, 0.0), [[2, 0], [0, 2]], "minimum"),
    ("sqrt((10*x - 3)^2 + 1e-20*y^2)^2", (0.3, 0.0), [[200, 0], [0, 2e-20]], "minimum"),
    ("cos(sqrt(x^2 + y^2))", (0.0, 0.0), [[-1, 0], [0, -1]], "maximum"),
    ("sqrt(x^2 + y^2)^3 + x*y", (0.0, 0.0), [[0, 1], [1, 0]], "saddle"),
    ("cbrt(x)^6 + x + y^2", (0.0, 0.0), [[2, 0], [0, 2]], "not-stationary"),
    ("acos(cos(x))^2 + y^2", (0.0, 0.0), [[2, 0], [0, 2]], "minimum"),
    ("abs(x)^2 + x + 2*x*y", (0.0, 3.0), [[2, 2], [2, 0]], "not-stationary"),
]
#: Here they have none: the value, the slope or the second derivative is another on some side, or tends to none.
NOT_CONTINUED = [
    "norm([x, y])",
    "abs(x) + y^2",
    "abs(x)*x",
    "relu(x)^2",
    "floor(x)^2",
    "abs(x*y)",
    "where(x > 0, x^2, x^3)",
    "where(x > 0, 1, 2)*x^2 + abs(x)",
    "relu(x - 1e12*abs(y))^2",
    "relu(x + y - 1000*abs(x - y))^2",
    "relu(x + 2e12*y - 1000*abs(2*x - 1e12*y))^2",
]
#: Here not even the slope is a number, or the numbers on one side are none.
REFUSED = ["sqrt(x^2 + y^2)", "sqrt(x)^4 + y", "cbrt(x)^4 + y", "sqrt(abs(x))^3 + y"]


@pytest.mark.parametrize(("text", "point", "expected", "classification"), CONTINUED)
def test_second_derivatives_are_continued_to_a_kink(
    text: str, point: tuple[float, float], expected: list[list[float]], classification: str
) -> None:
    report = diffcli.hessian(text, x=point[0], y=point[1])
    assert report.continued
    assert matrix(report) == pytest.approx(np.array(expected), rel=1e-14, abs=1e-300)
    assert report.classification == classification
    product = diffcli.hessian(text, x=point[0], y=point[1], hvp={"x": 1.0, "y": 2.0}).hvp
    assert product is not None
    assert [*product.values()] == pytest.approx(np.array(expected) @ [1.0, 2.0], rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("text", NOT_CONTINUED)
def test_second_derivatives_that_have_no_limit_are_conventions(text: str) -> None:
    report = diffcli.hessian(f"{text} + 0*x*y", x=0.0, y=0.0)
    assert (report.continued, report.classification) == (False, "not-smooth")


@pytest.mark.parametrize("text", REFUSED)
def test_a_point_without_second_derivatives_is_refused(text: str) -> None:
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.hessian(text, x=0.0, y=0.0)
    assert refused.value.diagnostic.exit_code == 3


@pytest.mark.parametrize(
    ("text", "point", "classification"),
    [
        ("abs(3*x - 0.3)", {"x": 0.1}, "not-smooth"),
        ("abs(3*x - 0.3)*(3*x - 0.3)", {"x": 0.1}, "not-smooth"),
        ("abs(3*x - 0.3)^2", {"x": 0.1}, "minimum"),
        ("abs(3*x - 0.3)^2 + 1e-3*x", {"x": 0.1}, "not-stationary"),
        ("abs(7*x - 4.9)^2 - y^2", {"x": 0.7, "y": 0.0}, "saddle"),
        ("abs(7*x - 4.9)^2 + abs(3*y - 0.3)", {"x": 0.7, "y": 0.1}, "not-smooth"),
    ],
)
def test_decimals_that_meet_on_a_kink(text: str, point: dict[str, float], classification: str) -> None:
    """Doubles are beside it, many digits on it."""
    assert diffcli.hessian(text, point).classification == classification


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("relu(x)^2", True), ("abs(x)^2", True), ("abs(x)*x", True), ("relu(x)*x^2", False), ("abs(x)^3", False),
        ("0*relu(x) + x^2", False),
        ("relu(x - 1)^2", False), ("max([x, 0])*x", True), ("relu(x) + x", True), ("where(x >= 0, x^2, x^3)", True),
        ("where(x > -1, x^2, abs(x))", False),
    ],
)  # fmt: skip
def test_a_kink_of_the_slope_is_noticed(text: str, noticed: bool) -> None:
    """Also where the gradient is 0 there, so that it is no kink for a gradient;
    not where the second derivative is continuous.
    """
    assert bool(diffcli.hessian(text, x=0.0).kinks) == noticed


@pytest.mark.parametrize(
    "text",
    [
        "floor(x)^2",
        "ceil(x)^3",
        "exp(floor(x))",
        "sign(x - 1)^2",
        "(x > 1)^2",
        "cos(x <= 1)",
        "where(x >= 1, 2, 3)^2",
        "prod([floor(x), x])",
        "norm([floor(x), 1])",
    ],
)
@pytest.mark.parametrize("precision", [{}, {"exact": True}, {"digits": 20}])
def test_a_function_of_a_jump(text: str, precision: dict[str, Any]) -> None:
    """There is no second derivative: the jump is noticed, by the matrix and by the product."""
    for direction in ({}, {"hvp": 1.0}):
        report = diffcli.hessian(text, x=1.0, **precision, **direction)
        assert [notice.kind for notice in report.kinks] == ["jump"]
        assert report.classification in ("not-smooth", None)


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [("elu(x)", 1.0, 0.0), ("3*elu(2*x)", 1.0, 0.0), ("elu(x) - x", 1.0, 0.0), ("mean(elu([x, -2*x]))", 1.0, 0.0)],
)
def test_a_second_derivative_that_jumps_is_a_convention(text: str, left: float, right: float) -> None:
    """The slope of elu is continuous at 0, and its second derivative is not;
    where the slope does not matter nothing is said.
    """
    report = diffcli.hessian(text, x=0.0)
    assert report.classification == "not-smooth"
    notice = report.kinks[0]
    assert (notice.sides[0].left, notice.sides[0].right, notice.sides[0].taken) == (left, right, 1.0)
    assert notice.slopes[0].startswith("second derivative by ")
    assert diffcli.grad(text, x=0.0).kinks == ()
    assert diffcli.hessian("elu(x)^2", x=0.0).classification == "minimum"


def test_a_branch_that_is_not_taken_does_no_harm() -> None:
    """Its second derivatives may be undefined."""
    report = diffcli.hessian("where(x > 0, sqrt(x), x^2)", x=-1.0)
    assert report.hessian is not None
    assert report.hessian["x"]["x"] == 2.0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x^1.5", "x^1.5"),
        ("y + sqrt(x)^3", "sqrt(x)"),
        ("x^1.5*(x - x)", "x^1.5"),
        ("x*log(x + 1e-320)", None),
        ("log(x)", "log(x)"),
    ],
)
def test_where_there_is_no_second_derivative(text: str, place: str | None) -> None:
    """The place is named; a 0 that came from 0 times infinity is no answer either."""
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.hessian(text, {"x": 0.0, **({"y": 1.0} if "y" in text else {})})
    diagnostic = refused.value.diagnostic
    assert diagnostic.code in ("E501", "E502")
    assert diagnostic.exit_code == 3
    if place:
        span = diagnostic.labels[0].span
        assert text[span.start : span.end] == place


def test_shapes_are_the_first_variables_and_then_the_seconds() -> None:
    """The blocks of an array and a number."""
    report = diffcli.hessian("sum(A@A)*y", A=[[1.0, 2.0], [3.0, 4.0]], y=2.0)
    assert report.hessian is not None
    assert {(first, second): np.shape(block) for first, row in report.hessian.items() for second,
        block in row.items()} == {
        ("A", "A"): (2, 2, 2, 2), ("A", "y"): (2, 2), ("y", "A"): (2, 2), ("y", "y"): (),
    }  # fmt: skip
    assert report.sweeps == 5
    assert list(diffcli.hessian("x^2*y", x=1.0, y=2.0, wrt="y").hessian or {}) == ["y"]


def test_one_program_is_run_again() -> None:
    """The graph does not grow with the number of sweeps."""
    from diffcli.analysis.given_values import given_bindings
    from diffcli.analysis.problem import pose
    from diffcli.source import Source

    sizes = []
    for extent in (3, 30):
        sweep = swept(
            pose(Source("sum(exp(x)*x) + logsumexp(x)"), given_bindings({"x": np.linspace(0.5, 1.5, extent)}))
        )
        pushed(sweep.built, sweep.wrt, max(sweep.adjoints))
        sizes.append(len(sweep.built.graph))
    assert sizes[0] == sizes[1]
    assert diffcli.hessian("sum(x^2)", x=np.ones(30)).sweeps == 30


#: A point is what it is, however large its numbers are: what doubles lose, underflow included, is found with more
#: digits.
AT_ANY_SCALE: list[tuple[str, dict[str, Any], str]] = [
    ("1e6*(x - 1)^2 + (y - 2)^2", {"x": 1.0, "y": 3.0}, "not-stationary"),
    ("1e6*(x - 1)^2 + (y - 2)^2", {"x": 1.0, "y": 2.0}, "minimum"),
    ("1e12*x^2 - y^2", {"x": 0.0, "y": 0.0}, "saddle"),
    ("1e-300*x^2 - 1e300*y^2", {"x": 0.0, "y": 0.0}, "saddle"),
    ("1e300*x^2 + 1e-300*y^2", {"x": 0.0, "y": 1.0}, "not-stationary"),
    ("1e-300*x*y + 1e300*z^2", {"x": 0.0, "y": 0.0, "z": 0.0}, "saddle"),
    ("(1e-200*x)^2 + y^2", {"x": 0.0, "y": 0.0}, "minimum"),
    ("(x - y)^2 - 1e-250*(x + y)^2", {"x": 0.0, "y": 0.0}, "saddle"),
    ("(x - y)^2 + 0*(x + y)^2", {"x": 0.0, "y": 0.0}, "flat"),
    ("1e20*(x - y)^2 + (x + y - 2)^2 - 1e-20*z^2", {"x": 1.0, "y": 1.0, "z": 0.0}, "saddle"),
    ("1e9*x^2 + 1e-9*x^2 - 1e9*x^2", {"x": 1.0}, "not-stationary"),
    ("1e16*x^2 - 1e16*x^2 - y^2 - x^2", {"x": 0.0, "y": 0.0}, "maximum"),
    ("(0.1 + 0.2 - 0.3)*x^2 + y^2", {"x": 0.0, "y": 0.0}, "flat"),
    ("(3*x - 0.3)^2", {"x": 0.1}, "minimum"),
    ("sin(x + pi/2)", {"x": 0.0}, "maximum"),
    ("x^3 + 1e-20*x", {"x": 0.0}, "not-stationary"),
    ("x^4", {"x": 1e-170}, "not-stationary"),
    ("exp(-x)", {"x": 800.0}, "not-stationary"),
    ("exp(-x^2)", {"x": 40.0}, "not-stationary"),
    ("tanh(x)", {"x": 1000.0}, "not-stationary"),
    ("sigmoid(x)", {"x": -800.0}, "not-stationary"),
    ("sigmoid(x)", {"x": -1e10}, "not-stationary"),
    ("exp(-x^2)", {"x": 1e6}, "not-stationary"),
    ("exp(-x^2)", {"x": 3e7}, "not-stationary"),
    ("(1e-12*x - 1)^4 + (1e12*y - 1)^2", {"x": 1e12, "y": 1e-12}, "flat"),
    ("(7*y - 4.9)^2 - (0.3*x - 0.9)^4", {"x": 3.0, "y": 0.7}, "flat"),
    ("(x - 1e10)^4", {"x": 1e10 + 1}, "not-stationary"),
    ("atan(x - 1e17)", {"x": 1e17 + 16}, "not-stationary"),
    ("x*y*z", {"x": 0.0, "y": 0.0, "z": 0.0}, "flat"),
    ("det([[a, b], [c, d]])", {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0}, "saddle"),
    ("logsumexp(x) - mean(x)", {"x": [1.0, 1.0, 1.0]}, "flat"),
]


@pytest.mark.parametrize(("text", "point", "classification"), AT_ANY_SCALE)
def test_zero_has_a_scale(text: str, point: dict[str, Any], classification: str) -> None:
    assert diffcli.hessian(text, point).classification == classification
    assert diffcli.hessian(text, point, digits=20).classification == classification


#: Numbers whose exponents no double holds, and some that not even the exponents of those.
BELOW_DOUBLES: list[tuple[str, dict[str, Any], str, str]] = [
    ("exp(-x^2)", {"x": 1e8}, "not-stationary", "convex"),
    ("exp(-x^2)", {"x": -1e9}, "not-stationary", "convex"),
    ("exp(-x^2)", {"x": 1e150}, "not-stationary", "convex"),
    ("2 - exp(-x^2)", {"x": 1e50}, "not-stationary", "concave"),
    ("exp(-exp(x))", {"x": 100.0}, "not-stationary", "convex"),
    ("exp(-exp(x))", {"x": 700.0}, "not-stationary", "convex"),
    ("sigmoid(-x^2)", {"x": 1e8}, "not-stationary", "convex"),
    ("exp(-x^2) - exp(-y^2)", {"x": 1e8, "y": 2e8}, "not-stationary", "indefinite"),
    ("exp(-x^2) + exp(-y^2)", {"x": 1e8, "y": 1e150}, "not-stationary", "convex"),
    ("exp(-x^2)*exp(-y^2)", {"x": 1e100, "y": 1e100}, "not-stationary", "indefinite"),
]


@pytest.mark.parametrize(("text", "point", "classification", "bend"), BELOW_DOUBLES)
def test_what_is_below_all_doubles_is_judged_too(
    text: str, point: dict[str, Any], classification: str, bend: str
) -> None:
    report = diffcli.hessian(text, point)
    assert report.curvature is not None
    assert (report.classification, report.curvature.bend) == (classification, bend)


@pytest.mark.parametrize("size", sampled([1e300, 1e20, 1e150, 1e3], 4))
@pytest.mark.parametrize(("text", "point", "classification", "bend"), CLASSIFIED[:-2])  # those without kinks
def test_a_factor_changes_no_verdict(
    text: str, point: tuple[float, float], classification: str, bend: str, size: float
) -> None:
    """However small it is: the second derivatives are below all doubles then, and not 0."""
    report = diffcli.hessian(f"exp(-c)*({text})", x=point[0], y=point[1], c=size, wrt="x,y")
    assert report.curvature is not None
    assert (report.classification, report.curvature.bend) == (classification, bend)


@pytest.mark.parametrize(("text", "point"), [("exp(-x^2)", {"x": 1e155}), ("sum(exp(-x^2))", {"x": [1e3] * 40})])
def test_what_cannot_be_told_is_not_called_flat(text: str, point: dict[str, Any]) -> None:
    """No number that there is time for holds it."""
    report = diffcli.hessian(text, point)
    assert report.curvature is not None
    assert (report.classification, report.curvature.bend) == ("unknown", "unknown")
    assert "not classified: numbers on the way are too small for double precision" in str(report)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**16), count=st.integers(1, 4), rank=st.integers(1, 4),
    decades=st.sampled_from([0, 5, 20, 60, 100]),
    off=st.booleans(), precision=st.sampled_from([{}, {}, {}, {"exact": True}, {"digits": 15}]),
)  # fmt: skip
@example(
    seed=4996, count=4, rank=1, decades=100, off=False, precision={}
)  # the slopes of two roundings are the same by chance
def test_no_change_of_units_changes_the_verdict(
    seed: int, count: int, rank: int, decades: int, off: bool, precision: dict[str, Any]
) -> None:
    """Quadratics of every signature, singular ones too, their variables and results scaled over many decades."""
    random = np.random.default_rng(seed)
    root = random.integers(-3, 4, (count, rank))
    matrix = root @ np.diag(random.choice([-1, 1], rank)) @ root.T
    bottom = random.integers(1, 4, count)
    place = bottom + (random.integers(1, 3, count) if off else 0)
    signs = np.linalg.eigvalsh(matrix)
    positive, negative, slope = np.any(signs > 1e-9), np.any(signs < -1e-9), matrix @ (place - bottom)
    kind = (
        "saddle"
        if positive and negative
        else "flat"
        if np.any(np.abs(signs) <= 1e-9)
        else "minimum"
        if positive
        else "maximum"
    )
    exponents = random.integers(-decades, decades + 1, count)
    terms = [f"(1e{exponent}*x{k} - {bottom[k]})" for k, exponent in enumerate(exponents)]
    form = " + ".join(f"({matrix[i, j]})*{terms[i]}*{terms[j]}" for i in range(count) for j in range(count))
    point = {f"x{k}": float(f"{place[k]}e{-exponent}") for k, exponent in enumerate(exponents)}
    report = diffcli.hessian(
        f"1e{random.integers(-decades, decades + 1)}*({form})",
        point,
        exact="exact" in precision,
        digits=precision.get("digits"),
    )
    assert report.classification == ("not-stationary" if np.any(slope) else kind)
    assert report.eigenvalues is not None
    assert (sum(value > 0 for value in report.eigenvalues), sum(value < 0 for value in report.eigenvalues)) == (
        np.sum(signs > 1e-9),
        np.sum(signs < -1e-9),
    )


@pytest.mark.parametrize("count", [3, 12, 30])
def test_small_eigenvalues_beside_large_ones(count: int) -> None:
    """Each to nine digits, where mpmath has them of the same matrix."""
    random = np.random.default_rng(count)
    turned = np.linalg.qr(random.standard_normal((count, count)))[0]
    signs = np.where(np.arange(count) % 2, 1.0, -1.0)
    scales = np.logspace(-9, 9, count)
    matrix = (turned * signs) @ turned.T * scales * scales[:, np.newaxis]
    matrix = (matrix + matrix.T) / 2
    report = diffcli.hessian("x @ A @ x / 2", x=np.zeros(count), A=matrix, wrt="x")
    with mpmath.workdps(60):
        true = sorted(float(value) for value in mpmath.eigsy(mpmath.matrix(matrix.tolist()), eigvals_only=True))
    assert report.eigenvalues == pytest.approx(true, rel=1e-9 if count <= 20 else 1e-4)
    assert report.classification == "saddle"


def test_what_is_printed_is_what_was_judged() -> None:
    """A gradient that is not 0 is not called 0."""

    def said(text: str, **point: Any) -> str:
        return answer(["hessian", text, "--at", ";".join(f"{name}={value}" for name, value in point.items())]).out

    assert "local minimum: the gradient is 0 and the eigenvalue is above 0" in said("(x - 1)^2", x=1)
    assert "local maximum: the gradient is 0 but for rounding and the eigenvalue is below 0" in said(
        "sin(x)", x="1.5707963267948966"
    )
    near = said("(x - 1)^2", x="1.0000001")
    assert (
        "local minimum, to six digits of the point: the gradient's norm is 2e-07, and 0 after a step of 1e-07 of the "
        "coordinates" in near
    )
    assert "not stationary: the gradient's norm is 2;" in said("1e6*(x-1)^2+(y-2)^2", x=1, y=3)
    assert "eigenvalues: -2, 2e+12" in said("1e12*x^2-y^2", x=0, y=0)
    assert "the gradient is not 0, though too small for double precision" in said("exp(-x)", x=800)


def test_what_is_too_large_is_refused_before_any_work() -> None:
    """The product is not."""
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.hessian("sum(x^2)", x=np.ones(4000))
    assert refused.value.diagnostic.code == "E305"
    assert diffcli.hessian("sum(x^2)", x=np.ones(4000), hvp=np.ones(4000)).hvp["x"].tolist() == [2.0] * 4000  # type: ignore[index]  # there is one


def test_a_point_on_a_kink_in_exact_numbers_alone_is_answered() -> None:
    """In digits there is no model then; the doubles' is better than none."""
    assert diffcli.hessian("((w/w) + 1e-300) != (x > 0)", w=0.1, x=5e-324, exact=True).curvature is not None


def test_without_variables_the_value_alone_is_judged() -> None:
    """By the same run as any other: the matrix is empty."""
    report = diffcli.hessian("(1e16 + 1) - 1e16")
    assert (report.hessian, report.curvature) == ({}, None)
    assert report.precision.doubt is not None
    assert "the value is 1, not 0" in report.precision.doubt
