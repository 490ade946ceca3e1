"""Recordings: the operations of a run give what double precision gives, at the point and at others."""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

import numpy as np
import pytest
from execute.recorded_programs import EVERYWHERE, INF, MOST, NAN, PROGRAMS, distance, ready, ready_for
from hypothesis import given
from hypothesis import strategies as st
from laws import oracle
from laws.cases import CASES, LAWFUL, Case

from diffcli.autodiff.reverse import gradient
from diffcli.execute.program import quietly
from diffcli.execute.recorded_arithmetic import RecordingArithmetic
from diffcli.execute.recorded_number import OPERATIONS, Tape, computed
from diffcli.execute.recording import Recording, TooLong, Unsupported, recorded
from diffcli.graph.graph import Graph
from diffcli.primitives.arithmetic import add, mul
from diffcli.primitives.declaration import elementwise
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.reductions import sum as total
from diffcli.primitives.statistics import kth_smallest, median

#: Relative: NumPy adds in another order, and eliminates and finds cofactors in another way.
TOLERANCE = 1e-12


def rerun(recording: Recording, inputs: Mapping[int, Any]) -> tuple[dict[int, list[float]], list[int]]:
    """The targets' elements at other inputs, and the guards that fail there."""
    scalars = [np.float64(x) for node in recording.inputs for x in np.ravel(inputs[node])]
    scalars += map(np.float64, recording.constants)
    with quietly():
        for operation, operands in recording.operations:
            scalars.append(computed(operation, *[scalars[place] for place in operands]))
    failed = [place for place, outcome in recording.guards if bool(scalars[place]) != outcome]
    return {node: [scalars[place] for place in places] for node, places in recording.places.items()}, failed


def vector_of(values: list[float], primitive: Primitive, **options: Any) -> tuple[Graph, int, dict[int, Any]]:
    """A graph of one primitive on a vector, its last node, and its inputs."""
    graph = Graph()
    x = graph.value(graph.append_input("x", (len(values),), None))
    return graph, primitive(x, **options).index, {x.index: np.array(values)}


def elsewhere(case: Case) -> list[np.ndarray]:
    """Another point of the case's box: elements in reverse order, and all but labels a little smaller."""
    return [
        np.flip(x, -1) * (0.97 if position in case.varying else 1) if x.ndim else x * 0.97
        for position, x in enumerate(case.points())
    ]


def tried(primitive: Primitive, cases: Iterable[Case]) -> list[Case]:
    """All cases; of an elementwise primitive, which is recorded by elements, one for each box."""
    return (
        list({(case.box, repr(case.parameters)): case for case in cases}.values())
        if primitive.kind == "elementwise"
        else list(cases)
    )


CASES_OF = {primitive: tried(primitive, cases) for primitive, cases in groupby(CASES, attrgetter("primitive"))}


@pytest.mark.parametrize("primitive", LAWFUL, ids=attrgetter("name"))
def test_every_primitive_and_its_rule_are_recorded(primitive: Primitive) -> None:
    """All nodes of the graph with its gradient, at the point and at another one, and nothing is guarded."""
    for case in CASES_OF[primitive]:
        node = oracle.applied(case)
        cotangent = node.input(node.out.shape)
        output = total(mul(node.out, cotangent))
        gradient(node.graph, output.index, [node.operands[position].index for position in case.varying])
        seed = np.linspace(0.5, 1.5, int(np.prod(node.out.shape))).reshape(node.out.shape)
        operands = [operand.index for operand in node.operands]
        points = [
            {**dict(zip(operands, at, strict=True)), cotangent.index: seed} for at in (case.points(), elsewhere(case))
        ]
        recording, found = ready_for(node.graph, range(len(node.graph)), points)
        assert recording.guards == ()
        for inputs, expected in found:
            values, _ = rerun(recording, inputs)
            assert max(distance(values[target], expected[target], case.floor) for target in expected) <= TOLERANCE, (
                case.name
            )


@pytest.mark.parametrize(("program", "at", "other"), [*PROGRAMS, *EVERYWHERE])
def test_programs_are_recorded(program: str, at: dict[str, Any], other: dict[str, Any]) -> None:
    """Also across kinks, at singular matrices, infinities and nan: values, partials, contributions, gradients."""
    recording, found = ready(program, at, other)
    for inputs, expected in found:
        values, failed = rerun(recording, inputs)
        assert failed == []
        assert max(distance(values[node], expected[node]) for node in expected) <= TOLERANCE


NUMBERS = st.sampled_from([-INF, -2.0, -1.0, 0.0, 1.0, 1.5, 3.0, INF, NAN])


