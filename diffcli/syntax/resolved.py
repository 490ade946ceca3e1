"""A program as one expression, in which every name has its meaning."""

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Literal, NamedTuple

from diffcli.errors import DiffcliError, Label, fault
from diffcli.messages import Message
from diffcli.source import Source, Span
from diffcli.syntax.tree import Node, Nodes, Program, Tree

#: The derivative of an expression within an expression: `d(x^3, x)`.
DERIVATIVE = "d"


class Part(NamedTuple):
    """The nodes `start` to `stop` are those of an intermediate, or come from the body of a function that is called at
    `span`.

    The last of them is the result. A "call" is that of a function of the program, a "definition" that of a function of
    the language that is written out. The arguments of a call are not part of it.
    """

    kind: Literal["intermediate", "call", "definition"]
    start: int
    stop: int
    name: str
    span: Span


class Resolved(NamedTuple):
    """The program as one expression: a tree with sharing, and what its names are.

    A call's text is a primitive's name, a constant is a node of kind "constant", any other name is
    a variable. `names` are the intermediates' names by node, `values` the trees of `param`s.
    Parts are nested in each other or apart; an inner one stands before the one around it.
    `defined` are the names that the program defines, `functions` those of its functions.
    """

    program: Program
    nodes: Sequence[Node]
    variables: tuple[str, ...]
    names: Mapping[int, str]
    values: Mapping[str, Tree]
    defined: frozenset[str]
    parts: tuple[Part, ...]
    functions: frozenset[str] = frozenset()

    @property
    def source(self) -> Source:
        """The text that the user wrote."""
        return self.program.source

    def fault(self, code: str, message: str, place: int, *labels: Label, hint: str | None = None) -> DiffcliError:
        """A diagnostic at a node, naming the calls that it was inlined for."""
        calls = [
            Label(call.span, Message("called here, in {name}(...)", name=call.name))
            for call in self.parts
            if call.kind == "call" and call.start <= place < call.stop
        ]
        return fault(code, message, self.source, *(labels or (Label(self.nodes[place].span),)), *calls, hint=hint)


def held(resolved: Resolved, name: str) -> Resolved | None:
    """The expression with a named intermediate as a variable of its own; None where no node has the name."""
    place = next((place for place, named in resolved.names.items() if named == name), None)
    if place is None:
        return None
    nodes = [*resolved.nodes]
    nodes[place] = Node("name", name, (), *nodes[place].span)
    kept, moved = needed(Nodes(nodes), len(nodes) - 1)
    variables = tuple(dict.fromkeys(node.text for node in kept if node.kind == "name"))
    names = {moved[other]: named for other, named in resolved.names.items() if other in moved and other != place}
    return resolved._replace(nodes=kept, variables=variables, names=names, parts=())


def needs(nodes: Nodes, root: int) -> Sequence[int]:
    """For each node up to the root whether that needs it."""
    children = nodes.column("children")
    needed = bytearray(root + 1)
    needed[root] = True
    for place in range(root, -1, -1):
        if needed[place]:
            for child in children[place]:
                needed[child] = True
    return needed


def needed(nodes: Nodes, root: int) -> tuple[Nodes, Mapping[int, int]]:
    """The nodes that the root needs, itself the last, and the place of each."""
    moved: dict[int, int] = {}
    kept = Nodes()
    for place in compress(range(root + 1), needs(nodes, root)):
        node = nodes[place]
        moved[place] = kept.append(node._replace(children=tuple([moved[child] for child in node.children])))
    return kept, moved
