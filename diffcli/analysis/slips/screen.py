"""Slips that fit an answer at one point in double precision: those that are worth computing in many digits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.analysis.slips.mutation import Mutation
from diffcli.analysis.slips.slip import Sighting
from diffcli.analysis.slips.solution import Solution
from diffcli.autodiff.forward import tangents
from diffcli.execute.arrays import Array, doubles, hollow, larger, largest_magnitude
from diffcli.execute.probe import random_direction, weighted_sum
from diffcli.execute.program import Program, quietly
from diffcli.primitives.shape import ShapeFault

#: By how much of the sizes of its terms a sum may be off.
_NEAR = 1e-5
#: Answers that are no further from the truth are right.
_RIGHT = 1e-9


class _Change(NamedTuple):
    """What a slip adds to the adjoint of a node: one node's value, less another's."""

    target: int
    wrong: int
    right: int | None


class _Candidate(NamedTuple):
    """A slip with what it changes, or else with its answers."""

    mutation: Mutation
    changes: tuple[_Change, ...]
    answers: Mapping[str, int] | None


def fitting(solution: Solution, mutations: Iterable[Mutation], seen: Sighting) -> tuple[list[Mutation], int]:
    """The slips whose answers by some variable are those that were seen, or may be, as far as doubles tell; and the
    number of different answers that were tried.

    A slip at one operation changes the answer by what it adds to an operand's adjoint, times the operand's derivative.
    Both are known along a direction after one run, so most slips cost a multiplication.
    """
    graph = solution.graph
    candidates = [candidate for mutation in mutations if (candidate := _candidate(solution, mutation)) is not None]
    answer = {
        name: doubles(value)
        for name, value in seen.answer.items()
        if name in solution.wrt and not _equal(doubles(value), doubles(seen.truth[name]), None, _RIGHT)
    }
    slack = {name: doubles(value) for name, value in seen.slack.items()}
    inputs = {node: doubles(seen.at[graph.names[node]]) for node in solution.inputs if graph.names[node] in seen.at}
    moved: dict[str, Mapping[int, int]] = {}
    directions: dict[str, Array] = {}
    for name in answer:
        node = solution.wrt[name]
        seed = graph.append_input(f"direction of {name}", graph.shapes[node], None)
        inputs[seed] = directions[name] = random_direction(hollow(graph.shapes[node]))
        moved[name] = {
            each: tangent.index for each, tangent in tangents(graph, solution.output, {node: graph.value(seed)}).items()
        }
    targets = {
        node
        for candidate in candidates
        for change in candidate.changes
        for node in (change.wrong, change.right, *(each.get(change.target) for each in moved.values()))
        if node is not None
    }
    targets.update(node for candidate in candidates for node in (candidate.answers or {}).values())
    targets.update(solution.answers.values())
    values = Program(graph, sorted(targets)).values(inputs)
    missing = {name: _missing(answer[name], values[solution.answers[name]]) for name in answer}
    fits, tried = [], set()
    with quietly():
        for candidate in candidates:
            found = False
            for name in candidate.mutation.wrt:
                if name not in answer:
                    continue
                margin = slack.get(name)
                if candidate.answers is not None:
                    wrong = values[candidate.answers[name]]
                    found |= _equal(wrong, answer[name], margin)
                    tried.add((name, wrong.shape, f"{_along(wrong, wrong):.9e}"))
                elif (off := missing[name]) is not None:
                    total, size = _made_up(candidate.changes, values, moved[name])
                    found |= _adds_up(total, size, off, directions[name], margin)
                    tried.add((name, off.shape, f"{total:.9e}"))
            if found:
                fits.append(candidate.mutation)
    return fits, max(len(tried), 1)


def _candidate(solution: Solution, mutation: Mutation) -> _Candidate | None:
    if mutation.whole is None and mutation.alone:
        changes = [_Change(node, term.index, None) for node, term in mutation.added.items()]
        try:
            for (node, position), pull in mutation.pulls.items():
                upstream = solution.right.adjoints[node]
                wrong, right = pull(solution.handle(upstream)), solution.contributions[node, position]
                if wrong is None:
                    return None
                if wrong.index != right:
                    changes.append(_Change(solution.graph.operands[node][position], wrong.index, right))
        except ShapeFault:
            return None
        graph = solution.graph
        if all(graph.shapes[change.wrong] == graph.shapes[change.target] for change in changes):
            return _Candidate(mutation, tuple(changes), None) if changes else None
    answers = mutation.answers(solution)
    return None if answers is None else _Candidate(mutation, (), answers)


def _missing(answer: Array, truth: Array) -> Array | None:
    """The answer less the truth; None where their shapes differ."""
    if answer.shape != truth.shape:
        return None
    with quietly():
        found: Array = answer - truth
    return found


def _made_up(changes: Sequence[_Change], values: Sequence[Any], moved: Mapping[int, int]) -> tuple[float, float]:
    """What the changes add to the answer along a direction, and the sizes of the terms."""
    total = size = 0.0
    for change in changes:
        tangent = moved.get(change.target)
        if tangent is None:
            continue
        for node, sign in ((change.wrong, 1.0), (change.right, -1.0)):
            if node is not None:
                term = sign * _along(values[node], values[tangent])
                total += term
                size += abs(term)
    return total, size


def _adds_up(total: float, size: float, missing: Array, direction: Array, margin: Array | None) -> bool:
    """Whether changes make up, along the direction, what the answer is off by."""
    wanted = _along(missing, direction)
    spread = 0.0 if margin is None else _along(abs(margin + 0 * direction), abs(direction))
    return abs(total - wanted) <= _NEAR * (size + abs(wanted)) + 2 * spread


def _along(values: Array, direction: Array) -> float:
    return float(values * direction) if values.shape == () else float(weighted_sum(values, direction))


def _equal(value: Array, answer: Array, margin: Array | None, near: float = _NEAR) -> bool:
    if value.shape != answer.shape:
        return False
    off = largest_magnitude([larger(abs(value - answer) - (0.0 if margin is None else margin), 0.0)])
    return off <= near * max(largest_magnitude([answer]), largest_magnitude([value]))
