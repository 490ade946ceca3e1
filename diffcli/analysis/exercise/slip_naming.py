"""The slip behind a wrong answer, where one explains it."""

from collections.abc import Iterable, Mapping, Sequence

from diffcli.analysis.descent.stepping import BESIDE_NORM
from diffcli.analysis.exercise.check_report import Part
from diffcli.analysis.exercise.descent_step import curvatures, on_paper
from diffcli.analysis.exercise.evaluation import digits, evaluated
from diffcli.analysis.exercise.question import (
    ONLY,
    Derivative,
    ForwardValue,
    LocalDerivative,
    NextPoint,
    NodeGradient,
    StableRate,
)
from diffcli.analysis.exercise.target import Target
from diffcli.analysis.exercise.truth import AnswerKey
from diffcli.analysis.slips.descent_slips import descent_slips
from diffcli.analysis.slips.gradient_slips import gradient_slips
from diffcli.analysis.slips.higher_slips import higher_slips
from diffcli.analysis.slips.naming import OF_POINTS, Naming, named
from diffcli.analysis.slips.rate_slips import rate_slips
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.step_slips import local_slips, node_slips, value_slips
from diffcli.analysis.slips.two_slips import two_slips
from diffcli.analysis.sweep import named_nodes
from diffcli.execute.arrays import Array, doubles, zeros_like

#: What a slip may lead to: a gradient that was not summed, or that is transposed, has another shape.
_SLIPPED = ("value", "shape")


def slip_behind(key: AnswerKey, parts: Sequence[Part]) -> Naming | None:
    """What explains the wrong values of an answer; None where nothing does, or too much."""
    answered = [part for part in parts if len(part.values) == len(key.samples) and part.fault in (None, *_SLIPPED)]
    if not any(part.fault in _SLIPPED for part in answered):
        return None
    target = key.targets[key.samples[0].target]
    seen = _sightings(key, target, answered)
    stepped = (OF_POINTS,) if isinstance(key.question.asked, NextPoint) else ()
    found = named(slips_of(key, target, seen, answered), seen, *stepped)
    if found is None and key.samples[0].by_hand:
        seen = _sightings(key, target, answered, by_hand=True)
        found = named(slips_of(key, target, seen, answered, by_hand=True), seen, *stepped)
    if found is None and key.question.asked == Derivative(1):
        found = two_slips(target.graph, target.built.output, _wrt(key, target), key.question.problem.source, seen)
    return found


def _sightings(key: AnswerKey, target: Target, answered: Sequence[Part], by_hand: bool = False) -> tuple[Sighting, ...]:
    """The answers at the points of the first target, beside the truth, or beside what is as right by hand."""
    return tuple(
        Sighting(
            {name: value for name, value in sample.at.items() if name in target.built.inputs},
            {
                _called(key, part): doubles((sample.by_hand if by_hand else sample.truth)[part.name])
                for part in answered
            },
            {_called(key, part): doubles(_filled(part.values[place], sample.truth[part.name])) for part in answered},
            {_called(key, part): part.slack for part in answered if part.slack is not None},
        )
        for place, sample in enumerate(key.samples)
        if sample.target == key.samples[0].target
    )


def _wrt(key: AnswerKey, target: Target) -> dict[str, int]:
    """The variables that are differentiated by, with their nodes."""
    inputs = target.built.inputs
    return {name: inputs[name] for name in key.question.problem.wrt if name in inputs}


def _filled(value: Array, like: Array) -> Array:
    """A single number repeated along the axes that it lacks; an array of another shape may be a slip too."""
    return value if value.shape else value + zeros_like(like)


def _called(key: AnswerKey, part: Part) -> str:
    """The name of a part among those of slips."""
    if part.name != ONLY:
        return part.name
    asked = key.question.asked
    return asked.node if isinstance(asked, NodeGradient) else "answer"


def slips_of(
    key: AnswerKey, target: Target, seen: Sequence[Sighting] = (), answered: Sequence[Part] = (), by_hand: bool = False
) -> Iterable[Slip]:
    """The slips of what is asked, as far as they fit what was seen; without that all that differ from the truth.

    Those `by_hand` are of steps as they are taken on paper.
    """
    graph, output, source = target.graph, target.built.output, key.question.problem.source
    wrt = _wrt(key, target)
    match key.question.asked:
        case Derivative(1):
            given = {part.name: part.built for part in answered if part.built is not None}
            return gradient_slips(graph, output, wrt, source, seen, given)
        case Derivative(order):
            return higher_slips(graph, output, wrt, source, order, seen)
        case NextPoint(settings):
            beside = 0.0 if by_hand else BESIDE_NORM
            taken = on_paper(settings) if by_hand else settings
            return descent_slips(graph, output, wrt, source, taken, seen, settings.steps, beside)
        case NodeGradient(node):
            return node_slips(graph, output, _node(key, target, node), source, seen)
        case ForwardValue(node):
            value = output if node == ONLY else _node(key, target, node)[node]
            return value_slips(graph, value, "answer", source, seen)
        case StableRate() if key.question.numeric:
            point = key.samples[0].point
            found = evaluated(graph, target.nodes, point, digits())
            return rate_slips(curvatures(key.question.problem.wrt, found, point), "answer")
        case LocalDerivative() if target.edge is not None:
            node_, position = target.edge
            return local_slips(graph, output, node_, position, "answer", source, seen)
    return ()


def _node(key: AnswerKey, target: Target, name: str) -> Mapping[str, int]:
    """A node by its name."""
    return named_nodes(key.question.problem._replace(of=(name,)), target.built)
