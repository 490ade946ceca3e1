"""Results in a notebook: the forms that each has, what they hold, and that making a result pays nothing for them."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from html import unescape
from typing import Any

import pytest
from render.test_handout import ROOT, Seen

import diffcli
from diffcli.render.notebook import mathematics
from diffcli.render.value_text import number, shown

pytestmark = pytest.mark.fast

A = [[2, 1], [1, 3]]
RESULTS: dict[str, Callable[[], Any]] = {
    "Drawing": lambda: diffcli.draw("mean(x*x)", x=[1, 2, 3]),
    "GradReport": lambda: diffcli.grad("mean(x*x)", x=[1, 2, 3], symbolic=True),
    "DiffReport": lambda: diffcli.diff("log(sum(exp(x)))", x=[1, 2]),
    "DerivationReport": lambda: diffcli.steps("x^2", x=3),
    "CompareReport": lambda: diffcli.compare("x^2 + abs(x)", x=0),
    "CheckReport": lambda: diffcli.check("sin(3x^2)", answer="cos(3x^2)"),
    "SheetReport": lambda: diffcli.check_sheet(
        ROOT / "examples" / "sheets" / "derivatives.toml", {1: "2x cos(x)", 3: "x = 2x*(y; y = x^2"}
    ),
    "QuizReport": lambda: diffcli.quiz("powers,backprop", count=2, seed=4),
    "JacobianReport": lambda: diffcli.jacobian("A@x", A=A, x=[1, 2], wrt="x"),
    "HessianReport": lambda: diffcli.hessian("x@A@x", A=A, x=[1, 2], wrt="x"),
    "JvpReport": lambda: diffcli.jvp("x*y", x=[1, 2], y=3, tangent={"x": [1, 0]}),
    "VjpReport": lambda: diffcli.vjp("x*y", x=[1, 2], y=3, cotangent=[1, 0]),
    "DescentReport": lambda: diffcli.descend("mean(x*x)", x=[1, 2, 3], steps=20),
}
#: The forms beside HTML.
LATEX = {"GradReport", "DiffReport", "DerivationReport", "JacobianReport", "HessianReport"}
SVG = {"Drawing", "GradReport", "DescentReport"}


@cache
def result(name: str) -> Any:
    return RESULTS[name]()


def rows(made: Any) -> list[list[str]]:
    return Seen(made._repr_html_()).rows


class Printer:
    """As much of IPython's as a result asks for."""

    written = ""

    def text(self, text: str) -> None:
        self.written += text


def pretty(made: Any) -> str:
    """The text that IPython shows, which takes the method of the class itself before a method that is inherited."""
    printer = Printer()
    vars(type(made))["_repr_pretty_"](made, printer, False)
    return printer.written


@pytest.mark.parametrize("name", RESULTS)
def test_the_forms_that_a_result_has(name: str) -> None:
    made = result(name)
    seen = Seen(made._repr_html_())
    assert seen.tags[0] == "div"
    assert "script" not in seen.tags
    latex = made._repr_latex_()
    assert (latex is not None) == (name in LATEX)
    if latex is not None:
        assert latex.startswith(r"$$\begin{aligned}")
        assert latex.endswith(r"\end{aligned}$$")
        assert latex.count("{") == latex.count("}")
    svg = made._repr_svg_()
    assert (svg is not None) == (name in SVG)
    if svg is not None:
        assert ET.fromstring(svg).tag.endswith("svg")


def test_the_numbers_of_a_gradient() -> None:
    made = result("GradReport")
    assert ["d/dx", shown(made.gradient["x"])] in rows(made)
    assert made._repr_latex_() == (
        r"$$\begin{aligned}\frac{\partial f}{\partial x} &= \frac{2 x}{n} = \begin{pmatrix}0.666667 & 1.33333 & "
        r"2\end{pmatrix}\end{aligned}$$"
    )
    assert "gradient [0.6667, 1.333, 2]" in made._repr_svg_()
    assert "gradient [0.6667, 1.333, 2]" in made._repr_html_()


def test_matrices() -> None:
    made = result("JacobianReport")
    assert [row for row in rows(made) if row[0].startswith("f[")] == [["f[0]", "2", "1"], ["f[1]", "1", "3"]]
    assert r"\frac{\partial f}{\partial x} &= \begin{pmatrix}2 & 1 \\ 1 & 3\end{pmatrix}" in made._repr_latex_()
    made = result("HessianReport")
    assert [row for row in rows(made) if row[0].startswith("x[")] == [["x[0]", "4", "2"], ["x[1]", "2", "6"]]
    assert made._repr_latex_() == r"$$\begin{aligned}H &= \begin{pmatrix}4 & 2 \\ 2 & 6\end{pmatrix}\end{aligned}$$"
    product = diffcli.hessian("x@A@x", A=A, x=[1, 2], wrt="x", hvp=[1, 0])
    assert (
        product._repr_latex_()
        == r"$$\begin{aligned}\left(H v\right)_{x} &= \begin{pmatrix}4 & 2\end{pmatrix}\end{aligned}$$"
    )


def test_products_derivations_and_comparisons_show_what_the_commands_show() -> None:
    assert ["v2", "x*y", "[3, 6]", "[3, 0]"] in rows(result("JvpReport"))
    assert ["v2 → x", "MulBackward", "y → 3", "[1, 0]", "[3, 0]"] in rows(result("VjpReport"))
    assert any(row[1] == "power" for row in rows(result("DerivationReport")))
    made = result("CompareReport")
    assert made.verdict == "kink"
    assert ["reverse mode", "0", "0", ""] in rows(made)
    assert "! kink: " in made._repr_html_()


