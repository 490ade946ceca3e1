"""What the documentation shows of Python is what Python answers."""

import ast
import re
from typing import Any

import pytest
from golden.pages import DOCS, ROOT

LINES = [
    line
    for page in ("reference/python.md", "reference/checking.md")
    for block in re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
]


def test_every_line_runs_and_answers_as_its_comment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment that is no value is a remark."""
    monkeypatch.chdir(ROOT)
    answers, names = 0, dict[str, Any]()
    for line in filter(None, LINES):
        code, _, comment = line.partition("  # ")
        (statement,) = ast.parse(code.strip()).body
        if not isinstance(statement, ast.Expr):
            exec(code, names)
        elif re.match(r"[\d'\"\[(]|array\(", comment):
            answers += 1
            assert repr(eval(code.strip(), names)) == comment.strip(), line
        else:
            eval(code.strip(), names)
    assert answers >= 8
