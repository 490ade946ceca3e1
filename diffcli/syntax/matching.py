"""Finding a form in what the user wrote: `log(1 + exp(a))`, for any a, in whichever way it is written.

A pattern is an expression whose names stand for any expression; a name that occurs twice stands for
the same one. Found are also other ways to write it: operands of sums and products in any order,
`a*a` or `square(a)` for `a^2`, `e^a` for `exp(a)`, `a^0.5` for `sqrt(a)`, aliases, and parts that
were given names. Recursion is over the pattern only, which is ours and small.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import permutations
from typing import NamedTuple

from diffcli.primitives.table import WORDS, overloads
from diffcli.source import Source, Span
from diffcli.syntax.parser import parse
from diffcli.syntax.tokens import value
from diffcli.syntax.tree import Node, Program, Tree

_COMMUTATIVE = ("add", "mul")
#: What a call may be another way to write: `x^0.5` is a root, `e^x` an exponential, `x^-1` a quotient.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "pow": ("exp", "sqrt", "div"),
    "mul": ("pow",),
    "square": ("pow",),
    "reciprocal": ("div",),
}
#: Terms and factors of a chain that are compared in all orders.
_LONGEST_CHAIN = 3


class Piece(NamedTuple):
    """A node of one of the program's trees. With `skip`, its text without that many characters: `2*x` of `-2*x`."""

    tree: Tree
    place: int
    skip: int = 0

    @property
    def node(self) -> Node:
        """The node."""
        return self.tree.nodes[self.place]

    @property
    def span(self) -> Span:
        """Its place."""
        return Span(self.node.start + self.skip, self.node.end)

    @property
    def text(self) -> str:
        """Its text."""
        return self.tree.source.text[self.span.start : self.span.end]

    def child(self, position: int) -> "Piece":
        """One of its children."""
        return Piece(self.tree, self.node.children[position])


class Match(NamedTuple):
    """A place where a pattern was found: the whole, each name's text, and the definitions that were looked into."""

    root: Piece
    texts: Mapping[str, str]
    definitions: tuple[Span, ...]


_Bound = dict[str, Piece]


