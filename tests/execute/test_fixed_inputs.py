"""What does not depend on inputs that change is computed only once: when they are scheduled, or in a first part."""

import numpy as np

from diffcli.autodiff.reverse import derivative
from diffcli.execute.executors.choice import planned
from diffcli.execute.program import Program
from diffcli.execute.schedule import scheduled
from diffcli.graph.build import Built, build
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

X = np.array([0.5, 1.5])


def graph() -> tuple[Built, int, int]:
    """A graph with the nodes of its inputs."""
    built = build(
        resolve(parse(Source("a = sin(x)*exp(x); a*y + a")), frozenset(("x", "y"))), {"x": (2,), "y": ()}, derivative
    )
    return built, built.inputs["x"], built.inputs["y"]


def test_fixed_inputs_are_computed_with_once() -> None:
    """The rest is run for each value of the other inputs, with the same results; the graph itself stays as it was."""
    built, x, y = graph()
    program = Program(built.graph, [built.output])
    fixed = scheduled(built.graph, [built.output], [y], {x: X})
    assert (len(program), len(fixed.steps)) == (5, 2)
    for number in (np.float64(2.0), np.float64(-1.0)):
        assert np.array_equal(planned(fixed).runner([number])[0], program.run({x: X, y: number})[0])
    assert len(scheduled(built.graph, [built.output], [], {x: X, y: np.float64(3.0)}).steps) == 0


def test_a_schedule_comes_apart() -> None:
    """Into what does not depend on inputs that change more often, and the rest, which takes that."""
    built, x, y = graph()
    whole = scheduled(built.graph, [built.output, x, built.output], [x, y])
    first, second = whole.parted([y])
    assert (len(first.steps), len(second.steps), second.inputs[-1]) == (3, 2, y)
    known = planned(first).runner([X])
    for number in (np.float64(2.0), np.float64(-1.0)):
        found = planned(second).runner([*known, number])
        expected = planned(whole).runner([X, number])
        assert all(np.array_equal(*pair) for pair in zip(found, expected, strict=True))


def test_several_values_of_some_inputs_are_one_schedule() -> None:
    """With one set of targets after the other; what does not depend on them is there once."""
    built, x, y = graph()
    whole = scheduled(built.graph, [built.output, x], [x, y])
    numbers = (np.float64(2.0), np.float64(-1.0), np.float64(0.5))
    together = whole.along([y], [[number] for number in numbers])
    assert (together.inputs, len(together.steps)) == ((x,), 3 + 2 * len(numbers))
    found = planned(together).runner([X])
    expected = [result for number in numbers for result in planned(whole).runner([X, number])]
    assert all(np.array_equal(*pair) for pair in zip(found, expected, strict=True))
