"""Expression and values together: who gets which value, and what is differentiated."""

import pytest

import diffcli
from diffcli.analysis.problem import Problem, pose
from diffcli.analysis.values import read_bindings
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.messages import speaking
from diffcli.source import Source

pytestmark = pytest.mark.fast


def posed(text: str, *values: str, wrt: tuple[str, ...] = (), complete: bool = True) -> Problem:
    """The problem of an expression and `--at` arguments, as the command poses it."""
    with speaking("command", "en"):
        return pose(Source(text), read_bindings([Source(value, "--at") for value in values]), wrt, complete)


def refused(text: str, *values: str, wrt: tuple[str, ...] = ()) -> Diagnostic:
    """The diagnostic that posing ends with."""
    with pytest.raises(DiffcliError) as caught:
        posed(text, *values, wrt=wrt)
    return caught.value.diagnostic


def given(problem: Problem) -> dict[str, object]:
    """The values as plain lists."""
    return {name: value.tolist() for name, value in problem.values.items()}


def test_an_unnamed_value_is_the_only_variables() -> None:
    """Wherever it occurs."""
    assert given(posed("mean(x*x)", "1,2,3")) == {"x": [1.0, 2.0, 3.0]}


def test_an_unnamed_value_is_that_of_the_variable_without_one() -> None:
    """A param has its own."""
    assert given(posed("param w = 2; w*x", "3")) == {"x": 3.0, "w": 2.0}
    assert given(posed("param w = 2; w*w", "3")) == {"w": 3.0}


def test_values_and_gradients_are_in_the_order_given() -> None:
    """As the user names them."""
    problem = posed("a*b*c", "c=3", "a=1", "b=2")
    assert list(problem.values) == list(problem.wrt) == ["c", "a", "b"]
    assert problem.shapes == {"c": (), "a": (), "b": ()}


def test_params_are_what_is_differentiated() -> None:
    """As with requires_grad; without params every variable is, and `wrt` decides over both."""
    assert posed("param w = 2; w*x", "x=3").wrt == ("w",)
    assert posed("w*x", "x=3", "w=1").wrt == ("x", "w")
    assert posed("param w = 2; w*x", "x=3", wrt=("x",)).wrt == ("x",)
    assert posed("w*x", "x=3", "w=1", wrt=("w", "x", "w")).wrt == ("w", "x")
    assert posed("1 + 2").wrt == ()


def test_params_follow_the_order_given_too() -> None:
    """What has a value of its own comes first, then the program's order: the same in every command."""
    text = "param a = 1; param b = 2; a*b^2"
    assert list(diffcli.grad(text, {"b": 3.0}).gradient) == ["b", "a"]
    assert list(diffcli.descend(text, {"b": 3.0}, steps=0).final) == ["b", "a"]
    assert list(diffcli.grad(text).gradient) == ["a", "b"]


def test_a_params_value_can_be_given() -> None:
    """It replaces the starting value of the program."""
    assert given(posed("param w = [1, 2]; sum(w)", "w=5,6")) == {"w": [5.0, 6.0]}


def test_a_params_value_may_use_what_was_defined_before() -> None:
    """Plain definitions and functions."""
    assert given(posed("k = 2; f(t) = t + k; param w = f(1)*pi/pi; w*x", "x=1"))["w"] == 3.0


def test_a_binding_makes_a_variable_of_a_constant_or_function() -> None:
    """A binding always wins."""
    assert given(posed("e*x", "e=2", "x=3")) == {"e": 2.0, "x": 3.0}
    assert posed("e*x", "3").wrt == ("x",)
    assert posed("sum*2", "sum=1").wrt == ("sum",)


def test_values_may_be_left_out_on_request() -> None:
    """For a formula, which needs none."""
    problem = posed("a*b", "b=1,2", complete=False)
    assert given(problem) == {"b": [1.0, 2.0]}
    assert problem.wrt == ("b", "a")


