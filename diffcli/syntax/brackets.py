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

CLOSING = {"(": ")", "[": "]"}


class Brackets(Stacks):
    """The part of an expression being read that knows what brackets hold."""

    def opened(self, kind: Literal["group", "call", "array"], first: int) -> bool:
        """Take an opening bracket; whether it holds something. A call may hold nothing: then it is complete."""
        line, place = self.line, self.position
        if line.kinds[place + 1] != "CLOSE" or line.texts[place + 1] != CLOSING[line.texts[place]]:
            self.wait(Bracket(kind, first, len(self.operands)), -1)
            return True
        if kind != "call":
            message = Message("there is nothing between the brackets")
            hint = Message("write an expression between them, or remove them")
            raise fault("E104", message, self.source, Span(line.starts[place], line.ends[place + 1]), hint=hint)
        self.position += 1
        self.push("call", line.texts[first], (), line.starts[first], line.ends[place + 1])
        self.form = "group"
        return False

    def keyword(self) -> bool:
        """Whether `NAME =` begins a keyword argument here; if so it is taken."""
        bracket = self.pending[-1] if self.pending else None
        if not isinstance(bracket, Bracket) or bracket.kind != "call" or bracket.mark != len(self.operands):
            return False
        if not bracket.keywords:
            bracket.positional = len(self.operands) - bracket.base
        bracket.keywords += (self.token.text,)
        self.position += 1
        return True

    def separator(self) -> bool:
        """Take a comma or a colon; whether an operand is wanted."""
        self.reduce(0)
        bracket, token = self.pending[-1] if self.pending else None, self.token
        if isinstance(bracket, Bracket) and bracket.kind == "index":
            return self.index_part(bracket)
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

    def index_part(self, bracket: Bracket) -> bool:
        """index := expression | [expression] ":" [expression] [":" [expression]]"""
        token = self.token
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
            raise fault("E112", message, self.source, Span(self.line.starts[bracket.first], token.end), hint=hint)
        if token.kind == "COMMA":
            bracket.pattern += ","
            return True
        self.forget()
        subscripts = self._held(bracket)
        node, start, _ = self.operands.pop()
        self.push("index", bracket.pattern, (node, *subscripts), start, token.end)
        self.form = "index"
        return False

    def close(self) -> None:
        """Take the bracket that closes the innermost one."""
        if self.powers[-1] >= 0:
            self.reduce(0)
        line, place = self.line, self.position
        if not self.pending:
            raise faults.closes_nothing(self.source, self.token)
        bracket = self.bracket()
        opened, start, end = self.places[-1], line.starts[bracket.first], line.ends[place]
        if CLOSING[line.texts[opened]] != line.texts[place]:
            closing, opening = line.texts[place], line.texts[opened]
            raise fault(
                "E106",
                Message("'{closing}' does not close '{opening}'", closing=closing, opening=opening),
                self.source,
                self.token.span,
                Label(line[opened].span, Message("opened here")),
                hint=Message("write '{closing}', or add what is missing before", closing=CLOSING[opening]),
            )
        if bracket.kind == "index":
            self.index_part(bracket)
            return
        self.forget()
        if bracket.kind == "group":
            self.operands[-1] = (self.operands[-1][0], start, end)
            self.form = "group"
        elif bracket.kind == "call":
            self._end_argument(bracket)
            self.push("call", line.texts[bracket.first], self._held(bracket), start, end, bracket.keywords)
            self.form = "group"
        else:
            self._end_argument(bracket)
            self.push(bracket.kind, "", self._held(bracket), start, end)
            self.form = "array"

    def _held(self, bracket: Bracket) -> tuple[int, ...]:
        """The operands in a bracket, taken."""
        if len(self.operands) == bracket.base + 1:
            return (self.operands.pop()[0],)
        held = tuple([node for node, _, _ in self.operands[bracket.base :]])
        del self.operands[bracket.base :]
        return held
