"""What waits while an expression is read: operators for a right operand, brackets to be closed."""

from functools import partial
from typing import Literal, NamedTuple

from diffcli.primitives.notation import Notation
from diffcli.syntax.tokens import Token


class Pending(NamedTuple):
    """An operator that waits for its right operand."""

    name: str
    notation: Notation
    token: Token


#: Makes a Pending of a tuple, at a third of the cost of Pending(...).
as_pending = partial(tuple.__new__, Pending)


class Bracket:
    """An open bracket: a group, a call, an array, an index or a tuple, and what it holds so far.

    `base` and `mark` count the operands before the bracket and before its current part.
    """

    __slots__ = ("base", "keywords", "kind", "mark", "name", "pattern", "positional", "token")

    def __init__(
        self, kind: Literal["group", "call", "array", "index", "tuple"], token: Token, name: Token, base: int
    ) -> None:
        self.kind = kind
        self.token = token
        self.name = name
        self.base = base
        self.mark = base
        self.keywords: list[str] = []
        self.positional = 0
        self.pattern = ""
