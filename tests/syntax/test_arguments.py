"""Calls, keyword arguments, arrays and indices."""

import pytest

from .sketch import parsed, refusal, underlined

pytestmark = pytest.mark.fast

TREES = {
    "f()": "(f)",
    "f(x)": "(f x)",
    "f(x, y, 1)": "(f x y 1)",
    "f(a + b, -c)": "(f (add a b) (neg c))",
    "f(g(x), h(y, z))": "(f (g x) (h y z))",
    "f (x)": "(f x)",
    "f(x, axis=1)": "(f x axis=1)",
    "f(axis=1)": "(f axis=1)",
    "f(x, y, axis = 1 + 2, keep=g(z))": "(f x y axis=(add 1 2) keep=(g z))",
    "f(x, axis=(0, 1))": "(f x axis=<0 1>)",
    "f(x, (0, 1))": "(f x <0 1>)",
    "f(x, (0,))": "(f x <0>)",
    "f((0, 1,), x)": "(f <0 1> x)",
    "f(x, axis=(-1, k + 1))": "(f x axis=<(neg 1) (add k 1)>)",
    "f((x, g((1, 2))), y)": "(f <x (g <1 2>)> y)",
    "f((x), (y,))": "(f x <y>)",
    'f(A, "fro")': "(f A 'fro')",
    "f(A, ord='nuc')": "(f A ord='nuc')",
    "f(x, axis=None, keepdims=True)": "(f x axis=None keepdims=True)",
    "f(\n  x,\n  axis=(\n 0,\n 1)\n)": "(f x axis=<0 1>)",
    "x[None]": "(index x i None)",
    "x[:, None]": "(index x :,i None)",
    "x[[0, 2]]": "(index x i [0 2])",
    "x[[0, 2], 1:, None]": "(index x i,i:,i [0 2] 1 None)",
    "f(x == 1)": "(f (equal x 1))",
    "f((x), (y))": "(f x y)",
    "[1]": "[1]",
    "[1, 2, 3]": "[1 2 3]",
    "[1, 2, 3,]": "[1 2 3]",
    "[[1, 2], [x, -y]]": "[[1 2] [x (neg y)]]",
    "[a + b, f(c)]": "[(add a b) (f c)]",
    "x[-1]": "(index x i (neg 1))",
    "x[i + 1]": "(index x i (add i 1))",
    "x[:]": "(index x :)",
    "x[1:]": "(index x i: 1)",
    "x[:2]": "(index x :i 2)",
    "x[1:2]": "(index x i:i 1 2)",
    "x[::2]": "(index x ::i 2)",
    "x[::-1]": "(index x ::i (neg 1))",
    "x[1:5:2]": "(index x i:i:i 1 5 2)",
    "x[::]": "(index x ::)",
    "A[0, 1]": "(index A i,i 0 1)",
    "A[1:, 0]": "(index A i:,i 1 0)",
    "A[:, -1]": "(index A :,i (neg 1))",
    "A[0, :, 1:2]": "(index A i,:,i:i 0 1 2)",
    "A[B[0], x[1:][0]]": "(index A i,i (index B i 0) (index (index x i: 1) i 0))",
    "A[f(x, y)[0]]": "(index A i (index (f x y) i 0))",
}

REFUSED = {
    "f(,x)": ("E112", ","),
    "f(x,)": ("E112", ","),
    "f(x,,y)": ("E112", ","),
    "f(x y)": ("E108", "y"),
    "f(a=1, b)": ("E112", "b"),
    "f(a=)": ("E107", "="),
    "f(1=2)": ("E110", "="),
    "[1,,2]": ("E112", ","),
    "[,]": ("E112", ","),
    "[]": ("E104", "[]"),
    "()": ("E104", "()"),
    "x[]": ("E112", "[]"),
    "x[,1]": ("E112", "[,"),
    "x[1:2:3:4]": ("E112", ":"),
    "x[1](2)": ("E108", "("),
    "2[0]": ("E108", "["),
    "(a, b)": ("E112", ","),
    "x + (a, b)": ("E112", ","),
    "f(1 + (a, b))": ("E112", ","),
    "f(((a, b)))": ("E112", ","),
    "[(a, b)]": ("E112", ","),
    "x[(0, 1)]": ("E112", ","),
    "f((,))": ("E112", ","),
    "f((a,,b))": ("E112", ","),
    "f((a, b)": ("E105", "("),
    "f((a, b]": ("E106", "]"),
    "f(axis=(0, 1)2)": ("E108", "2"),
    "f((0, 1)(2, 3))": ("E108", "("),
    "a, b": ("E112", ","),
    "f(a:b)": ("E112", ":"),
    "a : b": ("E112", ":"),
}


@pytest.mark.parametrize(("text", "tree"), TREES.items(), ids=TREES)
def test_brackets_hold_what_they_hold(text: str, tree: str) -> None:
    """Arguments, elements and subscripts in their order."""
    assert parsed(text) == tree


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=REFUSED)
def test_a_misplaced_separator_is_underlined(text: str, expected: tuple[str, str]) -> None:
    """The code, and the piece of text that is wrong."""
    diagnostic = refusal(text)
    assert (diagnostic.code, underlined(diagnostic)[0]) == expected
