"""Slips of steps of a descent: uphill, the wrong rate or gradient, a memory forgotten, clipped in another way."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.stepping import BESIDE_NORM
from diffcli.analysis.slips.gradient_slips import derivative_mutations
from diffcli.analysis.slips.mutation import Mutation, Told, spoken
from diffcli.analysis.slips.offer import offered
from diffcli.analysis.slips.readings import rewritten
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution, is_small, solution
from diffcli.analysis.slips.steps import (
    Clip,
    Descent,
    Slope,
    by_element,
    by_norm,
    by_squared_norm,
    by_variable,
    to_norm,
    unclipped,
)
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Message
from diffcli.source import Source

_STEP = Message("gradient descent goes against the gradient: x <- x - lr*gradient")
_ASCENT = Message("gradient ascent goes along the gradient: x <- x + lr*gradient")
_TOGETHER = Message("all variables take their step from the same point")
_ANEW = Message("each step takes the gradient at the point it starts from")
_CLIPPED = Message("a gradient whose norm, of all elements, is above {most:g} is multiplied by {most:g}/norm")
#: Nodes of an expression, for all steps together, whose slips are tried; and whose wrong gradients are tried as steps.
_LARGEST, _MOST = 1_000, 60
#: A step's number at which no bias is corrected; the most steps of which fewer are tried, one after the other.
_LATE, _MOST_FEWER = 10**6, 5
#: Optimizers that divide by the root of a mean of squares, or of their sum: a gradient's length hardly matters to them.
_ADAPTIVE = frozenset({"adagrad", "rmsprop", "adam", "adamw"})


def descent_slips(
    graph: Graph, output: int, wrt: Mapping[str, int], source: Source, settings: Settings,
    seen: Sequence[Sighting] = (), steps: int = 1, beside: float = BESIDE_NORM,
) -> Iterator[Slip]:  # fmt: skip
    """The slips of the point after some steps, by variable.

    `beside` is added to the norm of a gradient that is clipped. There are none where a search makes the steps.
    """
    optimizer = OPTIMIZERS[settings.optimizer.name]
    if optimizer.method or settings.lr is None or not is_small(graph, output) or output * steps > _LARGEST:
        return
    right = solution(graph, output, wrt, source)
    descent = Descent(
        right.graph,
        optimizer.rule,
        settings.lr,
        settings.optimizer.values,
        -1.0 if settings.maximize else 1.0,
        right.wrt,
        steps,
        unclipped if settings.clip_norm is None else by_norm(settings.clip_norm, beside),
    )
    asked = right.asking(descent.walked(partial(_moved, right, right.answers)))
    yield from offered(asked, _mutations(right, descent, settings), seen)


def _mutations(right: Solution, descent: Descent, settings: Settings) -> Iterator[Mutation]:
    slope = partial(_moved, right, right.answers)
    yield from _of_steps(right, descent, slope)
    yield from _of_clipping(right, descent, slope, settings)
    yield from _of_the_rule(right, descent, slope, settings)
    if right.output * descent.steps <= _MOST:
        yield from _of_gradients(right, descent)


def _given(
    right: Solution, kind: str, told: Message, point: Mapping[str, int], rule: Message, family: str = ""
) -> Mutation:
    return Mutation(kind, family or kind, told, rule, None, right.wrt, whole=point)


def _of_steps(right: Solution, descent: Descent, slope: Slope) -> Iterator[Mutation]:
    """Slips of any descent: of the direction, the rate, the number of steps, and what is taken for the point."""
    graph, steps, given = right.graph, descent.steps, partial(_given, right)
    rule = _STEP if descent.sign > 0 else _ASCENT
    told = (
        Message("the step goes uphill, not downhill")
        if descent.sign > 0
        else Message("the step goes downhill, not uphill")
    )
    yield given("step-uphill", told, descent._replace(sign=-descent.sign).walked(slope), rule)
    squared, whole = descent._replace(lr=descent.lr**2), descent._replace(lr=1.0)
    yield given("rate-twice", Message("the learning rate was applied twice"), squared.walked(slope), rule)
    yield given("rate-forgotten", Message("the learning rate was forgotten"), whole.walked(slope), rule)
    gradient, point = slope(descent.start), descent.walked(slope)
    yield given("gradient-for-point", Message("this is the gradient, not the point after the step"), gradient, rule)
    told = Message("this is the step, not the point to which it leads")
    step = {each: graph.value(node) - graph.value(descent.start[each]) for each, node in point.items()}
    yield given("step-for-point", told, {each: change.index for each, change in step.items()}, rule)
    yield given("step-for-point", told, {each: (-change).index for each, change in step.items()}, rule)
    if len(right.wrt) > 1:
        told = Message("the variables took their steps one after the other, each from where the others had got")
        yield given("new-value-used", told, descent.walked(slope, together=False), _TOGETHER)
    if steps > 1:
        told = Message("the gradient was not computed anew: every step took that of the first point")
        yield given("old-value-used", told, descent.walked(lambda _: gradient), _ANEW)
    asked = (
        Message("what is asked for is the point after one step")
        if steps == 1
        else Message("what is asked for is the point after {count} steps", count=steps)
    )
    for other in (*range(max(1, steps - _MOST_FEWER), steps), steps + 1):
        told = (
            Message("this is the point after one step")
            if other == 1
            else Message("this is the point after {count} steps", count=other)
        )
        yield given("other-number-of-steps", told, descent._replace(steps=other).walked(slope), asked)


def _of_clipping(right: Solution, descent: Descent, slope: Slope, settings: Settings) -> Iterator[Mutation]:
    """Slips of a gradient's length: it was not clipped, or in another way, or lost where nothing is clipped."""
    most, given = settings.clip_norm, partial(_given, right)

    def clipped(kind: str, told: Message, clip: Clip, *beside: str) -> Mutation:
        rule = (_STEP if descent.sign > 0 else _ASCENT) if most is None else Message(_CLIPPED.template, most=most)
        made = given(kind, told, descent._replace(clip=clip).walked(slope), rule)
        return made._replace(beside=frozenset(beside))

    if settings.optimizer.name not in _ADAPTIVE and most != 1:
        told = Message("the gradient was replaced by its direction: it was divided by its norm")
        yield clipped("direction-for-gradient", told, to_norm(1.0))
    if most is None:
        return
    yield clipped("clipping-forgotten", Message("the gradient was not clipped"), unclipped)
    told = Message("each element was clipped, not the norm of all of them")
    yield clipped("clipped-by-element", told, by_element(most))
    if len(right.wrt) > 1:
        told = Message("each variable's gradient was clipped by itself, not the norm of all of them")
        yield clipped("clipped-by-variable", told, by_variable(most), "clipped-by-element")
    told = Message("the gradient was scaled up to the norm: a shorter one stays as it is")
    yield clipped("scaled-to-norm", told, to_norm(most))
    told = Message("the root is missing: the sum of the squares was taken for the norm")
    yield clipped("norm-without-root", told, by_squared_norm(most))
    told = Message("the step was clipped, not the gradient: the rate comes after")
    yield clipped("step-clipped", told, by_norm(most / descent.lr, 0.0), "clipping-forgotten")


