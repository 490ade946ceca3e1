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

from diffcli.errors import fault
from diffcli.messages import Message
from diffcli.primitives.notation import COMPARISON, JUXTAPOSITION, ROOT, SIGN, Notation
from diffcli.primitives.table import NOTATIONS
from diffcli.syntax import faults
from diffcli.syntax.brackets import CLOSING, Brackets
from diffcli.syntax.stack import Bracket, Pending
from diffcli.syntax.tokens import TokenKind
from diffcli.syntax.tree import Nodes, Tree

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
    """An expression being parsed, from one token of a text to the last that belongs to it."""

    def tree(self) -> Tree:
        """The single expression of the line."""
        self._scan()
        return Tree(self.source, self.nodes)

    def values(self) -> tuple[Tree, ...]:
        """The expressions between commas; a comma at the end adds an empty tree."""
        trees: list[Tree] = []
        while True:
            self.nodes, self.operands = Nodes(), []
            self._scan(list_of_values=True)
            trees.append(Tree(self.source, self.nodes))
            if self.token.kind != "COMMA":
                behind = next(
                    (other for other in self.line[self.position :] if other.kind not in ("BREAK", "END")), None
                )
                if behind:
                    raise fault(
                        "E112",
                        Message("a value ends where its line ends"),
                        self.source,
                        behind.span,
                        hint=Message("separate elements by commas"),
                    )
                return tuple(trees)
            self.position += 1
            if self.line.kinds[self.position] == "END":
                return (*trees, Tree(self.source, ()))

    def _scan(self, list_of_values: bool = False) -> None:
        wanted = True  # whether an operand is wanted next
        kinds, texts = self.line.kinds, self.line.texts
        while True:
            kind = kinds[self.position]
            if wanted:
                wanted = self._operand(kind)
            elif kind == "OPERATOR":
                self._infix()
                wanted = True
            elif kind == "CLOSE":
                self.close()
            elif kind in ("END", "BREAK"):
                self.reduce(0)
                if self.pending:
                    raise faults.unclosed(self.source, self.line[self.bracket().place])
                return
            elif kind in ("OPEN", "NAME", "ROOT") and texts[self.position] != "[":
                self._juxtapose()
                wanted = True
                continue  # the token begins the next factor
            else:
                if kind == "COMMA" and list_of_values:
                    self.reduce(0)
                    if not self.pending:
                        return
                wanted = self._after_operand()
            self.position += 1

    # Where an operand is wanted ---------------------------------------------------------------

    def _operand(self, kind: TokenKind) -> bool:
        """Take a token where an operand is wanted; returns whether one is still wanted."""
        line, place = self.line, self.position
        text = line.texts[place]
        if kind == "NAME":
            following = line.kinds[place + 1]
            if following == "OPEN" and line.texts[place + 1] == "(":
                self.position += 1
                return self.opened("call", place)
            if following == "EQUALS" and self.keyword():
                return True
            start, end = line.starts[place], line.ends[place]
            self.push("name", text, (), start, end)
            self.form = "constant" if end - start < len(text) else "name"  # π for pi
            return False
        if kind == "NUMBER":
            self.push("number", text, (), line.starts[place], line.ends[place])
            self.form = "number"
            return False
        if kind == "OPEN":
            return self.opened("group" if text == "(" else "array", place)
        if kind == "OPERATOR" and text in "+-":
            if text == "-":
                self.wait("neg", _NEGATIVE)
            return True
        if kind == "ROOT":
            self.wait("sqrt", _ROOT)
            return True
        if kind == "TEXT":
            self.push("text", text[1:-1], (), line.starts[place], line.ends[place])
            self.form = "group"
            return False
        if kind in ("COLON", "COMMA", "CLOSE") and self.pending and isinstance(bracket := self.pending[-1], Bracket):
            if bracket.kind == "index" and text != ")":
                return self.index_part(bracket)
            if (
                bracket.kind in ("array", "tuple")
                and text == CLOSING[line.texts[bracket.place]]
                and len(self.operands) > bracket.base
            ):
                self.close()  # a comma may follow the last element
                return False
        opening = next((line[entry.place] for entry in reversed(self.pending) if isinstance(entry, Bracket)), None)
        before = line[place - 1] if place and line.kinds[place - 1] != "BREAK" else None
        raise faults.missing_operand(self.source, before, self.token, opening)

    # Where an operand is complete -------------------------------------------------------------

    def _infix(self) -> None:
        name, notation, power = _INFIX[self.line.texts[self.position]]
        if name == "pow":
            self._refuse_after_root()
        self.reduce(power)
        if power == _COMPARED and self.pending and isinstance(before := self.pending[-1], Pending):
            raise fault(
                "E111",
                Message("comparisons cannot be chained"),
                self.source,
                self.token.span,
                self.line[before.place].span,
                hint=Message("write (a < b) * (b < c)"),
            )
        self.wait(name, notation)

    def _after_operand(self) -> bool:
        """Take what follows an operand, and neither binds two nor closes a bracket; whether an operand is wanted."""
        token = self.token
        kind = token.kind
        if kind == "SUPERSCRIPT":
            self._superscript()
            return False
        if kind == "POSTFIX":
            node, start, _ = self.operands.pop()
            self.push("call", _POSTFIX[token.text], (node,), start, token.end)
            self.form = "index"  # A.T x could be A.T*x or A.T @ x
            return False
        if kind == "OPEN" and self.form != "number":
            self.open("index", self.position)
            return True
        if kind in ("COMMA", "COLON"):
            return self.separator()
        if kind == "EQUALS":
            raise faults.misplaced_equals(self.source, token)
        raise faults.two_operands(self.source, self.operands[-1], token)

    def _juxtapose(self) -> None:
        """juxtaposed := power { power }"""
        if self.form in ("name", "array", "index"):
            raise faults.two_operands(self.source, self.operands[-1], self.token)
        self._refuse_after_root()
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
            operator = self.line[owners[0].place]
            raise faults.ambiguous(self.source, self.line, self.position, self.operands, operator, divides)
        self.reduce(JUXTAPOSITION)
        self.wait("mul", _JUXTAPOSED)

    def _refuse_after_root(self) -> None:
        """`√x^2` and `√2x` are read in two ways."""
        before = self.pending[-1] if self.pending else None
        if isinstance(before, Pending) and before.notation is _ROOT:
            root = self.line[before.place]
            raise faults.ambiguous_root(self.source, self.line, self.position, self.operands, root)

    def _superscript(self) -> None:
        """The number, with its sign, and the power of the last operand."""
        self._refuse_after_root()
        _, text, start, end = self.token
        digits = text.lstrip("-")
        self.push("number", digits, (), end - len(digits), end)
        if text[0] == "-":
            node, _, _ = self.operands.pop()
            self.push("call", "neg", (node,), start, end)
        exponent, _, _ = self.operands.pop()
        node, start, _ = self.operands.pop()
        self.push("call", "pow", (node, exponent), start, end)
        self.form = "superscript"
