"""The ways to a derivative: each gives numbers, and says what it took."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from diffcli.analysis.comparison.differences import Difference, extrapolated, first_step
from diffcli.analysis.execution import every_node
from diffcli.analysis.plan import plan_for
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep
from diffcli.autodiff.forward import tangents
from diffcli.errors import DiffcliError, OutOfReach
from diffcli.execute.arrays import Array
from diffcli.execute.complex_step import COMPLEX_STEP, STEP, NotAnalytic
from diffcli.execute.probe import Place, Probe, unit
from diffcli.execute.program import Program
from diffcli.execute.schedule import scheduled
from diffcli.graph.build import Built
from diffcli.messages import Message

Result = TypeVar("Result")


class Cost(NamedTuple):
    """The cost of a method: runs of a program, operations in all, seconds."""

    sweeps: int
    operations: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ByElement:
    """A method's derivatives by the elements looked at, by variable; or why there are none."""

    values: Mapping[str, Mapping[Place, Any]]
    cost: Cost
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Reverse:
    """Reverse mode's gradient, and the executed graph it came from; `failure` says what broke a rule."""

    gradient: Mapping[str, Array]
    values: Sequence[Any]
    cost: Cost
    failure: str | None = None


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """The work's result and the seconds that it took."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def failed(broken: Exception) -> str:
    """A rule that raised an exception, in words."""
    return Message("a rule failed: {name}: {broken}", name=type(broken).__name__, broken=broken)


def reverse(problem: Problem, sweep: Sweep) -> Reverse:
    """One sweep gives the derivatives by all elements of all variables."""
    graph, inputs = sweep.built.graph, sweep.inputs(problem.values)
    operations = graph.operations([sweep.built.output, *sweep.adjoints])
    try:
        every = every_node(problem, graph, [*inputs])  # what explains a difference
        values, seconds = timed(lambda: every(inputs).values)
    except (DiffcliError, OutOfReach):  # an executor, or an exact number, and not a rule
        raise
    except Exception as broken:  # a wrong rule may fail in any way: a finding, not the end of the comparison
        values = Program(graph, range(sweep.built.output + 1), problem.arithmetic).values(inputs)
        return Reverse({}, values, Cost(1, operations, 0.0), failed(broken))
    gradient = sweep.gradient(values, problem.values)
    misshapen = next((name for name, found in gradient.items() if found.shape != problem.shapes[name]), None)
    failure = (
        None
        if misshapen is None
        else Message(
            "the derivative by {misshapen} has shape {shape}, not that of {misshapen}",
            misshapen=misshapen,
            shape=gradient[misshapen].shape,
        )
    )
    return Reverse(gradient, values, Cost(1, operations, seconds), failure)


def forward(problem: Problem, built: Built, places: Mapping[str, Sequence[Place]]) -> ByElement:
    """One sweep for each element: the tangent of the output where that of the element is 1."""
    graph = built.graph.copied()  # to which tangents are appended
    found: dict[str, dict[Place, Any]] = {}
    sweeps = operations = 0
    start = time.perf_counter()
    try:
        for name, chosen in places.items():
            node = built.inputs[name]
            seed = graph.value(graph.append_input(f"tangent of {name}", graph.shapes[node], None))
            tangent = tangents(graph, built.output, {node: seed}).get(built.output)
            if tangent is None:
                found[name] = dict.fromkeys(chosen, 0.0)
                continue
            inputs = {built.inputs[other]: value for other, value in problem.values.items()}
            schedule = scheduled(graph, [tangent.index], [seed.index], inputs, problem.arithmetic)
            run = plan_for(problem, schedule, len(chosen)).runner
            directions = {place: problem.arithmetic.lifted(unit(graph.shapes[node], place)) for place in chosen}
            found[name] = {place: run([direction])[0].tolist() for place, direction in directions.items()}
            sweeps += len(chosen)
            operations += graph.operations([built.output, tangent.index]) * len(chosen)
    except (DiffcliError, OutOfReach):
        raise
    except Exception as broken:  # as in reverse mode
        return ByElement({}, Cost(sweeps, operations, 0.0), failed(broken))
    return ByElement(found, Cost(sweeps, operations, time.perf_counter() - start))


def complex_step(built: Built, inputs: Mapping[int, Array], places: Mapping[str, Sequence[Place]]) -> ByElement:
    """One run on complex numbers for each element: Im f(x + ih)/h."""
    graph = built.graph
    count = sum(map(len, places.values()))
    start = time.perf_counter()
    try:
        probe = Probe(graph, built.output, inputs, [built.inputs[name] for name in places], COMPLEX_STEP)
        found = {
            name: {
                place: float(probe.along(node, unit(graph.shapes[node], place))(1j * STEP).imag) / STEP
                for place in chosen
            }
            for name, chosen in places.items()
            for node in [built.inputs[name]]
        }
    except NotAnalytic as function:
        return ByElement({}, Cost(0, 0, 0.0), Message("there is none for {function}", function=function.args[0]))
    except (TypeError, ValueError):  # NumPy or SciPy has no complex form of a function
        return ByElement({}, Cost(0, 0, 0.0), Message("a function has no complex form"))
    return ByElement(found, Cost(count, count * probe.operations, time.perf_counter() - start))


@dataclass(frozen=True, slots=True)
class Differences:
    """Central differences by the elements looked at, by variable."""

    values: Mapping[str, Mapping[Place, Difference]]
    cost: Cost


class Tried(NamedTuple):
    """Findings of the methods that differentiate by one element at a time."""

    forward: ByElement
    complex_step: ByElement
    differences: Differences


def differences(
    built: Built, probe: Probe, inputs: Mapping[int, Array], places: Mapping[str, Sequence[Place]]
) -> Differences:
    """Central differences with shrinking steps, extrapolated, in double precision."""
    graph = built.graph
    start = time.perf_counter()
    found = {
        name: {
            place: extrapolated(
                probe.along(node, unit(graph.shapes[node], place)), first_step(float(inputs[node][place]))
            )
            for place in chosen
        }
        for name, chosen in places.items()
        for node in [built.inputs[name]]
    }
    evaluations = sum(difference.evaluations for by_place in found.values() for difference in by_place.values())
    return Differences(found, Cost(evaluations, evaluations * probe.operations, time.perf_counter() - start))
