"""The Jacobian by both modes, against differences of an independent evaluator; the cheaper mode; the structure."""

from functools import cache

import mpmath
import numpy as np
import pytest
from autodiff.expressions import DRAWN, Generated, Generator
from autodiff.mathematics import evaluated

import diffcli
from diffcli.analysis.jacobian import JacobianReport
from diffcli.source import Source
from diffcli.syntax.parser import parse

pytestmark = pytest.mark.fast

#: Central differences: truncation and rounding are both below 1e-25.
DIGITS, STEP = 50, mpmath.mpf(10) ** -16
#: An element may be wrong by this fraction of the largest element of the matrix.
TOLERANCE = 1e-12


@cache
def generated(seed: int) -> Generated:
    """An expression whose result is an array; each function is the first one drawn for some of them."""
    return Generator(seed).array(DRAWN[seed % len(DRAWN)], 5)


def matrix(report: JacobianReport) -> np.ndarray:
    """A row for each element of the output, a column for each of the variables'."""
    return np.concatenate(
        [np.reshape(block, (np.size(report.value), -1)) for block in report.jacobian.values()], axis=1
    )


def differences(expression: Generated) -> np.ndarray:
    """The columns by differences in many digits."""
    program = parse(Source(expression.text))
    columns = []
    with mpmath.workdps(DIGITS):
        exact = {
            name: np.frompyfunc(mpmath.mpf, 1, 1)(np.asarray(value, dtype=object))
            for name, value in expression.values.items()
        }
        for name, value in exact.items():
            for place in np.ndindex(np.shape(value)):
                outputs = []
                for step in (STEP, -STEP):
                    moved = np.array(value, dtype=object)
                    moved[place] += step
                    outputs.append(np.asarray(evaluated(program, {**exact, name: moved[()]})))
                columns.append(np.ravel((outputs[0] - outputs[1]) / (2 * STEP)).astype(float))
    return np.array(columns).T


@pytest.mark.parametrize("seed", range(0, len(DRAWN), 1))
def test_both_modes_are_the_differences(seed: int) -> None:
    """Each function of the language is the first one drawn for one of the expressions;
    numbers other than 0 are in the structure.
    """
    expression = generated(seed)
    forward, reverse = (
        diffcli.jacobian(expression.text, expression.values, mode=mode, pattern=True) for mode in ("forward", "reverse")
    )  # type: ignore[arg-type]
    reference = differences(expression)
    scale = np.max(np.abs(reference)) or 1.0
    for report in (forward, reverse):
        assert matrix(report).shape == reference.shape
        assert np.max(np.abs(matrix(report) - reference)) <= TOLERANCE * scale
        assert report.pattern is not None
        assert not np.any((matrix(report) != 0) & ~report.pattern.entries)
        assert report.pattern.nonzeros == np.count_nonzero(report.pattern.entries)


def test_shapes_are_the_outputs_and_then_the_variables() -> None:
    """For arrays and numbers on either side."""
    report = diffcli.jacobian("A@x*y", A=np.ones((2, 3)), x=np.ones(3), y=2.0)
    assert {name: np.shape(block) for name, block in report.jacobian.items()} == {
        "A": (2, 2, 3),
        "x": (2, 3),
        "y": (2,),
    }
    assert np.shape(diffcli.jacobian("x^2", x=3.0).jacobian["x"]) == ()
    assert diffcli.jacobian("sum(x^2)", x=[1.0, 2.0]).jacobian["x"].tolist() == [2.0, 4.0]
    assert diffcli.jacobian("[x, 1, x^2]", x=3.0).jacobian["x"].tolist() == [1.0, 0.0, 6.0]
    assert list(diffcli.jacobian("x*y", x=1.0, y=2.0, wrt="y").jacobian) == ["y"]


def test_the_cheaper_mode_is_taken() -> None:
    """And the report says why, with what the other would have cost."""
    wide = diffcli.jacobian("[x[0]*x[1], sin(x[2])]", x=[1.0, 2.0, 3.0])
    assert (wide.mode, wide.sweeps, wide.reason) == (
        "reverse",
        2,
        "2 sweeps, one for each output (forward would take 3)",
    )
    tall = diffcli.jacobian("[x, x^2, x^3]", x=2.0)
    assert (tall.mode, tall.sweeps, tall.reason) == ("forward", 1, "1 sweep, one for each input (reverse would take 3)")
    square = diffcli.jacobian("x^2", x=[1.0, 2.0])
    assert (square.mode, square.reason) == ("forward", "2 sweeps, one for each input (reverse would take as many)")
    asked = diffcli.jacobian("[x, x^2, x^3]", x=2.0, mode="reverse")
    assert (asked.mode, asked.sweeps, asked.reason) == (
        "reverse",
        3,
        "3 sweeps, one for each output (as asked; forward would take 1)",
    )


