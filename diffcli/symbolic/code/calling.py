"""Calls of functions in programs: each by the word that its language has for it."""

# ruff: noqa: N802
# SymPy finds the methods by these names.

from typing import Any

from sympy import Expr, Integer, Rational
from sympy.printing.precedence import PRECEDENCE

from diffcli.messages import Message
from diffcli.symbolic.vocabulary.dictionary import DICTIONARY, LANGUAGES, RELATIONS, Helper, word
from diffcli.symbolic.vocabulary.refusal import Refusal

#: Powers by these exponents are printed as quotients.
_AS_QUOTIENTS = (Integer(-1), Rational(-1, 2))


class Calling:
    """For a SymPy code printer: functions by a column of the dictionary.

    After printing, `helpers` has the sources of the functions that the program brings along, by their names.
    """

    language: str
    helpers: dict[str, str]

    def _print(self, expr: Expr, **kwargs: Any) -> Any:
        if type(expr) in DICTIONARY:
            return self._called(expr)
        return super()._print(expr, **kwargs)  # type: ignore[misc]  # SymPy's printers have it

    def _called(self, expr: Expr) -> str:
        found = word(type(expr), self.language)
        if isinstance(found, str) and "{0}" in found:
            return found.format(*[self._at(argument, PRECEDENCE["Pow"] + 1) for argument in expr.args])
        arguments = f"({', '.join(self._arguments(expr))})"
        return self._brought(found) + arguments if isinstance(found, Helper) else found + arguments

    def _arguments(self, expr: Expr) -> list[str]:
        return [str(self._print(argument)) for argument in expr.args]

    def _brought(self, helper: Helper) -> str:
        """The name of a function that the program brings along from now on."""
        self.helpers[helper.name] = helper.source
        for other in helper.needs:
            self._brought(other)
        return helper.name

    def _print_Relational(self, expr: Expr) -> str:
        left, right = (self._at(side, PRECEDENCE["Add"]) for side in expr.args)
        return f"{left} {RELATIONS[expr.func]} {right}"

    def emptyPrinter(self, expr: Expr) -> str:
        """A refusal of what nothing else prints."""
        raise Refusal(
            Message(
                "{library} has no {function}", library=LANGUAGES[self.language], function=type(expr).__name__.lower()
            )
        )

    def _at(self, term: Expr, power: int) -> str:
        """A term's text, in brackets unless it binds at least as tightly."""
        return str(self.parenthesize(term, power, strict=True))

    def parenthesize(self, item: Expr, level: int, strict: bool = False) -> str:
        """The text in brackets where it needs them: `1/x`, which SymPy takes for a power, binds as a quotient does."""
        if not (getattr(item, "is_Pow", False) and item.exp in _AS_QUOTIENTS):
            return str(super().parenthesize(item, level, strict))  # type: ignore[misc]  # SymPy's printers have it
        text = str(self._print(item))
        return f"({text})" if PRECEDENCE["Mul"] < level or (PRECEDENCE["Mul"] == level and not strict) else text
