"""A page in Chinese has the commands, programs and pictures of the page in English, and each leads to the other."""

import re
from pathlib import Path

import pytest
from golden.pages import DOCS, page_name

CHINESE = DOCS / "zh"
PAGES = sorted(CHINESE.rglob("*.md"))
#: At prompts, in sentences, and in blocks for a shell up to a comment.
COMMAND = re.compile(r"^\$ .*$|`diffcli [^`]*`|^diffcli .*?(?=  #|$)", re.MULTILINE)
PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]+\]\([^()]*?([^/()]+)\)")


def _english(page: Path) -> Path:
    return DOCS / page.relative_to(CHINESE)


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_both_languages_show_the_same(page: Path) -> None:
    english, chinese = (each.read_text(encoding="utf-8") for each in (_english(page), page))
    folder, name = page.parent.relative_to(CHINESE), page.name
    assert f"(../zh/{folder}/{name})" in english
    assert f"(../../{folder}/{name})" in chinese
    for what in (COMMAND, PROGRAM, PICTURE):
        assert what.findall(english) == what.findall(chinese)


@pytest.mark.parametrize("folder", ["tutorial", "how-to"])
def test_both_languages_have_all_pages_in_one_order(folder: str) -> None:
    links = [
        re.findall(r"\(([\w-]+\.md)\)", (place / folder / "README.md").read_text(encoding="utf-8"))
        for place in (DOCS, CHINESE)
    ]
    assert links[0] == links[1]
    assert {*links[0], "README.md"} == {page.name for page in (CHINESE / folder).glob("*.md")}
