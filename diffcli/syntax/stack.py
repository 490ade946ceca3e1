"""Operands and operators not yet reduced, and brackets not yet closed, while an expression is read."""

from functools import partial
from typing import Literal, NamedTuple

from diffcli.primitives.notation import Notation
from diffcli.source import Source
from diffcli.syntax.tokens import Token
from diffcli.syntax.tree import Node, NodeKind


class Pending(NamedTuple):
    """An operator that waits for its right operand."""

    name: str
    notation: Notation
    token: Token


#: Make a Pending and a Node of a tuple, at a third of the cost of Pending(...).
as_pending, as_node = partial(tuple.__new__, Pending), partial(tuple.__new__, Node)

#: What the last operand is: it decides whether a product sign may be left out after it.
Form = Literal["number", "name", "constant", "group", "array", "index", "superscript"]


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


class Stacks:
    """The nodes so far, the operands that no operator has taken, and the operators and brackets that wait for more."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes: list[Node] = []
        self.operands: list[tuple[int, int, int]] = []  # a node, and its extent with any brackets
        self.pending: list[Pending | Bracket] = []
        self.form: Form = "group"

    def push(
        self, kind: NodeKind, text: str, children: tuple[int, ...], start: int, end: int, keywords: tuple[str, ...] = ()
    ) -> None:
        """Append a node; it is the last operand."""
        self.operands.append((len(self.nodes), start, end))
        self.nodes.append(as_node((kind, text, children, start, end, keywords)))

    def reduce(self, power: int) -> None:
        """Apply the waiting operators that bind at least as tightly as `power`."""
        pending, operands, nodes = self.pending, self.operands, self.nodes
        while pending:
            top = pending[-1]
            if isinstance(top, Bracket):
                return
            name, notation, token = top
            if notation.power < power:
                return
            pending.pop()
            right, start, end = operands.pop()
            if notation.place == "prefix":
                start = token.start
                children: tuple[int, ...] = (right,)
            else:
                left, start, _ = operands.pop()
                children = (left, right)
            operands.append((len(nodes), start, end))
            nodes.append(as_node(("call", name, children, start, end, ())))

    def bracket(self) -> Bracket:
        """The innermost bracket, with no operator behind it."""
        bracket = self.pending[-1]
        assert isinstance(bracket, Bracket)  # after reduce(0) nothing else waits
        return bracket
