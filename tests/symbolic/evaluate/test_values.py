"""Formulas' values against differences of functions written here, not by the program."""

# ruff: noqa: N803
# A matrix has a capital letter.

import math
import random
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from amount import PATIENCE
from mpmath import mp

from diffcli.primitives.table import PRIMITIVES
from diffcli.source import Source
from diffcli.symbolic import Formula, derivatives
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve


def values(text: str, variable: str, at: dict[str, Any]) -> Any:
    def shape(value: Any) -> tuple[int, ...]:
        return (len(value), *shape(value[0])) if isinstance(value, list) else ()

    shapes = {name: shape(value) for name, value in at.items()}
    found = derivatives(resolve(parse(Source(text)), frozenset(at)), [variable], shapes, PATIENCE)[variable]
    assert isinstance(found, Formula), found
    return found.values(at)


def difference(function: Callable[..., Any], at: dict[str, Any], variable: str, place: tuple[int, ...]) -> float:
    """The central difference in 50 digits."""
    with mp.workdps(50):

        def moved(step: Any) -> Any:
            exact = {name: convert(value) for name, value in at.items()}
            if not place:
                exact[variable] += step
            else:
                row = exact[variable]
                for k in place[:-1]:
                    row = row[k]
                row[place[-1]] += step
            return function(**exact)

        def convert(value: Any) -> Any:
            return [convert(part) for part in value] if isinstance(value, list) else mp.mpf(value)

        step = mp.mpf("1e-15")
        return float((moved(step) - moved(-step)) / (2 * step))


def check(text: str, function: Callable[..., Any], at: dict[str, Any]) -> None:
    for variable, value in at.items():
        result = values(text, variable, at)
        places: list[tuple[int, ...]] = [()]
        inner = value
        while isinstance(inner, list):
            places = [(*place, k) for place in places for k in range(len(inner))]
            inner = inner[0]
        for place in places:
            component = result
            for k in place:
                component = component[k]
            assert component == pytest.approx(difference(function, at, variable, place), rel=1e-12, abs=1e-20), (
                text,
                variable,
                place,
            )


X = [0.7, 1.9, -0.4]
P = [0.7, 1.9, 0.4]
Y = [1.1, -0.3, 0.8]
A = [[0.5, -1.2, 2.0], [0.3, 0.9, -0.7]]


