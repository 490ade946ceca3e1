"""Jacobians, Hessians and their products as documents."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import head, kink_entry, node_entry, pattern_entry
from diffcli.render.documents.json_values import Document, arithmetic_entry, by_name, number, value_of

if TYPE_CHECKING:
    from diffcli.analysis.curvature import Curvature
    from diffcli.analysis.hessian import HessianReport
    from diffcli.analysis.jacobian import JacobianReport
    from diffcli.analysis.jacobian_products import JvpReport, VjpReport


def jacobian_document(report: "JacobianReport") -> Document:
    """`diffcli/jacobian@1`; `pattern` where it was asked for."""
    document: Document = {
        **head("jacobian", report.expression, report.at),
        "value": value_of(report.value),
        "jacobian": by_name(report.jacobian),
        "mode": report.mode,
        "reason": report.reason,
        "sweeps": report.sweeps,
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    if report.pattern is not None:
        document["pattern"] = pattern_entry(report.pattern)
    return document | arithmetic_entry(report.precision)


def hessian_document(report: "HessianReport") -> Document:
    """`diffcli/hessian@1`: the matrix with what is read off it, or the product; `pattern` where it was asked for."""
    document: Document = {
        **head("hessian", report.expression, report.at),
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


def jvp_document(report: "JvpReport") -> Document:
    """`diffcli/jvp@1`; the tangent of a node that does not vary is null."""
    document = {
        **head("jvp", report.expression, report.at),
        "direction": by_name(report.direction),
        "value": value_of(report.value),
        "jvp": value_of(report.tangent),
        "nodes": [
            {**node_entry(row.node), "tangent": None if row.tangent is None else value_of(row.tangent)}
            for row in report.nodes
        ],
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    return document | arithmetic_entry(report.precision)


def vjp_document(report: "VjpReport") -> Document:
    """`diffcli/vjp@1`."""
    document = {
        **head("vjp", report.expression, report.at),
        "value": value_of(report.value),
        "cotangent": value_of(report.cotangent),
        "vjp": by_name(report.vjp),
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    return document | arithmetic_entry(report.precision)
