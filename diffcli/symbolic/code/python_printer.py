"""SymPy's Python printer, taught lists and loops over them."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

import math
from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pycode import PythonCodePrinter

from diffcli.symbolic.code.loop_names import LoopNames
from diffcli.symbolic.code.tabulation import Range, Table
from diffcli.symbolic.code.whole_numbers import WholeNumbers
from diffcli.symbolic.vocabulary.dictionary import DIVIDED, POWER, SQUARE_ROOT, Helper, word
from diffcli.symbolic.vocabulary.index_arithmetic import Counted
from diffcli.symbolic.vocabulary.kept import Weighed
from diffcli.symbolic.vocabulary.loops import Largest, Length, LowerMiddle, Middle, Smallest, UpperMiddle

_LOOPS: dict[Any, str] = {
    sympy.Sum: "sum", sympy.Product: "math.prod", Largest: "max", Smallest: "min",
    Middle: "statistics.median", LowerMiddle: "statistics.median_low", UpperMiddle: "statistics.median_high",
}  # fmt: skip
#: What is printed for operators and roots, by name.
HELPERS = {helper.name: helper for helper in (DIVIDED, POWER, SQUARE_ROOT)}


class PythonPrinter(WholeNumbers, PythonCodePrinter):  # type: ignore[misc]  # SymPy has no type stubs
    """Prints formulas of elements; `helpers` and `used` tell what else the module needs."""

    language = "python"

    def __init__(self, names: dict[Symbol, Expr], variables: frozenset[Symbol], loop_names: LoopNames) -> None:
        super().__init__({"fully_qualified_modules": True})
        self.names = names
        self.variables = variables
        self.loop_names = loop_names
        self.helpers = {}
        self.used: set[str] = set()

    def text(self, expression: Expr) -> str:
        """One number's text."""
        return str(self._print(expression))

    def listed(self, expression: Expr, ranges: Sequence[Range]) -> str:
        """Nested lists of an expression over indices, the outermost first."""
        if not ranges:
            return self.text(expression)
        (index, low, high), *inner = ranges
        bounds = self._range(low, high)
        with self.loop_names.opened([index]) as (name,):
            return f"[{self.listed(expression, inner)} for {name} in {bounds}]"

    def table(self, table: Table) -> list[str]:
        """The statements that make a table."""
        name, found = table.symbol.name, table.scattered
        if found is None:
            return [f"{name} = {self.listed(table.expression, table.ranges)}"]
        ranges, entry = table.filling(found)
        zeros = f"{name} = {self.listed(sympy.Float(0.0), table.ranges)}"
        with self.loop_names.opened([limit.index for limit in ranges]) as names:
            loops = [f"for {name} in {self._range(*limit[1:])}:" for name, limit in zip(names, ranges, strict=True)]
            lines = [*loops, f"{self.text(entry)} += {self.text(found.term)}"]
        return [zeros, *("    " * depth + line for depth, line in enumerate(lines))]

    def _range(self, low: Expr, high: Expr) -> str:
        stop = self._print(sympy.expand(high + 1))
        return f"range({stop})" if low == 0 else f"range({self._print(low)}, {stop})"

    def _print_Symbol(self, expr: Expr) -> str:
        if expr in self.loop_names:
            return self.loop_names[expr]
        name = self.names[expr].name if expr in self.names else expr.name
        self.used.add(name)
        return str(name)

    _print_Dummy = _print_Symbol

    def _print_Indexed(self, expr: Expr) -> str:
        indices = [index.args[0] if isinstance(index, Counted) else index for index in expr.indices]
        places = [
            f"int({self._print(index)})" if self._is_computed(index) else str(self._print(index)) for index in indices
        ]
        return str(self._print(expr.base.label)) + "".join(f"[{place}]" for place in places)

    def _is_computed(self, index: Expr) -> bool:
        """Whether a place depends on values: a class label."""
        return bool(index.atoms(sympy.Indexed)) or any(symbol in self.variables for symbol in index.free_symbols)

    def _loop(self, expr: Expr) -> str:
        generators: list[str] = []
        indices = [limit[0] for limit in reversed(expr.limits)]
        with self.loop_names.opened(indices) as names:
            for name, (_, low, high) in zip(names, reversed(expr.limits), strict=True):
                generators.append(f"for {name} in {self._range(low, high)}")
            terms = f"{self._print(expr.function)} {' '.join(generators)}"
            return f"math.hypot(*({terms}))" if isinstance(expr, Length) else f"{_LOOPS[expr.func]}({terms})"

    _print_Sum = _print_Product = _print_Extreme = _print_Length = _loop

    def _print_Choice(self, expr: Expr) -> str:
        text = str(self._print(expr.otherwise))
        for value, condition in reversed(expr.choices):
            text = f"{self._print(value)} if {self._print(condition)} else {text}"
        return f"({text})"

    def _same(self, expr: Expr) -> str:
        left, right = (self._at(side, PRECEDENCE["BitwiseOr"]) for side in expr.args)
        return f"(1.0 if {left} == {right} else 0.0)"

    _print_Same = _print_KroneckerDelta = _same

    def _print_Mul(self, expr: Expr) -> str:
        """The quotient of what is above the line and what is below, where that may be 0: Python raises an error."""
        below = [factor for factor in sympy.Mul.make_args(expr) if self._may_divide_by_zero(factor)]
        if not below:
            return str(super()._print_Mul(expr))
        above = [factor for factor in sympy.Mul.make_args(expr) if factor not in below]
        divisor = sympy.Mul(*(sympy.Pow(factor.base, -factor.exp) for factor in below), evaluate=False)
        return self._call(DIVIDED, sympy.Mul(*above, evaluate=False), divisor)

    def _print_Pow(self, expr: Expr, rational: bool = False) -> str:
        base, exponent = expr.args
        if self._may_divide_by_zero(expr):
            return self._call(DIVIDED, sympy.Integer(1), sympy.Pow(base, -exponent))
        if exponent.is_Rational and exponent < 0:
            return f"1/{self._at(sympy.Pow(base, -exponent), PRECEDENCE['Mul'] + 1)}"
        if exponent == sympy.Rational(1, 2):
            return f"math.sqrt({self._print(base)})" if base.is_number else self._call(SQUARE_ROOT, base)
        if _is_square(expr):
            return f"{self._print(base)}*{self._print(base)}"
        if exponent.is_Integer and self._is_known(base):
            return f"{self._at(base, PRECEDENCE['Pow'] + 1)}**{self._at(exponent, PRECEDENCE['Pow'])}"
        return self._call(POWER, base, exponent)  # ** would make complex numbers

    def _may_divide_by_zero(self, factor: Expr) -> bool:
        """Whether a factor is a quotient by what is not known to be other than 0."""
        if not (factor.is_Pow and factor.exp.is_Rational and factor.exp < 0):
            return False
        number, rest = factor.base.as_coeff_Add()
        if number > 0 and all(term.is_nonnegative for term in sympy.Add.make_args(rest)):
            return False
        return not (self._is_known(factor.base) and factor.base.is_positive)

    def _is_known(self, expr: Expr) -> bool:
        """Whether an expression is of numbers, sizes and places alone."""
        return all(
            symbol in self.loop_names or (symbol in self.names and symbol not in self.variables)
            for symbol in expr.free_symbols
        )

    def _call(self, helper: Helper, *arguments: Expr) -> str:
        return f"{self._brought(helper)}({', '.join(map(self.text, arguments))})"

    def _called(self, expr: Expr) -> str:
        """Nothing guards functions of numbers: prepared formulas have none that raise."""
        found = word(type(expr), self.language)
        if isinstance(found, Helper) and expr.is_number and hasattr(math, found.name):
            return f"math.{found.name}({', '.join(self._arguments(expr))})"
        return super()._called(expr)

    def parenthesize(self, item: Expr, level: int, strict: bool = False) -> str:
        """The text in brackets where it needs them: squares and inverses bind as products do."""
        inverse = item.is_Pow and item.exp.is_Rational and item.exp < 0 and not self._may_divide_by_zero(item)
        if not (inverse or _is_square(item)):
            return super().parenthesize(item, level, strict)
        text = str(self._print(item))
        return f"({text})" if PRECEDENCE["Mul"] < level + (not strict) else text

    def _arguments(self, expr: Expr) -> list[str]:
        """The arguments; a factor that may be undefined is not computed where the other is 0."""
        first, *others = super()._arguments(expr)
        return [first, *(f"lambda: {other}" for other in others)] if isinstance(expr, Weighed) else [first, *others]


def _is_square(expr: Expr) -> bool:
    """Whether an expression is the square of a variable."""
    return bool(expr.is_Pow and expr.exp == 2 and (expr.base.is_Symbol or isinstance(expr.base, sympy.Indexed)))