def _of_the_rule(right: Solution, descent: Descent, slope: Slope, settings: Settings) -> Iterator[Mutation]:
    """Slips of an optimizer: a part of its rule was left out, or another one's was used."""
    name, values = settings.optimizer
    rule = Message(
        "the rule of {optimizer}: {formula}",
        optimizer=name,
        formula="; ".join(" ".join(line.split()) for line in OPTIMIZERS[name].formula),
    )

    def given(kind: str, told: Message, point: Mapping[str, int]) -> Mutation:
        return _given(right, kind, told, point, rule)

    def by(other: str) -> Descent:
        taken = OPTIMIZERS[other]
        kept = {key: values.get(key, each.default) for key, each in taken.hyperparameters.items()}
        return descent._replace(rule=taken.rule, hyperparameters=kept)

    def but(**changed: object) -> Descent:
        return descent._replace(hyperparameters={**values, **changed})

    if name in ("momentum", "nesterov"):
        told = Message("the momentum was forgotten: each step took its own gradient alone")
        yield given("momentum-forgotten", told, by("gd").walked(slope))
    elif name != "gd":
        told = Message("this is a step of plain gradient descent, not of {optimizer}", optimizer=name)
        plain = by("gd")._replace(hyperparameters={})
        yield given("plain-step", told, plain.walked(slope))
    if name == "nesterov":
        told = Message("this is a step with plain momentum: it does not look ahead")
        yield given("look-ahead-forgotten", told, by("momentum").walked(slope))
    if name == "momentum" and not values["dampening"]:
        told = Message("this is a step of nesterov: it looks ahead, which plain momentum does not")
        yield given("looked-ahead", told, by("nesterov").walked(slope))
    if name in ("adam", "adamw"):
        told = Message("the means were not corrected for starting at 0")
        yield given("bias-not-corrected", told, descent.walked(slope, number=lambda step: step + _LATE))
    if descent.steps > 1:
        if name in ("adam", "adamw"):
            told = Message("every step was corrected like the first: the exponent of b1 and b2 is the step's number")
            yield given("bias-as-at-first", told, descent.walked(slope, number=lambda _: 1))
            told = Message("the mean of the gradients was forgotten: each step took its own gradient alone")
            yield given("momentum-forgotten", told, but(betas=(0.0, values["betas"][1])).walked(slope))
        if name == "rmsprop" and values["momentum"]:
            told = Message("the momentum was forgotten: each step took its own gradient alone")
            yield given("momentum-forgotten", told, but(momentum=0.0).walked(slope))
        if name not in ("gd", "momentum"):
            told = Message("nothing was remembered: each step was taken like the first")
            yield given("memory-forgotten", told, descent.walked(slope, number=lambda _: 1, forgetful=True))
    if values.get("weight_decay"):
        told = Message("the weight decay was forgotten")
        yield given("weight-decay-forgotten", told, but(weight_decay=0.0).walked(slope))


def _of_gradients(right: Solution, descent: Descent) -> Iterator[Mutation]:
    """Right steps of a wrong gradient."""
    graph = right.graph
    for mutation in derivative_mutations(right):
        answers = mutation.answers(right)
        if answers is not None and all(
            graph.shapes[node] == graph.shapes[right.wrt[each]] for each, node in answers.items()
        ):
            moved = descent.walked(partial(_moved, right, {**right.answers, **answers}))
            yield mutation._replace(
                told=partial(_of_gradient, mutation.told),
                whole={each: moved[each] for each in answers},
                beside=frozenset({"step-uphill"}) if mutation.kind == "wrong-sign" else mutation.beside,
            )


def _of_gradient(told: Told) -> Message:
    return Message("the gradient is wrong: {slip}", slip=spoken(told))


def _moved(right: Solution, answers: Mapping[str, int], point: Mapping[str, int]) -> dict[str, int]:
    """The gradient's nodes at a point."""
    places = {
        right.wrt[name]: (lambda graph, node, operands, there=there: Value(graph, there))
        for name, there in point.items()
        if there != right.wrt[name]
    }
    if not places:
        return dict(answers)
    return {name: rewritten(right.graph, node, places) for name, node in answers.items()}