REFUSED: list[tuple[str, tuple[str, ...], tuple[str, ...], str, str, str]] = [
    ("x*y", ("x=1",), (), "E201", "y", "give it one: --at y=..."),
    ("x*y + z", ("x=1",), (), "E201", "y", "give them some: --at y=... --at z=..."),
    ("alpha + alhpa", ("alpha=1",), (), "E201", "alhpa", "did you mean 'alpha'?"),
    ("x*x", ("x=1", "y=2"), (), "E207", "y", "its variables are x"),
    ("length*x", ("length=1", "lenght=2", "x=1"), (), "E207", "lenght", "did you mean 'length'?"),
    ("2*3", ("x=1",), (), "E207", "x", "it has no variables"),
    ("2*3", ("1",), (), "E207", "1", "leave the value out"),
    ("y = 2; y*x", ("x=1", "y=3"), (), "E207", "y", "remove its definition or the value"),
    ("f(t) = t; f(x)", ("x=1", "f=3"), (), "E207", "f", "remove its definition or the value"),
    ("x*x", ("x=1", "x=2"), (), "E208", "x", "give each variable one value"),
    ("x*x", ("x=1", "2"), (), "E208", "2", "give each variable one value"),
    ("a + b", ("1",), (), "E209", "1", "--at a=... --at b=..."),
    ("x*x", ("x=1",), ("y",), "E207", "y", "its variables are x"),
    ("w*x", ("x=1", "w=2"), ("x", "ww"), "E207", "ww", "did you mean 'w'?"),
    ("param w = v; w*x", ("x=1",), (), "E404", "v", "a value holds numbers, pi, e, tau and functions of them"),
    ("param a = 1; param b = a; a*b", (), (), "E404", "a", "a value holds numbers, pi, e, tau and functions of them"),
    ("x +", ("x=1",), (), "E107", "+", "write what follows it, or remove it"),
    ("sine(x)", ("x=1",), (), "E203", "sine", "did you mean 'sin'?"),
]


@pytest.mark.parametrize(("text", "values", "wrt", "code", "place", "hint"), REFUSED)
def test_what_does_not_belong_together_is_underlined(
    text: str, values: tuple[str, ...], wrt: tuple[str, ...], code: str, place: str, hint: str
) -> None:
    """In the expression or in the value, with what to do about it."""
    diagnostic = refused(text, *values, wrt=wrt)
    assert diagnostic.code == code
    assert diagnostic.source is not None
    assert diagnostic.source.text[diagnostic.labels[0].span.start : diagnostic.labels[0].span.end] == place
    assert diagnostic.hint is not None
    assert hint in diagnostic.hint


def test_every_missing_variable_is_underlined_where_it_first_occurs() -> None:
    """All of them in one go."""
    diagnostic = refused("y + x*y - x + z", "z=1")
    assert [label.span for label in diagnostic.labels] == [(0, 1), (4, 5)]
    assert diagnostic.message == "variables 'y', 'x' have no value"


TOGETHER = {
    "sinx": "sin(x)", "lnx": "ln(x)", "pix": "pi*x", "xsinx": "x*sin(x)", "ex": "e*x", "xy": "x*y", "2xy": "2x*y",
    "tanhx": "tanh(x)",
    "sinxcosx": "sin(x)*cos(x)", "1/xy": "1/(x*y) or 1/x*y",
    "sinx^2": "sin(x^2) or sin(x)^2", "Pi*x": "pi*x", "Sin[x]": "sin(x)", "cosxy": "cos(x*y) or cos(x)*y",
    "sumxy": "sum(x*y) or sum(x)*y", "eax": "e^(a*x) or e*a*x", "xe2x": "x*e^(2*x) or x*e*2*x", "twopix": "2*pi*x",
    "M_PI*x": "pi*x",
    "M_E^x": "e^x",
}  # fmt: skip


@pytest.mark.parametrize("text", TOGETHER)
def test_names_written_together_are_refused_with_their_readings(text: str) -> None:
    """Where no value, and no `wrt`, makes one name of them."""
    for complete in (True, False):
        with pytest.raises(DiffcliError) as caught:
            posed(text, *(["2"] if complete else []), complete=complete)
        assert caught.value.diagnostic.code == "E214"
        assert str(caught.value.diagnostic.hint).startswith(
            f"write {TOGETHER[text]}; for a variable of that name: --at "
        )


