"""The derivative of a number, at each place of a variable, with no delta left in a sum."""

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr

from diffcli.symbolic.arrays.indexed import Array, Axis
from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.simplify.bounds import Ranges
from diffcli.symbolic.simplify.contraction import contract


def slope(function: Expr, target: Array, sizes: Sizes, fixed: Sequence[Axis] = ()) -> Expr:
    """The derivative with respect to the element of a variable, at its indices.

    `fixed` are the indices that the function itself depends on.
    """
    function = sizes.resolve(function)
    labels: dict[Any, Any] = {}
    if not target.axes:  # SymPy finds no derivative by a variable that is a place
        labels = {target.element: sympy.Dummy()}
        function = function.xreplace({entry: entry.xreplace(labels) for entry in function.atoms(sympy.Indexed)})
    ranges = Ranges({axis.index: sizes.resolve(axis.size) for axis in (*target.axes, *fixed)}, sizes)
    raw = contract(sympy.diff(function, target.element), ranges)
    units = {axis.index: sympy.Integer(0) for axis in target.axes if sizes.resolve(axis.size) == 1}
    return raw.xreplace({**units, **{dummy: label for label, dummy in labels.items()}})
