"""The JSON Schemas of the documentation: every document of every command is valid by them, they describe nothing that
no document has, and the page about JSON is written from them.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import jsonschema
import pytest
from command import answer
from golden.pages import DOCS, ROOT, assert_generated
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

FOLDER = DOCS / "reference" / "schemas"
SCHEMAS: Mapping[str, Any] = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.json"))
}
#: Documents that only diffcli itself reads, and sheets, which are read from TOML.
OWN = {"saved-run", "quiz-progress", "sheet"}
LINES = """
grad "mean(x*x)" --at 1,2,3 --symbolic
grad "y = x*x; sin(y)" --at 2 --of y
grad "sum(abs(x))" --at 0,1
grad "sign(x)*x^1.5" --at 0
grad "[x, x^2]" --at 2 --cotangent 1,2
grad "x^2/3" --at 2 --exact
grad "where(sqrt(x)^2 == x, x^2, 0)" --at 2 --digits 30
grad "x^2" --at 2 --dtype float32
grad "(1 - cos(x))/x^2" --at 1e-9 --symbolic
diff "x^2*y" --at "x=1; y=2"
diff "x^3*y" --order 2 --as latex
diff "x^2" --as unicode
diff "x^3" --as numpy
diff "sin(x^2)" --steps
diff "sin(x^2)" --blank
compare "log(1 + exp(x))" --at 1000
compare "abs(x)" --at 0
compare "sum(x*x)" --at 1,2,3 --against x --sweep
compare "x*(1-x)" --at 0.3 --grow 3
compare "x^2" --at 2 --dtype float32
compare "x^2" --at 2 --exact
jacobian "[r*cos(t), r*sin(t)]" --at "r=2; t=pi/6" --pattern
jacobian "abs(x)" --at 0,1 --exact
jacobian "x^2" --at 1,2 --dtype float32
hessian "x^2 - y^2" --at "x=0; y=0" --pattern
hessian "sum(x^3)" --at 1,2 --hvp 1,0
hessian "abs(x)*x" --at 0
hessian "x^2" --at 2 --exact
hessian "x^2" --at 2 --dtype float32
hessian "where(x == 0, 1, sin(x)/x)" --at 0
jvp "sin(x)*y" --at x=1,2 --at y=3 --tangent x=1,0
jvp "abs(x)" --at 0 --tangent 1 --exact
jvp "x^2" --at 2 --tangent 1 --dtype float32
vjp "sin(x)*y" --at x=1,2 --at y=3 --cotangent 1,2
vjp "x^2" --at 2 --cotangent 1 --exact
vjp "x^2" --at 2 --cotangent 1 --dtype float32
descend "mean(x*x)" --at 1,2,3 --steps 3
descend "mean(x*x)" --at 1,2,3 --lr auto
descend "abs(x)" --at 1 --lr 1 --strict
descend "log(x)" --at 1
descend "x^4 - x" --at 2 --optimizer adam --lr 0.1,0.2 --schedule warmup+cosine --steps 3
descend "param w = 0; mean((w*x - y)^2)" --data examples/iris.csv --columns x=petal_length,y=petal_width --epochs 1 --holdout 0.2
descend "x^2" --at 1 --optimizer lbfgs
descend "x^2" --at 1 --dtype float32
ascend "-x^2" --at 1 --steps 3
descend "mean(x*x)" --at 1,2,3 --steps 2 --jsonl
descend "param w = 0; mean((w*x - y)^2)" --data examples/iris.csv --columns x=petal_length,y=petal_width --epochs 1 --holdout 0.2 --dtype float32 --jsonl
ascend "-x^2" --at 1 --steps 2 --lr 0.1,0.2 --jsonl
graph "mean(x*x)" --at 1,2,3
graph "abs(x)" --at 0
graph "mean(x*x)"
graph "f(u) = u*u*u; y = f(x); y*y" --at 1
graph "f(u) = u*u*u; f(x) + f(y)" --at "x=1; y=2" --depth 0
graph "[x, x^2]" --at 2 --cotangent 1,2
graph "mean(x*x)" --at 1,2,3 --style torch --saved
graph "x*x" --at 1,2 --style forward
check "x^2*sin(x)" --answer "2x cos(x)"
check "mean(x*x)" --at 1,2,3 --answer "0.667, 4/3, 2"
check "mean(x*x)" --at 1,2,3 --answer "0.667, 4/3" --feedback full
check "mean(x*x)" --at 1,2,3 --answer "[2, 4, 6]" --feedback full
check "x^2*y" --answer "x=2x*y; y=x" --feedback class
check "x^2*y" --answer "x=2x*y; y=x" --feedback none
check "x^2" --answer "2x + 0*y" --feedback full
check "(x+1)^2" --answer "2(x+1)" --form expanded
check --sheet examples/sheets/derivatives.toml --answers examples/sheets/class
check --sheet examples/exercises/1-gradients.toml --answers examples/exercises/class/1-gradients
quiz --topic chain,backprop,descent-step,learning-rate,computation-graph,accumulation --count 24 --level 4
functions
help
help slips
help grad
examples descend
grad "sinx" --at 1
grad "log(1 + exp(x))" --at 1000
grad x --at y=@nothere.csv
"""
CASES = LINES.strip().splitlines()
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
    """The schema of documents that have nothing which it does not describe; `whole` but where others stand beside it."""
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


#: What a type of JSON is called.
TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}


def table(schema: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a document or a part, those within others by their path."""
    yield from ("| field | type | what it is |", "|---|---|---|", *rows(schema, ""), "")


