"""What is printed is read back as the same number, however quotients, powers and signs are nested."""

import ctypes
import math
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol

import diffcli
from diffcli.source import Source
from diffcli.symbolic.code.array_printer import ArrayPrinter
from diffcli.symbolic.code.c_printer import CPrinter
from diffcli.symbolic.code.libraries import JAX, NUMPY, TORCH
from diffcli.symbolic.code.loop_names import LoopNames
from diffcli.symbolic.code.python_printer import PythonPrinter
from diffcli.symbolic.code.task import Names, Task
from diffcli.symbolic.forms.latex import LatexForm
from diffcli.symbolic.forms.unicode import UnicodeForm
from diffcli.symbolic.text.formula_printer import Printer
from diffcli.symbolic.vocabulary.scope import Scope
from diffcli.syntax.foreign.from_latex import from_latex
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

POINT = {"a": 1.3, "b": 0.7, "c": 2.1}
A, B, C = VARIABLES = tuple(Symbol(name, real=True) for name in POINT)
LEAVES = (*VARIABLES, *VARIABLES, Integer(2), Integer(-3), Rational(1, 3), Rational(-2, 5), sympy.pi)
EXPONENTS = (Rational(1, 2), Rational(-1, 2), Rational(2, 3), A, -B, Pow(C, -1))
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵃᵇᶜ", "0123456789-abc", strict=True))
COUNT = 60


def drawn(random: Random, depth: int) -> Expr:
    """An expression as it is nested: SymPy tidies none of it."""
    if depth == 0:
        return random.choice(LEAVES)
    x, y = drawn(random, depth - 1), drawn(random, random.randrange(depth))
    made: dict[str, Callable[[], Expr]] = {
        "sum": lambda: Add(x, y, evaluate=False),
        "product": lambda: Mul(x, y, evaluate=False),
        "quotient": lambda: Mul(x, Pow(y, -1, evaluate=False), evaluate=False),
        "inverse": lambda: Pow(x, -1, evaluate=False),
        "negative": lambda: Mul(-1, x, evaluate=False),
        "power": lambda: Pow(x, random.choice((2, 3, -2, -1)), evaluate=False),
        "root": lambda: Pow(random.choice(VARIABLES), random.choice(EXPONENTS), evaluate=False),
        "function": lambda: sympy.exp(Mul(x, Rational(1, 10)), evaluate=False),
    }
    return made[random.choice([*made, "quotient", "product"])]()


def value(expression: Expr) -> float | None:
    """The number at the point; None where there is none, or it has no digits in doubles."""
    found = complex(sympy.N(expression.subs({symbol: POINT[symbol.name] for symbol in VARIABLES}), 20))
    return found.real if abs(found.imag) < 1e-12 and 1e-5 < abs(found.real) < 1e7 else None


@cache
def cases() -> tuple[tuple[Expr, float], ...]:
    """Those that are known to be printed wrongly without care, then random ones."""
    known = [
        Mul(A, Pow(Mul(2, Pow(sympy.pi, Rational(-1, 2))), -1, evaluate=False), evaluate=False),
        Mul(A, Pow(Rational(-2, 5), -1, evaluate=False), evaluate=False),
        Mul(-1, Pow(Pow(Mul(A, B), -1), -1, evaluate=False), evaluate=False),
        Pow(2, Pow(A, -1)),
        Mul(2, Pow(-3, -1, evaluate=False), Pow(-3, -1, evaluate=False), evaluate=False),
    ]
    random = Random(5)
    expressions = known + [drawn(random, random.choice((2, 3, 4))) for _ in range(3 * COUNT)]
    found = [(each, number) for each in expressions if (number := value(each)) is not None]
    assert len(found) >= COUNT
    return tuple(found)


def in_the_language(text: str) -> float:
    """The value of an expression that the language reads."""
    variables = resolve(parse(Source(text))).variables
    text, variables = (text, variables) if variables else (f"{text} + 0*a", ("a",))
    return float(diffcli.grad(text, {name: POINT[name] for name in variables}).value)


