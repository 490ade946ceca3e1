"""The gradient report as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import head, kink_entry, node_entry, symbolic
from diffcli.render.documents.json_values import Document, arithmetic_entry, by_name, number, value_of

if TYPE_CHECKING:
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.trace import FlowRow


def grad_document(report: "GradReport") -> Document:
    """`diffcli/grad@1`."""
    trace = report.trace.bare
    document: Document = {
        **head("grad", report.expression, report.at),
        "value": number(report.value) if report.cotangent is None else value_of(report.value),
        "gradient": by_name(report.gradient),
        "nodes": [
            {**node_entry(node), "gradient": None if node.gradient is None else value_of(node.gradient)}
            for node in trace.nodes
        ],
        "flows": [_flow(flow) for flow in trace.contributions],
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    if report.intermediates:
        document["intermediates"] = by_name(report.intermediates)
    document |= arithmetic_entry(report.precision)
    if report.cotangent is not None:
        document["cotangent"] = value_of(report.cotangent)
    if report.symbolic is not None:
        document["symbolic"] = {name: symbolic(row) for name, row in report.symbolic.items()}
    if report.agreement is not None:
        error = report.agreement.max_relative_error
        document["agreement"] = {
            "verdict": report.agreement.verdict,
            "max_relative_error": None if error is None else number(error),
            "cause": report.agreement.cause,
        }
    return document


def _flow(flow: "FlowRow") -> Document:
    return {
        "from": flow.source,
        "to": flow.target,
        "operand": flow.operand,
        "rule": flow.rule,
        "formula": flow.formula,
        "local": None if flow.local is None else value_of(flow.local),
        "upstream": value_of(flow.upstream),
        "contribution": value_of(flow.contribution),
    }
