"""Results for people, as a command shows them on a screen: a module for each command, and the parts that they share."""

from typing import TYPE_CHECKING

from diffcli.render.lazy import modules_of

if TYPE_CHECKING:
    from diffcli.render.text import (
        compare,
        descend,
        diff,
        functions,
        grad,
        graph,
        hessian,
        jacobian,
        jvp_vjp,
        steps,
        torch_graph,
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
    "jvp_vjp",
    "steps",
    "torch_graph",
]

if not TYPE_CHECKING:
    __getattr__ = modules_of(__name__, __all__)
