"""An expression applied to its own result."""

from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Node


def iterated(resolved: Resolved, variable: str, count: int) -> Resolved:
    """The expression with itself in the variable's place, so often that it stands there `count` times."""
    if len(resolved.nodes) == 1:
        return resolved
    nodes: list[Node] = list(resolved.nodes)
    for _ in range(count - 1):
        inner = len(nodes) - 1
        places: list[int] = []
        for node in resolved.nodes:
            if node.kind == "name" and node.text == variable:
                places.append(inner)
                continue
            places.append(len(nodes))
            nodes.append(node._replace(children=tuple(places[child] for child in node.children)))
    return resolved._replace(nodes=nodes)
