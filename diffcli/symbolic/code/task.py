"""The task of a generated program, and its names."""

import keyword
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.arrays.sizes import fresh_names
from diffcli.symbolic.derive.formula import Derivative


class Task(NamedTuple):
    """The value's formula, the sizes of the variables' axes, and the gradients by variable.

    `expression` is the program that the user wrote, in the language's own notation.
    """

    expression: str
    value: Any
    variables: Mapping[str, tuple[Expr, ...]]
    symbols: Mapping[str, Any]
    gradients: Mapping[str, Derivative]

    @property
    def axes(self) -> dict[Symbol, tuple[Expr, ...]]:
        """The sizes of the variables' axes, by symbol."""
        return {symbol: self.variables[name] for name, symbol in self.symbols.items()}

    def sizes(self) -> dict[Symbol, tuple[str, int]]:
        """Each size that is a symbol, with a variable and the axis that has it."""
        found: dict[Any, tuple[str, int]] = {}
        for name, axes in self.variables.items():
            for axis, size in enumerate(axes):
                if size.is_Symbol:
                    found.setdefault(size, (name, axis))
        return found

    def components(self, name: str) -> dict[Symbol, Expr]:
        """The indices of the components of a gradient, or of a derivative by several (`x,y`), with their sizes."""
        sizes = [size for part in name.split(",") for size in self.variables[part]]
        return dict(zip(self.gradients[name].indices, sizes, strict=True))


class Names(NamedTuple):
    """The program's names of the variables and the sizes."""

    variables: Mapping[str, str]
    sizes: Mapping[Symbol, str]
    taken: frozenset[str]

    def temporaries(self) -> Iterator[str]:
        """Names that nothing else has: `t0`, `t1`, ..."""
        return (name for name in (f"t{number}" for number in range(1_000_000)) if name not in self.taken)


def program_names(task: Task, reserved: Collection[str], ascii_only: bool = False) -> Names:
    """Names for a program; where the language of the program reserves one, it gets a trailing underscore."""
    variables: dict[str, str] = {}
    used = set(reserved)
    for name in sorted(task.variables, key=lambda name: name in used):  # a name that can stay does
        identifier = _ascii(name) if ascii_only else unicodedata.normalize("NFKC", name)
        while identifier in used or keyword.iskeyword(identifier):
            identifier += "_"
        variables[name] = identifier
        used.add(identifier)
    variables = {name: variables[name] for name in task.variables}
    taken = frozenset(used)
    sizes = list(task.sizes())
    named = dict(zip(sizes, fresh_names("nmpqrsuv", taken, len(sizes)), strict=True))
    return Names(variables, named, taken | frozenset(named.values()))


def shape_text(task: Task, names: Names, name: str) -> str:
    """A variable as documentation describes it: `x of shape (n,)`, `w a number`."""
    axes = task.variables[name]
    if not axes:
        return f"{names.variables[name]} a number"
    named = {symbol: sympy.Symbol(size) for symbol, size in names.sizes.items()}
    listed = ", ".join(str(size.xreplace(named)) for size in axes) + ("," if len(axes) == 1 else "")
    return f"{names.variables[name]} of shape ({listed})"


def _ascii(name: str) -> str:
    """Letters that C may not know by their Unicode names: `alpha`."""
    letters = []
    for letter in name:
        words = unicodedata.name(letter, "LETTER").split()
        letters.append(letter if letter.isascii() else words[-1].lower().replace("lamda", "lambda").replace("-", "_"))
    text = "".join(letters)
    return f"v{text}" if text.startswith("_") else text  # C keeps `_Bool` and its like for itself
