"""One expression, by operator precedence on explicit stacks: nesting costs memory, not recursion.

comparison:= sum [ ("<"|"<="|">"|">="|"=="|"!=") sum ]
sum       := product { ("+"|"-") product }
product   := unary { ("*"|"/"|"@") unary }
unary     := ("-"|"+") unary | juxtaposed
juxtaposed:= power { power }                  `2x`, `(a)(b)`; ambiguous after `/`, `^` and `√`
power     := root [ ("^"|"**") unary ]        right-associative
root      := ["√"] postfix
postfix   := atom { "[" indices "]" | ".T" | SUPERSCRIPT }
atom      := NUMBER | NAME | NAME "(" arguments ")" | "(" expression ")" | "[" list "]"
arguments := argument { "," argument }        argument := [NAME "="] (expression | tuple | TEXT)
tuple     := "(" expression "," [expression { "," expression }] ")"
"""

from collections.abc import Sequence
from functools import partial
from typing import Literal

from diffcli.errors import Label, fault
from diffcli.messages import Message
from diffcli.primitives.notation import COMPARISON, JUXTAPOSITION, ROOT, SIGN, Notation
from diffcli.primitives.table import NOTATIONS
from diffcli.source import Source, Span
from diffcli.syntax import faults
from diffcli.syntax.stack import Bracket, Pending, as_pending
from diffcli.syntax.tokens import Token
from diffcli.syntax.tree import Node, NodeKind, Tree

#: Each infix operator's name and notation, and the power from which what waits is applied before it.
_INFIX = {
    notation.symbol: (name, notation, notation.power + (notation.right_associative or not notation.chains))
    for name, notation in NOTATIONS.items()
    if notation.place == "infix"
}
_POSTFIX = {notation.symbol: name for name, notation in NOTATIONS.items() if notation.place == "postfix"}
_COMPARED = COMPARISON + 1
_JUXTAPOSED = Notation("infix", "", JUXTAPOSITION)
_NEGATIVE = Notation("prefix", "-", SIGN)
_ROOT = Notation("prefix", "√", ROOT)
_CLOSING = {"(": ")", "[": "]"}

#: Makes a Node of a tuple, at a third of the cost of Node(...).
_node = partial(tuple.__new__, Node)

#: What the last operand is: it decides whether a product sign may be left out after it.
_Form = Literal["number", "name", "constant", "group", "array", "index", "superscript"]


