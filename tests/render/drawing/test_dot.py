"""The DOT file by its own rules: strings closed, labels well-formed, every text in it as text.

Graphviz itself reads it in tests/browser.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from sys import getrecursionlimit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.drawing.diagrams import BACKWARD, BOTH, DIAGRAMS, FRAMES

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.diagram import Box, Diagram, Frame, Line
from diffcli.render.drawing.layout.box_sizes import shown
from diffcli.render.drawing.notation.dot import dot
from diffcli.render.drawing.notation.mermaid import mermaid
from diffcli.render.drawing.notation.tikz import tikz

_VALUE = r'"(?:[^"\\]|\\.)*"|<(?:<[^<>]*>|[^<>])*>|[\w.]+'
_NAME = r'"\w+"'
_STATEMENT = re.compile(
    rf"(?:{_NAME}(?: -> {_NAME})*|graph|node|edge) \[(?:\w+=(?:{_VALUE})(?:, )?)*\];"
    rf"|subgraph {_NAME} {{|\{{ rank=same; .*; }}|}}|digraph diffcli {{"
)
_LABEL = re.compile(r"label=<((?:<[^<>]*>|[^<>])*)>[,\]]")


def _texts(document: str) -> list[str]:
    """All lines of all labels, as XML says what they hold, with Graphviz's escapes undone."""
    lines = []
    for label in _LABEL.findall(document):
        lines += ["".join(font.itertext()) for font in ElementTree.fromstring(f"<label>{label}</label>").iter("FONT")]
    return [line.replace("\\\\", "\\").replace("\u00a0", " ") for line in lines]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_stays_text(texts: list[str]) -> None:
    boxes = tuple(
        Box(f"n{number}", "operation", (Line("title", text),), description=text) for number, text in enumerate(texts)
    )
    document = dot(Diagram("".join(texts), boxes, ()), "light")
    assert all(_STATEMENT.fullmatch(line.strip()) for line in document.splitlines())
    assert _texts(document) == [(shown(text) or " ").replace("\u00a0", " ") for text in texts]


def test_tooltips_are_no_escapes_even_when_they_are_read_twice() -> None:
    assert r'tooltip="\\\\N &amp;lt; \""' in dot(
        Diagram("", (Box("n0", "operation", (), description='\\N &lt; "'),), ()), "light"
    )


@pytest.mark.parametrize("name", DIAGRAMS)
def test_every_statement_is_whole(name: str) -> None:
    document = dot(DIAGRAMS[name], "dark")
    assert [line for line in document.splitlines() if not _STATEMENT.fullmatch(line.strip())] == []
    assert document.count("{") == document.count("}") or name == "labels"
    assert dot(DIAGRAMS[name], "dark") == document


def test_both_edges_of_a_square_with_their_positions_at_the_operation() -> None:
    assert re.findall(r'"n0" -> "n1".*headlabel=<<FONT[^>]*>(\d)</FONT>>', dot(BOTH, "light")) == ["1", "2"]
    assert re.findall(r'"n1" -> "n0".*taillabel=<<FONT[^>]*>(\d)</FONT>>', dot(BACKWARD, "light")) == ["1", "2"]
    assert 'rankdir="BT"' in dot(BACKWARD, "light")


def test_frames_nest_and_looks_differ() -> None:
    document = dot(replace(FRAMES, legend=()), "light")
    assert re.findall(r"(?m)^( *)subgraph (.*) {$", document) == [
        ("  ", '"cluster_g0"'),
        ("  ", '"cluster_g1"'),
        ("    ", '"cluster_g2"'),
    ]
    shapes = {
        name: re.search(rf'"{name}" \[shape="(\w+)", style="([\w,]+)"', document)
        for name in ("n0", "n1", "n2", "n3", "n4", "n7")
    }
    assert len({found.groups() for found in shapes.values() if found}) == 6
    assert '"n8" [' in document
    assert 'peripheries="2"' in document


def test_themes_differ_in_colours_only() -> None:
    light, dark = dot(FRAMES, "light"), dot(FRAMES, "dark")
    assert light != dark
    assert re.sub("#[0-9A-F]{6}", "", light) == re.sub("#[0-9A-F]{6}", "", dark)
    assert dot(FRAMES, "auto") == light


@pytest.mark.parametrize("write", [dot, mermaid, tikz], ids=["dot", "mermaid", "tikz"])
def test_frames_may_nest_deeper_than_calls(write: Callable[[Diagram, Theme], str]) -> None:
    frames = tuple(
        Frame(f"g{number}", "f", f"g{number - 1}" if number else None) for number in range(2 * getrecursionlimit())
    )
    document = write(
        Diagram("deep", (Box("n0", "operation", (Line("title", "x"),), frame=frames[-1].id),), (), frames), "light"
    )
    assert len(document.splitlines()) > len(frames)
