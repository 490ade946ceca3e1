"""Operands and operators not yet reduced, and brackets not yet closed, while an expression is read."""

from typing import Literal, NamedTuple

from diffcli.primitives.notation import Notation
from diffcli.source import Source
from diffcli.syntax.tokens import Token, Tokens
from diffcli.syntax.tree import NodeKind, Nodes


class Operator(NamedTuple):
    """An operator, how tightly it binds, and from which power on what waits is applied before it."""

    name: str
    notation: Notation
    power: int
    applies: int


def operator(name: str, notation: Notation) -> Operator:
    """The operator of a notation."""
    power = notation.power
    return Operator(name, notation, power, power + (notation.right_associative or not notation.chains))


#: What the last operand is: it decides whether a product sign may be left out after it.
Form = Literal["number", "name", "group", "array", "index", "superscript"]


class Bracket:
    """An open bracket: a group, a call, an array, an index or a tuple, and what it holds so far.

    `first` is the place of its first token, the function's name if it is a call. `base` and `mark` count the operands
    before the bracket and before its current part.
    """

    __slots__ = ("base", "first", "keywords", "kind", "mark", "pattern", "positional")

    def __init__(self, kind: Literal["group", "call", "array", "index", "tuple"], first: int, base: int) -> None:
        self.kind = kind
        self.first = first
        self.base = base
        self.mark = base
        self.keywords: tuple[str, ...] = ()
        self.positional = 0
        self.pattern = ""


class Stacks:
    """The nodes so far, the operands that no operator has taken, and the operators and brackets that wait for more.

    `powers` has how tightly what is pending binds, -1 for a bracket and for the bottom; `places` those of the tokens.
    """

    def __init__(self, source: Source, line: Tokens, position: int) -> None:
        self.source = source
        self.line = line
        self.position = position
        self.nodes = Nodes()
        self.operands: list[tuple[int, int, int]] = []  # a node, and its extent with any brackets
        self.pending: list[Operator | Bracket] = []
        self.powers = [-1]
        self.places: list[int] = []
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

    def wait(self, entry: Operator | Bracket, power: int) -> None:
        """Have the operator or bracket that is being read wait for what follows."""
        self.pending.append(entry)
        self.powers.append(power)
        self.places.append(self.position)

    def reduce(self, power: int) -> None:
        """Apply the waiting operators that bind at least as tightly as `power`."""
        pending, powers, places = self.pending, self.powers, self.places
        operands, fields = self.operands, self.nodes.fields
        while powers[-1] >= power:
            powers.pop()
            place = places.pop()
            name, notation, _, _ = pending.pop()  # type: ignore[misc]  # a bracket has no such power
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
        self.places.pop()
