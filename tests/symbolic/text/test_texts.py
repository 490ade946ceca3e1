"""How formulas by indices read."""

import pytest
from amount import PATIENCE

from diffcli.source import Source
from diffcli.symbolic import Formula, NoFormula, derivatives
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

pytestmark = pytest.mark.fast


def derive(text: str, wrt: str | None = None, /, **shapes: tuple[int, ...]) -> dict[str, Formula | NoFormula]:
    resolved = resolve(parse(Source(text)), frozenset(shapes))
    return derivatives(resolved, wrt.split() if wrt else resolved.variables, shapes, PATIENCE, by_index=True)


def formula(text: str, variable: str = "x", /, **shapes: tuple[int, ...]) -> Formula:
    found = derive(text, variable, **shapes)[variable]
    assert isinstance(found, Formula), found
    return found


def reason(text: str, variable: str = "x", /, **shapes: tuple[int, ...]) -> str:
    found = derive(text, variable, **shapes)[variable]
    assert isinstance(found, NoFormula), found
    return found.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mean(x*x)", "2*x/n"),
        ("log(sum(exp(x)))", "exp(x[j])/Sum(exp(x[i]))"),
        ("sin(x)", "cos(x)"),
        ("x^x", "x^x*(log(x) + 1)"),
        ("log(x)", "1/x"),
        ("sqrt(x)", "1/(2*sqrt(x))"),
        ("x*x", "2*x"),
        ("x^3", "3*x^2"),
        ("-x^2", "-2*x"),
        ("x^2/4", "x/2"),
        ("1/x", "-1/x^2"),
        ("x^n", "n*x^(n - 1)"),
        ("0.1*x^2", "0.2*x"),
        ("0.05*x^2", "0.1*x"),
        ("x-x", "0"),
        ("pi*x^2/e", "2*pi*x/e"),
        ("tau*x", "2*pi"),
        ("abs(x)", "sign(x)"),
        ("abs(log(x))", "sign(log(x))/x"),
        ("floor(x)*x + ceil(x)", "floor(x)"),
        ("relu(x)", "where(x > 0, 1, 0)"),
        ("where(x > 0, sqrt(x), 0)", "where(x > 0, 1/(2*sqrt(x)), 0)"),
        ("maximum(x, 0)", "where(x > 0, 1, where(x < 0, 0, 1/2))"),
        ("tanh(x)", "1 - tanh(x)^2"),
        ("atan2(x, y)", "y/(x^2 + y^2)"),
        ("norm(x)", "x[j]/sqrt(Sum(x[i]^2))"),
        ("dot(w, x)", "w"),
        ("sum(x)^2", "2*Sum(x[i])"),
        ("mean((x - mean(x))^2)", "2*(x[j] - Sum(x[i])/n)/n"),
        ("prod(x)", "Product(x[i], i != j)"),
        ("x[0]*x[1]", "x[1]*(j == 0) + x[0]*(j == 1)"),
        ("x[-1]^2", "2*x[-1]*(j == n - 1)"),
        (
            "sum((x[1:] - x[:-1])^2)",
            "where(j <= n - 2, 2*(x[j] - x[j + 1]), 0) + where(j >= 1, 2*(x[j] - x[j - 1]), 0)",
        ),
        ("sum([1, 2, 3]*x)", "[1, 2, 3]"),
        ("max(x)", "(x[j] == Max(x[i]))/Sum((x[i] == Max(x[l])), i)"),
        ("sum(log(x))*n", "n/x"),
        ("2^x", "2^x*log(2)"),
        ("1e300*x", "1e300"),
    ],
)
def test_text(text: str, expected: str) -> None:
    assert formula(text).text == expected


@pytest.mark.parametrize(
    ("text", "variable", "shapes", "expected"),
    [
        ("mean(x*x)", "x", {"x": (3,)}, "2*x/n"),
        ("mean(x*x)", "x", {"x": (1,)}, "2*x"),
        ("max(x)", "x", {"x": (1,)}, "1"),
        ("prod(x)", "x", {"x": (3,)}, "[x[1]*x[2], x[0]*x[2], x[0]*x[1]]"),
        ("x[0]*x[1]", "x", {"x": (3,)}, "[x[1], x[0], 0]"),
        ("A[0, 1]*A[1, 0]", "A", {"A": (2, 2)}, "[[0, A[1, 0]], [A[0, 1], 0]]"),
        ("sum(A*x)", "x", {"A": (2, 3), "x": (3,)}, "Sum(A[i, j])"),
        ("sum(A*x)", "A", {"A": (2, 3), "x": (3,)}, "x[k]"),
        ("sum(A^2)", "A", {"A": (2, 3)}, "2*A"),
        ("sum((A - mean(A))^2)", "A", {"A": (2, 3)}, "2*(A[j, k] - Sum(A[i, l], i, l)/(n*m))"),
        ("sum(x[::2]^2)", "x", {"x": (4,)}, "[2*x[0], 0, 2*x[2], 0]"),
        ("sum([[1, 2], [3, 4]]*A)", "A", {"A": (2, 2)}, "[[1, 2], [3, 4]]"),
    ],
)
def test_text_with_shapes(text: str, variable: str, shapes: dict[str, tuple[int, ...]], expected: str) -> None:
    assert formula(text, variable, **shapes).text == expected