NAMES = """
    alpha beta_1 w1 theta max_x mu nu xi rho rate loss bias weight temp speed exponent tangent
    lambda sigma eps eta dx dt lr mass time area height width price
    velocity radius mean_x key net tax map bar ratio input output signal sine since score value
    target label pred err step hidden out epochs total feature
    petal_length mean2 std_x angle temperature pressure energy
    x1 x_1 theta0 Δx δx aux ctx obs pos acc été 变量 logits probs sumsq maxim
    minimum_x expected tanker eat two twofold exact next m_x M_x
""".split()  # noqa: SIM905  # a list of words is read more easily


@pytest.mark.parametrize("name", NAMES)
def test_an_ordinary_name_is_a_variable(name: str) -> None:
    """With a value for nobody in particular, and without values."""
    assert posed(f"{name}^2", "3").wrt == (name,)
    assert posed(f"2*{name} + q", complete=False).wrt == (name, "q")


@pytest.mark.parametrize("name", ["xy", "sinx", "pix", "cost", "ab", "logp", "Ax"])
def test_a_name_that_is_named_is_a_variable(name: str) -> None:
    """By its value, by `wrt`, by a param, by a definition, in a function."""
    assert posed(f"{name}^2", f"{name}=3").wrt == (name,)
    assert posed(f"{name}^2", wrt=(name,), complete=False).wrt == (name,)
    assert posed(f"param {name} = 2; {name}^2").wrt == (name,)
    assert posed(f"{name} = 2*q; {name}^2", "3").wrt == ("q",)
    assert posed(f"f({name}) = {name}^2; f(q)", "3").wrt == ("q",)


@pytest.mark.parametrize(
    "text",
    ["dy/dx", "df/dx", "(dy)/(dx)", "2*dy/dx + 1", "dy/du*du/dx", "d2y/dx2", "d²y/dx²", "d/dx", "dL/dw_1", "dx/dt"],
)
def test_a_quotient_of_differentials_is_a_derivative(text: str) -> None:
    """Where nothing is called so; a value, `wrt`, a param or a definition makes variables of the differentials."""
    with pytest.raises(DiffcliError) as caught:
        posed(text, complete=False)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == "E214"
    assert str(diagnostic.hint).startswith("the derivative of an expression is what 'diff \"x^2\" --wrt x' prints; ")
    assert posed("dy/dx", "dy=1", "dx=2").wrt == ("dy", "dx")
    assert posed("dy/dx", wrt=("dy",), complete=False).wrt == ("dy",)
    assert posed("param dy = 1; param dx = 2; dy/dx").wrt == ("dy", "dx")
    assert posed("dx = x/100; dy = x; dy/dx", "3").wrt == ("x",)


@pytest.mark.parametrize(
    "text",
    ["∂f/∂x", r"\frac{dy}{dx}", r"\frac{\partial f}{\partial x}", "dy/dx = x^2", "d^2y/dx^2", "d(y)/d(x)", "df(x)/dx"],
)
def test_a_derivative_of_nothing_is_told_how_to_be_had(text: str) -> None:
    with pytest.raises(DiffcliError) as caught:
        posed(text, complete=False)
    assert "'diff \"x^2\" --wrt x'" in str(caught.value.diagnostic.hint)


@pytest.mark.parametrize("text", ["dose/day", "dist/dur", "days/duration", "x*dx", "(x^2)/dx", "dx/2", "x/d"])
def test_other_quotients_are_those_of_variables(text: str) -> None:
    assert posed(text, complete=False).wrt


def test_names_that_have_values_are_known() -> None:
    """Of any length, and letters that are no variables by custom."""
    assert "write height*width" in str(refused("heightwidth", "height=2", "width=3").hint)
    assert "write g*h" in str(refused("gh + g + h", "g=2", "h=3").hint)
    assert "A @ x" in str(refused("sum(Ax)", "A=[[1,2],[3,4]]", "x=1,2").hint)


def test_a_reading_that_cannot_be_computed_is_not_shown() -> None:
    """The values decide: matrices of these shapes have no elementwise product."""
    assert "A*x" not in str(refused("sum(Ax)", "A=[[1,2,3],[3,4,5]]", "x=[[1],[2],[3]]").hint)
