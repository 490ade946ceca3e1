"""Forms of answers: expanded, factored, simplified, as far as the text shows it and algebra tells in time.

What algebra does not tell is not held against an answer.
"""

from collections.abc import Iterator
from math import gcd
from typing import Any

from diffcli.analysis.exercise.question import AnswerForm
from diffcli.deadline.limit import TimeLimit, within
from diffcli.messages import Message
from diffcli.syntax.printer import print_tree
from diffcli.syntax.resolved import Resolved, needed
from diffcli.syntax.tokens import value
from diffcli.syntax.tree import Node, Nodes, Tree

_SUMS, _PRODUCTS = frozenset({"add", "sub"}), frozenset({"mul", "div"})


def misfit(form: AnswerForm, resolved: Resolved, seconds: float) -> Message | None:
    """Why a right answer is not in the form asked for; None where it is, or nobody can tell."""
    tree = _Written(resolved)
    return {"expanded": _expanded, "factored": _factored, "simplified": _simplified}[form](tree, seconds)


class _Written:
    """An expression as it was written."""

    def __init__(self, resolved: Resolved) -> None:
        self.resolved, self.nodes = resolved, list(resolved.nodes)
        self.root = len(self.nodes) - 1

    def is_(self, place: int, names: frozenset[str]) -> bool:
        """Whether a node is one of these operations."""
        node = self.nodes[place]
        return node.kind == "call" and node.text in names

    def unsigned(self, place: int) -> int:
        """The node without signs before it."""
        while self.is_(place, frozenset({"neg"})):
            place = self.nodes[place].children[0]
        return place

    def is_sum(self, place: int) -> bool:
        """Whether a node is a sum or a difference, signs aside."""
        return self.is_(self.unsigned(place), _SUMS)

    def text(self, place: int) -> str:
        """A part of the expression."""
        return print_tree(Tree(self.resolved.source, self._kept(place)))

    def part(self, place: int) -> Resolved:
        """A part of the expression by itself."""
        nodes = self._kept(place)
        names = tuple(dict.fromkeys(node.text for node in nodes if node.kind == "name"))
        return self.resolved._replace(nodes=nodes, variables=names, names={}, parts=())

    def number(self, place: int) -> float | None:
        """The value of a numeral, with the signs before it."""
        node = self.nodes[self.unsigned(place)]
        return float(value(node.text)) if node.kind == "number" else None

    def reached(self, place: int, through: frozenset[str]) -> Iterator[int]:
        """The operands of a chain of operations: the terms of a sum, the factors of a product."""
        waiting = [place]
        while waiting:
            here = self.unsigned(waiting.pop())
            if self.is_(here, through):
                waiting += self.nodes[here].children
            else:
                yield here

    def skeleton(self) -> Iterator[int]:
        """The nodes of the arithmetic around functions: sums, products, dividends and bases of powers."""
        waiting = [self.root]
        while waiting:
            place = waiting.pop()
            yield place
            node = self.nodes[place]
            if self.is_(place, frozenset({"add", "sub", "mul", "neg"})):
                waiting += node.children
            elif self.is_(place, frozenset({"div", "pow"})):
                waiting.append(node.children[0])

    def _kept(self, place: int) -> Nodes:
        return needed(Nodes(self.nodes[: place + 1]), place)[0]


def _expanded(tree: _Written, seconds: float) -> Message | None:
    for place in tree.skeleton():
        node = tree.nodes[place]
        closed = (
            (tree.is_(place, frozenset({"mul"})) and any(map(tree.is_sum, node.children)))
            or (tree.is_(place, frozenset({"div", "neg"})) and tree.is_sum(node.children[0]))
            or (tree.is_(place, frozenset({"pow"})) and tree.is_sum(node.children[0]) and _is_whole(tree, node))
        )
        if closed:
            return Message("{part} is not expanded", part=tree.text(place))
    terms = _told(seconds, "terms", tree.resolved)
    if terms is not None and len(list(tree.reached(tree.root, _SUMS))) > terms:
        return Message("like terms are not put together")
    return None


def _is_whole(tree: _Written, power: Node) -> bool:
    exponent = tree.number(power.children[1])
    return exponent is not None and exponent > 1 and exponent.is_integer()


def _factored(tree: _Written, seconds: float) -> Message | None:
    for factor in _factors(tree, tree.root):
        if tree.is_sum(factor) and _told(seconds, "factorable", tree.part(factor)):
            return Message("{part} can be factored", part=tree.text(factor))
    return None


def _factors(tree: _Written, root: int) -> Iterator[int]:
    """The factors of products and quotients, and the bases of powers among them."""
    for place in tree.reached(root, _PRODUCTS):
        if tree.is_(place, frozenset({"pow"})):
            yield from _factors(tree, tree.nodes[place].children[0])
        else:
            yield place


def _simplified(tree: _Written, seconds: float) -> Message | None:
    for place, node in enumerate(tree.nodes):
        if node.kind == "call" and _is_loose(tree, place):
            return Message("{part} can be written shorter", part=tree.text(place))
    longest = _told(seconds, "longest", tree.resolved)
    if longest is not None and _weight(tree) > longest:
        return Message("it can be written shorter")
    return None


def _is_loose(tree: _Written, place: int) -> bool:
    """Whether an operation waits to be carried out: 2*3, x + x, x*x, 1*x, x + 0, x^1, a double sign."""
    node = tree.nodes[place]
    if node.text == "neg":
        return tree.is_(node.children[0], frozenset({"neg"}))
    if node.text not in {"add", "sub", "mul", "div", "pow"}:
        return False
    first, second = (tree.number(child) for child in node.children)
    if node.text == "pow":
        return second in (0, 1) or first in (0, 1)
    if node.text == "div" and first is not None and second is not None:
        return second == 0 or not (first.is_integer() and second.is_integer()) or gcd(int(first), int(second)) > 1
    if (second == 1 and node.text in _PRODUCTS) or (first == 1 and node.text == "mul") or 0 in (first, second):
        return True
    chain = _SUMS if node.text in _SUMS else frozenset({"mul"})
    operands = list(tree.reached(place, chain))
    texts = [tree.text(operand) for operand in operands]
    numbers = sum(tree.number(operand) is not None for operand in operands)
    return len(set(texts)) < len(texts) or (numbers > 1 and node.text != "div")


def _weight(tree: _Written) -> int:
    """The numbers and names that it is written with."""
    return sum(node.kind in ("number", "name", "constant") for node in tree.nodes)


def _told(seconds: float, what: str, resolved: Resolved) -> Any:
    """What algebra tells, if it does in time."""
    from diffcli.symbolic.derive.answer_form import asked

    try:
        return within(seconds, asked, what, resolved)
    except TimeLimit:
        return None
