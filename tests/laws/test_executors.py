"""Every executor against the graph run node by node: the same numbers within two units in the last place.

Or within what such a difference at the nodes before makes of them: beside a cancellation nothing is closer.
"""

from itertools import islice, product
from typing import Any, get_args

import numpy as np
import pytest

from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.executors import blocks
from diffcli.execute.executors.executor import ExecutorName, Unfit
from diffcli.execute.executors.interpreted import interpreted, numbered
from diffcli.execute.executors.kept import array_of
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph
from diffcli.primitives.primitive import Primitive

from .cases import ELEMENTWISE, Case, tried
from .samples import samples_of
from .weighed import compiled, weighed

#: What doubles do at their ends, and beside them.
_SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 5e-324, -2.2e-308, 1e-16, 1e16, -1.7e308, np.inf, -np.inf, np.nan)
#: Those that hand the graph to a library, and what they refuse: libraries compute it with too few digits.
_LIBRARIES = ("torch", "jax")
_EXECUTORS = tuple(name for name in get_args(ExecutorName) if name not in _LIBRARIES)
_COARSE = ("polygamma", "polygamma_difference", "digamma", "lgamma", "gamma", "beta")

#: The same, but for numbers that are below the smallest normal one, or have reciprocals about there.
_NORMAL = (0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 1e-16, 1e16, -1e300, np.inf, -np.inf, np.nan)
#: XLA takes smaller numbers for 0; its own functions are less close than NumPy's.
_SMALLEST, _UNITS_OF_XLA = float(np.finfo(float).smallest_normal), 4


#: Runs in which every number is moved by one unit in the last place, this way or that.
_SHAKEN = 24


def _same(found: Any, wanted: Any, margin: Any = 0.0, units: int = 2) -> bool:
    """Within so many units in the last place and the margin; nan is nan, and a zero has its sign."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    if found.shape != wanted.shape:
        return False
    with np.errstate(all="ignore"):
        near = np.abs(found - wanted) <= units * np.spacing(np.maximum(np.abs(found), np.abs(wanted))) + margin
    return bool(np.all((found == wanted) | near | (np.isnan(found) & np.isnan(wanted))))


def _margins(graph: Graph, targets: list[int], values: dict[int, Any], wanted: list[Any]) -> list[Any]:
    """For each target how far it moves where the inputs and all nodes are rounded otherwise."""
    rng, steps = np.random.default_rng(0), [node for node in graph.needed(targets) if graph.operands[node]]
    constants = Program(graph, targets).values(values)
    margins = [np.zeros(np.shape(value)) for value in wanted]
    with np.errstate(all="ignore"):
        for _ in range(_SHAKEN):
            shaken = [*constants]

            def moved(value: Any) -> Any:
                up = np.nextafter(value, np.where(rng.random(np.shape(value)) < 0.5, -np.inf, np.inf))
                return np.where(value == 0, value, up)[()]

            for node, value in values.items():
                shaken[node] = moved(value)
            for node in steps:
                function = graph.primitives[node].implementation(FLOAT64)
                operands = [shaken[operand] for operand in graph.operands[node]]
                shaken[node] = moved(function(*operands, **dict(graph.parameters[node])))
            moves = [np.abs(shaken[target] - value) for target, value in zip(targets, wanted, strict=True)]
            margins = [np.fmax(margin, move) for margin, move in zip(margins, moves, strict=True)]
    return margins


def _agree(executor: ExecutorName, case: Case, points: list[Any]) -> None:
    """Value and gradient of a primitive's output, weighed by a cotangent."""
    graph, inputs, targets = made = weighed(case)
    values = made.at(points)
    try:
        runner = compiled(executor, case)
    except Unfit as reason:
        if executor in _LIBRARIES and case.primitive.name not in _COARSE:
            raise
        pytest.skip(str(reason))
    found = runner(values)
    given = dict(zip(inputs, values, strict=True))
    wanted = Program(graph, targets).run(given)
    if not all(map(_same, found, wanted)):
        flushed, units = (_SMALLEST, _UNITS_OF_XLA) if executor == "jax" else (0.0, 2)
        for ours, theirs, margin in zip(found, wanted, _margins(graph, targets, given, wanted), strict=True):
            assert _same(ours, theirs, margin + flushed, units), (ours, theirs, margin)


