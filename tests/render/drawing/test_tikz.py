"""The picture in TikZ by TeX's rules: groups and environments closed, only known commands, everything defined that is
used. TeX reads it in tests/browser.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.drawing.diagrams import BACKWARD, BOTH, DIAGRAMS, LABELS, chain

from diffcli.render.drawing.diagram import Box, Diagram, Line
from diffcli.render.drawing.notation.latex_text import latex_shown, latex_text
from diffcli.render.drawing.notation.tikz import LONGEST, tikz, tikz_picture

pytestmark = pytest.mark.fast

#: What each command in a text stands for, written down a second time.
_SHOWN = {
    r"\ensuremath{\backslash}": "\\", r"\ensuremath{\{}": "{", r"\ensuremath{\}}": "}", r"\ensuremath{<}": "<",
    r"\ensuremath{>}": ">",
    r"\ensuremath{|}": "|", r"\ensuremath{\sim}": "~", r"\^{}": "^", r"{\char34}": '"', r"{\char39}": "'",
    r"{\char96}": "`", "-{}": "-",
    r"\ensuremath{\$}": "$", r"\&": "&", r"\#": "#", r"\_": "_", r"\%": "%", "~": " ",
}  # fmt: skip
_COMMANDS = {
    "begin",
    "end",
    "path",
    "node",
    "fill",
    "definecolor",
    "ttfamily",
    "fontsize",
    "selectfont",
    "frenchspacing",
    "char",
    "ensuremath",
    "mathrm",
}


def _read(text: str) -> str:
    return re.sub("|".join(map(re.escape, _SHOWN)), lambda found: _SHOWN[found.group()], text)


def _closed(document: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", document):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_ascii_text_can_be_read_back(text: str) -> None:
    assert _read(latex_text(text)) == text


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_closed_and_ascii(text: str) -> None:
    written = latex_text(text)
    assert written.isascii()
    assert written.isprintable()
    assert _closed(written)
    assert not re.search(
        r"--|\?`|!`|  |(?<!\\)[$&#_%^]|^ | $", re.sub(r"\\\^|\\\^?\{|ensuremath\{\{\}[\^_]", "", written)
    )
    assert latex_text(latex_shown(text)) == written or "\u00a0" in text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("α∇x²", r"\ensuremath{\alpha}\ensuremath{\nabla}x\ensuremath{{}^{\mathrm{2}}}"),
        ("a₁ᵀ", r"a\ensuremath{{}_{\mathrm{1}}}\ensuremath{{}^{\mathrm{T}}}"),
        ("éx̂ï", r"\'{e}\^{x}\"{\i}"),
        ("Ω → −½", r"\ensuremath{\Omega} \ensuremath{\rightarrow} \ensuremath{-}U+00BD"),
        ("a--b ---", "a-{}-b -{}-{}-"),
        ("中\0\ud800", "U+4E2DU+0000U+D800"),
    ],
)
def test_letters_and_signs(text: str, written: str) -> None:
    assert latex_text(text) == written


def test_other_engines_can_have_the_characters_themselves() -> None:
    assert latex_text("中α\0\ud800", unicode=True) == r"中\ensuremath{\alpha}U+0000U+D800"


@pytest.mark.parametrize("name", DIAGRAMS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_that_is_used_is_defined(name: str, theme: str) -> None:
    document = tikz_picture(DIAGRAMS[name], theme)  # type: ignore[arg-type]
    assert document.isascii()
    assert _closed(document)
    styles = set(re.findall(r"(?m)^  ([\w ]+)/\.style=", document))
    used = set(re.findall(r"(?m)^  \\(?:path\[([\w ]+)\]|node\[([\w ]+), anchor)", document))
    assert {one or other for one, other in used} == styles
    colours = re.findall(r"\\definecolor\{(diffcli-\w+)\}\{HTML\}\{[0-9A-F]{6}\}", document)
    assert len(colours) == len(set(colours))
    assert set(colours) == set(re.findall(r"diffcli-\w+", document))
    assert re.findall(r"\\node\[[^\]]*\] \((\w+)\)", document) == [box.id for box in DIAGRAMS[name].boxes]
    if name != "labels":
        assert set(re.findall(r"\\([A-Za-z]+)", document)) <= _COMMANDS | {"cdot", "times", "ldots"}
    assert tikz_picture(DIAGRAMS[name], theme) == document  # type: ignore[arg-type]


def test_every_line_is_there_in_its_place() -> None:
    document = tikz_picture(BOTH, "auto")
    for box in BOTH.boxes:
        assert all(f"{{{latex_text(line.text)}}};" in document for line in box.lines)
    assert document == tikz_picture(BOTH, "light") != tikz_picture(BOTH, "dark")
    assert tikz(BOTH, "auto").count(document) == 1


def test_text_of_nobodys_choosing_stays_on_its_line() -> None:
    document = tikz_picture(LABELS, "light")
    assert all(
        re.match(r"  (\\(path|node|fill|definecolor)[\[{]|[\w ]+/\.style=)|\\(begin|end)\{tikzpicture\}", line)
        for line in document.splitlines()
    )


def test_gradients_point_up_from_below() -> None:
    document = tikz_picture(BACKWARD, "light")
    starts = re.findall(r"\[backward arrow line\] \([-\d.]+,([-\d.]+)\).* \([-\d.]+,([-\d.]+)\);", document)
    assert [float(begin) > float(end) for begin, end in starts] == [
        True,
        True,
        True,
        False,
    ]  # the last is the legend's, which lies


def test_a_picture_that_no_sheet_holds_is_shrunk() -> None:
    document = tikz_picture(chain(120, operands=1), "light")
    numbers = [float(number) for number in re.findall(r"[(,](-?\d+\.?\d*)(?=[,)])", document)]
    assert LONGEST - 1 < max(numbers) <= LONGEST
    assert re.search(r"title text 12/\.style=\{.*, scale=0\.\d+\}", document)


def test_a_box_is_as_wide_as_what_stands_for_its_characters() -> None:
    def width(text: str) -> float:
        found = re.search(
            r"minimum width=([\d.]+)bp",
            tikz_picture(Diagram("", (Box("n0", "operation", (Line("title", text),)),), ()), "light"),
        )
        assert found
        return float(found.group(1))

    assert width("中文" * 5) == width("U+4E2DU+6587" * 5)
