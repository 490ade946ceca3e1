"""The computation graph to be drawn, and the functions that it is made of."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

from diffcli.analysis.drawing.style import Style
from diffcli.api.call import function
from diffcli.api.posing import Columns, Expression, Names, Work, of_problem

if TYPE_CHECKING:
    from diffcli.analysis.catalogue import Catalogue
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph


@overload
def draw(expression: Expression, at: object = None, *, style: Literal["torch"], **options: Any) -> "TorchGraph": ...
@overload
def draw(expression: Expression, at: object = None, **options: Any) -> "Drawing": ...
@of_problem
def draw(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    cotangent: object = None, style: Style = "both", saved: bool = False, backward: bool = True,
    depth: int | None = None, timeout: float | None = None, **values: object,
) -> "Work[Drawing | TorchGraph]":  # fmt: skip
    """The computation graph with every value and gradient, ready to be drawn; a notebook shows it as a picture.

    Groups of named intermediates and calls that are nested more than `depth` deep are folded: with 0 all of them,
    which makes a large graph small enough for a picture. Where nothing has a value it has no numbers either, but
    the rules of local derivatives. In the `style` "forward", or without `backward`, it has no gradients, and the result
    may have any shape; "torch" is the graph that PyTorch records, if `saved` with the tensors that it keeps for the
    backward sweep. `cotangent`, values, data and `timeout` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.given_values import bindings

    if style == "torch":
        from diffcli.analysis.drawing.torch_graph import torch_report

        return Work(partial(torch_report, saved=saved))
    from diffcli.analysis.drawing.graph_report import graph_report

    weights, swept = bindings(cotangent, "cotangent"), backward and style != "forward"
    stated = bool(weights or values) or data is not None or (at is not None and at != ())
    report = partial(graph_report, cotangent=weights, backward=swept, depth=depth, sweeps=style)
    return Work(report, complete=stated)


@function
def functions(name: str | None = None) -> "Catalogue":
    """The language's functions with their derivatives, and the optimizers and schedules: all, or those of a name.

    Raises DiffcliError for an unknown name.
    """
    from diffcli.analysis.catalogue import catalogue

    return catalogue(name)
