"""The Hessian as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import kink_entry, pattern_entry
from diffcli.render.documents.json_values import Document, arithmetic_entry, by_name, number, value_of

if TYPE_CHECKING:
    from diffcli.analysis.curvature import Curvature
    from diffcli.analysis.hessian import HessianReport


def hessian_document(report: "HessianReport") -> Document:
    """`diffcli/hessian@1`: the matrix with what is read off it, or the product; `pattern` where it was asked for."""
    document: Document = {
        "schema": "diffcli/hessian@1",
        "expression": report.expression,
        "at": by_name(report.at),
        "value": value_of(report.value),
        "gradient": by_name(report.gradient),
    }
    if report.hessian is not None:
        document["hessian"] = {name: by_name(row) for name, row in report.hessian.items()}
    if report.curvature is not None:
        document |= _curvature(report.curvature)
    if report.hvp is not None and report.direction is not None:
        document |= {"direction": by_name(report.direction), "hvp": by_name(report.hvp)}
    document |= {"sweeps": report.sweeps, "kinks": [kink_entry(kink) for kink in report.kinks]}
    if report.continued:
        document["continued"] = True
    if report.pattern is not None:
        document["pattern"] = pattern_entry(report.pattern)
    return document | arithmetic_entry(report.precision)


def _curvature(curvature: "Curvature") -> Document:
    return {
        "eigenvalues": [number(value) for value in curvature.eigenvalues],
        "classification": curvature.classification,
        "curvature": curvature.bend,
        "gradient_norm": number(curvature.gradient_norm),
        "asymmetry": number(curvature.asymmetry),
    }
