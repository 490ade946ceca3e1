"""Values to all their digits, in the form that `--at` reads back."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffcli.execute.arrays import Array


def exact(value: "Array") -> str:
    """A value such as `1.0`, `1.0,2.0` or `[[1.0],[2.0]]`."""
    listed = value.tolist()
    if isinstance(listed, list) and not isinstance(listed[0], list):
        return ",".join(map(_whole, listed)) + ("," if len(listed) == 1 else "")
    return _whole(listed)


def _whole(value: object) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_whole, value))}]"
    return repr(value) if isinstance(value, float) else str(value).replace(" ", "")
