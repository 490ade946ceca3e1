"""TAP, the Test Anything Protocol, version 14 (testanything.org): read by prove, tap.py, Jenkins and others.

An answer that is not graded is a skipped test point: neither passed nor failed.
"""

import json

from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.render.graders import Surroundings
from diffcli.render.graders.remarks import complaint, name, reason, remark
from diffcli.render.points import points_number
from diffcli.source import visible


def written(report: SheetReport, around: Surroundings) -> str:
    """A test point for each answer; those of a class begin with the student."""
    lines = ["TAP version 14", f"1..{len(report.students) * len(report.sheet.exercises)}"]
    several = len(report.students) > 1
    number = 0
    for student in report.students:
        for mark in student.marks:
            number += 1
            whose = f"{student.name}: " if several else ""
            lines += _point(number, visible(f"{whose}{name(mark)}"), mark)
    return "\n".join([*lines, *(f"# {_line(complaint(fault))}" for fault in report.faults)]) + "\n"


def _point(number: int, described: str, mark: Mark) -> list[str]:
    escaped = described.replace("\\", "\\\\").replace("#", "\\#")
    if not mark.gradable:
        return [f"ok {number} - {escaped} # SKIP {_line(reason(mark))}"]
    right = mark.outcome == "correct"
    values = {
        "message": remark(mark),
        "severity": "comment" if right else "fail",
        "points": points_number(mark.points),
        "max_points": points_number(mark.exercise.points),
    }
    block = [
        f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()
    ]  # of which YAML is a superset
    return [f"{'ok' if right else 'not ok'} {number} - {escaped}", "  ---", *block, "  ..."]


def _line(text: str) -> str:
    return " ".join(text.split())
