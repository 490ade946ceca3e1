"""Where keys and values of TOML stand: what is cut out there is what `tomllib` read."""

import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffcli.analysis.sheets.toml_places import places

pytestmark = pytest.mark.fast

DOCUMENT = '''# a sheet = "of" [[exercises]]
schema = "a#b" # "x"
[defaults]
points=2
"quoted key" = 'q"'
[[exercise]]
id = 1
at = { x = [1, 2,  # two
 3], "y z" = 'q', deep = {a.b = 1} }
expression = """
 f"" x \\""" """
literal = \'\'\'it's ''so\'\'\'
d.e = 2024-01-01 07:00:00
[exercise.slips]
sign = 0.5
[[exercise]]
id = "2 \\u00e9"
list = [["a", "]"], [{b = "}"}], ]
'''


def at_path(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def check_places(text: str) -> int:
    """Each value is read anew from the place where it is said to stand; returns how many there were."""
    document, found = tomllib.loads(text), places(text)
    for path, place in found.items():
        value, written = at_path(document, path), text[slice(*place.value)]
        if not written.startswith("[") or isinstance(value, list):
            assert tomllib.loads(f"v = {written}")["v"] == value
    return len(found)


def test_values_are_found_where_they_stand() -> None:
    found = places(DOCUMENT)
    assert check_places(DOCUMENT) == len(found) == 28
    assert DOCUMENT[slice(*found["exercise", 1].key)] == "[[exercise]]"
    assert DOCUMENT[slice(*found["exercise", 0, "at", "y z"].key)] == '"y z"'
    assert DOCUMENT[slice(*found["exercise", 0, "slips"].key)] == "[exercise.slips]"


VALUES = st.recursive(
    st.one_of(st.integers(-99, 99), st.booleans(), st.text("ab#[]{}=,\"'\\ \n\té", max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab.", max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml(str(key))} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ",\n ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f"'{value}'" if value.isalpha() else f'"{escaped}"'
    return str(value).lower()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.text("ab #'", max_size=3), VALUES), max_size=4, unique_by=lambda pair: pair[0]))
def test_any_document(pairs: list[tuple[str, Any]]) -> None:
    text = "".join(f"{toml(key)} = {toml(value)} # end\n" for key, value in pairs)
    check_places(f"[[t]]\n{text}[[t]]\n{text}")
