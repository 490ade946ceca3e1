"""Names: what each stands for, and definitions put in their places."""

import pytest

from diffcli.errors import Diagnostic, DiffcliError
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Tree

from .sketch import sketch, underlined

pytestmark = pytest.mark.fast


def resolved(text: str, *bound: str) -> Resolved:
    """The program with its names resolved; `bound` ones have values."""
    return resolve(parse(Source(text)), frozenset(bound))


def drawn(text: str, *bound: str) -> str:
    """The sketch of the resolved expression."""
    found = resolved(text, *bound)
    return sketch(Tree(found.source, found.nodes))


def refused(text: str, *bound: str) -> Diagnostic:
    """The diagnostic that resolving ends with."""
    with pytest.raises(DiffcliError) as caught:
        resolved(text, *bound)
    return caught.value.diagnostic


def kinds(text: str, *bound: str) -> list[str]:
    """The kinds of the resolved nodes."""
    return [node.kind for node in resolved(text, *bound).nodes]


def test_pi_e_and_tau_are_constants_unless_bound() -> None:
    """A value, a param, a definition or a function's parameter of that name wins."""
    assert kinds("e + pi + tau") == ["constant", "constant", "call", "constant", "call"]
    assert resolved("e + x").variables == ("x",)
    assert kinds("e + x", "e") == ["name", "name", "call"]
    assert resolved("e + x", "e").variables == ("e", "x")
    assert resolved("param e = 2; e*x").variables == ("e", "x")
    assert drawn("e = 2*x; e + pi") == "(add (mul 2 x) pi)"
    assert drawn("f(e) = e + 1; f(x)") == "(add x 1)"


def test_free_names_are_variables_in_the_order_of_their_appearance() -> None:
    """Each once, in the order of the text."""
    assert resolved("b + a*b - c").variables == ("b", "a", "c")
    assert resolved("1 + 2").variables == ()
    assert resolved("alpha·β").variables == ("alpha", "β")


def test_a_bound_name_may_be_called_like_a_function() -> None:
    """`sum` with a value is a variable; its call is still the function."""
    assert drawn("sum(x) + sum", "sum") == "(add (sum x) sum)"
    assert refused("sum + 1").code == "E202"
    assert refused("f(x) = x; f + 1").code == "E202"


def test_aliases_become_primitives() -> None:
    """Calls carry the primitive's name, overloads told apart by their operands."""
    assert drawn("ln(x) + arctan(y)") == "(add (log x) (atan y))"
    assert drawn("max(x)*max(x, y)") == "(mul (max x) (maximum x y))"
    assert drawn("min(min(x, y))") == "(min (minimum x y))"


def test_a_definition_is_put_in_its_place_once() -> None:
    """Its tree is shared by all its uses, and named after it."""
    found = resolved("y = 2*x; y*y + y")
    assert [node.text for node in found.nodes] == ["2", "x", "mul", "mul", "add"]
    assert found.nodes[3].children == (2, 2)
    assert found.nodes[4].children == (3, 2)
    assert found.names == {2: "y"}
    assert found.defined == {"y"}


def test_a_definition_of_a_mere_name_is_an_alias() -> None:
    """It does not rename the variable."""
    found = resolved("y = x; y*y")
    assert drawn("y = x; y*y") == "(mul x x)"
    assert found.names == {}


def test_the_last_of_several_names_of_one_node() -> None:
    """A node keeps the first name it was given."""
    assert resolved("y = 2*x; z = y; z + 1").names == {2: "y"}


@pytest.mark.parametrize("order", [1, -1])
def test_functions_that_double_are_refused_before_they_are_written_out(order: int) -> None:
    """At the call that would be too long, whichever of them is defined first, and before one that is too long alone."""
    lines = ["f0(t) = t + 1", *(f"f{k}(t) = f{k - 1}(t) * f{k - 1}(t)" for k in range(1, 60))][::order]
    text = "\n".join([*lines, "2 + f59(x)"])
    found = refused(text)
    assert found.code == "E601"
    assert underlined(found) == ["f59(x)"]
    assert refused("f(t) = g(t) + g(t); g(t) = f(t) + f(t); f(x)").code == "E210"
    assert len(resolved(text.replace("f59(x)", "f9(x)")).nodes) == 2 + 2 * 2**9 + (2**9 - 1) + 1


def test_functions_are_inlined_and_their_arguments_shared() -> None:
    """The argument is one subtree, however often the body uses it."""
    found = resolved("f(t) = t*t + t; f(sin(x))")
    assert [node.text for node in found.nodes] == ["x", "sin", "mul", "add"]
    assert found.nodes[2].children == (1, 1)
    [call] = found.parts
    assert (call.kind, call.name, found.source.text[call.span.start : call.span.end]) == ("call", "f", "f(sin(x))")
    assert (call.start, call.stop) == (2, 4)


