"""Values as text and from Python: numbers, vectors, matrices, constant expressions."""

from typing import Any

import numpy as np
import pytest

from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.precision import Precision
from diffcli.analysis.values import Binding, constant, read_bindings
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.source import Source
from diffcli.syntax.parser import parse

pytestmark = pytest.mark.fast


def read(*texts: str) -> tuple[Binding, ...]:
    """The bindings of some `--at` arguments."""
    return read_bindings([Source(text, "--at") for text in texts])


def refused(text: str) -> Diagnostic:
    """The diagnostic that a value ends with."""
    with pytest.raises(DiffcliError) as caught:
        read(text)
    return caught.value.diagnostic


VALUES: dict[str, Any] = {
    "1": 1.0,
    "-3": -3.0,
    "1,": [1.0],
    "1,2,3": [1.0, 2.0, 3.0],
    "1, 2,": [1.0, 2.0],
    "-1,-2": [-1.0, -2.0],
    "[1]": [1.0],
    "[1, 2]": [1.0, 2.0],
    "[1, 2],": [[1.0, 2.0]],
    "[[1, 2], [3, 4]]": [[1.0, 2.0], [3.0, 4.0]],
    "[1, 2], [3, 4]": [[1.0, 2.0], [3.0, 4.0]],
    "[[[1]]]": [[[1.0]]],
    "pi/4": np.pi / 4,
    "π/4": np.pi / 4,
    "2e": 2 * np.e,
    "tau, e": [2 * np.pi, np.e],
    "2^-1": 0.5,
    "1/3": 1 / 3,
    "sqrt(4), 3²": [2.0, 9.0],
    "mean([1, 2, 3])": 2.0,
    "[1, 2][1]": 2.0,
    "1e-3": 0.001,
    "0x10": 16.0,
    "1_000": 1000.0,
}


@pytest.mark.parametrize("number", ["3", "-0.1", "-0", "0.12345678901234567890123456", "1e5", "2E-2", "-12.50"])
@pytest.mark.parametrize("form", ["{}", "{},", "[{}]", "{}, {}", "[[{}], [{}]]"])
def test_a_literal_has_the_value_of_the_expression(number: str, form: str) -> None:
    """Numbers that are read by one pass, and those that the parser reads, in every arithmetic."""
    [literal] = read(form.format(number, number))
    [expression] = read(form.format(f"({number})", f"({number})"))  # brackets are no part of a literal
    assert literal.value.tolist() == expression.value.tolist()
    assert type(literal.value) is type(expression.value)
    for precision in (Precision(digits=30), Precision(exact=True)):
        found, wanted = (each.stated.valued(precision.arithmetic).tolist() for each in (literal, expression))
        assert found == wanted


@pytest.mark.parametrize(("text", "value"), VALUES.items(), ids=VALUES)
def test_a_value_is_a_constant_expression(text: str, value: Any) -> None:
    """A number is a scalar, `1,` a vector of one; everything is of type float64."""
    [binding] = read(text)
    assert binding.name is None
    assert np.shape(binding.value) == np.shape(value)
    assert binding.value.dtype == np.float64
    assert (
        binding.value.tolist() == pytest.approx(value, rel=1e-15, abs=0)
        if np.ndim(value) < 2
        else binding.value.tolist() == value
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [("x=1", "x"), (" x = 1", "x"), ("θ=1", "θ"), ("x_1=1", "x_1"), ("e=1", "e"), ("param=1", "param")],
)
def test_a_value_may_name_its_variable(text: str, name: str) -> None:
    """The span is that of the name."""
    [binding] = read(text)
    assert (binding.name, binding.value) == (name, 1.0)
    assert binding.source.text[binding.span.start : binding.span.end] == name


