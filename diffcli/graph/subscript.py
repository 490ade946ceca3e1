"""The subscripts of an index node, from its pattern of expressions and colons."""

from typing import Any

from diffcli.errors import fault
from diffcli.messages import Message
from diffcli.primitives.subscripts import Key, Slice
from diffcli.syntax.constant_arguments import NotStatic, static_value
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Node


def subscripts(resolved: Resolved, node: Node) -> Key:
    """The key: places, slices, lists and new axes. Raises DiffcliError for what is no constant whole number."""
    children = iter(node.children[1:])
    return tuple(
        _entry(resolved, node, part, [_constant(resolved, next(children)) if mark == "i" else mark for mark in part])
        for part in node.text.split(",")
    )


def _entry(resolved: Resolved, node: Node, part: str, found: list[Any]) -> int | Slice | tuple[int, ...] | None:
    if part == "i":
        return found[0]  # type: ignore[no-any-return]  # _constant has checked it
    bounds: list[int | None] = [None]
    for bound in found:
        if bound == ":":
            bounds.append(None)
        elif isinstance(bound, tuple):
            message = Message("a slice goes from one whole number to another")
            raise fault("E303", message, resolved.source, node.span, hint=Message("write start:stop:step"))
        else:
            bounds[-1] = bound
    if len(bounds) == 3 and bounds[2] == 0:
        message = Message("the step of a slice is 0")
        raise fault("E302", message, resolved.source, node.span, hint=Message("a step of -1 reverses"))
    return Slice(bounds[0], bounds[1], bounds[2] if len(bounds) == 3 else None)


def _constant(resolved: Resolved, place: int) -> Any:
    try:
        found = static_value(resolved.nodes, place)
    except NotStatic:
        found = ...
    if (
        found is None
        or _is_whole(found)
        or (isinstance(found, tuple) and found and all(_is_whole(part) for part in found))
    ):
        return found
    span = resolved.nodes[place].span
    hint = Message("x[0] is the first element, x[-1] the last; a list picks several: x[[0, 2]]")
    raise fault("E303", Message("an index is a constant whole number"), resolved.source, span, hint=hint)


def _is_whole(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool)