@given(st.integers(1, 32).flatmap(lambda count: st.tuples(*[st.lists(NUMBERS, min_size=count, max_size=count)] * 2)))
def test_any_order_is_found_again(rows: tuple[list[float], list[float]]) -> None:
    """What one row's sorting has recorded sorts every row of that length, nan last, as NumPy does."""
    tape = Tape(MOST)
    array = RecordingArithmetic(tape).array([tape.input(x) for x in rows[0]])
    array.sort()
    scalars = [np.float64(x) for x in rows[1]]
    for scalar in tape.scalars[len(scalars) :]:
        assert isinstance(scalar, tuple)
        scalars.append(computed(scalar[0], *[scalars[place] for place in scalar[1]]))
    assert distance([scalars[number.place] for number in array], np.sort(rows[1]).tolist()) == 0
    assert tape.guards == {}


def test_the_order_of_a_long_row_is_guarded() -> None:
    """It holds while the order does; where it does not, a guard says so."""
    values = [float(7 * k % 41) for k in range(41)]
    graph, node, inputs = vector_of(values, median)
    recording = recorded(graph, [node], inputs, MOST)
    (x,) = inputs
    assert rerun(recording, inputs) == ({node: [20.0]}, [])
    assert rerun(recording, {x: np.array(values) * 3 - 1}) == ({node: [59.0]}, [])
    assert rerun(recording, {x: -np.array(values)})[1] != []


@pytest.mark.parametrize(("a", "b"), [(1.0, 2.0), (2.0, 1.0), (NAN, 1.0)])
def test_where_python_branches_the_outcome_is_guarded(a: float, b: float) -> None:
    """Of constants nothing is guarded."""
    tape = Tape(MOST)
    assert bool(tape.input(a) < tape.input(b)) == (a < b)
    assert bool(tape.constant(a) < b) == (a < b)
    assert {tape.scalars[place]: outcome for place, outcome in tape.guards.items()} == {("less", (0, 1)): a < b}


def test_equal_operations_are_one() -> None:
    """Whichever way round, constants are computed beforehand, and what no target needs is not there."""
    graph = Graph()
    x, y = (graph.value(graph.append_input(name, (), None)) for name in "xy")
    both, unused = add(mul(x, y), mul(y, x)), mul(mul(x, x), y)
    same = add(both, mul(graph.value(graph.append_constant(2.0, ())), graph.value(graph.append_constant(3.0, ()))))
    recording = recorded(graph, [same.index], {x.index: 2.0, y.index: 5.0}, MOST)
    assert [operation.name for operation in recording.operations] == ["mul", "add", "add"]
    assert recording.constants == (6.0,)
    assert unused.index not in recording.places
    assert rerun(recording, {x.index: 3.0, y.index: -1.0})[0] == {same.index: [0.0]}


def test_conditions_are_choices() -> None:
    """relu and its derivative are two comparisons' worth of operations, not branches."""
    recording, _ = ready("relu(x)^2", {"x": 2})
    assert {operation.name for operation in recording.operations} == {"maximum", "pow", "less", "mul", "weigh"}


def test_too_long_is_refused_early() -> None:
    """Too many operations, inputs or elements of a target."""
    graph, node, inputs = vector_of([1.0, 2.0, 3.0, 4.0], total)
    assert len(recorded(graph, [node], inputs, 4).operations) == 3
    for most, program in ((2, total), (3, total)):
        with pytest.raises(TooLong):
            recorded(*_of(program, most))
    graph, node, inputs = vector_of([0.0] * 8, kth_smallest, k=3)
    with pytest.raises(TooLong, match="more than 20 operations"):
        recorded(graph, [node], inputs, 20)
    graph, node, inputs = vector_of([0.0] * 8, total)
    wide = graph.value(node).broadcast_to((100_000, 100_000))
    with pytest.raises(TooLong, match="elements"):
        recorded(graph, [wide.index], inputs, MOST)


def _of(primitive: Primitive, most: int) -> tuple[Graph, list[int], dict[int, Any], int]:
    graph, node, inputs = vector_of([1.0, 2.0, 3.0, 4.0], primitive)
    return graph, [node], inputs, most


@pytest.mark.parametrize("compute", ["bessel", lambda m, x: m.bessel(x) + 1])
def test_a_function_that_is_no_operation_is_named(compute: Any) -> None:
    graph, node, inputs = vector_of([1.0], elementwise("other", "", lambda x, out: 1, compute=compute))
    with pytest.raises(Unsupported, match="bessel"):
        recorded(graph, [node], inputs, MOST)


def test_the_document_is_small_json() -> None:
    """Of the logistic unit a few thousand characters, with words for what JSON has no number for."""
    at = {"w": [0.5, -1, 2], "x": [1, 2, 3], "b": 0.1}
    recording, _ = ready("bce(sigmoid(w @ x + b), 1) + where(b > 9, 1/0, -1/0)", at)
    document = recording.document()
    text = json.dumps(document, allow_nan=False)
    assert len(text) < 6_000
    assert {"inf", "-inf"} <= set(document["constants"])
    assert set(document["names"]) <= set(OPERATIONS)
    assert sorted(count for _, count in document["inputs"].values()) == [1, 3, 3]
    assert len(document["code"]) == sum(1 + OPERATIONS[operation.name] for operation in recording.operations)