class Writing:
    """A program to look for patterns in. `variables` are the names that are variables whatever else they could be."""

    def __init__(self, program: Program, variables: Collection[str]) -> None:
        self.variables = variables
        self.functions = {statement.name for statement in program.statements if statement.kind == "function"}
        self.lets = {
            statement.name: (number, statement.body)
            for number, statement in enumerate(program.statements)
            if statement.kind == "let"
        }
        #: How many statements each tree can look back at; the body of a function has names of its own, so none.
        self.sees = {
            id(statement.body): number if statement.kind == "let" else 0
            for number, statement in enumerate(program.statements)
        }
        self.sees[id(program.expression)] = len(program.statements)
        self.trees = [
            *(statement.body for statement in program.statements if statement.kind != "param"),
            program.expression,
        ]

    def calls(self) -> Iterator[tuple[str, Piece]]:
        """Every call, with the names of the functions that it may mean or that it is another way to write."""
        for tree in self.trees:
            for place, node in enumerate(tree.nodes):
                if node.kind == "call":
                    for name in self.meant(node):
                        for meaning in (name, *_ALSO.get(name, ())):
                            yield meaning, Piece(tree, place)

    def meant(self, node: Node) -> tuple[str, ...]:
        """The names of the functions that a call may mean; a function of the user's is none of them."""
        return () if node.text in self.functions else _meant(node.text)

    def matches(self, pattern: str, root: Piece) -> Iterator[Match]:
        """The ways in which a pattern stands at a place."""
        tree = _parsed(pattern)
        for bound, definitions in self._match(tree, len(tree.nodes) - 1, root, {}, ()):
            yield Match(root, {name: piece.text for name, piece in bound.items()}, definitions)

    def _match(
        self, pattern: Tree, place: int, piece: Piece, bound: _Bound, seen: tuple[Span, ...]
    ) -> Iterator[tuple[_Bound, tuple[Span, ...]]]:
        wanted = pattern.nodes[place]
        if wanted.kind == "name" and wanted.text not in WORDS:
            if wanted.text not in bound:
                yield {**bound, wanted.text: piece}, seen
            elif self._same(bound[wanted.text], piece):
                yield bound, seen
            return
        if piece.skip:
            return
        while (body := self._definition(piece)) is not None:
            piece = Piece(body, len(body.nodes) - 1)
            seen = (*seen, piece.span)
        node = piece.node
        if wanted.kind == "call":
            for pairs in self._views(pattern, wanted, piece):
                yield from self._match_all(pattern, pairs, bound, seen)
        elif wanted.kind == node.kind == "number":
            if value(wanted.text) == value(node.text):
                yield bound, seen
        elif wanted.kind == node.kind and wanted.text == node.text and len(wanted.children) == len(node.children):
            yield from self._match_all(
                pattern, [(child, piece.child(k)) for k, child in enumerate(wanted.children)], bound, seen
            )

    def _definition(self, piece: Piece) -> Tree | None:
        """The definition of a name."""
        number, body = self.lets.get(piece.node.text, (0, None)) if piece.node.kind == "name" else (0, None)
        return body if number < self.sees[id(piece.tree)] else None

    def _match_all(
        self, pattern: Tree, pairs: Sequence[tuple[int, Piece]], bound: _Bound, seen: tuple[Span, ...]
    ) -> Iterator[tuple[_Bound, tuple[Span, ...]]]:
        if not pairs:
            yield bound, seen
            return
        (place, piece), *rest = pairs
        for found, definitions in self._match(pattern, place, piece, bound, seen):
            yield from self._match_all(pattern, rest, found, definitions)

    def _views(self, pattern: Tree, wanted: Node, piece: Piece) -> Iterator[list[tuple[int, Piece]]]:
        """The ways to read a piece as the call that is wanted: which piece stands for each of its arguments."""
        node, children = piece.node, wanted.children
        names = self.meant(node) if node.kind == "call" else ()
        if wanted.text in names and node.keywords == wanted.keywords and len(node.children) == len(children):
            yield [(child, piece.child(k)) for k, child in enumerate(children)]
            if wanted.text in _COMMUTATIVE:
                yield [(children[0], piece.child(1)), (children[1], piece.child(0))]
        if wanted.text in _COMMUTATIVE and wanted.text in names:
            yield from self._chains(pattern, wanted, piece)
        if wanted.text == "pow" and _is_number(pattern, children[1], 2):
            if "square" in names or ("mul" in names and self._same(piece.child(0), piece.child(1))):
                yield [(children[0], piece.child(0))]
        elif wanted.text == "exp" and "pow" in names and self._is_e(piece.child(0)):
            yield [(children[0], piece.child(1))]
        elif wanted.text == "sqrt" and "pow" in names and self._is_half(piece.child(1)):
            yield [(children[0], piece.child(0))]
        elif wanted.text == "neg" and (skipped := self._without_sign(piece)) is not None:
            yield [(children[0], skipped)]
        elif (
            wanted.text == "div"
            and _is_number(pattern, children[0], 1)
            and ("reciprocal" in names or self._is_inverse(piece))
        ):
            yield [(children[1], piece.child(0))]

    def _chains(self, pattern: Tree, wanted: Node, piece: Piece) -> Iterator[list[tuple[int, Piece]]]:
        """Sums of three in any order, however they are bracketed."""
        terms = _flat([(pattern, child) for child in wanted.children], lambda node: node.text == wanted.text)
        pieces = _flat(
            [(piece.tree, child) for child in piece.node.children],
            lambda node: node.kind == "call" and wanted.text in self.meant(node),
        )
        if 2 < len(terms) == len(pieces) <= _LONGEST_CHAIN:
            for order in permutations(pieces):
                yield [(place, Piece(*found)) for (_, place), found in zip(terms, order, strict=True)]

    def _is_e(self, piece: Piece) -> bool:
        return piece.node.kind == "name" and piece.text == "e" and "e" not in self.variables and "e" not in self.lets

    def _is_half(self, piece: Piece) -> bool:
        if piece.node.kind == "number":
            return value(piece.node.text) == 0.5
        return piece.text.replace(" ", "") == "1/2"

    def _is_inverse(self, piece: Piece) -> bool:
        return (
            piece.node.kind == "call"
            and "pow" in self.meant(piece.node)
            and piece.child(1).text.replace(" ", "") == "-1"
        )

    def _without_sign(self, piece: Piece) -> Piece | None:
        """The operand of a negation: `x` of `-x`, `2*x` of `-2*x`, which is a product of -2."""
        first = piece
        while first.node.kind == "call" and first.node.text in ("mul", "div") and first.node.start == piece.node.start:
            first = first.child(0)
        if (
            first.node.kind != "call"
            or first.node.text != "neg"
            or first.node.start != piece.node.start
            or first is piece
        ):
            return None
        return Piece(piece.tree, piece.place, first.child(0).node.start - piece.node.start)

    def _same(self, first: Piece, second: Piece) -> bool:
        """Whether two pieces are the same expression, but for spaces, brackets and aliases."""
        if first.skip or second.skip:
            return first.text == second.text
        waiting = [(first, second)]
        while waiting:
            one, other = waiting.pop()
            a, b = one.node, other.node
            if a.kind != b.kind or a.keywords != b.keywords or len(a.children) != len(b.children):
                return False
            if (self.meant(a) or a.text) != (self.meant(b) or b.text) if a.kind == "call" else a.text != b.text:
                return False
            waiting.extend((one.child(k), other.child(k)) for k in range(len(a.children)))
        return True


def root_name(pattern: str) -> str:
    """The function that a pattern is a call of."""
    return _parsed(pattern).nodes[-1].text


@cache
def _parsed(pattern: str) -> Tree:
    return parse(Source(pattern, "pattern")).expression


@cache
def _meant(name: str) -> tuple[str, ...]:
    return tuple(function.name for function in overloads(name))


def _is_number(tree: Tree, place: int, number: float) -> bool:
    return tree.nodes[place].kind == "number" and value(tree.nodes[place].text) == number


def _flat(waiting: list[tuple[Tree, int]], continues: Callable[[Node], bool]) -> list[tuple[Tree, int]]:
    """The operands of a chain of one operator, in order; no more than are looked at."""
    found: list[tuple[Tree, int]] = []
    waiting = waiting[::-1]
    while waiting and len(found) <= _LONGEST_CHAIN:
        tree, place = waiting.pop()
        if continues(tree.nodes[place]):
            waiting.extend((tree, child) for child in reversed(tree.nodes[place].children))
        else:
            found.append((tree, place))
    return found
