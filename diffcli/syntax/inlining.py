"""Bodies of functions put in the places of their calls: where the copying stands, and how large the result may be."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from diffcli.errors import ExitCode, Label, fault
from diffcli.messages import Message
from diffcli.primitives.definition import Definition
from diffcli.primitives.options import REQUIRED
from diffcli.source import Source, Span
from diffcli.syntax.arguments import counted
from diffcli.syntax.parser import parse
from diffcli.syntax.tree import Node, Nodes, Statement, Tree

#: Nodes at which no further call is written out: a function that calls another twice doubles at each level.
MOST_INLINED = 2_000_000


class Frame:
    """A tree being copied: `places` are its nodes' places in the result, `rest` those that have none yet.

    The body of a function of the language has no text of the user's: its nodes get `span`.
    """

    __slots__ = ("call", "parameters", "places", "rest", "span", "start", "tree")

    def __init__(
        self, tree: Tree, parameters: Mapping[str, int], call: Node | None, start: int, span: Span | None = None
    ) -> None:
        self.tree = tree
        self.parameters = parameters
        self.call = call
        self.start = start
        self.span = span
        self.places: list[int] = []
        self.rest = Nodes.of(tree.nodes).rows()


def check_call(node: Node, function: Statement, frames: Sequence[Frame], source: Source) -> None:
    """Raise DiffcliError where a function of the program calls itself, or a call has other arguments than it."""
    if any(frame.call is not None and frame.span is None and frame.call.text == node.text for frame in frames):
        message = Message("'{text}' calls itself", text=node.text)
        raise fault("E210", message, source, node.span, hint=Message("functions are inlined, so recursion cannot end"))
    if node.keywords:
        message = Message("'{text}' takes no keyword arguments", text=node.text)
        raise fault("E206", message, source, node.span, hint=Message("give its arguments in order"))
    if len(node.children) != len(function.parameters):
        message = Message(
            "{name} takes {wanted}, got {given}",
            name=node.text,
            wanted=counted(len(function.parameters)),
            given=len(node.children),
        )
        hint = Message("write {forms}", forms=f"{node.text}({', '.join(function.parameters)})")
        raise fault("E204", message, source, node.span, Label(function.span, Message("defined here")), hint=hint)


def check_size(count: int, node: Node, source: Source) -> None:
    """Raise DiffcliError where so many nodes are too many for a call to be written out."""
    if count > MOST_INLINED:
        message = Message("writing out the functions' calls makes more than {most:,} operations", most=MOST_INLINED)
        hint = Message("functions that call others several times grow with each level; name a common part with '='")
        raise fault("E601", message, source, node.span, hint=hint, exit_code=ExitCode.TIME_LIMIT)


def inlined_sizes(functions: Mapping[str, Statement]) -> dict[str, int]:
    """The least number of nodes of a call of each function, with all that it calls written out.

    No more than one above the limit.

    One that calls itself has the size of the rest: it is refused for that.
    """
    sizes: dict[str, int] = {}
    for first in functions:
        waiting = [first]
        begun: set[str] = set()
        while waiting:
            name = waiting[-1]
            function = functions[name]
            called = [node.text for node in function.body.nodes if node.kind == "call" and node.text in functions]
            if name not in sizes and name not in begun:
                begun.add(name)
                waiting += [other for other in called if other not in sizes and other not in begun]
                continue
            waiting.pop()
            if name not in sizes:
                own = sum(
                    1 for node in function.body.nodes if not (node.kind == "name" and node.text in function.parameters)
                ) - len(called)
                sizes[name] = min(own + sum(sizes.get(other, 0) for other in called), MOST_INLINED + 1)
    return sizes


@cache
def body(definition: Definition) -> Tree:
    """The expression that a function of the language stands for."""
    return parse(Source(definition.body, definition.name)).expression


def literal(value: Any, node: Node) -> Node:
    """The node of a default value, at the call that left it out."""
    assert value is not REQUIRED
    if value is None or isinstance(value, bool):
        return Node("constant", str(value), (), node.start, node.end)
    if isinstance(value, str):
        return Node("text", value, (), node.start, node.end)
    return Node("number", repr(value), (), node.start, node.end)
