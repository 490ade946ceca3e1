"""The site: built without a warning, valid, and read on a screen and a phone, in light and dark, without a network."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parent.parent.parent
#: Pages of different kinds: a short one, one with tables and pictures, one in Chinese, the first.
SOME = ("docs/how-to/graph-for-a-paper.html", "docs/reference/commands.html", "README.zh-CN.html", "index.html")
#: What leads from a page elsewhere: nothing is loaded from there.
_ELSEWHERE = re.compile(r"https?://|mailto:|javascript:")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site. A warning ends the build."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]  # quiet, it would not count warnings
    where = ["--config-file", ROOT / ".site" / "mkdocs.yml", "--site-dir", folder]
    done = subprocess.run([*command, *where], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(params=[("light", 1280), ("dark", 360)], ids=["screen, light", "phone, dark"])
def context(browser: "Browser", request: pytest.FixtureRequest) -> Iterator["BrowserContext"]:
    """A reader's browser without a network."""
    scheme, width = request.param
    with browser.new_context(offline=True, viewport={"width": width, "height": 720}, color_scheme=scheme) as context:
        yield context


class Elements(HTMLParser):
    """What a page is linked to, and the names that its places have."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links, self.loaded, self.names = set[str](), set[str](), set[str]()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.names |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        elif given.get("rel") != "canonical":
            self.loaded |= {given[name] for name in ("href", "src") if given.get(name)}


def test_every_link_leads_to_a_place_that_is_there(site: Path) -> None:
    """And nothing comes from elsewhere."""
    pages = {page: Elements(page) for page in site.rglob("*.html")}
    assert len(pages) > 30
    for page, found in pages.items():
        assert not [each for each in found.loaded if _ELSEWHERE.match(each)], page
        for link in found.links | found.loaded:
            if _ELSEWHERE.match(link):
                continue
            name, _, place = unquote(link).partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.is_file(), f"{page}: {link}"
            assert not place or target.suffix != ".html" or place in pages[target].names, f"{page}: {link}"


@pytest.mark.long
def test_the_pages_are_valid(site: Path, validated: Callable[[list[Path]], list[str]]) -> None:
    assert validated(sorted(site.rglob("*.html"))) == []


def test_the_validator_sees_what_is_wrong(tmp_path: Path, validated: Callable[[list[Path]], list[str]]) -> None:
    (tmp_path / "bad.html").write_text("<!DOCTYPE html><html lang='en'><title>bad</title><p><div></div></p></html>")
    assert validated([tmp_path / "bad.html"])


@pytest.mark.long
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "every"])
def test_everybody_can_read_a_page(
    every: bool, site: Path, context: "BrowserContext", axe: Callable[["Page"], list[str]]
) -> None:
    """axe-core finds nothing, nothing is wider than the window, and nothing comes but from beside the page."""
    from browser.watching import watched

    page, checked = context.new_page(), context.new_page()  # axe-core itself asks for style sheets again
    complaints = watched(page, (site.as_uri(), "data:", "blob:"))
    for file in sorted(site.rglob("*.html")) if every else [site / name for name in SOME]:
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), file
        checked.goto(file.as_uri())
        assert axe(checked) == [], file
    assert complaints == []


def test_a_page_says_its_language(site: Path) -> None:
    languages = {
        page: re.findall(r'<html lang="(\w+)"', page.read_text(encoding="utf-8")) for page in site.rglob("*.html")
    }
    assert {page.name for page, [language] in languages.items() if language != "en"} >= {"README.zh-CN.html"}
    assert languages[site / "index.html"] == ["en"]


def test_without_scripts_a_page_and_the_way_to_others_are_there(site: Path, browser: "Browser") -> None:
    with browser.new_context(
        offline=True, java_script_enabled=False, viewport={"width": 360, "height": 720}
    ) as context:
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        assert page.get_by_role("heading", level=1).is_visible()
        page.get_by_role("article").get_by_role("link", name="How-to").click()
        page.locator("label.md-header__button[for=__drawer]").click()
        page.locator(".md-nav--primary").get_by_role("link", name="Why is my gradient nan?").click()
        assert page.get_by_role("heading", level=1).inner_text().startswith("Why is my gradient nan?")


def test_what_is_searched_for_is_found(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert any("gradcheck" in entry["text"] for entry in index["docs"])
