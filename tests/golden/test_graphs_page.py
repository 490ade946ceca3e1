"""The picture of the tutorial's graph in the documentation is what `graph` writes."""

from pathlib import Path

from command import answer
from golden.pages import DOCS, assert_generated


def test_the_page_has_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "graph.mmd"
    assert answer(["graph", "mean(x*x)", "--at", "1,2,3", "-o", str(path)]).code == 0
    text = path.read_text(encoding="utf-8").strip()
    assert_generated(DOCS / "reference/graphs.md", "graph", f"\n```mermaid\n{text}\n```\n\n")
