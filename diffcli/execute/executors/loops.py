"""Many steps of a descent in few numbers, as one loop over single floats: no array is made on the way."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from diffcli.execute.executors.cell_arithmetic import CellArithmetic
from diffcli.execute.executors.cells import Cells, cells
from diffcli.execute.executors.python_text import defined
from diffcli.execute.executors.scalars import numbers, unrolled
from diffcli.execute.executors.straight_line import FORMS, NAMES, StraightLine, text_of
from diffcli.primitives.shape import Shape

if TYPE_CHECKING:
    from diffcli.execute.schedule import Schedule

#: Operations of a step that is worth being compiled.
_MOST = 600

_TEXT = """\
def run(state, first, last, rate, low, high, stopped):
    {state} = state
    points, values, norms, rates, turned = [], [], [], [], []
    asked = False
    number = first
    try:
        for number in range(first, last):
            {before}
            norm = sqrt({squares})
            if not (low < norm <= high and -inf < {value} < inf):
                break
            asked = stopped()
            if asked:
                break
            step_rate, step = rate(number), number + 1
            {after}
            points.append({point})
            values.append({value})
            norms.append(norm)
            rates.append(step_rate)
            turned.append({along} < 0.0)
            {state} = {following}
        else:
            number = max(first, last)
    except (ArithmeticError, ValueError):
        pass
    return number, {state}, asked, points, values, norms, rates, turned
"""


class Walked(NamedTuple):
    """The points that a loop went by: for each its elements, the value, the gradient's norm, the rate of the step from
    it, and whether the gradient points against that of the point before.

    `number` is the first point that is not among them, `state` where that is, and `asked` whether it was stopped there.
    """

    number: int
    state: tuple[float, ...]
    asked: bool
    points: list[tuple[float, ...]]
    values: list[float]
    norms: list[float]
    rates: list[float]
    turned: list[bool]


class Now(NamedTuple):
    """A point on the way, in numbers of a line: what the step from there is made of.

    `slots` are what is remembered, `step` the step's number, from 1.
    """

    point: Sequence[Any]
    gradient: Sequence[Any]
    slots: Sequence[Any]
    norm: Any
    step: Any
    rate: Any


#: From `state`, at the point `first`, to no further than `last`, with rates by the point's number. It ends at a point
#: whose gradient's norm is not above `low` or is above `high`, at numbers that are not finite, and where it is stopped.
#: A state is the elements of the point, of the slots, and of the gradient at the point before.
Loop = Callable[[Sequence[float], int, int, Callable[[int], float], float, float, Callable[[], bool]], Walked]


def loop(
    schedule: "Schedule",
    moving: Sequence[int],
    slots: Sequence[Shape],
    update: Callable[[Now], tuple[Sequence[Any], Sequence[Any]]],
) -> Loop:
    """The loop of a step: `update` makes the next point and slots.

    The schedule computes the value, and the gradient by those of its inputs whose places are `moving`, of all inputs.
    Raises Unfit for what has no form on single floats, and for what takes too many of them.
    """
    line = StraightLine(_MOST)
    point = [numbers(line, schedule.shapes[node]) for node in schedule.inputs]
    remembered = [numbers(line, shape) for shape in slots]
    before = [numbers(line, array.shape) for array in point]
    arithmetic = CellArithmetic(line.record, FORMS)
    value, *slopes = unrolled(schedule, arithmetic, dict(zip(schedule.inputs, point, strict=True)))
    found = dict(zip(moving, slopes, strict=True))
    gradient = [found.get(place, arithmetic.zeros(array.shape)) for place, array in enumerate(point)]
    squares, along = (
        _total(arithmetic, [a * b for a, b in zip(gradient, others, strict=True)]) for others in (gradient, before)
    )
    norm, step, rate = (Cells((), [line.given(name)]) for name in ("norm", "step", "step_rate"))
    following, kept = update(Now(point, gradient, remembered, norm, step, rate))
    state, after = (*point, *remembered, *before), (*following, *kept, *gradient)
    first = line.written([*value.elements, squares])
    rest = [each for each in line.written([along, *_elements(after)]) if each not in first]
    text = _TEXT.format(
        state=_listed(_elements(state)), before=_lines(first), squares=text_of(squares), value=text_of(value.elements[0]),
        after=_lines(rest), point=_listed(_elements(point)), along=text_of(along), following=_listed(_elements(after)),
    )  # fmt: skip
    run = defined(text, "run", NAMES)
    return lambda *begin: Walked(*run(*begin))


def _total(arithmetic: CellArithmetic, arrays: Sequence[Cells]) -> Any:
    return reduce(add, [arithmetic.sum(array).elements[0] for array in arrays])


def _elements(arrays: Sequence[Any]) -> list[Any]:
    return [element for array in arrays for element in cells(array).elements]


def _listed(elements: Sequence[Any]) -> str:
    return f"({', '.join(map(text_of, elements))},)"


def _lines(lines: Sequence[str]) -> str:
    return "\n            ".join(lines or ["pass"])
