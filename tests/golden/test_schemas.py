"""The JSON Schemas of the documentation: every document of every command is valid by them, and they describe nothing
that no document has.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import jsonschema
import pytest
from command import answer
from golden.golden import HERE
from golden.pages import ROOT
from golden.schemas import SCHEMAS
from referencing import Registry, Resource

from diffcli.analysis import agreement
from diffcli.analysis.comparison.verdict import Cause
from diffcli.analysis.curvature import Bend, Classification
from diffcli.analysis.descent.diagnosis import Status
from diffcli.analysis.drawing.drawing import NodeKind
from diffcli.analysis.drawing.torch_graph import TorchEdgeKind, TorchNodeKind
from diffcli.analysis.exercise.asking import question
from diffcli.analysis.exercise.check_report import Fault, Feedback, Verdict
from diffcli.analysis.exercise.grading import attempted
from diffcli.analysis.exercise.truth import answer_key
from diffcli.analysis.kinks import KinkKind
from diffcli.analysis.sheets.sheet_report import Outcome
from diffcli.api.posing import posed
from diffcli.source import Source

#: Documents that only diffcli itself reads, and sheets, which are read from TOML.
OWN = {"saved-run", "quiz-progress", "sheet"}
#: Command lines whose documents have every field there is.
CASES = (HERE / "documents.txt").read_text(encoding="utf-8").splitlines()
#: Words that a report's type lists: where they stand in a schema.
WORDS = {
    ("grad", "properties/agreement/properties/verdict"): agreement.Verdict,
    ("shared", "$defs/kink/properties/kind"): KinkKind,
    ("check-sheet", "properties/students/items/properties/answers/items/properties/outcome"): Outcome,
    ("compare", "properties/verdict"): Cause,
    ("hessian", "properties/classification"): Classification,
    ("hessian", "properties/curvature"): Bend,
    ("shared", "$defs/outcome/properties/status"): Status,
    ("graph", "properties/nodes/items/properties/kind"): NodeKind,
    ("torch-graph", "properties/nodes/items/properties/kind"): TorchNodeKind,
    ("torch-graph", "properties/edges/items/properties/kind"): TorchEdgeKind,
    ("check", "properties/verdict"): Verdict,
    ("check", "properties/feedback"): Feedback,
    ("check", "properties/parts/additionalProperties/properties/fault"): Fault,
}


def documents(line: str) -> list[Any]:
    """What a command prints as JSON, on standard output or, where it fails, on standard error."""
    arguments = shlex.split(line)
    done = answer(arguments if "--jsonl" in arguments else [*arguments, "--json"], cwd=ROOT)
    return [json.loads(text) for text in done.out.splitlines() or done.err.splitlines()[-1:]]


def not_graded() -> Any:
    """The document of an answer that cannot be graded."""
    key = answer_key(question(posed("x^2", complete=False)))
    return attempted(key, Source("2t", "answer")).to_dict()


def closed(schema: Mapping[str, Any], whole: bool = True) -> dict[str, Any]:
    """The schema of documents with nothing that it does not describe; `whole` but where others stand beside it."""
    made: dict[str, Any] = {"unevaluatedProperties": False} if whole else {}
    for key, part in schema.items():
        if key in ("properties", "$defs"):
            made[key] = {name: closed(each, key == "properties") for name, each in part.items()}
        elif key in ("items", "additionalProperties"):
            made[key] = closed(part)
        elif key in ("anyOf", "oneOf", "allOf"):
            made[key] = [closed(each, False) for each in part]
        else:
            made[key] = part
    return made


CLOSED = {name: closed(schema) for name, schema in SCHEMAS.items()}
REGISTRY: Registry[Any] = Registry().with_resources(
    [(schema["$id"], Resource.from_contents(schema)) for schema in CLOSED.values()]
)
#: What no input provokes: a rule that does not fit its function.
CULPRIT = "compare: primitive, node, text, span"
#: Properties that were met, by the schema that describes them.
MET: dict[int, set[str]] = {}


def _met(validator: Any, properties: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if validator.is_type(instance, "object"):
        MET.setdefault(id(properties), set()).update(set(properties) & set(instance))
    yield from jsonschema.Draft202012Validator.VALIDATORS["properties"](validator, properties, instance, schema)


Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"properties": _met})


def faults(document: Any, name: str) -> list[str]:
    """What in a document is not as its schema says."""
    return [fault.message for fault in Validator(CLOSED[name], registry=REGISTRY).iter_errors(document)]


def test_documents_are_as_their_schemas_say_which_say_no_more() -> None:
    """Every document has what is required and nothing else, and every property is met in one of them."""
    for line in CASES:
        first, *others = documents(line)
        name = first["schema"].removeprefix("diffcli/").removesuffix("@1")
        for document in (first, *others):
            assert faults(document, name) == [], line
    assert faults(not_graded(), "check") == []
    unmet = {
        f"{name}: {', '.join(left)}"
        for name, schema in CLOSED.items()
        for properties in _tables(schema)
        if (left := [each for each in properties if each not in MET.get(id(properties), ())])
    }
    assert unmet == {CULPRIT}


def _tables(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Every table of properties within a schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema["properties"]
        for part in schema.values():
            yield from _tables(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _tables(part)


def test_a_schema_refuses_another_form() -> None:
    [document] = documents(CASES[0])
    for wrong in ({**document, "another": 1}, {**document, "value": None}, {**document, "schema": "diffcli/grad@2"}):
        assert faults(wrong, "grad")


def test_every_schema_is_one() -> None:
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_document_has_its_schema() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "diffcli").rglob("*.py"))
    named = set(re.findall(r"diffcli/([a-z-]+)@1", sources))
    assert named - OWN == set(SCHEMAS) - {"shared"}


@pytest.mark.parametrize(("schema", "place"), WORDS)
def test_words_are_those_of_the_report(schema: str, place: str) -> None:
    found = SCHEMAS[schema]
    for key in place.split("/"):
        found = found[key]
    assert [word for word in found["enum"] if word is not None] == list(get_args(WORDS[schema, place]))
