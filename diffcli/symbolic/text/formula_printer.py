"""Formulas by indices as text in the language's own notation: with sums, other loops, and functions of matrices."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.primitives.notation import ATOM, SUM
from diffcli.symbolic.text.arithmetic_printer import ArithmeticPrinter, Text
from diffcli.symbolic.vocabulary import matrices
from diffcli.symbolic.vocabulary.loops import LOOPS, Largest, LowerMiddle, Middle, Smallest, UpperMiddle
from diffcli.symbolic.vocabulary.scope import Scope

_LOOPS = {
    sympy.Sum: "Sum",
    sympy.Product: "Product",
    Largest: "Max",
    Smallest: "Min",
    Middle: "Median",
    LowerMiddle: "LowMedian",
    UpperMiddle: "HighMedian",
}
_OF_MATRICES = {matrices.Determinant: "det", matrices.LogDeterminant: "logdet", matrices.Inverse: "inv"}


class Printer(ArithmeticPrinter):
    """Prints one formula. After printing, `loops` holds the name and the range of each index that was summed over."""

    def __init__(self, names: Mapping[Symbol, str], scope: Scope, whole: Sequence[Expr] | None, decimals: bool) -> None:
        super().__init__(names, scope, whole, decimals)
        self.loops: dict[str, tuple[Expr, Expr]] = {}
        self.open: frozenset[str] = frozenset()

    def _left_out(self, factors: list[Expr]) -> tuple[list[Expr], list[str]]:
        """Products up to before a place and from after it on are one, written `Product(body, i != j)`."""
        products = [factor for factor in factors if isinstance(factor, sympy.Product) and len(factor.limits) == 1]
        for first in products:
            for second in products:
                (index, low, high), (_, after, last) = first.limits[0], second.limits[0]
                if (
                    low == 0
                    and after - high == 2
                    and first.function == second.function
                    and index == second.limits[0][0]
                ):
                    text, _ = self._loop(sympy.Product(first.function, (index, 0, last)))
                    name = next(reversed(self.loops))
                    left = [factor for factor in factors if factor not in (first, second)]
                    return left, [f"{text[:-1]}, {name} != {self._at(high + 1, SUM)})"]
        return factors, []

    def _of_matrix(self, function: Expr) -> Text:
        """`det(A)`; of a matrix without a name, its element and the indices of its rows and columns."""
        (column, _, _), (row, _, _) = function.limits
        name, element = self._function(_OF_MATRICES[function.func]), function.function
        if isinstance(element, sympy.Indexed) and set(element.indices) == {row, column}:
            return f"{name}({element.base.label.name}{'' if element.indices == (row, column) else '.T'})", ATOM
        body, ranges = self._bound(function)
        return f"{name}({body}, {', '.join(index for index, _, _ in ranges)})", ATOM

    def _entry(self, entry: Expr) -> Text:
        matrix, row, column = entry.args
        return f"{self._at(matrix, 0)}[{self._index(row)}, {self._index(column)}]", ATOM

    def _loop(self, loop: Expr) -> Text:
        """`Sum(body)`; the index is named where the body has more indices than one.

        A product that leaves out one place is `Product(body, i != j)`; other ranges are written out.
        """
        body = loop.function
        text, ranges = self._bound(loop)
        plain = all(
            low == 0 and not any(symbol.is_positive is None for symbol in high.free_symbols)
            for _, low, high in loop.limits
        )
        if plain and not (len(loop.limits) == 1 and not body.atoms(*LOOPS)):
            text += "".join(f", {name}" for name, _, _ in ranges)
        elif not plain:
            text += "".join(f", {name}, {low}, {high}" for name, low, high in ranges)
        return f"{_LOOPS[loop.func]}({text})", ATOM

    def _bound(self, loop: Expr) -> tuple[str, list[tuple[str, str, str]]]:
        """The text of a loop's body, and its indices with their bounds, the outermost first."""
        before = {symbol: self.names.get(symbol) for symbol, _, _ in loop.limits}
        enclosing = self.open
        free = loop.function.free_symbols
        outside = set(self.open) | {name for symbol, name in self.names.items() if symbol in free}
        for symbol, low, high in reversed(loop.limits):
            name = self._loop_name(low, high, outside)
            outside.add(name)
            self.open = self.open | {name}
            self.names[symbol] = name
            self.loops.setdefault(name, (low, high))
        text = self._at(loop.function, 0)
        ranges = [
            (self.names[symbol], self._at(low, 0), self._at(high, 0)) for symbol, low, high in reversed(loop.limits)
        ]
        self.open = enclosing
        for symbol, name_before in before.items():
            del self.names[symbol]
            if name_before is not None:
                self.names[symbol] = name_before
        return text, ranges

    def _loop_name(self, low: Expr, high: Expr, outside: set[str]) -> str:
        """A name for an index: one that already has this range, else a new one."""
        for name, limits in self.loops.items():
            if limits == (low, high) and name not in outside:
                return name
        candidates = [letter + str(k or "") for k in range(100) for letter in "ilrstuv"]
        return next(
            name for name in candidates if name not in self.taken and name not in self.loops and name not in outside
        )

    _LAYOUTS: Sequence[tuple[Any, Callable[[Any, Any], Text]]] = (
        (matrices.Entry, _entry),
        (matrices.Matrix, _of_matrix),
        (LOOPS, _loop),
        *ArithmeticPrinter._LAYOUTS,
    )
