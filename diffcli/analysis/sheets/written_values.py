"""Values of TOML and JSON files as texts of the language; nothing else is ever made of them."""

import math

#: Lists within lists.
_DEEPEST = 32


def as_text(value: object) -> str | None:
    """A text as it stands, a number, a list in brackets, a table as `x = ...; y = ...`; None for anything else."""
    if isinstance(value, dict):
        parts = {name: _as_text(each) for name, each in value.items()}
        return None if None in parts.values() else "; ".join(f"{name} = {part}" for name, part in parts.items())
    return _as_text(value)


def _as_text(value: object, depth: int = 0) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and depth < _DEEPEST:
        elements = [_as_text(each, depth + 1) for each in value]
        return None if None in elements else f"[{', '.join(map(str, elements))}]"
    if type(value) is int or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    return None
