"""Arguments of calls: by position, by keyword, by other names, with defaults, and which function is meant."""

import pytest

from diffcli.primitives.definition import Definition
from diffcli.primitives.table import DEFINITIONS
from diffcli.source import Source
from diffcli.syntax.constant_arguments import NotStatic, static_value
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_tree
from diffcli.syntax.tree import Tree

from .sketch import sketch, underlined
from .test_resolving import drawn, refused, resolved

pytestmark = pytest.mark.fast

#: Calls, and what they resolve to: a primitive with its operands, then its options by name.
MEANT = {
    "sum(A, 0)": "(sum A axis=0)",
    "sum(A, axis=0)": "(sum A axis=0)",
    "sum(A, dim=0)": "(sum A axis=0)",
    "sum(A, 0, True)": "(sum A axis=0 keepdims=True)",
    "sum(A, keepdim=True, dim=(0, 1))": "(sum A axis=<0 1> keepdims=True)",
    "sum(axis=1, x=A)": "(sum A axis=1)",
    "sum(A, axis=None)": "(sum A axis=None)",
    "var(x, ddof=1)": "(var x ddof=1)",
    "std(A, 0, correction=1)": "(std A axis=0 ddof=1)",
    "norm(A, 'fro')": "(norm A ord='fro')",
    "norm(x, p=inf)": "(norm x ord=inf)",
    "softmax(x)": "(softmax x)",
    # one name, two functions: by the number of operands
    "max(a, b)": "(maximum a b)",
    "max(A)": "(max A)",
    "max(A, axis=0)": "(max A axis=0)",
    "max(A, dim=0, keepdim=True)": "(max A axis=0 keepdims=True)",
    "min(a=x, b=y)": "(minimum x y)",
    "min(x=A)": "(min A)",
    "max(A, 0)": "(maximum A 0)",
    # several arguments that make one tuple
    "reshape(x, 2, 3)": "(reshape x shape=<2 3>)",
    "reshape(x, (2, 3))": "(reshape x shape=<2 3>)",
    "reshape(x, 6)": "(reshape x shape=6)",
    "zeros(2, 3)": "(zeros shape=<2 3>)",
    "randn(2, 3, seed=1)": "(randn shape=<2 3> seed=1)",
    "transpose(A, 1, 0)": "(transpose A axes=<1 0>)",
    "A.T": "(transpose A)",
    "full(2, 3, v)": "(mul v (ones shape=<2 3>))",
    # functions of any number of arrays
    "concat([a, b])": "(concat a b)",
    "concat([a, b], 0)": "(concat a b axis=0)",
    "concat([a, b], axis=1)": "(concat a b axis=1)",
    "concat(a, b, axis=1)": "(concat a b axis=1)",
    "cat((a), [b])": "(concat a [b])",
    "stack([a, b], 1)": "(stack a b axis=1)",
    "stack([[a, b], [c, d]])": "(stack [a b] [c d])",
    "concat([a, b], [c, d])": "(concat [a b] [c d])",
    "concat([a], b, [c])": "(concat [a] b [c])",
    # defaults of operands
    "leaky_relu(x)": "(leaky_relu x 0.01)",
    "leaky_relu(x, negative_slope=a)": "(leaky_relu x a)",
    "elu(x)": "(elu x 1)",
    "hardtanh(x, max_val=2)": "(hardtanh x -1 2)",
    "clip(x, min=0, max=1)": "(clip x 0 1)",
    "clamp(high=1, low=0, x=y)": "(clip y 0 1)",
    # letters that are functions too
    "beta*gamma": "(mul beta gamma)",
    "gamma(x) + gamma": "(add (gamma x) gamma)",
    "beta(a, b)": "(beta a b)",
    # words
    "inf*x": "(mul inf x)",
    "d(x^2, x)": "(d (pow x 2) x)",
    "d(d(x^4, x), x)": "(d (d (pow x 4) x) x)",
    "f(t) = d(t^3, t); f(2*y)": "(d (pow (mul 2 y) 3) (mul 2 y))",
    "u = sin(x); d(u^2, u)": "(d (pow (sin x) 2) (sin x))",
    "e = x^2; d(e^2, e)": "(d (pow (pow x 2) 2) (pow x 2))",
    "d = 3; d*x": "(mul 3 x)",
    "d*x": "(mul d x)",
}

