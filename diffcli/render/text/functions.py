"""The functions of the language for people."""

import re
from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.catalogue import Catalogue, FunctionRow, RuleRow
from diffcli.messages import Message, told
from diffcli.render.console import heading, sentence, table
from diffcli.render.view import View

_KINDS = {"optimizer": Message("optimizer"), "schedule": Message("schedule")}


def functions_text(report: Catalogue, view: View) -> Iterator[RenderableType]:
    """All functions by family and the rules of `descend`, or one in detail."""
    families: dict[str, list[FunctionRow]] = {}
    for row in report.functions:
        families.setdefault(row.family, []).append(row)
    if len(report.functions) <= 2:
        for row in report.functions:
            yield from _detail(row)
        for rule in report.rules:
            yield from _rule(rule)
        return
    for family, found in families.items():
        yield heading(told(family).capitalize())
        rows = table("function", "what it is", "derivative")
        for row in found:
            rows.add_row(
                Text(row.notation or row.signature, style="cyan"), told(row.summary), Text(derivative_text(row))
            )
        yield Padding(rows, (0, 0, 1, 2))
    for kind in dict.fromkeys(rule.kind for rule in report.rules):
        yield heading("Optimizers of descend and ascend" if kind == "optimizer" else "Schedules of descend and ascend")
        rows = table(_KINDS[kind], "what it is", "formula")
        for rule in report.rules:
            if rule.kind == kind:
                rows.add_row(
                    Text(rule.name, style="cyan"), told(rule.summary), Text("\n".join(map(told, rule.formula)))
                )
        yield Padding(rows, (0, 0, 1, 2))
    yield sentence(
        "g is the gradient that arrives from behind. 'diffcli functions NAME' shows more of one, and an example.",
        style="dim",
    )


def derivative_text(row: FunctionRow) -> str:
    """The derivative by each operand, a line each; of a function that is written out, its definition."""
    if row.definition is not None:
        return f"= {row.definition}"
    if not row.derivatives:
        return told("nothing flows back")
    if len({formula for _, formula in row.derivatives}) == 1:
        return told(row.derivatives[0][1])
    return "\n".join(told("by {name}: {formula}", name=name, formula=formula) for name, formula in row.derivatives)


def _detail(row: FunctionRow) -> Iterator[RenderableType]:
    yield Text(
        row.signature + ("   " + told("written {notation}", notation=row.notation) if row.notation else ""),
        style="bold",
    )
    yield sentence(row.summary)
    rows = table("", "")
    rows.show_header = False
    if row.aliases:
        rows.add_row(told("also called"), ", ".join(row.aliases))
    if row.definition is not None:
        rows.add_row(told("written out as"), Text(row.definition, style="green"))
    for name, formula in row.derivatives:
        rows.add_row(f"d/d{name}", sentence(formula, style="green"))
    if any(_mentions_upstream(formula) for _, formula in row.derivatives):
        rows.add_row("", told("g is the gradient that arrives from behind"))
    if row.domain:
        rows.add_row(told("defined for"), told(row.domain))
    rows.add_row(told("kinks"), told(row.kink or Message("none")))
    rows.add_row(told("example"), Text(row.example))
    yield Padding(rows, (0, 0, 1, 2))


def _rule(rule: RuleRow) -> Iterator[RenderableType]:
    """An optimizer or a schedule: the formula, then what stands in it."""
    yield Text(rule.name + "   " + told("{kind} of descend and ascend", kind=_KINDS[rule.kind]), style="bold")
    yield sentence(rule.summary)
    yield Padding(Text("\n".join(map(told, rule.formula)), style="green"), (1, 0, 1, 2))
    if rule.hyperparameters or rule.rate is not None:
        rows = table("hyperparameter", "default", "values", "what it does")
        if rule.rate is not None:
            rows.add_row(
                Text("--lr", style="cyan"), f"{rule.rate:g}", told("a number above 0"), told("the learning rate")
            )
        for name, default, values, meaning in rule.hyperparameters:
            rows.add_row(Text(name, style="cyan"), default or "", told(values), told(meaning))
        yield Padding(rows, (0, 0, 1, 2))
    others = table("", "")
    others.show_header = False
    if rule.aliases:
        others.add_row(told("also called"), ", ".join(rule.aliases))
    others.add_row(told("source"), rule.source)
    others.add_row(told("example"), Text(rule.example))
    yield Padding(others, (0, 0, 1, 2))


def _mentions_upstream(formula: str) -> bool:
    """Whether a derivative is told as what becomes of the gradient g."""
    return "g" in re.findall(r"\w+", formula)
