"""The Hessian for people: the matrix, its eigenvalues, what they say in a sentence; or a product."""

from collections.abc import Iterator
from dataclasses import replace

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.curvature import Curvature
from diffcli.analysis.hessian import HessianReport
from diffcli.render.excerpt import one_line
from diffcli.render.number_text import number
from diffcli.render.screen import heading, table
from diffcli.render.text.dot_pattern import pattern_text
from diffcli.render.text.kink_notes import kink_notes
from diffcli.render.text.matrix_table import labels_of, matrix_table, rows_of
from diffcli.render.view import View

#: Eigenvalues shown at each end of many.
_ENDS = 4

#: Their digits, at most, beside numbers of more digits.
_DOUBLES = 15

_BENDS = {
    "convex": "it bends upwards",
    "concave": "it bends downwards",
    "indefinite": "it bends upwards in some directions and downwards in others",
    "flat": "it does not bend: the second order is 0",
}


def hessian_text(report: HessianReport, view: View) -> Iterator[RenderableType]:
    """Expression, value, gradient, then the matrix and what it says, or the product."""
    yield Text(one_line(report.expression, view.full), style="bold")
    if report.at:
        yield Text(f"at {view.listed(report.at)}")
    yield Text(f"value {view.shown(report.value)}")
    yield Text("")
    if not report.gradient:
        yield Text("there are no variables to differentiate by", style="magenta")
        return
    yield heading("Gradient")
    gradient = table("", "value")
    for name, value in report.gradient.items():
        gradient.add_row(Text(f"d/d{name}", style="cyan"), Text(view.shown(value), style="green"))
    yield Padding(gradient, (0, 0, 1, 2))
    if report.hessian is not None:
        labels = labels_of(report.at, report.hessian)
        rows = [row for name, blocks in report.hessian.items() for row in rows_of(blocks, report.at[name].size)]
        yield heading("Hessian")
        yield Padding(matrix_table(rows, labels, labels, view), (0, 0, 1, 2))
    if report.hvp is not None:
        yield heading("Hessian times v")
        yield Padding(_product(report, view), (0, 0, 1, 2))
    if report.pattern is not None:
        yield from pattern_text(report.pattern, view)
    yield from _said(report, view)
    yield from kink_notes(report.kinks)


def _said(report: HessianReport, view: View) -> Iterator[RenderableType]:
    """The work, the eigenvalues and their meaning; a note where the second derivatives are a limit."""
    yield Text(
        f"forward over reverse: {report.sweeps:,} sweep{'' if report.sweeps == 1 else 's'}"
        + ("" if report.hvp is not None else ", one for each input")
    )
    if report.curvature is not None:
        kind = "eigenvalues (in double precision)" if report.precision else "eigenvalues"
        digits = min(view.precision, _DOUBLES) if report.precision else view.precision
        yield Text(f"{kind}: {_listed(report.curvature.eigenvalues, replace(view, precision=digits))}")
        yield from _verdict(report.curvature)
    if report.continued:
        yield Text(
            "note: functions on the way have a kink here, the whole has none: "
            "these are the limit of the second derivatives around",
            style="magenta",
        )


def _product(report: HessianReport, view: View) -> RenderableType:
    rows = table("", "v", "H v")
    for name, value in (report.hvp or {}).items():
        direction = (report.direction or {})[name]
        rows.add_row(Text(name, style="cyan"), view.shown(direction), Text(view.shown(value), style="bold green"))
    return rows


def _verdict(curvature: Curvature) -> Iterator[Text]:
    count, zeros = len(curvature.eigenvalues), curvature.zeros
    all_of_them = "the eigenvalue is" if count == 1 else "all eigenvalues are"
    some = f"{'is' if zeros == 1 else 'are'} {zeros:,} of {count:,} eigenvalues"
    zero = some if zeros < count else "is the eigenvalue" if count == 1 else "are all eigenvalues"
    slope, where = _slope(curvature), ", to six digits of the point" if curvature.slope == "near" else ""
    norm = (
        f"the gradient's norm is {number(curvature.gradient_norm)}"
        if curvature.gradient_norm
        else "the gradient is not 0, though too small for double precision"
    )
    sentences = {
        "minimum": f"local minimum{where}: {slope} and {all_of_them} above 0",
        "maximum": f"local maximum{where}: {slope} and {all_of_them} below 0",
        "saddle": f"saddle{where}: {slope} and there are eigenvalues above and below 0",
        "flat": f"flat{where}: {slope} and so {zero}; "
        "the second order does not tell a minimum from a maximum or a saddle",
        "not-stationary": f"not stationary: {norm}; here {_bend(curvature)}",
        "not-smooth": "not classified: the point sits on a kink or a jump, where there are no second derivatives; "
        "the numbers are conventions",
    }
    style = "bold green" if curvature.classification in ("minimum", "maximum", "saddle") else "bold magenta"
    yield Text(sentences[curvature.classification], style=style)
    if not curvature.symmetric:
        yield Text(
            f"note: mixed partials differ by {number(curvature.asymmetry, 2)} of the largest second derivative beside "
            "them; they are equal wherever they are continuous",
            style="magenta",
        )


def _slope(curvature: Curvature) -> str:
    """The words for a gradient that counts as 0."""
    if curvature.slope == "near":
        norm, step = number(curvature.gradient_norm), number(curvature.step, 2)
        return f"the gradient's norm is {norm}, and 0 after a step of {step} of the coordinates,"
    return "the gradient is 0" if curvature.slope == "zero" else "the gradient is 0 but for rounding"


def _bend(curvature: Curvature) -> str:
    flat = (
        f", and not at all in {curvature.zeros:,} of {len(curvature.eigenvalues):,} directions"
        if curvature.zeros and curvature.bend != "flat"
        else ""
    )
    name = "" if curvature.bend == "flat" else f" ({curvature.bend})"
    return f"{_BENDS[curvature.bend]}{flat}{name}"


def _listed(eigenvalues: tuple[float, ...], view: View) -> str:
    """In ascending order."""
    texts = [view.number(value) for value in eigenvalues]
    if not view.full and len(texts) > 2 * _ENDS + 1:
        texts[_ENDS:-_ENDS] = [f"... {len(texts) - 2 * _ENDS:,} more"]
    return ", ".join(texts)
