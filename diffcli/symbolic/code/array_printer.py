"""SymPy's NumPy printer, taught whole arrays and made to speak for three libraries."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

from collections.abc import Sequence
from typing import Any

import sympy
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pycode import PythonCodePrinter

from diffcli.messages import Message
from diffcli.symbolic.code.libraries import Library
from diffcli.symbolic.code.whole_numbers import WholeNumbers
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.vocabulary import functions, kept, special
from diffcli.symbolic.vocabulary.kept import Sigmoid, Softplus
from diffcli.symbolic.vocabulary.refusal import Refusal

_ATOM = PRECEDENCE["Atom"]

_SAME_NAMES = [
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "exp",
    "log",
    "Abs",
    "sign",
    "floor",
]
_FUNCTIONS: dict[str, str] = {
    **{name: name for name in _SAME_NAMES},
    "ceiling": "ceil", "Absolute": "Abs", "Sign": "sign", "Floor": "floor", "Ceiling": "ceil",
}  # fmt: skip
_NAMES: dict[Any, str] = {
    kept.Log1p: "log1p", kept.Expm1: "expm1", kept.Log2: "log2", kept.Log10: "log10", kept.Hypot: "hypot", kept.LogAddExp: "logaddexp",
    kept.Tanh: "tanh", kept.Asin: "asin", kept.Acos: "acos", kept.Atanh: "atanh", kept.Asinh: "asinh", kept.Atan2: "atan2",
}  # fmt: skip
_HELPERS: dict[Any, str] = {
    kept.Cbrt: "cbrt", kept.Ratio: "ratio", kept.Weighed: "weighed", kept.SechSquared: "sech_squared", kept.XLogY: "xlogy", kept.XLog1pY: "xlog1py",
    Sigmoid: "sigmoid", Softplus: "softplus", sympy.erf: "erf", sympy.erfc: "erfc", kept.Erfc: "erfc",
    special.Gamma: "gamma", special.LogGamma: "lgamma", special.Polygamma: "polygamma", special.Beta: "beta",
}  # fmt: skip
_REDUCTIONS: dict[Any, str] = {
    nodes.Total: "sum",
    nodes.TotalProduct: "prod",
    nodes.Highest: "max",
    nodes.Lowest: "min",
    nodes.Length: "norm",
}
_MIDDLES: dict[Any, str] = {nodes.Middle: "median", nodes.LowerMiddle: "median_low", nodes.UpperMiddle: "median_high"}
_RELATIONS = {sympy.Gt: ">", sympy.Lt: "<", sympy.Ge: ">=", sympy.Le: "<=", sympy.Eq: "==", sympy.Ne: "!="}


class ArrayPrinter(WholeNumbers, NumPyPrinter):  # type: ignore[misc]  # SymPy has no type stubs
    """Prints expressions of whole arrays for one library.

    `first` is a variable of the program: PyTorch's constants take its type. `sizes` are whole
    numbers. After printing, `helpers` and `used` tell what else the module needs.
    """

    def __init__(self, library: Library, first: str, sizes: frozenset[Any]) -> None:
        super().__init__({"fully_qualified_modules": True})
        self.library = library
        self.first = first
        self.plain_numbers = set(sizes)
        self.sizes = sizes
        self.helpers: set[str] = set()
        self.used: set[str] = set()
        self.needs_math = False
        self.places = False

    def statement(self, name: Any, term: Any) -> str:
        """A temporary's text; it is remembered if it is a number and no array."""
        text = self.plain(term)
        if self._is_plain_number(term):
            self.plain_numbers.add(name)
        return text

    def plain(self, term: Any) -> str:
        """A term's text."""
        self.used |= {symbol.name for symbol in term.free_symbols & self.sizes}
        return str(self.doprint(term))

    def filling(self, term: Any, like: Sequence[str], smaller: bool) -> str:
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

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        """What is subtracted comes last."""
        return sorted(super()._as_ordered_terms(expr, order), key=lambda term: bool(term.as_coeff_Mul()[0] < 0))

    def _is_plain_number(self, term: Any) -> bool:
        return bool(term.free_symbols <= self.plain_numbers and not term.atoms(nodes.Node))

    def _print(self, expr: Any, **kwargs: Any) -> Any:
        if (
            isinstance(expr, sympy.Expr)
            and expr.args
            and not self.places
            and self._is_plain_number(expr)
            and not expr.is_Rational
        ):
            return self._number(expr)
        return super()._print(expr, **kwargs)

    def _number(self, expr: Any) -> str:
        """Numbers and sizes need no library."""
        text = str(_NumberPrinter({"fully_qualified_modules": True}).doprint(expr))
        self.needs_math |= "math." in text
        return text

    def _print_Pi(self, expr: Any) -> str:
        return self._number(expr)

    def _print_Exp1(self, expr: Any) -> str:
        return self._number(expr)

    def _call(self, name: str, *arguments: str) -> str:
        return f"{self.library.module}.{self.library.functions[name]}({', '.join(arguments)})"

    def _help(self, helper: str, *arguments: str) -> str:
        """A call of a function that the module brings along."""
        if helper not in self.library.helpers:
            raise Refusal(Message("{library} has no {function}", library=self.library.name, function=helper))
        self.helpers.add(helper)
        return f"{helper}({', '.join(arguments)})"

    def _print_Function(self, expr: Any) -> str:
        if isinstance(expr, kept.Power):
            base, exponent = (self._at(argument, PRECEDENCE["Pow"] + 1) for argument in expr.args)
            return f"({base}**{exponent})"
        if isinstance(expr, special.Polygamma):  # the order is no operand
            return self._help("polygamma", str(expr.args[0]), str(self._print(expr.args[1])))
        arguments = [self._operand(argument, len(expr.args)) for argument in expr.args]
        if expr.func in _HELPERS:
            return self._help(_HELPERS[expr.func], *arguments)
        name = _NAMES.get(expr.func) or _FUNCTIONS.get(expr.func.__name__)
        if name is None or name not in self.library.functions:
            raise Refusal(
                Message("{library} has no {function}", library=self.library.name, function=expr.func.__name__.lower())
            )
        return self._call(name, *arguments)

    _print_Kept = _print_Function

    def _operand(self, argument: Any, count: int) -> str:
        """An operand of a function; PyTorch's functions of several take no plain numbers."""
        text = str(self._print(argument))
        return (
            f"{self.first}.new_tensor({text})"
            if count > 1 and self.library.module == "torch" and self._is_plain_number(argument)
            else text
        )

    def _print_exp(self, expr: Any) -> str:
        return self._print_Function(expr)

    _print_log = _print_Abs = _print_sign = _print_floor = _print_ceiling = _print_Function
    _print_sin = _print_cos = _print_tan = _print_asin = _print_acos = _print_atan = _print_atan2 = _print_Function
    _print_sinh = _print_cosh = _print_tanh = _print_asinh = _print_acosh = _print_atanh = _print_erf = _print_erfc = (
        _print_Function
    )
    _print_Absolute = _print_Sign = _print_Floor = _print_Ceiling = _print_Function

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        if expr.exp == sympy.Rational(1, 2):
            return self._call("sqrt", self._print(expr.base))
        if expr.exp == sympy.Rational(-1, 2):
            return f"1/{self._call('sqrt', self._print(expr.base))}"
        if expr.exp == -1:
            return f"1/{self._at(expr.base, PRECEDENCE['Mul'] + 1)}"
        return f"{self._at(expr.base, PRECEDENCE['Pow'] + 1)}**{self._at(expr.exp, PRECEDENCE['Pow'])}"

    def _print_Relational(self, expr: Any) -> str:
        left, right = (self._at(side, PRECEDENCE["BitwiseOr"]) for side in expr.args)
        return f"{left} {_RELATIONS[expr.func]} {right}"

    _print_Equality = _print_Unequality = _print_StrictGreaterThan = _print_StrictLessThan = _print_GreaterThan = (
        _print_LessThan
    ) = _print_Relational

    def _print_And(self, expr: Any) -> str:
        return " & ".join(f"({self._print(part)})" for part in expr.args)

    def _print_Or(self, expr: Any) -> str:
        return " | ".join(f"({self._print(part)})" for part in expr.args)

    def _print_Not(self, expr: Any) -> str:
        return f"~({self._print(expr.args[0])})"

    def _print_Choice(self, expr: Any) -> str:
        text = self._branch(expr.otherwise)
        alone = self._is_plain_number(expr.otherwise)
        for value, condition in reversed(expr.choices):
            branch = self._branch(value)
            if alone and self._is_plain_number(value) and self.library.module == "torch":
                branch = f"{self.first}.new_tensor({branch})"
            alone = False
            text = self._call("where", self._print(condition), branch, text)
        return text

    def _branch(self, value: Any) -> str:
        """A branch's value; a whole number would make the result whole."""
        return f"{int(value)}.0" if value.is_Integer else str(self._print(value))

    def _print_Same(self, expr: Any) -> str:
        return str(
            self._print_Choice(
                functions.Choice(sympy.Integer(1), sympy.Eq(*expr.args, evaluate=False), sympy.Integer(0))
            )
        )

    def _print_Max(self, expr: Any) -> str:
        return self._pairwise("maximum", expr.args)

    def _print_Min(self, expr: Any) -> str:
        return self._pairwise("minimum", expr.args)

    def _pairwise(self, name: str, arguments: Any) -> str:
        text = str(self._print(arguments[0]))
        for argument in arguments[1:]:
            text = self._call(name, text, self._print(argument))
        return text

    def _print_Clipped(self, expr: Any) -> str:
        place, size = expr.args
        return self._call("clip", self._print(place), "0", self._print(size - 1))

    def _print_Contracted(self, expr: Any) -> str:
        left, right = expr.args
        return f"{self._at(left, _ATOM)} @ {self._at(right, _ATOM)}"

    def _print_Outer(self, expr: Any) -> str:
        return self._call("outer", *map(self._print, expr.args))

    def _print_Transposed(self, expr: Any) -> str:
        array, *axes = expr.args
        if len(axes) == 2:
            return f"{self._at(array, _ATOM)}.T"
        return self._call("transpose", self._print(array), f"({', '.join(map(str, axes))})")

    def _print_Spread(self, expr: Any) -> str:
        array, *kept = expr.args
        return f"{self._at(array, _ATOM)}[{', '.join(':' if keep else 'None' for keep in kept)}]"

    def _print_Diagonal(self, expr: Any) -> str:
        return self._call("diagonal", self._print(expr.args[0]))

    def _print_Reduction(self, expr: Any) -> str:
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

    def _print_Inverted(self, expr: Any) -> str:
        return self._call("inv", self._print(expr.args[0]))

    def _print_Adjugated(self, expr: Any) -> str:
        return self._help("adjugate", self._print(expr.args[0]))

    def _print_Determined(self, expr: Any) -> str:
        return self._call("det", self._print(expr.args[0]))

    def _print_LogDetermined(self, expr: Any) -> str:
        return self._help("logabsdet", self._print(expr.args[0]))

    def _print_Places(self, expr: Any) -> str:
        low, high, *numbers = expr.args
        bounds = [self._print(high + 1)] if low == 0 else [self._print(low), self._print(high + 1)]
        kind = {"np": "dtype=float", "jnp": "dtype=float", "torch": f"dtype={self.first}.dtype"}[self.library.module]
        return self._call("arange", *bounds, *([kind] if numbers else []))

    def _print_Part(self, expr: Any) -> str:
        self.places, before = True, self.places
        places: list[str] = []
        for place in expr.places:
            if isinstance(place, sympy.Tuple):
                start, stop = place
                places.append(f"{self._print(start) if start != 0 else ''}:{self._print(stop)}")
            elif place.free_symbols - self.plain_numbers:  # a class label is a number as any other
                places.append(self.library.whole.format(self._print(place)))
            else:
                places.append(str(self._print(place)))
        self.places = before
        return f"{self._print(expr.whole)}[{', '.join(places)}]"

    def emptyPrinter(self, expr: Any) -> str:
        """What nothing else prints."""
        raise Refusal(
            Message("{library} has no {function}", library=self.library.name, function=type(expr).__name__.lower())
        )


class _NumberPrinter(WholeNumbers, PythonCodePrinter):  # type: ignore[misc]
    """Prints numbers and sizes by Python's own mathematics."""

    def _print_Absolute(self, expr: Any) -> str:
        return f"abs({self._print(expr.args[0])})"

    def _print_not_supported(self, expr: Any) -> str:
        raise Refusal(Message("a number in it needs {function}", function=type(expr).__name__.lower()))

    emptyPrinter = _print_Sum = _print_Product = _print_not_supported
