"""What is said of a mark: plain text, without characters that act on whoever shows it."""

import json

from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.errors import Diagnostic
from diffcli.messages import told
from diffcli.render.console import plain_text
from diffcli.render.diagnostic import diagnostic_text
from diffcli.render.documents.json_values import Document
from diffcli.render.points import points_text
from diffcli.render.text.sheet import remark_text
from diffcli.render.view import View
from diffcli.source import visible

#: Columns of a remark: whoever shows it folds its lines.
_WIDTH = 400


def remark(mark: Mark) -> str:
    """All that is said of an answer, as `check` says it."""
    if mark.fault is not None:
        return visible(diagnostic_text(mark.fault).plain, kept="\n")
    if mark.report is None:
        return told("not answered")
    return visible(plain_text(remark_text(mark, mark.report, View()), _WIDTH), kept="\n")


def reason(mark: Mark) -> str:
    """The one line of that which says most: why an answer is not graded, the slip, or the verdict."""
    report = mark.report
    if mark.fault is not None:
        return visible(told("not graded: {reason}", reason=mark.fault.message))
    if report is None:
        return told("not answered")
    if mark.outcome == "correct":
        return told("correct")
    if report.feedback == "none" or report.slip is None:
        return told("wrong") if not mark.points else told("right in part")
    return visible(told(report.slip.told))


def name(mark: Mark) -> str:
    """What an exercise is called."""
    return visible(told("exercise {id}", id=mark.exercise.id))


def subject(mark: Mark) -> str:
    """What an exercise is about, on one line: its own words, else its expression."""
    return visible(" ".join((told(mark.exercise.text) or mark.exercise.expression).split()))


def summary(report: SheetReport) -> str:
    """The points, and what is wrong with the sheet and the files."""
    counts = told("{points} of {most} points", points=points_text(report.points), most=points_text(report.most))
    return "\n".join([counts, *map(complaint, report.faults)])


def complaint(fault: Diagnostic) -> str:
    """A diagnostic on one line."""
    hint = "" if fault.hint is None else f" ({told(fault.hint)})"
    return visible(f"{told(fault.message)}{hint}")


def as_json(document: Document) -> str:
    """A document on lines of its own, in ASCII."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"
