"""The tree of an expression: a flat list of nodes in postorder.

A node refers to its children by their places in the list, all before its own. No pass over a tree
recurses, so nesting is limited by memory alone, and a list in which a node is referred to twice
is a tree with sharing.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

from diffcli.records import Records
from diffcli.source import Source, Span, as_span

NodeKind = Literal["number", "name", "constant", "call", "array", "index", "tuple", "text", "derivative"]


class Node(NamedTuple):
    """One node. `text` is, by kind:

    * number: the literal as written;
    * name, constant: the name; only resolving names makes constants of names;
    * call: the function; an operator is a call of the primitive it stands for (`add`);
    * array: empty;
    * index: the pattern of subscripts: `i` an expression, `:` a colon, `,` between axes;
    * tuple: empty; it stands only for an option, as in `axis=(0, 1)`;
    * text: the word between the quotes; it stands only for an option, as in `norm(A, "fro")`;
    * derivative: empty; of the first child by the second. Only resolving names makes it, of `d(f, x)`.

    `keywords` names the last children of a call.
    """

    kind: NodeKind
    text: str
    children: tuple[int, ...]
    start: int
    end: int
    keywords: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """The node's place in the source."""
        return as_span(self[3:5])


#: Makes a Node of a tuple, at a third of the cost of Node(...).
as_node = partial(tuple.__new__, Node)


class Nodes(Records[Node], record=Node):
    """The nodes of a tree."""

    def append(self, node: Node) -> int:
        """Append a node; returns its place."""
        self.fields += node
        return len(self) - 1

    def replaced(self, others: Mapping[int, Node]) -> "Nodes":
        """A copy with other nodes at some places."""
        copy = self.copy()
        for place, node in others.items():
            copy.fields[place * self.WIDTH : (place + 1) * self.WIDTH] = node
        return copy


class Tree(NamedTuple):
    """An expression. The last node is its root."""

    source: Source
    nodes: Sequence[Node]

    def same_as(self, other: "Tree") -> bool:
        """Whether both are the same tree, wherever they stand in their sources."""
        return [(n.kind, n.text, n.children, n.keywords) for n in self.nodes] == [
            (n.kind, n.text, n.children, n.keywords) for n in other.nodes
        ]


class Statement(NamedTuple):
    """A definition before the expression: `name = ...`, `param name = ...`, `name(x) = ...`."""

    kind: Literal["let", "param", "function"]
    name: str
    span: Span
    parameters: tuple[str, ...]
    body: Tree


class Program(NamedTuple):
    """A program as written: definitions, then the expression."""

    source: Source
    statements: tuple[Statement, ...]
    expression: Tree
