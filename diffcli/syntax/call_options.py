"""The options that calls are given: constants, as what they are for reads them."""

from typing import Any

from diffcli.errors import DiffcliError, Label
from diffcli.messages import Message
from diffcli.primitives.table import PRIMITIVES
from diffcli.syntax.arguments import called
from diffcli.syntax.constant_arguments import NotStatic, static_value
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Node


def chosen(resolved: Resolved, node: Node) -> tuple[tuple[str, Any], ...]:
    """The options of a call that differ from their defaults. Raises DiffcliError for a value that cannot be one."""
    primitive = PRIMITIVES[node.text]
    options = {option.name: option for option in primitive.options}
    result = []
    for keyword, place in zip(node.keywords, node.children[len(node.children) - len(node.keywords) :], strict=True):
        option, span = options[keyword], resolved.nodes[place].span
        try:
            found = option.read(static_value(resolved.nodes, place))
        except ValueError as wanted:
            message = Message(
                "'{keyword}' of {name} must be {wanted}", keyword=keyword, name=primitive.name, wanted=wanted.args[0]
            )
            raise resolved.fault("E213", message, place, Label(span), hint=called([primitive])) from None
        except NotStatic as variable:
            hint = Message("it must be a constant: shapes are fixed before anything is computed")
            message = Message("'{keyword}' of {name} is not known yet here", keyword=keyword, name=primitive.name)
            raise resolved.fault("E213", message, variable.place, hint=hint) from None
        if found != option.default or isinstance(found, bool) != isinstance(option.default, bool):
            result.append((keyword, found))
    return tuple(result)


def check_constants(resolved: Resolved) -> None:
    """Raises DiffcliError for an option, or what stands only for one, that can be refused without knowing shapes."""
    nodes = resolved.nodes
    needed = [len(nodes) - 1]
    for node in nodes:
        if node.kind == "call":
            needed += node.children[: len(node.children) - len(node.keywords)]
            chosen(resolved, node)
        elif node.kind in ("array", "derivative"):
            needed += node.children
    for place in needed:
        if nodes[place].kind in ("tuple", "text") or (nodes[place].kind == "constant" and nodes[place].text == "None"):
            raise no_number(resolved, place)


def no_number(resolved: Resolved, place: int) -> DiffcliError:
    """The diagnostic for what is an option's value, and stands where a number is wanted."""
    node = resolved.nodes[place]
    hint = Message("brackets with commas, words in quotes and None are only for options such as axis")
    return resolved.fault(
        "E213", Message("{text} is not a number", text=resolved.source.text[node.start : node.end]), place, hint=hint
    )