@pytest.fixture(autouse=True)
def _short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of one slice each, so that arrays of few numbers have several."""
    monkeypatch.setattr(blocks, "_BLOCK_BYTES", 1)


@pytest.mark.parametrize("executor", _EXECUTORS)
@tried(step=12)
def test_executors_agree(executor: ExecutorName, case: Case) -> None:
    """On every primitive, with its gradient."""
    _agree(executor, case, case.points())


@pytest.mark.parametrize("executor", _LIBRARIES)
@tried(step=1000, later=ELEMENTWISE)
def test_libraries_agree(executor: ExecutorName, case: Case) -> None:
    """On every primitive, with its gradient; each case is compiled, which takes time.

    In every run those that are not elementwise: the others are tried below.
    """
    pytest.importorskip(executor)
    _agree(executor, case, case.points())


#: Each primitive on one library in every run, for it compiles.
_AT_ENDS = [
    pytest.param(primitive, executor, marks=pytest.mark.long if executor == _LIBRARIES[number % 2] else ())
    for number, primitive in enumerate(ELEMENTWISE)
    for executor in (*_EXECUTORS, *_LIBRARIES)
]


@pytest.mark.parametrize(("primitive", "executor"), _AT_ENDS, ids=lambda value: getattr(value, "name", value))
def test_executors_agree_at_the_ends_of_doubles(executor: ExecutorName, primitive: Primitive) -> None:
    """On every elementwise primitive, at infinities, nan, zeros of both signs and numbers beside them, in all pairs."""
    if executor in _LIBRARIES:
        pytest.importorskip(executor)
    sample = samples_of(primitive)[0]
    special = _NORMAL if executor == "jax" else _SPECIAL
    points = [np.array(column) for column in zip(*product(special, repeat=len(sample.shapes)), strict=True)]
    shape = points[0].shape
    _agree(executor, Case(primitive, (shape,) * len(points), sample.parameters, ((0.0, 1.0),) * len(points)), points)


def _node_by_node(case: Case, points: list[Any]) -> None:
    """Each node of a primitive with its gradient, on single numbers, against arrays of the same operands."""
    graph, inputs, _ = made = weighed(case)
    nodes = range(len(graph))
    values = dict(zip(inputs, made.at(points), strict=True))
    try:
        found = interpreted(graph, nodes, values)
    except (Unfit, ArithmeticError, ValueError):
        if not any(graph.shapes):
            with pytest.raises((Unfit, ArithmeticError, ValueError)):
                numbered(graph, values)
        return  # arrays compute it
    if not any(graph.shapes):  # the same floats, without cells
        alone = numbered(graph, values)
        assert [str(each.tolist()) for each in alone] == [str(each.tolist()) for each in found if each is not None]
    constants = Program(graph, nodes).values(values)
    for place, operands in enumerate(graph.operands):
        value = array_of(found[place])
        assert value.shape == graph.shapes[place]
        wanted = constants[place]
        if operands:
            function = graph.primitives[place].implementation(FLOAT64)
            with np.errstate(all="ignore"):
                wanted = function(*[array_of(found[each]) for each in operands], **dict(graph.parameters[place]))
        assert _same(value, wanted, 1e-15 * np.max(np.abs(wanted), initial=0.0)), graph.primitives[place].name
        assert not np.any((value == 0) & (np.signbit(value) != np.signbit(wanted)) & (wanted == 0))


@tried(step=12)
def test_single_numbers_agree_node_by_node(case: Case) -> None:
    """On every primitive that has a form on them, with its gradient; a zero has its sign."""
    _node_by_node(case, case.points())


#: Every so many of the points, of which three operands have thousands; there each pair is met all the same.
_EVERY = {primitive: 5 if len(primitive.operands) == 3 else 1 for primitive in ELEMENTWISE}


@pytest.mark.parametrize(
    ("primitive", "every"),
    [
        *_EVERY.items(),
        *(pytest.param(primitive, 1, marks=pytest.mark.long) for primitive, every in _EVERY.items() if every > 1),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_single_numbers_agree_at_the_ends_of_doubles(primitive: Primitive, every: int) -> None:
    """On every elementwise primitive, at infinities, nan, zeros of both signs and numbers beside them, in all pairs."""
    sample = samples_of(primitive)[0]
    for point in islice(product(_SPECIAL, repeat=len(sample.shapes)), 0, None, every):
        case = Case(primitive, ((),) * len(point), sample.parameters, ((0.0, 1.0),) * len(point))
        _node_by_node(case, [np.array(number) for number in point])
