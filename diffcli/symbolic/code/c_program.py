"""Programs in C99: arrays by pointer, row by row; gradients are written where the caller says."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import sympy

from diffcli.source import lines_of
from diffcli.symbolic.code.array_program import FUNCTION
from diffcli.symbolic.code.c_printer import HELPERS, CPrinter
from diffcli.symbolic.code.tabulation import loops
from diffcli.symbolic.code.task import Names, Task, program_names, shape_text
from diffcli.symbolic.vocabulary.dictionary import reserved

#: Keywords of C, of its later versions and extensions and of C++; macros and types of <math.h> and <stdlib.h>, also of
#: POSIX and of glibc, and what compilers define by themselves. A parameter may hide any other function: programs call
#: none but those of their own list.
_RESERVED = frozenset(
    """
auto break case char const continue default do double else enum extern float for goto if inline int long register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while alignas alignof
bool constexpr false nullptr static_assert thread_local true typeof typeof_unqual asm near far huge interrupt and
and_eq bitand bitor catch char8_t char16_t char32_t class co_await co_return co_yield compl concept const_cast
consteval constinit decltype delete dynamic_cast explicit export friend mutable namespace new noexcept not not_eq
operator or or_eq private protected public reinterpret_cast requires static_cast template this throw try typeid
typename using virtual wchar_t xor xor_eq complex imaginary noreturn I errno math_errhandling signgam linux unix i386
main size_t div_t ldiv_t lldiv_t float_t double_t int8_t int16_t int32_t int64_t uint uchar ushort ulong malloc free
calloc realloc y0 y1 yn j0 j1 jn gamma isnan isinf abs div exit rand
    """.split()  # noqa: SIM905  # a list of them would be a page
)
#: How macros are named: `NAN`, `RAND_MAX`, `M_PI`.
_MACRO = re.compile(r"[A-Z]\d*[A-Z]|M_|X_")
#: Functions of <math.h> that SymPy's printer and these helpers call by themselves.
_CALLED = frozenset({"sqrt", "cbrt", "pow", "fmin", "fmax", "fmod"})


def c_program(task: Task) -> str:
    """The source of a translation unit; raises Refusal where C has no such function."""
    macros = {name for name in task.variables if _MACRO.match(name)}
    own = {"value", "total", FUNCTION, *HELPERS}
    names = program_names(task, {*own, *_RESERVED, *_CALLED, *reserved("c"), *macros}, ascii_only=True)
    program = loops(task, names, everywhere=True)
    variables = {symbol: sympy.Symbol(names.variables[name], real=True) for name, symbol in task.symbols.items()}
    printer = CPrinter(task, names, variables)
    pointers = _pointers(names, task.gradients)
    body: list[str] = []
    for table in program.tables:
        body += printer.table(table)
    body.append(f"const double value = {printer.text(program.value)};")
    for name, (ranges, element) in program.gradients.items():
        body += printer.gradient(pointers[name], ranges, element)
    body += printer.ending([table for table in program.tables if table.ranges])
    return "\n".join(_unit(task, names, pointers, printer.helpers, body)) + "\n"


def _pointers(names: Names, gradients: Iterable[str]) -> dict[str, str]:
    """The pointer to each gradient: `grad_x`."""
    pointers: dict[str, str] = {}
    for gradient in gradients:
        name = "_".join(["grad", *(names.variables[part] for part in gradient.split(","))])
        while name in names.taken or name in pointers.values():
            name += "_"
        pointers[gradient] = name
    return pointers


def _unit(
    task: Task, names: Names, pointers: Mapping[str, str], helpers: Mapping[str, str], body: Sequence[str]
) -> Iterator[str]:
    text = "\n".join(body)
    yield "#include <math.h>"
    if "alloc(" in text:
        yield "#include <stdlib.h>"
    for _, source in sorted(helpers.items()):
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
    yield " */" if "alloc(" not in text else " * The value is NAN if there is no memory.\n */"
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
