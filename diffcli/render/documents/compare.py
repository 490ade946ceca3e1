"""The comparison as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import head, kink_entry
from diffcli.render.documents.error import error_document
from diffcli.render.documents.json_values import Document, arithmetic_entry, by_name, number, value_of

if TYPE_CHECKING:
    from diffcli.analysis.comparison.compare_report import CompareReport, Partial
    from diffcli.analysis.comparison.costs import Size
    from diffcli.analysis.comparison.growth import Growth


def compare_document(report: "CompareReport") -> Document:
    """`diffcli/compare@1`; `sweep` and `growth` are there where they were asked for."""
    document: Document = {
        **head("compare", report.expression, report.at),
        "value": number(report.value),
        "gradient": by_name(report.gradient),
        "verdict": report.verdict,
        "partials": {partial.variable: _partial(partial) for partial in report.partials},
        "culprit": None if report.culprit is None else report.culprit._asdict() | {"span": list(report.culprit.span)},
        "costs": [{**cost._asdict(), "size": _size(cost.size)} for cost in report.costs],
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    document |= arithmetic_entry(report.precision)
    if report.fault is not None:
        document["not_finite"] = error_document(report.fault)
    if report.sweeps:
        document["sweep"] = {
            sweep.variable: {
                "element": list(sweep.place),
                "rows": [{name: number(value) for name, value in row._asdict().items()} for row in sweep.rows],
            }
            for sweep in report.sweeps
        }
    if report.growth is not None:
        document["growth"] = _growth(report.growth)
    return document


def _partial(partial: "Partial") -> Document:
    truth = partial.truth
    document: Document = {
        "element": list(partial.place),
        "verdict": partial.judgement.cause,
        "explanation": partial.judgement.explanation,
        "wrong": list(partial.judgement.wrong),
        "formula": partial.formula,
        "reference": {
            "value": None if partial.reference is None else number(partial.reference),
            "method": partial.reference_is,
        },
        "methods": {
            method: {
                "value": None if answer.value is None else number(answer.value),
                "relative_error": None if answer.relative_error is None else number(answer.relative_error),
                "note": answer.note,
            }
            for method, answer in partial.answers.items()
        },
        "taylor_slope": partial.taylor_slope,
        "one_sided": None if truth is None else {"left": number(truth.left), "right": number(truth.right)},
        "elements": {"compared": partial.looked_at, "of": partial.elements},
    }
    if partial.against is not None:
        given = partial.against
        document["given"] = {
            "verdict": given.verdict,
            "explanation": given.explanation,
            "element": list(given.place),
            "value": None if given.value is None else value_of(given.value),
        }
    return document


def _size(size: "Size | None") -> dict[str, int] | None:
    return None if size is None else {"tree": size.tree, "shared": size.shared}


def _growth(growth: "Growth") -> Document:
    return {
        "variable": growth.variable,
        "rows": [
            {
                **row._asdict(),
                "value": number(row.value),
                "derivative": number(row.derivative),
                "formula": _size(row.formula),
                "graph": _size(row.graph),
            }
            for row in growth.rows
        ],
    }
