"""Decimals in an answer: right to half a unit of their last digit, and what stands behind them."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from diffcli.source import Span
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tokens import normalised
from diffcli.syntax.tree import Node, Nodes

#: A numeral with digits behind the point, of which one is not 0.
_DECIMAL = re.compile(r"(?P<whole>[\d_]*)\.(?P<part>\d[\d_]*)(?:[eE](?P<power>[+-]?\d+))?")
_NUMERAL = re.compile(r"(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?")
#: The most decimals of one part that are looked behind, and the longest power of ten.
MOST, _LONGEST_POWER = 12, 400
#: A numeral of more digits rounds nothing.
_MOST_DIGITS = 400
#: A number is a fraction with a divisor up to this, or a multiple of a constant or a root, to so many digits, or to so
#: many where it was found in doubles.
_LARGEST_DIVISOR, _DIGITS, _IN_DOUBLES = 1000, 20, 13


class Decimal(NamedTuple):
    """A decimal of an answer: its numeral, where it stands, its value and half a unit of its last digit."""

    numeral: str
    span: Span
    value: Fraction
    half: Fraction
    name: str


class Rounded(NamedTuple):
    """A decimal that is right as far as it goes, and the number that it rounds, where that is a simple one."""

    numeral: str
    span: Span
    exactly: str | None


def numerals(text: str) -> frozenset[Fraction]:
    """The numbers that a text has: a question's own decimals round nothing."""
    return frozenset(
        Fraction(found.replace("_", "")) for found in _NUMERAL.findall(normalised(text)) if len(found) < 60
    )


def inexact(resolved: Resolved, known: frozenset[Fraction]) -> tuple[str, ...]:
    """The decimals of an expression that are none of the question's."""
    texts = [node.text for node in resolved.nodes if node.kind == "number" and not node.text.isdigit()]
    return tuple(text for text in texts if numerals(text) - known)


def opened(resolved: Resolved, known: frozenset[Fraction]) -> tuple[Resolved, tuple[Decimal, ...]]:
    """The expression with its decimals as variables of their own, whose names no text can have.

    Those of the question, and those without a digit other than 0, are numbers as they stand.
    """
    nodes = Nodes.of(resolved.nodes)
    found: list[Decimal] = []
    others: dict[int, Node] = {}
    for place, node in enumerate(nodes):
        decimal = _decimal(node, len(found)) if node.kind == "number" and "." in node.text else None
        if decimal is not None and decimal.value not in known:
            found.append(decimal)
            others[place] = node._replace(kind="name", text=decimal.name)
    if not found:
        return resolved, ()
    names = tuple(decimal.name for decimal in found)
    return resolved._replace(nodes=nodes.replaced(others), variables=(*resolved.variables, *names)), tuple(found)


def _decimal(node: Node, place: int) -> Decimal | None:
    read = _DECIMAL.fullmatch(node.text)
    if read is None or len(read["power"] or "") > 4:
        return None
    power = int(read["power"] or 0)
    part = read["part"].replace("_", "")
    digits = f"{read['whole'].replace('_', '') or '0'}{part}"
    if len(digits) > _MOST_DIGITS or not int(digits) or abs(power) > _LONGEST_POWER:
        return None
    unit = Fraction(10) ** (power - len(part))
    return Decimal(node.text, node.span, int(digits) * unit, unit / 2, f"decimal {place}")


def rounded(decimals: Sequence[Decimal], numbers: Sequence[Any], in_doubles: bool = False) -> tuple[Rounded, ...]:
    """The decimals that stand for other numbers, which were found, by what may be right in doubles alone."""
    digits = _IN_DOUBLES if in_doubles else _DIGITS
    return tuple(
        Rounded(decimal.numeral, decimal.span, simple(number, digits))
        for decimal, number in zip(decimals, numbers, strict=True)
        if abs(number - decimal.value.numerator / type(number)(decimal.value.denominator)) > abs(number) * 10.0**-digits
    )


def simple(number: Any, digits: int = _DIGITS) -> str | None:
    """A number of many digits as a fraction, a root, or a multiple of pi or e; None where it is none of these."""
    context = number.context
    constants: Mapping[str, Any] = {"": 1, "pi": +context.pi, "e": +context.e}
    for name, constant in constants.items():
        fraction = _fraction(number / constant, digits)
        if fraction is not None:
            return _written(fraction, name)
    square = _fraction(number * number, digits)
    return None if square is None or square <= 0 else f"{'-' * (number < 0)}{_root(square)}"


def _root(square: Fraction) -> str:
    """The root of a fraction, with squares taken out of it: 2*sqrt(2)/3."""
    inside, factor = square.numerator * square.denominator, 1
    for each in range(2, _LARGEST_DIVISOR):
        while inside % each**2 == 0:
            inside, factor = inside // each**2, factor * each
    return _written(Fraction(factor, square.denominator), f"sqrt({inside})")


def _fraction(number: Any, digits: int) -> Fraction | None:
    """The fraction with a small divisor that a number is."""
    context = number.context
    near = Fraction(int(context.nint(number * 10**30)), 10**30).limit_denominator(_LARGEST_DIVISOR)
    apart = abs(number - context.mpf(near.numerator) / near.denominator)
    return near if near and apart <= abs(number) * context.mpf(10) ** -digits else None


def _written(fraction: Fraction, name: str) -> str:
    """A fraction of a constant as the language has it: 2*pi/3."""
    top, bottom = fraction.numerator, fraction.denominator
    of_name = name if top == 1 else f"-{name}" if top == -1 else f"{top}*{name}"
    above = of_name if name else str(top)
    return above if bottom == 1 else f"{above}/{bottom}"
