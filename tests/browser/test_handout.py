"""Handouts by those who read them: the page in a browser, the drawing in Markdown by Mermaid, the document by TeX."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import diffcli
from diffcli.render.handout.blocks import Formula, Handout, Section
from diffcli.render.handout.file_kinds import handout
from diffcli.render.handout.latex_writer import latex
from diffcli.render.value_text import shown

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from diffcli.analysis.gradient import GradReport

#: A point on a kink, a named intermediate, a function, text with every kind of sign, names of Greek letters, wide
#: numbers.
_RICH = (
    "f(x) = x^2 # </script> <b> | `c` \\d $e$ %\nθ_1 = abs(x)\nrate_of_change = θ_1*f(y) + "
    "sum(W@z)\nrate_of_change/1.23456789e-7"
)
_SEED = "mean(x*x)"


def _report(source: str) -> "GradReport":
    if source == _SEED:
        return diffcli.grad(_SEED, x=[1, 2, 3], symbolic=True)
    return diffcli.grad(source, x=0, y=-1e-7, z=[0.1, 0.2], W=[[0.123456789, 2], [3, -4e-10]], symbolic=True)


def _written(source: str, kind: str) -> str:
    return handout(_report(source), kind, 6, False, "en").decode()


def test_the_page_has_the_numbers_of_the_report(page: "Page", tmp_path: Path) -> None:
    report = _report(_SEED)
    (tmp_path / "handout.html").write_bytes(handout(report, "html", 6, False, "en"))
    page.goto((tmp_path / "handout.html").as_uri())
    tables = page.locator("table")
    assert tables.nth(3).locator("tbody tr").all_inner_texts() == [f"d/dx\t{shown(report.gradient['x'])}"]
    contributions = tables.nth(2).locator("tbody td:nth-child(5)").all_inner_texts()
    assert contributions == [shown(flow.contribution) for flow in report.trace.flows]
    assert page.locator("math mfrac").count() == 2
    assert page.locator("figure svg g.box").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(page: "Page", axe: Callable[["Page"], list[str]], tmp_path: Path, scheme: str) -> None:
    (tmp_path / "handout.html").write_text(_written(_RICH, "html"), encoding="utf-8")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto((tmp_path / "handout.html").as_uri())
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("pre").inner_text() == _RICH


@pytest.mark.long
def test_paper_is_light_and_a_formula_too_wide_for_it_is_text(page: "Page", tmp_path: Path) -> None:
    long = "+".join(f"exp({n}*x)/cosh({n}*x)" for n in range(2, 9))
    (tmp_path / "handout.html").write_bytes(handout(diffcli.grad(long, x=0.1, symbolic=True), "html", 6, False, "en"))
    page.goto((tmp_path / "handout.html").as_uri())
    seen = []
    for medium in ("screen", "print"):
        page.emulate_media(color_scheme="dark", media=medium)  # type: ignore[arg-type]
        ground = page.locator("svg .ground").evaluate("ground => getComputedStyle(ground).fill")
        seen.append(
            (ground == "rgb(255, 255, 255)", page.locator("math").is_visible(), page.locator(".printed").is_visible())
        )
    assert seen == [(False, True, False), (True, False, True)]


@pytest.mark.long
def test_results_in_a_notebook_are_accessible(page: "Page", axe: Callable[["Page"], list[str]], tmp_path: Path) -> None:
    """Cells of a notebook are parts of a page."""
    cells = [
        diffcli.grad("log(sum(exp(x)))", x=[1, 2], symbolic=True)._repr_html_(),
        diffcli.hessian("x^2*y", x=1, y=2)._repr_html_(),
        diffcli.compare("abs(x)", x=0)._repr_html_(),
        diffcli.descend("mean(x*x)", x=[1, 2, 3])._repr_html_(),
    ]
    body = "".join(f"<section><h3>cell {number}</h3>{cell}</section>" for number, cell in enumerate(cells))
    head = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>cells</title><link rel="icon" href="data:,">'
    document = f"{head}<main><h1>notebook</h1><h2>results</h2>{body}</main></html>"
    (tmp_path / "cells.html").write_text(document, encoding="utf-8")
    page.goto((tmp_path / "cells.html").as_uri())
    assert axe(page) == []
    assert page.locator("polyline").count() == 1
    page.add_style_tag(
        content=".lab td, .lab th, .lab tr { text-align: right }"
    )  # JupyterLab's, which may come after ours
    page.evaluate("document.body.className = 'lab'")
    assert set(page.locator("td, th").evaluate_all("cells => cells.map(cell => getComputedStyle(cell).textAlign)")) == {
        "left"
    }


def test_mermaid_draws_the_block_of_the_markdown(mermaid: Callable[[str], "Locator"]) -> None:
    for source, names in ((_SEED, {"x", "x*x", "mean(x*x)"}), (_RICH, {"θ_1", "rate_of_change"})):
        (block,) = re.findall(r"^(`{3,})mermaid\n(.*?)\n\1$", _written(source, "md"), re.MULTILINE | re.DOTALL)
        drawn = mermaid(block[1])
        texts = drawn.locator(".node").all_text_contents()
        assert {name for name in names if any(text.startswith(name) for text in texts)} == names


@pytest.mark.long
@pytest.mark.parametrize("source", [_SEED, _RICH], ids=["seed", "rich"])
def test_tex_sets_the_document(tex: Callable[[str], bytes], source: str) -> None:
    assert tex(_written(source, "tex")).startswith(b"%PDF")


def test_tex_takes_formulas_however_wide_and_deep_and_all_signs_of_their_texts(tex: Callable[[str], bytes]) -> None:
    nested = [
        (r"\sin{\left(", r" \right)}"),
        (r"\frac{1}{", "}"),
        (r"\begin{cases}", r" & \text{if}\: x > 0 \\ 0 & \text{otherwise} \end{cases}"),
    ]
    formulas = [f"{before * count}x{after * count}" for before, after in nested for count in (10, 24, 50, 100, 1000)]
    formulas += ["+".join("W" * count) for count in (30, 500, 5000)]
    blocks = tuple(Formula("y", formula, "‖W ⊙ x ⊘ b‖² + ∑ᵢ₌₁ⁿ A₁ᵢ") for formula in formulas)
    assert tex(latex(Handout("formulas", (Section("all", blocks),)))).startswith(b"%PDF")
