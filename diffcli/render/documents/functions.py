"""The table of functions as a document."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from diffcli.render.documents.json_values import Document

if TYPE_CHECKING:
    from diffcli.analysis.catalogue import Catalogue, RuleRow


def functions_document(report: "Catalogue") -> Document:
    """`diffcli/functions@1`."""
    return {
        "schema": "diffcli/functions@1",
        "functions": [
            {**asdict(row), "aliases": list(row.aliases), "derivatives": dict(row.derivatives)}
            for row in report.functions
        ],
        **{
            f"{kind}s": [_rule_entry(rule) for rule in report.rules if rule.kind == kind]
            for kind in ("optimizer", "schedule")
        },
    }


def _rule_entry(rule: "RuleRow") -> Document:
    """An optimizer or a schedule."""
    return {
        "name": rule.name,
        "aliases": list(rule.aliases),
        "summary": rule.summary,
        "formula": list(rule.formula),
        "learning_rate": rule.rate,
        "hyperparameters": [
            {"name": name, "default": default, "values": values, "meaning": meaning}
            for name, default, values, meaning in rule.hyperparameters
        ],
        "source": rule.source,
        "example": rule.example,
    }
