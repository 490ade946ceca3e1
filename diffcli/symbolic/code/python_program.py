"""Programs in plain Python: lists of floats, and the standard library."""

import builtins
from collections.abc import Iterator, Sequence

import sympy

from diffcli.symbolic.code.array_program import FUNCTION, docstring
from diffcli.symbolic.code.loop_names import LoopNames
from diffcli.symbolic.code.python_printer import HELPERS, PythonPrinter
from diffcli.symbolic.code.tabulation import Loops, loops
from diffcli.symbolic.code.task import Names, Task, program_names
from diffcli.symbolic.vocabulary.dictionary import reserved


def python_program(task: Task) -> str:
    """The source of a module; raises Refusal where Python has no such function."""
    names = program_names(
        task, {"math", "statistics", "value", "gradients", FUNCTION, *HELPERS, *reserved("python"), *dir(builtins)}
    )
    program = loops(task, names, everywhere=False)
    variables = {symbol: sympy.Symbol(names.variables[name], real=True) for name, symbol in task.symbols.items()}
    sizes = {symbol: sympy.Symbol(name, integer=True, positive=True) for symbol, name in names.sizes.items()}
    printer = PythonPrinter({**variables, **sizes}, frozenset(variables), LoopNames(names.taken))
    body = list(_statements(task, program, printer))
    return "\n".join(_module(task, names, printer, body)) + "\n"


def _statements(task: Task, program: Loops, printer: PythonPrinter) -> Iterator[str]:
    for table in program.tables:
        yield from printer.table(table)
    yield f"value = {printer.text(program.value)}"
    yield "gradients = {"
    for name in task.gradients:
        ranges, element = program.gradients[name]
        yield f'    "{name}": {printer.listed(element, ranges)},'
    yield "}"


def _module(task: Task, names: Names, printer: PythonPrinter, body: Sequence[str]) -> Iterator[str]:
    helpers = [source for _, source in sorted(printer.helpers.items())]
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
