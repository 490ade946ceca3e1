"""Sizes of axes: symbols that become equal when arrays meet."""

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.messages import Message
from diffcli.symbolic.vocabulary.refusal import Refusal


class Sizes:
    """The size symbols of one expression, and what has been learnt about them.

    A size is a SymPy expression in these symbols. `known` gives their numbers where the user gave
    values; the numbers stay out of the formula, which holds for every size unless `fixed` says
    that they had to be relied upon.
    """

    def __init__(self) -> None:
        self.symbols: list[Any] = []
        self.known: dict[Any, Any] = {}
        self.fixed = False
        self._meaning: dict[Any, Any] = {}

    def fresh(self, extent: int | None) -> Expr:
        """The size of a new axis. An axis of 1 stretches, so its size is never a symbol."""
        if extent == 1:
            return sympy.Integer(1)
        symbol = sympy.Dummy("n", integer=True, positive=True)
        self.symbols.append(symbol)
        if extent is not None:
            self.known[symbol] = sympy.Integer(extent)
        return symbol

    def resolve(self, expression: Expr) -> Expr:
        """The expression in those symbols alone that stand for themselves."""
        while True:
            further = expression.xreplace(self._meaning)
            if further == expression:
                return expression
            expression = further

    def extent(self, size: Expr) -> int | None:
        """The size as a number, if it is known."""
        number = self.resolve(size).xreplace(self.known)
        return int(number) if number.is_Integer else None

    def unify(self, first: Expr, second: Expr) -> Expr:
        """Make two sizes equal and return them as one. Raises Refusal if they differ."""
        first, second = self.resolve(first), self.resolve(second)
        difference = sympy.expand(first - second)
        if difference == 0:
            return first
        if difference.is_number:
            raise Refusal(Message("the shapes do not fit together"))
        mine, other = self.extent(first), self.extent(second)
        if mine is not None and other is not None and mine != other:
            raise Refusal(Message("the shapes do not fit together"))
        difference = difference.primitive()[1]
        free = [symbol for symbol in self.symbols if difference.coeff(symbol) in (1, -1)]
        if not free:
            if mine is not None and other is not None:
                self.fixed = True
                return first
            raise Refusal(Message("whether the sizes of its slices agree is not known without values"))
        # an unknown size is explained by a known one, a later one by an earlier one
        chosen = max(free, key=lambda symbol: (symbol not in self.known, self.symbols.index(symbol)))
        self._meaning[chosen] = sympy.expand(chosen - difference / difference.coeff(chosen))
        return self.resolve(first)

    def settled(self, size: Expr) -> int | None:
        """The size as a number that the formula may contain, if it is known."""
        extent = self.extent(size)
        if extent is not None:
            self.unify(size, sympy.Integer(extent))
        return extent

    def roots(self) -> list[Symbol]:
        """The symbols that stand for themselves, in order of appearance."""
        return [symbol for symbol in self.symbols if symbol not in self._meaning]

    def names(self, taken: frozenset[str]) -> Mapping[Symbol, str]:
        """A name for each of them: `n`, `m`, `p`, ..., none of them taken."""
        return dict(zip(self.roots(), fresh_names("nmpqrstuv", taken, len(self.roots())), strict=True))


def fresh_names(letters: str, taken: frozenset[str], count: int) -> list[str]:
    """`count` names that are not taken: the letters, then the letters with numbers."""
    names: list[str] = []
    round_ = 0
    while len(names) < count:
        candidates = [letter + (str(round_) if round_ else "") for letter in letters]
        names += [name for name in candidates if name not in taken]
        round_ += 1
    return names[:count]
