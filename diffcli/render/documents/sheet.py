"""The marks of a sheet as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.check import check_document
from diffcli.render.documents.error import error_document
from diffcli.render.documents.json_values import Document
from diffcli.render.points import points_number

if TYPE_CHECKING:
    from diffcli.analysis.sheets.sheet_report import Mark, SheetReport


def sheet_document(report: "SheetReport") -> Document:
    """`diffcli/check-sheet@1`; what is said of a wrong answer goes as far as the feedback of its exercise does."""
    return {
        "schema": "diffcli/check-sheet@1",
        "sheet": report.sheet.source.name,
        "title": report.sheet.title,
        "max_points": points_number(report.most),
        "exercises": [
            {
                "id": each.id,
                **({"text": each.text} if each.text else {}),
                "expression": each.expression,
                "max_points": points_number(each.points),
            }
            for each in report.sheet.exercises
        ],
        "students": [
            {
                "name": student.name,
                "points": points_number(student.points),
                "counts": dict(student.counts),
                "answers": [_mark(mark) for mark in student.marks],
            }
            for student in report.students
        ],
        "errors": [error_document(fault) for fault in report.faults],
    }


def _mark(mark: "Mark") -> Document:
    entry: Document = {"id": mark.exercise.id, "outcome": mark.outcome, "points": points_number(mark.points)}
    if mark.report is not None:
        entry["check"] = check_document(mark.report)
    if mark.hint is not None:
        entry["hint"] = mark.hint
    if mark.fault is not None:
        entry["answer"] = mark.answer
        entry["error"] = error_document(mark.fault)
    return entry