@pytest.mark.parametrize(
    ("text", "function", "at"),
    [
        ("mean(x*x)", lambda x: sum(v * v for v in x) / len(x), {"x": X}),
        ("log(sum(exp(x)))", lambda x: mp.log(sum(mp.exp(v) for v in x)), {"x": X}),
        ("sum((w*x+b-y)^2)", lambda w, b, x, y: sum((w * u + b - v) ** 2 for u, v in zip(x, y, strict=True)),
            {"w": 1.3, "b": -0.2, "x": X, "y": Y}),
        ("prod(x)", lambda x: x[0] * x[1] * x[2], {"x": X}),
        ("prod(x^2+1)*sum(x)", lambda x: (x[0] ** 2 + 1) * (x[1] ** 2 + 1) * (x[2] ** 2 + 1) * sum(x), {"x": X}),
        ("norm(x-y)", lambda x, y: mp.sqrt(sum((u - v) ** 2 for u, v in zip(x, y, strict=True))), {"x": X, "y": Y}),
        ("dot(x, y)^2", lambda x, y: sum(u * v for u, v in zip(x, y, strict=True)) ** 2, {"x": X, "y": Y}),
        ("sum(A*x)", lambda A, x: sum(a * v for row in A for a, v in zip(row, x, strict=True)), {"A": A, "x": X}),
        ("sum(sin(A*x)^2)", lambda A, x: sum(mp.sin(a * v) ** 2 for row in A for a, v in zip(row, x, strict=True)),
            {"A": A, "x": X}),
        ("mean(A*c)", lambda A, c: sum(a * c[k][0] for k, row in enumerate(A) for a in row) / 6,
            {"A": A, "c": [[2.0], [-3.0]]}),
        ("prod(A)", lambda A: mp.fprod(a for row in A for a in row), {"A": A}),
        ("max(x*y)", lambda x, y: max(u * v for u, v in zip(x, y, strict=True)), {"x": X, "y": Y}),
        ("min(x)^2 + max(x)", lambda x: min(x) ** 2 + max(x), {"x": X}),
        ("sum((x[1:]-x[:-1])^2)", lambda x: (x[1] - x[0]) ** 2 + (x[2] - x[1]) ** 2, {"x": X}),
        ("sum(x[::-1]*x)*x[-1]", lambda x: sum(u * v for u, v in zip(x, reversed(x), strict=True)) * x[-1], {"x": X}),
        ("sum(x[::2]^3)", lambda x: x[0] ** 3 + x[2] ** 3, {"x": X}),
        ("sum(exp(A[1])*A[:, 2][0])", lambda A: sum(mp.exp(a) for a in A[1]) * A[0][2], {"A": A}),
        ("A[0, 1]*A[1, -1]", lambda A: A[0][1] * A[1][2], {"A": A}),
        ("sum([a, 2, a*b]*x)", lambda a, b, x: a * x[0] + 2 * x[1] + a * b * x[2], {"a": 0.4, "b": 1.5, "x": X}),
        ("sum([x[0], x[2]]^2)", lambda x: x[0] ** 2 + x[2] ** 2, {"x": X}),
        ("mean((x-mean(x))^2)", lambda x: sum((v - sum(x) / 3) ** 2 for v in x) / 3, {"x": X}),
        ("sum(x)/sum(x^2)", lambda x: sum(x) / sum(v * v for v in x), {"x": X}),
        ("sum(x^n)", lambda x, n: sum(v**n for v in x), {"x": P, "n": 2.5}),
        ("sum(exp(x))^0.5*x[0]", lambda x: mp.sqrt(sum(mp.exp(v) for v in x)) * x[0], {"x": X}),
        ("1/(exp(-(w*x+b))+1)", lambda w, x, b: 1 / (mp.exp(-(w * x + b)) + 1), {"w": 0.3, "x": 2.0, "b": -1.0}),
        ("x^x", lambda x: x**x, {"x": 1.7}),
        ("x^3*y^-2", lambda x, y: x**3 / y**2, {"x": -1.7, "y": -0.6}),
        ("where(x > 0, x^2, -x)*y", lambda x, y: (x * x if x > 0 else -x) * y, {"x": -0.8, "y": 2.0}),
        ("sum(where(x > 0.5, x^2, x))", lambda x: sum(v * v if v > 0.5 else v for v in x), {"x": X}),
        ("sum(relu(x) + abs(x-1) + maximum(x, y))",
            lambda x, y: sum(max(u, 0) + abs(u - 1) + max(u, v) for u, v in zip(x, y, strict=True)), {"x": X, "y": Y}),
        ("relu(w*relu(v*x+b)+c)", lambda w, v, x, b, c: w * (v * x + b) + c,
            {"w": 1.5, "v": 2.0, "x": 0.3, "b": 0.1, "c": -0.2}),
        ("where(where(x > 1, x, -x) > 2, x^2, x)", lambda x: x * x, {"x": -2.5}),
        ("floor(x)*x + sign(x)*x^2 + ceil(x)", lambda x: mp.floor(x) * x + mp.sign(x) * x**2 + mp.ceil(x), {"x": 2.3}),
        ("log10(x)*log2(y) + log1p(x*y)", lambda x, y: mp.log10(x) * mp.log(y, 2) + mp.log1p(x * y),
            {"x": 1.4, "y": 2.2}),
        ("atan2(y, x)*hypot(x, y)", lambda y, x: mp.atan2(y, x) * mp.sqrt(x * x + y * y), {"y": 0.4, "x": -1.2}),
        ("cbrt(x)", lambda x: -mp.cbrt(-x), {"x": -2.0}),
        ("asin(x)+acos(x^2)+atan(x)", lambda x: mp.asin(x) + mp.acos(x * x) + mp.atan(x), {"x": 0.6}),
        ("asinh(x)*acosh(x+1)*atanh(x/3)", lambda x: mp.asinh(x) * mp.acosh(x + 1) * mp.atanh(x / 3), {"x": 0.6}),
        ("sinh(x)*cosh(y)/tanh(x*y) + tan(x)", lambda x, y: mp.sinh(x) * mp.cosh(y) / mp.tanh(x * y) + mp.tan(x),
            {"x": 0.6, "y": 1.1}),
        ("0x1F*x^1_0*1.5e-3", lambda x: 31 * x**10 * mp.mpf("0.0015"), {"x": 1.1}),
        ("softplus(x) - sigmoid(x)*square(x) + expm1(x)",
            lambda x: mp.log(1 + mp.exp(x)) - x * x / (1 + mp.exp(-x)) + mp.expm1(x), {"x": 0.9}),
        ("sqrt(pi)*e^x*tau", lambda x: mp.sqrt(mp.pi) * mp.exp(x) * 2 * mp.pi, {"x": 0.5}),
    ],
)  # fmt: skip
def test_values(text: str, function: Callable[..., Any], at: dict[str, Any]) -> None:
    check(text, function, at)


