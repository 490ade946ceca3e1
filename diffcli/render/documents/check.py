"""The verdict on an answer as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import head
from diffcli.render.documents.error import error_document
from diffcli.render.documents.json_values import Document, by_name, number, value_of

if TYPE_CHECKING:
    from diffcli.analysis.exercise.check_report import CheckReport, Part


def check_document(report: "CheckReport") -> Document:
    """`diffcli/check@1`; what is said of a wrong answer goes as far as the feedback does."""
    document: Document = {
        **head("check", report.expression, report.at),
        "asked": f"{report.asked}, {report.how}",
        "answer": report.answer,
        "verdict": report.verdict,
        "points": float(report.points),
        "proved": report.proved,
        "compared": {"points": report.held_against, "digits": report.digits},
        "feedback": report.feedback,
        "slip": _slip(report),
        "parts": {part.label: _part(part, report.feedback) for part in report.parts},
    }
    if report.diagnostic is not None:
        document["diagnostic"] = error_document(report.diagnostic)
    return document


def _slip(report: "CheckReport") -> Document | None:
    slip = report.slip
    if slip is None or report.feedback == "none":
        return None
    entry: Document = {"kinds": list(slip.kinds), "certain": slip.certain, "said": slip.told}
    if report.feedback != "class":
        spans = [each.span for each in slip.slips]
        entry |= {"rule": slip.rule, "spans": [None if span is None else list(span) for span in spans]}
    if report.feedback == "full" and slip.numbers is not None:
        entry["numbers"] = slip.numbers
    return entry


def _part(part: "Part", feedback: str) -> Document:
    entry: Document = {"verdict": part.verdict}
    if part.read_as is not None:
        entry["read_as"] = part.read_as
    if part.rounded and (part.verdict == "correct" or feedback == "full"):
        entry["rounded"] = [{"decimal": each.numeral, "exactly": each.exactly} for each in part.rounded]
    if part.verdict == "correct" or feedback == "none":
        return entry
    entry["fault"] = part.fault
    if feedback == "class":
        return entry
    if part.said is not None:
        entry["explanation"] = part.said
    if part.shapes is not None:
        entry["shapes"] = {"expected": list(part.shapes[0]), "given": list(part.shapes[1])}
    if part.misfit is not None:
        entry["explanation"] = part.misfit.message
    failing = part.failing
    if failing is not None:
        given = None if failing.given is None else number(failing.given)
        entry["failing"] = {"at": by_name(failing.at), "element": list(failing.place), "given": given}
        if feedback == "full":
            entry["failing"]["expected"] = number(failing.expected)
    if feedback == "full" and part.right is not None:
        entry["right"] = part.right if isinstance(part.right, str) else value_of(part.right)
    return entry
