"""Formulas of whole arrays, LaTeX and Unicode."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import numpy as np
import pytest
import sympy
from amount import PATIENCE, sampled, seeds
from symbolic.programs import OF_MATRICES, PLAIN, Case, cases, found_once, generated

import diffcli
from diffcli import symbolic
from diffcli.source import Source
from diffcli.symbolic import Formula, derivatives, formula_in_form
from diffcli.symbolic.forms.latex import LatexForm
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

#: Powers of functions, and arrays that already have a superscript.
LATEX_ONLY = cases(
    ("abs(x)^3*floor(x)^2*ceil(y)^2*sign(y)", {"x": 1.5, "y": 2.5}),
    ("lgamma(x)^3*gamma(y)^2", {"x": 1.5, "y": 2.5}),
    ("digamma(x)^3", {"x": 1.5}),
    (
        "sum(outer(exp(x), y^2)*S)",
        {"x": [0.1, 0.2, 0.3], "y": [1.0, 2.0, 3.0], "S": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]]},
    ),
    ("sum(exp(A)@(x^2))", {"A": [[1.0, 2.0], [3.0, 4.0]], "x": [1.0, 2.0]}),
    ("sum(abs(x)^2*sigmoid(x)^2)", {"x": [0.1, 0.2]}),
)
MACROS = {
    "frac", "sqrt", "left", "right", "sum", "prod", "log", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "top",
    "odot", "oslash", "circ",
    "mathrm", "mathbf", "operatorname", "begin", "end", "text", "delta", "alpha", "theta", "lambda", "pi", "sigma",
    "cdot", "max", "min", "le", "leq",
    "geq", "ne", "lfloor", "rfloor", "lceil", "rceil", "Gamma", "det", "asin", "wedge", "vee", "psi", "arctan",
}  # fmt: skip


def formula(text: str, variable: str, by_index: bool = False) -> Formula:
    shapes = {
        "A": (4, 3),
        "b": (4,),
        "X": (4, 3),
        "y": (4,),
        "S": (3, 3),
        "x": (3,),
        "w": (3,),
        "B": (3, 4),
        "W1": (5, 3),
        "W2": (2, 5),
    }
    resolved = resolve(parse(Source(text)))
    known = {name: shapes.get(name, ()) for name in resolved.variables}
    found = derivatives(resolved, [variable], known, PATIENCE, by_index, whole=True)[variable]
    assert isinstance(found, Formula), found
    return found


@pytest.mark.parametrize(
    ("text", "variable", "plain", "latex", "unicode"),
    [
        ("sum((A@x-b)^2)", "x", "2*A.T@(A@x - b)", r"2 A^{\top} \left(A x - b\right)", "2 Aᵀ(A x − b)"),
        ("sum((A@x-b)^2)", "A", "2*outer(A@x - b, x)", r"2 \left(A x - b\right) x^{\top}", "2 (A x − b) xᵀ"),
        ("sum((A@x-b)^2)", "b", "2*(b - A@x)", r"2 \left(b - A x\right)", "2 (b − A x)"),
        ("x@S@x", "x", "S@x + S.T@x", r"S x + S^{\top} x", "S x + Sᵀ x"),
        ("x@S@x", "S", "outer(x, x)", r"x x^{\top}", "x xᵀ"),
        ("sum((X@w-y)^2)/n", "w", "2*X.T@(X@w - y)/n", r"\frac{2 X^{\top} \left(X w - y\right)}{n}", "2 Xᵀ(X w − y)/n"),
        ("trace(A@B)", "A", "B.T", r"B^{\top}", "Bᵀ"),
        ("sum(log(1+exp(-(y*(X@w)))))", "w", "-X.T@(y*sigmoid(-y*(X@w)))", None, "−Xᵀ(y ⊙ σ(−y ⊙ (X w)))"),
        ("sum(tanh(A@x))", "A", "outer(1 - tanh(A@x)^2, x)", None, None),
        ("det(S)", "S", "det(S)*inv(S).T", r"\det{\left(S \right)} S^{-\top}", "det(S) inv(S)ᵀ"),
        ("log(sum(exp(x)))", "x", "exp(x)/sum(exp(x))", r"\frac{e^{x}}{\mathbf{1}^{\top} e^{x}}", "exp(x)/∑(exp(x))"),
        ("norm(x)", "x", "x/norm(x)", r"\frac{x}{\left\|x\right\|}", "x/‖x‖"),
        ("sum(x^3)", "x", "3*x^2", r"3 x^{\circ 2}", "3 x^∘2"),
        ("mean(x*x)", "x", "2*x/n", r"\frac{2 x}{n}", "2 x/n"),
        ("alpha*W3^2/learning_rate", "W3", "2*W3*alpha/learning_rate",
            r"\frac{2 W_{3} \alpha}{\mathrm{learning\_rate}}", "2 W₃ α/learning_rate"),
        ("t^3/sqrt(u)", "t", "3*t^2/sqrt(u)", r"\frac{3 t^{2}}{\sqrt{u}}", "3 t²/√u"),
        ("where(t > 0, t^2, 0)", "t", "where(t > 0, 2*t, 0)",
         r"\begin{cases} 2 t & \text{if}\: t > 0 \\ 0 & \text{otherwise} \end{cases}", "(2 t if t > 0 else 0)"),
        ("sum(relu(A@x).T@b)", "x", "where(A@x > 0, A.T, 0)@b",
         r"\left(\begin{cases} A^{\top} & \text{if}\: A x > 0 \\ 0 & \text{otherwise} \end{cases}\right) b", None),
        ("sum((relu(A)@x)^2)", "x", "2*where(A > 0, A, 0).T@(where(A > 0, A, 0)@x)",
         r"2 \left(\begin{cases} A & \text{if}\: A > 0 \\ 0 & \text{otherwise} \end{cases}\right)^{\top} "
         r"\left(\begin{cases} A & \text{if}\: A > 0 \\ 0 & \text{otherwise} \end{cases}\right) x", None),
        ("relu(t)^3", "t", "3*where(t > 0, t^2, 0)",
         r"3 \left(\begin{cases} t^{2} & \text{if}\: t > 0 \\ 0 & \text{otherwise} \end{cases}\right)", None),
        ("0.5*alpha_1^2", "alpha_1", "alpha_1", r"\alpha_{1}", "α₁"),
        ("0.25*theta1*t", "t", "0.25*theta1", r"0.25 \theta_{1}", "0.25 θ₁"),
    ],
)  # fmt: skip
def test_three_forms(text: str, variable: str, plain: str, latex: str | None, unicode: str | None) -> None:
    found = formula(text, variable)
    assert found.text == plain
    assert latex is None or formula_in_form(found, "latex")[0] == latex
    assert unicode is None or formula_in_form(found, "unicode")[0] == unicode


def test_by_index_counting_from_one() -> None:
    found = formula("log(sum(exp(x)))", "x", by_index=True)
    assert found.text == "exp(x[j])/Sum(exp(x[i]))"
    latex, notes = formula_in_form(found, "latex")
    assert latex == r"\frac{e^{x_{j}}}{\sum_{i=1}^{n} e^{x_{i}}}"
    assert notes == ("component j of x is one of 1..n", "n is the size of x")
    assert formula_in_form(found, "unicode")[0] == "exp(xⱼ)/(∑ᵢ₌₁ⁿ exp(xᵢ))"


def test_places_count_from_one() -> None:
    found = formula("sum((x[1:]-x[:-1])^2)", "x", by_index=True)
    latex = formula_in_form(found, "latex")[0]
    assert r"j \leq n - 1" in latex
    assert r"j \geq 2" in latex
    assert "x_{j + 1}" in latex


def test_labels_and_places_count_from_one() -> None:
    """Their numbers count from 0, and what they belong to counts from 1."""
    found = diffcli.diff("cross_entropy(Z, t)", Z=[[1, 2], [3, 4]], t=[1, 0], wrt="Z", form="latex").derivatives["Z"]
    assert found.form is not None
    assert r"\delta_{k, t_{j} + 1}" in found.form
    found = diffcli.diff("sum(E[t]^2)", E=[1, 2, 3], t=[1, 0], wrt="E", form="unicode").derivatives["E"]
    assert found.form == "2 (∑ᵢ₌₁ᵐ (E[mod(tᵢ, n) + 1] [j = mod(tᵢ, n) + 1]))"


def test_names_in_latex() -> None:
    latex, _ = formula_in_form(formula("alpha*learning_rate*q2*lambda*t", "t"), "latex")
    assert set(latex.split()) == {r"\alpha", r"\lambda", r"\mathrm{learning\_rate}", "q_{2}"}


def _has_double_superscript(latex: str) -> bool:
    """`a^{b}^{c}`, which TeX refuses; the groups in braces are taken away from the inside out."""
    while (shorter := re.sub(r"\^\{[^{}]*\}", "^#", re.sub(r"(?<!\^)\{[^{}]*\}", "@", latex))) != latex:
        if re.search(r"\^#\s*\^", shorter):
            return True
        latex = shorter
    return False


def test_what_a_double_superscript_is() -> None:
    assert _has_double_superscript(r"A^{-1}^{\top}")
    assert _has_double_superscript(r"\frac{x^{2 {y}}^{3}}{2}")
    assert not _has_double_superscript(r"{A^{-1}}^{\top} x^{2} + e^{x^{2}}")


@pytest.mark.parametrize(
    "case", sampled([(case,) for case in (*PLAIN, *OF_MATRICES, *LATEX_ONLY)], 3), ids=lambda case: case.text
)
def test_latex_compiles_and_unicode_is_one_line(case: Case) -> None:
    """Balanced braces and delimiters, and macros of amsmath only."""
    for found in found_once(
        case.problem.resolved, case.problem.wrt, case.problem.shapes, PATIENCE, whole=True
    ).values():
        assert isinstance(found, Formula)
        latex, _ = formula_in_form(found, "latex")
        depth = 0
        for character in re.sub(r"\\[{}]", "", latex):
            depth += (character == "{") - (character == "}")
            assert depth >= 0
        assert depth == 0
        assert len(re.findall(r"\\left(?![a-z])", latex)) == len(re.findall(r"\\right(?![a-z])", latex))
        assert not set(re.findall(r"\\([A-Za-z]+)", latex)) - MACROS
        assert not _has_double_superscript(latex)
        assert not set(latex) & set("$\n")
        unicode, _ = formula_in_form(found, "unicode")
        assert "\n" not in unicode
        assert "*" not in unicode


@pytest.mark.parametrize("case", sampled([(case,) for case in (*PLAIN, *OF_MATRICES)], 3), ids=lambda case: case.text)
def test_plain_text_parses_back_and_means_the_same(case: Case) -> None:
    _check_plain_text(case)


@pytest.mark.parametrize("seed", seeds(3, 24, "DIFFCLI_FORMS"))
def test_plain_text_of_generated_products_means_the_same(seed: int) -> None:
    _check_plain_text(generated(seed))


def _check_plain_text(case: Case) -> None:
    """The gradient of sum(c*(formula)) by c is the formula."""
    expected = case.expected().gradient
    for name, found in found_once(
        case.problem.resolved, case.problem.wrt, case.problem.shapes, PATIENCE, whole=True
    ).items():
        assert isinstance(found, Formula)
        if found.indices or "Sum(" in found.text or "Product(" in found.text:
            continue  # by index: not an expression of the language
        at = {**case.at, **{size: float(extent) for size, extent in found.sizes.items() if extent is not None}}
        at["weight_"] = np.ones(np.shape(case.at[name])).tolist()
        used = set(resolve(parse(Source(found.text)), frozenset(at)).variables) | {"weight_"}
        text = f"sum(weight_*({found.text}))" if np.ndim(case.at[name]) else f"weight_*({found.text})"
        again = diffcli.grad(text, {key: value for key, value in at.items() if key in used}, wrt="weight_").gradient[
            "weight_"
        ]
        np.testing.assert_allclose(again, expected[name], rtol=1e-10, atol=1e-13)


def _below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield from (each, *_below(each))


def test_sympy_does_not_take_a_class_for_one_of_its_own() -> None:
    """Its printer looks for names: `_print_Determinant` is for SymPy's determinants."""
    for module in walk_packages(symbolic.__path__, f"{symbolic.__name__}."):
        import_module(module.name)
    for kind in {each for each in _below(sympy.Basic) if each.__module__.startswith("diffcli")}:
        known = (
            getattr(LatexForm, f"_print_{base.__name__}", None)
            for base in kind.__mro__
            if base.__module__.startswith("diffcli")
        )
        assert all(method.__module__.startswith("diffcli") for method in known if method is not None), kind
    (found,) = derivatives(resolve(parse(Source("det([[x, 1], [2, x]])"))), ["x"], {"x": ()}).values()
    assert isinstance(found, Formula)
    assert formula_in_form(found, "latex")[0].startswith(r"\det{\left(")
