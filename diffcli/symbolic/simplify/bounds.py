"""Knowledge of indices: the ranges that they run over, and places that are never before another."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.vocabulary.index_arithmetic import Counted, Quotient, Remainder


class Ranges(NamedTuple):
    """The indices that run from 0 on, each with the size of its axis; `sizes` has what is known of sizes."""

    indices: Mapping[Symbol, Expr | None]
    sizes: Sizes

    def joined(self, limits: Sequence[Expr]) -> "Ranges":
        """The ranges inside a sum."""
        return self._replace(indices={**self.indices, **{index: high + 1 for index, low, high in limits if low == 0}})

    def places(self, low: Expr, high: Expr, most: int) -> range | None:
        """The places from `low` to `high`, where they are known and not too many."""
        first, last = (self.sizes.extent(bound) for bound in (low, high))
        if first is None or last is None or last - first >= most:
            return None
        self.sizes.fixed |= bool(sympy.expand(high - low).free_symbols)
        return range(first, last + 1)

    def never_negative(self, distance: Expr) -> bool:
        """Whether an expression linear in the indices is at least 0 wherever they are in range."""
        least = sympy.expand(distance)
        indices = dict(self.indices)
        for digit in least.atoms(Quotient, Remainder, Counted):
            plain = sympy.Dummy(integer=True, nonnegative=True)
            least = least.xreplace({digit: plain})
            indices[plain] = digit.args[1] if isinstance(digit, (Remainder, Counted)) else self._quotients(digit)
        for index, size in indices.items():
            slope = least.coeff(index)
            if slope.is_positive:
                least = least.xreplace({index: sympy.Integer(0)})
            elif slope.is_negative and size is not None:
                least = sympy.expand(least.xreplace({index: size - 1}))
        shifted = {
            size: 1 + sympy.Dummy(integer=True, nonnegative=True) for size in least.free_symbols if size.is_positive
        }
        return bool(sympy.expand(least.xreplace(shifted)).is_nonnegative)

    def _quotients(self, digit: Expr) -> Expr | None:
        """The number of values of an index's quotient, if that is known."""
        place, size = digit.args
        extent = self.sizes.extent(self.indices[place]) if place in self.indices else None
        return sympy.Integer(-(-extent // int(size))) if extent is not None and size.is_Integer else None


def not_before(later: Expr, earlier: Expr) -> Expr:
    """`later >= earlier`, as a bound on an index where there is one."""
    difference = sympy.expand(later - earlier)
    symbols = [symbol for symbol in difference.free_symbols if difference.coeff(symbol) in (1, -1)]
    symbols.sort(key=lambda symbol: symbol.is_positive is True)  # sizes are positive, indices may be 0
    if not symbols:
        return sympy.Ge(difference, 0)
    bound = sympy.expand(symbols[0] - difference / difference.coeff(symbols[0]))
    return sympy.Ge(symbols[0], bound) if difference.coeff(symbols[0]) == 1 else sympy.Le(symbols[0], bound)
