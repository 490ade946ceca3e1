"""The Jacobian for people."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding

from diffcli.analysis.jacobian import JacobianReport
from diffcli.messages import Message
from diffcli.primitives.shape import size
from diffcli.render.console import heading, sentence
from diffcli.render.text.dot_pattern import pattern_text
from diffcli.render.text.kink_notes import kink_notes
from diffcli.render.text.matrix_table import labels_of, matrix_table, output_labels, rows_of
from diffcli.render.text.opening import no_variables, opening, value_line
from diffcli.render.view import View

_MODES = {"forward": Message("forward mode"), "reverse": Message("reverse mode")}


def jacobian_text(report: JacobianReport, view: View) -> Iterator[RenderableType]:
    """Expression, value, the matrix with its mode and why, the structure if it was asked for."""
    yield from opening(report.expression, report.at, view, value_line(report.value, view))
    if not report.jacobian:
        yield no_variables(view)
        return
    shape = report.value.shape
    yield heading("Jacobian")
    rows, columns = rows_of(report.jacobian, size(shape)), labels_of(report.at, report.jacobian)
    yield Padding(matrix_table(rows, output_labels(report.at, shape), columns, view), (0, 0, 1, 2))
    if report.pattern is not None:
        yield from pattern_text(report.pattern, view)
    yield sentence("{mode}: {reason}", mode=_MODES[report.mode], reason=report.reason)
    yield from kink_notes(report.kinks)