def test_several_values_stand_between_semicolons_or_in_several_arguments() -> None:
    """In their order; empty parts between semicolons are nothing."""
    assert [(binding.name, float(binding.value)) for binding in read("x=1; y=-2;", "w=3")] == [
        ("x", 1.0),
        ("y", -2.0),
        ("w", 3.0),
    ]
    assert [binding.name for binding in read("x=1;;y=2")] == ["x", "y"]


REFUSED = {
    "": ("E104", ""),
    "x=": ("E104", "x="),
    "x=y": ("E404", "y"),
    "x=sin(y)": ("E404", "y"),
    "x==1": ("E404", "x"),
    "x=nan": ("E404", "nan"),
    "y=1; x=foo*2": ("E404", "foo"),
    "=1": ("E110", "="),
    "2x=1": ("E110", "="),
    "x=1=2": ("E110", "="),
    "x=1 y=2": ("E110", "="),
    "x=1 2": ("E108", "2"),
    "x=1,,2": ("E112", ","),
    "x=(1,2)": ("E112", ","),
    "x=[1,2": ("E105", "["),
    "x=1)": ("E106", ")"),
    "x=1e999": ("E103", "1e999"),
    "x=$HOME": ("E102", "$"),
    "x=1,[2]": ("E301", "1,[2]"),
    "x=[[1,2],[3]]": ("E301", "[1,2]"),
    "x=[1,2][5]": ("E302", "[1,2][5]"),
    "x=sine(1)": ("E203", "sine"),
    "x=1\n2": ("E112", "2"),
    "x=1, 2\n3": ("E112", "3"),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=[ascii(text) for text in REFUSED])
def test_a_bad_value_is_underlined_in_the_argument(text: str, expected: tuple[str, str]) -> None:
    """The diagnostic points into what the user typed, name and other values included."""
    diagnostic = refused(text)
    assert diagnostic.source == Source(text, "--at")
    [*places] = [text[label.span.start : label.span.end] for label in diagnostic.labels]
    assert (diagnostic.code, places[0]) == expected


def test_two_values_in_one_are_told_apart() -> None:
    """The hint shows how to give each its own."""
    assert refused("x=1 = 2").hint == "give each variable its own --at: --at x=1 --at w=0"


@pytest.mark.parametrize(
    "value",
    [
        3,
        3.0,
        True,
        np.float32(3),
        np.int8(3),
        [1, 2.5],
        (1, 2),
        [[1], [2]],
        np.arange(6).reshape(2, 3),
        np.array(3),
        [np.float64(1), 2],
        10**20,
        [1, 10**25],
        -(2**63) - 1,
    ],
    ids=repr,
)
def test_python_values_are_numbers_and_nested_sequences(value: Any) -> None:
    """Of any numeric type and size; what has no axis becomes a float64."""
    [binding] = given_bindings({"x": value})
    assert (binding.name, np.shape(binding.value)) == ("x", np.shape(value))
    assert isinstance(binding.value, np.ndarray if np.shape(value) else np.float64)
    assert binding.value.tolist() == np.array(value, dtype=float).tolist()


@pytest.mark.parametrize(
    "value",
    ["1", None, [], [[]], [[1], [2, 3]], 1j, [1, "a"], {"a": 1}, {1}, np.array(["a"]), np.datetime64("2020-01-01")],
    ids=repr,
)
def test_other_python_values_are_refused(value: Any) -> None:
    """With the variable's name in the message."""
    with pytest.raises(DiffcliError, match="value of 'x'") as caught:
        given_bindings({"x": value})
    assert caught.value.diagnostic.code == "E401"


def test_a_python_array_is_copied() -> None:
    """What the caller does with it later changes nothing."""
    array = np.array([1.0, 2.0])
    [binding] = given_bindings({"x": array})
    array[0] = 7.0
    assert binding.value.tolist() == [1.0, 2.0]


def test_a_constant_may_use_definitions() -> None:
    """As the starting value of a param does."""
    program = parse(Source("k = 3; f(t) = t*k; f(2) + 1"))
    assert constant(program.expression, program.statements) == 7.0
