"""Numbers and arrays as text."""

from typing import Any

from diffcli.analysis.values import Array

#: Elements shown at each end of a long vector; a vector with more than twice as many is shortened.
_ENDS = 3


def shown(value: Array, precision: int = 6, full: bool = False) -> str:
    """A value for people: significant digits, long axes shortened with a count."""
    return _nested(value.tolist(), precision, full)


def number(value: Any, precision: int = 6) -> str:
    """A number to some significant digits, never `-0`; an exact number as it is."""
    text = f"{value:.{precision}g}"
    return "0" if text == "-0" else text


def exact(value: Array) -> str:
    """A value to all its digits in the form that `--at` accepts: `1.0`, `1.0,2.0`, `[[1.0],[2.0]]`."""
    listed = value.tolist()
    if isinstance(listed, list) and not isinstance(listed[0], list):
        return ",".join(map(_whole, listed)) + ("," if len(listed) == 1 else "")
    return _whole(listed)


def _whole(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_whole, value))}]"
    return repr(value) if isinstance(value, float) else str(value).replace(" ", "")


def _nested(value: Any, precision: int, full: bool) -> str:
    if not isinstance(value, list):
        return number(value, precision)
    if full or len(value) <= 2 * _ENDS:
        parts = [_nested(element, precision, full) for element in value]
    else:
        head = [_nested(element, precision, full) for element in value[:_ENDS]]
        tail = [_nested(element, precision, full) for element in value[-_ENDS:]]
        parts = [*head, f"... {len(value) - 2 * _ENDS:,} more", *tail]
    return f"[{', '.join(parts)}]"
