"""Numbers and arrays in a document; those that JSON lacks are the strings "nan", "inf", "-inf"."""

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffcli.analysis.values import Array


def dumps(document: Mapping[str, Any]) -> str:
    """The document on one line, in ASCII: it can be written to any stream."""
    return json.dumps(document, allow_nan=False)


def by_name(values: Mapping[str, "Array"]) -> dict[str, Any]:
    """Values by variable."""
    return {name: value_of(value) for name, value in values.items()}


def value_of(value: "Array") -> Any:
    """A number, or nested lists of numbers."""
    listed = value.tolist()
    return number(listed) if isinstance(listed, float) else _listed(listed)


def _listed(values: list[Any]) -> list[Any]:
    return [number(value) if isinstance(value, float) else _listed(value) for value in values]


def number(value: float) -> float | str:
    """A number, or the word for one that JSON lacks."""
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
