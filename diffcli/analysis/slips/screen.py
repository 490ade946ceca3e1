"""Slips that fit an answer at one point in double precision: those that are worth computing in many digits."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
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


class Screen:
    """Slips beside an answer at one point, in doubles.

    A slip at one operation changes the answer by what it adds to an operand's adjoint, times the operand's derivative.
    Both are known along a direction after one run, so most slips cost a multiplication.
    """

    def __init__(self, solution: Solution, mutations: Iterable[Mutation], seen: Sighting) -> None:
        graph = solution.graph
        self._candidates = [each for mutation in mutations if (each := _candidate(solution, mutation)) is not None]
        self._answer = {
            name: doubles(value)
            for name, value in seen.answer.items()
            if name in solution.wrt and not _equal(doubles(value), doubles(seen.truth[name]), None, _RIGHT)
        }
        self._slack = {name: doubles(value) for name, value in seen.slack.items()}
        inputs = {node: doubles(seen.at[graph.names[node]]) for node in solution.inputs if graph.names[node] in seen.at}
        self._moved: dict[str, Mapping[int, int]] = {}
        self._directions: dict[str, Array] = {}
        for name in self._answer:
            node = solution.wrt[name]
            seed = graph.append_input(f"direction of {name}", graph.shapes[node], None)
            inputs[seed] = self._directions[name] = random_direction(hollow(graph.shapes[node]))
            found = tangents(graph, solution.output, {node: graph.value(seed)})
            self._moved[name] = {each: tangent.index for each, tangent in found.items()}
        targets = {
            node
            for candidate in self._candidates
            for change in candidate.changes
            for node in (change.wrong, change.right, *(each.get(change.target) for each in self._moved.values()))
            if node is not None
        }
        targets.update(node for candidate in self._candidates for node in (candidate.answers or {}).values())
        targets.update(solution.answers.values())
        self._values = Program(graph, sorted(targets)).values(inputs)
        self._missing = {
            name: _missing(self._answer[name], self._values[solution.answers[name]]) for name in self._answer
        }

    def fitting(self) -> tuple[list[Mutation], int]:
        """The slips whose answers by some variable are those that were seen, or may be, as far as doubles tell; and the
        number of different answers that were tried.
        """
        fits, tried = [], set()
        with quietly():
            for candidate in self._candidates:
                found = False
                for name in candidate.mutation.wrt:
                    if name not in self._answer:
                        continue
                    margin = self._slack.get(name)
                    if candidate.answers is not None:
                        wrong = self._values[candidate.answers[name]]
                        found |= _equal(wrong, self._answer[name], margin)
                        tried.add((name, wrong.shape, f"{_along(wrong, wrong):.9e}"))
                    elif (off := self._missing[name]) is not None:
                        total, size = _made_up(candidate.changes, self._values, self._moved[name])
                        found |= _adds_up(total, size, off, self._directions[name], margin)
                        tried.add((name, off.shape, f"{total:.9e}"))
                if found:
                    fits.append(candidate.mutation)
        return fits, max(len(tried), 1)

    def pairs(self) -> Iterator[tuple[Mutation, Mutation]]:
        """Two slips, at different operations, that change the answer by some variable to what was seen."""
        for name, off in self._missing.items():
            if off is None:
                continue
            with quietly():
                wanted = _along(off, self._directions[name])
                parts = [
                    (*_made_up(each.changes, self._values, self._moved[name]), each.mutation)
                    for each in self._candidates
                    if each.answers is None and name in each.mutation.wrt
                ]
            found = sorted((each for each in parts if isfinite(each[0]) and each[0]), key=lambda each: each[0])
            totals = [total for total, _, _ in found]
            for place, (total, size, mutation) in enumerate(found):
                margin = 2 * _NEAR * (size + abs(wanted))
                first = bisect_left(totals, wanted - total - margin, place + 1)
                for other, its, partner in found[first : bisect_right(totals, wanted - total + margin, place + 1)]:
                    near = abs(total + other - wanted) <= _NEAR * (size + its + abs(wanted))
                    if near and mutation.pulls.keys().isdisjoint(partner.pulls):
                        yield mutation, partner


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
