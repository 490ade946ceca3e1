"""SymPy to text in the language's own notation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from diffcli.messages import Message
from diffcli.primitives.notation import ATOM, COMPARISON, POWER, PRODUCT, SIGN, SUM
from diffcli.primitives.table import FUNCTION_NAMES
from diffcli.symbolic.text.number_text import number_text
from diffcli.symbolic.vocabulary import special
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.conventions import Same
from diffcli.symbolic.vocabulary.dictionary import DICTIONARY, RELATIONS, Row
from diffcli.symbolic.vocabulary.index_arithmetic import Counted, Quotient, Remainder
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scope import Scope

_PAIRWISE = {sympy.Max: "maximum", sympy.Min: "minimum"}

#: A piece of text and how tightly its outermost operation binds.
Text = tuple[str, int]


class ArithmeticPrinter:
    """Prints one formula that has no loops.

    `names` names its size symbols and component indices, `whole` are the indices of an element
    that is printed as the variable alone, `scope` is that of the program that the text is for.
    After printing, `used` holds the named symbols that were met, `hidden` the functions whose names
    the program has given to its own.
    """

    _MINUS = "-"
    _RELATIONS: ClassVar[Mapping[Any, str]] = RELATIONS

    def __init__(self, names: Mapping[Symbol, str], scope: Scope, whole: Sequence[Expr] | None, decimals: bool) -> None:
        self.names = dict(names)
        self.scope = scope
        self.taken = scope.taken | frozenset(names.values())
        self.whole = None if whole is None else tuple(whole)
        self.decimals = decimals
        self.used: set[Symbol] = set()
        self.hidden: dict[str, None] = {}

    def text(self, expression: Expr) -> str:
        """The expression as text."""
        return self._at(expression, 0)

    def _at(self, expression: Expr, power: int) -> str:
        """The expression in brackets unless it binds at least as tightly as `power`."""
        text, own = self._layout(expression)
        return text if own >= power else f"({text})"

    def _layout(self, expression: Expr) -> Text:
        for kind, layout in self._LAYOUTS:
            if isinstance(expression, kind):
                return layout(self, expression)
        row = DICTIONARY.get(expression.func)
        if row is not None and isinstance(row.text, str):
            return self._said(row, expression.args)
        raise Refusal(Message("its derivative needs {what}, which the language does not have", what=_what(expression)))

    def _said(self, row: Row, arguments: Sequence[Expr]) -> Text:
        """A function that the dictionary has."""
        return self._call(str(row.text), arguments)

    def _number(self, number: Expr) -> Text:
        text = number_text(number, self.decimals)
        return text, PRODUCT if "/" in text else SIGN if number < 0 else ATOM

    def _symbol(self, symbol: Symbol) -> Text:
        if symbol in self.names:
            self.used.add(symbol)
        return self.names.get(symbol, symbol.name), ATOM

    def _constant(self, constant: Expr) -> Text:
        text = self.scope.constant("pi" if constant is sympy.pi else "e")
        return text, SUM if " + " in text else PRODUCT if "/" in text or "*" in text else ATOM

    def _indexed(self, element: Expr) -> Text:
        name = element.base.label.name
        if element.indices == self.whole:
            return name, ATOM
        return f"{name}[{', '.join(self._index(index) for index in element.indices)}]", ATOM

    def _index(self, index: Expr) -> str:
        """An index; `n - 1` is written as the language can read it, `-1`."""
        if isinstance(index, Counted):  # as indices count
            return self._at(index.args[0], 0)
        sizes = [symbol for symbol in index.free_symbols if symbol.is_positive]
        rest = index - sympy.Add(*sizes)
        return str(rest) if sizes and rest.is_Integer and rest < 0 else self._at(index, 0)

    def _sum_of_terms(self, total: Expr) -> Text:
        terms = self._in_order(total.as_ordered_terms())
        text = self._at(terms[0], SUM)
        for term in terms[1:]:
            if term.as_coeff_Mul()[0] < 0:
                text += f" {self._MINUS} {self._at(-term, SUM + 1)}"
            else:
                text += " + " + self._at(term, SUM)
        return text, SUM

    def _in_order(self, terms: Sequence[Expr]) -> list[Expr]:
        """The terms, those that are subtracted last."""
        return sorted(terms, key=lambda term: bool(term.could_extract_minus_sign() and term.as_coeff_Mul()[0] < 0))

    def _product(self, product: Expr) -> Text:
        coefficient, rest = product.as_coeff_Mul()
        if coefficient < 0:
            return "-" + self._at(-product, PRODUCT), PRODUCT
        above: list[str] = []
        below: list[str] = []
        if self.decimals and "/" not in number_text(coefficient, True):
            if coefficient != 1:
                above.append(number_text(coefficient, True))
        else:
            if coefficient.p != 1:
                above.append(number_text(sympy.Integer(coefficient.p), self.decimals))
            if coefficient.q != 1:
                below.append(number_text(sympy.Integer(coefficient.q), self.decimals))
        factors, above_all = self._left_out(sorted(rest.as_ordered_factors(), key=self._place))
        for factor in factors:
            if isinstance(factor, sympy.exp) and factor.args[0].is_Rational and factor.args[0] < 0:
                below.append(self._at(1 / factor, PRODUCT + 1))
                continue
            base, exponent = factor.as_base_exp() if isinstance(factor, sympy.Pow) else (factor, sympy.Integer(1))
            if exponent.is_number and exponent.is_negative:
                below.append(self._at(base**-exponent, PRODUCT + 1))
            else:
                above.append(self._at(factor, PRODUCT if not above else PRODUCT + 1))
        text = "*".join(above + above_all) or "1"
        if below:
            text += "/" + (below[0] if len(below) == 1 else f"({'*'.join(below)})")
        return text, PRODUCT

    def _place(self, factor: Expr) -> int:
        """The place of a factor: names first, sums in brackets later, cases last."""
        if isinstance(factor, (sympy.KroneckerDelta, Same, Choice)):
            return 2
        return int(isinstance(factor, (sympy.Add, sympy.Sum)))

    def _left_out(self, factors: list[Expr]) -> tuple[list[Expr], list[str]]:
        """The factors, but for those that are written as one, and the texts of these."""
        return factors, []

    def _power(self, power: Expr) -> Text:
        base, exponent = power.as_base_exp()
        if base is sympy.E:
            return self._exponential(power)
        if exponent.is_number and exponent.is_negative:
            return "1/" + self._at(base**-exponent, PRODUCT + 1), PRODUCT
        if exponent == sympy.Rational(1, 2) and "sqrt" not in self.scope.functions:
            return self._call("sqrt", (base,))
        return f"{self._at(base, POWER + 1)}^{self._at(exponent, ATOM)}", POWER

    def _call(self, name: str, arguments: Sequence[Expr]) -> Text:
        return f"{self._function(name)}({', '.join(self._at(argument, 0) for argument in arguments)})", ATOM

    def _function(self, name: str) -> str:
        """The name of a function of the language in the scope."""
        found = self.scope.function(name)
        if found in self.scope.functions and found in FUNCTION_NAMES:
            self.hidden[found] = None
        return found

    def _exponential(self, expression: Expr) -> Text:
        if "exp" in self.scope.functions and "e" not in self.scope.names:
            return f"e^{self._at(expression.args[0], ATOM)}", POWER
        return self._call("exp", expression.args)

    def _choice(self, choice: Expr) -> Text:
        text = self._at(choice.otherwise, 0)
        for value, condition in reversed(choice.choices):
            text = f"{self._function('where')}({self._at(condition, 0)}, {self._at(value, 0)}, {text})"
        return text, ATOM

    def _relation(self, relation: Expr) -> Text:
        if relation.lhs.is_number and not relation.rhs.is_number:
            relation = relation.reversed
        return (
            f"{self._at(relation.lhs, SUM)} {self._RELATIONS[relation.func]} {self._at(relation.rhs, SUM)}",
            COMPARISON,
        )

    def _both(self, condition: Boolean) -> Text:
        return "*".join(f"({self._at(part, 0)})" for part in condition.args), PRODUCT

    def _either(self, condition: Boolean) -> Text:
        return " + ".join(f"({self._at(part, 0)})" for part in condition.args), SUM

    def _delta(self, delta: Expr) -> Text:
        first, second = sorted(delta.args, key=lambda index: (index.is_number, len(index.free_symbols)))
        return f"({self._at(first, SUM)} == {self._at(second, SUM)})", ATOM

    def _quotient(self, quotient: Expr) -> Text:
        place, size = quotient.args
        return f"{self._function('floor')}({self._at(place, PRODUCT)}/{self._at(size, PRODUCT + 1)})", ATOM

    def _remainder(self, remainder: Expr) -> Text:
        return self._call("mod", remainder.args)

    def _polygamma(self, function: Expr) -> Text:
        order, x = function.args
        if order == 0:
            return self._call("digamma", (x,))
        return f"{self._function('polygamma')}({self._at(x, 0)}, n={order})", ATOM

    def _pairwise(self, extreme: Expr) -> Text:
        text = self._at(extreme.args[-1], 0)
        for argument in reversed(extreme.args[:-1]):
            text = f"{self._function(_PAIRWISE[extreme.func])}({self._at(argument, 0)}, {text})"
        return text, ATOM

    def _same(self, same: Expr) -> Text:
        return f"({self._at(same.args[0], SUM)} == {self._at(same.args[1], SUM)})", ATOM

    _LAYOUTS: Sequence[tuple[Any, Callable[[Any, Any], Text]]] = (
        (sympy.Rational, _number),
        (sympy.Symbol, _symbol),
        ((type(sympy.pi), type(sympy.E)), _constant),
        (sympy.Indexed, _indexed),
        (sympy.Add, _sum_of_terms),
        (sympy.Mul, _product),
        (sympy.exp, _exponential),
        (sympy.Pow, _power),
        (Choice, _choice),
        (tuple(RELATIONS), _relation),
        (sympy.And, _both),
        (sympy.Or, _either),
        (sympy.KroneckerDelta, _delta),
        (Quotient, _quotient),
        ((Remainder, Counted), _remainder),
        (special.Polygamma, _polygamma),
        (tuple(_PAIRWISE), _pairwise),
        (Same, _same),
    )


def _what(expression: Expr) -> str:
    special = {
        "ComplexInfinity": Message("an infinite number"),
        "NaN": Message("an undefined number"),
        "ImaginaryUnit": Message("a complex number"),
    }
    return special.get(type(expression).__name__, type(expression).__name__)
