"""SymPy's NumPy printer, taught whole arrays and made to speak for three libraries."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

import math
from collections.abc import Iterable, Sequence
from functools import partial, reduce
from typing import Any

import sympy
from sympy import Expr, Symbol
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pycode import PythonCodePrinter

from diffcli.messages import Message
from diffcli.symbolic.code.libraries import Library
from diffcli.symbolic.code.whole_numbers import WholeNumbers
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.vocabulary import special
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.dictionary import Helper
from diffcli.symbolic.vocabulary.refusal import Refusal

_ATOM = PRECEDENCE["Atom"]

_REDUCTIONS: dict[Any, str] = {
    nodes.Total: "sum",
    nodes.TotalProduct: "prod",
    nodes.Highest: "max",
    nodes.Lowest: "min",
    nodes.Length: "norm",
}
_NAMED: dict[Any, str] = {
    nodes.Outer: "outer", nodes.Diagonal: "diagonal", nodes.Inverted: "inv", nodes.Determined: "det",
}  # fmt: skip
_MIDDLES: dict[Any, str] = {nodes.Middle: "median", nodes.LowerMiddle: "median_low", nodes.UpperMiddle: "median_high"}


class ArrayPrinter(WholeNumbers, NumPyPrinter):  # type: ignore[misc]  # SymPy has no type stubs
    """Prints expressions of whole arrays for one library.

    `first` is a variable of the program: PyTorch's constants take its type. `sizes` are whole
    numbers. After printing, `helpers` and `used` tell what else the module needs.
    """

    def __init__(self, library: Library, first: str, sizes: frozenset[Symbol]) -> None:
        super().__init__({"fully_qualified_modules": True})
        self.library = library
        self.language = library.language
        self.first = first
        self.plain_numbers = set(sizes)
        self.sizes = sizes
        self.helpers = {}
        self.used: set[str] = set()
        self.places = False

    def statement(self, name: Symbol, term: Expr) -> str:
        """A temporary's text; it is remembered if it is a number and no array."""
        text = self.plain(term)
        if self._is_plain_number(term):
            self.plain_numbers.add(name)
        return text

    def plain(self, term: Expr) -> str:
        """A term's text."""
        self.used |= {symbol.name for symbol in term.free_symbols & self.sizes}
        return str(self.doprint(term))

    def filling(self, term: Expr, like: Sequence[str], smaller: bool) -> str:
        """A term's text; what may lack them gets the shapes of the variables `like`, and the type of an array."""
        text = self.plain(term)
        if not smaller and not self._is_plain_number(term):
            return text
        if len(like) == 1:
            zeros = self._call("zeros_like", like[0])
        else:
            shape = f"({', '.join(f'*{name}.shape' for name in like)})"
            zeros = (
                f"{self.first}.new_zeros({shape})"
                if self.library.module == "torch"
                else f"{self.library.module}.zeros({shape})"
            )
        return f"{zeros} + {self._at(term, PRECEDENCE['Add'])}"

    def _is_plain_number(self, term: Expr) -> bool:
        return bool(term.free_symbols <= self.plain_numbers and not term.atoms(nodes.Node))

    def _print(self, expr: Expr, **kwargs: Any) -> Any:
        if (
            isinstance(expr, sympy.Expr)
            and expr.args
            and not self.places
            and self._is_plain_number(expr)
            and not expr.is_Rational
        ):
            return self._number(expr)
        return super()._print(expr, **kwargs)

    def _number(self, expr: Expr) -> str:
        """Numbers and sizes need no library."""
        return str(_NumberPrinter({"fully_qualified_modules": True}).doprint(expr))

    _print_Pi = _print_Exp1 = _number

    def _call(self, name: str, *arguments: str) -> str:
        return f"{self.library.module}.{self.library.functions[name]}({', '.join(arguments)})"

    def _help(self, helper: str, *arguments: str) -> str:
        """A call of a function of arrays that the module brings along."""
        return f"{self._brought(Helper(helper, self.library.helpers[helper]))}({', '.join(arguments)})"

    def _arguments(self, expr: Expr) -> list[str]:
        """The operands of a function; PyTorch's functions of several take no plain numbers."""
        texts = super()._arguments(expr)
        if len(texts) == 1 or self.library.module != "torch" or isinstance(expr, special.Polygamma):
            return texts  # the order of a polygamma function is no operand
        return [
            f"{self.first}.new_tensor({text})" if self._is_plain_number(argument) else text
            for argument, text in zip(expr.args, texts, strict=True)
        ]

    def _print_Pow(self, expr: Expr, rational: bool = False) -> str:
        if expr.exp == sympy.Rational(1, 2):
            return self._call("sqrt", self._print(expr.base))
        if expr.exp == sympy.Rational(-1, 2):
            return f"1/{self._call('sqrt', self._print(expr.base))}"
        if expr.exp == -1:
            return f"1/{self._at(expr.base, PRECEDENCE['Mul'] + 1)}"
        return f"{self._at(expr.base, PRECEDENCE['Pow'] + 1)}**{self._at(expr.exp, PRECEDENCE['Pow'])}"

    def _print_And(self, expr: Expr) -> str:
        return " & ".join(f"({self._print(part)})" for part in expr.args)

    def _print_Or(self, expr: Expr) -> str:
        return " | ".join(f"({self._print(part)})" for part in expr.args)

    def _print_Not(self, expr: Expr) -> str:
        return f"~({self._print(expr.args[0])})"

    def _print_Choice(self, expr: Expr) -> str:
        text = self._branch(expr.otherwise)
        alone = self._is_plain_number(expr.otherwise)
        for value, condition in reversed(expr.choices):
            branch = self._branch(value)
            if alone and self._is_plain_number(value) and self.library.module == "torch":
                branch = f"{self.first}.new_tensor({branch})"
            alone = False
            text = self._call("where", self._print(condition), branch, text)
        return text

    def _branch(self, value: Expr) -> str:
        """A branch's value; a whole number would make the result whole."""
        return f"{int(value)}.0" if value.is_Integer else str(self._print(value))

    def _print_Same(self, expr: Expr) -> str:
        return str(self._print_Choice(Choice(sympy.Integer(1), sympy.Eq(*expr.args, evaluate=False), sympy.Integer(0))))

    def _pairwise(self, expr: Expr) -> str:
        name = "maximum" if isinstance(expr, sympy.Max) else "minimum"
        return str(reduce(partial(self._call, name), map(self._print, expr.args)))

    _print_Max = _print_Min = _pairwise

    def _print_Clipped(self, expr: Expr) -> str:
        place, size = expr.args
        return self._call("clip", self._print(place), "0", self._print(size - 1))

    def _print_Contracted(self, expr: Expr) -> str:
        left, right = expr.args
        return f"{self._at(left, _ATOM)} @ {self._at(right, _ATOM)}"

    def _named(self, expr: Expr) -> str:
        """A call of a function that every library has."""
        return self._call(_NAMED[type(expr)], *map(self._print, expr.args))

    _print_Outer = _print_Diagonal = _print_Inverted = _print_Determined = _named

    def _print_Transposed(self, expr: Expr) -> str:
        array, *axes = expr.args
        if len(axes) == 2:
            return f"{self._at(array, _ATOM)}.T"
        return self._call("transpose", self._print(array), f"({', '.join(map(str, axes))})")

    def _print_Spread(self, expr: Expr) -> str:
        array, *kept = expr.args
        return f"{self._at(array, _ATOM)}[{', '.join(':' if keep else 'None' for keep in kept)}]"

    def _print_Reduction(self, expr: Expr) -> str:
        if type(expr) in _MIDDLES:
            if expr.axis is not None:
                raise Refusal(
                    Message(
                        "{library} has no {function} along an axis",
                        library=self.library.name,
                        function=_MIDDLES[type(expr)],
                    )
                )
            return self._help(_MIDDLES[type(expr)], self._print(expr.array))
        name = _REDUCTIONS[type(expr)]
        if isinstance(expr.array, nodes.Diagonal) and name == "sum":
            return self._call("trace", self._print(expr.array.args[0]))
        arguments = [self._print(expr.array)]
        if expr.axis is not None:
            arguments.append(f"{self.library.axis}={expr.axis}")
        return self._help(name, *arguments) if name in self.library.helpers else self._call(name, *arguments)

    def _print_Adjugated(self, expr: Expr) -> str:
        return self._help("adjugate", self._print(expr.args[0]))

    def _print_LogDetermined(self, expr: Expr) -> str:
        return self._help("logabsdet", self._print(expr.args[0]))

    def _print_Places(self, expr: Expr) -> str:
        low, high, *numbers = expr.args
        bounds = [self._print(high + 1)] if low == 0 else [self._print(low), self._print(high + 1)]
        kind = f"dtype={self.first}.dtype" if self.library.module == "torch" else "dtype=float"
        return self._call("arange", *bounds, *([kind] if numbers else []))

    def _print_Part(self, expr: Expr) -> str:
        return f"{self._print(expr.whole)}[{', '.join(map(self._place, expr.places))}]"

    def _place(self, place: Expr) -> str:
        """The text of a place, of a slice or of an array of places."""
        self.places, before = True, self.places
        if isinstance(place, sympy.Tuple):
            start, stop = place
            text = f"{self._print(start) if start != 0 else ''}:{self._print(stop)}"
        else:
            text = str(self._print(place))
            if place.free_symbols - self.plain_numbers:  # a class label is a number as any other
                text = self.library.whole.format(text)
        self.places = before
        return text

    def _print_Added(self, expr: Expr) -> str:
        rows = self._print(expr.rows)
        if self.library.module == "torch" and self._is_plain_number(expr.rows):
            rows = f"{self.first}.new_tensor({rows})"
        return self._help("added", _tuple(map(self._print, expr.sizes)), _tuple(map(self._place, expr.places)), rows)


def _tuple(texts: Iterable[str]) -> str:
    first, *others = texts
    return f"({', '.join([first, *others])})" if others else f"({first},)"


class _NumberPrinter(WholeNumbers, PythonCodePrinter):  # type: ignore[misc]
    """Prints numbers and sizes by Python's own mathematics."""

    language = "python"

    def _brought(self, helper: Helper) -> str:
        if hasattr(math, helper.name):
            return f"math.{helper.name}"
        raise Refusal(Message("a number in it needs {function}", function=helper.name))

    def _print_not_supported(self, expr: Expr) -> str:
        raise Refusal(Message("a number in it needs {function}", function=type(expr).__name__.lower()))

    emptyPrinter = _print_Sum = _print_Product = _print_not_supported
