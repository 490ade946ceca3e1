"""Slips of steps of a descent: uphill, the wrong rate, the wrong gradient, a memory forgotten."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from diffcli.analysis.descent.optimizers import OPTIMIZERS, Rule
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.slips.gradient_slips import derivative_mutations
from diffcli.analysis.slips.mutation import Mutation, Told, spoken
from diffcli.analysis.slips.offer import offered
from diffcli.analysis.slips.readings import rewritten
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution, is_small, solution
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Message
from diffcli.primitives.exponential import sqrt
from diffcli.source import Source

_STEP = Message("gradient descent goes against the gradient: x <- x - lr*gradient")
_ASCENT = Message("gradient ascent goes along the gradient: x <- x + lr*gradient")
_TOGETHER = Message("all variables take their step from the same point")
_ANEW = Message("each step takes the gradient at the point it starts from")
#: Nodes of an expression whose wrong gradients are tried as steps; a step's number at which no bias is corrected.
_MOST, _LATE = 60, 10**6


class Number(Value):
    """A node with which an optimizer's rule can compute, as it does with arrays."""

    __slots__ = ()

    def sqrt(self) -> "Number":
        """The square root, which NumPy asks an element for."""
        return self.apply(sqrt, (self,), {})


#: The nodes of a gradient by variable, at a point given likewise.
Slope = Callable[[Mapping[str, int]], Mapping[str, int]]


class _Descent(NamedTuple):
    """Steps of a rule, as they are made on nodes."""

    graph: Graph
    rule: Rule
    lr: float
    hyperparameters: Mapping[str, Any]
    sign: float
    start: Mapping[str, int]
    steps: int

    def walked(self, slope: Slope, late: int = 0) -> dict[str, int]:
        """The point after the steps; `late` is added to their numbers."""
        point = dict(self.start)
        slots: dict[str, Mapping[str, Any]] = {name: {} for name in self.start}
        for step in range(1, self.steps + 1):
            gradient = slope(point)
            for name, node in gradient.items():
                g = Number(self.graph, node)
                x: Any = Number(self.graph, point[name])
                towards: Any = -g if self.sign < 0 else g
                moved: Any
                moved, slots[name] = self.rule(x, towards, slots[name], step + late, self.lr, **self.hyperparameters)
                point[name] = moved.index
        return point


def descent_slips(
    graph: Graph,
    output: int,
    wrt: Mapping[str, int],
    source: Source,
    settings: Settings,
    seen: Sequence[Sighting] = (),
    steps: int = 1,
) -> Iterator[Slip]:
    """The slips of the point after some steps, by variable.

    There are none where a search makes the steps, or where the gradient is clipped.
    """
    optimizer = OPTIMIZERS[settings.optimizer.name]
    if optimizer.method or settings.clip_norm is not None or settings.lr is None or not is_small(graph, output):
        return
    right = solution(graph, output, wrt, source)
    descent = _Descent(
        right.graph,
        optimizer.rule,
        settings.lr,
        settings.optimizer.values,
        -1.0 if settings.maximize else 1.0,
        right.wrt,
        steps,
    )
    asked = right.asking(descent.walked(partial(_moved, right, right.answers)))
    yield from offered(asked, _mutations(right, descent, settings), seen)


def _mutations(right: Solution, descent: _Descent, settings: Settings) -> Iterator[Mutation]:
    graph, slope = right.graph, partial(_moved, right, right.answers)
    rule = _STEP if descent.sign > 0 else _ASCENT
    name = settings.optimizer.name

    def given(kind: str, told: Message, point: Mapping[str, int], rule: Message = rule, family: str = "") -> Mutation:
        return Mutation(kind, family or kind, told, rule, None, right.wrt, whole=point)

    other_way = descent._replace(sign=-descent.sign)
    told = (
        Message("the step goes uphill, not downhill")
        if descent.sign > 0
        else Message("the step goes downhill, not uphill")
    )
    yield given("step-uphill", told, other_way.walked(slope))
    yield given(
        "rate-twice", Message("the learning rate was applied twice"), descent._replace(lr=descent.lr**2).walked(slope)
    )
    yield given("rate-forgotten", Message("the learning rate was forgotten"), descent._replace(lr=1.0).walked(slope))
    gradient = slope(descent.start)
    yield given("gradient-for-point", Message("this is the gradient, not the point after the step"), gradient)
    point = descent.walked(slope)
    step = {each: graph.value(node) - graph.value(descent.start[each]) for each, node in point.items()}
    told = Message("this is the step, not the point to which it leads")
    yield given("step-for-point", told, {each: change.index for each, change in step.items()}, family="step-for-point")
    yield given(
        "step-for-point", told, {each: (-change).index for each, change in step.items()}, family="step-for-point"
    )
    if len(right.wrt) > 1 and descent.steps == 1:
        told = Message("the variables took their steps one after the other, each from where the others had got")
        yield given("new-value-used", told, _one_by_one(descent, slope), _TOGETHER)
    if descent.steps > 1:
        told = Message("the gradient was not computed anew: every step took that of the first point")
        yield given("old-value-used", told, descent.walked(lambda _: gradient), _ANEW)
    plain = descent._replace(rule=OPTIMIZERS["gd"].rule, hyperparameters={})
    if name in ("momentum", "nesterov"):
        told = Message("the momentum was forgotten: each step took its own gradient alone")
        yield given("momentum-forgotten", told, plain.walked(slope), _formula(name))
    elif name != "gd":
        told = Message("this is a step of plain gradient descent, not of {optimizer}", optimizer=name)
        yield given("plain-step", told, plain.walked(slope), _formula(name))
    if name == "nesterov":
        heavy = {key: value for key, value in descent.hyperparameters.items() if key in ("momentum", "weight_decay")}
        told = Message("this is a step with plain momentum: it does not look ahead")
        yield given(
            "look-ahead-forgotten",
            told,
            descent._replace(rule=OPTIMIZERS["momentum"].rule, hyperparameters=heavy).walked(slope),
            _formula(name),
        )
    if name in ("adam", "adamw"):
        told = Message("the means were not corrected for starting at 0")
        yield given("bias-not-corrected", told, descent.walked(slope, _LATE), _formula(name))
    if descent.hyperparameters.get("weight_decay"):
        told = Message("the weight decay was forgotten")
        light = {**descent.hyperparameters, "weight_decay": 0.0}
        yield given(
            "weight-decay-forgotten", told, descent._replace(hyperparameters=light).walked(slope), _formula(name)
        )
    if right.output <= _MOST:
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


def _formula(name: str) -> Message:
    return Message(
        "the rule of {optimizer}: {formula}",
        optimizer=name,
        formula="; ".join(" ".join(line.split()) for line in OPTIMIZERS[name].formula),
    )


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


def _one_by_one(descent: _Descent, slope: Slope) -> dict[str, int]:
    """The point after a step in which each variable moves before the next one's gradient is taken."""
    point = dict(descent.start)
    for name in descent.start:
        point[name] = descent._replace(start=point).walked(slope)[name]
    return point
