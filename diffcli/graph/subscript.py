"""The subscripts of an index node, from its pattern of expressions and colons."""

from collections.abc import Iterable
from typing import Any

from diffcli.errors import DiffcliError, fault
from diffcli.messages import Message
from diffcli.primitives.notation import COMPARISON
from diffcli.primitives.subscripts import Key, Slice
from diffcli.primitives.table import NOTATIONS
from diffcli.syntax.constant_arguments import NotStatic, computed_subscripts, static_value
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Node


def subscripts(resolved: Resolved, node: Node) -> tuple[Key, tuple[int, ...]]:
    """The key of an index, and the nodes of the tree whose values are the places that it leaves open.

    Raises DiffcliError for what is no index.
    """
    children = iter(node.children[1:])
    computed = computed_subscripts(resolved.nodes, node)
    key: list[Any] = []
    for part in node.text.split(","):
        found: list[Any] = [next(children) if mark == "i" else mark for mark in part]
        if part != "i":
            key.append(_slice(resolved, node, found))
        elif found[0] in computed:
            _refuse_condition(resolved, found[0])
            key.append(...)
        else:
            key.append(_constant(resolved, found[0]))
    return tuple(key), computed


def _slice(resolved: Resolved, node: Node, found: Iterable[Any]) -> Slice:
    bounds: list[int | None] = [None]
    for mark in found:
        bound = None if mark == ":" else _constant(resolved, mark)
        if isinstance(bound, tuple):
            message = Message("a slice goes from one whole number to another")
            raise fault("E303", message, resolved.source, node.span, hint=Message("write start:stop:step"))
        if mark == ":":
            bounds.append(None)
        else:
            bounds[-1] = bound
    if len(bounds) == 3 and bounds[2] == 0:
        message = Message("the step of a slice is 0")
        raise fault("E302", message, resolved.source, node.span, hint=Message("a step of -1 reverses"))
    return Slice(bounds[0], bounds[1], bounds[2] if len(bounds) == 3 else None)


def _constant(resolved: Resolved, place: int) -> Any:
    """A whole number, several of them, or None."""
    try:
        found = static_value(resolved.nodes, place)
    except NotStatic:
        hint = Message("shapes are fixed before anything is computed")
        raise _no_index(resolved, place, Message("a slice goes from one constant to another"), hint) from None
    if (
        found is None
        or _is_whole(found)
        or (isinstance(found, tuple) and found and all(_is_whole(part) for part in found))
    ):
        return found
    hint = Message("x[0] is the first element, x[-1] the last; a list picks several: x[[0, 2]]")
    raise _no_index(resolved, place, Message("an index is a whole number"), hint)


def _refuse_condition(resolved: Resolved, place: int) -> None:
    """NumPy would select where it holds: here shapes do not depend on values, and 1 and 0 would be places."""
    node = resolved.nodes[place]
    notation = NOTATIONS.get(node.text) if node.kind == "call" else None
    if notation is not None and notation.power == COMPARISON:
        hint = Message("shapes are fixed before anything is computed; where(x > 0, x, 0) keeps that of x")
        raise _no_index(resolved, place, Message("a condition is no index"), hint)


def _no_index(resolved: Resolved, place: int, message: str, hint: str) -> DiffcliError:
    return fault("E303", message, resolved.source, resolved.nodes[place].span, hint=hint)


def _is_whole(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool)
