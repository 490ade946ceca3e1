"""Many steps of a descent in few numbers, as one loop over single floats: no array is made on the way."""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from diffcli.execute.executors.cell_arithmetic import CellArithmetic
from diffcli.execute.executors.cells import Cells, cells
from diffcli.execute.executors.python_text import defined
from diffcli.execute.executors.scalars import numbers, unrolled
from diffcli.execute.executors.straight_line import FORMS, NAMES, StraightLine
from diffcli.primitives.shape import Shape

if TYPE_CHECKING:
    from diffcli.execute.schedule import Schedule

#: Operations of a step that is worth being compiled.
_MOST = 600

_TEXT = """\
def run(state, step, rates, low, high, stopped):
    {state} = state
    kept, turned, asked = [], [], False
    try:
        for rate in rates:
            {before}
            norm = sqrt({squares})
            if not (low < norm <= high and -inf < {value} < inf):
                break
            if stopped():
                asked = True
                break
            step += 1
            {after}
            if {along} < 0.0:
                turned.append(step)
            kept += {point}
            {state} = {following}
    except (ArithmeticError, ValueError):
        pass
    return {state}, kept, turned, asked
"""


class Walked(NamedTuple):
    """The points that a loop went by.

    `state` is that after them: the elements of the point, of the slots, and of the gradient at the point before. `kept`
    has for each point its elements, the value and the gradient's norm, one after the other; `turned` the steps, from 1,
    before which the gradient pointed against that of the point before; `asked` is whether it was stopped.
    """

    state: tuple[float, ...]
    kept: list[float]
    turned: list[int]
    asked: bool


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


#: From a state, after so many steps, with a rate for each step that may be taken. It ends at a point where the norm of
#: the gradient is not above the first bound or is above the second, at numbers that are not finite, and where it is
#: stopped.
Loop = Callable[[Sequence[float], int, Iterable[float], float, float, Callable[[], bool]], Walked]


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
    norm, step, rate = (Cells((), [line.given(name)]) for name in ("norm", "step", "rate"))
    following, kept = update(Now(point, gradient, remembered, norm, step, rate))
    shown = [*_elements(point), *value.elements, *norm.elements]
    state, after = _elements((*point, *remembered, *before)), _elements((*following, *kept, *gradient))
    measured, moved = line.written([*value.elements, squares], [along, *shown, *after])
    [value_text, squares_text], [along_text, *texts] = measured.results, moved.results
    text = _TEXT.format(
        state=_listed([each.name for each in state]),
        before=_lines(measured.lines),
        squares=squares_text,
        value=value_text,
        after=_lines(moved.lines),
        along=along_text,
        point=_listed(texts[: len(shown)]),
        following=_listed(texts[len(shown) :]),
    )
    run = defined(text, "run", NAMES)
    return lambda *begin: Walked(*run(*begin))


def _total(arithmetic: CellArithmetic, arrays: Sequence[Cells]) -> Any:
    return reduce(add, [arithmetic.sum(array).elements[0] for array in arrays])


def _elements(arrays: Sequence[Any]) -> list[Any]:
    return [element for array in arrays for element in cells(array).elements]


def _listed(texts: Sequence[str]) -> str:
    return f"({', '.join(texts)},)"


def _lines(lines: Sequence[str]) -> str:
    return "\n            ".join(lines or ["pass"])
