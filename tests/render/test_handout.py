"""Handouts: they say what the report says, and whatever a text holds, it stays text in each format."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from command import answer
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import diffcli
from diffcli.render.drawing.notation.latex_text import latex_shown
from diffcli.render.handout.blocks import Cell, Code, Formula, Handout, Listing, Paragraph, Picture, Section, Table
from diffcli.render.handout.file_kinds import FORMATS, handout
from diffcli.render.handout.grad_handout import gradient_handout
from diffcli.render.handout.html_writer import page
from diffcli.render.handout.latex_writer import latex
from diffcli.render.handout.markdown_writer import markdown
from diffcli.render.handout.mathml import mathml
from diffcli.render.value_text import shown
from diffcli.source import lines_of, visible

ROOT = Path(__file__).parents[2]
GITHUB = MarkdownIt("commonmark").enable("table")
NASTY = st.text(st.sampled_from("ab1 |\\`<>&*_[]()#!$~-+=.\"'{}%^\n\té→中\x07"), max_size=12) | st.text(max_size=12)
SEED = diffcli.grad("mean(x*x)", x=[1, 2, 3], symbolic=True)


def one_line(text: str) -> str:
    """What a cell keeps of a text."""
    return visible(" ".join(lines_of(text)))


class Seen(HTMLParser):
    """What a reader of HTML sees: tables as rows of cells' texts, and the elements that there are."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(document)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def holding(*cells: Cell) -> Handout:
    """A document with one row."""
    return Handout("title", (Section("heading", (Table("caption", ("one",) * len(cells), (cells,)),)),))


def content(source: str = "mean(x*x)", full: bool = False, **at: object) -> Handout:
    return gradient_handout(diffcli.grad(source, at, symbolic=True), 6, full, lambda _: True)


def blocks(document: Handout, kind: type) -> list[object]:
    return [block for section in document.sections for block in section.blocks if isinstance(block, kind)]


def tables(document: Handout) -> dict[str, Table]:
    return {block.caption: block for block in blocks(document, Table)}  # type: ignore[attr-defined]


# what it says


def test_the_tables_have_the_reports_numbers() -> None:
    found = tables(content(x=[1, 2, 3]))
    assert [tuple(cell.text for cell in row if isinstance(cell, Code)) for row in found["Gradient"].rows] == [
        ("d/dx", "[0.666667, 1.33333, 2]")
    ]
    nodes = {row[0].text: row[2].text for row in found["Forward pass"].rows}  # type: ignore[union-attr]
    assert nodes == {node.label: shown(node.value) for node in SEED.trace.nodes}
    for row, flow in zip(found["Backward pass"].rows, SEED.trace.flows, strict=True):
        _, rule, local, upstream, contribution, running = (cell.text for cell in row)  # type: ignore[union-attr]
        assert (rule, upstream, contribution) == (flow.rule, shown(flow.upstream), shown(flow.contribution))
        assert flow.local is not None
        assert local.endswith(shown(flow.local))
        assert running == ("" if flow.running is None else shown(flow.running))


def test_formula_verdict_kink_and_picture_are_there() -> None:
    document = content("abs(x)", x=0)
    (formula,) = blocks(document, Formula)
    assert formula == Formula(
        r"\frac{\partial f}{\partial x}", r"\operatorname{sgn}{\left(x \right)}", "d/dx = sign(x)"
    )
    assert len(blocks(document, Picture)) == 1
    sentences = [piece for block in blocks(document, Paragraph) for piece in block.pieces if isinstance(piece, str)]  # type: ignore[attr-defined]
    assert "formula and reverse mode agree to 12 digits or more" in sentences
    assert any("abs'(0) = 0" in sentence for sentence in sentences)


def test_a_variable_that_is_called_like_the_output_is_told_apart_from_it() -> None:
    (formula,) = blocks(content("f^2", f=3), Formula)
    assert formula == Formula(r"\frac{\partial \mathrm{output}}{\partial f}", "2 f", "d/df = 2*f")


def test_the_text_of_a_formula_counts_as_its_notes_do() -> None:
    """`A[0, i]` of plain text would stand above a note that says that components are counted from 1."""
    document = content("sum(tanh(A[0] + A[1]))", A=[[1, 2], [3, 4]])
    (formula,) = blocks(document, Formula)
    assert formula.plain == "d/dA = (1 − tanh(A₁ₖ + A₂ₖ)²) ([1 = j] + [2 = j])"  # type: ignore[attr-defined]
    assert ("note: component j of A is one of 1..n",) in [block.pieces for block in blocks(document, Paragraph)]  # type: ignore[attr-defined]


def test_why_there_is_no_formula_is_said() -> None:
    report = diffcli.grad("+".join(["x"] * 6000), x=1, symbolic=True)
    assert report.symbolic is not None
    reason = report.symbolic["x"].reason
    assert reason is not None
    assert f"`d/dx`: none: {reason}" in handout(report, "md", 6, False, "en").decode()


