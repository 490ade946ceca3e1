"""The truth of a question at its points, found once for all answers: by both engines, which have to agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from diffcli.analysis.exercise.decimals import numerals
from diffcli.analysis.exercise.descent_step import by_hand, finished, hangs_on_rounding
from diffcli.analysis.exercise.evaluation import Evaluator, Numbers, digits, lifted
from diffcli.analysis.exercise.points import LEAST, Ground, points
from diffcli.analysis.exercise.question import (
    Derivative,
    ForwardValue,
    LocalDerivative,
    NextPoint,
    NodeGradient,
    Question,
    StableRate,
)
from diffcli.analysis.exercise.target import Claim, Target, held, held_name, target
from diffcli.errors import DiffcliError, fault
from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array, all_finite, doubles, first_apart, largest_magnitude, shaped
from diffcli.execute.difference_test import is_slope
from diffcli.messages import Message
from diffcli.primitives.shape import Shape, size

#: Extents of axes whose size is free, in two sets of shapes: what holds for one size alone is not right.
_EXTENTS = ((3, 4, 2, 5), (4, 2, 3, 6))
#: More numbers than this, in all nodes together, are computed in doubles.
_MOST_PRECISE = 100_000
#: Engines agree up to this part of a derivative; points at which differences are tried.
_EQUAL, _TRIED = 1e-12, 4
#: The result itself among the nodes of the truth: no part is called so.
_VALUE = "the value"
#: The size that a truth counts as at least, where it reaches 1 somewhere; one that is smaller is 0 but for rounding.
_FLOOR, _NOTHING = 1e-3, 1e-30


class Sample(NamedTuple):
    """A point, for which of the targets, the truth there by part, and what is as right, of steps taken by hand."""

    target: int
    point: Numbers
    truth: Mapping[str, Array]
    by_hand: Mapping[str, Array]

    @property
    def at(self) -> dict[str, Array]:
        """The point in doubles, as it is shown."""
        return {name: doubles(value) for name, value in self.point.items()}


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """A question with its truth, against which answers are held.

    `scales` are how large the truth gets, by part; `formulas` its formulas, where a formula is asked for and was found;
    `arithmetic` is what everything is computed in.
    """

    question: Question
    targets: tuple[Target, ...]
    samples: tuple[Sample, ...]
    scales: Mapping[str, float]
    formulas: Mapping[str, Any]
    arithmetic: Arithmetic
    numerals: frozenset[Fraction]

    def floor(self, part: str) -> float:
        """The least that counts as a size of the truth: of one that is small everywhere, less than of others."""
        scale = self.scales[part]
        small = _NOTHING < scale < 1 and not isinstance(self.question.asked, (NextPoint, StableRate))
        return _FLOOR * (scale if small else 1.0)

    @property
    def in_doubles(self) -> bool:
        """Whether the truth has the digits of doubles alone."""
        return self.arithmetic is FLOAT64 or isinstance(self.question.asked, StableRate)

    def right_answer(self, part: str) -> str | Array | None:
        """A right answer: the numbers, or the formula; None where none was found."""
        if self.question.numeric:
            return doubles(self.samples[0].truth[part])
        formula = self.formulas.get(part)
        return None if formula is None else str(formula.text)

    @property
    def shapes(self) -> tuple[Mapping[str, Shape], ...]:
        """The shapes that variables have, or may have, and with them what formulas call their sizes."""
        return tuple({**each.shapes, **dict.fromkeys(each.sizes, ())} for each in self.targets)


def answer_key(question: Question, seconds: float = 5.0, tidied: bool = False) -> AnswerKey:
    """The truth of a question, found within so many seconds or a little more.

    `tidied` formulas are as short as those of `diff`. Raises DiffcliError for a question that has no answer, or none
    that can be told from others, and where the engines do not agree.
    """
    targets = _targets(question)
    precise = sum(map(size, targets[0].graph.shapes)) <= _MOST_PRECISE
    arithmetic = digits() if precise else FLOAT64
    evaluators = [Evaluator(each.graph, {**each.nodes, _VALUE: each.built.output}, arithmetic) for each in targets]
    samples, raw = [], []
    for place, point in _points(question, targets, arithmetic):
        found = evaluators[place].at(point)
        value = found.pop(_VALUE)
        stated = (question, found, point, evaluators[place])
        truth = finished(*stated)
        if all(map(all_finite, (value, *truth.values()))) and not hangs_on_rounding(*stated):
            raw.append(found)
            samples.append(Sample(place, point, _in(arithmetic, truth), _in(arithmetic, by_hand(*stated))))
    if question.numeric and not samples:
        raise _undefined(question)
    if not question.numeric and len(samples) < LEAST:
        count = Message("{count} points inside its domain were found", count=len(samples))
        hint = Message("values that lie in its domain make it one about numbers")
        raise _no_answer(question, count, hint, "E703")
    formulas = _formulas(question, seconds, tidied)
    if question.numeric:  # what formulas call the sizes that are given
        named = {name: size_ for formula in formulas.values() for name, size_ in formula.sizes.items() if size_}
        targets = [each._replace(sizes=named) for each in targets]
    _check(question, targets, samples, raw, formulas, arithmetic)
    scales = {name: largest_magnitude(doubles(each.truth[name]) for each in samples) for name in question.parts}
    return AnswerKey(
        question, tuple(targets), tuple(samples), scales, formulas, arithmetic, numerals(question.expression)
    )


def _in(arithmetic: Arithmetic, values: Mapping[str, Array]) -> dict[str, Array]:
    return {name: lifted(value, arithmetic) for name, value in values.items()}


def _undefined(question: Question) -> DiffcliError:
    if isinstance(question.asked, StableRate):
        reason = Message("the expression bends upwards in no direction there, so that every rate is stable")
        return _no_answer(question, reason, Message("choose a point where it bends upwards"))
    if isinstance(question.asked, NextPoint) and question.asked.settings.steps > 1:
        reason = Message("the steps lead to where it is not defined, or where rounding decides how they go on")
        return _no_answer(question, reason, Message("ask for fewer steps, or shorter ones"))
    return _no_answer(question, Message("it is not defined at the point"), Message("choose a point inside its domain"))


def _no_answer(question: Question, reason: str, hint: str, code: str = "E702") -> DiffcliError:
    message = Message("the question cannot be graded: {reason}", reason=reason)
    return fault(code, message, question.problem.source, hint=hint)


def _targets(question: Question) -> list[Target]:
    """The graphs for the shapes that the variables have, or may have."""
    problem = question.problem
    if question.numeric:
        return [target(question, problem.shapes, {})]
    from diffcli.symbolic.convert.assumed_shapes import assumed_shapes

    assumed = assumed_shapes(problem.resolved, problem.wrt, problem.shapes, _EXTENTS)
    made: list[Target] = []
    refused: DiffcliError | None = None
    for each in assumed:
        try:
            made.append(target(question, each.shapes, each.sizes))
        except DiffcliError as error:
            refused = refused or error
        if len(made) == len(_EXTENTS):
            break
    if not made:
        assert refused is not None
        raise refused
    return made


def _points(question: Question, targets: Sequence[Target], arithmetic: Arithmetic) -> list[tuple[int, Numbers]]:
    """The points, each with its target: the one that is asked about, or those that are drawn."""
    problem = question.problem
    given = {
        name: value if arithmetic is FLOAT64 else problem.stated[name].valued(arithmetic)
        for name, value in problem.values.items()
    }
    if question.numeric:
        ground = Ground(question, targets[0])
        values = ground.values(problem.values)
        if values is not None and not ground.is_smooth(values):
            reason = Message("there is no derivative at this point, which sits on a kink")
            raise _no_answer(question, reason, Message("choose a point beside it"))
        return [(0, given)]
    return [
        (draw.target, {**{name: lifted(value, arithmetic) for name, value in draw.values.items()}, **given})
        for draw in points(question, targets)
    ]


def _formulas(question: Question, seconds: float, tidied: bool) -> dict[str, Any]:
    """The derivatives by SymPy, by part or by pair of variables, as far as they were found in time."""
    from diffcli.symbolic import Formula, derivatives
    from diffcli.syntax.resolved import held as held_intermediate

    problem = question.problem
    order, resolved, wrt = 1, problem.resolved, problem.wrt
    match question.asked:
        case Derivative(asked):
            order = asked
        case StableRate():
            order = 2
        case NodeGradient(node):
            intermediate = held_intermediate(resolved, node)
            if intermediate is None or any(len(shape) for shape in problem.shapes.values()):
                return {}
            resolved, wrt = intermediate, (node,)
        case ForwardValue() | LocalDerivative():
            return {}
    found = derivatives(resolved, wrt, problem.shapes, seconds, order=order, tidied=tidied)
    return {name: formula for name, formula in found.items() if isinstance(formula, Formula)}


def _check(
    question: Question, targets: Sequence[Target], samples: Sequence[Sample], raw: Sequence[Numbers],
    formulas: Mapping[str, Any], arithmetic: Arithmetic,
) -> None:  # fmt: skip
    """Raise DiffcliError where the formula, or differences of the function, say another truth than reverse mode."""
    for sample, found in zip(samples, raw, strict=True):
        for name, formula in formulas.items():
            other = _by_formula(question, targets[sample.target], formula, sample.point, arithmetic)
            mine = found[name] if name in found else next(iter(found.values()))
            if other is not None and all_finite(other) and first_apart(other, mine, _EQUAL, 0) is not None:
                raise _defect(question, Message("formula and reverse mode"))
    if arithmetic is FLOAT64:
        return
    for sample in samples[:_TRIED]:
        each = targets[sample.target]
        for claim in each.claims:
            if _fits(each, claim, sample.point, arithmetic) is False:
                raise _defect(question, Message("differences and reverse mode"))


def _by_formula(question: Question, each: Target, formula: Any, point: Numbers, arithmetic: Arithmetic) -> Array | None:
    """A formula's value at a point; None where it is none there, or too dear."""
    at = {name: value.tolist() for name, value in point.items()}
    if isinstance(question.asked, NodeGradient):
        node = question.asked.node
        places = {name: place for place, name in each.graph.names.items()}
        at[node] = Evaluator(each.graph, {node: places[node]}, arithmetic).at(point)[node].tolist()
    count = getattr(getattr(arithmetic, "context", None), "dps", None)
    found = formula.values(at) if count is None else formula.decimals(at, count)
    return None if found is None else lifted(shaped(found), arithmetic)


def _fits(each: Target, claim: Claim, point: Numbers, arithmetic: Arithmetic) -> bool | None:
    """Whether a node is the derivative that it claims to be, as far as differences tell."""
    graph, name = each.graph, each.graph.names.get(claim.by)
    here = Evaluator(graph, {"by": claim.by, "derivative": claim.derivative}, arithmetic).at(point)
    if name is None or each.built.inputs.get(name) != claim.by:
        graph, name = held(graph, claim.by), held_name(claim.by)
    function = Evaluator(graph, {"function": claim.function}, arithmetic)
    return is_slope(
        lambda moved: function.at({**point, name: moved})["function"], here["by"], here["derivative"], arithmetic
    )


def _defect(question: Question, engines: str) -> DiffcliError:
    hint = Message("this is a defect of diffcli; report it with the expression")
    message = Message("the question cannot be graded: {engines} differ on the truth", engines=engines)
    return fault("E702", message, question.problem.source, hint=hint)
