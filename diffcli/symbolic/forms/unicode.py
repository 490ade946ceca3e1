"""Formulas on one line of Unicode text: `2 Aᵀ(A x − b)`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from diffcli.messages import Message
from diffcli.primitives.notation import ATOM, COMPARISON, POWER, PRODUCT, SUM
from diffcli.symbolic.forms.variable_names import GREEK, parts
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.whole_printer import WholePrinter
from diffcli.symbolic.text.arithmetic_printer import Text
from diffcli.symbolic.text.number_text import number_text
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.conventions import Same
from diffcli.symbolic.vocabulary.dictionary import Row
from diffcli.symbolic.vocabulary.loops import Largest, Smallest
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scope import Scope

_UP = dict(zip("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_DOWN = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_LOOPS: Mapping[Any, str] = {sympy.Sum: "∑", sympy.Product: "∏", Largest: "max", Smallest: "min"}


def raised(text: str) -> str | None:
    """The text as a superscript, if there are characters for it."""
    return "".join(_UP[letter] for letter in text) if set(text) <= set(_UP) else None


def lowered_text(text: str) -> str | None:
    """The text as a subscript, if there are characters for it."""
    plain = text.replace(" ", "")
    return "".join(_DOWN[letter] for letter in plain) if set(plain) <= set(_DOWN) else None


class UnicodeForm(WholePrinter):
    """Prints formulas of elements, with indices that count from 1, and of whole arrays."""

    _MINUS = "−"
    _RELATIONS: ClassVar = {sympy.Gt: ">", sympy.Lt: "<", sympy.Ge: "≥", sympy.Le: "≤", sympy.Eq: "=", sympy.Ne: "≠"}

    def __init__(self, names: Mapping[Symbol, str], scope: Scope, decimals: bool) -> None:
        super().__init__(names, scope, {}, decimals)

    def form(self, expression: Expr) -> str:
        """The expression on one line."""
        return self._at(expression, 0)

    def _name(self, name: str) -> str:
        letters, number = parts(name)
        return GREEK.get(letters, letters) + (lowered_text(number) or "")

    def _letter(self, symbol: Symbol) -> Text:
        return self._name(self.names.get(symbol, symbol.name)), ATOM

    def _whole_variable(self, variable: Expr) -> Text:
        return self._name(variable.name), ATOM

    def _constant(self, constant: Expr) -> Text:
        text, power = super()._constant(constant)
        return text.replace("pi", "π").replace("tau", "τ").replace("-", "−").replace("*", " "), power

    def _rational(self, number: Expr) -> Text:
        text, power = self._number(number)
        return text.replace("-", "−"), PRODUCT if number < 0 else power  # factors stand side by side: 2 (−3)

    def _entry_of(self, element: Expr) -> Text:
        places = [self._at(index, 0) for index in element.indices]
        joined = ("," if any(len(place) > 1 for place in places) else "").join(places)
        below = lowered_text(joined) if "," not in joined else None
        name = self._name(element.base.label.name)
        numbered = name[-1:] in _DOWN.values()
        return (name + below if below and not numbered else f"{name}[{', '.join(places)}]"), ATOM

    def _factors(self, product: Expr) -> Text:
        coefficient, rest = product.as_coeff_Mul()
        if coefficient < 0:
            return "−" + self._at(-product, PRODUCT), PRODUCT
        above: list[Any] = []
        below: list[Any] = []
        for factor in sorted(rest.as_ordered_factors(), key=self._place):
            base, exponent = factor.as_base_exp() if isinstance(factor, sympy.Pow) else (factor, sympy.Integer(1))
            inverse_power = exponent.is_number and exponent.is_negative
            (below if inverse_power else above).append(base**-exponent if inverse_power else factor)
        text = self._joined(above, coefficient)
        if coefficient.q != 1 and not (self.decimals and "/" not in number_text(coefficient, True)):
            below.insert(0, sympy.Integer(coefficient.q))
        arrays = [factor for factor in below if nodes.rank(factor)]
        numbers = [factor for factor in below if not nodes.rank(factor)]
        for factor in arrays:
            text += f" ⊘ {self._at(factor, PRODUCT + 1)}"
        if numbers:
            divisor = (
                self._at(numbers[0], PRODUCT + 1)
                if len(numbers) == 1
                else f"({' '.join(self._at(factor, PRODUCT + 1) for factor in numbers)})"
            )
            text = f"{text}/{divisor}" if not arrays else f"({text})/{divisor}"
        return text, PRODUCT

    def _joined(self, factors: Sequence[Expr], coefficient: Expr) -> str:
        """A product's numerator: arrays are multiplied element by element."""
        decimal = self.decimals and "/" not in number_text(coefficient, True)
        number = number_text(coefficient, True) if decimal else str(int(coefficient.p))
        numbers = [factor for factor in factors if not nodes.rank(factor)]
        arrays = [factor for factor in factors if nodes.rank(factor)]
        parts_ = [number] if number != "1" else []
        parts_ += [self._at(factor, PRODUCT + 1) for factor in numbers]
        loose = len(arrays) == 1
        text = " ⊙ ".join(self._at(factor, PRODUCT if loose else PRODUCT + 1) for factor in arrays)
        return " ".join([*parts_, *([text] if text else [])]) or "1"

    def _powers(self, power: Expr) -> Text:
        base, exponent = power.as_base_exp()
        if exponent == sympy.Rational(1, 2):
            if isinstance(base, nodes.Total) and base.axis is None and base.array.as_base_exp()[1] == 2:
                return f"‖{self._at(base.array.as_base_exp()[0], 0)}‖", ATOM
            text = self._at(base, 0)
            return f"√{text}" if text.isidentifier() else f"√({text})", POWER
        if exponent.is_number and exponent.is_negative:
            return f"1{' ⊘ ' if nodes.rank(base) else '/'}{self._at(base**-exponent, PRODUCT + 1)}", PRODUCT
        above = raised(self._at(exponent, 0))
        elementwise = "∘" if nodes.rank(base) else ""
        return self._at(base, POWER + 1) + (
            f"^{elementwise}{self._at(exponent, ATOM)}" if above is None or elementwise else above
        ), POWER

    def _said(self, row: Row, arguments: Sequence[Expr]) -> Text:
        if row.unicode is None:
            return super()._said(row, arguments)
        return row.unicode.format(*[self._at(argument, 0) for argument in arguments]), ATOM

    def _exponential_of(self, call: Expr) -> Text:
        return self._call("exp", call.args)

    def _cases(self, choice: Expr) -> Text:
        text = self._at(choice.otherwise, 0)
        for value, condition in reversed(choice.choices):
            text = f"{self._at(value, 0)} if {self._at(condition, 0)} else {text}"
        return f"({text})", ATOM

    def _all_of(self, condition: Boolean) -> Text:
        return " ∧ ".join(self._at(part, SUM) for part in condition.args), COMPARISON

    def _one_of(self, condition: Boolean) -> Text:
        return " ∨ ".join(self._at(part, SUM) for part in condition.args), COMPARISON

    def _bracket(self, equal: Expr) -> Text:
        """Iverson's bracket: 1 where it holds, else 0."""
        return f"[{self._at(equal.args[0], SUM)} = {self._at(equal.args[1], SUM)}]", ATOM

    def _looped(self, loop: Expr) -> Text:
        body, ranges = self._bound(loop)
        if loop.func not in _LOOPS:
            return f"median({body})", ATOM
        sign = _LOOPS[loop.func]
        text = ""
        for name, low, high in ranges:
            first, last = low.replace(" ", ""), high.replace(" ", "")
            below, above = lowered_text(f"{name}={first}"), raised(last)
            text += f"{sign}{below}{above}" if below and above else f"{sign}({name}={first}..{last})"
        bare = not isinstance(loop.function, (sympy.Add, sympy.Mul)) and not isinstance(loop.function, Choice)
        return f"{text} {body}" if bare else f"{text} ({body})", PRODUCT

    def _times(self, product: Expr) -> Text:
        left, right = product.args
        first = self._at(left, PRODUCT if isinstance(left, nodes.Contracted) else PRODUCT + 1)
        if nodes.rank(left) == 1:
            first += "ᵀ"
        second = self._at(right, PRODUCT if isinstance(right, nodes.Contracted) else PRODUCT + 1)
        return first + ("" if second.startswith("(") else " ") + second, PRODUCT

    def _flipped(self, array: Expr) -> Text:
        if array.rank != 2:
            raise Refusal(Message("the axes of an array of more than two axes are reordered"))
        return self._at(array.args[0], ATOM) + "ᵀ", ATOM

    def _dyad(self, product: Expr) -> Text:
        first, second = (self._at(vector, ATOM) for vector in product.args)
        return f"{first} {second}ᵀ", PRODUCT

    def _summed(self, reduction: Expr) -> Text:
        array = reduction.array
        if isinstance(array, nodes.Diagonal) and isinstance(reduction, nodes.Total):
            return self._call("tr", array.args)
        if reduction.axis is not None:
            raise Refusal(Message("reductions of one axis need an index"))
        name = {nodes.Total: "∑", nodes.TotalProduct: "∏", nodes.Highest: "max", nodes.Lowest: "min"}[type(reduction)]
        return self._call(name, (array,))

    def _piece(self, part: Expr) -> Text:
        places = []
        for place in part.places:
            start, stop = place if isinstance(place, sympy.Tuple) else (place, None)
            places.append(self._at(start + 1, 0) + (f":{self._at(stop, 0)}" if stop is not None else ""))
        return f"{self._name(part.whole.name)}[{', '.join(places)}]", ATOM

    _LAYOUTS: Sequence[tuple[Any, Callable[[Any, Any], Text]]] = (
        (sympy.Rational, _rational),
        (sympy.Symbol, _letter),
        ((type(sympy.pi), type(sympy.E)), _constant),
        (sympy.Indexed, _entry_of),
        (sympy.Mul, _factors),
        (sympy.exp, _exponential_of),
        (sympy.Pow, _powers),
        (Choice, _cases),
        (sympy.And, _all_of),
        (sympy.Or, _one_of),
        ((sympy.KroneckerDelta, Same), _bracket),
        (nodes.Whole, _whole_variable),
        (nodes.Part, _piece),
        (nodes.Contracted, _times),
        (nodes.Transposed, _flipped),
        (nodes.Outer, _dyad),
        (nodes.Reduction, _summed),
        (tuple(_LOOPS), _looped),
        *WholePrinter._LAYOUTS,
    )
