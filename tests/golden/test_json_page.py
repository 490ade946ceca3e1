"""The page about JSON has every field of every document, from the schemas."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from golden.pages import DOCS, assert_generated
from golden.schemas import SCHEMAS

SHARED = SCHEMAS["shared"]["$defs"]
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


def test_the_page_has_every_document() -> None:
    assert_generated(DOCS / "reference/json.md", "documents", "\n".join([*described(), ""]))
