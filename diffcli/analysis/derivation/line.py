"""Derivations and their lines."""

from dataclasses import dataclass

from diffcli.messages import Message


@dataclass(frozen=True, slots=True)
class Line:
    """One rule: its name, the rule in general, then put to use: `left = right`, which is `result`.

    In a worksheet `right` and `result` are None.
    """

    number: int
    rule: str
    general: str
    left: str
    right: str | None
    result: str | None

    @property
    def statement(self) -> str:
        """The rule with the expression put in."""
        return self.left if self.right is None else f"{self.left} = {self.right}"

    @property
    def blank(self) -> "Line":
        """The line with its right-hand side left open."""
        return Line(self.number, self.rule, self.general, self.left, None, None)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The lines that lead to the derivative by one variable, the letters used in them, and what has to be said beside.

    A number's derivatives are `primed`; for an array the lines are about differentials.
    """

    variable: str
    primed: bool
    letters: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def marks(self) -> str:
        """The meaning of the derivatives' marks."""
        if self.primed:
            return Message("u' is du/d{variable}", variable=self.variable)
        return Message("du is the change of u that a small change d{variable} makes", variable=self.variable)