def test_long_tables_are_abridged_unless_all_is_asked_for() -> None:
    source = "+".join(["x"] * 60)
    short, whole = (tables(content(source, full, x=1))["Backward pass"].rows for full in (False, True))
    assert (len(short), len(whole)) == (41, 118)
    assert short[20][:2] == ("...", "78 more")


def test_a_graph_too_large_for_a_picture_is_left_out_and_that_is_said() -> None:
    report = diffcli.grad("+".join(["x"] * 310), x=1)
    for kind in FORMATS:
        written = handout(report, kind, 6, False, "en").decode()
        assert "the graph has 310 nodes, too many for a picture" in written
        assert not re.search("mermaid|<svg|begin{tikzpicture}", written)


def test_a_graph_that_mermaid_would_refuse_is_left_out_of_markdown_alone() -> None:
    source = "f(x) = x*x; " + "+".join(["f(x)"] * 145)
    written = handout(diffcli.grad(source, x=1), "md", 6, False, "en").decode()
    assert "the graph has 290 nodes, too many for a picture" in written


def test_a_long_program_is_titled_by_its_last_expression() -> None:
    source = (ROOT / "examples" / "xor.expr").read_text(encoding="utf-8")
    document = gradient_handout(diffcli.grad(source), 6, False, lambda _: True)
    assert document.title == "bce_with_logits(logit, target)"
    assert blocks(document, Listing) == [Listing(source.strip())]


def test_exact_numbers_stay_exact() -> None:
    report = diffcli.grad("sqrt(x)", x=3, exact=True)
    assert ("`d/dx` | `sqrt(3)/6`") in handout(report, "md", 6, False, "en").decode()


# text stays text


@settings(max_examples=60)
@example(code="x", prose=" - x")
@example(code="x", prose="     x")
@example(code="x", prose="  1. x")
@given(code=NASTY, prose=NASTY)
def test_text_in_markdown_is_text(code: str, prose: str) -> None:
    table = Seen(GITHUB.render(markdown(holding(Code(code), prose, Code("end")))))
    assert [cell.strip() for cell in table.rows[1]] == [one_line(code).strip(), one_line(prose).strip(), "end"]
    assert set(table.tags) <= {"h1", "h2", "table", "thead", "tbody", "tr", "th", "td", "code"}
    paragraph = GITHUB.parse(markdown(Handout("t", (Section("h", (Paragraph((prose,)), Listing(code))),))))
    assert [token.type for token in paragraph if token.level == 0 and token.type not in ("paragraph_open",
        "paragraph_close")] == [
        "heading_open", "heading_close", "heading_open", "heading_close", "fence",
    ]  # fmt: skip
    assert paragraph[-1].content.splitlines() == [visible(line) for line in lines_of(code)] or not code.strip()


@settings(max_examples=60)
@given(code=NASTY, prose=NASTY)
def test_text_in_html_is_text(code: str, prose: str) -> None:
    seen = Seen(page(holding(Code(code), prose)))
    assert seen.rows == [["one", "one"], [one_line(code), one_line(prose)]]
    assert "script" not in seen.tags


def test_an_empty_cell_of_code_has_no_frame() -> None:
    assert Seen(page(holding(Code(""), Code("x")))).tags.count("code") == 1


@settings(max_examples=60)
@given(code=NASTY, prose=NASTY)
def test_text_in_latex_is_ascii_with_balanced_braces(code: str, prose: str) -> None:
    blocks = (Listing(code), Paragraph((prose, Code(code))), Formula("x", None, code), Formula("x", "é", code))
    for document in (Handout(code, (Section(prose, blocks),)), holding(Code(code), prose)):
        body = latex(document).partition(r"\begin{document}")[2]
        assert body.isascii()
        unescaped = re.sub(r"\\[{}]", "", body)
        assert unescaped.count("{") == unescaped.count("}")
        assert not re.search(r"(?<!\\)[%#$]", body)


def test_a_word_may_be_broken_in_latex_but_nothing_of_it_is_lost() -> None:
    word = "cross_entropy(logits[0:12],label)+0.12345678901234567890e-12"
    line = next(line for line in latex(holding(Code(word))).splitlines() if "cross" in line)
    assert r"\allowbreak{}" in line
    plain = line.replace(r"\allowbreak{}", "").replace("{-}", "-").replace("{,}", ",").replace(r"\_", "_")
    assert latex_shown(word) == word
    assert plain == rf"\texttt{{{word}}} \\"


def test_a_formula_that_tex_cannot_measure_is_text() -> None:
    wide, deep = (
        Formula("y", "+".join("x" * 600), "wide"),
        Formula("y", r"\sin{\left(" * 60 + "x" + r" \right)}" * 60, "deep"),
    )
    body = latex(Handout("t", (Section("h", (wide, deep, Formula("y", "x", "set"))),)))
    assert body.count(r"\formula{") == 1
    assert body.count(r"{\raggedright \texttt{") == 2


# formulas


