"""Results as versioned JSON documents. Numbers that JSON lacks are the strings "nan", "inf", "-inf"."""

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from diffcli.errors import Diagnostic

if TYPE_CHECKING:
    from diffcli.analysis.catalogue import Catalogue
    from diffcli.analysis.derivative import DiffReport
    from diffcli.analysis.descent import DescentReport
    from diffcli.analysis.formulas import SymbolicRow
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.kinks import KinkNotice
    from diffcli.analysis.values import Array


def dumps(document: Mapping[str, Any]) -> str:
    """The document on one line, in ASCII: it can be written to any stream."""
    return json.dumps(document, allow_nan=False)


def grad_document(report: "GradReport") -> dict[str, Any]:
    """`diffcli/grad@1`."""
    document: dict[str, Any] = {
        "schema": "diffcli/grad@1",
        "expression": report.expression,
        "at": _by_name(report.at),
        "value": _number(report.value),
        "gradient": _by_name(report.gradient),
        "nodes": [
            {
                "id": node.id,
                "label": node.label if node.primitive == "input" else node.text,
                "name": node.label,
                "primitive": node.primitive,
                "operands": list(node.operands),
                "shape": list(node.shape),
                "span": list(node.span),
                "value": _value(node.value),
                "gradient": None if node.gradient is None else _value(node.gradient),
            }
            for node in report.trace.nodes
        ],
        "flows": [
            {
                "from": flow.source,
                "to": flow.target,
                "operand": flow.operand,
                "rule": flow.rule,
                "formula": flow.formula,
                "local": None if flow.local is None else _value(flow.local),
                "upstream": _value(flow.upstream),
                "contribution": _value(flow.contribution),
            }
            for flow in report.trace.flows
        ],
        "kinks": [_kink(kink) for kink in report.kinks],
    }
    if report.symbolic is not None:
        document["symbolic"] = {name: _symbolic(row) for name, row in report.symbolic.items()}
    if report.agreement is not None:
        error = report.agreement.max_relative_error
        document["agreement"] = {
            "verdict": report.agreement.verdict,
            "max_relative_error": None if error is None else _number(error),
            "cause": report.agreement.cause,
        }
    return document


def diff_document(report: "DiffReport") -> dict[str, Any]:
    """`diffcli/diff@1`; with a form other than plain, `form` names it and each formula is there in it too, or `code` is."""
    rows = {name: _symbolic(row) for name, row in report.derivatives.items()}
    for name, row in report.derivatives.items():
        if row.form is not None:
            rows[name][report.form] = row.form
    document: dict[str, Any] = {
        "schema": "diffcli/diff@1",
        "expression": report.expression,
        "at": _by_name(report.at),
        "derivative": rows,
        "form": report.form,
        "order": report.order,
    }
    if report.code is not None:
        document["code"] = report.code
    return document


def descend_document(report: "DescentReport") -> dict[str, Any]:
    """`diffcli/descend@1` or `diffcli/ascend@1`."""
    return {
        "schema": f"diffcli/{'ascend' if report.maximize else 'descend'}@1",
        "expression": report.expression,
        "learning_rate": report.learning_rate,
        "tolerance": report.tolerance,
        "start": _by_name(report.start),
        "final": _by_name(report.final),
        "value": _number(report.value),
        "gradient_norm": _number(report.gradient_norm),
        "status": report.status,
        "explanation": report.explanation,
        "iterations": report.iterations,
        "history": [
            {
                "iteration": iterate.iteration,
                "at": _by_name(iterate.at),
                "value": _number(iterate.value),
                "gradient_norm": _number(iterate.gradient_norm),
            }
            for iterate in report.history
        ],
    }


def functions_document(report: "Catalogue") -> dict[str, Any]:
    """`diffcli/functions@1`."""
    return {
        "schema": "diffcli/functions@1",
        "functions": [
            {
                "name": row.name,
                "family": row.family,
                "signature": row.signature,
                "notation": row.notation,
                "aliases": list(row.aliases),
                "summary": row.summary,
                "definition": row.definition,
                "derivatives": dict(row.derivatives),
                "domain": row.domain,
                "kink": row.kink,
                "example": row.example,
            }
            for row in report.functions
        ],
    }


def error_document(diagnostic: Diagnostic) -> dict[str, Any]:
    """`diffcli/error@1`."""
    labels = diagnostic.labels
    return {
        "schema": "diffcli/error@1",
        "code": diagnostic.code,
        "message": diagnostic.message,
        "source": diagnostic.source.name if diagnostic.source else None,
        "span": list(labels[0].span) if labels else None,
        "hint": diagnostic.hint,
        "labels": [{"span": list(label.span), "text": label.text} for label in labels],
        "exit_code": int(diagnostic.exit_code),
    }


def _kink(kink: "KinkNotice") -> dict[str, Any]:
    return {
        "text": kink.text,
        "span": list(kink.span),
        "reason": kink.reason,
        "convention": kink.convention,
        "sides": list(kink.sides) if kink.sides else None,
    }


def _symbolic(row: "SymbolicRow") -> dict[str, Any]:
    if row.formula is None:
        return {"formula": None, "reason": row.reason}
    document: dict[str, Any] = {"formula": row.formula}
    if row.value is not None:
        document["value"] = _value(row.value)
    return document


def _by_name(values: Mapping[str, "Array"]) -> dict[str, Any]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: "Array") -> Any:
    listed = value.tolist()
    return _number(listed) if isinstance(listed, float) else _listed(listed)


def _listed(values: list[Any]) -> list[Any]:
    return [_number(value) if isinstance(value, float) else _listed(value) for value in values]


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
