"""How tightly operators bind, as the tree each text stands for."""

import pytest

from .sketch import parsed

pytestmark = pytest.mark.fast

TREES = {
    "a + b * c": "(add a (mul b c))",
    "a * b + c": "(add (mul a b) c)",
    "a - b - c": "(sub (sub a b) c)",
    "a - (b - c)": "(sub a (sub b c))",
    "a / b / c": "(div (div a b) c)",
    "a / b * c": "(mul (div a b) c)",
    "a * b / c": "(div (mul a b) c)",
    "a @ b * c": "(mul (matmul a b) c)",
    "a * b @ c": "(matmul (mul a b) c)",
    "a + b < c - d": "(less (add a b) (sub c d))",
    "a <= b": "(less_equal a b)",
    "a > b": "(greater a b)",
    "a >= b": "(greater_equal a b)",
    "a == b * 2": "(equal a (mul b 2))",
    "a != b": "(not_equal a b)",
    "(a < b) * (b < c)": "(mul (less a b) (less b c))",
    "(a < b) < c": "(less (less a b) c)",
    # powers
    "a ^ b ^ c": "(pow a (pow b c))",
    "(a ^ b) ^ c": "(pow (pow a b) c)",
    "a ** b ** c": "(pow a (pow b c))",
    "a ** b ^ c": "(pow a (pow b c))",
    "a * b ^ c": "(mul a (pow b c))",
    "a ^ b * c": "(mul (pow a b) c)",
    "a ^ b / c": "(div (pow a b) c)",
    # signs
    "-x ^ 2": "(neg (pow x 2))",
    "(-x) ^ 2": "(pow (neg x) 2)",
    "2 ^ -3": "(pow 2 (neg 3))",
    "2 ^ -x ^ 2": "(pow 2 (neg (pow x 2)))",
    "2 ^ +x": "(pow 2 x)",
    "2 ^ - -x": "(pow 2 (neg (neg x)))",
    "2 ^ -x * y": "(mul (pow 2 (neg x)) y)",
    "2 ^ -x + y": "(add (pow 2 (neg x)) y)",
    "-a * b": "(mul (neg a) b)",
    "a * -b": "(mul a (neg b))",
    "a / -b * c": "(mul (div a (neg b)) c)",
    "a - -b": "(sub a (neg b))",
    "a--b": "(sub a (neg b))",
    "a + +b": "(add a b)",
    "--x": "(neg (neg x))",
    "+x": "x",
    "-+-x": "(neg (neg x))",
    "-a + b": "(add (neg a) b)",
    "-(a + b)": "(neg (add a b))",
    "-3": "(neg 3)",
    "a < -b": "(less a (neg b))",
    # what stands behind an operand
    "x[0]": "(index x i 0)",
    "-x[0]": "(neg (index x i 0))",
    "x[0] ^ 2": "(pow (index x i 0) 2)",
    "2 ^ x[0]": "(pow 2 (index x i 0))",
    "A.T": "(transpose A)",
    "A.T.T": "(transpose (transpose A))",
    "-A.T": "(neg (transpose A))",
    "A.T ^ 2": "(pow (transpose A) 2)",
    "A.T @ x": "(matmul (transpose A) x)",
    "A[0].T": "(transpose (index A i 0))",
    "A.T[0]": "(index (transpose A) i 0)",
    "(a + b).T": "(transpose (add a b))",
    "(a + b)[0]": "(index (add a b) i 0)",
    "f(x)[0]": "(index (f x) i 0)",
    "[a, b][0]": "(index [a b] i 0)",
    "x[0][1]": "(index (index x i 0) i 1)",
    "(((x)))": "x",
    "((a) + ((b)))": "(add a b)",
}


@pytest.mark.parametrize(("text", "tree"), TREES.items(), ids=TREES)
def test_an_expression_is_its_tree(text: str, tree: str) -> None:
    """Operators bind as in the grammar."""
    assert parsed(text) == tree


@pytest.mark.parametrize(("text", "tree"), TREES.items(), ids=TREES)
def test_white_space_decides_nothing(text: str, tree: str) -> None:
    """The same tree with no blanks around operators, and with blanks and lines around every token."""
    assert parsed(text.replace(" ", "")) == tree
    assert parsed("(" + text.replace(" ", " \t\n\r ") + ")") == tree
