"""Expressions that cross to another process as they are.

SymPy's own way makes them anew, and 2*(a - b) comes back as 2*a - 2*b.
"""

import io
import pickle
from typing import Any

import sympy

#: What SymPy tidies when it makes it.
_TIDIED = (sympy.Add, sympy.Mul, sympy.Pow)


def packed(value: Any) -> bytes:
    """Anything that is made of expressions."""
    stream = io.BytesIO()
    _Pickler(stream).dump(value)
    return stream.getvalue()


class _Pickler(pickle.Pickler):
    def reducer_override(self, item: Any) -> Any:
        return (_as_it_was, (type(item), item.args)) if isinstance(item, _TIDIED) else NotImplemented


def _as_it_was(kind: Any, parts: tuple[Any, ...]) -> Any:
    return kind(*parts, evaluate=False)
