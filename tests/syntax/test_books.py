"""Text as books print it: products without a sign, Unicode operators, roots and superscripts."""

import pytest

from .sketch import parsed, refusal, underlined

pytestmark = pytest.mark.fast

TREES = {
    # products without a sign
    "2x": "(mul 2 x)",
    "2 x": "(mul 2 x)",
    "2(x + 1)": "(mul 2 (add x 1))",
    "(a)(b)": "(mul a b)",
    "(a)(b)(c)": "(mul (mul a b) c)",
    "(a) b": "(mul a b)",
    "2sin(x)": "(mul 2 (sin x))",
    "sin(x)cos(x)": "(mul (sin x) (cos x))",
    "2x^2": "(mul 2 (pow x 2))",
    "2x^2 + 3x + 1": "(add (add (mul 2 (pow x 2)) (mul 3 x)) 1)",
    "-2x": "(neg (mul 2 x))",
    "a*2x": "(mul a (mul 2 x))",
    "2x*3": "(mul (mul 2 x) 3)",
    "2x/3": "(div (mul 2 x) 3)",
    "1/(2x)": "(div 1 (mul 2 x))",
    "2x[0]": "(mul 2 (index x i 0))",
    "2x < 3y": "(less (mul 2 x) (mul 3 y))",
    "2e": "(mul 2 e)",
    "2e3": "2e3",
    # other signs
    "a·b": "(mul a b)",
    "a⋅b": "(mul a b)",
    "a×b": "(mul a b)",
    "a∗b": "(mul a b)",
    "a÷b": "(div a b)",
    "a∕b": "(div a b)",
    "a−b": "(sub a b)",
    "−x²": "(neg (pow x 2))",
    "a ≤ b": "(less_equal a b)",
    "a ≥ b": "(greater_equal a b)",
    "a ≠ b": "(not_equal a b)",
    # superscripts
    "x²": "(pow x 2)",
    "x³": "(pow x 3)",
    "x¹⁰": "(pow x 10)",
    "x⁻¹": "(pow x (neg 1))",
    "x⁻¹²": "(pow x (neg 12))",
    "2x²": "(mul 2 (pow x 2))",
    "3x²y": "(mul (mul 3 (pow x 2)) y)",
    "(x + 1)²": "(pow (add x 1) 2)",
    "sin(x)²": "(pow (sin x) 2)",
    "x[0]²": "(pow (index x i 0) 2)",
    "x²³": "(pow x 23)",
    "2⁸": "(pow 2 8)",
    "-x²": "(neg (pow x 2))",
    "a^b²": "(pow a (pow b 2))",
    # names
    "π": "pi",
    "τ": "tau",
    "2πr": "(mul (mul 2 pi) r)",
    "πr²": "(mul pi (pow r 2))",
    "α*β + γ_1": "(add (mul α β) γ_1)",
    "θ₁": "θ₁",
    "µ": "μ",  # the micro sign is a Greek letter
    "Δx": "Δx",
    # roots
    "√x": "(sqrt x)",
    "√(x + 1)": "(sqrt (add x 1))",
    "√4": "(sqrt 4)",
    "2√x": "(mul 2 (sqrt x))",
    "-√x": "(neg (sqrt x))",
    "√x + 1": "(add (sqrt x) 1)",
    "√x*y": "(mul (sqrt x) y)",
    "√√x": "(sqrt (sqrt x))",
    "√f(x)": "(sqrt (f x))",
    "√x[0]": "(sqrt (index x i 0))",
    "a^√b": "(pow a (sqrt b))",
    "(√x)^2": "(pow (sqrt x) 2)",
}

AMBIGUOUS = {
    "1/2x": ("1/2x", "1/(2*x)", "(1/2)*x"),
    "a/2(b)": ("a/2(b)", "a/(2*(b))", "(a/2)*(b)"),
    "1÷2x": ("1÷2x", "1/(2*x)", "(1/2)*x"),
    "e^2x": ("e^2x", "e^(2*x)", "(e^2)*x"),
    "1/2 sin(x)": ("1/2 sin(x)", "1/(2*sin(x))", "(1/2)*sin(x)"),
    "a + 1/2x": ("1/2x", "a + 1/(2*x)", "a + (1/2)*x"),
    "1/-2x": ("1/-2x", "1/(-2*x)", "(1/-2)*x"),
    "2^3(x)": ("2^3(x)", "2^(3*(x))", "(2^3)*(x)"),
    "x^y²z": ("x^y²z", "x^(y²*z)", "(x^y²)*z"),
    "√(a)(b)": ("√(a)(b)", "√((a)*(b))", "(√(a))*(b)"),
    "√x^2": ("√x^2", "√(x^2)", "(√(x))^2"),
    "√x²": ("√x²", "√(x^2)", "(√(x))^2"),
    "√2x": ("√2x", "√(2*x)", "(√(2))*x"),
}

NOT_A_PRODUCT = {
    "x y": "y",
    "2x y": "y",
    "2e x": "x",
    "1.2.3": ".3",
    "0b12": "2",
    "x 2": "2",
    "x(y)(z) w 3": "3",
    "2 3": "3",
    "x[0] y": "y",
    "[1] x": "x",
    "x(1) 2": "2",
    "A.T x": "x",
    "A.T A": "A",
    "A.T(x)": "(",
    "2A.T B": "B",
    "A.T 2": "2",
}


@pytest.mark.parametrize(("text", "tree"), TREES.items(), ids=TREES)
def test_a_book_is_understood(text: str, tree: str) -> None:
    """Each text is the tree that a reader sees."""
    assert parsed(text) == tree


@pytest.mark.parametrize(("text", "expected"), AMBIGUOUS.items(), ids=AMBIGUOUS)
def test_two_readings_are_an_error_that_shows_both(text: str, expected: tuple[str, str, str]) -> None:
    """A product after `/`, `^` or a root could belong on either side: both readings are written out, and both parse."""
    diagnostic = refusal(text)
    place, first, second = expected
    assert diagnostic.code == "E109"
    assert underlined(diagnostic)[0] == place
    assert diagnostic.hint == f"write {first} or {second}"
    assert parsed(first) != parsed(second)


@pytest.mark.parametrize(("text", "place"), NOT_A_PRODUCT.items(), ids=NOT_A_PRODUCT)
def test_two_names_are_no_product(text: str, place: str) -> None:
    """Only a number, a bracket, a constant sign or a superscript may stand before a factor without a sign."""
    diagnostic = refusal(text)
    assert diagnostic.code == "E108"
    assert underlined(diagnostic)[0] == place
