"""Operands and operators not yet reduced, and brackets not yet closed, while an expression is read."""

from functools import partial
from typing import Literal, NamedTuple

from diffcli.primitives.notation import Notation
from diffcli.source import Source
from diffcli.syntax.tokens import Token, Tokens
from diffcli.syntax.tree import NodeKind, Nodes


class Pending(NamedTuple):
    """An operator that waits for its right operand, and the place of its token."""

    name: str
    notation: Notation
    place: int


#: Makes a Pending of a tuple, at a third of the cost of Pending(...).
as_pending = partial(tuple.__new__, Pending)

#: What the last operand is: it decides whether a product sign may be left out after it.
Form = Literal["number", "name", "constant", "group", "array", "index", "superscript"]


class Bracket:
    """An open bracket: a group, a call, an array, an index or a tuple, and what it holds so far.

    `place` is that of its token, `name` that of the function's, if it is a call. `base` and `mark` count the operands
    before the bracket and before its current part.
    """

    __slots__ = ("base", "keywords", "kind", "mark", "name", "pattern", "place", "positional")

    def __init__(
        self, kind: Literal["group", "call", "array", "index", "tuple"], place: int, name: int, base: int
    ) -> None:
        self.kind = kind
        self.place = place
        self.name = name
        self.base = base
        self.mark = base
        self.keywords: tuple[str, ...] = ()
        self.positional = 0
        self.pattern = ""


class Stacks:
    """The nodes so far, the operands that no operator has taken, and the operators and brackets that wait for more.

    `powers` has how tightly what is pending binds; -1 stands for a bracket, and for the bottom.
    """

    def __init__(self, source: Source, line: Tokens, position: int) -> None:
        self.source = source
        self.line = line
        self.position = position
        self.nodes = Nodes()
        self.operands: list[tuple[int, int, int]] = []  # a node, and its extent with any brackets
        self.pending: list[Pending | Bracket] = []
        self.powers = [-1]
        self.form: Form = "group"

    @property
    def token(self) -> Token:
        """The token that is being read."""
        return self.line[self.position]

    def push(
        self, kind: NodeKind, text: str, children: tuple[int, ...], start: int, end: int, keywords: tuple[str, ...] = ()
    ) -> None:
        """Append a node; it is the last operand."""
        fields = self.nodes.fields
        self.operands.append((len(fields) // Nodes.WIDTH, start, end))
        fields += (kind, text, children, start, end, keywords)

    def wait(self, name: str, notation: Notation) -> None:
        """Have the operator that is being read wait for its right operand."""
        self.pending.append(as_pending((name, notation, self.position)))
        self.powers.append(notation.power)

    def open(self, kind: Literal["group", "call", "array", "index"], name: int) -> None:
        """Have the bracket that is being read wait for what closes it."""
        self.pending.append(Bracket(kind, self.position, name, len(self.operands)))
        self.powers.append(-1)

    def reduce(self, power: int) -> None:
        """Apply the waiting operators that bind at least as tightly as `power`."""
        powers, operands, fields = self.powers, self.operands, self.nodes.fields
        while powers[-1] >= power:
            powers.pop()
            name, notation, place = self.pending.pop()  # type: ignore[misc]  # no bracket has a power
            right, start, end = operands.pop()
            if notation.place == "prefix":
                start = self.line.starts[place]
                children: tuple[int, ...] = (right,)
            else:
                left, start, _ = operands.pop()
                children = (left, right)
            operands.append((len(fields) // Nodes.WIDTH, start, end))
            fields += ("call", name, children, start, end, ())

    def bracket(self) -> Bracket:
        """The innermost bracket, with no operator behind it."""
        bracket = self.pending[-1]
        assert isinstance(bracket, Bracket)  # after reduce(0) nothing else waits
        return bracket

    def forget(self) -> None:
        """Have the innermost bracket wait no longer."""
        self.pending.pop()
        self.powers.pop()
