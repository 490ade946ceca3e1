"""The slip that a wrong answer shows: which of those that fit is named, and when none is.

Two things can be mistaken for a slip. Several slips may lead to the same answer; then all of them are told, if they are
few. And an answer may be a slip's by chance: a whole number near the right one is hit by many. So the bits that the
answer's numbers hold are weighed against the number of slips that were tried.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import isfinite, log2
from typing import Any

from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, doubles, numbers_of
from diffcli.execute.many_digits import of_digits
from diffcli.execute.numbers import recomputed
from diffcli.execute.probe import random_direction
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph
from diffcli.messages import Joined, Message, listed
from diffcli.primitives.shape import Shape, size
from diffcli.primitives.structural import input

#: Digits in which slips are computed, at so many points; more elements in a graph are computed in doubles alone.
_DIGITS, _SURE, _MOST_ELEMENTS = 34, 3, 4_000
#: Numbers are equal within this part of the larger one, or of the third; and may be, as far as doubles tell.
_EQUAL, _LEAST, _ROUGH = 1e-9, 1e-3, 1e-6
#: Bits by which an answer must hold more than the choice among the slips tried: for a name, and for a hint of one.
_CERTAIN, _POSSIBLE = 6.0, 1.0
#: More slips than these fit by chance, or say nothing.
_MOST = 3
#: Where more than so many fit at all, an answer says nothing: 0, say, where several variables have no influence.
_MANY = 16
#: The most slips that are looked at.
_MOST_TRIED = 400
#: Beyond so many bits a number is no whole one or simple fraction that somebody might have hit.
_MOST_BITS = 40.0
#: Numbers of which an example is made, and the most elements that one shows.
_EXAMPLES, _SHOWN = (2.0, 3.0, 1.0, 0.5, 0.25, -2.0), 6

#: Which parts of an answer show a slip: derivatives by some variables, or their values after a step.
_DERIVATIVE, OF_POINTS = Message("in the derivative by {names}: {slip}"), Message("in {names}: {slip}")


@dataclass(frozen=True, slots=True)
class Naming:
    """What is said of a wrong answer: the slips that lead to it, and whether it can be nothing else.

    `variables` are those whose derivatives show it. `numbers` has what the slip and the right rule give at one point.
    """

    slips: tuple[Slip, ...]
    certain: bool
    variables: tuple[str, ...]
    told: Message
    rule: Message
    numbers: Message | None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the slips, those of two at once among them."""
        return tuple(kind for slip in self.slips for kind in slip.kind.split("+"))


def named(slips: Iterable[Slip], seen: Sequence[Sighting], part: Message = _DERIVATIVE) -> Naming | None:
    """The slip that a wrong answer shows, given the answers at one point or more; None where there is none to tell.

    `part` says which parts of an answer show it, where not all that are wrong do. Decimals are first taken as they
    stand, for 2.7 holds more than what rounds to it.
    """
    found = list(islice(slips, _MOST_TRIED))
    plain = [sighting._replace(slack={}) for sighting in seen]
    as_it_stands = _named(found, plain, seen, part)
    if as_it_stands is not None or all(not sighting.slack for sighting in seen):
        return as_it_stands
    return _named(found, seen, seen, part)


def _named(
    slips: Iterable[Slip], seen: Sequence[Sighting], rounded: Sequence[Sighting], part: Message
) -> Naming | None:
    wrong = wrong_answers(rounded)
    possible: list[tuple[Slip, tuple[str, ...]]] = []
    for slip in slips:
        found = _fitting(slip, [name for name in wrong if name in slip.answers], seen, None)
        if found:
            possible.append((slip, found))
        if len(possible) > _MANY:
            return None
    fits = [(slip, found) for slip, names in possible if (found := _surely(slip, names, seen))]
    if not fits:
        return None
    most = max(len(found) for _, found in fits)
    variables = next(found for _, found in fits if len(found) == most)
    alternatives = _apart([slip for slip, found in fits if found == variables], variables, seen[0].at)
    if not 0 < len(alternatives) <= _MOST:
        return None
    bits = _bits(variables, seen) - log2(max(slip.among for slip in alternatives))
    if any(slip.visible for slip in alternatives) and _is_something(variables, seen):
        bits = _MOST_BITS
    if bits < _POSSIBLE:
        return None
    certain = bits >= _CERTAIN and len(alternatives) == 1
    first = alternatives[0]
    return Naming(
        tuple(alternatives),
        certain,
        variables,
        _told(alternatives, certain, variables, wrong, part),
        first.rule,
        _numbers(first, variables[0], seen),
    )


