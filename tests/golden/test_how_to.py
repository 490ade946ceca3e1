"""What the answers to questions show of Python, of PyTorch and of JAX is so."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from golden.pages import DOCS, ROOT, page_name

PAGES = [page for page in sorted((DOCS / "how-to").glob("*.md")) if "```python" in page.read_text(encoding="utf-8")]


@pytest.mark.filterwarnings("ignore")  # gradcheck warns of what the page is about
@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_block_answers_as_its_comments_say(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for library in re.findall(r"^import (torch|jax)$", block, re.MULTILINE):
            pytest.importorskip(library, reason=f"{library} is not installed: what the page shows of it is not run")
        assert answers(block) > 0


def answers(block: str) -> int:
    """Run a block, and count the expressions whose value is the comment behind them."""
    lines, names, found = block.splitlines(), dict[str, Any](), 0
    for statement in ast.parse(block).body:
        code, _, comment = lines[statement.end_lineno - 1].partition("  # ")  # type: ignore[operator]
        if isinstance(statement, ast.Expr) and comment:
            found += 1
            assert repr(eval(code, names)) == comment.strip(), code
        else:
            exec(ast.unparse(statement), names)
    return found
