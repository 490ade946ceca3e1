"""The readers of our pictures see what is wrong: without that, their silence about ours would mean nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

_BAD = """<!DOCTYPE html><html lang="en"><title>bad</title><main><h1>bad</h1><input><img alt="" src="https://example.invalid/a.png"></main>
<script>console.warn("spoken"); setTimeout(() => { throw new Error("thrown"); });</script></html>"""


@pytest.mark.long
def test_a_page_that_speaks_fails_or_fetches_is_reported(browser: "Browser", tmp_path: Path) -> None:
    from browser.watching import watched

    with browser.new_context(offline=True) as context:
        page = context.new_page()
        complaints = watched(page)
        (tmp_path / "bad.html").write_text(_BAD)
        with page.expect_event("pageerror"):
            page.goto((tmp_path / "bad.html").as_uri())
    assert {"console warning: spoken", "error: thrown", "request: https://example.invalid/a.png"} <= set(complaints)


def test_axe_finds_a_field_without_a_name(page: "Page", axe: Callable[["Page"], list[str]]) -> None:
    page.set_content('<html lang="en"><title>bad</title><main><h1>bad</h1><input></main></html>')
    assert [violation.split(":")[0] for violation in axe(page)] == ["label"]


@pytest.mark.long
def test_mermaid_draws_a_flowchart_and_refuses_a_broken_one(mermaid: Callable[[str], "Locator"]) -> None:
    from playwright.sync_api import Error

    with pytest.raises(Error, match="Parse error on line 2"):
        mermaid('flowchart TD\n a["x"] --> --> b')
    drawing = mermaid('flowchart TD\n a["x"] -->|first| b["x * x"]\n a -->|second| b')
    assert sorted(drawing.locator(".node").all_text_contents()) == ["x", "x * x"]
    assert [text for text in drawing.locator("g.edgeLabel").all_text_contents() if text] == ["first", "second"]


def test_graphviz_draws_a_graph_and_refuses_a_broken_one(graphviz_dot: Callable[..., str]) -> None:
    assert "<svg" in graphviz_dot("digraph { a -> b }")
    with pytest.raises(AssertionError, match="syntax error"):
        graphviz_dot("digraph { a -> }")


def test_tex_compiles_a_drawing_and_refuses_a_broken_one(tex: Callable[[str], bytes]) -> None:
    document = r"\documentclass{article}\usepackage{tikz}\begin{document}\tikz \draw (0, 0) -- (1, 1);\end{document}"
    assert tex(document).startswith(b"%PDF")
    with pytest.raises(AssertionError, match="Undefined control sequence"):
        tex(document.replace(r"\draw", r"\drow"))
