"""What an operand decides: where the output does not change with it, and where it is not even looked at."""

from random import Random

import mpmath
import numpy as np
import pytest

from diffcli.autodiff.reverse import gradient
from diffcli.execute.program import quietly
from diffcli.primitives.table import PRIMITIVES

from . import oracle
from .cases import CASES, LAWFUL, Case, arbitrary
from .test_kinks import AT_THE_KINK

#: One value of each operand for each element of the output, or all elements for one output.
ALONE = [case for case in CASES if case.primitive.kind in ("elementwise", "other") and set(case.shapes) == {(3,)}]
NAMES = [case.name for case in ALONE]

each_case = pytest.mark.parametrize("case", ALONE, ids=NAMES)


def declared_flat(case: Case, points: list[np.ndarray]) -> list[np.ndarray]:
    """For each operand, near which of its elements the primitive says that its output stays as it is."""
    flat = case.primitive.flat
    declared = flat(*points, **case.parameters) if flat else [False] * len(points)
    return [np.broadcast_to(pattern, (3,)) for pattern in declared]


def found_flat(case: Case, points: list[np.ndarray]) -> list[np.ndarray]:
    """The same, by moving one element at a time a little to either side."""
    node = oracle.applied(case)
    with mpmath.workdps(oracle.DIGITS):
        exact = [oracle.exact(x) for x in points]
        still = oracle.exactly(node.out, dict(zip(node.operands, exact, strict=True)))
        patterns = []
        for position in range(len(points)):
            pattern = np.zeros(3, dtype=bool)
            for place in range(3):
                outputs = []
                for step in (oracle.STEP, -oracle.STEP):
                    moved = [np.array(x, dtype=object) for x in exact]
                    moved[position][place] += step
                    outputs.append(oracle.exactly(node.out, dict(zip(node.operands, moved, strict=True))))
                pattern[place] = all(np.array_equal(output, still) for output in outputs)
            patterns.append(pattern)
        return patterns


@each_case
def test_what_is_flat_is_declared_and_nothing_else(case: Case) -> None:
    """Off the kinks, an operand is declared flat exactly where small changes of it do not show."""
    points = case.points()
    for declared, found in zip(declared_flat(case, points), found_flat(case, points), strict=True):
        assert declared.tolist() == found.tolist()


@each_case
def test_where_it_is_flat_the_derivative_is_zero(case: Case) -> None:
    """Exactly."""
    points = case.points()
    node = oracle.applied(case)
    sweep = gradient(
        node.graph, node.out.index, [operand.index for operand in node.operands], node.graph.filled(1.0, node.out.shape)
    )
    for operand, declared in zip(node.operands, declared_flat(case, points), strict=True):
        partials = oracle.run(
            node.graph.value(sweep.adjoints[operand.index]), dict(zip(node.operands, points, strict=True))
        )
        assert not np.any(partials[declared])


@pytest.mark.parametrize(
    ("name", "point"),
    [(name, point) for name, entries in AT_THE_KINK.items() for point, _ in entries if np.ndim(point[0]) == 0],
)
def test_a_kink_is_not_flat(name: str, point: tuple[float, ...]) -> None:
    """There the output changes on one side at least."""
    flat = PRIMITIVES[name].flat
    assert flat is None or not all(flat(*map(np.float64, point)))


@pytest.mark.parametrize("case", [case for case in ALONE if case.primitive.name == "where"], ids=lambda case: case.name)
def test_what_is_not_taken_is_not_looked_at(case: Case) -> None:
    """Put anything in place of the elements that are not taken: the output is the same."""
    points = [*case.points()]
    points[0] = points[0] * np.array([1.0, 0.0, 1.0])  # a condition is also false
    node = oracle.applied(case)
    still = oracle.run(node.out, dict(zip(node.operands, points, strict=True)))
    assert case.primitive.taken is not None
    patterns = [np.broadcast_to(pattern, (3,)) for pattern in case.primitive.taken(*points)]
    assert any(not pattern.all() for pattern in patterns)
    for position, pattern in enumerate(patterns):
        for replacement in (arbitrary(Random(position), (3,)), np.full(3, np.nan), np.full(3, np.inf)):
            changed = [*points]
            changed[position] = np.where(pattern, points[position], replacement)
            with quietly():
                assert np.array_equal(oracle.run(node.out, dict(zip(node.operands, changed, strict=True))), still)


def test_only_the_labels_element_is_looked_at() -> None:
    """The log-probabilities of the other classes may be anything."""
    primitive = PRIMITIVES["at_target"]
    x, labels = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([2.0, 0.0])
    assert primitive.taken is not None
    pattern, all_labels = primitive.taken(x, labels)
    assert pattern.tolist() == [[False, False, True], [True, False, False]]
    assert all_labels
    node = oracle.applied(Case(primitive, (x.shape, labels.shape), {}, ()))
    for other in (np.nan, np.inf, -7.0):
        assert oracle.run(
            node.out, {node.operands[0]: np.where(pattern, x, other), node.operands[1]: labels}
        ).tolist() == [3.0, 4.0]


def test_every_primitive_that_looks_at_a_part_is_tried() -> None:
    """One that is gained needs a test above."""
    assert {primitive.name for primitive in LAWFUL if primitive.taken is not None} == {"where", "at_target"}