@pytest.mark.parametrize(
    ("formula", "element", "text"),
    [
        (r"\frac{2 x}{n}", "mfrac", "2xn"),
        (r"\frac{e^{x_{j}}}{\sum_{i=1}^{n} e^{x_{i}}}", "munderover", "exj∑i=1nexi"),
        (r"{\theta_{1}}_{k}", "msub", "θ1k"),
        (r"\begin{cases} x & \text{if}\: x > 0 \\ 0 & \text{otherwise} \end{cases}", "mtable", "{xifx>00otherwise"),
        (r"\sqrt[3]{x} - \left[x_{i} \neq \max_{1 \le l \le n} x_{l}\right]", "mroot", "x3−[xi≠max1≤l≤nxl]"),
        (r"2 \sum_{\substack{1 \leq l \leq i\\j \leq i \leq n}} x_{l}", "munder", "2∑1≤l≤ij≤i≤nxl"),
        (r"W^{-\top} \odot \mathrm{rate}^{\circ 2}", "msup", "W−⊤⊙rate∘2"),
    ],
)
def test_a_formula_in_mathml(formula: str, element: str, text: str) -> None:
    found = mathml(formula)
    assert found is not None
    tree = ET.fromstring(found)
    assert tree.find(f".//{element}") is not None
    assert "".join(tree.itertext()) == text


@pytest.mark.parametrize(
    "formula", [r"\unknown{x}", "x}", "{x", r"\left(x", r"\frac{x}", r"\begin{array}x\end{array}", "x^", "@"]
)
def test_latex_that_is_not_known_is_not_shown_wrong(formula: str) -> None:
    assert mathml(formula) is None
    assert "<code>d/dx</code>" in page(Handout("t", (Section("h", (Formula("x", formula, "d/dx"),)),)))


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [
                *"x1{}[]()^_&=",
                r"\frac",
                r"\left",
                r"\right",
                r"\sqrt",
                r"\text",
                r"\\",
                r"\sum",
                "{x}",
                r"\begin{cases}",
            ]
        ),
        max_size=12,
    )
)
def test_whatever_stands_in_a_formula_it_is_well_formed_or_refused(tokens: list[str]) -> None:
    found = mathml(" ".join(tokens))
    if found is not None:
        ET.fromstring(found)


@pytest.mark.parametrize(
    "source",
    [
        "log(sum(exp(x)))",
        "max(x)",
        "sum(softmax(x)^2)",
        "norm(x)",
        "prod(x)",
        "sum(where(x > 0, x^3, -x/7))",
        "gelu(x[0])",
    ],
)
def test_formulas_of_the_printer_are_set_in_html(source: str) -> None:
    (formula,) = blocks(content(source, x=[1, 2, 3]), Formula)
    assert mathml(formula.latex) is not None  # type: ignore[attr-defined]


# the option


@pytest.mark.parametrize("kind", list(FORMATS))
def test_the_answer_is_printed_as_ever_and_the_file_is_written(kind: str, tmp_path: Path) -> None:
    arguments = ["grad", "mean(x*x)", "--at", "1,2,3"]
    done = answer([*arguments, "--report", f"out.{kind}"], cwd=tmp_path)
    assert done == answer(arguments)
    assert [file.name for file in tmp_path.iterdir()] == [f"out.{kind}"]
    assert (tmp_path / f"out.{kind}").read_bytes() == handout(SEED, kind, 6, False, "en")


def test_the_handout_has_the_formulas_though_json_alone_has_none(tmp_path: Path) -> None:
    arguments = ["grad", "x^2", "--at", "3", "--json", "--report", "out.md"]
    assert answer(arguments, cwd=tmp_path).code == 0
    assert "$$\n\\frac{\\partial f}{\\partial x} = 2 x\n$$" in (tmp_path / "out.md").read_text(encoding="utf-8")
    answer([*arguments, "--no-symbolic"], cwd=tmp_path)
    assert "$$" not in (tmp_path / "out.md").read_text(encoding="utf-8")


def test_nothing_is_written_where_there_is_no_answer(tmp_path: Path) -> None:
    assert answer(["grad", "log(x)", "--at", "0", "--report", "out.md"], cwd=tmp_path).code == 3
    assert list(tmp_path.iterdir()) == []


def test_every_format_is_in_chinese(tmp_path: Path) -> None:
    for kind in FORMATS:
        done = answer(["grad", "x^2", "--at", "3", "--lang", "zh", "--report", f"out.{kind}"], cwd=tmp_path)
        text = (tmp_path / f"out.{kind}").read_text(encoding="utf-8")
        assert done.err == ""
        assert all(word in text for word in ("输出：", "计算图", "反向传播", "值 9"))
        assert not re.search(r"Forward pass|Backward pass|U\+[0-9A-F]{4}", text.partition("begin{document}")[2])
    assert text.startswith("\\documentclass[11pt, scheme=plain]{ctexart}")
    assert '<html lang="zh-Hans">' in (tmp_path / "out.html").read_text(encoding="utf-8")
