"""SymPy's C printer, taught elements of arrays by pointer, and loops."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol
from sympy.printing.c import C99CodePrinter
from sympy.printing.precedence import PRECEDENCE

from diffcli.messages import Message
from diffcli.symbolic.code.loop_names import LoopNames
from diffcli.symbolic.code.tabulation import Range, Table
from diffcli.symbolic.code.task import Names, Task
from diffcli.symbolic.code.whole_numbers import Accurate
from diffcli.symbolic.vocabulary.dictionary import Helper
from diffcli.symbolic.vocabulary.loops import Largest, Length, Smallest
from diffcli.symbolic.vocabulary.refusal import Refusal

_STEPS: dict[Any, tuple[str, str]] = {
    sympy.Sum: ("0.0", "{0} += {1};"),
    sympy.Product: ("1.0", "{0} *= {1};"),
    Largest: ("-INFINITY", "{0} = larger({0}, {1});"),
    Smallest: ("INFINITY", "{0} = smaller({0}, {1});"),
    Length: ("0.0", "{0} = hypot({0}, {1});"),
}
#: Functions of places, and of what a loop has met so far.
HELPERS: Mapping[str, Helper] = {
    helper.name: helper for helper in (
    Helper(
        "clipped",
        "static int clipped(int place, int size)\n"
        "{\n    return place < 0 ? 0 : place < size ? place : size - 1;\n}",
    ),
    Helper("counted", "static int counted(int place, int size)\n{\n    return place < 0 ? place + size : place;\n}"),
    Helper("larger", "static double larger(double a, double b)\n{\n    return b > a || b != b ? b : a;\n}"),
    Helper("smaller", "static double smaller(double a, double b)\n{\n    return b < a || b != b ? b : a;\n}"),
)}  # fmt: skip


class CPrinter(Accurate, C99CodePrinter):  # type: ignore[misc]  # SymPy has no type stubs
    """Prints formulas of elements, and the loops around them; `helpers` tells what else the program needs."""

    language = "c"

    def __init__(self, task: Task, names: Names, variables: dict[Symbol, Expr]) -> None:
        super().__init__({"math_macros": {}})  # `M_SQRT2` is not in the standard
        self.axes = task.axes
        self.sizes = names.sizes
        self.variables = variables
        self.loop_names = LoopNames(names.taken)
        self.extents: dict[Any, tuple[Any, ...]] = {}
        self.helpers = {}
        self.memory: list[str] = []
        self.whole = False

    def text(self, expression: Expr) -> str:
        """A number's text."""
        return str(self._print(expression))

    def places(self, expression: Expr) -> str:
        """A whole number's text: of a place or a size."""
        before, self.whole = self.whole, True
        text = str(self._print(expression))
        self.whole = before
        return text

    def table(self, table: Table) -> list[str]:
        """The statements that fill a table."""
        name, loop, found = table.symbol.name, table.expression, table.scattered
        start, step = self._step(loop)
        if not table.ranges:
            return [
                f"double {name} = {start};",
                *self._loops(_ranges(loop), lambda: [step.format(name, self.text(loop.function))]),
            ]
        extents = tuple(sympy.expand(limit.high - limit.low + 1) for limit in table.ranges)
        self.extents[table.symbol] = extents
        size = self.places(sympy.Mul(*extents))
        memory = "malloc((size_t)({0}) * sizeof *{1})" if found is None else "calloc((size_t)({0}), sizeof *{1})"
        lines = [f"double *{name} = {memory.format(size, name)};", f"if (!{name} && {size} > 0)"]
        lines.append(
            "    "
            + (
                "return NAN;"
                if not self.memory
                else "{ " + " ".join(f"free({other});" for other in self.memory) + " return NAN; }"
            )
        )
        self.memory.append(name)
        if found is not None:
            ranges, entry = table.filling(found)
            return [*lines, *self._loops(ranges, lambda: [f"{self.text(entry)} += {self.text(found.term)};"])]

        def filled() -> list[str]:
            inner = self._loops(_ranges(loop), lambda: [step.format("total", self.text(loop.function))])
            return [f"double total = {start};", *inner, f"{self.text(table.entry)} = total;"]

        return [*lines, *self._loops(table.ranges, filled)]

    def gradient(self, pointer: str, ranges: Sequence[Range], element: Expr) -> list[str]:
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

    def _step(self, loop: Expr) -> tuple[str, str]:
        if loop.func not in _STEPS:
            raise Refusal(
                Message("{library} has no {function} of an array", library="C", function=loop.func.__name__.lower())
            )
        start, step = _STEPS[loop.func]
        for name in HELPERS:
            if f"{name}(" in step:
                self._brought(HELPERS[name])
        return start, step

    def _loops(self, ranges: Sequence[Range], body: Callable[[], list[str]]) -> list[str]:
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

    def _print_Symbol(self, expr: Expr) -> str:
        if expr in self.loop_names:
            name = self.loop_names[expr]
        elif expr in self.sizes:
            name = self.sizes[expr]
        else:
            name = str(self.variables[expr].name if expr in self.variables else expr.name)
            return f"(int){name}" if self.whole else name
        return name if self.whole else f"(double){name}"

    _print_Dummy = _print_Symbol

    def _print_Integer(self, expr: Expr) -> str:
        return str(int(expr)) if self.whole or abs(expr) < 2**31 else f"{int(expr)}.0"

    def _print_Indexed(self, expr: Expr) -> str:
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

    def _print_Clipped(self, expr: Expr) -> str:
        place, size = expr.args
        return f"{self._brought(HELPERS['clipped'])}({self.places(place)}, {self.places(size)})"

    def _print_Counted(self, expr: Expr) -> str:
        place, size = expr.args
        before, self.whole = self.whole, False
        number = self._print(place)
        self.whole = before
        return f"{self._brought(HELPERS['counted'])}((int)({number}), {self.places(size)})"

    def _print_Mul(self, expr: Expr) -> str:
        """Whole numbers are divided here: C would leave out what is behind the point."""
        made = expr if expr.free_symbols or self.whole else expr.func(*expr.args)
        return super()._print_Mul(made) if made.is_Mul else str(self._print(made))

    def _print_Pow(self, expr: Expr) -> str:
        base, exponent = expr.args
        if exponent == 2 and (base.is_Symbol or isinstance(base, sympy.Indexed)):
            text = self._print(base)
            return f"({text}*{text})"
        return str(super()._print_Pow(expr))

    def _print_Choice(self, expr: Expr) -> str:
        text = self._print(expr.otherwise)
        for value, condition in reversed(expr.choices):
            text = f"({self._print(condition)} ? {self._print(value)} : {text})"
        return str(text)

    def _print_Relational(self, expr: Expr) -> str:
        if not self.whole and all(symbol in self.loop_names or symbol in self.sizes for symbol in expr.free_symbols):
            return self.places(expr)
        return super()._print_Relational(expr)

    def _same(self, expr: Expr) -> str:
        left, right = (self._at(side, PRECEDENCE["Add"]) for side in expr.args)
        return f"({left} == {right} ? 1.0 : 0.0)"

    _print_Same = _print_KroneckerDelta = _same

    def _print_Mod(self, expr: Expr) -> str:
        left, right = (self._at(argument, PRECEDENCE["Mul"] + 1) for argument in expr.args)
        return f"({left} % {right})" if self.whole else f"fmod({left}, {right})"

    _print_Remainder = _print_Mod

    def _print_Quotient(self, expr: Expr) -> str:
        left, right = (self._at(argument, PRECEDENCE["Mul"] + 1) for argument in expr.args)
        return f"({left} / {right})" if self.whole else f"floor({left} / {right})"

    def _print_Exp1(self, expr: Expr) -> str:
        return "2.7182818284590452354"

    def _print_Pi(self, expr: Expr) -> str:
        return "3.14159265358979323846"


def _ranges(loop: Expr) -> list[Range]:
    """The loop's indices, the outermost first."""
    return [Range(*limit) for limit in reversed(loop.limits)]
