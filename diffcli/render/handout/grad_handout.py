"""The handout of `grad`."""

from collections.abc import Callable, Iterator

from diffcli.analysis.formula_values import SymbolicRow
from diffcli.analysis.gradient import GradReport
from diffcli.analysis.trace import excerpt
from diffcli.execute.dtype import in_precision
from diffcli.messages import Language, told
from diffcli.render.drawing.boxes import diagram
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.excerpt import one_line
from diffcli.render.handout.blocks import (
    Block,
    Cell,
    Code,
    Formula,
    Handout,
    Listing,
    Paragraph,
    Picture,
    Section,
    Table,
)
from diffcli.render.messages import Texts
from diffcli.render.picture_formats import MOST_BOXES
from diffcli.render.screen import UNICODE
from diffcli.render.sweeps import FlowCells, backward_rows, beginning, forward_rows, verdict_sentence
from diffcli.render.text.formula_notes import note_lines
from diffcli.render.view import View
from diffcli.source import Span
from diffcli.symbolic.forms.variable_names import latex_name

#: Characters of a program that is printed whole though not everything was asked for.
_LONGEST = 2000
#: Characters of a program that is the title too.
_LONGEST_TITLE = 70
#: Significant digits of the picture's numbers, at most: its boxes are narrow.
_IN_A_PICTURE = 4


def gradient_handout(
    report: GradReport, precision: int, full: bool, fits: Callable[[Diagram], bool], language: Language = "en"
) -> Handout:
    """Expression and point, both sweeps, gradient and formulas, verdict, kinks, the graph where its picture fits."""
    texts = Texts(language)
    view = View(UNICODE, precision, full, language)
    sections = [
        Section(texts.expression, tuple(_expression(report, view))),
        Section(texts.forward_pass, (forward_table(report, view),)),
    ]
    if report.trace.flows:
        start = Paragraph((texts.backward_from.format(beginning=beginning(report, view)),))
        sections.append(Section(texts.backward_pass, (start, backward_table(report, view))))
    sections.append(Section(texts.gradient_heading, tuple(_gradient(report, view))))
    if report.symbolic:
        sections.append(Section(texts.formulas, tuple(formulas(report, view))))
    verdict = verdict_sentence(report, texts)
    if verdict is not None:
        sections.append(Section(texts.agreement, (Paragraph((verdict,)),)))
    if report.kinks:
        sections.append(Section(texts.kinks, tuple(Paragraph((told(kink.sentence),)) for kink in report.kinks)))
    sections.append(Section(texts.computation_graph, (graph_picture(report, view, fits),)))
    return Handout(_title(report), tuple(sections), language)


def _title(report: GradReport) -> str:
    """The program if it is short, else its last expression."""
    program, problem = one_line(report.expression, True), report.problem
    root = problem.resolved.nodes[-1]
    return program if len(program) <= _LONGEST_TITLE else excerpt(problem.source, Span(root.start, root.end))


def _expression(report: GradReport, view: View) -> Iterator[Block]:
    whole = view.full or len(report.expression) <= _LONGEST
    yield Listing(report.expression if whole else one_line(report.expression, False, view.texts.more_characters))
    texts = view.texts
    rows = [(Code(name), Code(view.shown(value))) for name, value in report.at.items()]
    if rows:
        yield Table(texts.at, (texts.variable, texts.value), tuple(rows))
    yield from (Paragraph((told(remark),)) for remark in in_precision(report.problem.precision.dtype))
    result = report.trace.values[report.trace.output]
    yield Paragraph((texts.labelled.format(label=texts.output), Code(view.shown(result))))


def forward_table(report: GradReport, view: View) -> Table:
    """The values of the nodes."""
    texts = view.texts
    rows: list[tuple[Cell, ...]] = []
    for node in forward_rows(report.trace, view.full):
        if isinstance(node, int):
            rows.append(("...", texts.more.format(count=f"{node:,}"), "..."))
        else:
            computes = {"input": texts.variable, "constant": texts.constant}.get(node.primitive, Code(node.computes))
            rows.append((Code(node.label), computes, Code(view.shown(node.value))))
    return Table(texts.forward_pass, (texts.node, texts.computes, texts.value), tuple(rows))


def backward_table(report: GradReport, view: View) -> Table:
    """The flows, from the result on."""
    texts, flows = view.texts, backward_rows(report.trace, view)
    summed = any(isinstance(flow, FlowCells) and flow.running for flow in flows)
    headers = [
        texts.edge,
        texts.rule,
        texts.local_derivative,
        texts.times_upstream.format(times=UNICODE.times),
        texts.equals_contribution,
    ]
    width = len(headers) + summed
    rows: list[tuple[Cell, ...]] = []
    for flow in flows:
        if isinstance(flow, int):
            rows.append(("...", texts.more.format(count=f"{flow:,}"), *("" for _ in range(width - 2))))
        else:
            rows.append(tuple(Code(cell) for cell in flow[:width]))
    return Table(texts.backward_pass, (*headers, *([texts.running_sum] if summed else [])), tuple(rows))


def _gradient(report: GradReport, view: View) -> Iterator[Block]:
    texts = view.texts
    if not report.gradient:
        yield Paragraph((texts.no_variables,))
        return
    rows = tuple((Code(f"d/d{name}"), Code(view.shown(value))) for name, value in report.gradient.items())
    yield Table(texts.gradient_heading, (texts.variable, texts.gradient), rows)


def formulas(report: GradReport, view: View) -> Iterator[Block]:
    """Each variable's formula, then what has to be said beside them; why there is none where there is none."""
    texts = view.texts
    rows = {name: _in_latex(row) for name, row in (report.symbolic or {}).items()}
    output = "f" if "f" not in report.at else r"\mathrm{output}"
    for name, row in rows.items():
        if row.formula is None:
            yield Paragraph(
                (
                    Code(f"d/d{name}"),
                    texts.labelled.format(label="") + texts.no_formula.format(reason=told(row.reason or "")),
                )
            )
        else:
            yield Formula(
                rf"\frac{{\partial {output}}}{{\partial {latex_name(name)}}}", row.form, f"d/d{name} = {row.formula}"
            )
    if rows:
        yield from (Paragraph((note,)) for note in note_lines(rows, UNICODE))
    if report.weight not in (None, "cotangent") and any(row.formula for row in rows.values()):
        yield Paragraph((texts.cotangent_is.format(name=report.weight),))


def _in_latex(row: SymbolicRow) -> SymbolicRow:
    """The row in LaTeX, with a text that the notes of the LaTeX explain too, for where the LaTeX does not fit.

    Plain text counts indices from 0, LaTeX and Unicode from 1. A formula for which no such text is found is not in
    LaTeX.
    """
    latex = row.in_form("latex")
    if latex.notes == row.notes or latex.form is None:
        return latex
    text = row.in_form("unicode")
    return latex._replace(formula=text.form) if text.notes == latex.notes else row


def graph_picture(report: GradReport, view: View, fits: Callable[[Diagram], bool]) -> Block:
    """The graph with values and gradients, or that it is too large."""
    count = len(report.trace.graph.needed([report.trace.output]))
    if count <= MOST_BOXES:
        drawn = diagram(report.drawing, "both", min(view.precision, _IN_A_PICTURE), view.texts.language)
        if fits(drawn):
            return Picture(drawn)
    return Paragraph((view.texts.too_many_nodes.format(count=f"{count:,}"),))
