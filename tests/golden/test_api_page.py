"""The page of Python's functions is their signatures and docstrings, and those of the reports that they return."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from textwrap import wrap

from golden.pages import DOCS, ROOT, assert_generated

import diffcli
from diffcli.analysis.compiled import CompiledFunction

#: The class of each report, from the table of their faces.
REPORTS = {
    name.name: getattr(importlib.import_module(node.module), name.name)
    for node in ast.walk(ast.parse((ROOT / "diffcli/render/faces.py").read_text(encoding="utf-8")))
    if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("diffcli.analysis")
    for name in node.names
}
#: What only comes in place of another, which is described.
SEVERAL = {"DescentRuns"}


def functions() -> Iterator[str]:
    """Each function: how it is called, and what it says of itself."""
    for name in diffcli.__all__:
        found = getattr(diffcli, name)
        if inspect.isfunction(found):
            yield from ("", f"### {name}", "", "```text", *call(name, found), "```", "", inspect.getdoc(found) or "")


def call(name: str, function: object) -> Iterator[str]:
    """The signature without types but that of the result, in lines."""
    signature = inspect.signature(function)  # type: ignore[arg-type]
    bare = [
        each.replace(annotation=each.empty, default=... if inspect.isfunction(each.default) else each.default)
        for each in signature.parameters.values()
    ]
    arguments = str(signature.replace(parameters=bare, return_annotation=signature.empty)).replace("Ellipsis", "...")
    yield from wrap(f"{name}{arguments} -> {signature.return_annotation}", 100, subsequent_indent="    ")


def reports() -> Iterator[str]:
    """Each report: what it is, its fields, and what is told of it besides."""
    named = set(re.findall(r"\b[A-Z]\w+", " ".join(line for line in functions() if "->" in line)))
    for name, report in {**REPORTS, "CompiledFunction": CompiledFunction}.items():
        if name in named:
            yield from ("", f"### {name}", "", inspect.getdoc(report) or "", "")
            if name in REPORTS:
                yield from (f"Fields: {', '.join(f'`{each.name}`' for each in fields(report))}.", "")
            yield from members(report)


def members(report: type) -> Iterator[str]:
    """Properties and methods of the class itself, with the first line of what they say."""
    for name, member in vars(report).items():
        if not name.startswith("_") and (isinstance(member, property) or inspect.isfunction(member)):
            said = (inspect.getdoc(member) or "").partition("\n\n")[0].replace("\n", " ")
            yield f"* `{name}{'' if isinstance(member, property) else '()'}`: {said}"


def test_the_page_has_every_function_and_every_report() -> None:
    text = "\n".join(["", "## Functions", *functions(), "", "## Reports", *reports(), "", ""])
    assert_generated(DOCS / "reference/api.md", "functions", text)
    assert set(re.findall(r"^### (\w+)$", text, re.MULTILINE)) >= {*REPORTS, "CompiledFunction", "compile"} - SEVERAL
