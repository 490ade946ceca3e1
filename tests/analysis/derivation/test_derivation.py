"""Derivations step by step: exact text of textbook cases, what every line keeps to, and that a wrong rule is caught."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from amount import sampled
from autodiff.expressions import DRAWN, Generator

from diffcli.analysis.catalogue import catalogue
from diffcli.analysis.derivation import derivation_report as report
from diffcli.analysis.derivation import rules
from diffcli.analysis.derivation.derivation_report import DerivationReport, derivation_report
from diffcli.analysis.derivation.line import Derivation, Line
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import pose
from diffcli.analysis.values import read_bindings
from diffcli.errors import DiffcliError
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import FAMILIES, PRIMITIVES
from diffcli.source import Source
from diffcli.symbolic import NoFormula

#: A product with 1, a sum with 0; not the end of 11, of x1 or of x^-1.
_IDLE = re.compile(r"(?<![\w.)])(?<!\^-)(?<!\^)1\*|\*1(?![\w.])|[+-] 0(?![\w.])|(?<![\w.])0 [+-]")


def derived(expression: str, *at: str, wrt: tuple[str, ...] = (), **options: Any) -> DerivationReport:
    """The derivations of an expression."""
    return derivation_report(
        pose(Source(expression), read_bindings([Source(value, "--at") for value in at]), wrt, False), **options
    )


def written(expression: str, *at: str, **options: Any) -> list[str]:
    """The lines of the only derivation, a text each."""
    (derivation,) = derived(expression, *at, **options).derivations.values()
    return [f"{line.rule}: {line.general}: {line.statement} = {line.result}" for line in derivation.lines]


def examples() -> Iterator[tuple[str, str, list[str], tuple[str, ...]]]:
    """Name, expression, values and variables of the command that the catalogue shows for each function."""
    for row in catalogue().functions:
        words = shlex.split(row.example)
        after: dict[str, list[str]] = {"--at": [], "--wrt": []}
        for option, value in pairwise(words):
            if option in after:
                after[option].append(value)
        yield row.name, words[2], after["--at"], tuple(",".join(after["--wrt"]).split(",")) if after["--wrt"] else ()


EXAMPLES = list(examples())


def test_every_function_has_an_example_here() -> None:
    assert [name for name, *_ in EXAMPLES] == [
        function.name for functions in FAMILIES.values() for function in functions
    ]


@pytest.mark.parametrize(("expression", "at", "wrt"), sampled([tuple(rest) for _, *rest in EXAMPLES], 3))
def test_every_function_has_a_derivation_that_ends_with_the_formula(
    expression: str, at: list[str], wrt: tuple[str, ...]
) -> None:
    found = derived(expression, *at, wrt=wrt)
    assert found.derivations
    for name, derivation in found.derivations.items():
        formula = found.diff.derivatives[name].formula
        notes = [note for note in derivation.notes if "not collected" in note]
        assert derivation.lines[-1].result == formula or notes == [
            "like terms are not collected: random numbers have no formula"
        ]
        assert [line.number for line in derivation.lines] == list(range(1, len(derivation.lines) + 1))
        for line in derivation.lines:
            assert not _IDLE.search(f"{line.general} ; {line.statement} ; {line.result}")


@pytest.mark.fast
def test_product() -> None:
    assert written("sin(x^2)*exp(3x)") == [
        "power: (x^n)' = n*x^(n - 1): u1' = (x^2)' = 2*x^(2 - 1) = 2*x",
        "chain rule, sin: sin(u)' = cos(u)*u': sin(u1)' = cos(u1)*u1' = cos(x^2)*(2*x)",
        "identity: x' = 1: x' = 1 = 1",
        "constant multiple: (c*u)' = c*u': u2' = (3*x)' = 3*x' = 3",
        "chain rule, exponential: exp(u)' = exp(u)*u': exp(u2)' = exp(u2)*u2' = exp(3*x)*3",
        "product: (u*v)' = u'*v + u*v': (sin(u1)*exp(u2))' = sin(u1)'*exp(u2) + sin(u1)*exp(u2)' = "
        "cos(x^2)*(2*x)*exp(3*x) + sin(x^2)*(exp(3*x)*3)",
        "collect: like terms collected: d/dx = cos(x^2)*(2*x)*exp(3*x) + sin(x^2)*(exp(3*x)*3) = "
        "exp(3*x)*(2*x*cos(x^2) + 3*sin(x^2))",
    ]


def test_a_product_of_a_variable_with_itself_is_a_product() -> None:
    assert written("a*a") == [
        "identity: a' = 1: a' = 1 = 1",
        "product: (u*v)' = u'*v + u*v': (a*a)' = a'*a + a*a' = a + a",
        "collect: like terms collected: d/da = a + a = 2*a",
    ]


@pytest.mark.fast
def test_quotient() -> None:
    assert written("sin(x)/x") == [
        "sin: sin(x)' = cos(x): sin(x)' = cos(x) = cos(x)",
        "identity: x' = 1: x' = 1 = 1",
        "quotient: (u/v)' = (u'*v - u*v')/v^2: (sin(x)/x)' = (sin(x)'*x - sin(x)*x')/x^2 = (cos(x)*x - sin(x))/x^2",
        "collect: like terms collected: d/dx = (cos(x)*x - sin(x))/x^2 = (cos(x) - sin(x)/x)/x",
    ]


def test_constants_stay_as_they_are_written() -> None:
    assert written("x/2")[1:] == ["constant multiple: (u/c)' = u'/c: (x/2)' = x'/2 = 1/2"]
    assert written("-x")[1:] == ["constant multiple: (-u)' = -u': (-x)' = -x' = -1"]
    assert written("1/x")[1:] == ["quotient: (c/u)' = -c*u'/u^2: (1/x)' = -x'/x^2 = -1/x^2"]
    assert written("sin(2*pi*x)")[1:3] == [
        "constant multiple: (c*u)' = c*u': u1' = (2*pi*x)' = 2*pi*x' = 2*pi",
        "chain rule, sin: sin(u)' = cos(u)*u': sin(u1)' = cos(u1)*u1' = cos(2*pi*x)*(2*pi)",
    ]


def test_general_power() -> None:
    assert written("x^x") == [
        "identity: x' = 1: x' = 1 = 1",
        "general power: (u^v)' = v*u^(v - 1)*u' + u^v*log(u)*v': (x^x)' = x*x^(x - 1)*x' + x^x*log(x)*x' = x*x^(x - "
        "1) + x^x*log(x)",
        "collect: like terms collected: d/dx = x*x^(x - 1) + x^x*log(x) = x^x*(log(x) + 1)",
    ]


def test_exponential() -> None:
    assert written("2^x") == ["exponential: (c^x)' = c^x*log(c): (2^x)' = 2^x*log(2) = 2^x*log(2)"]


def test_chain() -> None:
    assert written("sin(cos(x))") == [
        "cos: cos(x)' = -sin(x): u1' = cos(x)' = -sin(x) = -sin(x)",
        "chain rule, sin: sin(u)' = cos(u)*u': sin(u1)' = cos(u1)*u1' = cos(cos(x))*(-sin(x))",
        "collect: like terms collected: d/dx = cos(cos(x))*(-sin(x)) = -sin(x)*cos(cos(x))",
    ]


def test_sum_with_a_constant() -> None:
    assert written("log(1+exp(x))") == [
        "exponential: exp(x)' = exp(x): exp(x)' = exp(x) = exp(x)",
        "constant: c' = 0: 1' = 0 = 0",
        "sum: (u + v)' = u' + v': u1' = (1 + exp(x))' = 1' + exp(x)' = exp(x)",
        "chain rule, logarithm: log(u)' = u'/u: log(u1)' = u1'/u1 = exp(x)/(1 + exp(x))",
        "collect: like terms collected: d/dx = exp(x)/(1 + exp(x)) = exp(x)/(exp(x) + 1)",
    ]


def test_a_polynomial_is_one_sum() -> None:
    assert written("x^3 + 2x^2 - 5x + 1")[-2] == (
        "sum: (u + v - w)' = u' + v' - w': (x^3 + 2*x^2 - 5*x + 1)' = (x^3)' + (2*x^2)' - (5*x)' + 1' = 3*x^2 + "
        "2*(2*x) - 5"
    )


def test_mean_is_linear() -> None:
    assert written("mean(x*x)") == [
        "product: d(u*v) = du*v + u*dv: d(x*x) = dx*x + x*dx = dx*x + x*dx",
        "linearity of mean: d(mean(u)) = mean(du): d(mean(x*x)) = mean(d(x*x)) = mean(dx*x + x*dx)",
        "read off: sum(g*dx) has gradient g: d(mean(x*x)) = sum(g*dx) = g = x/n + x/n",
        "collect: like terms collected: d/dx = x/n + x/n = 2*x/n",
    ]


@pytest.mark.fast
def test_least_squares() -> None:
    assert written("sum((A@x-b)^2)", wrt=("x",)) == [
        "matrix product: d(C@u) = C@du: d(A@x) = A@dx = A@dx",
        "constant: dc = 0: db = 0 = 0",
        "difference: d(u - v) = du - dv: du1 = d(A@x - b) = d(A@x) - db = A@dx",
        "chain rule, power: d(u^n) = n*u^(n - 1)*du: d(u1^2) = 2*u1^(2 - 1)*du1 = 2*(A@x - b)*(A@dx)",
        "linearity of sum: d(sum(u)) = sum(du): d(sum(u1^2)) = sum(d(u1^2)) = sum(2*(A@x - b)*(A@dx))",
        "read off: sum(g*dx) has gradient g: d(sum(u1^2)) = sum(g*dx) = g = A.T@(2*(A@x - b))",
        "collect: like terms collected: d/dx = A.T@(2*(A@x - b)) = 2*A.T@(A@x - b)",
    ]


def test_cases() -> None:
    assert written("where(x > 0, x^2, -x)")[-1] == (
        "case by case: where(c, u, v)' = where(c, u', v'): where(x > 0, x^2, -x)' = where(x > 0, (x^2)', (-x)') = "
        "where(x > 0, 2*x, -1)"
    )


def _letters(derivation: Derivation) -> dict[str, str]:
    return dict(derivation.letters)


def test_letters_are_fresh_and_intermediates_keep_their_names() -> None:
    assert _letters(derived("sin(u1^2)").derivations["u1"]) == {"v1": "u1^2"}
    assert _letters(derived("s = x^2; sin(s) + s").derivations["x"]) == {"s": "x^2"}
    assert _letters(derived("sin(sin(sin(x)))").derivations["x"]) == {"u1": "sin(x)", "u2": "sin(u1)"}
    long = derived("x*(alpha + beta*gamma_0 + delta^2*eta)", wrt=("x",)).derivations["x"]
    assert _letters(long) == {"c1": "alpha + beta*gamma_0 + delta^2*eta"}


def test_a_part_written_twice_is_derived_once() -> None:
    assert [line.rule for line in derived("sin(x)*x + sin(x)").derivations["x"].lines] == [
        "sin",
        "identity",
        "product",
        "sum",
        "collect",
    ]


def test_functions_of_the_user_definitions_and_derivatives_inside() -> None:
    assert written("f(t) = t^2; f(x)") == ["power: (x^n)' = n*x^(n - 1): (x^2)' = 2*x^(2 - 1) = 2*x"]
    assert written("d(x^3, x)*y", wrt=("x",))[-1] == "collect: like terms collected: d/dx = y*(3*(2*x)) = 6*x*y"
    assert written("mse(p, y)", "p=1,2", "y=3,4", wrt=("p",))[-2].endswith(" = g = 2*(p - y)/n")
    assert written("param w = 2; (w*3 - 1)^2")[-1].endswith(" = 18*w - 6")


def test_a_derivative_inside_is_said() -> None:
    assert _letters(derived("d(x^3, x)*sin(x)").derivations["x"]) == {"d(x^3, x)": "3*x^2"}


def test_a_given_point_on_a_kink_changes_no_line() -> None:
    assert written("relu(x) + abs(x)", "x=0") == written("relu(x) + abs(x)", "x=1") == written("relu(x) + abs(x)")


def test_what_does_nothing_is_not_shown() -> None:
    assert written("x*1 + 0") == ["identity: x' = 1: x' = 1 = 1"]
    assert written("1*x^2")[0] == "power: (x^n)' = n*x^(n - 1): (x^2)' = 2*x^(2 - 1) = 2*x"


def test_what_does_not_vary() -> None:
    assert written("d(3, x)") == ["constant: c' = 0: 0' = 0 = 0"]
    assert written("sin(floor(x))") == [
        "piecewise constant: floor(x)' = 0: u1' = floor(x)' = 0 = 0",
        "constant: c' = 0: sin(u1)' = 0 = 0",
    ]
    assert written("relu(x - x)")[-1] == "constant: c' = 0: relu(u1)' = 0 = 0"
    assert derived("5").derivations == {}


def test_one_derivation_for_each_variable() -> None:
    found = derived("x^2*y").derivations
    assert [derivation.lines[-1].result for derivation in found.values()] == ["2*x*y", "x^2"]


@pytest.mark.fast
def test_a_worksheet_shows_no_result() -> None:
    sheet, solution = derived("sin(x^2)*exp(3x)", blank=True), derived("sin(x^2)*exp(3x)")
    lines, solved = sheet.derivations["x"].lines, solution.derivations["x"].lines
    assert [line.statement for line in lines] == [
        "u1' = (x^2)'",
        "sin(u1)'",
        "x'",
        "u2' = (3*x)'",
        "exp(u2)'",
        "(sin(u1)*exp(u2))'",
        "d/dx",
    ]
    assert [(line.number, line.rule, line.general) for line in lines] == [
        (line.number, line.rule, line.general) for line in solved
    ]
    assert sheet.derivations["x"].letters == solution.derivations["x"].letters
    assert {(line.right, line.result) for line in lines} == {(None, None)}
    assert sheet.diff.derivatives["x"].formula is None


@pytest.mark.parametrize("expression", ["mean(x*x)", "sum((A@x - b)^2)"])
def test_no_line_of_a_worksheet_holds_the_result_of_another(expression: str) -> None:
    solution, sheet = derived(expression), derived(expression, blank=True)
    for name, derivation in solution.derivations.items():
        shown = " ; ".join(line.statement for line in sheet.derivations[name].lines)
        found = [line.result for line in derivation.lines if line.result and re.search(r"[-+*@]", line.result)]
        assert found
        assert [result for result in found if result in shown] == []


def test_without_a_formula_in_time_the_lines_stand_alone() -> None:
    found = derived("prod(sin(x*y)^cos(x)/(1 + sqrt(tanh(x) + atan(y))))", wrt=("x",), seconds=0.001).derivations["x"]
    assert found.lines[-1].rule == "chain rule, prod"
    assert found.notes == ("like terms are not collected: no formula within 0.001 s",)
    assert derived("sum(x[::2])").derivations["x"].lines[-1].rule == "read off"


@pytest.mark.parametrize(
    ("expression", "code", "words"),
    [
        ("+".join(["x"] * 4000), "E602", "nodes, at most 5,000"),
        ("sin(" * 500 + "x" + ")" * 500, "E602", "500 operations, at most 200"),
        ("log(-1 - x^2)", "E602", "no point was found"),
        ("x*[1, 2]", "E304", "the result has shape (2,)"),
    ],
    ids=["long", "deep", "undefined", "array"],
)
def test_what_cannot_be_derived_is_said(expression: str, code: str, words: str) -> None:
    with pytest.raises(DiffcliError) as caught:
        derived(expression)
    assert caught.value.diagnostic.code == code
    assert words in caught.value.diagnostic.message


def test_brackets_without_end() -> None:
    assert written("(" * 20_000 + "x" + ")" * 20_000) == ["identity: x' = 1: x' = 1 = 1"]


def _without_formula(resolved: Any, wrt: tuple[str, ...], *rest: Any, **more: Any) -> dict[str, NoFormula]:
    return {name: NoFormula(name, "not looked for") for name in wrt}


@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_lines_hold_on_generated_expressions(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing raises: every line has been checked."""
    monkeypatch.setattr("diffcli.symbolic.derivatives", _without_formula, raising=False)
    generated = Generator(seed).generated(DRAWN[seed % len(DRAWN)], 8)
    found = derivation_report(pose(Source(generated.text), given_bindings(generated.values), (), True))
    lines = [line for derivation in found.derivations.values() for line in derivation.lines]
    assert lines
    assert not any("..." in f"{line.statement}{line.result}" for line in lines)


