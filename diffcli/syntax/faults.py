"""Diagnostics about the order of tokens."""

import re
from collections.abc import Sequence

from diffcli.errors import Advice, DiffcliError, Edit, Label, fault
from diffcli.messages import Message
from diffcli.primitives.table import FUNCTION_NAMES
from diffcli.source import Source, Span
from diffcli.syntax.extents import power_end
from diffcli.syntax.synonyms import FOREIGN_NAMES
from diffcli.syntax.tokens import Token, normalised

#: A node and its extent in the source.
_Operand = tuple[int, int, int]

#: Words of programming languages and of books: they multiply nothing.
_WORDS = frozenset(
    {"and", "or", "not", "if", "else", "return", "lambda", "print", "for", "in", "let", "def", "function"}
    | {"arc", "ar", "at", "choose", "deg", "degrees", "is", "mod", "of", "when", "where", "with"}
)


def missing_operand(source: Source, before: Token | None, token: Token, opening: Token | None) -> DiffcliError:
    """A value is wanted where `token` stands; `opening` is the innermost open bracket."""
    waiting = before is not None and before.kind in ("OPERATOR", "ROOT", "EQUALS", "COLON")
    if token.kind == "OPERATOR":
        hint = (
            Message("something is missing between the two operators")
            if waiting
            else Message("write what comes before '{text}'", text=token.text)
        )
        return fault("E107", Message("'{text}' has no left operand", text=token.text), source, token.span, hint=hint)
    if token.kind == "EQUALS":
        return misplaced_equals(source, token)
    if before is not None and waiting:
        hint = (
            Message("put an expression that goes on over several lines in brackets")
            if token.kind == "BREAK" and token.text != ";"
            else Message("write what follows it, or remove it")
        )
        return fault("E107", Message("nothing follows '{text}'", text=before.text), source, before.span, hint=hint)
    if token.kind in ("END", "BREAK"):
        return unclosed(source, opening) if opening else fault("E104", Message("the expression is empty"), source)
    if token.kind == "CLOSE" and opening is None:
        return closes_nothing(source, token)
    if token.kind == "CLOSE" and before is not None and before.kind == "COMMA":
        message = Message("nothing follows this comma")
        return fault("E112", message, source, before.span, hint=Message("remove it, or write what follows it"))
    if token.kind == "COMMA":
        message = Message("there is nothing before this comma")
        return fault("E112", message, source, token.span, hint=Message("remove it, or write what comes before it"))
    message = Message("expected a number, a name or a bracket, not '{text}'", text=token.text)
    return fault("E107", message, source, token.span, hint=Message("a value is missing here"))


def two_operands(source: Source, operand: _Operand, token: Token) -> DiffcliError:
    """An operator is wanted between the operand and `token`."""
    _, start, end = operand
    left, right = source.text[start:end], source.text[token.start : token.end]
    applied = left in FUNCTION_NAMES or left.casefold() in FOREIGN_NAMES or re.fullmatch(r"(?:log|ln|lg)_?\w+", left)
    if applied and token.kind in ("NAME", "NUMBER", "ROOT"):
        advice = Advice(otherwise=Message("put a function's argument in brackets, as in sin(x)"))
    elif left.isdigit() and token.kind == "OPEN":
        advice = Advice(otherwise=Message("only a name or a bracket can be indexed"))
    else:
        signs = ("*", " @ ") if left.endswith(".T") else ("*",)
        words = {left.split()[-1].casefold(), right.casefold()} & _WORDS
        apart = not words and (token.start > end or token.kind != "NUMBER")  # 1.2.3 and 0b12 are no products
        edits = tuple(Edit(Span(end, token.start), sign) for sign in signs) if apart else ()
        advice = Advice(edits, Message("to multiply"), Message("put an operator between two values"))
    message = Message("an operator is missing before '{right}'", right=right)
    return fault(
        "E108", message, source, token.span, Label(Span(start, end), Message("this is complete")), advice=advice
    )


