"""SVG files as a browser shows them: every number of the document is on the page, inside it, and nothing is markup that
should be text.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import answer

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEED = ["mean(x*x) # <b>&amp;</script>", "--at", "1,2,3"]
_OUTSIDE = (
    "() => [...document.querySelectorAll('text')].filter(each => { "
    "const box = each.getBBox(), view = document.documentElement.viewBox.baseVal; "
    "return box.x < 0 || box.y < 0 || box.x + box.width > view.width || box.y + box.height > view.height }).length"
)


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_numbers_of_the_document_are_in_the_picture(page: "Page", tmp_path: Path, theme: str) -> None:
    path = tmp_path / "graph.svg"
    assert answer(["graph", *SEED, "--precision", "12", "--theme", theme, "-o", str(path)]).code == 0
    page.goto(path.as_uri())
    document = json.loads(answer(["graph", *SEED, "--json"]).out)
    for node in document["nodes"]:
        for role in ("value", "gradient"):
            said = page.locator(f"#n{node['id']} text.{role}").text_content() or ""
            shown = json.loads(said.partition(" ")[2])
            assert shown == pytest.approx(node[role], rel=1e-11)
    assert page.locator("g.arrow").count() == len(document["edges"]) == 3
    assert page.evaluate(_OUTSIDE) == 0
    assert page.locator("script, b").count() == 0