#: Calls that are refused: the code, what is underlined first, and a part of what is said.
REFUSED = {
    "sum(A, axes=0)": ("E206", "sum(A, axes=0)", "did you mean 'axis'?"),
    "sum(A, ax=0)": ("E206", "sum(A, ax=0)", "did you mean 'axis'?"),
    "sum(A, keep_dims=True)": ("E206", "sum(A, keep_dims=True)", "did you mean 'keepdims'?"),
    "huber(p, y, dleta=2)": ("E206", "huber(p, y, dleta=2)", "did you mean 'delta'?"),
    "sum(A, quux=0)": ("E206", "sum(A, quux=0)", "write sum(x, axis=None, keepdims=False)"),
    "sum(x, x=1)": ("E204", "sum(x, x=1)", "sum gets 'x' twice"),
    "sum(A, 0, axis=0)": ("E204", "sum(A, 0, axis=0)", "sum gets 'axis' twice"),
    "sum(A, axis=0, axis=0)": ("E204", "sum(A, axis=0, axis=0)", "sum gets 'axis' twice"),
    "sum(A, axis=0, dim=0)": ("E204", "sum(A, axis=0, dim=0)", "sum gets 'axis' twice"),
    "sum(A, 0, True, 1)": ("E204", "sum(A, 0, True, 1)", "sum takes 1 to 3 arguments, got 4"),
    "sum(axis=0)": ("E204", "sum(axis=0)", "sum takes 1 to 3 arguments, got 1"),
    "reshape(x)": ("E204", "reshape(x)", "reshape takes 2 arguments or more, got 1"),
    "repeat(x)": ("E204", "repeat(x)", "write repeat(x, repeats, axis=None)"),
    "one_hot(t)": ("E204", "one_hot(t)", "write one_hot(labels, classes)"),
    "concat()": ("E204", "concat()", "concat takes 1 argument or more, got 0"),
    "stack(axis=1)": ("E204", "stack(axis=1)", "stack takes 1 argument or more, got 0"),
    "zeros()": ("E204", "zeros()", "zeros takes 1 argument or more, got 0"),
    "clip(x, 1)": ("E204", "clip(x, 1)", "write clip(x, low, high)"),
    "mse(p)": ("E204", "mse(p)", "write mse(prediction, target)"),
    "min()": ("E204", "min()", "write minimum(a, b) or min(x, axis=None, keepdims=False)"),
    "beta(a)": ("E204", "beta(a)", "write beta(a, b)"),
    "huber_of(r, 1)": ("E203", "huber_of", "unknown function"),
    "index(x, 0)": ("E203", "index", "unknown function"),
    "f(t) = t; f(t=2)": ("E206", "f(t=2)", "give its arguments in order"),
    "d(x^2, 3)": ("E212", "3", "write d(x^3, x)"),
    "d(x^2, pi)": ("E212", "pi", "write d(x^3, x)"),
    "d(x^2, 2*x)": ("E212", "2*x", "write d(x^3, x)"),
    "d(x^2, x, x)": ("E204", "d(x^2, x, x)", "write d(x^3, x)"),
    "d(x^2, by=x)": ("E204", "d(x^2, by=x)", "write d(x^3, x)"),
    "d(x^2)": ("E205", "d", "a derivative names its variable, as in d(x^3, x)"),
    "d = 3; d(x)": ("E205", "d", "to multiply, write d = 3; d*(x)"),
}


@pytest.mark.parametrize(("text", "expected"), MEANT.items(), ids=MEANT)
def test_a_call_is_a_function_with_its_arguments(text: str, expected: str) -> None:
    """Operands in order, options by their names, whatever way they were given."""
    assert drawn(text) == expected


@pytest.mark.parametrize(("text", "expected"), MEANT.items(), ids=MEANT)
def test_a_resolved_call_can_be_printed_and_read_again(text: str, expected: str) -> None:
    """Its text means the same nodes."""
    found = resolved(text)
    printed = print_tree(Tree(found.source, found.nodes))
    if not text.startswith(("f(t)", "u =", "e =")):  # there d is by a part of the expression that has a name
        assert drawn(printed) == expected.replace(" -1 ", " (neg 1) ")  # a default is no text


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=REFUSED)
def test_a_wrong_call_is_underlined(text: str, expected: tuple[str, str, str]) -> None:
    """The code, the place, and words that help."""
    diagnostic = refused(text)
    code, place, words = expected
    assert (diagnostic.code, underlined(diagnostic)[0]) == (code, place)
    assert words in f"{diagnostic.message}; {diagnostic.hint}"


