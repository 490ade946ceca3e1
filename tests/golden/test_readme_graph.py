"""The README's picture of the tutorial's graph is what `graph` writes."""

import os
from pathlib import Path

from command import answer
from golden.golden import HERE

README = HERE.parent.parent / "README.md"
BEGIN, END = "<!-- graph: written by the tests -->\n", "<!-- end of graph -->"


def test_the_readme_has_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "graph.mmd"
    assert answer(["graph", "mean(x*x)", "--at", "1,2,3", "-o", str(path)]).code == 0
    block = f"\n```mermaid\n{path.read_text(encoding='utf-8').strip()}\n```\n\n"
    text = README.read_text(encoding="utf-8")
    begin = text.index(BEGIN) + len(BEGIN)
    if os.environ.get("DIFFCLI_UPDATE_GOLDEN"):
        text = text[:begin] + block + text[text.index(END) :]
        README.write_text(text, encoding="utf-8")
    assert text[begin : text.index(END)] == block
