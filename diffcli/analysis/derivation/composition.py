"""Sums, products and signs put together as a book writes them. The tree's nodes are a list that grows."""

from collections.abc import Sequence

from diffcli.source import Source
from diffcli.syntax.printer import print_tree
from diffcli.syntax.tree import Node, Tree


def operation(nodes: list[Node], node: Node, derived: bool) -> int:
    """An elementwise call; where only differentiation made it, as books do: `a - b` for `a + -b`, `b/a` for `1/a*b`."""
    name, places = node.text, node.children
    if derived and name == "add":
        return added(nodes, *places)
    if derived and name == "neg":
        return _negated(nodes, places[0])
    if derived and name == "div" and _is_one(nodes, places[1]):
        return places[0]
    if derived and name == "pow" and nodes[places[1]].kind == "number" and nodes[places[1]].text == "0":
        nodes.append(Node("number", "1", (), 0, 0))
        return len(nodes) - 1
    if derived and name == "mul":
        simpler = _product(nodes, *places)
        if simpler is not None:
            return simpler
    if name in ("mul", "sub") and _without_sign(nodes, places[1]) is not None:
        nodes.append(Node("name", f"({print_tree(Tree(Source(''), nodes[: places[1] + 1]))})", (), 0, 0))
        node = node._replace(children=(places[0], len(nodes) - 1))
    nodes.append(node)
    return len(nodes) - 1


def _product(nodes: list[Node], left: int, right: int) -> int | None:
    """A product with 1, with -1, or with one divided by something; None for any other."""
    for one, other in ((left, right), (right, left)):
        if _is_one(nodes, one):
            return other
        if _is_minus_one(nodes, one):
            return _negated(nodes, other)
        divisor, negative = _inverted(nodes, one)
        if divisor is not None and not (negative and one == right):
            above = _negated(nodes, other) if negative else other
            nodes.append(Node("call", "div", (above, divisor), 0, 0))
            return len(nodes) - 1
    return None


def _negated(nodes: list[Node], place: int) -> int:
    """The negative, its sign in front of the first factor."""
    spine = []
    first = place
    while nodes[first].kind == "call" and nodes[first].text in ("mul", "div"):
        spine.append(nodes[first])
        first = nodes[first].children[0]
    if nodes[first].kind == "call" and nodes[first].text == "neg":
        spine, first = [], place
    nodes.append(Node("call", "neg", (first,), 0, 0))
    for node in reversed(spine):
        nodes.append(node._replace(children=(len(nodes) - 1, node.children[1])))
    return len(nodes) - 1


def added(nodes: list[Node], left: int, right: int) -> int:
    """A sum, or a difference where the right has a minus sign in front."""
    positive = _without_sign(nodes, right)
    twice = None if positive is None else _without_sign(nodes, positive)
    if twice is not None:
        right, positive = twice, None
    nodes.append(
        Node("call", "add", (left, right), 0, 0) if positive is None else Node("call", "sub", (left, positive), 0, 0)
    )
    return len(nodes) - 1


def _inverted(nodes: Sequence[Node], place: int) -> tuple[int | None, bool]:
    """The place of what 1, or -1 (`True`), is divided by; None for anything else."""
    node = nodes[place]
    if node.kind != "call" or node.text != "div":
        return None, False
    negative = _is_minus_one(nodes, node.children[0])
    return (node.children[1] if negative or _is_one(nodes, node.children[0]) else None), negative


def _is_one(nodes: Sequence[Node], place: int) -> bool:
    return nodes[place].kind == "number" and nodes[place].text == "1"


def _is_minus_one(nodes: Sequence[Node], place: int) -> bool:
    node = nodes[place]
    return node.kind == "call" and node.text == "neg" and _is_one(nodes, node.children[0])


def _without_sign(nodes: list[Node], place: int) -> int | None:
    """The place of what a text with a minus sign in front is the negative of; None without one."""
    spine = []
    while nodes[place].kind == "call" and nodes[place].text in ("mul", "div"):
        spine.append(nodes[place])
        place = nodes[place].children[0]
    if nodes[place].kind != "call" or nodes[place].text != "neg":
        return None
    place = nodes[place].children[0]
    for node in reversed(spine):
        nodes.append(node._replace(children=(place, node.children[1])))
        place = len(nodes) - 1
    return place
