"""SymPy to text in the language's own notation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy

from diffcli.messages import Message
from diffcli.primitives.notation import ATOM, COMPARISON, POWER, PRODUCT, SIGN, SUM
from diffcli.primitives.table import FUNCTION_NAMES
from diffcli.symbolic.text.numerals import number_text
from diffcli.symbolic.vocabulary import functions, matrices, special
from diffcli.symbolic.vocabulary.index_arithmetic import Quotient, Remainder
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scope import Scope

_SAME_NAMES = (
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "log", "sign", "floor", "erf", "erfc",
)  # fmt: skip
_FUNCTIONS: dict[Any, str] = {
    **{getattr(sympy, name): name for name in _SAME_NAMES},
    sympy.Abs: "abs", sympy.ceiling: "ceil",
    functions.Absolute: "abs", functions.Sign: "sign", functions.Floor: "floor", functions.Ceiling: "ceil",
    special.Gamma: "gamma", special.LogGamma: "lgamma", special.Beta: "beta", Remainder: "mod",
}  # fmt: skip
_LOOPS = {
    sympy.Sum: "Sum",
    sympy.Product: "Product",
    functions.Largest: "Max",
    functions.Smallest: "Min",
    functions.Middle: "Median",
    functions.LowerMiddle: "LowMedian",
    functions.UpperMiddle: "HighMedian",
}
_OF_MATRICES = {matrices.Determinant: "det", matrices.LogDeterminant: "logdet", matrices.Inverse: "inv"}
_PAIRWISE = {sympy.Max: "maximum", sympy.Min: "minimum"}
_RELATIONS = {sympy.Gt: ">", sympy.Lt: "<", sympy.Ge: ">=", sympy.Le: "<=", sympy.Eq: "==", sympy.Ne: "!="}

#: A piece of text and how tightly its outermost operation binds.
Text = tuple[str, int]


class Printer:
    """Prints one formula.

    `names` names its size symbols and component indices, `whole` are the indices of an element
    that is printed as the variable alone, `scope` is that of the program that the text is for.
    After printing, `loops` holds the name and the range of each index that was summed over,
    `hidden` the functions whose names the program has given to its own.
    """

    def __init__(self, names: Mapping[Any, str], scope: Scope, whole: Sequence[Any] | None, decimals: bool) -> None:
        self.names = dict(names)
        self.scope = scope
        self.taken = scope.taken | frozenset(names.values())
        self.whole = None if whole is None else tuple(whole)
        self.decimals = decimals
        self.loops: dict[str, tuple[Any, Any]] = {}
        self.used: set[Any] = set()
        self.open: frozenset[str] = frozenset()
        self.hidden: dict[str, None] = {}

    def text(self, expression: Any) -> str:
        """The expression as text."""
        return self._at(expression, 0)

    def _at(self, expression: Any, power: int) -> str:
        """The expression in brackets unless it binds at least as tightly as `power`."""
        text, own = self._layout(expression)
        return text if own >= power else f"({text})"

    def _layout(self, expression: Any) -> Text:
        for kind, layout in self._LAYOUTS:
            if isinstance(expression, kind):
                return layout(self, expression)
        name = _FUNCTIONS.get(expression.func)
        if name is not None:
            return self._call(name, expression.args)
        raise Refusal(Message("its derivative needs {what}, which the language does not have", what=_what(expression)))

    def _number(self, number: Any) -> Text:
        text = number_text(number, self.decimals)
        return text, SIGN if number < 0 else PRODUCT if "/" in text else ATOM

    def _symbol(self, symbol: Any) -> Text:
        if symbol in self.names:
            self.used.add(symbol)
        return self.names.get(symbol, symbol.name), ATOM

    def _constant(self, constant: Any) -> Text:
        text = self.scope.constant("pi" if constant is sympy.pi else "e")
        return text, SUM if " + " in text else PRODUCT if "/" in text or "*" in text else ATOM

    def _indexed(self, element: Any) -> Text:
        name = element.base.label.name
        if element.indices == self.whole:
            return name, ATOM
        return f"{name}[{', '.join(self._index(index) for index in element.indices)}]", ATOM

    def _index(self, index: Any) -> str:
        """An index; `n - 1` is written as the language can read it, `-1`."""
        sizes = [symbol for symbol in index.free_symbols if symbol.is_positive]
        rest = index - sympy.Add(*sizes)
        return str(rest) if sizes and rest.is_Integer and rest < 0 else self._at(index, 0)

    def _sum_of_terms(self, total: Any) -> Text:
        terms = self._in_order(total.as_ordered_terms())
        text = self._at(terms[0], SUM)
        for term in terms[1:]:
            if term.as_coeff_Mul()[0] < 0:
                text += " - " + self._at(-term, SUM + 1)
            else:
                text += " + " + self._at(term, SUM)
        return text, SUM

    def _in_order(self, terms: Sequence[Any]) -> list[Any]:
        """What is subtracted comes last."""
        return sorted(terms, key=lambda term: bool(term.could_extract_minus_sign() and term.as_coeff_Mul()[0] < 0))

    def _product(self, product: Any) -> Text:
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

    def _place(self, factor: Any) -> int:
        """Where a factor stands: names first, sums in brackets later, cases last."""
        return (
            2
            if isinstance(factor, (sympy.KroneckerDelta, functions.Same, functions.Choice))
            else int(isinstance(factor, (sympy.Add, sympy.Sum)))
        )

    def _left_out(self, factors: list[Any]) -> tuple[list[Any], list[str]]:
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

    def _power(self, power: Any) -> Text:
        base, exponent = power.as_base_exp()
        if base is sympy.E:
            return self._exponential(power)
        if exponent.is_number and exponent.is_negative:
            return "1/" + self._at(base**-exponent, PRODUCT + 1), PRODUCT
        if exponent == sympy.Rational(1, 2) and "sqrt" not in self.scope.functions:
            return self._call("sqrt", (base,))
        return f"{self._at(base, POWER + 1)}^{self._at(exponent, ATOM)}", POWER

    def _call(self, name: str, arguments: Sequence[Any]) -> Text:
        return f"{self._function(name)}({', '.join(self._at(argument, 0) for argument in arguments)})", ATOM

    def _function(self, name: str) -> str:
        """What a function of the language is called in the scope."""
        found = self.scope.function(name)
        if found in self.scope.functions and found in FUNCTION_NAMES:
            self.hidden[found] = None
        return found

    def _exponential(self, expression: Any) -> Text:
        if "exp" in self.scope.functions and "e" not in self.scope.names:
            return f"e^{self._at(expression.args[0], ATOM)}", POWER
        return self._call("exp", expression.args)

    def _choice(self, choice: Any) -> Text:
        text = self._at(choice.otherwise, 0)
        for value, condition in reversed(choice.choices):
            text = f"{self._function('where')}({self._at(condition, 0)}, {self._at(value, 0)}, {text})"
        return text, ATOM

    def _relation(self, relation: Any) -> Text:
        if relation.lhs.is_number and not relation.rhs.is_number:
            relation = relation.reversed
        return f"{self._at(relation.lhs, SUM)} {_RELATIONS[relation.func]} {self._at(relation.rhs, SUM)}", COMPARISON

    def _both(self, condition: Any) -> Text:
        return "*".join(f"({self._at(part, 0)})" for part in condition.args), PRODUCT

    def _either(self, condition: Any) -> Text:
        return " + ".join(f"({self._at(part, 0)})" for part in condition.args), SUM

    def _delta(self, delta: Any) -> Text:
        first, second = sorted(delta.args, key=lambda index: (index.is_number, len(index.free_symbols)))
        return f"({self._at(first, SUM)} == {self._at(second, SUM)})", ATOM

    def _quotient(self, quotient: Any) -> Text:
        return (
            f"{self._function('floor')}({self._at(quotient.args[0], PRODUCT)}/{self._at(quotient.args[1], PRODUCT + 1)})",
            ATOM,
        )

    def _polygamma(self, function: Any) -> Text:
        order, x = function.args
        if order == 0:
            return self._call("digamma", (x,))
        return f"{self._function('polygamma')}({self._at(x, 0)}, n={order})", ATOM

    def _of_matrix(self, function: Any) -> Text:
        """`det(A)`; of a matrix without a name, its element and the indices of its rows and columns."""
        (column, _, _), (row, _, _) = function.limits
        name, element = self._function(_OF_MATRICES[function.func]), function.function
        if isinstance(element, sympy.Indexed) and set(element.indices) == {row, column}:
            return f"{name}({element.base.label.name}{'' if element.indices == (row, column) else '.T'})", ATOM
        body, ranges = self._bound(function)
        return f"{name}({body}, {', '.join(index for index, _, _ in ranges)})", ATOM

    def _entry(self, entry: Any) -> Text:
        matrix, row, column = entry.args
        return f"{self._at(matrix, 0)}[{self._index(row)}, {self._index(column)}]", ATOM

    def _pairwise(self, extreme: Any) -> Text:
        text = self._at(extreme.args[-1], 0)
        for argument in reversed(extreme.args[:-1]):
            text = f"{self._function(_PAIRWISE[extreme.func])}({self._at(argument, 0)}, {text})"
        return text, ATOM

    def _same(self, same: Any) -> Text:
        return f"({self._at(same.args[0], SUM)} == {self._at(same.args[1], SUM)})", ATOM

    def _loop(self, loop: Any) -> Text:
        """`Sum(body)`; the index is named where the body has more indices than one.

        A product that leaves out one place is `Product(body, i != j)`; other ranges are written out.
        """
        body = loop.function
        text, ranges = self._bound(loop)
        plain = all(
            low == 0 and not any(symbol.is_positive is None for symbol in high.free_symbols)
            for _, low, high in loop.limits
        )
        if plain and not (len(loop.limits) == 1 and not body.atoms(*functions.LOOPS)):
            text += "".join(f", {name}" for name, _, _ in ranges)
        elif not plain:
            text += "".join(f", {name}, {low}, {high}" for name, low, high in ranges)
        return f"{_LOOPS[loop.func]}({text})", ATOM

    def _bound(self, loop: Any) -> tuple[str, list[tuple[str, str, str]]]:
        """What a loop is over, and its indices with their bounds, the outermost first."""
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

    def _loop_name(self, low: Any, high: Any, outside: set[str]) -> str:
        """A name for an index: one that already has this range, else a new one."""
        for name, limits in self.loops.items():
            if limits == (low, high) and name not in outside:
                return name
        candidates = [letter + str(k or "") for k in range(100) for letter in "ilrstuv"]
        return next(
            name for name in candidates if name not in self.taken and name not in self.loops and name not in outside
        )

    _LAYOUTS: Sequence[tuple[Any, Callable[["Printer", Any], Text]]] = (
        (sympy.Rational, _number),
        (sympy.Symbol, _symbol),
        ((type(sympy.pi), type(sympy.E)), _constant),
        (sympy.Indexed, _indexed),
        (sympy.Add, _sum_of_terms),
        (sympy.Mul, _product),
        (sympy.exp, _exponential),
        (sympy.Pow, _power),
        (functions.Choice, _choice),
        (tuple(_RELATIONS), _relation),
        (sympy.And, _both),
        (sympy.Or, _either),
        (sympy.KroneckerDelta, _delta),
        (Quotient, _quotient),
        (special.Polygamma, _polygamma),
        (matrices.Entry, _entry),
        (matrices.Matrix, _of_matrix),
        (tuple(_PAIRWISE), _pairwise),
        (functions.LOOPS, _loop),
        (functions.Same, _same),
    )


def _what(expression: Any) -> str:
    special = {
        "ComplexInfinity": Message("an infinite number"),
        "NaN": Message("an undefined number"),
        "ImaginaryUnit": Message("a complex number"),
    }
    return special.get(type(expression).__name__, type(expression).__name__)
