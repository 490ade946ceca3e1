"""The tutorial: its two languages have the same pages, its PyTorch prints what its comments say, and each page asks
something and leads to the next.
"""

import contextlib
import io
import re
import tokenize
from pathlib import Path

import pytest
from golden.pages import DOCS, ROOT

ENGLISH, CHINESE = DOCS / "tutorial", DOCS / "zh" / "tutorial"
NAMES = sorted(page.name for page in ENGLISH.glob("[0-9]*.md"))


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _programs(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def test_both_languages_have_all_pages_in_their_order() -> None:
    for folder in (ENGLISH, CHINESE):
        assert sorted(page.name for page in folder.glob("[0-9]*.md")) == NAMES
        assert re.findall(r"\((\d[^)]*\.md)\)", _text(folder / "README.md")) == NAMES
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_pytorch_prints_what_the_comments_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    monkeypatch.chdir(ROOT)
    printed, names = io.StringIO(), dict[str, object]()
    programs = _programs(_text(ENGLISH / name))
    with contextlib.redirect_stdout(printed):
        for program in programs:
            exec(program, names)
    tokens = tokenize.generate_tokens(io.StringIO("".join(programs)).readline)
    said = [token.string.removeprefix("# ") for token in tokens if token.type == tokenize.COMMENT]
    assert printed.getvalue().splitlines() == said != []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asks_something_and_leads_on(name: str) -> None:
    english = _text(ENGLISH / name)
    assert "**What you will learn:**" in english
    assert re.search(r"diffcli (check|quiz) ", english.partition("## Exercises")[2])
    place = NAMES.index(name)
    for text in (english, _text(CHINESE / name)):
        for neighbour in NAMES[max(place - 1, 0) : place] + NAMES[place + 1 : place + 2]:
            assert f"]({neighbour})" in text