def from_unicode(text: str) -> str:
    """Superscripts as powers, factors side by side with a sign between them."""
    raised = f"[{''.join(SUPERSCRIPTS)}]+"
    text = re.sub(raised, lambda found: f"^({''.join(SUPERSCRIPTS[letter] for letter in found[0])})", text)
    return re.sub(r"(?<=[\w)π]) (?=[\w(√π])", "*", text)


def from_book(text: str) -> str:
    """LaTeX with a sign between factors, in the language's words."""
    start = r"\\frac|\\sqrt|\\left\(|\\pi|[A-Za-z0-9]"
    text = from_latex(re.sub(rf"(?<=[\w)}}])(?<!\\cdot) (?={start})", r" \\cdot ", text))
    return re.sub(r"(?<=[\w)]) +(?=[\w(])", "*", text)


def of_arrays(library: Any, module: Any, lifted: Callable[[float], Any]) -> Callable[[Expr], float]:
    """The value of what the printer of an array library prints."""
    place = {library.module: module, "math": math, **{name: lifted(number) for name, number in POINT.items()}}
    return lambda each: float(eval(ArrayPrinter(library, "a", frozenset()).plain(each), place))


def of_python(expression: Expr) -> float:
    printer, place = PythonPrinter({}, frozenset(), LoopNames(frozenset())), {"math": math, **POINT}
    text = printer.text(expression)
    for source in printer.helpers.values():
        exec(source, place)
    return float(eval(text, place))


def of_torch(expression: Expr) -> float:
    torch = pytest.importorskip("torch")
    return of_arrays(TORCH, torch, lambda number: torch.tensor(number, dtype=torch.float64))(expression)


def of_jax(expression: Expr) -> float:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    return of_arrays(JAX, jax.numpy, jax.numpy.asarray)(expression)


READERS: dict[str, Callable[[Expr], float]] = {
    "text": lambda each: in_the_language(Printer({}, Scope(), None, False).text(each)),
    "decimals": lambda each: in_the_language(Printer({}, Scope(), None, True).text(each)),
    "pi bound": lambda each: in_the_language(Printer({}, Scope(frozenset({"pi"})), None, True).text(each)),
    "unicode": lambda each: in_the_language(from_unicode(UnicodeForm({}, Scope(), False).form(each))),
    "latex": lambda each: in_the_language(from_book(LatexForm({}, Scope(), False).form(each))),
    "numpy": of_arrays(NUMPY, np, np.float64),
    "torch": of_torch,
    "jax": of_jax,
    "python": of_python,
}


@pytest.mark.parametrize("form", READERS)
def test_what_is_printed_is_read_as_the_same_number(form: str) -> None:
    for expression, number in cases():
        assert READERS[form](expression) == pytest.approx(number, rel=1e-9), sympy.srepr(expression)


def test_what_is_printed_in_c_is_the_same_number(tmp_path: Path) -> None:
    found = list(cases())
    printer = CPrinter(Task("", Integer(0), {}, {}, {}), Names({}, {}, frozenset()), {})
    texts = [printer.text(expression) for expression, _ in found]
    parameters = ", ".join(f"double {name}" for name in POINT)
    lines = [f"double f{place}({parameters}) {{ return {text}; }}" for place, text in enumerate(texts)]
    (tmp_path / "program.c").write_text("\n".join(["#include <math.h>", *lines, ""]))
    library = tmp_path / "program.so"
    subprocess.run(["cc", "-std=c99", "-shared", "-fPIC", "-o", library, tmp_path / "program.c", "-lm"], check=True)
    functions = ctypes.CDLL(str(library))
    for place, (expression, number) in enumerate(found):
        function = getattr(functions, f"f{place}")
        function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * len(POINT)
        assert function(*POINT.values()) == pytest.approx(number, rel=1e-9), sympy.srepr(expression)