@pytest.mark.parametrize("expression", ["x*sin(x)", "sum(x*x)", "x^2*exp(x)"])
@pytest.mark.parametrize(
    "wrong",
    [
        lambda u, v, du, dv: du * v - u * dv,
        lambda u, v, du, dv: du * v + dv,
        lambda u, v, du, dv: (du * v + u * dv) * 1.001,
    ],
)
def test_a_wrong_wording_is_caught(expression: str, wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign, a factor left out, a factor slightly wrong."""
    monkeypatch.setitem(
        rules._WORDINGS, "mul", lambda tangents, operands: None if None in tangents else wrong(*operands, *tangents)
    )
    monkeypatch.setattr("diffcli.symbolic.derivatives", _without_formula, raising=False)
    with pytest.raises(DiffcliError, match=r"line \d of the derivation \(product\) failed its check"):
        derived(expression)


@pytest.mark.parametrize("name", ["sin", "tanh", "sqrt", "atan"])
def test_a_wrong_rule_of_the_table_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(primitive: Primitive, tangents: Any, operands: Any, out: Any, parameters: Any) -> Any:
        right = rules.derived(primitive, tangents, operands, out, parameters)
        return -right if primitive is PRIMITIVES[name] else right

    monkeypatch.setattr("diffcli.analysis.derivation.walk.derived", wrong)
    with pytest.raises(DiffcliError, match=rf"failed its check: {name}\("):
        derived(f"x + {name}(x^2)")


def test_a_wrong_text_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is checked is not only the graph but what stands on the line."""
    real = report.reads_as
    monkeypatch.setattr(report, "reads_as", lambda text, *rest: real(text.replace("2*x", "3*x"), *rest))
    with pytest.raises(DiffcliError, match="failed its check"):
        derived("x^2")


def test_a_wrong_last_line_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = report.derivation_report
    problem = pose(Source("x^2*sin(x)"), (), (), False)
    other = pose(Source("x^2*cos(x)"), (), (), False)
    from diffcli.symbolic import derivatives

    monkeypatch.setattr(
        "diffcli.symbolic.derivatives",
        lambda resolved, *rest, **more: derivatives(other.resolved, *rest, **more),
        raising=False,
    )
    with pytest.raises(DiffcliError, match="the last line of the derivation by x failed its check"):
        real(problem)


@pytest.mark.fast
def test_a_line_in_words() -> None:
    line = Line(1, "power", "(x^n)' = n*x^(n - 1)", "(x^2)'", "2*x^(2 - 1)", "2*x")
    assert line.statement == "(x^2)' = 2*x^(2 - 1)"
    assert line.blank.statement == "(x^2)'"


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        ("x - 9007199254740993", "9007199254740993"),
        ("x^2 + 123456789012345678901234567890", "123456789012345678901234567890"),
        ("9007199254740993 - x", "9007199254740993"),
        ("x - 1e300", "1e+300"),
        ("x*9007199254740993", "9007199254740993"),
    ],
)
def test_a_number_that_dwarfs_the_rest_is_checked_and_written_as_it_is(expression: str, number: str) -> None:
    """Differences of a sum may take steps as large as its largest operand;
    a whole number keeps its last digit, and a wrong rule is still caught.
    """
    lines = written(expression)
    assert any(number in line for line in lines)
    assert "9007199254740992" not in "".join(lines)