def rows(schema: Mapping[str, Any], path: str) -> Iterator[str]:
    """A row for each property, and for those of the objects within it."""
    for name, part in schema.get("properties", {}).items():
        if name != "schema":
            optional = "" if name in schema.get("required", ()) else ", or absent"
            yield f"| `{path}{name}` | {kind(part)}{optional} | {part.get('description', '')} |"
            inside, suffix = within(part)
            yield from rows(inside, f"{path}{name}{suffix}.")


def within(part: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The object in a part, and how a path goes on to it: through a list by `[]`, through a table by `*`."""
    for key, suffix in (("items", "[]"), ("additionalProperties", ".*")):
        if isinstance(part.get(key), dict):
            inside, more = within(part[key])
            return inside, suffix + more
    for other in part.get("anyOf", ()):
        if "properties" in other:
            return other, ""
    return part, ""


def kind(part: Mapping[str, Any]) -> str:
    """The type of a part, in words."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2].removesuffix(".schema.json")
        return f"[{name}](#{f'diffcli{name}1' if name in SCHEMAS else name})"
    if "anyOf" in part:
        return " or ".join(dict.fromkeys(map(kind, part["anyOf"])))
    if "enum" in part or "const" in part:
        return ", ".join(f"`{json.dumps(word)}`" for word in part.get("enum", [part.get("const")]))
    if "items" in part:
        return f"list of: {kind(part['items'])}"
    if isinstance(part.get("additionalProperties"), dict) and "properties" not in part:
        return f"by name: {kind(part['additionalProperties'])}"
    words = part.get("type", "object")
    return " or ".join(TYPES.get(word, word) for word in ([words] if isinstance(words, str) else words))


def described() -> Iterator[str]:
    """Each document, then what several have."""
    for name, schema in SCHEMAS.items():
        if name != "shared":
            yield from (
                "",
                f"### diffcli/{name}@1",
                "",
                f"{schema['description']} ([schema](schemas/{name}.schema.json))",
            )
            if "properties" in schema and len(schema["properties"]) > 1:
                yield from ("", *table(schema))
            yield from [""] * ("oneOf" in schema)
            for other in schema.get("oneOf", ()):
                inner = other.get("allOf", [other])[0]
                yield f"* {kind(inner)}: {SHARED[inner['$ref'].rpartition('/')[2]]['description']}"
    yield from ("", "## What several documents have", "")
    for name, part in SHARED.items():
        if "$ref" in part:
            continue
        yield from (f"### {name}", "", part.get("description", ""), "")
        others = [kind(other) for other in part.get("allOf", ())]
        if others:
            yield from (f"And what stands in {', '.join(others)}.", "")
        if "properties" in part:
            yield from table(part)


SHARED = SCHEMAS["shared"]["$defs"]


def test_the_page_has_every_document() -> None:
    assert_generated(DOCS / "reference/json.md", "documents", "\n".join([*described(), ""]))
