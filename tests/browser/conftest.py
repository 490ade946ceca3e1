"""Those who read our pictures and pages: a browser, axe-core, a validator of HTML, Mermaid, Graphviz and TeX.

Where one of them is not installed, the tests that need it are skipped and say what to install; with
DIFFCLI_REQUIRE_BROWSER set they fail.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

HERE = Path(__file__).parent
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
#: Without these Chromium looks for its maker's hosts at every start.
_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
#: Of what axe-core finds: what is wrong, and where.
_AXE = (
    "async () => (await axe.run()).violations.map(found => `${found.id}: ${found.help}: ${found.nodes.map(node => "
    "node.html).join(' | ')}`)"
)
#: How a line of TeX's log begins that says what is wrong with the document.
_COMPLAINT = re.compile(r"!|Missing character|Overfull|(LaTeX|Package|Class)\b.* Warning")
_DRAW = """async text => {
  document.body.innerHTML = (await mermaid.render("drawing", text)).svg;
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Our tests come first, so that they lie in the stretch of one worker, who starts the only browser, and nobody
    takes them from it.
    """
    items.sort(key=lambda item: not item.nodeid.startswith("tests/browser/"))


def _missing(what: str) -> NoReturn:
    if os.environ.get("DIFFCLI_REQUIRE_BROWSER"):
        pytest.fail(f"not installed: {what}", pytrace=False)
    pytest.skip(f"not installed: {what}")


def _program(*names: str, package: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    return found or _missing(f"{names[0]} (Debian: {package})")


def _script(path: str) -> Path:
    script = HERE / "node_modules" / path
    return script if script.is_file() else _missing(f"{path} (npm install --prefix tests/browser)")


@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    """A headless Chromium.

    It ends with this folder's tests, since while Playwright runs nothing else can run an event loop.
    """
    chromium = _program(*_CHROMIUM, package="chromium")
    if not find_spec("playwright"):
        _missing("playwright (pip install '.[test]')")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A fresh page of 1280 x 720. What it does wrong (see `watched`) fails the test."""
    from browser.watching import watched

    with browser.new_context(offline=True) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        complaints = watched(page)
        yield page
    assert not complaints


@pytest.fixture(scope="package")
def axe() -> Callable[["Page"], list[str]]:
    """`axe(page)`: the accessibility violations of a page as it is now, one text for each."""
    source = _script("axe-core/axe.min.js").read_text()

    def violations(page: "Page") -> list[str]:
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(source)
        found: list[str] = page.evaluate(_AXE)
        return found

    return violations


@pytest.fixture(scope="package")
def validated() -> Callable[[list[Path]], list[str]]:
    """`validated(pages)`: what html-validate finds against the standard of HTML in them, a line for each."""
    script = _script("html-validate/bin/html-validate.mjs")

    def findings(pages: list[Path]) -> list[str]:
        command = ["node", script, "--preset", "standard", "--formatter", "text", *pages]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert not done.stderr, done.stderr
        return done.stdout.splitlines()

    return findings


@pytest.fixture(scope="package")
def mermaid(browser: "Browser") -> Iterator[Callable[[str], "Locator"]]:
    """`mermaid(text)`: the `<svg>` that Mermaid draws of it, in a page of its own;
    raises Playwright's Error with Mermaid's message.
    """
    script = _script("mermaid/dist/mermaid.min.js")
    from browser.watching import watched

    with browser.new_context(offline=True) as context:
        page = context.new_page()
        page.add_script_tag(path=script)
        page.evaluate("mermaid.initialize({startOnLoad: false})")
        complaints = watched(page)

        def drawn(text: str) -> "Locator":
            complaints.clear()
            page.evaluate(_DRAW, text)
            assert not complaints
            return page.locator("body > svg")

        yield drawn


@pytest.fixture(scope="package")
def graphviz_dot() -> Callable[..., str]:
    """`graphviz_dot(text, kind="svg")`: what Graphviz makes of it; it must accept it without a word."""
    dot = _program("dot", package="graphviz")

    def drawn(text: str, kind: str = "svg") -> str:
        done = subprocess.run(
            [dot, f"-T{kind}"], input=text, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
        assert not done.stderr, done.stderr
        assert not done.returncode
        return done.stdout

    return drawn


@pytest.fixture
def tex(tmp_path: Path) -> Callable[[str], bytes]:
    """`tex(text)`: the PDF that pdfLaTeX makes of a document; it must find nothing wrong, no character missing, no line
    too long.
    """
    pdflatex = _program("pdflatex", package="texlive-latex-base, texlive-pictures")

    def compiled(text: str) -> bytes:
        (tmp_path / "drawing.tex").write_text(text, encoding="utf-8")
        command = [pdflatex, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "drawing.tex"]
        subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
        log = (tmp_path / "drawing.log").read_text(encoding="utf-8", errors="replace")
        wrong = [line for line in log.splitlines() if _COMPLAINT.match(line)]
        assert not wrong, log[-2000:]
        return (tmp_path / "drawing.pdf").read_bytes()

    return compiled
