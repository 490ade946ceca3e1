"""A SymPy expression's value, by a walk that multiplies as the mathematics reads.

Each node becomes a function without arguments; the current place of each index is kept beside.
What does not depend on an index is computed once, so a sum inside a component's formula costs its
terms once for all components.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy

from diffcli.symbolic.arithmetic import Arithmetic
from diffcli.symbolic.functions import LOOPS, Choice

Thunk = Callable[[], Any]

_RELATIONS: dict[Any, Callable[[Any, Any], bool]] = {
    sympy.Gt: lambda a, b: a > b, sympy.Lt: lambda a, b: a < b, sympy.Ge: lambda a, b: a >= b,
    sympy.Le: lambda a, b: a <= b, sympy.Eq: lambda a, b: a == b, sympy.Ne: lambda a, b: a != b,
}  # fmt: skip


class Evaluation:
    """Turns expressions into functions, for fixed values of the variables.

    `elements` looks an element up by its variable's symbol: a function of its places.
    `places` holds the current place of each index; the caller sets those of the components.
    """

    def __init__(self, arithmetic: Arithmetic, numbers: Mapping[Any, Any], elements: Mapping[Any, Callable[[Sequence[int]], Any]]) -> None:
        self.arithmetic = arithmetic
        self.numbers = numbers
        self.elements = elements
        self.places: dict[Any, int] = {}
        self._known: dict[tuple[Any, frozenset[Any]], Thunk] = {}

    def prepared(self, expression: Any, indices: frozenset[Any] = frozenset()) -> Thunk:
        """The function that computes the expression; `indices` are those that vary."""
        known = self._known.get((expression, indices))
        if known is None:
            known = self._known[expression, indices] = self._remembering(expression, indices)
        return known

    def _remembering(self, expression: Any, indices: frozenset[Any]) -> Thunk:
        thunk = self._node(expression, indices)
        if not expression.args:
            return thunk
        varying = sorted(expression.free_symbols & indices, key=lambda index: index.dummy_index)
        if varying and not isinstance(expression, LOOPS):
            return thunk
        computed: dict[tuple[int, ...], Any] = {}

        def remembered() -> Any:
            key = tuple([self.places[index] for index in varying])
            if key not in computed:
                computed[key] = thunk()
            return computed[key]

        return remembered

    def _node(self, expression: Any, indices: frozenset[Any]) -> Thunk:
        arithmetic = self.arithmetic
        if expression in indices:
            places = self.places
            return lambda: places[expression]
        if expression.is_Symbol:
            number = self.numbers[expression]
            return lambda: number
        if expression.is_Rational or expression in (sympy.pi, sympy.E):
            constant = arithmetic.constant(expression)
            return lambda: constant
        if isinstance(expression, sympy.Indexed):
            return self._element(expression, indices)
        if isinstance(expression, LOOPS):
            return self._loop(expression, indices)
        if isinstance(expression, Choice):
            return self._choice(expression, indices)
        if isinstance(expression, sympy.Pow) and expression.exp.is_Integer:
            base, exponent = self.prepared(expression.base, indices), int(expression.exp)
            return lambda: arithmetic.power(base(), exponent)
        operands = [self.prepared(argument, indices) for argument in expression.args]
        if type(expression) in _RELATIONS:
            relation = _RELATIONS[type(expression)]
            left, right = operands
            return lambda: relation(left(), right())
        function = arithmetic.function(type(expression))
        return lambda: function(*[operand() for operand in operands])

    def _element(self, expression: Any, indices: frozenset[Any]) -> Thunk:
        look_up = self.elements[expression.base.label]
        if len(expression.indices) == 1 and expression.indices[0] in indices:
            places, only = self.places, expression.indices[0]
            return lambda: look_up((places[only],))
        where = [self.prepared(index, indices) for index in expression.indices]
        return lambda: look_up([int(place()) for place in where])

    def _choice(self, expression: Any, indices: frozenset[Any]) -> Thunk:
        """The branch taken alone is computed: what lies outside another's domain does not matter."""
        branches = [(self.prepared(value, indices), self.prepared(condition, indices)) for value, condition in expression.choices]
        otherwise = self.prepared(expression.otherwise, indices)

        def chosen() -> Any:
            for value, condition in branches:
                if condition():
                    return value()
            return otherwise()

        return chosen

    def _loop(self, expression: Any, indices: frozenset[Any]) -> Thunk:
        together = self.arithmetic.together(expression)
        (index, low, high), *outer = expression.limits
        inner = indices | {index} | {limit[0] for limit in outer}
        body = self.prepared(expression.function, inner)
        bounds = [(index, self.prepared(low, inner), self.prepared(high, inner))]
        bounds += [(symbol, self.prepared(first, inner), self.prepared(last, inner)) for symbol, first, last in outer]
        moving = bool(expression.free_symbols & indices) and not expression.function.free_symbols & indices
        if moving and isinstance(expression, (sympy.Sum, sympy.Product)) and len(bounds) == 1:
            return self._running(body, bounds[0], low.free_symbols & indices == set(), together)
        places = self.places

        def terms(level: int) -> Any:
            symbol, first, last = bounds[level]
            for place in range(int(first()), int(last()) + 1):
                places[symbol] = place
                if level:
                    yield from terms(level - 1)
                else:
                    yield body()

        return lambda: together(terms(len(bounds) - 1))

    def _running(self, body: Thunk, bound: tuple[Any, Thunk, Thunk], forward: bool, together: Callable[[Any], Any]) -> Thunk:
        """A loop whose terms stay while one bound moves with a component: partial results are kept."""
        symbol, first, last = bound
        partial = [together(())]

        def computed() -> Any:
            low, high = int(first()), int(last())
            while len(partial) <= high - low + 1:
                self.places[symbol] = low + len(partial) - 1 if forward else high - len(partial) + 1
                partial.append(together((partial[-1], body())))
            return partial[max(0, high - low + 1)]

        return computed


def operations(expression: Any, sizes: Mapping[Any, Any], indices: frozenset[Any] = frozenset()) -> tuple[int, int]:
    """About how many operations a component takes, and how many are made once for all."""
    once = 0
    each = 1
    for argument in expression.args:
        inner_each, inner_once = operations(argument, sizes, indices)
        each, once = each + inner_each, once + inner_once
    if isinstance(expression, LOOPS):
        for _, low, high in expression.limits:
            extent = (high - low + 1).xreplace(sizes)
            each *= int(extent) if extent.is_Integer else int(max(sizes.values(), default=1))
        if not expression.function.free_symbols & indices:
            return 1, once + each
    return each, once
