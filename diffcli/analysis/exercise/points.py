"""Points at which answers are held against the truth: drawn inside its domain, the same for the same question."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor, log10
from random import Random
from typing import NamedTuple

from diffcli.analysis.exercise.evaluation import inputs_of
from diffcli.analysis.exercise.question import Derivative, ForwardValue, Question, StableRate
from diffcli.analysis.exercise.target import Target
from diffcli.analysis.kinks import kinks
from diffcli.analysis.label_checks import check_demands
from diffcli.analysis.slope_kinks import slope_kinks
from diffcli.analysis.sweep import Sweep, meets_kinks
from diffcli.analysis.trace import Trace
from diffcli.autodiff.reverse import Gradient, gradient
from diffcli.errors import DiffcliError
from diffcli.execute.arrays import Array, all_finite, doubles, numbers_of, of_objects
from diffcli.execute.program import Program
from diffcli.primitives.shape import size

#: Points that are wanted, and where there are kinks; fewer than the last say nothing.
ENOUGH, ENOUGH_WITH_KINKS, LEAST = 8, 16, 3
#: Intervals to draw from, in turn; then these too; then numbers of any size within these powers of ten.
_RUNGS = ((0.3, 0.9), (1.2, 2.5), (-0.9, -0.1), (-2.5, -0.4), (3.0, 6.0), (-6.0, -3.0))
_FURTHER = (*_RUNGS, (0.02, 0.3), (6.0, 12.0), (-12.0, -6.0), (20.0, 50.0), (-50.0, -20.0), (100.0, 900.0))
_POWERS = (-4, 9)
#: Draws from the first intervals, from those and the further ones, and in all.
_NEAR, _FAR, _MOST = 60, 160, 320
#: Every so many draws, variables that are not differentiated by are whole numbers up to this, as labels are.
_WHOLE_EVERY, _LARGEST_LABEL = 5, 2
#: A point is passed over where a double is larger: what is right or wrong there is not seen elsewhere alone.
_LARGEST = 1e12
_SIGNIFICANT = 3


class Draw(NamedTuple):
    """A point: for which of the targets, and its numbers by variable, all of them exact."""

    target: int
    values: Mapping[str, Array]


class Ground:
    """A target in doubles: whether a point is inside the domain, apart from kinks, and on which sides of them."""

    def __init__(self, question: Question, target: Target) -> None:
        self.question, self.target = question, target
        graph, output, asked = target.graph, target.built.output, question.asked
        self.backward = Gradient({}, ()) if isinstance(asked, ForwardValue) else gradient(
            graph, output, [node for name, node in target.built.inputs.items() if name in question.problem.wrt]
        )  # fmt: skip
        self.bends = (isinstance(asked, Derivative) and asked.order > 1) or isinstance(asked, StableRate)
        self.kinked = not isinstance(asked, ForwardValue) and meets_kinks(graph, self.backward, self.bends)
        self.switches = [node for node in range(output + 1) if graph.primitives[node].kinks] if self.kinked else []
        self._looked_at = [output, *target.nodes.values()]
        last = len(graph)  # all that has been appended
        self._program = Program(graph, range(last) if self.kinked else self._looked_at)

    def values(self, point: Mapping[str, Array]) -> list[Array] | None:
        """The values of all nodes; None where what is looked at is not defined, or very large."""
        inputs = {node: doubles(point[name]) for name, node in inputs_of(self.target.graph).items() if name in point}
        values = self._program.values(inputs)
        try:
            check_demands(self.question.problem, self.target.built, values.__getitem__)
        except DiffcliError:
            return None
        found = [values[node] for node in self._looked_at]
        if not all(
            all_finite(value) and all(abs(each) <= _LARGEST for each in numbers_of(value)[1]) for value in found
        ):
            return None
        return values

    def is_smooth(self, values: Sequence[Array]) -> bool:
        """Whether the point sits on no kink that the derivative passes through."""
        if not self.kinked:
            return True
        built, problem = self.target.built, self.question.problem
        trace = Trace(problem.source, built.graph, built.output, self.backward, values)
        if not self.bends:
            return not kinks(trace)
        inputs = {node: values[node] for node in inputs_of(built.graph).values()}
        sweep = Sweep(built._replace(graph=built.graph.copied()), self.backward, problem.wrt)
        return not slope_kinks(trace._replace(graph=sweep.built.graph), sweep, inputs)

    def sides(self, values: Sequence[Array]) -> set[tuple[int, bool]]:
        """For each function with kinks whether its operand, or the first less the second, is above 0 somewhere, or
        not.
        """
        found = set()
        for node in self.switches:
            first, *others = (values[operand] for operand in self.target.graph.operands[node])
            apart = first - others[0] if others else first
            found |= {(node, number > 0) for number in numbers_of(apart)[1]}
        return found


def points(question: Question, targets: Sequence[Target]) -> list[Draw]:
    """Points inside the domain, on both sides of kinks where that can be; as many as were found.

    Of variables with a value, it is that.
    """
    grounds = [Ground(question, target) for target in targets]
    wanted = ENOUGH_WITH_KINKS if any(ground.kinked for ground in grounds) else ENOUGH
    found: list[Draw] = []
    seen: set[tuple[int, bool]] = set()
    for turn, draw in enumerate(_draws(question, targets)):
        ground = grounds[draw.target]
        enough = len(found) >= wanted
        if turn >= len(_RUNGS) and enough and len(seen) == 2 * len(ground.switches):
            break
        values = ground.values({**draw.values, **question.problem.values})
        if values is None or not ground.is_smooth(values):
            continue
        sides = ground.sides(values)
        if not enough or turn < len(_RUNGS) or not sides <= seen:
            found.append(draw)
            seen |= sides
    return found


def _draws(question: Question, targets: Sequence[Target]) -> Iterator[Draw]:
    random = Random(question.digest)
    wrt = question.problem.wrt
    for turn in range(_MOST):
        place = turn % len(targets)
        shapes = targets[place].shapes
        rung = _RUNGS[turn % len(_RUNGS)]
        used: set[Fraction] = set()
        values = {}
        for name in question.free:
            elements = range(size(shapes[name]))
            if turn % _WHOLE_EVERY == _WHOLE_EVERY - 1 and name not in wrt:
                numbers = [Fraction(int(random.random() * (_LARGEST_LABEL + 1))) for _ in elements]
            else:
                low, high = question.domain.get(name) or _rung(turn, rung, random)
                numbers = [_number(low, high, random, used) for _ in elements]
            values[name] = of_objects(numbers, shapes[name])
        yield Draw(place, values)


def _rung(turn: int, rung: tuple[float, float], random: Random) -> tuple[float, float]:
    """The interval of a variable: at first that of all, later one of its own, then of any size."""
    if (turn < 2 * len(_RUNGS) and turn % 2 == 0) or turn < len(_RUNGS):
        return rung
    if turn < _FAR:
        rungs = _RUNGS if turn < _NEAR else _FURTHER
        return rungs[int(random.random() * len(rungs))]
    low, high = _POWERS
    about = 10.0 ** (low + (high - low) * random.random())
    return (about, 3 * about) if random.random() < 0.5 else (-3 * about, -about)


def _number(low: float, high: float, random: Random, used: set[Fraction]) -> Fraction:
    """A number of few digits inside an interval, unlike those used, and no whole one where there are others."""
    number = Fraction(0)
    for extra in range(4):
        anywhere = low + (high - low) * random.random()
        largest = max(abs(low), abs(high), abs(high - low) / 10) or 1.0
        places = _SIGNIFICANT + extra - 1 - floor(log10(largest))
        scale = Fraction(10) ** places
        number = round(Fraction(anywhere) * scale) / scale
        if number not in used and (number.denominator > 1 or places <= 0) and low <= number <= high:
            break
    used.add(number)
    return number