@pytest.mark.parametrize(
    ("text", "variable", "expected"),
    [
        ("sum((A@x - b)^2)", "x", "2*Sum(A[i, j]*(Sum(A[i, l]*x[l]) - b[i]), i)"),
        ("sum((A@x - b)^2)", "A", "2*x[k]*(Sum(A[j, i]*x[i]) - b[j])"),
        ("sum((A@x - b)^2)", "b", "2*(b[j] - Sum(A[j, i]*x[i]))"),
        ("x@A@x", "A", "x[j]*x[k]"),
        ("x@A@x", "x", "Sum(A[i, j]*x[i]) + Sum(A[j, i]*x[i])"),
        ("trace(A@B)", "A", "B[k, j]"),
        ("trace(S@S@S)", "S", "3*Sum(S[i, j]*S[k, i])"),
        ("sum(A.T@x)", "x", "Sum(A[j, i])"),
        ("logdet(S)", "S", "inv(S)[k, j]"),
        ("det(S)", "S", "det(S)*inv(S)[k, j]"),
        ("inv(S)[0, 0]", "S", "-inv(S)[0, j]*inv(S)[k, 0]"),
        ("b@inv(S.T)@c", "c", "Sum(inv(S.T)[i, j]*b[i], i)"),
        ("logdet(A.T@A)", "A", "2*Sum(inv(Sum(A[s, r]*A[s, l]), l, r)[i, k]*A[j, i], i)"),
        ("sum(outer(x, y)*A)", "x", "Sum(A[j, i]*y[i])"),
        ("sum(diag(x)@A)", "x", "Sum(A[j, i])"),
        ("sum(triu(A)^2)", "A", "2*where(k >= j, A[j, k], 0)"),
        ("var(x)", "x", "2*(x[j] - Sum(x[i])/n)/n"),
        ("sum(sum(X, axis=1)^2)", "X", "2*Sum(X[j, i])"),
        ("sum(max(X, axis=1))", "X", "(X[j, k] == Max(X[j, i]))/Sum((X[j, i] == Max(X[j, l])), i)"),
        (
            "median(x)",
            "x",
            "((x[j] == LowMedian(x[i]))/Sum((x[i] == LowMedian(x[l])), i) + (x[j] == HighMedian(x[i]))/Sum((x[i] == "
            "HighMedian(x[l])), i))/2",
        ),
        ("sum(prod(X, axis=0))", "X", "Product(X[i, k], i != j)"),
        ("norm(x, 1)", "x", "sign(x)"),
        ("sum(softmax(x)*y)", "y", "exp(x[j])/Sum(exp(x[i]))"),
        ("cross_entropy(z, y)", "z", "exp(z[j])*Sum(y[i])/Sum(exp(z[i])) - y[j]"),
        ("cross_entropy(z, 2)", "z", "exp(z[j])/Sum(exp(z[i])) - (j == 2)"),
        ("cross_entropy(Z, t)", "Z", "(exp(Z[j, k])/Sum(exp(Z[j, i])) - (k == t[j]))/n"),
        ("cross_entropy(Z, t)", "t", "0"),
        ("sum(cumsum(x))", "x", "n - j"),
        ("sum(cumsum(x)*y)", "x", "Sum(y[i], i, j, n - 1)"),
        ("sum(cumsum(x)*y)", "y", "Sum(x[i], i, 0, j)"),
        ("sum(flip(x)*y)", "x", "y[n - j - 1]"),
        ("sum(concat(x, y)^3)", "y", "3*y^2"),
        ("sum(concat(x, y)*z)", "y", "z[j + n]"),
        ("sum(tile(x, 2)^2)", "x", "4*x"),
        ("sum(repeat(x, 2)*y)", "x", "Sum(y[i + 2*j])"),
        ("sum(reshape(x, (2, 3))@y)", "x", "y[mod(j, 3)]"),
        ("erf(x)", "x", "2*exp(-x^2)/sqrt(pi)"),
        ("lgamma(x)", "x", "digamma(x)"),
        ("gamma(x)", "x", "gamma(x)*digamma(x)"),
        ("digamma(x)", "x", "polygamma(x, n=1)"),
        ("d(x@A@x, x)@y", "A", "x[j]*y[k] + x[k]*y[j]"),
        ("where(x > y, x, y)*x", "x", "x*where(x > y, 1, 0) + where(x > y, x, y)"),
    ],
)
def test_text_of_arrays(text: str, variable: str, expected: str) -> None:
    found = derive(text)[variable]
    assert isinstance(found, Formula), found
    assert found.text == expected


