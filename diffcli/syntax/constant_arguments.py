"""Constant arguments: what is known before anything runs, such as an axis or a shape."""

from collections.abc import Sequence
from typing import Any

from diffcli.primitives.number import Computed, Real, folded
from diffcli.primitives.table import CONSTANTS, WORDS
from diffcli.syntax.tokens import value
from diffcli.syntax.tree import Node

_OPERATORS = {"add": "add", "sub": "sub", "mul": "mul", "div": "truediv", "pow": "pow"}
_DEEPEST = 50


class NotStatic(Exception):
    """A node that is not known before anything runs; `place` is where it stands in the tree."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def static_value(nodes: Sequence[Node], place: int, depth: int = 0) -> Any:
    """The number, word, text, or tuple of them that a node stands for.

    A whole number is an int. Raises NotStatic at the node that is not constant.
    """
    node = nodes[place]
    if depth > _DEEPEST:
        raise NotStatic(place)
    if node.kind == "number":
        number = value(node.text)
        return _whole_or_real(number)
    if node.kind == "constant":
        return WORDS[node.text] if node.text in WORDS else CONSTANTS[node.text]
    if node.kind == "text":
        return node.text
    if node.kind in ("tuple", "array"):
        return tuple(static_value(nodes, child, depth + 1) for child in node.children)
    if node.kind == "call" and node.text == "neg":
        operand = static_value(nodes, node.children[0], depth + 1)
        if _is_number(operand):
            return -operand
    if node.kind == "call" and node.text in _OPERATORS:
        left, right = (static_value(nodes, child, depth + 1) for child in node.children)
        if _is_number(left) and _is_number(right):
            return _computed(_OPERATORS[node.text], left, right, place)
    raise NotStatic(place)


def computed_subscripts(nodes: Sequence[Node], node: Node) -> tuple[int, ...]:
    """The subscripts of an index whose places are not known before anything runs, or are those of nested lists."""
    children = iter(node.children[1:])
    found = []
    for part in node.text.split(","):
        places = [next(children) for mark in part if mark == "i"]
        if part == "i" and not _is_place(nodes, places[0]):
            found += places
    return tuple(found)


def _is_place(nodes: Sequence[Node], place: int) -> bool:
    """Whether a subscript is a constant or a list of them."""
    try:
        found = static_value(nodes, place)
    except NotStatic:
        return False
    return not (isinstance(found, tuple) and any(isinstance(part, tuple) for part in found))


def _computed(operation: str, left: float, right: float, place: int) -> Any:
    try:
        result = folded(operation, left, right)
    except ArithmeticError:
        raise NotStatic(place) from None
    if not isinstance(result, float):  # a root of a negative number
        raise NotStatic(place)
    return _whole_or_real(result)


def _whole_or_real(number: float) -> Any:
    if isinstance(number, Real):
        return int(number.exact) if not isinstance(number.exact, Computed) and number.exact.denominator == 1 else number
    return int(number) if number.is_integer() else number


def _is_number(found: Any) -> bool:
    return isinstance(found, (int, float)) and not isinstance(found, bool)
