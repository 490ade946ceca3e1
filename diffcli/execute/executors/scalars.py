"""Small graphs as operations on single floats, one after the other: no array is made on the way."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from diffcli.execute.executors.cell_arithmetic import CellArithmetic
from diffcli.execute.executors.cells import Cells
from diffcli.execute.executors.executor import Runner
from diffcli.execute.executors.interpreted import function_of
from diffcli.execute.executors.python_text import defined
from diffcli.execute.executors.straight_line import FORMS, NAMES, StraightLine
from diffcli.primitives.shape import Shape, size

if TYPE_CHECKING:
    from diffcli.execute.schedule import Schedule

#: Operations that are written out: compiling them takes as long as some thousand of them do.
_MOST = 2000


def scalars(schedule: "Schedule") -> Runner:
    """Straight-line Python on floats.

    Where Python raises what NumPy computes on with (an overflow, a division by 0, a logarithm of 0), the same values
    are computed by arrays. Raises Unfit for functions without a form on floats, and for more than `_MOST` operations.
    """
    line = StraightLine(_MOST)
    given = {node: numbers(line, schedule.shapes[node]) for node in schedule.inputs}
    found = unrolled(schedule, CellArithmetic(line.record, FORMS), given)
    [(lines, texts)] = line.written([each for target in found for each in target.elements])
    names = ", ".join(f"a{node}" for node in schedule.inputs)
    taken = [_taken(node, given[node]) for node in schedule.inputs]
    rest = iter(texts)
    results = ", ".join(_given_back(Cells(target.shape, [next(rest) for _ in target.elements])) for target in found)
    body = "\n    ".join([f"[{names}] = values", *taken, *lines, f"return [{results}]"])
    from numpy import array, float64

    text = f"def run(values):\n    {body}\n"
    swift: Runner = defined(text, "run", {**NAMES, "array": array, "float64": float64})
    by_arrays = cache(lambda: _by_arrays(schedule))

    def run(values: Sequence[Any]) -> list[Any]:
        try:
            return swift(values)
        except (ArithmeticError, ValueError):
            return by_arrays()(values)

    return run


def numbers(line: StraightLine, shape: Shape) -> Cells:
    """An array of numbers that are given."""
    return Cells(shape, [line.given() for _ in range(size(shape))])


def unrolled(schedule: "Schedule", arithmetic: CellArithmetic, inputs: Mapping[int, Cells]) -> list[Cells]:
    """The targets, computed of the inputs number by number. Raises Unfit for a function that has no form on numbers."""
    known = {**inputs, **{node: _constant(value, schedule.shapes[node]) for node, value in schedule.constants.items()}}
    for step in schedule.steps:
        function = function_of(step.primitive, step.parameters, arithmetic)
        known[step.node] = function(*[known[operand] for operand in step.operands])
    return [known[target] for target in schedule.targets]


def _constant(value: Any, shape: Shape) -> Cells:
    return Cells(shape, value.ravel().tolist() if shape else [float(value)])


def _taken(node: int, array: Cells) -> str:
    """The assignment of an input's elements to their names."""
    names = _nested(Cells(array.shape, [element.name for element in array.elements]))
    return f"{names} = a{node}.tolist()" if array.shape else f"{names} = float(a{node})"


def _given_back(array: Cells) -> str:
    """A target as a double or an array of doubles."""
    return f"array({_nested(array)})" if array.shape else f"float64({_nested(array)})"


def _nested(array: Cells) -> str:
    """The texts of the elements, in a list for each row."""
    texts = array.elements
    for extent in reversed(array.shape):
        texts = [f"[{', '.join(texts[start : start + extent])}]" for start in range(0, len(texts), extent)]
    return str(texts[0])


def _by_arrays(schedule: "Schedule") -> Runner:
    from diffcli.execute.executors.plain import plain

    return plain(schedule)
