"""SymPy's LaTeX printer, taught the program's own functions and whole arrays. Needs amsmath and no more."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Expr, Symbol
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from diffcli.messages import Message
from diffcli.symbolic.forms.variable_names import latex_name
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.text.number_text import number_text
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.dictionary import DICTIONARY
from diffcli.symbolic.vocabulary.matrices import Adjugate, Determinant, LogDeterminant
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scope import Scope

_REDUCTIONS: Mapping[Any, str] = {nodes.TotalProduct: r"\prod", nodes.Highest: r"\max", nodes.Lowest: r"\min"}

TRANSPOSE = r"\top"


class LatexForm(LatexPrinter):  # type: ignore[misc]  # SymPy has no type stubs
    """Prints formulas of elements, with indices that count from 1, and of whole arrays."""

    def __init__(self, names: Mapping[Symbol, str], scope: Scope, decimals: bool) -> None:
        super().__init__({"symbol_names": {}})
        self.names = dict(names)
        self.scope = scope
        self.taken = scope.taken | frozenset(names.values())
        self.decimals = decimals

    def form(self, expression: Expr) -> str:
        """The expression without dollar signs."""
        return str(self._print(expression))

    def _print_Symbol(self, expr: Expr, style: str = "plain") -> str:
        return latex_name(self.names.get(expr, expr.name))

    _print_Dummy = _print_Symbol

    def _print_Rational(self, expr: Expr) -> str:
        text = number_text(expr, self.decimals)
        return str(super()._print_Rational(expr)) if "/" in text else text

    def _print(self, expr: Expr, **kwargs: Any) -> Any:
        if expr is sympy.pi and "pi" in self.scope.names:
            return r"\arccos\left(-1\right)"
        if expr is sympy.E and "e" in self.scope.names:
            return r"\exp\left(1\right)"
        row = DICTIONARY.get(type(expr))
        if row is not None and row.latex is not None:
            return self._said(row.latex, expr, kwargs.get("exp"))
        return super()._print(expr, **kwargs)

    def _print_ExpBase(self, expr: Expr, exp: str | None = None) -> str:
        return self._applied(r"\exp", expr, exp) if "e" in self.scope.names else str(super()._print_ExpBase(expr, exp))

    def _print_Indexed(self, expr: Expr) -> str:
        base = self._print(expr.base.label)
        if "_" in base.replace(r"\_", ""):
            base = f"{{{base}}}"
        places = [self._print(index) for index in expr.indices]
        return f"{base}_{{{(',' if any(len(place) > 1 for place in places) else ' ').join(places)}}}"

    def _print_Remainder(self, expr: Expr) -> str:
        place, size = map(self._print, expr.args)
        return rf"\operatorname{{mod}}\left({place}, {size}\right)"

    _print_Counted = _print_Remainder

    def _print_Quotient(self, expr: Expr) -> str:
        place, size = map(self._print, expr.args)
        return rf"\left\lfloor \frac{{{place}}}{{{size}}} \right\rfloor"

    def _opened(self, loop: Expr) -> dict[Symbol, str]:
        """Names for a loop's indices; returns those that were in use before."""
        before = dict(self.names)
        for symbol, _, _ in reversed(loop.limits):
            candidates = (letter + str(number or "") for number in range(1_000) for letter in "ilrstuv")
            self.names[symbol] = next(
                name for name in candidates if name not in self.taken and name not in self.names.values()
            )
        return before

    def _print_Sum(self, expr: Expr) -> str:
        before = self._opened(expr)
        text = str(super()._print_Sum(expr))
        self.names = before
        return text

    def _print_Product(self, expr: Expr) -> str:
        before = self._opened(expr)
        text = str(super()._print_Product(expr))
        self.names = before
        return text

    def _print_Extreme(self, expr: Expr) -> str:
        name = {"Largest": r"\max", "Smallest": r"\min"}.get(type(expr).__name__, r"\operatorname{median}")
        before = self._opened(expr)
        ranges = ", ".join(
            rf"{self._print(low)} \le {self._print(index)} \le {self._print(high)}"
            for index, low, high in reversed(expr.limits)
        )
        text = rf"{name}_{{{ranges}}} {self._at(expr.function, PRECEDENCE['Mul'])}"
        self.names = before
        return text

    def _at(self, expression: Expr, power: int) -> str:
        return str(self.parenthesize(expression, power, strict=True))

    def parenthesize(self, item: Expr, level: int, is_neg: bool = False, strict: bool = False) -> str:
        """The text in brackets where it needs them: cases, for SymPy an atom, have but a brace at the left."""
        text = str(super().parenthesize(item, level, is_neg, strict))
        return str(self._add_parens(text)) if isinstance(item, Choice) and level >= PRECEDENCE["Mul"] else text

    def _needs_mul_brackets(self, expr: Expr, first: bool = False, last: bool = False) -> bool:
        return isinstance(expr, Choice) or bool(super()._needs_mul_brackets(expr, first, last))

    def _raised(self, base: Expr, exponent: str) -> str:
        """The base with a superscript; TeX takes only one on the same base."""
        text = self._at(base, PRECEDENCE["Pow"] + 1)
        return f"{{{text}}}^{{{exponent}}}" if "^" in text else f"{text}^{{{exponent}}}"

    def _print_Choice(self, expr: Expr) -> str:
        rows = [rf"{self._print(value)} & \text{{if}}\: {self._print(condition)}" for value, condition in expr.choices]
        rows.append(rf"{self._print(expr.otherwise)} & \text{{otherwise}}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def _print_Same(self, expr: Expr, exp: str | None = None) -> str:
        return rf"\left[{self._print(expr.args[0])} = {self._print(expr.args[1])}\right]" + _power(exp)

    def _applied(self, name: str, expr: Expr, exp: str | None = None) -> str:
        return rf"{name}{_power(exp)}{{\left({', '.join(self._print(argument) for argument in expr.args)} \right)}}"

    def _said(self, word: str, expr: Expr, exp: str | None) -> str:
        """A function by the dictionary's word: a name, or a pattern, which may need brackets around it to be raised."""
        if "{0}" not in word:
            return self._applied(word, expr, exp)
        text = word.format(*map(self._print, expr.args))
        return text + _power(exp) if word.startswith(r"\left") or not exp else rf"\left({text} \right){_power(exp)}"

    def _print_Add(self, expr: Expr, order: Any = None) -> str:
        terms = sorted(
            self._as_ordered_terms(expr, order=order),
            key=lambda term: (bool(term.as_coeff_Mul()[0] < 0), bool(term.atoms(nodes.Transposed))),
        )
        text = self._at(terms[0], PRECEDENCE["Add"])
        for term in terms[1:]:
            negative = term.as_coeff_Mul()[0] < 0
            text += (" - " if negative else " + ") + self._at(-term if negative else term, PRECEDENCE["Add"])
        return text

    def _print_Mul(self, expr: Expr) -> str:
        arrays = [factor for factor in expr.args if nodes.rank(factor)]
        coefficient, rest = expr.as_coeff_Mul()
        if self.decimals and coefficient.q != 1 and "/" not in number_text(coefficient, True):
            return f"{number_text(coefficient, True)} {self._at(rest, PRECEDENCE['Mul'])}"
        if not arrays:
            return str(super()._print_Mul(expr))
        scalar = sympy.Mul(*[factor for factor in expr.args if factor not in arrays])
        above = [factor for factor in arrays if not _inverted(factor)]
        below = [1 / factor for factor in arrays if _inverted(factor)]
        above.sort(key=lambda factor: 2 * isinstance(factor, nodes.Contracted) + (not isinstance(factor, nodes.Whole)))
        if len(arrays) == 1 and above:
            return self._scaled(scalar, self._matrix(above[0]))
        text = r" \odot ".join(self._at(factor, PRECEDENCE["Mul"] + 1) for factor in above) or (
            "1" if scalar in (1, -1) else ""
        )
        for factor in below:
            text = rf"{text or self._print(scalar)} \oslash {self._at(factor, PRECEDENCE['Mul'] + 1)}"
            scalar = scalar if above else sympy.Integer(1)
        return self._scaled(scalar, text)

    def _scaled(self, scalar: Expr, text: str) -> str:
        """An array's text times a number, which may be a fraction."""
        if scalar.as_coeff_Mul()[0] < 0:
            return f"- {self._scaled(-scalar, text)}"
        number, divisor = sympy.fraction(scalar)
        if number != 1:
            text = f"{self._at(number, PRECEDENCE['Mul'])} {text}"
        return text if divisor == 1 else rf"\frac{{{text}}}{{{self._print(divisor)}}}"

    def _print_Pow(self, expr: Expr) -> str:
        base, exponent = expr.args
        if (
            exponent == sympy.Rational(1, 2)
            and isinstance(base, nodes.Total)
            and base.axis is None
            and base.array.as_base_exp()[1] == 2
        ):
            return rf"\left\|{self._print(base.array.as_base_exp()[0])}\right\|"
        if not nodes.rank(expr):
            return str(super()._print_Pow(expr))
        if exponent.is_number and exponent < 0:
            return rf"1 \oslash {self._at(base**-exponent, PRECEDENCE['Mul'] + 1)}"
        return self._raised(base, rf"\circ {self._print(exponent)}")

    def _print_Whole(self, expr: Expr) -> str:
        return latex_name(expr.name)

    def _print_Contracted(self, expr: Expr) -> str:
        left, right = expr.args
        if nodes.rank(left) == 1:
            return rf"{self._raised(left, TRANSPOSE)} {self._matrix(right)}"
        return f"{self._matrix(left)} {self._matrix(right)}"

    def _matrix(self, expr: Expr) -> str:
        """A factor of a product of matrices."""
        return self._at(expr, PRECEDENCE["Pow"]) if not isinstance(expr, nodes.Contracted) else self._print(expr)

    def _print_Transposed(self, expr: Expr) -> str:
        array, *axes = expr.args
        if len(axes) != 2:
            raise Refusal(Message("the axes of an array of more than two axes are reordered"))
        if isinstance(array, nodes.Inverted):
            return self._raised(array.args[0], r"-\top")
        return self._raised(array, TRANSPOSE)

    def _print_Outer(self, expr: Expr) -> str:
        first, second = expr.args
        return f"{self._at(first, PRECEDENCE['Pow'] + 1)} {self._raised(second, TRANSPOSE)}"

    def _print_Part(self, expr: Expr) -> str:
        places = []
        for place in expr.places:
            start, stop = place if isinstance(place, sympy.Tuple) else (place, None)
            places.append(self._print(start + 1) + (f":{self._print(stop)}" if stop is not None else ""))
        return f"{{{self._print(expr.whole)}}}_{{{','.join(places)}}}"

    def _print_Diagonal(self, expr: Expr) -> str:
        return self._applied(r"\operatorname{diag}", expr)

    def _print_Inverted(self, expr: Expr) -> str:
        return self._raised(expr.args[0], "-1")

    def _print_Determined(self, expr: Expr) -> str:
        return self._applied(r"\det", expr)

    def _print_LogDetermined(self, expr: Expr) -> str:
        return rf"\log\left|\det{{\left({self._print(expr.args[0])} \right)}}\right|"

    def _print_Total(self, expr: Expr) -> str:
        array = expr.array
        if isinstance(array, nodes.Diagonal):
            return rf"\operatorname{{tr}}{{\left({self._print(array.args[0])} \right)}}"
        ones = r"\mathbf{1}"
        if expr.axis is None:
            before, after = rf"{ones}^{{\top}} ", f" {ones}" if nodes.rank(array) == 2 else ""
            return f"{before}{self._matrix(array)}{after}"
        if nodes.rank(array) != 2:
            raise Refusal(Message("sums over one of more than two axes have no matrix notation"))
        return f"{self._matrix(array)} {ones}" if expr.axis == 1 else f"{self._raised(array, TRANSPOSE)} {ones}"

    def _print_Reduction(self, expr: Expr) -> str:
        if expr.axis is not None:
            raise Refusal(Message("the extremes along one axis have no matrix notation"))
        return rf"{_REDUCTIONS[type(expr)]}{{\left({self._print(expr.array)} \right)}}"

    def _print_Entry(self, expr: Expr) -> str:
        matrix, row, column = expr.args
        return rf"\left[{self._print(matrix)}\right]_{{{self._print(row)},{self._print(column)}}}"

    def _print_Matrix(self, expr: Expr) -> str:
        (column, _, _), (row, _, _) = expr.limits
        before = self._opened(expr)
        body = self._print(expr.function)
        inside = rf"\left({body} \right)_{{{self._print(row)} {self._print(column)}}}"
        if isinstance(expr.function, sympy.Indexed) and set(expr.function.indices) == {row, column}:
            inside = self._print(expr.function.base.label) + (
                "" if expr.function.indices == (row, column) else r"^{\top}"
            )
        self.names = before
        if isinstance(expr, LogDeterminant):
            return rf"\log\left|\det{{\left({inside} \right)}}\right|"
        name = (
            r"\det" if isinstance(expr, Determinant) else r"\operatorname{adj}" if isinstance(expr, Adjugate) else None
        )
        return f"{{{inside}}}^{{-1}}" if name is None else rf"{name}{{\left({inside} \right)}}"

    _print_Determinant = _print_Matrix  # SymPy has a class of that name


def _power(exponent: str | None) -> str:
    """The exponent that SymPy wants at a function's name."""
    return f"^{{{exponent}}}" if exponent else ""


def _inverted(factor: Expr) -> bool:
    """Whether an array stands in a denominator."""
    exponent = factor.as_base_exp()[1]
    return bool(isinstance(factor, sympy.Pow) and exponent.is_number and exponent < 0)