def test_formulas_of_higher_order_and_of_several_variables() -> None:
    latex = diffcli.diff("x^3*y^2", order=2)._repr_latex_()
    assert latex is not None
    assert r"\frac{\partial^{2} f}{\partial {x}^{2}} &= 6 x y^{2}" in latex
    assert r"\frac{\partial^{2} f}{\partial x \, \partial y} &= 6 x^{2} y" in latex


def test_a_descent_has_its_table_and_its_curve() -> None:
    made = result("DescentReport")
    last = made.history[-1]
    assert [str(last.iteration), number(last.value), number(last.gradient_norm), shown(last.at["x"])] in rows(made)
    line = next(element for element in ET.fromstring(made._repr_svg_()) if element.tag.endswith("polyline"))
    heights = [float(point.split(",")[1]) for point in line.attrib["points"].split()]
    assert len(heights) == len(made.history)
    assert heights == sorted(heights)  # it goes down
    assert diffcli.descend("x^2", x=0)._repr_svg_() is None
    assert "<figure>" not in diffcli.descend("x^2", x=0)._repr_html_()


def test_a_drawing_too_large_to_be_drawn_unasked() -> None:
    made = diffcli.draw("+".join(["x"] * 120), x=1)
    assert made._repr_svg_() is None
    assert "<p>the graph has 120 nodes, too many for a picture</p>" in made._repr_html_()
    assert "v119 = " in made._repr_html_()  # in text
    source = f"f(x) = {'+'.join(['x'] * 120)}; f(x)"
    assert "<code>draw(..., depth=0)</code> makes one node of each group</p>" in diffcli.draw(source, x=1)._repr_html_()
    assert diffcli.draw(source, x=1, depth=0)._repr_svg_() is not None
    assert diffcli.grad("+".join(["x"] * 120), x=1)._repr_svg_() is None


@pytest.mark.parametrize("depth", [-1, "a", 1.5, True])
def test_a_depth_is_a_whole_number(depth: Any) -> None:
    with pytest.raises(diffcli.DiffcliError, match=r"E403.*the depth must be|E402.*'depth' must be a whole number"):
        diffcli.draw("x", x=1, depth=depth)


@pytest.mark.parametrize("name", RESULTS)
def test_the_text_is_that_of_the_command_and_short(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = pretty(result(name))
    begins = {"DerivationReport": "x^2", "CheckReport": "asked: the derivative by x, as a formula: sin(3x^2)"}
    assert text.startswith(begins.get(name) or result(name).expression)
    assert len(text) < 2500
    assert max(map(len, text.split("\n"))) <= 80


def test_texts_of_long_arrays_long_runs_and_programs_are_those_of_the_commands() -> None:
    assert len(pretty(diffcli.draw("mean(x*x)", x=range(1000)))) < 1000
    assert len(pretty(diffcli.descend("mean(x*x)", x=[1, 2, 3], lr=0.01))) < 4000
    made = diffcli.diff("x^2", form="numpy")
    assert made.code is not None
    assert pretty(made) == made.code.rstrip("\n")
    assert made.code.rstrip("\n") in unescape(made._repr_html_())


def test_a_failure_is_shown_as_by_the_command_below_the_line_that_failed() -> None:
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad("mean(sine(x))", x=1)
    first, *lines = caught.value._render_traceback_()
    assert first.endswith(': diffcli.grad("mean(sine(x))", x=1)')
    assert lines == [
        "error[E203]: unknown function 'sine'",
        "  | mean(sine(x))",
        "  |      ^^^^",
        "  = help: did you mean 'sin'?",
    ]


def test_exact_numbers_in_latex() -> None:
    latex = diffcli.grad("sqrt(x) + mean(y*y)", x=3, y=[1, 2, 3], exact=True)._repr_latex_()
    assert latex is not None
    assert r"\frac{\partial f}{\partial x} &= \frac{\sqrt{3}}{6}" in latex
    assert r"\begin{pmatrix}\frac{2}{3} & \frac{4}{3} & 2\end{pmatrix}" in latex


def test_pictures_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    made = diffcli.draw("mean(x*x) + 1", x=[1, 2, 3])
    assert "gradient [0.6667, 1.333, 2]" in made._repr_svg_()


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (0.5, "0.5"),
        (-1.5e-7, r"-1.5 \times 10^{-7}"),
        (2e30, r"2 \times 10^{30}"),
        (float("-inf"), r"-\infty"),
        (float("nan"), r"\mathrm{nan}"),
    ],
)
def test_numbers_in_latex(value: float, latex: str) -> None:
    assert mathematics.scalar(value) == latex


def test_a_large_matrix_is_shown_by_its_corners() -> None:
    text = mathematics.matrix([[float(10 * row + column) for column in range(10)] for row in range(10)])
    lines = text.removeprefix(r"\begin{pmatrix}").removesuffix(r"\end{pmatrix}").split(r" \\ ")
    assert [line.count("&") for line in lines] == [8] * 9
    assert lines[0] == r"0 & 1 & 2 & 3 & \cdots & 6 & 7 & 8 & 9"
    assert lines[4] == r"\vdots & \vdots & \vdots & \vdots & \ddots & \vdots & \vdots & \vdots & \vdots"


def test_results_are_made_without_what_presents_them() -> None:
    program = (
        "import diffcli, sys; diffcli.grad('x', x=1); print([name for name in sys.modules if "
        "name.startswith('diffcli.render')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"
