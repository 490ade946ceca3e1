"""The pages that document the program: each is read, run and in part written by the tests."""

import os
from pathlib import Path

from golden.golden import HERE, UPDATE

ROOT = HERE.parent.parent
DOCS = ROOT / "docs"
README = ROOT / "README.md"
EXAMPLES = ROOT / "examples"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *EXAMPLES.rglob("*.md")])


def page_name(page: Path) -> str:
    """The page as its readers call it: `docs/reference/graphs.md`."""
    return str(page.relative_to(ROOT))


def language(page: str) -> dict[str, str]:
    """The environment in which the commands of a page, by its name, speak its language."""
    return {"DIFFCLI_LANG": "zh"} if page.startswith("docs/zh/") or ".zh-CN." in page else {}


def assert_generated(page: Path, subject: str, text: str) -> None:
    """`text` is what stands in the page between the comments about `subject`."""
    begin, end = f"<!-- {subject}: written by the tests -->\n", f"<!-- end of {subject} -->"
    content = page.read_text(encoding="utf-8")
    before, _, rest = content.partition(begin)
    written, _, after = rest.partition(end)
    if os.environ.get(UPDATE):
        page.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")
        written = text
    assert written == text
