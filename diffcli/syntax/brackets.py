"""Brackets: groups, calls, arrays, tuples and indices, from what opens them to what closes them.

arguments := argument { "," argument }        argument := [NAME "="] (expression | tuple | TEXT)
tuple     := "(" expression "," [expression { "," expression }] ")"
"""

from typing import Literal

from diffcli.errors import Label, fault
from diffcli.messages import Message
from diffcli.source import Span
from diffcli.syntax import faults
from diffcli.syntax.stack import Bracket, Stacks
from diffcli.syntax.tokens import Token

CLOSING = {"(": ")", "[": "]"}


class Brackets(Stacks):
    """The part of an expression being read that knows what brackets hold."""

    def opened(self, kind: Literal["group", "call", "array"], token: Token, name: Token, following: Token) -> bool:
        """Open a bracket; whether it holds something. A call may hold nothing: then it is complete."""
        if following.kind != "CLOSE" or following.text != CLOSING[token.text]:
            self.pending.append(Bracket(kind, token, name, len(self.operands)))
            return True
        if kind != "call":
            message = Message("there is nothing between the brackets")
            hint = Message("write an expression between them, or remove them")
            raise fault("E104", message, self.source, Span(token.start, following.end), hint=hint)
        self.push("call", name.text, (), name.start, following.end)
        self.form = "group"
        return False

    def keyword(self, token: Token) -> bool:
        """Whether `NAME =` begins a keyword argument here; if so it is taken."""
        bracket = self.pending[-1] if self.pending else None
        if not isinstance(bracket, Bracket) or bracket.kind != "call" or bracket.mark != len(self.operands):
            return False
        if not bracket.keywords:
            bracket.positional = len(self.operands) - bracket.base
        bracket.keywords.append(token.text)
        return True

    def separator(self, token: Token) -> bool:
        """Take a comma or a colon; whether an operand is wanted."""
        self.reduce(0)
        bracket = self.pending[-1] if self.pending else None
        if isinstance(bracket, Bracket) and bracket.kind == "index":
            return self.index_part(token, bracket)
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
            message = Message("a positional argument follows a keyword argument")
            hint = Message("'=' names a keyword argument; to compare, write '=='")
            raise fault("E112", message, self.source, Span(start, end), hint=hint)

    def index_part(self, token: Token, bracket: Bracket) -> bool:
        """index := expression | [expression] ":" [expression] [":" [expression]]"""
        if len(self.operands) > bracket.mark:
            bracket.pattern += "i"
            bracket.mark = len(self.operands)
        part = bracket.pattern.rpartition(",")[2]
        if token.kind == "COLON":
            if part.count(":") == 2:
                message = Message("a slice has at most two colons")
                raise fault("E112", message, self.source, token.span, hint=Message("write start:stop:step"))
            bracket.pattern += ":"
            return True
        if not part:
            message = Message("an index is missing")
            hint = Message("x[0] is the first element, x[:] all of them")
            raise fault("E112", message, self.source, Span(bracket.token.start, token.end), hint=hint)
        if token.kind == "COMMA":
            bracket.pattern += ","
            return True
        self.pending.pop()
        subscripts = tuple(node for node, _, _ in self.operands[bracket.base :])
        del self.operands[bracket.base :]
        node, start, _ = self.operands.pop()
        self.push("index", bracket.pattern, (node, *subscripts), start, token.end)
        self.form = "index"
        return False

    def close(self, token: Token) -> None:
        """Take the bracket that closes the innermost one."""
        self.reduce(0)
        if not self.pending:
            raise faults.closes_nothing(self.source, token)
        bracket = self.bracket()
        if CLOSING[bracket.token.text] != token.text:
            message = Message("'{closing}' does not close '{opening}'", closing=token.text, opening=bracket.token.text)
            hint = Message("write '{closing}', or add what is missing before", closing=CLOSING[bracket.token.text])
            raise fault(
                "E106", message, self.source, token.span, Label(bracket.token.span, Message("opened here")), hint=hint
            )
        if bracket.kind == "index":
            self.index_part(token, bracket)
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
            self.push(bracket.kind, "", children, bracket.token.start, token.end)
            self.form = "array"
        else:
            self.push("call", bracket.name.text, children, bracket.name.start, token.end, tuple(bracket.keywords))
            self.form = "group"