def ambiguous(
    source: Source, line: Sequence[Token], position: int, operands: Sequence[_Operand], operator: Token, divides: bool
) -> DiffcliError:
    """`1/2x` and `e^2x`: the product may belong to the divisor or exponent, or not.

    If the power `divides`, as in `1/x^2y`, what multiplies it may belong to the divisor still.
    """
    (_, first, before), (_, _, end) = operands[-2], operands[-1]
    stop = _power_end(source, line, position)
    left = source.text[first:before]
    middle = source.text[operator.end : end].strip()
    right = source.text[line[position].start : stop]
    symbol = operator.text
    extent = Span(first, stop)
    inner, outer = Edit(extent, f"{left}{symbol}({middle}*{right})"), Edit(extent, f"({left}{symbol}{middle})*{right}")
    edits: tuple[Edit, ...] = (inner, outer)
    if divides:
        _, dividend, _ = operands[-3]
        edits = (
            Edit(extent, f"({left}{symbol}{middle}*{right})"),
            Edit(Span(dividend, stop), f"({source.text[dividend:end]})*{right}"),
            inner,
        )
    elif left in FUNCTION_NAMES:  # sin^2(x)
        edits = ()
    elif (
        symbol == "^" and middle.isdecimal() and left != "e" and left[0].isalpha()
    ):  # x^2y^2, by which few mean x^(2*y^2)
        edits = (outer, inner)
    message = Message("a product without a sign is ambiguous after '{symbol}'", symbol=symbol)
    advice = Advice(edits, otherwise=Message("put what belongs together in brackets"))
    return fault("E109", message, source, extent, advice=advice)


def ambiguous_root(
    source: Source, line: Sequence[Token], position: int, operands: Sequence[_Operand], root: Token
) -> DiffcliError:
    """`√x^2` and `√2x`: the root may reach over the operand alone or further."""
    token = line[position]
    _, start, end = operands[-1]
    operand = source.text[start:end]
    bare = operand[1:-1] if operand.startswith("(") else operand
    if token.kind == "SUPERSCRIPT":
        stop, sign = token.end, "^"
        right = token.text
    else:
        begin = position + 1 if token.kind == "OPERATOR" else position
        stop, sign = _power_end(source, line, begin), "^" if token.kind == "OPERATOR" else "*"
        right = source.text[line[begin].start : stop]
    extent, readings = Span(root.start, stop), (f"√({operand}{sign}{right})", f"(√({bare})){sign}{right}")
    advice = Advice(
        tuple(Edit(extent, reading) for reading in readings), otherwise=Message("put what belongs together in brackets")
    )
    return fault("E109", Message("it is not clear how far the root reaches"), source, extent, advice=advice)


def misplaced_equals(source: Source, token: Token) -> DiffcliError:
    """`=` inside an expression."""
    message = Message("'=' defines a name, and belongs only at the start of a line")
    return fault("E110", message, source, token.span, hint=Message("to compare, write '=='"))


def misplaced_separator(source: Source, token: Token) -> DiffcliError:
    """A comma or a colon that separates nothing."""
    if token.kind == "COLON":
        message = Message("a colon belongs only in an index")
        return fault("E112", message, source, token.span, hint=Message("x[1:] is all elements but the first"))
    message = Message("a comma belongs only between arguments, elements or indices")
    return fault("E112", message, source, token.span, hint=Message("an array is written [1, 2, 3]"))


def closes_nothing(source: Source, token: Token) -> DiffcliError:
    """A closing bracket without an opening one."""
    message = Message("'{text}' closes nothing", text=token.text)
    return fault("E106", message, source, token.span, hint=Message("remove it, or add the opening bracket"))


def unclosed(source: Source, opening: Token) -> DiffcliError:
    """The text ended inside a bracket."""
    closing = ")" if opening.text == "(" else "]"
    message = Message("this '{text}' is never closed", text=opening.text)
    return fault("E105", message, source, opening.span, hint=Message("add '{closing}'", closing=closing))


def _power_end(source: Source, line: Sequence[Token], position: int) -> int:
    """The end of the factor that begins at a token, with its exponents."""
    return power_end(normalised(source.text), line[position].start) or _factor_end(line, position)


def _factor_end(line: Sequence[Token], position: int) -> int:
    """The end of the factor that begins at a token: a name, a number, a call, a bracket."""
    if line[position].kind in ("NAME", "ROOT") and line[position + 1].kind in ("OPEN", "NAME", "NUMBER"):
        position += line[position].kind == "ROOT" or line[position + 1].text == "("
    depth = 0
    while True:
        token = line[position]
        depth += (token.kind == "OPEN") - (token.kind == "CLOSE")
        if depth <= 0 or token.kind in ("BREAK", "END"):
            return token.end
        position += 1
