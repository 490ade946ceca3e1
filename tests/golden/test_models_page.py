"""The table of the models of a course, as their programs describe them."""

import itertools

from golden.pages import DOCS, ROOT, assert_generated

import diffcli

FOLDER = ROOT / "examples" / "models"


def _row(name: str) -> str:
    """The comment that a program begins with, how many numbers it learns, and the loss that it starts from."""
    text = (FOLDER / f"{name}.expr").read_text(encoding="utf-8")
    comment = itertools.takewhile(lambda line: line.startswith("# "), text.splitlines())
    report = diffcli.grad(text)
    learned = sum(partial.size for partial in report.gradient.values())
    return f"| `{name}` | {' '.join(line[2:] for line in comment)} | {learned:,} | {report.value:.6g} |\n"


def test_the_table_is_that_of_the_programs() -> None:
    rows = [_row(path.stem) for path in sorted(FOLDER.glob("*.expr"))]
    head = "\n| program | what it is | parameters | loss |\n|---|---|---|---|\n"
    assert_generated(DOCS / "teachers/models.md", "models", f"{head}{''.join(rows)}\n")