def wrong_answers(seen: Sequence[Sighting]) -> list[str]:
    """The names of the answers that are not the truth at some point."""
    return [
        name
        for name in seen[0].answer
        if any(not _equal(each.answer[name], each.truth[name], each.slack.get(name)) for each in seen)
    ]


def differs(slip: Slip) -> bool:
    """Whether a slip's answers can be seen to differ from the right ones at a point of small numbers."""
    shapes = {name: slip.graph.shapes[node] for name, node in _inputs(slip.graph).items()}
    for at in _small_points(shapes):
        wrong, right = (_values(slip, slip.answers, at, None, right) for right in (False, True))
        if not _same(wrong, right):
            return True
    return False


def agree(graph: Graph, first: int, second: int, points: Sequence[Mapping[str, Array]]) -> bool:
    """Whether two nodes have the same values at all points, in many digits."""
    nodes, arithmetic = _inputs(graph), of_digits(_DIGITS)
    for at in points:
        inputs = {node: at[name] for name, node in nodes.items() if name in at}
        one, two = map(doubles, recomputed(graph, [first, second], inputs, arithmetic))
        if not (_finite(one) and _finite(two) and _equal(one, two)):
            return False
    return True


def _told(
    slips: Sequence[Slip], certain: bool, variables: Sequence[str], wrong: Sequence[str], part: Message
) -> Message:
    told: Message = slips[0].told
    if not certain:
        told = Message("this is consistent with a slip: {slips}", slips=_either([slip.told for slip in slips]))
    if len(variables) < len(wrong):
        told = Message(part.template, names=listed(variables, "and"), slip=told)
    return told


def _either(texts: Sequence[Message]) -> str:
    """Sentences between which nothing is decided."""
    *others, last = dict.fromkeys(texts)
    if not others:
        return last
    return Message("{these}; or: {last}", these=Joined(others, "; "), last=last)


def _fitting(
    slip: Slip, names: Sequence[str], seen: Sequence[Sighting], arithmetic: Arithmetic | None
) -> tuple[str, ...]:
    """The variables whose answers are the slip's at all points, and differ from the truth at one."""
    waiting = list(names)
    apart: set[str] = set()
    part = _ROUGH if arithmetic is None else _EQUAL
    for sighting in seen:
        if not waiting:
            return ()
        values = _values(slip, waiting, sighting.at, arithmetic)
        waiting = [
            name for name in waiting if _equal(values[name], sighting.answer[name], sighting.slack.get(name), part)
        ]
        apart.update(name for name in waiting if not _equal(values[name], sighting.truth[name]))
    return tuple(name for name in waiting if name in apart)


def _surely(slip: Slip, names: tuple[str, ...], seen: Sequence[Sighting]) -> tuple[str, ...]:
    """Those of the variables whose answers are the slip's in many digits too; all, where these would be dear."""
    elements = sum(size(slip.graph.shapes[node]) for node in slip.graph.needed(slip.answers.values()))
    return names if elements > _MOST_ELEMENTS else _fitting(slip, names, seen[:_SURE], of_digits(_DIGITS))


def _values(slip: Slip, names: Iterable[str], at: Mapping[str, Array], arithmetic: Any, right: bool = False) -> Any:
    """The slip's answers at a point, or the right ones, as doubles; computed in doubles without an arithmetic."""
    nodes = {name: (slip.right if right else slip.answers)[name] for name in names}
    inputs = {node: at[name] for name, node in _inputs(slip.graph).items() if name in at}
    found = (
        Program(slip.graph, nodes.values()).run({node: doubles(value) for node, value in inputs.items()})
        if arithmetic is None
        else recomputed(slip.graph, nodes.values(), inputs, arithmetic)
    )
    return {name: doubles(value) for name, value in zip(nodes, found, strict=True)}


def _inputs(graph: Graph) -> dict[str, int]:
    return {graph.names[node]: node for node in range(len(graph) - 1, -1, -1) if graph.primitives[node] is input}


def _apart(slips: Sequence[Slip], names: Sequence[str], at: Mapping[str, Array]) -> list[Slip]:
    """One slip of those that say the same in other words: of one family, with the same answers nearby.

    What says only that a sign is wrong gives way to what says why.
    """
    found: list[tuple[Slip, list[Any]]] = []
    places = [_nearby(at, part) for part in (0.05, -0.11)]
    for slip in slips:
        values = [_values(slip, names, place, None) for place in places]
        right = [_values(slip, names, place, None, right=True) for place in places]
        if all(_same(a, b) for a, b in zip(values, right, strict=True)):
            continue  # the truth, but for the point
        same = [other for other, others in found if all(_same(a, b) for a, b in zip(values, others, strict=True))]
        if not any(other.family in (slip.family, *slip.beside) for other in same):
            found = [(other, others) for other, others in found if other not in same or slip.family not in other.beside]
            found.append((slip, values))
    return [slip for slip, _ in found]


