"""Programs for the array libraries: NumPy, PyTorch, JAX."""

import builtins
import re
from collections.abc import Iterator, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.source import lines_of
from diffcli.symbolic.code.array_printer import ArrayPrinter
from diffcli.symbolic.code.libraries import LIBRARIES, Library
from diffcli.symbolic.code.literal_numbers import prepared
from diffcli.symbolic.code.task import Names, Task, program_names, shape_text
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.lowering import lowered
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.dictionary import reserved

#: What every program calls its function.
FUNCTION = "value_and_gradients"


def array_program(task: Task, library: Library) -> str:
    """The source of a module; raises Refusal where the library lacks a function."""
    modules = {"jax", "math", "scipy", *(other.module for other in LIBRARIES.values())}
    own = {*modules, "value", "gradients", FUNCTION, *library.helpers}
    names = program_names(task, own | reserved(library.language) | set(dir(builtins)))
    terms = [_lowered(task, task.value, {})]
    terms += [_lowered(task, derivative.element, task.components(name)) for name, derivative in task.gradients.items()]
    lacking = [
        nodes.rank(term) < len(d.indices) or isinstance(term, nodes.Spread)
        for d, term in zip(task.gradients.values(), terms[1:], strict=True)
    ]
    variables = {
        nodes.whole(symbol, len(task.variables[name])): sympy.Symbol(names.variables[name], real=True)
        for name, symbol in task.symbols.items()
    }
    sizes = {symbol: sympy.Symbol(name, integer=True, positive=True) for symbol, name in names.sizes.items()}
    terms = [_renamed(term, {**variables, **sizes}) for term in terms]
    temporaries, terms = _shared(terms, names)
    first = next(iter(names.variables.values()), "value")
    printer = ArrayPrinter(library, first, frozenset(sizes.values()))
    lines = [f"{name} = {printer.statement(name, term)}" for name, term in temporaries]
    value, *gradients = terms
    lines.append(f"value = {printer.filling(value, [], smaller=False)}")
    entries = []
    for name, term, smaller in zip(task.gradients, gradients, lacking, strict=True):
        like = [names.variables[part] for part in name.split(",")]
        entries.append(f'"{name}": {printer.filling(term, like, smaller)},')
    quiet = library.module == "np" and any(term.has(Choice) for term in (*terms, *(term for _, term in temporaries)))
    return "\n".join(_module(task, names, library, printer, lines, entries, quiet)) + "\n"


def _lowered(task: Task, element: Expr, components: dict[Symbol, Expr]) -> Expr:
    return lowered(prepared(element), components, task.axes, spreading=True)


def _shared(terms: Sequence[Expr], names: Names) -> tuple[list[tuple[Symbol, Expr]], list[Expr]]:
    """Repeated parts as temporaries, and the terms in them; sums and multiples of sizes are not worth it."""
    temporaries, rest = sympy.cse(
        terms, symbols=(sympy.Symbol(name, real=True) for name in names.temporaries()), order="none"
    )
    sizes: dict[Any, Any] = {}
    kept = []
    for name, term in temporaries:
        written = term.xreplace(sizes)
        if all(symbol.is_integer for symbol in written.free_symbols) and not written.atoms(
            nodes.Node, sympy.Function, sympy.Pow
        ):
            sizes[name] = written
        else:
            kept.append((name, written))
    return kept, [term.xreplace(sizes) for term in rest]


def _renamed(term: Expr, names: dict[Symbol, Expr]) -> Expr:
    """Variables and sizes as the program calls them."""
    return term.xreplace(names)


def _module(
    task: Task,
    names: Names,
    library: Library,
    printer: ArrayPrinter,
    lines: Sequence[str],
    entries: Sequence[str],
    quiet: bool,
) -> Iterator[str]:
    text = "\n".join([*lines, *entries, *printer.helpers.values()])
    if re.search(r"\bmath\.", text):
        yield "import math"
        yield ""
    yield from library.imports
    if re.search(r"(?<!\.)\bscipy\.", text):
        yield "import scipy.special"
    for _, source in sorted(printer.helpers.items()):
        yield ""
        yield ""
        yield source
    yield ""
    yield ""
    yield f"def {FUNCTION}({', '.join(names.variables.values())}):"
    yield from docstring(task, names, library.name)
    if library.array:
        for name in names.variables.values():
            yield "    " + library.array.format(name)
    for size, (name, axis) in task.sizes().items():
        if names.sizes[size] in printer.used:
            yield f"    {names.sizes[size]} = {names.variables[name]}.shape[{axis}]"
    indent = "    "
    if quiet:
        yield '    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # branches that are not taken'
        indent = "        "
    for line in lines:
        yield indent + line
    yield f"{indent}gradients = {{"
    for entry in entries:
        yield f"{indent}    {entry}"
    yield f"{indent}}}"
    yield "    return value, gradients"


def docstring(task: Task, names: Names, kind: str) -> Iterator[str]:
    """The documentation of the function: its result and its arguments."""
    statements = lines_of(task.expression)
    if len(statements) == 1:
        yield f'    """The value of {statements[0]} and its gradients by variable.'
    else:
        yield '    """The value of the program below and its gradients by variable.'
        yield ""
        yield from (f"        {statement}" for statement in statements)
    yield ""
    if names.variables:
        yield f"    {kind}: " + ", ".join(shape_text(task, names, name) for name in names.variables) + "."
    yield '    """'
