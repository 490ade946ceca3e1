"""Formulas as loops: what is summed inside a loop, and does not need it, is computed once in a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.messages import Message
from diffcli.symbolic.code.literal_numbers import prepared
from diffcli.symbolic.code.task import Names, Task
from diffcli.symbolic.matrix_notation.nodes import Clipped
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.loops import LOOPS
from diffcli.symbolic.vocabulary.matrices import Matrix
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scattered import Scattered, scattered


class Range(NamedTuple):
    """An index that runs over low, ..., high."""

    index: Symbol
    low: Expr
    high: Expr


class Table(NamedTuple):
    """Values by their indices, the outermost first; without indices one number. Its places count from 0."""

    symbol: Symbol
    ranges: tuple[Range, ...]
    expression: Expr

    @property
    def entry(self) -> Expr:
        """The element at the indices."""
        return sympy.IndexedBase(self.symbol, real=True)[tuple(limit.index - limit.low for limit in self.ranges)]

    @property
    def scattered(self) -> Scattered | None:
        """What is added at computed places, if that is how it is filled."""
        return scattered(self.expression, {index: (low, high) for index, low, high in self.ranges})

    def filling(self, terms: Scattered) -> tuple[tuple[Range, ...], Expr]:
        """The loops in which such terms are added, and the element that each of them is added to."""
        around = tuple(limit for limit in self.ranges if limit.index not in terms.places)
        inner = tuple(Range(*limit) for limit in reversed(self.expression.limits))
        return (*inner, *around), self.entry.xreplace(dict(terms.places))


class Loops(NamedTuple):
    """The tables in the order in which they are computed, the value, and the gradients."""

    tables: tuple[Table, ...]
    value: Any
    gradients: Mapping[str, tuple[tuple[Range, ...], Any]]


def loops(task: Task, names: Names, everywhere: bool) -> Loops:
    """The task by loops; with `everywhere` each sum is a table, else those that are used more than once.

    What is not computed everywhere stays where a choice guards it.
    """
    value = prepared(task.value)
    elements = {name: prepared(derivative.element) for name, derivative in task.gradients.items()}
    ranges = {
        name: tuple(Range(index, sympy.Integer(0), size - 1) for index, size in task.components(name).items())
        for name in elements
    }
    wanted: frozenset[Any] = frozenset()
    for _ in range(2):  # the second time, a table that is there anyway serves everywhere
        tabulation = _Tabulation(
            task.axes, (sympy.Symbol(name, real=True) for name in names.temporaries()), everywhere, wanted
        )
        found = tabulation.of(value, ())
        gradients = {name: (ranges[name], tabulation.of(element, ranges[name])) for name, element in elements.items()}
        wanted = frozenset(tabulation.found)
    if not everywhere:
        return _inlined(Loops(tuple(tabulation.tables), found, gradients))
    return Loops(tuple(tabulation.tables), found, gradients)


def _inlined(program: Loops) -> Loops:
    """Without the tables of one number that only the value needs."""
    value, tables = program.value, list(program.tables)
    elsewhere = [table.expression for table in tables] + [element for _, element in program.gradients.values()]
    for table in reversed(program.tables):
        if (
            not table.ranges
            and value.count(table.symbol) == 1
            and not any(table.symbol in expression.free_symbols for expression in elsewhere)
        ):
            value = value.xreplace({table.symbol: table.expression})
            tables.remove(table)
    return Loops(tuple(tables), value, program.gradients)


@dataclass(slots=True)
class _Tabulation:
    axes: Mapping[Symbol, tuple[Expr, ...]]
    symbols: Any
    everywhere: bool
    wanted: frozenset[Symbol]
    tables: list[Table] = field(default_factory=list)
    found: dict[Expr, Expr] = field(default_factory=dict)

    def of(self, expression: Expr, scope: tuple[Range, ...], guarded: bool = False) -> Expr:
        """The expression with tables for loops; `scope` are the indices around it."""
        if isinstance(expression, sympy.Indexed):
            return self._clipped(expression, scope) if guarded else expression
        if isinstance(expression, Matrix):
            raise Refusal(Message("functions of a whole matrix need an array library"))
        if isinstance(expression, LOOPS):
            return self._loop(expression, scope, guarded)
        if not expression.args:
            return expression
        if isinstance(expression, Choice):
            arguments = [
                self.of(argument, scope, guarded or place % 2 == 0) for place, argument in enumerate(expression.args)
            ]
        else:
            arguments = [self.of(argument, scope, guarded) for argument in expression.args]
        return expression if list(expression.args) == arguments else expression.func(*arguments)

    def _loop(self, loop: Expr, scope: tuple[Range, ...], guarded: bool) -> Expr:
        limits = tuple(Range(*limit) for limit in reversed(loop.limits))
        body = self.of(loop.function, (*scope, *limits), guarded)
        result = loop.func(body, *[tuple(limit) for limit in reversed(limits)])
        used = tuple(limit for limit in scope if limit.index in result.free_symbols)
        around = {limit.index for limit in scope}
        moving = any((limit.low.free_symbols | limit.high.free_symbols) & around for limit in used)
        common = {limit.index: sympy.Symbol(f"_{place}", integer=True) for place, limit in enumerate(used)}
        key = (loop.xreplace(common), tuple(limit[1:] for limit in used))
        found = None if guarded or moving else Table(loop, used, result).scattered
        if not (self.everywhere or found) and (
            guarded or moving or (scope and len(used) == len(scope) and key not in self.wanted)
        ):
            return result
        if moving:
            raise Refusal(Message("a loop's range depends on the index of another inside it"))
        return self._looked_up(key, result, used)

    def _looked_up(self, key: object, loop: Expr, used: tuple[Range, ...]) -> Expr:
        """The element of the table that holds the loop's values."""
        if key not in self.found:
            self.found[key] = next(self.symbols)
            self.tables.append(Table(self.found[key], used, loop))
        symbol = self.found[key]
        return Table(symbol, used, loop).entry if used else symbol

    def _clipped(self, entry: Expr, scope: tuple[Range, ...]) -> Expr:
        """An element at places brought into its array: where a choice guards it, it may lie outside, and not matter."""
        if not self.everywhere or entry.base.label not in self.axes:
            return entry
        sizes = self.axes[entry.base.label]
        indices = {limit.index for limit in scope}
        places = [
            place if place in indices or place.is_number else Clipped(place, size)
            for place, size in zip(entry.indices, sizes, strict=True)
        ]
        return entry.base[tuple(places)]