def test_parts_are_what_an_intermediate_and_each_call_are_made_of() -> None:
    """Inner ones stand before outer ones; what nothing needs is no part."""
    found = resolved("f(t) = 2*t; u = 3; h = f(x) + f(h0); unused = exp(h); mse(h, f(y))")
    parts = [
        (part.kind, part.name, [node.text for node in found.nodes[part.start : part.stop]]) for part in found.parts
    ]
    assert parts[:3] == [
        ("call", "f", ["2", "mul"]),
        ("call", "f", ["2", "mul"]),
        ("intermediate", "h", ["x", "2", "mul", "h0", "2", "mul", "add"]),
    ]
    assert [part[:2] for part in parts[3:]] == [("call", "f"), ("definition", "mse")]
    assert parts[4][2][-1] == "mean"


def test_functions_see_what_is_around_them() -> None:
    """Definitions, other functions, variables; a parameter hides them all."""
    assert drawn("k = 3; f(t) = k*t + w; f(x)") == "(add (mul 3 x) w)"
    assert drawn("f(t) = t + 1; g(t) = f(f(t)); g(x)") == "(add (add x 1) 1)"
    assert drawn("x = 5; f(x) = x^2; f(y)") == "(pow y 2)"
    assert drawn("f(a, b) = a - b; f(f(1, 2), f(3, 4))") == "(sub (sub 1 2) (sub 3 4))"
    assert drawn("f() = 3; f() + f()") == "(add 3 3)"


def test_a_users_function_hides_the_languages() -> None:
    """As a binding does: what the user defined is what is meant."""
    assert drawn("sin(t) = t + 1; sin(x)") == "(add x 1)"
    assert drawn("square(t) = t*t; square(x) + cos(x)") == "(add (mul x x) (cos x))"


def test_what_the_expression_does_not_use_is_gone() -> None:
    """Unused definitions leave no nodes, no names and no variables."""
    found = resolved("y = sin(unused); z = 2*x; param w = 1; z + 1")
    assert [node.text for node in found.nodes] == ["2", "x", "mul", "1", "add"]
    assert found.variables == ("x",)
    assert found.names == {2: "z"}
    assert found.defined == {"y", "z", "w"}


def test_params_keep_their_starting_values() -> None:
    """As trees, for whoever needs them."""
    found = resolved("param w = [1, 2]; param b = pi/4; sum(w)*b")
    assert {name: sketch(tree) for name, tree in found.values.items()} == {"w": "[1 2]", "b": "(div pi 4)"}
    assert found.variables == ("w", "b")


REFUSED = {
    "mean(sine(x))": ("E203", "sine", "did you mean 'sin'?"),
    "quux(x, y)": ("E203", "quux", "'diffcli functions' lists them"),
    "Sin(x)": ("E203", "Sin", "did you mean 'sin'?"),
    "x(y + 1)*x": ("E205", "x", "to multiply, write x*(y + 1)"),
    "k = 2; k(y)": ("E205", "k", "to multiply, write k = 2; k*(y)"),
    "pi(x)": ("E205", "pi", "to multiply, write pi*(x)"),
    "a(x)": ("E205", "a", "to multiply, write a*(x)"),
    "sin": ("E202", "sin", "write sin(x) with its argument in brackets; its square is sin(x)^2"),
    "sin(x, y)": ("E204", "sin(x, y)", "write sin(x)"),
    "atan2(x)": ("E204", "atan2(x)", "write atan2(y, x)"),
    "sin()": ("E204", "sin()", "write sin(x)"),
    "f(t) = t; f(1, 2)": ("E204", "f(1, 2)", "write f(t)"),
    "sin(x, foo=1)": ("E206", "sin(x, foo=1)", None),
    "f(t) = t; f(x, axis=1)": ("E206", "f(x, axis=1)", None),
    "f(t) = f(t); f(x)": ("E210", "f(t)", None),
    "f(t) = g(t); g(t) = f(t); f(x)": ("E210", "f(t)", None),
    "a = 1; a = 2; a": ("E211", "a", "give one of them another name"),
    "a = 1; a(t) = t; a(1)": ("E211", "a", "give one of them another name"),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=REFUSED)
def test_a_wrong_name_is_underlined(text: str, expected: tuple[str, str, str | None]) -> None:
    """The code, the piece of text, and what to write instead."""
    diagnostic = refused(text)
    code, place, hint = expected
    assert (diagnostic.code, underlined(diagnostic)[0]) == (code, place)
    assert diagnostic.hint is not None
    assert hint is None or hint in diagnostic.hint


def test_a_second_definition_points_at_the_first() -> None:
    """Both places are underlined, the second one first."""
    diagnostic = refused("a = 1; b = 2; a = 3; a")
    assert [label.span.start for label in diagnostic.labels] == [14, 0]


def test_a_call_within_a_function_is_not_recursion() -> None:
    """The same function may be called in its own argument, and twice in a body."""
    assert drawn("f(t) = t + 1; f(f(x))") == "(add (add x 1) 1)"
    assert drawn("f(t) = t + 1; g(t) = f(t)*f(t); g(x)") == "(mul (add x 1) (add x 1))"
