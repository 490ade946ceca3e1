"""The flowchart by our own rules for labels. Mermaid itself reads it in tests/browser."""

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.drawing.diagrams import BACKWARD, BOTH, DIAGRAMS, FRAMES, chain

from diffcli.render.drawing.diagram import Box, Diagram, Line
from diffcli.render.drawing.layout.box_sizes import shown
from diffcli.render.drawing.notation.mermaid import MOST_ARROWS, MOST_CHARACTERS, mermaid

pytestmark = pytest.mark.fast


def _labels(document: str) -> list[list[str]]:
    """The lines of each label, with entities replaced and our characters for spaces and between marks undone."""
    found = re.findall(r'"([^"]*)"', document.split("\n", 1)[1])
    plain = [
        html.unescape(re.sub(r"#(\d+);", r"&#\1;", label)).replace("\u2060", "").replace("\u00a0", " ")
        for label in found
    ]
    return [label.split("<br>") for label in plain]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_stays_text(texts: list[str]) -> None:
    boxes = tuple(Box(f"n{number}", "operation", (Line("title", text),)) for number, text in enumerate(texts))
    document = mermaid(Diagram("".join(texts), boxes, ()), "light")
    assert re.findall(r'"(?:[^"#<>&`*_\[\]{}|~$%;:@]|#\d+;)*"', document.split("\n", 1)[1]) == re.findall(
        '"[^"]*"', document.split("\n", 1)[1]
    )
    lines = [(shown(text) or " ").replace("\u00a0", " ").replace("\u2060", "") for text in texts]
    assert _labels(document) == [line.split("<br>") for line in lines]


def test_words_of_the_language_are_broken() -> None:
    document = mermaid(
        Diagram("", (Box("n0", "operation", (Line("title", "direction LR, \ufb02\u00b0\u00b035\u00b6\u00df"),)),), ()),
        "light",
    )
    assert "direction LR" not in document
    assert "#64258;#176;" not in document
    assert "#182;#223;" not in document
    assert _labels(document) == [["direction LR, \ufb02\u00b0\u00b035\u00b6\u00df"]]


def test_names_are_no_words_of_the_language() -> None:
    boxes = tuple(Box(name, "operation", ()) for name in ("end", "style", "graph", "default", "x", "o"))
    names = re.findall(r"(?m)^  (\S+)\(", mermaid(Diagram("", boxes, ()), "light"))
    assert names == ["n_end", "n_style", "n_graph", "n_default", "n_x", "n_o"]


@pytest.mark.parametrize("name", DIAGRAMS)
def test_every_line_of_a_drawing_is_there(name: str) -> None:
    diagram = DIAGRAMS[name]
    document = mermaid(diagram, "light")
    for box in diagram.boxes:
        assert [(shown(line.text) or " ").replace("\u00a0", " ") for line in box.lines] in _labels(document)
    assert document == mermaid(diagram, "light")


def test_both_edges_of_a_square_with_their_positions() -> None:
    assert re.findall(r'n_n0 <-->\|"\((\d)\) ', mermaid(BOTH, "light")) == ["1", "2"]
    assert re.findall(r'n_n1 -->\|"\((\d)\) ', mermaid(BACKWARD, "light")) == ["1", "2"]
    assert "\nflowchart BT\n" in mermaid(BACKWARD, "light")


def test_frames_nest() -> None:
    lines = mermaid(FRAMES, "light").splitlines()
    opened = [line for line in lines if line.lstrip().startswith("subgraph n_")]
    assert [len(line) - len(line.lstrip()) for line in opened] == [2, 2, 4]
    assert sum(line.strip() == "end" for line in lines) == 4  # and the legend


@pytest.mark.parametrize(("theme", "named"), [("light", "default"), ("dark", "dark"), ("auto", None)])
def test_themes(theme: str, named: str | None) -> None:
    settings = json.loads(mermaid(BOTH, theme).splitlines()[0].removeprefix("%%{init: ").removesuffix("}%%"))  # type: ignore[arg-type]
    assert settings.get("theme") == named


def test_a_long_computation_passes_the_limits_that_are_stated() -> None:
    long = chain(252)
    assert len(long.arrows) > MOST_ARROWS
    assert len(mermaid(long, "auto")) > MOST_CHARACTERS
