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
"""

from collections.abc import Sequence
from typing import Literal

from diffcli.errors import fault
from diffcli.messages import Message
from diffcli.primitives.notation import COMPARISON, JUXTAPOSITION, ROOT, SIGN, Notation
from diffcli.primitives.table import NOTATIONS
from diffcli.source import Source
from diffcli.syntax import faults
from diffcli.syntax.brackets import CLOSING, Brackets
from diffcli.syntax.stack import Bracket, Pending, as_node, as_pending
from diffcli.syntax.tokens import Token
from diffcli.syntax.tree import Node, Tree

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


class Expression(Brackets):
    """An expression being parsed, from one token of a line to the last that belongs to it."""

    def __init__(self, source: Source, line: Sequence[Token], position: int = 0) -> None:
        super().__init__(source)
        self.line = line
        self.position = position

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
                    message = Message("a value ends where its line ends")
                    raise fault("E112", message, self.source, behind.span, hint=Message("separate elements by commas"))
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
                self.reduce(0)
                if self.pending:
                    raise faults.unclosed(self.source, self.bracket().token)
                return
            elif kind in ("OPEN", "NAME", "ROOT") and token.text != "[":
                self._juxtapose(token)
                wanted = True
                continue  # the token begins the next factor
            else:
                if kind == "COMMA" and list_of_values:
                    self.reduce(0)
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
                if following.text == "=" and self.keyword(token):
                    self.position += 1
                    return True
            self.operands.append((len(self.nodes), start, end))
            self.nodes.append(as_node(("name", text, (), start, end, ())))
            self.form = "constant" if end - start < len(text) else "name"  # π for pi
            return False
        if kind == "NUMBER":
            self.push("number", text, (), start, end)
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
            self.push("text", text[1:-1], (), start, end)
            self.form = "group"
            return False
        if kind in ("COLON", "COMMA", "CLOSE") and self.pending and isinstance(bracket := self.pending[-1], Bracket):
            if bracket.kind == "index" and token.text != ")":
                return self.index_part(token, bracket)
            if (
                bracket.kind in ("array", "tuple")
                and token.text == CLOSING[bracket.token.text]
                and len(self.operands) > bracket.base
            ):
                self.close(token)  # a comma may follow the last element
                return False
        opening = next((entry.token for entry in reversed(self.pending) if isinstance(entry, Bracket)), None)
        raise faults.missing_operand(
            self.source, self.line[self.position - 1] if self.position else None, token, opening
        )

    def _open(self, kind: Literal["group", "call", "array"], token: Token, name: Token) -> bool:
        wanted = self.opened(kind, token, name, self.line[self.position + 1])
        self.position += not wanted
        return wanted

    # Where an operand is complete -------------------------------------------------------------

    def _infix(self, token: Token) -> None:
        name, notation, power = _INFIX[token[1]]
        if name == "pow":
            self._refuse_after_root(token)
        self.reduce(power)
        if power == _COMPARED and self.pending and isinstance(before := self.pending[-1], Pending):
            message = Message("comparisons cannot be chained")
            hint = Message("write (a < b) * (b < c)")
            raise fault("E111", message, self.source, token.span, before.token.span, hint=hint)
        self.pending.append(as_pending((name, notation, token)))

    def _after_operand(self, token: Token) -> bool:
        """Take what follows an operand and is no operator; returns whether an operand is wanted."""
        kind = token.kind
        if kind == "CLOSE":
            self.close(token)
            return False
        if kind == "SUPERSCRIPT":
            self._superscript(token)
            return False
        if kind == "POSTFIX":
            node, start, _ = self.operands.pop()
            self.push("call", _POSTFIX[token.text], (node,), start, token.end)
            self.form = "index"  # A.T x could be A.T*x or A.T @ x
            return False
        if kind == "OPEN" and self.form != "number":
            self.pending.append(Bracket("index", token, token, len(self.operands)))
            return True
        if kind in ("COMMA", "COLON"):
            return self.separator(token)
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
        self.reduce(JUXTAPOSITION)
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
        self.push("call", "pow", (node, len(self.nodes) - 1), start, token.end)
        self.form = "superscript"
