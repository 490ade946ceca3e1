"""The Hessian for people: the matrix, its eigenvalues, what they say in a sentence; or a product."""

from collections.abc import Iterator
from dataclasses import replace

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.curvature import Curvature
from diffcli.analysis.hessian import HessianReport
from diffcli.messages import Message, told
from diffcli.render.console import heading, sentence, table
from diffcli.render.text.dot_pattern import pattern_text
from diffcli.render.text.kink_notes import kink_notes
from diffcli.render.text.matrix_table import labels_of, matrix_table, rows_of
from diffcli.render.text.opening import no_variables, opening, value_line
from diffcli.render.value_text import number
from diffcli.render.view import View

#: Eigenvalues shown at each end of many.
_ENDS = 4

#: Their digits, at most, beside numbers of more digits.
_DOUBLES = 15

_BENDS = {
    "convex": Message("it bends upwards"),
    "concave": Message("it bends downwards"),
    "indefinite": Message("it bends upwards in some directions and downwards in others"),
    "flat": Message("it does not bend: the second order is 0"),
    "unknown": Message("how it bends cannot be told: numbers on the way are too small for double precision"),
}
_CALLED = {"convex": Message("convex"), "concave": Message("concave"), "indefinite": Message("indefinite")}


def hessian_text(report: HessianReport, view: View) -> Iterator[RenderableType]:
    """Expression, value, gradient, then the matrix and what it says, or the product."""
    yield from opening(report.expression, report.at, view, value_line(report.value, view))
    if not report.gradient:
        yield no_variables(view)
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
    sweeps = Message("1 sweep") if report.sweeps == 1 else Message("{count:,} sweeps", count=report.sweeps)
    yield Text(
        told("forward over reverse: {sweeps}", sweeps=sweeps)
        if report.hvp is not None
        else told("forward over reverse: {sweeps}, one for each input", sweeps=sweeps)
    )
    if report.curvature is not None:
        digits = min(view.precision, _DOUBLES) if report.precision else view.precision
        eigenvalues = _listed(report.curvature.eigenvalues, replace(view, precision=digits))
        yield Text(
            told("eigenvalues (in double precision): {eigenvalues}", eigenvalues=eigenvalues)
            if report.precision
            else told("eigenvalues: {eigenvalues}", eigenvalues=eigenvalues)
        )
        yield from _verdict(report.curvature)
    if report.continued:
        yield sentence(
            "note: functions on the way have a kink here, the whole has none: these are the limit of the "
            "second derivatives around",
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
    all_of_them = Message("the eigenvalue is") if count == 1 else Message("all eigenvalues are")
    if zeros == count:
        zero = Message("is the eigenvalue") if count == 1 else Message("are all eigenvalues")
    elif zeros == 1:
        zero = Message("is 1 of {count:,} eigenvalues", count=count)
    else:
        zero = Message("are {zeros:,} of {count:,} eigenvalues", zeros=zeros, count=count)
    slope, where = _slope(curvature), Message(", to six digits of the point") if curvature.slope == "near" else ""
    norm = (
        Message("the gradient's norm is {norm}", norm=number(curvature.gradient_norm))
        if curvature.gradient_norm
        else Message("the gradient is not 0, though too small for double precision")
    )
    sentences = {
        "minimum": Message(
            "local minimum{where}: {slope} and {all_of_them} above 0", where=where, slope=slope, all_of_them=all_of_them
        ),
        "maximum": Message(
            "local maximum{where}: {slope} and {all_of_them} below 0", where=where, slope=slope, all_of_them=all_of_them
        ),
        "saddle": Message(
            "saddle{where}: {slope} and there are eigenvalues above and below 0", where=where, slope=slope
        ),
        "flat": Message(
            "flat{where}: {slope} and so {zero}; the second order does not tell a minimum from a maximum or a saddle",
            where=where,
            slope=slope,
            zero=zero,
        ),
        "not-stationary": Message("not stationary: {norm}; here {bend}", norm=norm, bend=_bend(curvature)),
        "not-smooth": Message(
            "not classified: the point sits on a kink or a jump, where there are no second derivatives; the "
            "numbers are conventions"
        ),
        "unknown": Message(
            "not classified: numbers on the way are too small for double precision, so whether gradient and "
            "eigenvalues are 0 cannot be told"
        ),
    }
    style = "bold green" if curvature.classification in ("minimum", "maximum", "saddle") else "bold magenta"
    yield sentence(sentences[curvature.classification], style=style)
    if not curvature.symmetric:
        yield sentence(
            "note: mixed partials differ by {asymmetry} of the largest second derivative beside them; they "
            "are equal wherever they are continuous",
            asymmetry=number(curvature.asymmetry, 2),
            style="magenta",
        )


def _slope(curvature: Curvature) -> str:
    """The words for a gradient that counts as 0."""
    if curvature.slope == "near":
        norm, step = number(curvature.gradient_norm), number(curvature.step, 2)
        return Message(
            "the gradient's norm is {norm}, and 0 after a step of {step} of the coordinates,", norm=norm, step=step
        )
    return Message("the gradient is 0") if curvature.slope == "zero" else Message("the gradient is 0 but for rounding")


def _bend(curvature: Curvature) -> str:
    bend = _BENDS[curvature.bend]
    if curvature.bend in ("flat", "unknown"):
        return bend
    if curvature.zeros:
        bend = Message(
            "{bend}, and not at all in {zeros:,} of {count:,} directions",
            bend=bend,
            zeros=curvature.zeros,
            count=len(curvature.eigenvalues),
        )
    return Message("{bend} ({name})", bend=bend, name=_CALLED[curvature.bend])


def _listed(eigenvalues: tuple[float, ...], view: View) -> str:
    """In ascending order."""
    texts = [view.number(value) for value in eigenvalues]
    if not view.full and len(texts) > 2 * _ENDS + 1:
        texts[_ENDS:-_ENDS] = ["... " + told("{count:,} more", count=len(texts) - 2 * _ENDS)]
    return ", ".join(texts)