class Expression:
    """An expression being parsed: nodes so far, operands not yet taken, operators waiting."""

    def __init__(self, source: Source, line: Sequence[Token], position: int = 0) -> None:
        self.source = source
        self.line = line
        self.position = position
        self.nodes: list[Node] = []
        self.operands: list[tuple[int, int, int]] = []  # a node, and its extent with any brackets
        self.pending: list[Pending | Bracket] = []
        self.form: _Form = "group"

    def tree(self) -> Tree:
        """The single expression of the line."""
        self._scan()
        return Tree(self.source, self.nodes)

    def values(self) -> tuple[Tree, ...]:
        """The expressions between commas; a comma at the end adds an empty tree."""
        trees: list[Tree] = []
        while True:
            self.nodes, self.operands = [], []
            self._scan(list_of_values=True)
            trees.append(Tree(self.source, self.nodes))
            token = self.line[self.position]
            if token.kind != "COMMA":
                behind = next(
                    (other for other in self.line[self.position :] if other.kind not in ("BREAK", "END")), None
                )
                if behind:
                    raise fault(
                        "E112",
                        Message("a value ends where its line ends"),
                        self.source,
                        behind.span,
                        hint=Message("elements stand between commas"),
                    )
                return tuple(trees)
            self.position += 1
            if self.line[self.position].kind == "END":
                return (*trees, Tree(self.source, ()))

    def _scan(self, list_of_values: bool = False) -> None:
        wanted = True  # whether an operand is wanted next
        line = self.line
        while True:
            token = line[self.position]
            kind = token[0]
            if wanted:
                wanted = self._operand(token)
            elif kind == "OPERATOR":
                self._infix(token)
                wanted = True
            elif kind in ("END", "BREAK"):
                self._reduce(0)
                if self.pending:
                    raise faults.unclosed(self.source, self._bracket().token)
                return
            elif kind in ("OPEN", "NAME", "ROOT") and token.text != "[":
                self._juxtapose(token)
                wanted = True
                continue  # the token begins the next factor
            else:
                if kind == "COMMA" and list_of_values:
                    self._reduce(0)
                    if not self.pending:
                        return
                wanted = self._after_operand(token)
            self.position += 1

    # Where an operand is wanted ---------------------------------------------------------------

    def _operand(self, token: Token) -> bool:
        """Take a token where an operand is wanted; returns whether one is still wanted."""
        kind, text, start, end = token
        if kind == "NAME":
            following = self.line[self.position + 1]
            if following[0] == "OPEN" or following[0] == "EQUALS":
                if following.text == "(":
                    self.position += 1
                    return self._open("call", following, token)
                if following.text == "=" and self._keyword(token):
                    self.position += 1
                    return True
            self.operands.append((len(self.nodes), start, end))
            self.nodes.append(_node(("name", text, (), start, end, ())))
            self.form = "constant" if end - start < len(text) else "name"  # π for pi
            return False
        if kind == "NUMBER":
            self._push("number", text, (), start, end)
            self.form = "number"
            return False
        if kind == "OPEN":
            return self._open("group" if token.text == "(" else "array", token, token)
        if kind == "OPERATOR" and token.text in "+-":
            if token.text == "-":
                self.pending.append(Pending("neg", _NEGATIVE, token))
            return True
        if kind == "ROOT":
            self.pending.append(Pending("sqrt", _ROOT, token))
            return True
        if kind == "TEXT":
            self._push("text", text[1:-1], (), start, end)
            self.form = "group"
            return False
        if kind in ("COLON", "COMMA", "CLOSE") and self.pending and isinstance(bracket := self.pending[-1], Bracket):
            if bracket.kind == "index" and token.text != ")":
                return self._index_part(token, bracket)
            if (
                bracket.kind in ("array", "tuple")
                and token.text == _CLOSING[bracket.token.text]
                and len(self.operands) > bracket.base
            ):
                self._close(token)  # a comma may follow the last element
                return False
        opening = next((entry.token for entry in reversed(self.pending) if isinstance(entry, Bracket)), None)
        raise faults.missing_operand(
            self.source, self.line[self.position - 1] if self.position else None, token, opening
        )

    def _open(self, kind: Literal["group", "call", "array"], token: Token, name: Token) -> bool:
        following = self.line[self.position + 1]
        if following.kind != "CLOSE" or following.text != _CLOSING[token.text]:
            self.pending.append(Bracket(kind, token, name, len(self.operands)))
            return True
        if kind != "call":
            raise fault(
                "E104",
                Message("there is nothing between the brackets"),
                self.source,
                Span(token.start, following.end),
                hint=Message("write an expression between them, or remove them"),
            )
        self._push("call", name.text, (), name.start, following.end)
        self.form = "group"
        self.position += 1
        return False

    def _keyword(self, token: Token) -> bool:
        """Whether `NAME =` begins a keyword argument here; if so it is taken."""
        bracket = self.pending[-1] if self.pending else None
        if not isinstance(bracket, Bracket) or bracket.kind != "call" or bracket.mark != len(self.operands):
            return False
        if not bracket.keywords:
            bracket.positional = len(self.operands) - bracket.base
        bracket.keywords.append(token.text)
        return True

    # Where an operand is complete -------------------------------------------------------------

    def _infix(self, token: Token) -> None:
        name, notation, power = _INFIX[token[1]]
        if name == "pow":
            self._refuse_after_root(token)
        self._reduce(power)
        if power == _COMPARED and self.pending and isinstance(before := self.pending[-1], Pending):
            raise fault(
                "E111",
                Message("comparisons cannot be chained"),
                self.source,
                token.span,
                before.token.span,
                hint=Message("write (a < b) * (b < c)"),
            )
        self.pending.append(as_pending((name, notation, token)))

    def _after_operand(self, token: Token) -> bool:
        """Take what follows an operand and is no operator; returns whether an operand is wanted."""
        kind = token.kind
        if kind == "CLOSE":
            self._close(token)
            return False
        if kind == "SUPERSCRIPT":
            self._superscript(token)
            return False
        if kind == "POSTFIX":
            node, start, _ = self.operands.pop()
            self._push("call", _POSTFIX[token.text], (node,), start, token.end)
            self.form = "index"  # A.T x could be A.T*x or A.T @ x
            return False
        if kind == "OPEN" and self.form != "number":
            self.pending.append(Bracket("index", token, token, len(self.operands)))
            return True
        if kind in ("COMMA", "COLON"):
            return self._separator(token)
        if kind == "EQUALS":
            raise faults.misplaced_equals(self.source, token)
        raise faults.two_operands(self.source, self.operands[-1], token)

    def _juxtapose(self, token: Token) -> None:
        """juxtaposed := power { power }"""
        if self.form in ("name", "array", "index"):
            raise faults.two_operands(self.source, self.operands[-1], token)
        self._refuse_after_root(token)
        owners: list[Pending] = []
        for entry in reversed(self.pending):
            if (
                isinstance(entry, Bracket)
                or entry.name not in ("neg", "mul", "div", "pow")
                or entry.notation.symbol == "*"
            ):
                break
            if entry.name in ("div", "pow"):
                owners.append(entry)
        if owners:
            divides = any(entry.name == "div" for entry in owners[1:])
            raise faults.ambiguous(self.source, self.line, self.position, self.operands, owners[0].token, divides)
        self._reduce(JUXTAPOSITION)
        self.pending.append(Pending("mul", _JUXTAPOSED, token))

    def _refuse_after_root(self, token: Token) -> None:
        """`√x^2` and `√2x` are read in two ways."""
        before = self.pending[-1] if self.pending else None
        if isinstance(before, Pending) and before.notation is _ROOT:
            raise faults.ambiguous_root(self.source, self.line, self.position, self.operands, before.token)

    def _superscript(self, token: Token) -> None:
        self._refuse_after_root(token)
        node, start, _ = self.operands.pop()
        digits = token.text.lstrip("-")
        self.nodes.append(Node("number", digits, (), token.end - len(digits), token.end))
        if token.text[0] == "-":
            self.nodes.append(Node("call", "neg", (len(self.nodes) - 1,), token.start, token.end))
        self._push("call", "pow", (node, len(self.nodes) - 1), start, token.end)
        self.form = "superscript"

    def _separator(self, token: Token) -> bool:
        """A comma or a colon."""
        self._reduce(0)
        bracket = self.pending[-1] if self.pending else None
        if isinstance(bracket, Bracket) and bracket.kind == "index":
            return self._index_part(token, bracket)
        if isinstance(bracket, Bracket) and bracket.kind == "group" and token.kind == "COMMA" and self._is_argument():
            bracket.kind = "tuple"
        if not isinstance(bracket, Bracket) or bracket.kind == "group" or token.kind == "COLON":
            raise faults.misplaced_separator(self.source, token)
        self._end_argument(bracket)
        return True

    def _is_argument(self) -> bool:
        """Whether the innermost bracket is a whole argument so far: then it may hold a tuple."""
        around = self.pending[-2] if len(self.pending) > 1 else None
        return isinstance(around, Bracket) and around.kind == "call"

    def _end_argument(self, bracket: Bracket) -> None:
        bracket.mark = len(self.operands)
        if bracket.keywords and bracket.mark - bracket.base != bracket.positional + len(bracket.keywords):
            _, start, end = self.operands[-1]
            raise fault(
                "E112",
                Message("a positional argument follows a keyword argument"),
                self.source,
                Span(start, end),
                hint=Message("'=' names a keyword argument; to compare, write '=='"),
            )

    def _index_part(self, token: Token, bracket: Bracket) -> bool:
        """index := expression | [expression] ":" [expression] [":" [expression]]"""
        if len(self.operands) > bracket.mark:
            bracket.pattern += "i"
            bracket.mark = len(self.operands)
        part = bracket.pattern.rpartition(",")[2]
        if token.kind == "COLON":
            if part.count(":") == 2:
                raise fault(
                    "E112",
                    Message("a slice has at most two colons"),
                    self.source,
                    token.span,
                    hint=Message("write start:stop:step"),
                )
            bracket.pattern += ":"
            return True
        if not part:
            raise fault(
                "E112",
                Message("an index is missing"),
                self.source,
                Span(bracket.token.start, token.end),
                hint=Message("x[0] is the first element, x[:] all of them"),
            )
        if token.kind == "COMMA":
            bracket.pattern += ","
            return True
        self.pending.pop()
        subscripts = tuple(node for node, _, _ in self.operands[bracket.base :])
        del self.operands[bracket.base :]
        node, start, _ = self.operands.pop()
        self._push("index", bracket.pattern, (node, *subscripts), start, token.end)
        self.form = "index"
        return False

    def _close(self, token: Token) -> None:
        self._reduce(0)
        if not self.pending:
            raise faults.closes_nothing(self.source, token)
        bracket = self._bracket()
        if _CLOSING[bracket.token.text] != token.text:
            raise fault(
                "E106",
                Message("'{closing}' does not close '{opening}'", closing=token.text, opening=bracket.token.text),
                self.source,
                token.span,
                Label(bracket.token.span, Message("opened here")),
                hint=Message("write '{closing}', or add what is missing before", closing=_CLOSING[bracket.token.text]),
            )
        if bracket.kind == "index":
            self._index_part(token, bracket)
            return
        self.pending.pop()
        if bracket.kind == "group":
            self.operands[-1] = (self.operands[-1][0], bracket.token.start, token.end)
            self.form = "group"
            return
        self._end_argument(bracket)
        children = tuple(node for node, _, _ in self.operands[bracket.base :])
        del self.operands[bracket.base :]
        if bracket.kind == "array" or bracket.kind == "tuple":
            self._push(bracket.kind, "", children, bracket.token.start, token.end)
            self.form = "array"
        else:
            self._push("call", bracket.name.text, children, bracket.name.start, token.end, tuple(bracket.keywords))
            self.form = "group"

    # Building ---------------------------------------------------------------------------------

    def _push(
        self, kind: NodeKind, text: str, children: tuple[int, ...], start: int, end: int, keywords: tuple[str, ...] = ()
    ) -> None:
        self.operands.append((len(self.nodes), start, end))
        self.nodes.append(_node((kind, text, children, start, end, keywords)))

    def _reduce(self, power: int) -> None:
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
            nodes.append(_node(("call", name, children, start, end, ())))

    def _bracket(self) -> Bracket:
        bracket = self.pending[-1]
        assert isinstance(bracket, Bracket)  # after _reduce(0) nothing else waits
        return bracket