@pytest.mark.parametrize(
    "name",
    sorted(name for name, primitive in PRIMITIVES.items() if primitive.kind == "elementwise" and primitive.public),
)
def test_every_elementwise_primitive_has_a_formula(name: str) -> None:
    primitive = PRIMITIVES[name]
    names = [f"v{k}" for k in range(len(primitive.operands))]
    at = {
        each: 0.5 * (low + high) + 0.05 * k
        for k, (each, (low, high)) in enumerate(zip(names, primitive.domain.interior, strict=True))
    }
    if primitive.notation is None:
        text = f"{name}({', '.join([*names, *(f'{option.name}=1' for option in primitive.options)])})"
    elif primitive.notation.place == "prefix":
        text = f"{primitive.notation.symbol}v0"
    else:
        text = f"v0 {primitive.notation.symbol} v1"
    found = derivatives(resolve(parse(Source(text)), frozenset(at)), names, dict.fromkeys(names, ()), PATIENCE)
    for each in found.values():
        assert isinstance(each, Formula), each
        assert math.isfinite(each.values(at))  # type: ignore[arg-type]
        assert not set(each.text) & set("{}'\"")


def test_ties_share_equally_and_kinks_follow_the_conventions() -> None:
    assert values("max(x)", "x", {"x": [1.0, 4.0, 4.0]}) == [0.0, 0.5, 0.5]
    assert values("maximum(x, y)", "x", {"x": 2.0, "y": 2.0}) == 0.5
    assert values("abs(x)", "x", {"x": 0.0}) == 0.0
    assert values("relu(x)", "x", {"x": 0.0}) == 0.0
    assert values("sum(abs(x))", "x", {"x": [0.0, -2.0]}) == [0.0, -1.0]


def test_the_branch_not_taken_does_not_matter() -> None:
    assert values("where(x > 0, sqrt(x), 0)", "x", {"x": -1.0}) == 0.0
    assert values("sum(where(x > 0, log(x), x))", "x", {"x": [-1.0, 2.0]}) == [1.0, 0.5]


def test_zeros_in_a_product() -> None:
    assert values("prod(x)", "x", {"x": [0.0, 2.0, 3.0]}) == [6.0, 0.0, 0.0]
    assert values("prod(x)", "x", {"x": [0.0, 0.0, 3.0]}) == [0.0, 0.0, 0.0]
    assert values("x^n", "x", {"x": 0.0, "n": 2.0}) == 0.0


def test_undefined_is_nan_and_a_clear_pole_is_infinite() -> None:
    assert math.isnan(values("log(x)*x", "x", {"x": -1.0}))
    assert math.isnan(values("x^1.5", "x", {"x": -1.0}))
    assert values("sqrt(x)", "x", {"x": 0.0}) == math.inf
    assert values("1/x", "x", {"x": 0.0}) == -math.inf


def test_large_arguments_do_not_overflow() -> None:
    assert values("log(sum(exp(x)))", "x", {"x": [1000.0, 999.0]}) == pytest.approx(
        [1 / (1 + math.exp(-1)), 1 / (1 + math.e)], rel=1e-14
    )
    assert values("sigmoid(x)", "x", {"x": -800.0}) == pytest.approx(0.0, abs=1e-300)
    assert values("softplus(x)", "x", {"x": 800.0}) == 1.0


@pytest.mark.parametrize("text", ["mean(x*x)", "log(sum(exp(x)))", "sum(sin(x))/sum(x*x)"])
def test_work_is_linear_in_the_size(text: str) -> None:
    generator = random.Random(3)
    x = [generator.uniform(-1, 1) for _ in range(20_000)]
    result = values(text, "x", {"x": x})
    assert len(result) == 20_000
    square, exponentials, sines = sum(v * v for v in x), sum(map(math.exp, x)), sum(map(math.sin, x))
    expected: Callable[[float], float] = {
        "mean(x*x)": lambda v: 2 * v / 20_000,
        "log(sum(exp(x)))": lambda v: math.exp(v) / exponentials,
        "sum(sin(x))/sum(x*x)": lambda v: math.cos(v) / square - 2 * v * sines / square**2,
    }[text]
    for k in range(0, 20_000, 997):
        assert result[k] == pytest.approx(expected(x[k]), rel=1e-10)


def test_a_running_product_is_linear_too() -> None:
    x = [1.0 + k / 1e7 for k in range(3_000)]
    result = values("prod(x)", "x", {"x": x})
    assert result[1234] == pytest.approx(float(mpmath.fprod(x)) / x[1234], rel=1e-11)


def test_values_must_fit_the_formula() -> None:
    found = derivatives(resolve(parse(Source("mean(x*x)"))), ["x"], {})["x"]
    assert isinstance(found, Formula)
    assert found.values({"x": [3.0, 4.0]}) == [3.0, 4.0]
    with pytest.raises(ValueError, match="axes"):
        found.values({"x": 3.0})
