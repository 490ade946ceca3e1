"""Tokens to program: the definitions, then the expression.

program   := { statement (";" | NEWLINE) } (expression | statement)      a last definition is the result
statement := NAME "=" expression | "param" NAME "=" expression | NAME "(" names ")" "=" expression
"""

from collections.abc import Sequence
from typing import Literal

from diffcli.errors import fault
from diffcli.messages import Faced, Message
from diffcli.source import Source, Span
from diffcli.syntax.corrections import corrected
from diffcli.syntax.expression import Expression
from diffcli.syntax.tokens import Token, tokens
from diffcli.syntax.tree import Node, Program, Statement, Tree

#: What to do about an expression that is not there.
EMPTY_HINT = Faced(
    Message("give one in quotes, as in \"mean(x*x)\"; '-' reads it from standard input, -f from a file"),
    Message('give one in quotes, as in "mean(x*x)"'),
)


def parse(source: Source) -> Program:
    """The program that a text stands for. Raises DiffcliError with the place underlined."""
    with corrected(source, _program):
        return _program(source)


def _program(source: Source) -> Program:
    found = tokens(source)
    lines = list(_lines(found))
    if not lines:
        raise fault("E104", Message("the expression is empty"), source, hint=EMPTY_HINT)
    statements = [_statement(source, line) for line in lines[:-1]]
    if _defines(lines[-1]) in ("let", "function"):
        statements.append(_statement(source, lines[-1]))
        return Program(source, tuple(statements), _defined(source, statements[-1]))
    return Program(source, tuple(statements), _final(source, lines[-1]))


def parse_values(source: Source) -> tuple[Tree, ...]:
    """The constant expressions of `1, 2, pi/4`, whose last may be followed by a comma."""
    with corrected(source, _values):
        return _values(source)


def _values(source: Source) -> tuple[Tree, ...]:
    line = tokens(source)
    if len(line) == 1:
        raise fault("E104", Message("the value is empty"), source, hint=Message("write numbers, as in 1,2,3"))
    return Expression(source, line).values()


def _lines(found: Sequence[Token]) -> list[list[Token]]:
    """The tokens of each statement, each ended by its BREAK or END; empty lines left out."""
    lines: list[list[Token]] = [[]]
    for token in found:
        lines[-1].append(token)
        if token.kind == "BREAK":
            lines.append([])
    return [line for line in lines if len(line) > 1]


def _defined(source: Source, last: Statement) -> Tree:
    """The result of a program whose last line is a definition: what is defined, a function of its own parameters."""
    start, end = last.span
    names = [Node("name", name, (), start, end) for name in last.parameters]
    if last.kind == "let":
        return Tree(source, [Node("name", last.name, (), start, end)])
    return Tree(source, [*names, Node("call", last.name, tuple(range(len(names))), start, end)])


def _final(source: Source, line: Sequence[Token]) -> Tree:
    """expression"""
    if _defines(line) == "param":
        name = line[1].text
        raise fault(
            "E113",
            Message("the program ends without an expression: '{name}' is only defined here", name=name),
            source,
            _extent(line),
            hint=Message("add the expression to differentiate as the last line; '==' compares"),
        )
    return Expression(source, line).tree()


def _statement(source: Source, line: Sequence[Token]) -> Statement:
    """NAME "=" expression | "param" NAME "=" expression | NAME "(" names ")" "=" expression"""
    form = _defines(line)
    if form == "let":
        return Statement("let", line[0].text, line[0].span, (), Expression(source, line, 2).tree())
    if form == "param":
        return Statement("param", line[1].text, line[1].span, (), Expression(source, line, 3).tree())
    if form == "function":
        equals = next(k for k, token in enumerate(line) if token.kind == "EQUALS")
        names = [token for token in line[2:equals] if token.kind == "NAME"]
        for position, name in enumerate(names):
            if name.text in {other.text for other in names[:position]}:
                raise fault(
                    "E211",
                    Message("two parameters are called '{name}'", name=name.text),
                    source,
                    name.span,
                    hint=Message("give one of them another name"),
                )
        body = Expression(source, line, equals + 1).tree()
        return Statement("function", line[0].text, line[0].span, tuple(name.text for name in names), body)
    Expression(source, line).tree()  # what is wrong inside the line comes first
    raise fault(
        "E113",
        Message("only the last line may be an expression; this one is not used"),
        source,
        _extent(line),
        hint=Message("give it a name (`z = ...`), or continue a long expression inside brackets"),
    )


def _defines(line: Sequence[Token]) -> Literal["let", "param", "function", None]:
    """The kind of definition that a line is, if it is one."""
    kinds = [token.kind for token in line[:3]]
    if kinds[:2] == ["NAME", "EQUALS"]:
        return "let"
    if line[0].text == "param" and kinds[:2] == ["NAME", "NAME"]:
        if kinds[2:] == ["EQUALS"]:
            return "param"
        return None
    if kinds[:2] == ["NAME", "OPEN"] and line[1].text == "(":
        for position in range(2, len(line) - 1):
            if line[position].kind == "CLOSE":
                return "function" if line[position + 1].kind == "EQUALS" else None
            if line[position].kind != ("NAME" if position % 2 == 0 else "COMMA"):
                return None
    return None


def _extent(line: Sequence[Token]) -> Span:
    return Span(line[0].start, line[-2].end)
