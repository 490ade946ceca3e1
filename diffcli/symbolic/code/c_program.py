"""Programs in C99: arrays by pointer, row by row; gradients are written where the caller says."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sympy
from sympy.printing.c import C99CodePrinter
from sympy.printing.precedence import PRECEDENCE

from diffcli.messages import Message
from diffcli.source import lines_of
from diffcli.symbolic.code.array_program import FUNCTION
from diffcli.symbolic.code.loop_names import LoopNames
from diffcli.symbolic.code.loops import Range, Table, loops
from diffcli.symbolic.code.task import Names, Task, program_names, shape_text
from diffcli.symbolic.code.whole_numbers import Accurate
from diffcli.symbolic.vocabulary import functions, kept, special
from diffcli.symbolic.vocabulary.refusal import Refusal

#: Keywords of C, of its later versions and extensions and of C++; macros and types of <math.h> and <stdlib.h>, also of POSIX and of glibc,
#: and what compilers define by themselves. A parameter may hide any other function: programs call none but those of their own list.
_RESERVED = frozenset(
    """
auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof
static struct switch typedef union unsigned void volatile while
alignas alignof bool constexpr false nullptr static_assert thread_local true typeof typeof_unqual asm near far huge interrupt
and and_eq bitand bitor catch char8_t char16_t char32_t class co_await co_return co_yield compl concept const_cast consteval constinit decltype delete
dynamic_cast explicit export friend mutable namespace new noexcept not not_eq operator or or_eq private protected public reinterpret_cast requires
static_cast template this throw try typeid typename using virtual wchar_t xor xor_eq
complex imaginary noreturn I errno math_errhandling signgam linux unix i386 main
size_t div_t ldiv_t lldiv_t float_t double_t int8_t int16_t int32_t int64_t uint uchar ushort ulong
malloc free calloc realloc y0 y1 yn j0 j1 jn gamma isnan isinf abs div exit rand
    """.split()  # noqa: SIM905  # a list of them would be a page
)
#: How macros are named: `NAN`, `RAND_MAX`, `M_PI`.
_MACRO = re.compile(r"[A-Z]\d*[A-Z]|M_|X_")
_HELPERS = {
    "sigmoid": "static double sigmoid(double x)\n{\n    return exp(x < 0 ? x : 0.0) / (1.0 + exp(-fabs(x)));\n}",
    "softplus": "static double softplus(double x)\n{\n    return (x > 0 ? x : 0.0) + log1p(exp(-fabs(x)));\n}",
    "ratio": "static double ratio(double x, double y)\n{\n    return x == 0 ? 0.0 : x / y;\n}",
    "weighed": "static double weighed(double x, double y)\n{\n    return x == 0 ? 0.0 : x * y;\n}",
    "sech_squared": (
        "static double sech_squared(double x)\n{\n    const double power = exp(-2.0 * fabs(x));\n    return 4.0 * power / ((1.0 + power) * (1.0 + power));\n}"
    ),
    "xlogy": "static double xlogy(double x, double y)\n{\n    return x == 0 ? 0.0 : x * log(y);\n}",
    "xlog1py": "static double xlog1py(double x, double y)\n{\n    return x == 0 ? 0.0 : x * log1p(y);\n}",
    "logaddexp": "static double logaddexp(double a, double b)\n{\n    return fmax(a, b) + log1p(exp(-fabs(a - b)));\n}",
    "sign": "static double sign(double x)\n{\n    return (x > 0) - (x < 0);\n}",
    "clipped": "static int clipped(int place, int size)\n{\n    return place < 0 ? 0 : place < size ? place : size - 1;\n}",
}
_FUNCTIONS: dict[Any, str] = {
    kept.Erfc: "erfc", sympy.Abs: "fabs", functions.Absolute: "fabs", functions.Floor: "floor", functions.Ceiling: "ceil", sympy.ceiling: "ceil",
    special.Gamma: "tgamma", special.LogGamma: "lgamma", functions.Sign: "sign", kept.Power: "pow",
    kept.Log1p: "log1p", kept.Expm1: "expm1", kept.Log2: "log2", kept.Log10: "log10", kept.Cbrt: "cbrt", kept.Hypot: "hypot",
    kept.Tanh: "tanh", kept.Asin: "asin", kept.Acos: "acos", kept.Atanh: "atanh", kept.Asinh: "asinh", kept.Atan2: "atan2",
    kept.SechSquared: "sech_squared", kept.XLogY: "xlogy", kept.XLog1pY: "xlog1py", kept.LogAddExp: "logaddexp", kept.Ratio: "ratio",
    kept.Weighed: "weighed",
    **{getattr(sympy, name): name for name in (
        "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "log", "floor", "sign", "erf", "erfc")},
}  # fmt: skip
_RELATIONS = {sympy.Gt: ">", sympy.Lt: "<", sympy.Ge: ">=", sympy.Le: "<=", sympy.Eq: "==", sympy.Ne: "!="}
_STEPS: dict[Any, tuple[str, str]] = {
    sympy.Sum: ("0.0", "{0} += {1};"),
    sympy.Product: ("1.0", "{0} *= {1};"),
    functions.Largest: ("-INFINITY", "{0} = larger({0}, {1});"),
    functions.Smallest: ("INFINITY", "{0} = smaller({0}, {1});"),
    kept.Length: ("0.0", "{0} = hypot({0}, {1});"),
}
_EXTREMES = {
    "larger": "static double larger(double a, double b)\n{\n    return b > a || b != b ? b : a;\n}",
    "smaller": "static double smaller(double a, double b)\n{\n    return b < a || b != b ? b : a;\n}",
}
_C99_FUNCTIONS = [
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "expm1", "log",
    "log1p", "log2", "log10", "hypot",
    "floor", "ceil",
    "fabs", "sqrt", "cbrt", "pow", "fmin", "fmax", "erf", "erfc", "tgamma", "lgamma",
]  # fmt: skip


def c_program(task: Task) -> str:
    """The source of a translation unit; raises Refusal where C has no such function."""
    macros = {name for name in task.variables if _MACRO.match(name)}
    names = program_names(
        task, {"value", "total", FUNCTION, *_RESERVED, *_C99_FUNCTIONS, *_HELPERS, *_EXTREMES, *macros}, ascii_only=True
    )
    program = loops(task, names, everywhere=True)
    variables = {symbol: sympy.Symbol(names.variables[name], real=True) for name, symbol in task.symbols.items()}
    printer = _Printer(task, names, variables)
    pointers = _pointers(names, task.gradients)
    body: list[str] = []
    for table in program.tables:
        body += printer.table(table)
    body.append(f"const double value = {printer.text(program.value)};")
    for name, (ranges, element) in program.gradients.items():
        body += printer.gradient(pointers[name], ranges, element)
    body += printer.ending([table for table in program.tables if table.ranges])
    return "\n".join(_unit(task, names, pointers, body)) + "\n"


def _pointers(names: Names, gradients: Iterable[str]) -> dict[str, str]:
    """Where each gradient is written: `grad_x`."""
    pointers: dict[str, str] = {}
    for gradient in gradients:
        name = "_".join(["grad", *(names.variables[part] for part in gradient.split(","))])
        while name in names.taken or name in pointers.values():
            name += "_"
        pointers[gradient] = name
    return pointers


def _unit(task: Task, names: Names, pointers: Mapping[str, str], body: Sequence[str]) -> Iterator[str]:
    text = "\n".join(body)
    yield "#include <math.h>"
    if "malloc(" in text:
        yield "#include <stdlib.h>"
    for name, source in {**_HELPERS, **_EXTREMES}.items():
        if f"{name}(" in text:
            yield from ("", source)
    yield ""
    yield "/*"
    expression = lines_of(task.expression.replace("*/", "* /").replace("/*", "/ *"))
    yield (
        " * The value of "
        + (expression[0] if len(expression) == 1 else "the program below")
        + "; its gradients are written to grad_*."
    )
    yield from (f" *     {statement}" for statement in expression if len(expression) > 1)
    yield (
        " * Arrays are stored row by row: " + ", ".join(shape_text(task, names, name) for name in names.variables) + "."
    )
    yield " */" if "malloc(" not in text else " * The value is NAN if there is no memory.\n */"
    parameters = [
        f"const double *{names.variables[name]}" if axes else f"double {names.variables[name]}"
        for name, axes in task.variables.items()
    ]
    parameters += [f"int {size}" for size in names.sizes.values()]
    parameters += [f"double *{pointer}" for pointer in pointers.values()]
    yield f"double {FUNCTION}({', '.join(parameters)})"
    yield "{"
    yield from (f"    {line}" for line in body)
    yield "    return value;"
    yield "}"


class _Printer(Accurate, C99CodePrinter):  # type: ignore[misc]  # SymPy has no type stubs
    """Prints formulas of elements, and the loops around them."""

    def __init__(self, task: Task, names: Names, variables: dict[Any, Any]) -> None:
        super().__init__({"math_macros": {}})  # `M_SQRT2` is not in the standard
        self.axes = task.axes
        self.sizes = names.sizes
        self.variables = variables
        self.loop_names = LoopNames(names.taken)
        self.extents: dict[Any, tuple[Any, ...]] = {}
        self.memory: list[str] = []
        self.whole = False

    def text(self, expression: Any) -> str:
        """A number's text."""
        return str(self._print(expression))

    def places(self, expression: Any) -> str:
        """A whole number's text: of a place or a size."""
        before, self.whole = self.whole, True
        text = str(self._print(expression))
        self.whole = before
        return text

    def table(self, table: Table) -> list[str]:
        """The statements that fill a table."""
        name = table.symbol.name
        loop = table.expression
        start, step = self._step(loop)
        if not table.ranges:
            return [
                f"double {name} = {start};",
                *self._loops(_ranges(loop), lambda: [step.format(name, self.text(loop.function))]),
            ]
        extents = tuple(sympy.expand(limit.high - limit.low + 1) for limit in table.ranges)
        self.extents[table.symbol] = extents
        size = self.places(sympy.Mul(*extents))
        lines = [f"double *{name} = malloc((size_t)({size}) * sizeof *{name});", f"if (!{name} && {size} > 0)"]
        lines.append(
            "    "
            + (
                "return NAN;"
                if not self.memory
                else "{ " + " ".join(f"free({other});" for other in self.memory) + " return NAN; }"
            )
        )
        self.memory.append(name)
        entry = sympy.IndexedBase(table.symbol)[tuple(limit.index - limit.low for limit in table.ranges)]

        def filled() -> list[str]:
            inner = self._loops(_ranges(loop), lambda: [step.format("total", self.text(loop.function))])
            return [f"double total = {start};", *inner, f"{self.text(entry)} = total;"]

        return [*lines, *self._loops(table.ranges, filled)]

    def gradient(self, pointer: str, ranges: Sequence[Range], element: Any) -> list[str]:
        """The statements that write a gradient."""
        if not ranges:
            return [f"*{pointer} = {self.text(element)};"]
        symbol = sympy.Symbol(pointer)
        self.extents[symbol] = tuple(limit.high + 1 for limit in ranges)
        entry = sympy.IndexedBase(symbol)[tuple(limit.index for limit in ranges)]
        return self._loops(ranges, lambda: [f"{self.text(entry)} = {self.text(element)};"])

    def ending(self, tables: Sequence[Table]) -> list[str]:
        """The statements that give memory back."""
        return [f"free({table.symbol.name});" for table in tables]

    def _step(self, loop: Any) -> tuple[str, str]:
        if loop.func not in _STEPS:
            raise Refusal(
                Message("{library} has no {function} of an array", library="C", function=loop.func.__name__.lower())
            )
        return _STEPS[loop.func]

    def _loops(self, ranges: Sequence[Range], body: Any) -> list[str]:
        """Loops around the body's statements, the outermost first."""
        if not ranges:
            return list(body())
        (index, low, high), *inner = ranges
        start, stop = self.places(low), self.places(sympy.expand(high + 1))
        with self.loop_names.opened([index]) as (name,):
            inside = self._loops(inner, body)
            head = f"for (int {name} = {start}; {name} < {stop}; {name}++)"
        if len(inside) == 1 or (inner and inside[0].startswith("for")):
            return [
                head + (" {" if len(inside) > 1 else ""),
                *(f"    {line}" for line in inside),
                *(["}"] if len(inside) > 1 else []),
            ]
        return [head + " {", *(f"    {line}" for line in inside), "}"]

    def _at(self, expression: Any, power: int) -> str:
        return str(self.parenthesize(expression, power, strict=True))

    def _print_Symbol(self, expr: Any) -> str:
        if expr in self.loop_names:
            name = self.loop_names[expr]
        elif expr in self.sizes:
            name = self.sizes[expr]
        else:
            name = str(self.variables[expr].name if expr in self.variables else expr.name)
            return f"(int){name}" if self.whole else name
        return name if self.whole else f"(double){name}"

    _print_Dummy = _print_Symbol

    def _print_Integer(self, expr: Any) -> str:
        return str(int(expr)) if self.whole or abs(expr) < 2**31 else f"{int(expr)}.0"

    def _print_Indexed(self, expr: Any) -> str:
        symbol = expr.base.label
        extents = self.extents[symbol] if symbol in self.extents else self.axes[symbol]
        before, self.whole = self.whole, True
        text = ""
        for index, extent in zip(expr.indices, extents, strict=True):
            part = str(self._print(index))
            if text:
                bracketed = text if text.isidentifier() else f"({text})"
                text = f"{bracketed}*{self._at(extent, PRECEDENCE['Mul'])} + {part}"
            else:
                text = part
        self.whole = before
        name = self.variables[symbol].name if symbol in self.variables else symbol.name
        return f"(int){name}[{text}]" if self.whole else f"{name}[{text}]"  # a class label is a place

    def _print_Clipped(self, expr: Any) -> str:
        place, size = expr.args
        return f"clipped({self.places(place)}, {self.places(size)})"

    def _print_Pow(self, expr: Any) -> str:
        base, exponent = expr.args
        if exponent == 2 and (base.is_Symbol or isinstance(base, sympy.Indexed)):
            text = self._print(base)
            return f"({text}*{text})"
        return str(super()._print_Pow(expr))

    def _print_Choice(self, expr: Any) -> str:
        text = self._print(expr.otherwise)
        for value, condition in reversed(expr.choices):
            text = f"({self._print(condition)} ? {self._print(value)} : {text})"
        return str(text)

    def _print_Relational(self, expr: Any) -> str:
        if not self.whole and all(symbol in self.loop_names or symbol in self.sizes for symbol in expr.free_symbols):
            return self.places(expr)
        left, right = (self._at(side, PRECEDENCE["Add"]) for side in expr.args)
        return f"{left} {_RELATIONS[expr.func]} {right}"

    _print_Equality = _print_Unequality = _print_StrictGreaterThan = _print_StrictLessThan = _print_GreaterThan = (
        _print_LessThan
    ) = _print_Relational

    def _same(self, expr: Any) -> str:
        left, right = (self._at(side, PRECEDENCE["Add"]) for side in expr.args)
        return f"({left} == {right} ? 1.0 : 0.0)"

    _print_Same = _print_KroneckerDelta = _same

    def _print_Mod(self, expr: Any) -> str:
        left, right = (self._at(argument, PRECEDENCE["Mul"] + 1) for argument in expr.args)
        return f"({left} % {right})" if self.whole else f"fmod({left}, {right})"

    _print_Remainder = _print_Mod

    def _print_Quotient(self, expr: Any) -> str:
        left, right = (self._at(argument, PRECEDENCE["Mul"] + 1) for argument in expr.args)
        return f"({left} / {right})" if self.whole else f"floor({left} / {right})"

    def _print_Function(self, expr: Any) -> str:
        name = _FUNCTIONS.get(expr.func) or expr.func.__name__.lower()
        if name not in _C99_FUNCTIONS and name not in _HELPERS:
            raise Refusal(Message("{library} has no {function}", library="C", function=name))
        return f"{name}({', '.join(self._print(argument) for argument in expr.args)})"

    _print_exp = _print_log = _print_Abs = _print_sign = _print_floor = _print_ceiling = _print_erf = _print_erfc = (
        _print_Function
    )
    _print_sin = _print_cos = _print_tan = _print_asin = _print_acos = _print_atan = _print_atan2 = _print_Function
    _print_sinh = _print_cosh = _print_tanh = _print_asinh = _print_acosh = _print_atanh = _print_Function

    _print_Kept = _print_Function

    def _print_Exp1(self, expr: Any) -> str:
        return "2.7182818284590452354"

    def _print_Pi(self, expr: Any) -> str:
        return "3.14159265358979323846"

    def emptyPrinter(self, expr: Any) -> str:
        """What nothing else prints."""
        raise Refusal(Message("{library} has no {function}", library="C", function=type(expr).__name__.lower()))


def _ranges(loop: Any) -> list[Range]:
    """The loop's indices, the outermost first."""
    return [Range(*limit) for limit in reversed(loop.limits)]
