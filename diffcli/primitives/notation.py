"""Notations of primitives that are not written as calls: `a + b`, `-a`, `A.T`."""

from typing import Literal, NamedTuple


class Notation(NamedTuple):
    """An operator's symbol and how tightly it binds; a higher power binds tighter."""

    place: Literal["infix", "prefix", "postfix"]
    symbol: str
    power: int
    right_associative: bool = False
    chains: bool = True


#: How formulas write a node that is no call, beside operators: `x[0]`; `[a, b]`; `a + b + ...`; a call with subscripts
#: as its last argument; sums over the axes along which an operand had been repeated; and what arithmetic does by
#: itself, so that only the user writes it: a number that fills an array, and the same elements in another shape.
Form = Literal["index", "array", "sum", "placed", "summed", "spread", "reshaped"]

COMPARISON, SUM, PRODUCT, SIGN, JUXTAPOSITION, POWER, ROOT, ATOM = 10, 20, 30, 40, 45, 50, 55, 100


def infix(symbol: str, power: int, *, right_associative: bool = False, chains: bool = True) -> Notation:
    """A binary operator between its operands."""
    return Notation("infix", symbol, power, right_associative, chains)


def prefix(symbol: str, power: int) -> Notation:
    """A unary operator before its operand."""
    return Notation("prefix", symbol, power)


def postfix(symbol: str) -> Notation:
    """A unary operator after its operand."""
    return Notation("postfix", symbol, ATOM)
