"""Results as versioned JSON documents: a module for each command, and the entries that they share."""

from typing import TYPE_CHECKING

from diffcli.render.lazy import modules_of

if TYPE_CHECKING:
    from diffcli.render.documents import (
        compare,
        descend,
        diff,
        functions,
        grad,
        graph,
        hessian,
        jacobian,
        jvp,
        steps,
        stream,
        torch_graph,
        vjp,
    )

__all__ = [
    "compare",
    "descend",
    "diff",
    "functions",
    "grad",
    "graph",
    "hessian",
    "jacobian",
    "jvp",
    "steps",
    "stream",
    "torch_graph",
    "vjp",
]

if not TYPE_CHECKING:
    __getattr__ = modules_of(__name__, __all__)
