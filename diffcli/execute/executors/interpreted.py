"""Graphs node by node on single floats, the value of every node kept: what a trace of few numbers is made of, or of
many nodes that all are single numbers.

It is the executor `scalars` for one evaluation, of which nothing has to be compiled, nor NumPy to be loaded.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, cast

from diffcli.execute.executors.cell_arithmetic import CellArithmetic
from diffcli.execute.executors.cells import Cells, applied, cells
from diffcli.execute.executors.executor import Unfit
from diffcli.execute.executors.kept import Kept, Numbers, cells_of
from diffcli.execute.executors.straight_line import FORMS, computed, operation
from diffcli.graph.graph import Graph, Parameters
from diffcli.messages import Message
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, size
from diffcli.primitives.structural import accumulate, constant, input

#: Functions of arrays of floats.
FLOATS = CellArithmetic(computed, FORMS)


class _FloatArithmetic(CellArithmetic):
    """The same functions for who has floats alone: an operation is what Python has for it."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in FORMS:
            raise AttributeError(name)
        setattr(self, name, operation(name))
        return cast("Callable[..., Any]", vars(self)[name])


_ON_FLOATS = _FloatArithmetic(computed, FORMS)

CellFunction = Callable[..., Cells]
#: What is done to the function of a node, which has a primitive and parameters.
Change = Callable[[Primitive, Parameters, CellFunction], CellFunction]


def function_of(
    primitive: Primitive, parameters: Mapping[str, Any], arithmetic: CellArithmetic
) -> Callable[..., Cells]:
    """The function of cells that computes a primitive. Raises Unfit, perhaps when it is called, where there is none."""

    def compute(*operands: Cells) -> Cells:
        try:
            function = partial(primitive.implementation(arithmetic), **parameters)
            return applied(function, *operands) if primitive.kind == "elementwise" else cells(function(*operands))
        except AttributeError:
            raise Unfit(Message("{function} is not computed on single numbers", function=primitive.name)) from None

    return compute


def interpreted(
    graph: Graph, nodes: Iterable[int], inputs: Mapping[int, Kept], change: Change | None = None
) -> list[Cells | None]:
    """The values of some nodes, all of whose operands are among them, by node; None elsewhere.

    With a `change` to the functions of nodes. Raises Unfit for a function that has no form on single numbers, and
    ArithmeticError or ValueError where a number is not finite that Python does not go on with.
    """
    values: list[Cells | None] = [None] * len(graph)
    for node, value in inputs.items():
        values[node] = cells_of(value)
    for node in nodes:
        primitive, parameters = graph.primitives[node], graph.parameters[node]
        if primitive is input:
            continue
        function = (
            partial(constant_cells, dict(parameters)["value"], graph.shapes[node])
            if primitive is constant
            else function_of(primitive, dict(parameters), FLOATS)
        )
        if change is not None:
            function = change(primitive, parameters, function)
        values[node] = function(*[values[operand] for operand in graph.operands[node]])
    return values


def numbered(graph: Graph, inputs: Mapping[int, Kept]) -> Numbers:
    """The values of all nodes of a graph that has single numbers alone. Raises what `interpreted` does."""
    values: list[Any] = [None] * len(graph)
    for node, value in inputs.items():
        values[node] = cells_of(value).elements[0]
    functions: dict[Any, Callable[..., Any]] = {}
    rows = zip(graph.primitives, graph.operands, graph.parameters, strict=True)
    try:
        for node, (primitive, operands, parameters) in enumerate(rows):
            if primitive is constant:
                values[node] = float(parameters[0][1])
            elif operands:
                kind = (primitive, parameters) if parameters else primitive
                function = functions.get(kind)
                if function is None:
                    function = functions[kind] = _function_of_floats(primitive, dict(parameters))
                if len(operands) == 2:  # as most have, without a list
                    first, second = operands
                    values[node] = function(values[first], values[second])
                else:
                    values[node] = function(*[values[operand] for operand in operands])
            elif primitive is not input:
                values[node] = function_of(primitive, dict(parameters), FLOATS)().elements[0]
    except AttributeError:
        raise Unfit(Message("{function} is not computed on single numbers", function=primitive.name)) from None
    return Numbers(values)


def _function_of_floats(primitive: Primitive, parameters: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that computes a primitive whose operands and result are single floats."""
    if primitive.kind == "elementwise" or primitive is accumulate:
        function = primitive.implementation(_ON_FLOATS)
        return partial(function, **parameters) if parameters else function
    whole = function_of(primitive, parameters, FLOATS)
    return lambda *numbers: whole(*[Cells((), [number]) for number in numbers]).elements[0]


def constant_cells(value: Any, shape: Shape) -> Cells:
    """A number that fills the shape, or nested tuples of numbers."""
    numbers = elements_of(value)
    return Cells(shape, [*map(float, numbers)] * (size(shape) // len(numbers)))


def elements_of(value: Any) -> list[Any]:
    """The numbers of a constant, which is one or nested tuples of several."""
    numbers = [value]
    while isinstance(numbers[0], tuple):
        numbers = [number for row in numbers for number in row]
    return numbers
