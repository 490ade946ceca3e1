"""The meaning of words in the user's program, into which a formula is to be typed back."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diffcli.primitives.table import CONSTANTS, overloads

#: The constants by functions, for programs that bind their names.
_SAID: Mapping[str, Sequence[str]] = {
    "pi": ("acos(-1)", "2*asin(1)", "4*atan(1)"),
    "e": ("exp(1)", "cosh(1) + sinh(1)"),
}


class Scope(NamedTuple):
    """The names that a program binds (its variables and what it defines), and those of its functions."""

    names: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()

    @property
    def taken(self) -> frozenset[str]:
        """Names that an index or a size must not have."""
        return self.names | frozenset(CONSTANTS)

    def constant(self, name: str) -> str:
        """A constant of the language in words that the program has not bound."""
        if name not in self.names:
            return name
        if name == "pi" and "tau" not in self.names:
            return "tau/2"
        return next(
            (text for text in _SAID[name] if not any(f"{function}(" in text for function in self.functions)),
            _SAID[name][0],
        )

    def function(self, name: str) -> str:
        """A function of the language by a name that the program has not given to another."""
        if name not in self.functions:
            return name
        return next(
            (
                other
                for function in overloads(name)
                for other in (function.name, *function.aliases)
                if other not in self.functions
            ),
            name,
        )