def _nearby(at: Mapping[str, Array], part: float) -> dict[str, Array]:
    """A point beside another one, every number moved by a part of its own size, no two alike."""
    return {name: doubles(value) + part * random_direction(doubles(value)) for name, value in at.items()}


def _same(first: Mapping[str, Array], second: Mapping[str, Array]) -> bool:
    """Whether the answers that both have are equal; what is not finite is no answer."""
    return all(
        _equal(first[name], second[name]) or not (_finite(first[name]) and _finite(second[name]))
        for name in first
        if name in second
    )


def _equal(value: Any, other: Any, slack: Any = None, part: float = _EQUAL) -> bool:
    """Whether all numbers are equal, or closer than the slack."""
    (shape, one), (same, two) = numbers_of(doubles(value)), numbers_of(doubles(other))
    margins = [0.0] if slack is None else numbers_of(doubles(slack))[1]
    return shape == same and all(
        abs(a - b) <= margins[place % len(margins)] + part * max(abs(a), abs(b), _LEAST)
        for place, (a, b) in enumerate(zip(one, two, strict=True))
    )


def _finite(value: Array) -> bool:
    return all(isfinite(number) for number in numbers_of(value)[1])


def _bits(names: Sequence[str], seen: Sequence[Sighting]) -> float:
    """The bits that an answer holds, in the elements in which it is wrong."""
    return sum(
        _height(number, margin)
        for sighting in seen
        for name in names
        for number, truth, margin in _elements(sighting, name)
        if abs(number - truth) > margin
    )


def _is_something(names: Sequence[str], seen: Sequence[Sighting]) -> bool:
    """Whether an answer is not 0 all over, which says nothing."""
    return any(number for each in seen for name in names for number in numbers_of(doubles(each.answer[name]))[1])


def _elements(sighting: Sighting, name: str) -> Iterator[tuple[float, float, float]]:
    """The answer's numbers, the right ones, and how far the former may be off."""
    (shape, numbers), (right, truth) = (numbers_of(doubles(each[name])) for each in (sighting.answer, sighting.truth))
    margins = numbers_of(doubles(sighting.slack[name]))[1] if name in sighting.slack else [0.0]
    for place, number in enumerate(numbers):
        margin = margins[place % len(margins)] + _EQUAL * max(abs(number), _LEAST)
        yield number, truth[place] if shape == right else float("inf"), margin


def _height(number: float, margin: float) -> float:
    """The bits of the simplest fraction that is no further from a number than the margin."""
    rest = abs(number)
    p, q, p_before, q_before = 1, 0, 0, 1
    while True:
        whole = int(rest)
        p, p_before = whole * p + p_before, p
        q, q_before = whole * q + q_before, q
        bits = log2(2 * p + 1) + log2(q)
        if abs(abs(number) - p / q) <= margin or rest == whole or bits >= _MOST_BITS:
            return min(bits, _MOST_BITS)
        rest = 1 / (rest - whole)


def _numbers(slip: Slip, name: str, seen: Sequence[Sighting]) -> Message | None:
    """What the slip and the right rule give at one point: the question's own, or one of small numbers."""
    points = (
        [seen[0].at]
        if len(seen) == 1
        else _small_points({name: doubles(value).shape for name, value in seen[0].at.items()})
    )
    for at in points:
        wrong, right = (_values(slip, [name], at, None, right)[name] for right in (False, True))
        if _finite(wrong) and _finite(right) and not _equal(wrong, right):
            if max(size(value.shape) for value in (wrong, *at.values())) > _SHOWN:
                return None
            return Message(
                "at {point} this gives {wrong}, the rule gives {right}",
                point=Joined([f"{variable} = {_written(doubles(value))}" for variable, value in at.items()]),
                wrong=_written(wrong),
                right=_written(right),
            )
    return None


def _small_points(shapes: Mapping[str, Shape]) -> Iterator[dict[str, Array]]:
    """Points of small numbers, no two of a point alike."""
    count = len(_EXAMPLES)
    for first, step in product(range(count), (1, 5)):
        places = iter(range(sum(map(size, shapes.values()))))
        yield {
            name: doubles(
                [_EXAMPLES[(first + step * each) % count] + each // count / 8 for each in islice(places, size(shape))]
            ).reshape(shape)[()]
            for name, shape in shapes.items()
        }


def _written(value: Array) -> str:
    """Numbers as the language writes them."""
    if value.shape == ():
        return f"{float(value) + 0:.6g}"
    return f"[{', '.join(_written(part) for part in value)}]"
