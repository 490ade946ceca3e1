"""Products with the Jacobian: each other's transposes, the same as the matrix, and what is refused."""

from fractions import Fraction

import numpy as np
import pytest
from autodiff.expressions import DRAWN, Generator

import diffcli

pytestmark = pytest.mark.fast


def directions(values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A tangent for each variable."""
    return {
        name: np.cos(np.arange(np.size(value)) + start).reshape(np.shape(value))
        for start, (name, value) in enumerate(values.items(), 1)
    }


@pytest.mark.parametrize("seed", range(0, 3 * len(DRAWN), 3))
def test_one_is_the_others_transpose(seed: int) -> None:
    """<u, Jv> = <uJ, v>, and Jv is the Jacobian times v, relative to the sum of the terms' magnitudes."""
    expression = Generator(seed).array(DRAWN[seed % len(DRAWN)], 5)
    tangent = directions(expression.values)
    forward = diffcli.jvp(expression.text, expression.values, tangent=tangent)
    cotangent = np.sin(np.arange(np.size(forward.value)) + 1.0).reshape(np.shape(forward.value))
    reverse = diffcli.vjp(expression.text, expression.values, cotangent=cotangent)
    there = np.sum(cotangent * forward.tangent)
    terms = [np.ravel(reverse.vjp[name] * direction) for name, direction in tangent.items()]
    matrix = diffcli.jacobian(expression.text, expression.values).jacobian
    blocks = [np.reshape(matrix[name], (np.size(forward.value), -1)) for name in tangent]
    size = sum(
        np.abs(np.ravel(cotangent)) @ np.abs(block) @ np.abs(np.ravel(tangent[name]))
        for name, block in zip(tangent, blocks, strict=True)
    )
    assert abs(there - np.sum(np.concatenate(terms))) <= 1e-13 * size
    product = sum(block @ np.ravel(tangent[name]) for name, block in zip(tangent, blocks, strict=True))
    bound = sum(np.abs(block) @ np.abs(np.ravel(tangent[name])) for name, block in zip(tangent, blocks, strict=True))
    assert np.all(np.abs(np.ravel(forward.tangent) - product) <= 1e-12 * bound)


def test_the_tangent_of_every_node_is_there() -> None:
    """None where a node does not vary."""
    report = diffcli.jvp("sin(x)*y", x=[0.0, 0.0], y=3.0, tangent={"x": [1.0, 2.0]})
    assert {row.node.label: None if row.tangent is None else row.tangent.tolist() for row in report.nodes} == {
        "x": [1.0, 2.0], "v1": [1.0, 2.0], "y": None, "v3": [3.0, 6.0],
    }  # fmt: skip
    assert (report.tangent.tolist(), report.value.tolist()) == ([3.0, 6.0], [0.0, 0.0])
    assert {name: value.tolist() for name, value in report.direction.items()} == {"x": [1.0, 2.0], "y": 0.0}


def test_a_tangent_without_a_name_is_the_only_variables() -> None:
    """And a direction that does not move the output gives 0."""
    assert diffcli.jvp("x^2", x=[1.0, 2.0], tangent=[1.0, 0.0]).tangent.tolist() == [2.0, 0.0]
    assert diffcli.jvp("x^2 + 0*y", x=3.0, y=1.0, tangent=1.0, wrt="x").tangent == 6.0
    assert diffcli.jvp("sum([1, 2]) + x", x=3.0, tangent=0.0).tangent == 0.0


def test_a_variable_that_stays_does_no_harm() -> None:
    """The derivative along y exists though that along x does not."""
    assert diffcli.jvp("sqrt(x) + y^2", x=0.0, y=3.0, tangent={"y": 1.0}).tangent == 6.0
    for tangent in ({"x": 1.0}, {"x": 1.0, "y": 1.0}):
        with pytest.raises(diffcli.DiffcliError) as refused:
            diffcli.jvp("sqrt(x) + y^2", x=0.0, y=3.0, tangent=tangent)
        assert refused.value.diagnostic.exit_code == 3


def test_kinks_are_noticed_along_the_way() -> None:
    """Not those of variables that stay."""
    assert len(diffcli.jvp("relu(x) + y", x=0.0, y=1.0, tangent={"x": 1.0}).kinks) == 1
    assert diffcli.jvp("relu(x) + y", x=0.0, y=1.0, tangent={"y": 1.0}).kinks == ()
    assert len(diffcli.vjp("relu(x)", x=[0.0, 1.0], cotangent=[1.0, 1.0]).kinks) == 1
    assert diffcli.vjp("relu(x)", x=[0.0, 1.0], cotangent=[0.0, 1.0]).kinks == ()


def test_a_cotangent_weighs_the_outputs_elements() -> None:
    """A number for a single number."""
    assert diffcli.vjp("x*y", x=[1.0, 2.0], y=3.0, cotangent=[1.0, 10.0]).vjp["x"].tolist() == [3.0, 30.0]
    assert diffcli.vjp("x^2", x=3.0, cotangent=2.0).vjp["x"] == 12.0


@pytest.mark.parametrize(
    ("tangent", "code"),
    [
        ({"x": 1.0}, "E301"),
        ({"x": [1.0, 2.0, 3.0]}, "E301"),
        ({"y": [1.0]}, "E301"),
        ({"z": 1.0}, "E207"),
        ([1.0, 2.0], "E209"),
        ({"x": "one"}, "E401"),
    ],
)
def test_a_tangent_that_does_not_fit_is_refused(tangent: object, code: str) -> None:
    """Its shape is its variable's, to the letter."""
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.jvp("x*y", x=[1.0, 2.0], y=3.0, tangent=tangent)
    assert (refused.value.diagnostic.code, refused.value.diagnostic.exit_code) == (code, 2)
    assert refused.value.diagnostic.labels


@pytest.mark.parametrize("cotangent", [1.0, [1.0], [[1.0, 2.0]], [1.0, 2.0, 3.0]])
def test_a_cotangent_that_does_not_fit_is_refused(cotangent: object) -> None:
    """Its shape is the output's."""
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.vjp("x*y", x=[1.0, 2.0], y=3.0, cotangent=cotangent)
    assert refused.value.diagnostic.code == "E301"


def test_directions_that_are_not_finite_are_refused_as_such() -> None:
    """Not as an overflow of what was computed from them; and they are named as the caller named them."""
    for call in (
        lambda: diffcli.jvp("x^2", x=1.0, tangent=np.nan),
        lambda: diffcli.vjp("x^2", x=1.0, cotangent=np.inf),
        lambda: diffcli.hessian("x^2", x=1.0, hvp=np.nan),
    ):
        with pytest.raises(diffcli.DiffcliError) as refused:
            call()
        assert (refused.value.diagnostic.code, refused.value.diagnostic.exit_code) == ("E501", 3)
        assert (
            refused.value.diagnostic.message.endswith("tangent is not finite")
            or "tangent of x is not finite" in refused.value.diagnostic.message
        )
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.vjp("x^2", x=[1.0, 2.0], cotangent=[[1], [2, 3]])
    assert (
        refused.value.diagnostic.message
        == "the value of 'cotangent' is not an array of numbers: its rows differ in length"
    )


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_grad_from_a_cotangent_is_the_product_and_its_formula_agrees(seed: int) -> None:
    """With the trace of the sweep that starts from the cotangent."""
    expression = Generator(seed).array(DRAWN[seed % len(DRAWN)], 2)
    shape = np.shape(diffcli.jacobian(expression.text, expression.values).value)
    cotangent = np.sin(np.arange(int(np.prod(shape))) + 1.0).reshape(shape)
    report = diffcli.grad(expression.text, expression.values, cotangent=cotangent)
    product = diffcli.vjp(expression.text, expression.values, cotangent=cotangent).vjp
    assert all(np.array_equal(report.gradient[name], value) for name, value in product.items())
    assert report.trace.nodes[-1].gradient.tolist() == cotangent.tolist()  # type: ignore[union-attr]  # the output has one


@pytest.mark.parametrize(
    ("text", "values", "cotangent", "formula"),
    [
        ("x^2", {"x": [1.0, 2.0]}, [1.0, -2.0], "2*g*x"),
        ("A@x", {"x": [1.0, 2.0], "A": [[1.0, 2.0], [3.0, 4.0]]}, [1.0, -2.0], "A.T@g"),
        ("x^2", {"x": 3.0}, -2.0, "2*g*x"),
        ("g*x", {"x": [1.0, 2.0], "g": 2.0}, [1.0, 3.0], "g*cotangent"),
    ],
)
def test_the_formula_holds_for_any_cotangent(
    text: str, values: dict[str, object], cotangent: object, formula: str
) -> None:
    """It is called g, unless that name is taken."""
    report = diffcli.grad(text, values, cotangent=cotangent, symbolic=True, wrt="x")
    assert report.symbolic is not None
    assert report.symbolic["x"].formula == formula
    assert report.agreement is not None
    assert report.agreement.verdict == "agree"


def test_exact_and_precise_numbers() -> None:
    """The same graphs in other arithmetic; nothing is rounded on the way."""
    third = Fraction(1, 3)
    assert diffcli.jvp("x^3*y", x=third, y=2, tangent={"x": Fraction(1, 7)}, exact=True).tangent.tolist() == Fraction(
        2, 21
    )
    assert diffcli.vjp("[x^3, y/3]", x=third, y=2, cotangent=[Fraction(1, 7), 2], exact=True).vjp[
        "y"
    ].tolist() == Fraction(2, 3)
    assert diffcli.jacobian("[x^2/3, 1/x]", x=third, exact=True).jacobian["x"].tolist() == [Fraction(2, 9), -9]
    hessian = diffcli.hessian("x^3*y + y^2/3", x=third, y=2, exact=True).hessian
    assert hessian is not None
    assert [block.tolist() for row in hessian.values() for block in row.values()] == [4, third, third, Fraction(2, 3)]
    precise = diffcli.jacobian("[sin(x), x/3]", x=2, digits=30).jacobian["x"].tolist()
    assert str(precise[0]).startswith("-0.41614683654714238699756822950")