STRUCTURES = [
    ("x[1:] - x[:-1]", {"x": np.arange(4.0)}, ["1100", "0110", "0011"]),
    ("x^2", {"x": np.zeros(3)}, ["100", "010", "001"]),
    ("cumsum(x)", {"x": np.zeros(3)}, ["100", "110", "111"]),
    ("[[1, 0, 0], [0, 0, 2]] @ x", {"x": np.ones(3)}, ["100", "001"]),
    ("x*[1, 0, 2] + y", {"x": np.ones(3), "y": 1.0}, ["1001", "0001", "0011"]),
    ("floor(x) + y*(x > 0)", {"x": np.array([0.5, 1.5]), "y": 1.0}, ["001", "001"]),
    ("where(x > 0, x, y)", {"x": np.ones(2), "y": np.ones(2)}, ["1010", "0101"]),
    ("softmax(A)", {"A": np.ones((2, 2))}, ["1100", "1100", "0011", "0011"]),
    ("sum(A, axis=0)", {"A": np.ones((2, 2))}, ["1010", "0101"]),
    ("cross(x, [0, 0, 1])", {"x": np.ones(3)}, ["010", "100", "000"]),
    ("x - x", {"x": np.ones(2)}, ["10", "01"]),
]


@pytest.mark.parametrize(("text", "values", "rows"), STRUCTURES, ids=[text for text, _, _ in STRUCTURES])
def test_the_structure_holds_whatever_the_values(text: str, values: dict[str, np.ndarray], rows: list[str]) -> None:
    """An entry is there though it is 0 at the point; it is not where the derivative is 0 everywhere."""
    pattern = diffcli.jacobian(text, values, pattern=True).pattern
    assert pattern is not None
    assert ["".join(str(int(entry)) for entry in row) for row in pattern.entries] == rows


def test_the_structure_of_a_hessian() -> None:
    """A sum of squares bends along the axes; a chain couples neighbours."""
    chain = diffcli.hessian("sum((x[1:] - x[:-1]^2)^2)", x=np.zeros(5), pattern=True).pattern
    assert chain is not None
    assert chain.entries.tolist() == [[abs(row - column) <= 1 for column in range(5)] for row in range(5)]
    apart = diffcli.hessian("sum(x^3) + sum(exp(y)) + 3*z", x=[0.0, 0.0], y=[0.0, 0.0], z=1.0, pattern=True).pattern
    assert apart is not None
    assert (apart.nonzeros, apart.columns) == (4, {"x": (0, 2), "y": (2, 4), "z": (4, 5)})


def test_a_large_structure_is_found_in_one_run() -> None:
    """A thousand by a thousand."""
    pattern = diffcli.jacobian("x[1:] - x[:-1]", x=np.arange(1000.0), pattern=True).pattern
    assert pattern is not None
    assert (pattern.entries.shape, pattern.nonzeros) == ((999, 1000), 1998)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_where_it_is_not_finite_the_origin_is_named(mode: str) -> None:
    """Whichever mode met it, and whichever element it is."""
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.jacobian("[x[0]^2, 3*sqrt(x[1])]", x=[1.0, 0.0], mode=mode)  # type: ignore[arg-type]
    diagnostic = refused.value.diagnostic
    assert (diagnostic.code, diagnostic.exit_code) == ("E502", 3)
    span = diagnostic.labels[0].span
    assert "[x[0]^2, 3*sqrt(x[1])]"[span.start : span.end] == "sqrt(x[1])"


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(
    ("text", "x"), [("0*sqrt(x) + x", [0.0, 1.0]), ("log(x)", [-1.0, 1.0]), ("[0, 1]*sqrt(x)", [0.0, 1.0])]
)
def test_a_zero_times_infinity_is_no_answer(text: str, x: list[float], mode: str) -> None:
    """As in `grad`."""
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.jacobian(text, x=x, mode=mode)  # type: ignore[arg-type]
    assert refused.value.diagnostic.exit_code == 3


def test_kinks_are_noticed_in_either_mode() -> None:
    """Also where rows of opposite sign meet at it."""
    for mode in ("forward", "reverse"):
        report = diffcli.jacobian("r = relu(x); [r[0] + r[1], -r[0] - r[1]]", x=[0.0, 1.0], mode=mode)  # type: ignore[arg-type]
        assert [notice.text for notice in report.kinks] == ["relu(x)"]
    assert diffcli.jacobian("relu(x)", x=[1.0, -1.0]).kinks == ()


def test_a_mode_that_is_none_is_refused() -> None:
    """By name, rather than taken for one that it is not."""
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.jacobian("x^2", x=1.0, mode="sideways")  # type: ignore[arg-type]  # as a caller without a type checker may
    assert refused.value.diagnostic.message == "'mode' must be 'auto' or 'forward' or 'reverse', not 'sideways'"


def test_what_is_too_large_is_refused_before_any_work() -> None:
    """With both extents."""
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.jacobian("outer(x, x)", x=np.ones(300))
    assert refused.value.diagnostic.code == "E305"
    assert "90,000 x 300" in refused.value.diagnostic.message


def test_a_large_structure_is_drawn_by_blocks() -> None:
    """At most eighty dots a row; with `full` one for each entry; ASCII where there is no more."""
    from diffcli.render.screen import ASCII
    from diffcli.render.text.dot_pattern import pattern_text
    from diffcli.render.view import View

    pattern = diffcli.jacobian("x[1:] - x[:-1]", x=np.arange(200.0), pattern=True).pattern
    assert pattern is not None
    small = [str(line) for line in pattern_text(pattern, View())]
    assert small[1] == "  199 rows by 200 columns; 398 of 39,800 entries can differ from 0, whatever the values"
    assert small[3] == "  each dot stands for a block of 3 × 3 entries"
    assert [len(line.strip()) for line in small[4:-1]] == [67] * 67
    assert small[4].strip() == "●●" + "·" * 65
    large = [str(line).strip() for line in pattern_text(pattern, View(ASCII, full=True))]
    assert large[3] == "**" + "." * 198