def test_one_sum_for_a_least_squares_fit() -> None:
    known = formula("sum((w*x+b-y)^2)", "w", w=(), b=(), x=(5,), y=(5,))
    assert known.text == "2*Sum(x[i]*(b + w*x[i] - y[i]))"
    assert known.sizes == {"n": 5}
    assumed = formula("sum((w*x+b-y)^2)", "w")
    assert assumed.text.count("Sum(") == 1
    assert "w is taken as a number, x, b and y as vectors (give values to say otherwise)" in assumed.notes


def test_a_sigmoid_stays_in_exponentials() -> None:
    text = formula("1/(exp(-(w*x+b))+1)", "w").text
    assert text == "x*exp(-b - w*x)/(exp(-b - w*x) + 1)^2"


def test_notes_explain_indices_and_sizes() -> None:
    found = formula("log(sum(exp(x)))", x=(4,))
    assert found.indices == ("j",)
    assert found.sizes == {"n": 4}
    assert found.notes == ("i runs over 0..n-1", "component j of x is one of 0..n-1", "n is the size of x")


@pytest.mark.parametrize(
    "name", ["lambda", "S", "N", "E", "I", "Symbol", "λ", "θ_1", "oo", "zoo", "__class__", "beta2"]
)
def test_any_name_is_a_variable(name: str) -> None:
    assert formula(f"{name}^2*y", name, **dict.fromkeys((name, "y"), ())).text in (f"2*{name}*y", f"2*y*{name}")
    assert formula(f"sum({name}^2)", name, **{name: (3,)}).text == f"2*{name}"


def test_indices_and_sizes_avoid_the_users_names() -> None:
    text = formula("n*j*i*log(sum(exp(x)))", "x", n=(), j=(), i=(), x=(3,)).text
    assert text == "i*j*n*exp(x[k])/Sum(exp(x[l]))"
    found = formula("n*mean(x*x)", "x", n=(), x=(3,))
    assert found.text == "2*n*x/m"
    assert found.sizes == {"m": 3}


@pytest.mark.parametrize(
    "text",
    [
        "sin(x)", "x^x", "sqrt(x)", "x^-2.5", "-x^2*y", "x/y/z", "(x+1)^2/(x-1)", "where(x > 0, sqrt(x), 0)",
        "maximum(x, y)*x", "abs(x*y)",
        "1/(exp(-(w*x+b))+1)", "cbrt(x)", "atan2(x, y)", "2^-x", "0.25*x^3 - 1e-9*x^2", "(x > 0)*(y < 1)*x", "acosh(x)",
        "mean(x*x)", "sum(A*A)",
        "x*exp(-x^2/2)", "-(x - y)^2", "relu(w*relu(v*x+b)+c)",
        "prod(x)", "x[0]*x[1]", "x^(y^2)", "(x^y)^z", "log(x)^-1",
    ],
)  # fmt: skip
def test_scalar_vector_and_listed_forms_parse_back(text: str) -> None:
    shapes: dict[str, tuple[int, ...]] = {"x": (3,)} if text in ("prod(x)", "x[0]*x[1]") else {}
    for found in derive(text, None, **shapes).values():
        assert isinstance(found, Formula)
        again = resolve(parse(Source(found.text)))
        assert again.nodes


def test_parsed_back_the_text_means_the_same() -> None:
    """The derivative of the integral of the text is the text: here, its second reading's values."""
    for text in ("x^-2.5*y", "-x^2*y/(x-y)", "2^-x*y", "(x^y)^2", "x/y/(x+y)", "-(x-y)^2"):
        found = formula(text, x=(), y=())
        product = formula(f"z*({found.text})", "z", x=(), y=(), z=())
        at = {"x": 1.7, "y": 0.6, "z": 1.0}
        assert product.values(at) == pytest.approx(found.values(at), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "shapes", "words"),
    [
        ("x*y", {"x": (3,), "y": (3,)}, "not a single number"),
        ("sum(x+y)", {"x": (3,), "y": (2,)}, "do not fit together"),
        ("0^x", {}, "undefined"),
        ("(-8)^(1/3)*x", {}, "not real"),
        ("9^9^9^9*x", {}, "too large"),
        ("2^2^2^2^2^2*x", {}, "too large"),
        ("10^10^10*x", {}, "too large"),
        ("sum(reshape(x, (2, -1))@y)", {}, "sizes of what is reshaped are not known (give values with at)"),
        ("sum(roll(x, 1)*x)", {}, "size of what is rolled is not known (give values with at)"),
        ("sum(squeeze(x)^2)", {}, "not known (give values with at)"),
        ("sum(sum(x, axis=1))", {"x": (3,)}, "axis 1 is out of range"),
        ("x*randn(3)[0]", {}, "random numbers have no formula"),
        ("sum(x@A)", {"x": (3,), "A": (2, 2)}, "do not fit together"),
        ("u = x^2; d(sum(u), u)@x", {"x": (3,)}, "only where x is a variable"),
    ],
)
def test_no_formula(text: str, shapes: dict[str, tuple[int, ...]], words: str) -> None:
    assert words in reason(text, "x", **shapes)
