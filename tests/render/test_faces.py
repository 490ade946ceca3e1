"""Every result has its faces, in one table that the type checker sees."""

import ast
import json
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getsource
from typing import Any

import pytest
from render.test_notebook import RESULTS

import diffcli.analysis
from diffcli.analysis.catalogue import catalogue
from diffcli.analysis.descent.descent_report import DescentRuns
from diffcli.analysis.drawing.torch_graph import torch_graph
from diffcli.analysis.manual.topics import topic_page
from diffcli.analysis.presented import Presented
from diffcli.render import faces
from diffcli.render.documents.json_values import dumps
from diffcli.render.faces import FACES, document_of, faces_of, page_of, text_of
from diffcli.render.terse import lines


def _subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def _torch() -> Any:
    drawing = RESULTS["Drawing"]()
    return torch_graph(drawing.trace, drawing.wrt, True)


def _runs() -> DescentRuns:
    run = RESULTS["DescentReport"]()
    return DescentRuns(run.expression, (run, run))


def _page() -> Any:
    return topic_page("language")


ALL: dict[str, Callable[[], Any]] = {
    **RESULTS,
    "TorchGraph": _torch,
    "DescentRuns": _runs,
    "Catalogue": catalogue,
    "ManualPage": _page,
}


def test_every_report_of_the_analyses_has_its_faces() -> None:
    for module in pkgutil.walk_packages(diffcli.analysis.__path__, "diffcli.analysis."):
        import_module(module.name)
    assert {kind.__name__ for kind in _subclasses(Presented)} == set(FACES) == set(ALL)


def test_the_type_checker_sees_the_table() -> None:
    """Each entry names its report; nothing in the module is untyped but the table's mix of them."""
    tree = ast.parse(getsource(faces))
    table = next(node for node in tree.body if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "FACES")
    assert isinstance(table.value, ast.Dict)
    for key, entry in zip(table.value.keys, table.value.values, strict=True):
        assert isinstance(entry, ast.Call)
        assert ast.unparse(entry.func) == f"Faces[{ast.unparse(key)}]" if key else False
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    assert names.count("Any") == 1
    assert not {"import_module", "cast"} & set(names)


@pytest.mark.parametrize("name", ALL)
def test_every_face_can_be_shown(name: str) -> None:
    report = ALL[name]()
    document = document_of(report)
    assert document["schema"].startswith("diffcli/")
    assert json.loads(dumps(document)) == document
    assert text_of(report, width=200).strip()
    assert "".join(lines(faces_of(report).terse(report), False))
    page = page_of(report)
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<main") == page.count("</main>") == 1
