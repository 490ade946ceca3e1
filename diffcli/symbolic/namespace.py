"""What a primitive's `formula` may use: SymPy's functions, and what they need on arrays."""

from typing import Any

import sympy

from diffcli.symbolic import functions
from diffcli.symbolic.indexed import Array, Axis, broadcast, fresh_index
from diffcli.symbolic.sizes import Sizes

#: An axis of at most this many elements may be written out element by element.
WRITTEN_OUT = 8


class Namespace:
    """SymPy with the program's conventions. One serves one expression: it relates sizes."""

    floor = functions.Floor
    ceiling = functions.Ceiling
    absolute = functions.Absolute

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes

    def __getattr__(self, name: str) -> Any:
        return getattr(sympy, name)

    def Piecewise(self, *pairs: tuple[Any, Any]) -> Any:  # noqa: N802  # SymPy's name
        """The value of the first pair whose condition holds; the last condition is True."""
        return functions.Choice(*[part for pair in pairs[:-1] for part in pair], pairs[-1][0])

    def indicator(self, relation: Any) -> Any:
        """1 where the relation holds, else 0."""
        return functions.Choice(1, relation, 0)

    def truth(self, element: Any) -> Any:
        """The condition that a number is not 0."""
        if isinstance(element, functions.Choice) and len(element.args) == 3 and element.args[0] == 1 and element.otherwise == 0:
            return element.args[1]
        return sympy.Ne(element, 0)

    def product(self, first: Array, second: Array) -> Array:
        """The products of elements."""
        elements, axes = broadcast([first, second], self._sizes)
        return Array(sympy.Mul(*elements), axes)

    def count(self, array: Array) -> Any:
        """The number of elements."""
        return sympy.Mul(*[self._sizes.resolve(axis.size) for axis in array.axes])

    def total(self, array: Array) -> Any:
        """The sum of all elements."""
        return self._reduced(array, sympy.Sum, sympy.Add)

    def total_product(self, array: Array) -> Any:
        """The product of all elements."""
        return self._reduced(array, sympy.Product, sympy.Mul)

    def extreme(self, array: Array, largest: bool) -> Any:
        """The largest or smallest element."""
        limits = []
        element = array.element
        for axis in reversed(array.axes):
            bound = fresh_index() if self._sizes.extent(axis.size) != 1 else sympy.Integer(0)
            element = element.xreplace({axis.index: bound})
            if bound == 0:
                continue
            limits.append((bound, 0, self._sizes.resolve(axis.size) - 1))
        return (functions.Largest if largest else functions.Smallest)(element, *limits) if limits else element

    def _reduced(self, array: Array, loop: Any, together: Any) -> Any:
        element = array.element
        for axis in reversed(array.axes):
            size = self._sizes.resolve(axis.size)
            if size.is_Integer and (size == 1 or (size <= WRITTEN_OUT and _tabular(element, axis))):
                element = together(*[element.xreplace({axis.index: sympy.Integer(k)}) for k in range(int(size))])
                continue
            bound = fresh_index()  # the array may be used again outside the sum
            element = loop(element.xreplace({axis.index: bound}), (bound, 0, size - 1))
        return element


def _tabular(element: Any, axis: Axis) -> bool:
    """Whether an element depends on its index otherwise than through variables: `[1, 2, 3][i]`."""
    return any(axis.index in relation.free_symbols and relation.lhs == axis.index for relation in element.atoms(sympy.Eq))
