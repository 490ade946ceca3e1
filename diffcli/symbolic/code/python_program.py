"""Programs in plain Python: lists of floats, and the standard library."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

import builtins
from collections.abc import Iterator, Sequence
from typing import Any

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pycode import PythonCodePrinter

from diffcli.messages import Message
from diffcli.symbolic.code.array_program import FUNCTION, docstring
from diffcli.symbolic.code.loop_names import LoopNames
from diffcli.symbolic.code.loops import Loops, Range, loops
from diffcli.symbolic.code.task import Names, Task, program_names
from diffcli.symbolic.code.whole_numbers import WholeNumbers
from diffcli.symbolic.vocabulary import functions, kept, special
from diffcli.symbolic.vocabulary.refusal import Refusal

_HELPERS = {
    "sigmoid": "def sigmoid(x):\n    return math.exp(min(x, 0.0)) / (1.0 + math.exp(-abs(x)))",
    "softplus": "def softplus(x):\n    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))",
    "ratio": "def ratio(x, y):\n    return x/y if x else 0.0",
    "weighed": "def weighed(x, y):\n    return x*y() if x else 0.0",
    "sech_squared": "def sech_squared(x):\n    power = math.exp(-2*abs(x))\n    return 4*power/(1 + power)**2",
    "xlogy": "def xlogy(x, y):\n    return x*math.log(y) if x else 0.0",
    "xlog1py": "def xlog1py(x, y):\n    return x*math.log1p(y) if x else 0.0",
    "logaddexp": "def logaddexp(a, b):\n    return max(a, b) + math.log1p(math.exp(-abs(a - b)))",
    "sign": "def sign(x):\n    return float((x > 0) - (x < 0))",
}
_LOOPS: dict[Any, str] = {
    sympy.Sum: "sum", sympy.Product: "math.prod", functions.Largest: "max", functions.Smallest: "min",
    functions.Middle: "statistics.median", functions.LowerMiddle: "statistics.median_low", functions.UpperMiddle: "statistics.median_high",
}  # fmt: skip
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
    "erf",
    "erfc",
]
_FUNCTIONS: dict[Any, str] = {
    **{getattr(sympy, name): f"math.{name}" for name in _SAME_NAMES},
    sympy.Abs: "abs", functions.Absolute: "abs", sympy.floor: "math.floor", functions.Floor: "math.floor",
    sympy.ceiling: "math.ceil", functions.Ceiling: "math.ceil", sympy.Max: "max", sympy.Min: "min",
    special.Gamma: "math.gamma", special.LogGamma: "math.lgamma", kept.Power: "math.pow",
    kept.Log1p: "math.log1p", kept.Expm1: "math.expm1", kept.Log2: "math.log2", kept.Log10: "math.log10", kept.Cbrt: "math.cbrt", kept.Hypot: "math.hypot",
    kept.Tanh: "math.tanh", kept.Asin: "math.asin", kept.Acos: "math.acos", kept.Atanh: "math.atanh", kept.Asinh: "math.asinh", kept.Atan2: "math.atan2",
    kept.Erfc: "math.erfc", kept.SechSquared: "sech_squared", kept.XLogY: "xlogy", kept.XLog1pY: "xlog1py", kept.LogAddExp: "logaddexp", kept.Ratio: "ratio",
}  # fmt: skip
_RELATIONS = {sympy.Gt: ">", sympy.Lt: "<", sympy.Ge: ">=", sympy.Le: "<=", sympy.Eq: "==", sympy.Ne: "!="}


def python_program(task: Task) -> str:
    """The source of a module; raises Refusal where Python has no such function."""
    names = program_names(task, {"math", "statistics", "value", "gradients", FUNCTION, *_HELPERS, *dir(builtins)})
    program = loops(task, names, everywhere=False)
    variables = {symbol: sympy.Symbol(names.variables[name], real=True) for name, symbol in task.symbols.items()}
    sizes = {symbol: sympy.Symbol(name, integer=True, positive=True) for symbol, name in names.sizes.items()}
    printer = _Printer({**variables, **sizes}, frozenset(variables), LoopNames(names.taken))
    body = list(_statements(task, program, printer))
    return "\n".join(_module(task, names, printer, body)) + "\n"


def _statements(task: Task, program: Loops, printer: "_Printer") -> Iterator[str]:
    for table in program.tables:
        yield f"{table.symbol.name} = {printer.listed(table.expression, table.ranges)}"
    yield f"value = {printer.text(program.value)}"
    yield "gradients = {"
    for name in task.gradients:
        ranges, element = program.gradients[name]
        yield f'    "{name}": {printer.listed(element, ranges)},'
    yield "}"


def _module(task: Task, names: Names, printer: "_Printer", body: Sequence[str]) -> Iterator[str]:
    helpers = [_HELPERS[name] for name in sorted(printer.helpers)]
    text = "\n".join([*body, *helpers])
    modules = [module for module in ("math", "statistics") if f"{module}." in text]
    yield from (f"import {module}" for module in modules)
    if modules:
        yield from ("", "")
    for helper in helpers:
        yield from (helper, "", "")
    yield f"def {FUNCTION}({', '.join(names.variables.values())}):"
    yield from docstring(task, names, "Numbers and lists of them")
    for size, (name, axis) in task.sizes().items():
        if names.sizes[size] in printer.used:
            yield f"    {names.sizes[size]} = len({names.variables[name]}{'[0]' * axis})"
    yield from (f"    {line}" for line in body)
    yield "    return value, gradients"


class _Printer(WholeNumbers, PythonCodePrinter):  # type: ignore[misc]  # SymPy has no type stubs
    """Prints formulas of elements; `helpers` and `used` tell what else the module needs."""

    def __init__(self, names: dict[Any, Any], variables: frozenset[Any], loop_names: LoopNames) -> None:
        super().__init__({"fully_qualified_modules": True})
        self.names = names
        self.variables = variables
        self.loop_names = loop_names
        self.helpers: set[str] = set()
        self.used: set[str] = set()

    def text(self, expression: Any) -> str:
        """One number's text."""
        return str(self._print(expression))

    def listed(self, expression: Any, ranges: Sequence[Range]) -> str:
        """Nested lists of an expression over indices, the outermost first."""
        if not ranges:
            return self.text(expression)
        (index, low, high), *inner = ranges
        bounds = self._range(low, high)
        with self.loop_names.opened([index]) as (name,):
            return f"[{self.listed(expression, inner)} for {name} in {bounds}]"

    def _range(self, low: Any, high: Any) -> str:
        stop = self._print(sympy.expand(high + 1))
        return f"range({stop})" if low == 0 else f"range({self._print(low)}, {stop})"

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        """What is subtracted comes last."""
        return sorted(super()._as_ordered_terms(expr, order), key=lambda term: bool(term.as_coeff_Mul()[0] < 0))

    def _print_Symbol(self, expr: Any) -> str:
        if expr in self.loop_names:
            return self.loop_names[expr]
        name = self.names[expr].name if expr in self.names else expr.name
        self.used.add(name)
        return str(name)

    _print_Dummy = _print_Symbol

    def _print_Indexed(self, expr: Any) -> str:
        places = [
            f"int({self._print(index)})" if self._is_computed(index) else str(self._print(index))
            for index in expr.indices
        ]
        return str(self._print(expr.base.label)) + "".join(f"[{place}]" for place in places)

    def _is_computed(self, index: Any) -> bool:
        """Whether a place depends on values: a class label."""
        return bool(index.atoms(sympy.Indexed)) or any(symbol in self.variables for symbol in index.free_symbols)

    def _loop(self, expr: Any) -> str:
        generators: list[str] = []
        indices = [limit[0] for limit in reversed(expr.limits)]
        with self.loop_names.opened(indices) as names:
            for name, (_, low, high) in zip(names, reversed(expr.limits), strict=True):
                generators.append(f"for {name} in {self._range(low, high)}")
            terms = f"{self._print(expr.function)} {' '.join(generators)}"
            return f"math.hypot(*({terms}))" if isinstance(expr, kept.Length) else f"{_LOOPS[expr.func]}({terms})"

    _print_Sum = _print_Product = _print_Extreme = _print_Length = _loop

    def _print_Choice(self, expr: Any) -> str:
        text = str(self._print(expr.otherwise))
        for value, condition in reversed(expr.choices):
            text = f"{self._print(value)} if {self._print(condition)} else {text}"
        return f"({text})"

    def _print_Relational(self, expr: Any) -> str:
        left, right = (self._at(side, PRECEDENCE["BitwiseOr"]) for side in expr.args)
        return f"{left} {_RELATIONS[expr.func]} {right}"

    _print_Equality = _print_Unequality = _print_StrictGreaterThan = _print_StrictLessThan = _print_GreaterThan = (
        _print_LessThan
    ) = _print_Relational

    def _same(self, expr: Any) -> str:
        left, right = (self._at(side, PRECEDENCE["BitwiseOr"]) for side in expr.args)
        return f"(1.0 if {left} == {right} else 0.0)"

    _print_Same = _print_KroneckerDelta = _same

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, exponent = expr.args
        if abs(exponent) == sympy.Rational(1, 2):
            root = f"math.sqrt({self._print(base)})"
            return root if exponent > 0 else f"1/{root}"
        if exponent == -1:
            return f"1/{self._at(base, PRECEDENCE['Mul'] + 1)}"
        if exponent.is_Integer:
            return f"{self._at(base, PRECEDENCE['Pow'] + 1)}**{self._at(exponent, PRECEDENCE['Pow'])}"
        return f"math.pow({self._print(base)}, {self._print(exponent)})"  # ** would make complex numbers

    def _print_Function(self, expr: Any) -> str:
        if isinstance(expr, kept.Weighed):  # the second is not computed where the first is 0: it may be undefined
            self.helpers.add("weighed")
            return f"weighed({self._print(expr.args[0])}, lambda: {self._print(expr.args[1])})"
        name = _FUNCTIONS.get(expr.func) or expr.func.__name__.lower()
        if name in _HELPERS:
            self.helpers.add(name)
        elif expr.func not in _FUNCTIONS:
            raise Refusal(Message("{library} has no {function}", library="Python", function=name))
        return f"{name}({', '.join(self._print(argument) for argument in expr.args)})"

    _print_exp = _print_log = _print_Abs = _print_sign = _print_floor = _print_ceiling = _print_Max = _print_Min = (
        _print_erf
    ) = _print_erfc = _print_Function
    _print_sin = _print_cos = _print_tan = _print_asin = _print_acos = _print_atan = _print_atan2 = _print_Function
    _print_sinh = _print_cosh = _print_tanh = _print_asinh = _print_acosh = _print_atanh = _print_Function

    _print_Kept = _print_Function

    def _print_Exp1(self, expr: Any) -> str:
        return "math.e"

    def _print_Pi(self, expr: Any) -> str:
        return "math.pi"

    def emptyPrinter(self, expr: Any) -> str:
        """What nothing else prints."""
        raise Refusal(Message("{library} has no {function}", library="Python", function=type(expr).__name__.lower()))
