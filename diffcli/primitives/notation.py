"""How a primitive is written when not as a call: `a + b`, `-a`, `A.T`."""

from typing import Literal, NamedTuple


class Notation(NamedTuple):
    """An operator's symbol and how tightly it binds; a higher power binds tighter."""

    place: Literal["infix", "prefix", "postfix"]
    symbol: str
    power: int
    right_associative: bool = False
    chains: bool = True


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
