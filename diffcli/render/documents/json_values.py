"""Numbers and arrays in a document; those that JSON lacks are the strings "nan", "inf", "-inf"."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from diffcli.execute.executors.kept import kept

if TYPE_CHECKING:
    from diffcli.analysis.precision import Precision
    from diffcli.execute.arrays import Array
    from diffcli.execute.dtype import Dtype


#: What JSON holds.
Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
#: A JSON document, or a part of one, for who takes it apart again.
Document = dict[str, Any]


def dumps(document: Mapping[str, Json]) -> str:
    """The document on one line, in ASCII: it can be written to any stream."""
    return json.dumps(document, allow_nan=False).replace("\x7f", "\\u007f")


def arithmetic_entry(precision: "Precision") -> Document:
    """The arithmetic of a document's numbers, where they are not doubles, or have lost digits."""
    if not precision:
        entry = dtype_entry(precision.dtype)
        return entry if precision.doubt is None else entry | {"arithmetic": {"doubt": precision.doubt}}
    if precision.exact:
        return {"arithmetic": "exact"}
    return {
        "arithmetic": {"digits": precision.digits, **({} if precision.doubt is None else {"doubt": precision.doubt})}
    }


def dtype_entry(dtype: "Dtype") -> Document:
    """The type of a document's numbers, where they are not doubles."""
    return {} if dtype == "float64" else {"dtype": dtype}


def by_name(values: Mapping[str, "Array"]) -> Document:
    """Values by variable."""
    return {name: value_of(value) for name, value in kept(values).items()}


def value_of(value: "Array") -> Json:
    """A number, or nested lists of numbers; a single is the shortest decimal that means it."""
    if isinstance(value, float):  # a double, as most are
        return number(float(value))
    from diffcli.execute.arrays import all_finite, decimal  # NumPy is there where arrays are

    found = decimal(value)
    listed: Any = found.tolist()
    if getattr(found, "dtype", None) == "float64" and all_finite(found):
        return listed  # type: ignore[no-any-return]  # JSON has all of these numbers
    return _listed(listed) if isinstance(listed, list) else number(listed)


def _listed(values: list[object]) -> list[Json]:
    return [_listed(value) if isinstance(value, list) else number(value) for value in values]


def number(value: object) -> float | str:
    """A number, or the word for one that JSON lacks; one that is no double is its text."""
    if not isinstance(value, (float, int)):
        if hasattr(value, "dtype"):  # of NumPy's types
            return number(float(str(value)))
        return str(value).replace("+inf", "inf")
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