def test_words_are_constants_unless_bound() -> None:
    """`inf` with a value is a variable, and so are `beta` and `gamma` without."""
    assert resolved("inf + beta*gamma").variables == ("beta", "gamma")
    assert resolved("inf + None", "inf").variables == ("inf",)
    assert drawn("True = 2; True*x") == "(mul 2 x)"


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda definition: definition.name)
def test_a_body_never_sees_the_users_names(definition: Definition) -> None:
    """Whatever the user calls a function, an intermediate or a variable,
    a call of the language's function is the same.
    """
    if not definition.public:
        return
    arguments = ", ".join(f"arg{place}" for place in range(len(definition.operands)))
    call = f"{definition.name}({arguments}{', shape=2' if definition.name == 'full' else ''})"
    if definition.order:
        call = f"{definition.name}(2, arg0)"
    names = sorted(
        {node.text for node in parse(Source(definition.body)).expression.nodes if node.kind in ("call", "name")}
        - {definition.name, "inf"}
    )
    functions = [name for name in names if name.isidentifier() and name not in definition.parameters]
    hiding = [*(f"{name}(q) = 77*q" for name in functions), *(f"{name} = 55" for name in definition.parameters)]
    plain, hidden = resolved(call), resolved("\n".join([*hiding, call]))
    assert [(node.kind, node.text, node.children, node.keywords) for node in plain.nodes] == [
        (node.kind, node.text, node.children, node.keywords) for node in hidden.nodes
    ]


def test_the_users_function_hides_the_languages_one() -> None:
    """Also one that is written out."""
    assert drawn("mse(p, y) = p - y; mse(a, b)") == "(sub a b)"


def test_the_nodes_of_a_body_have_the_span_of_the_call() -> None:
    """There is no other text of the user's to point at."""
    text = "1 + mse(a, b*c)"
    found = resolved(text)
    spans = {text[node.start : node.end] for node in found.nodes if node.text in ("sub", "pow", "mean")}
    assert spans == {"mse(a, b*c)"}
    assert [(part.kind, text[part.span.start : part.span.end]) for part in found.parts] == [
        ("definition", "mse(a, b*c)")
    ]


STATIC = {
    "3": 3,
    "-3": -3,
    "2.0": 2,
    "2.5": 2.5,
    "1 + 2*3 - 4/2": 5,
    "2^3": 8,
    "7/2": 3.5,
    "0x10": 16,
    "None": None,
    "True": True,
    "inf": float("inf"),
    "-inf": float("-inf"),
    "pi": 3.141592653589793,
    "(1, -2)": (1, -2),
    "[0, 2]": (0, 2),
    "[[1, 2], [3, 4]]": ((1, 2), (3, 4)),
    '"fro"': "fro",
    "n": 3,
    "n + 1": 4,
    "(n, 2*n)": (3, 6),
}

NOT_STATIC = {
    "x": "x",
    "x + 1": "x",
    "(1, x)": "x",
    "abs(-1)": "abs(-1)",
    "sum([1, 2])": "sum([1, 2])",
    "1/0": "1/0",
    "(-8)^0.5": "(-8)^0.5",
    "-None": "-None",
}


def static(text: str) -> object:
    """The value of an argument of a call."""
    found = resolved(f"n = 3; sum(A, axis={text})")
    return static_value(found.nodes, found.nodes[-1].children[-1])


@pytest.mark.parametrize(("text", "value"), STATIC.items(), ids=STATIC)
def test_a_constant_argument_is_known_before_anything_runs(text: str, value: object) -> None:
    """A whole number is an int, whatever way it is written."""
    found = static(text)
    assert found == value
    assert isinstance(found, type(value))


@pytest.mark.parametrize(("text", "culprit"), NOT_STATIC.items(), ids=NOT_STATIC)
def test_what_is_not_known_yet_is_pointed_at(text: str, culprit: str) -> None:
    """The node that is to blame, not the whole argument."""
    found = resolved(f"sum(A, axis={text})")
    with pytest.raises(NotStatic) as caught:
        static_value(found.nodes, found.nodes[-1].children[-1])
    node = found.nodes[caught.value.place]
    assert found.source.text[node.start : node.end] == culprit


def test_a_sketch_shows_every_kind_of_node() -> None:
    """Otherwise two of these tests could not fail."""
    assert sketch(parse(Source('f((1, x), "fro", [y][0])')).expression) == "(f <1 x> 'fro' (index [y] i 0))"
