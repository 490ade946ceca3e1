"""JUnit's XML: read by CI systems, of GitHub, GitLab, Jenkins and others.

A wrong answer is a failure, one that is not graded an error.
"""

from collections import Counter
from xml.etree import ElementTree

from diffcli.analysis.sheets.sheet_report import Mark, SheetReport, Student
from diffcli.messages import Message, told
from diffcli.render.graders import Surroundings
from diffcli.render.graders.remarks import complaint, name, reason, remark
from diffcli.render.points import points_text
from diffcli.source import visible


def written(report: SheetReport, around: Surroundings) -> str:
    """A suite for each student, with a case for each exercise."""
    suites = [_suite(report, student) for student in report.students]
    root = ElementTree.Element("testsuites", {"name": visible(report.expression), **_sums(suites)})
    root.extend(suites)
    ElementTree.indent(root)
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{declared}{ElementTree.tostring(root, encoding='unicode')}\n"


def _suite(report: SheetReport, student: Student) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", {"name": student.name, **_numbers(student)})
    suite.extend(_case(student, mark) for mark in student.marks)
    faults = [complaint(fault) for fault in (*report.sheet.faults, *student.faults)]
    if faults:
        ElementTree.SubElement(suite, "system-err").text = "\n".join(faults)
    return suite


def _case(student: Student, mark: Mark) -> ElementTree.Element:
    case = ElementTree.Element("testcase", {"classname": student.name, "name": name(mark)})
    if mark.outcome != "correct":
        kind = "failure" if mark.gradable else "error"
        told_ = ElementTree.SubElement(case, kind, {"type": mark.outcome, "message": reason(mark)})
        told_.text = remark(mark)
    worth = {"points": points_text(mark.points), "most": points_text(mark.exercise.points)}
    said = [told(Message("{points} of {most} points", **worth)), *([remark(mark)] if mark.outcome == "correct" else [])]
    ElementTree.SubElement(case, "system-out").text = "\n".join(said)
    return case


def _numbers(student: Student) -> dict[str, str]:
    failures = sum(mark.gradable and mark.outcome != "correct" for mark in student.marks)
    errors = sum(not mark.gradable for mark in student.marks)
    return {"tests": str(len(student.marks)), "failures": str(failures), "errors": str(errors)}


def _sums(suites: list[ElementTree.Element]) -> dict[str, str]:
    sums = Counter[str]()
    for suite in suites:
        sums.update({key: int(suite.attrib[key]) for key in ("tests", "failures", "errors")})
    return {key: str(sums[key]) for key in ("tests", "failures", "errors")}
