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

from typing import Literal

from diffcli.errors import DiffcliError, fault
from diffcli.messages import Message
from diffcli.primitives.notation import COMPARISON, JUXTAPOSITION, ROOT, SIGN, Notation
from diffcli.primitives.table import NOTATIONS
from diffcli.syntax import faults
from diffcli.syntax.brackets import CLOSING, Brackets
from diffcli.syntax.stack import Bracket, operator
from diffcli.syntax.tokens import TokenKind
from diffcli.syntax.tree import Nodes, Tree

_INFIX = {
    notation.symbol: operator(name, notation) for name, notation in NOTATIONS.items() if notation.place == "infix"
}
_POSTFIX = {notation.symbol: name for name, notation in NOTATIONS.items() if notation.place == "postfix"}
#: The nodes that are tokens by themselves, unless one of these follows.
_LEAVES: dict[str, Literal["name", "number"]] = {"NAME": "name", "NUMBER": "number"}
_FOLLOWING = ("OPEN", "EQUALS")
_JUXTAPOSED = operator("mul", Notation("infix", "", JUXTAPOSITION))
_NEGATIVE = operator("neg", Notation("prefix", "-", SIGN))
_ROOT = operator("sqrt", Notation("prefix", "√", ROOT))


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
                    message = Message("a value ends where its line ends")
                    raise fault("E112", message, self.source, behind.span, hint=Message("separate elements by commas"))
                return tuple(trees)
            self.position += 1
            if self.line.kinds[self.position] == "END":
                return (*trees, Tree(self.source, ()))

    def _scan(self, list_of_values: bool = False) -> None:
        kinds, texts, starts, ends = self.line.kinds, self.line.texts, self.line.starts, self.line.ends
        operands, fields = self.operands, self.nodes.fields
        pending, powers, places = self.pending, self.powers, self.places
        wanted = True  # whether an operand is wanted next
        while True:
            place = self.position
            kind = kinds[place]
            if wanted:
                leaf = _LEAVES.get(kind)
                if leaf is None or kinds[place + 1] in _FOLLOWING:
                    wanted = self._operand(kind)
                else:  # a push, without the calls: nothing is more common
                    start, end = starts[place], ends[place]
                    operands.append((len(fields) // Nodes.WIDTH, start, end))
                    fields += (leaf, texts[place], (), start, end, ())
                    self.form, wanted = leaf, False
            elif kind == "OPERATOR":
                infix = _INFIX[texts[place]]
                name, _, power, applies = infix
                if name == "pow":
                    self._refuse_after_root()
                if powers[-1] >= applies:
                    self.reduce(applies)
                if power == COMPARISON == powers[-1]:
                    raise self._chained()
                pending.append(infix)
                powers.append(power)
                places.append(place)
                wanted = True
            elif kind == "CLOSE":
                self.close()
            elif kind in ("END", "BREAK"):
                self.reduce(0)
                if self.pending:
                    raise faults.unclosed(self.source, self.line[self.places[-1]])
                return
            elif kind in ("OPEN", "NAME", "ROOT") and texts[place] != "[":
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
        if kind == "NAME" and line.texts[place + 1] == "(":
            self.position += 1
            return self.opened("call", place)
        if kind == "NAME" and line.kinds[place + 1] == "EQUALS" and self.keyword():
            return True
        if kind in _LEAVES:
            self.form = _LEAVES[kind]
            self.push(self.form, text, (), line.starts[place], line.ends[place])
            return False
        if kind == "OPEN":
            return self.opened("group" if text == "(" else "array", place)
        if kind == "OPERATOR" and text in "+-":
            if text == "-":
                self.wait(_NEGATIVE, SIGN)
            return True
        if kind == "ROOT":
            self.wait(_ROOT, ROOT)
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
                and text == CLOSING[line.texts[bracket.first]]
                and len(self.operands) > bracket.base
            ):
                self.close()  # a comma may follow the last element
                return False
        opened = [at for at, entry in zip(self.places, self.pending, strict=True) if isinstance(entry, Bracket)]
        before = line[place - 1] if place and line.kinds[place - 1] != "BREAK" else None
        raise faults.missing_operand(self.source, before, self.token, line[opened[-1]] if opened else None)

    # Where an operand is complete -------------------------------------------------------------

    def _chained(self) -> DiffcliError:
        """The error about a comparison of a comparison."""
        message = Message("comparisons cannot be chained")
        hint = Message("write (a < b) * (b < c)")
        return fault("E111", message, self.source, self.token.span, self.line[self.places[-1]].span, hint=hint)

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
            self.wait(Bracket("index", self.position, len(self.operands)), -1)
            return True
        if kind in ("COMMA", "COLON"):
            return self.separator()
        if kind == "EQUALS":
            raise faults.misplaced_equals(self.source, token)
        raise faults.two_operands(self.source, self.operands[-1], token)

    def _juxtapose(self) -> None:
        """juxtaposed := power { power }"""
        if self.form in ("array", "index") or (self.form == "name" and not self._is_sign()):
            raise faults.two_operands(self.source, self.operands[-1], self.token)
        self._refuse_after_root()
        owners: list[tuple[str, int]] = []
        for entry, place in zip(reversed(self.pending), reversed(self.places), strict=True):
            if (
                isinstance(entry, Bracket)
                or entry.name not in ("neg", "mul", "div", "pow")
                or entry.notation.symbol == "*"
            ):
                break
            if entry.name in ("div", "pow"):
                owners.append((entry.name, place))
        if owners:
            divides = any(name == "div" for name, _ in owners[1:])
            operator = self.line[owners[0][1]]
            raise faults.ambiguous(self.source, self.line, self.position, self.operands, operator, divides)
        self.reduce(JUXTAPOSITION)
        self.wait(_JUXTAPOSED, JUXTAPOSITION)

    def _is_sign(self) -> bool:
        """Whether the last operand is a name written by a sign: π for pi."""
        node, start, end = self.operands[-1]
        return end - start < len(self.nodes[node].text)

    def _refuse_after_root(self) -> None:
        """`√x^2` and `√2x` are read in two ways."""
        if self.pending and self.pending[-1] is _ROOT:
            root = self.line[self.places[-1]]
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
