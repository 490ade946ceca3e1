"""What variables without values are taken to be."""

import pytest

from diffcli.source import Source
from diffcli.symbolic.convert.ranks import assumed_ranks
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

pytestmark = pytest.mark.fast


def ranks(text: str, wrt: str | None = None, /, **shapes: tuple[int, ...]) -> dict[str, int]:
    resolved = resolve(parse(Source(text)), frozenset(shapes))
    return dict(assumed_ranks(resolved, wrt.split() if wrt else resolved.variables, shapes).ranks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w*x + b", {"w": 0, "x": 0, "b": 0}),
        ("mean(x*x)", {"x": 1}),
        ("sum(A*x)", {"A": 1, "x": 1}),
        ("x[0]*x[1]", {"x": 1}),
        ("A[0, 1]", {"A": 2}),
        ("sum(x[:, None]*y)", {"x": 1, "y": 1}),
        ("sum((A@x - b)^2)", {"A": 2, "x": 1, "b": 1}),
        ("x@A@x", {"x": 1, "A": 2}),
        ("x@y", {"x": 1, "y": 1}),
        ("norm(A@x - b)^2 + lam*norm(x)^2", {"A": 2, "x": 1, "b": 1, "lam": 0}),
        ("sum((lam*A)@x)", {"lam": 0, "A": 2, "x": 1}),
        ("x@inv(S + t*eye(3))@x", {"x": 1, "S": 2, "t": 0}),
        ("-(x - m)@inv(S)@(x - m)/2 - logdet(S)/2", {"x": 1, "m": 1, "S": 2}),
        ("mean((X@w + b - y)^2)", {"X": 2, "w": 1, "b": 1, "y": 1}),
        ("sum(y*log(sigmoid(X@w)))", {"y": 1, "X": 2, "w": 1}),
        ("logdet(s)", {"s": 2}),
        ("trace(A.T@B)", {"A": 2, "B": 2}),
        ("sum(sum(x, axis=1)^2)", {"x": 2}),
        ("sum(max(X, axis=0))", {"X": 2}),
        ("sum(mean(T, axis=(0, 2)))", {"T": 3}),
        ("sum(transpose(T, (2, 0, 1)))", {"T": 3}),
        ("sum(outer(x, y)*A)", {"x": 1, "y": 1, "A": 2}),
        ("cross_entropy(z, y)", {"z": 1, "y": 1}),
        ("cross_entropy(Z, t)", {"Z": 2, "t": 1}),
        ("cross_entropy(z, [0, 2])", {"z": 2}),
        ("cross_entropy(W2@tanh(W1@x + b1) + b2, 1)", {"W2": 2, "W1": 2, "x": 1, "b1": 1, "b2": 1}),
        ("sum(solve(A, b))", {"A": 2, "b": 1}),
        ("d(x@A@x, x)@y", {"x": 1, "A": 2, "y": 1}),
    ],
)
def test_what_variables_are(text: str, expected: dict[str, int]) -> None:
    assert ranks(text) == expected


def test_what_has_values_is_not_assumed() -> None:
    assert ranks("sum((A@x - b)^2)", None, A=(2, 3)) == {"x": 1, "b": 1}


def test_a_fit_has_numbers_for_parameters() -> None:
    assert ranks("sum((w*x + b - y)^2)", "w b") == {"w": 0, "b": 0, "x": 1, "y": 1}


def test_the_note_says_what_was_assumed() -> None:
    resolved = resolve(parse(Source("norm(A@x - b)^2 + lam*norm(x)^2")))
    notes = assumed_ranks(resolved, resolved.variables, {}).notes
    assert notes == ("lam is taken as a number, x and b as vectors, A as a matrix (give values to say otherwise)",)
