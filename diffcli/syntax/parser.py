"""Tokens to program: the definitions, then the expression.

program   := { statement (";" | NEWLINE) } (expression | statement)      a last definition is the result
statement := NAME "=" expression | "param" NAME "=" expression | NAME "(" names ")" "=" expression
"""

from typing import Literal, NamedTuple

from diffcli.errors import fault
from diffcli.messages import Faced, Message
from diffcli.source import Source, Span, as_span
from diffcli.syntax.corrections import corrected
from diffcli.syntax.expression import Expression
from diffcli.syntax.tokens import Token, Tokens, tokens
from diffcli.syntax.tree import Node, Nodes, Program, Statement, Tree

#: What to do about an expression that is not there.
EMPTY_HINT = Faced(
    Message("give one in quotes, as in \"mean(x*x)\"; '-' reads it from standard input, -f from a file"),
    Message('give one in quotes, as in "mean(x*x)"'),
)


class _Line(NamedTuple):
    """The tokens of a statement: places from the first to that of the BREAK or END behind them."""

    tokens: Tokens
    first: int
    last: int

    @property
    def extent(self) -> Span:
        """The place of the statement in the source."""
        return Span(self.tokens.starts[self.first], self.tokens.ends[self.last - 1])


def parse(source: Source) -> Program:
    """The program that a text stands for. Raises DiffcliError with the place underlined."""
    with corrected(source, _program):
        return _program(source)


def _program(source: Source) -> Program:
    lines = _lines(tokens(source))
    if not lines:
        raise fault("E104", Message("the expression is empty"), source, hint=EMPTY_HINT)
    *before, last = lines
    statements = [_statement(source, line) for line in before]
    if _defines(last) in ("let", "function"):
        statements.append(_statement(source, last))
        return Program(source, tuple(statements), _defined(source, statements[-1]))
    return Program(source, tuple(statements), _final(source, last))


def parse_values(source: Source) -> tuple[Tree, ...]:
    """The constant expressions of `1, 2, pi/4`, whose last may be followed by a comma."""
    with corrected(source, _values):
        return _values(source)


def _values(source: Source) -> tuple[Tree, ...]:
    found = tokens(source)
    if len(found) == 1:
        raise fault("E104", Message("the value is empty"), source, hint=Message("write numbers, as in 1,2,3"))
    return Expression(source, found, 0).values()


def _lines(found: Tokens) -> list[_Line]:
    """The statements, those without a token left out."""
    ends = [place for place, kind in enumerate(found.kinds) if kind == "BREAK"]
    ends.append(len(found) - 1)
    starts = [0, *(place + 1 for place in ends)]
    return [_Line(found, first, last) for first, last in zip(starts, ends, strict=False) if first < last]


def _defined(source: Source, last: Statement) -> Tree:
    """The result of a program whose last line is a definition: what is defined, a function of its own parameters."""
    start, end = last.span
    if last.kind == "let":
        return Tree(source, Nodes([Node("name", last.name, (), start, end)]))
    names = [Node("name", name, (), start, end) for name in last.parameters]
    return Tree(source, Nodes([*names, Node("call", last.name, tuple(range(len(names))), start, end)]))


def _final(source: Source, line: _Line) -> Tree:
    """expression"""
    if _defines(line) == "param":
        name = line.tokens.texts[line.first + 1]
        raise fault(
            "E113",
            Message("the program ends without an expression: '{name}' is only defined here", name=name),
            source,
            line.extent,
            hint=Message("add the expression to differentiate as the last line; '==' compares"),
        )
    return Expression(source, line.tokens, line.first).tree()


def _statement(source: Source, line: _Line) -> Statement:
    """NAME "=" expression | "param" NAME "=" expression | NAME "(" names ")" "=" expression"""
    form, found, first = _defines(line), line.tokens, line.first
    if form is None:
        Expression(source, found, first).tree()  # what is wrong inside the line comes first
        raise fault(
            "E113",
            Message("only the last line may be an expression; this one is not used"),
            source,
            line.extent,
            hint=Message("give it a name (`z = ...`), or continue a long expression inside brackets"),
        )
    name = first + (form == "param")
    equals, parameters = name + 1, tuple[str, ...]()
    if form == "function":
        equals = found.kinds.index("EQUALS", first)
        parameters = _parameters(source, found[first + 2 : equals])
    body = Expression(source, found, equals + 1).tree()
    return Statement(form, found.texts[name], as_span((found.starts[name], found.ends[name])), parameters, body)


def _parameters(source: Source, found: list[Token]) -> tuple[str, ...]:
    """The names between commas. Raises DiffcliError for one that occurs twice."""
    names = [token for token in found if token.kind == "NAME"]
    for position, name in enumerate(names):
        if name.text in {other.text for other in names[:position]}:
            raise fault(
                "E211",
                Message("two parameters are called '{name}'", name=name.text),
                source,
                name.span,
                hint=Message("give one of them another name"),
            )
    return tuple(name.text for name in names)


def _defines(line: _Line) -> Literal["let", "param", "function", None]:
    """The kind of definition that a line is, if it is one."""
    (kinds, texts), (_, first, last) = (line.tokens.kinds, line.tokens.texts), line
    if kinds[first] != "NAME":
        return None
    if kinds[first + 1] == "EQUALS":
        return "let"
    if kinds[first + 1] == "NAME" and texts[first] == "param":
        return "param" if kinds[first + 2] == "EQUALS" else None
    if kinds[first + 1] == "OPEN" and texts[first + 1] == "(":
        for place in range(first + 2, last):
            if kinds[place] == "CLOSE":
                return "function" if kinds[place + 1] == "EQUALS" else None
            if kinds[place] != ("COMMA" if (place - first) % 2 else "NAME"):
                return None
    return None
