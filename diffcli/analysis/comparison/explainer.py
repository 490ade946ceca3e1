"""Verdicts where methods differ or the point is special: differences and rules in many digits, in limited time."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from diffcli.analysis.comparison.culprit import Culprit, culprit, forward_culprit
from diffcli.analysis.comparison.element import Element
from diffcli.analysis.comparison.groundwork import Groundwork
from diffcli.analysis.comparison.methods import Result, forward
from diffcli.analysis.comparison.taylor import remainder_slope
from diffcli.analysis.comparison.truth import LEVELS, Level, Scale, computed_numbers, precise, truth, wide
from diffcli.analysis.comparison.verdict import (
    ENGINES,
    FORMULA,
    FORWARD,
    REVERSE,
    Judgement,
    by_convention,
    explained,
    of_the_values,
    plainly,
    same,
)
from diffcli.analysis.formula_values import precisely
from diffcli.analysis.lost_digits import rounding_error
from diffcli.analysis.trace import Trace
from diffcli.deadline.limit import TimeLimit, streamed
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import Array, all_finite, doubles, shaped
from diffcli.execute.numbers import Numbers
from diffcli.execute.probe import Place
from diffcli.messages import Message

if TYPE_CHECKING:
    from diffcli import symbolic

#: Elements of a variable that are explained, at most, where methods differ; fewer where the graph is large.
_MOST_EXPLAINED, _MOST_PRECISE_WORK = 70, 20_000
#: Seconds for all work in many digits together, at most.
_MOST_SECONDS = 2.0
#: How bad a verdict must be for the next level of digits to be asked.
_DOUBTED = frozenset({"kink", "edge-of-domain", "isolated", "cancellation", "overflow", "disagree"})


class Explainer:
    """The work in many digits, all of which together has a limit of time; `late` tells that it is over."""

    def __init__(self, ground: Groundwork, seconds: float) -> None:
        self.ground = ground
        self.left, self.late = min(seconds, _MOST_SECONDS), False
        self._precise_gradients: dict[tuple[str, Any], Array] = {}
        self._rounding_errors: dict[str, Array] = {}

    def judged(self, name: str, chosen: list[Element]) -> list[Element]:
        """The chosen elements with a verdict each; those that need no explanation keep theirs.

        What single precision spoils is told of the one that is shown (see `told`).
        """
        return [self._by_precision(name, element) for element in self._explained(name, chosen)]

    def told(self, name: str, element: Element) -> Element:
        """The element with what single precision spoils, if that is the cause; or with what double precision gives."""
        suspect, verdict = self.ground.suspect(name, element.place), element.verdict
        if suspect is None:
            return element
        if element.spoiled is not None:
            why = suspect.explanation(element.answers, element.spoiled)
            said = Message("single precision is the cause: {why}", why=why)
        elif verdict.cause in ("cancellation", "overflow"):
            so_far, double = verdict.explanation, suspect.double
            said = Message("{said}; so does double precision: {double:.6g}", said=so_far, double=double)
        else:
            return element
        return element._replace(judgement=verdict._replace(explanation=said))

    def _by_precision(self, name: str, element: Element) -> Element:
        """The element, with single precision as the cause where that is it."""
        suspect, truth, cause = self.ground.suspect(name, element.place), element.truth, element.verdict.cause
        if cause in ("kink", "edge-of-domain", "isolated") or (cause == "disagree" and truth is not None):
            return element
        others = (truth and truth.central, element.answers.complex_step, element.answers.formula)
        right = next((other for other in others if other is not None and math.isfinite(other)), None)
        spoiled = None if suspect is None or right is None else suspect.spoiled(element.answers, right)
        if spoiled is None:
            return element
        return element._replace(judgement=Judgement("single-precision", "", spoiled.off), spoiled=spoiled)

    def _explained(self, name: str, chosen: list[Element]) -> list[Element]:
        """The chosen elements with a verdict each, but for what single precision may have done."""
        if not any(map(self._is_doubtful, chosen)):
            return chosen
        found = dict(enumerate(chosen))
        if self.ground.affordable and not self.late:
            found.update(self._in_time(self._verdicts, name, chosen))
            if not self.late:
                return list(found.values())
        return [
            self._in_doubles_alone(name, element) if element.judgement is None else element
            for element in found.values()
        ]

    def _is_doubtful(self, element: Element) -> bool:
        return element.judgement is None or bool(self.ground.kinks) or element.answers.formula is None

    def _verdicts(self, name: str, chosen: list[Element]) -> Iterator[tuple[int, Element]]:
        """The doubtful elements by place, each with a verdict, then perhaps with one in more digits."""
        most = max(1, min(_MOST_EXPLAINED, _MOST_PRECISE_WORK // computed_numbers(self.ground.built)))
        for place, element in enumerate(chosen[:most]):
            for level in LEVELS if self._is_doubtful(element) else ():
                element = self._at_level(name, element, level)  # noqa: PLW2901  # the element, better by a level
                yield place, element
                if element.verdict.cause not in _DOUBTED:
                    break
            if element.verdict.cause == "disagree":
                return

    def _in_doubles_alone(self, name: str, element: Element) -> Element:
        """The element with a verdict for want of work in many digits; a rule is not accused of what rounding may do."""
        judgement = explained(element.answers, None, {}, False, False)
        if {REVERSE, FORWARD} & {*judgement.wrong} and self._may_be_rounding(name, element):
            judgement = Judgement(
                "unchecked",
                Message(
                    "the methods differ, as where {precision} loses digits; to compute the expression with more takes "
                    "too long",
                    precision=self.ground.tolerances.precision,
                ),
            )
        return element._replace(judgement=judgement)

    def _may_be_rounding(self, name: str, element: Element) -> bool:
        """Whether rounding errors may move the gradient as far as the formula or the difference is from it."""
        found, difference = self.ground.gradient.get(name), element.answers.difference
        right = element.answers.formula if difference is None else difference.value
        if found is None or right is None or self.ground.sweep is None:
            return False
        if name not in self._rounding_errors:
            self._rounding_errors[name] = rounding_error(
                self.ground.sweep, name, self.ground.inputs, found, self.ground.machine
            )
        return bool(self._rounding_errors[name][element.place] >= abs(found[element.place] - right))

    def _at_level(self, name: str, element: Element, level: Level) -> Element:
        """The element with differences in so many digits, and a verdict by them where it had none or is special."""
        scale = Scale(
            self.ground.largest,
            float(self.ground.inputs[self.ground.built.inputs[name]][element.place]),
            element.answers.least,
        )
        slopes = truth(
            self.ground.built, self.ground.inputs, self.ground.built.inputs[name], element.place, scale, level
        )
        element = element._replace(truth=slopes, judgement=plainly(element.answers))
        if element.judgement is not None and not (slopes.kink or slopes.edge):
            return element
        if (
            element.answers.formula is not None
            and element.answers.error(element.answers.formula, slopes.central) > self.ground.tolerances.rounding
        ):
            element = self._with_more_digits(name, element, 2 * level.digits)
        answers = element.answers if element.formula_digits is not None else element.answers._replace(formula=None)
        judgement = explained(
            answers,
            slopes,
            self._precise(name, element.place, wide(level, scale)),
            bool(self.ground.kinks),
            self.ground.fault is not None,
        )
        if element.formula_digits is None and judgement.cause in ("agree", "rounding"):
            judgement = Judgement(
                "unchecked", Message("the formula differs, and has too many operations to be computed with more digits")
            )
        if (
            judgement.cause == "disagree"
            and (self.ground.kinks or self.ground.fault)
            and same(element.answers, judgement.wrong)
            and self.culprit is None
        ):
            judgement = by_convention(element.answers, slopes, judgement.wrong)
        elif len(judgement.wrong) == len(ENGINES) and not slopes.kink:
            judgement = of_the_values(slopes)
        return element._replace(judgement=judgement)

    def _with_more_digits(self, name: str, element: Element, digits: int) -> Element:
        """The element with the formula's value in more digits, where affordable: the formula may lose some itself."""
        found = precisely(
            cast("symbolic.Formula", self.ground.symbolic.formulas[name]), self.ground.at, digits
        )  # it had a value in fewer
        if found is None:
            return element._replace(formula_digits=None)
        return element._replace(
            answers=element.answers._replace(formula=float(found[element.place])), formula_digits=digits
        )

    def _in_time(self, work: Callable[..., Iterator[Result]], *arguments: object) -> list[Result]:
        """Results of the work before the time limit, which is that of all work in many digits together."""
        found: list[Result] = []
        begun = time.monotonic()
        try:
            found.extend(streamed(max(self.left, 0.01), work, *arguments))
        except TimeLimit:
            self.late = True
        self.left -= time.monotonic() - begun
        return found

    @cached_property
    def culprit(self) -> Culprit | None:
        """The rule that is wrong in the backward pass."""
        return None if self.ground.trace is None else culprit(_in_doubles(self.ground.trace))

    def blamed(self, wrong: set[str]) -> Culprit | None:
        """The rule that makes methods wrong; None where it is not found in time."""
        if self.ground.trace is None or self.ground.reverse.failure or not wrong - {FORMULA}:
            return None
        return next(iter(self._in_time(self._culprits, _in_doubles(self.ground.trace), wrong)), None)

    def _culprits(self, trace: Trace, wrong: set[str]) -> Iterator[Culprit | None]:
        nodes = [self.ground.built.inputs[name] for name in self.ground.problem.wrt]
        yield forward_culprit(trace, nodes) if wrong == {FORWARD} else self.culprit

    def _precise(self, name: str, place: Place, arithmetic: Numbers) -> Mapping[str, float]:
        """Both modes' values in many digits, where there are some."""
        node = self.ground.built.inputs[name]
        if self.ground.sweep is None or self.ground.reverse.failure or node not in self.ground.sweep.backward.adjoints:
            return {}
        if (name, arithmetic) not in self._precise_gradients:
            self._precise_gradients[name, arithmetic] = precise(
                self.ground.built.graph,
                {name: self.ground.sweep.backward.adjoints[node]},
                self.ground.inputs,
                arithmetic,
            )[name]
        values = {
            other: shaped(arithmetic.lifted(self.ground.inputs[position]))
            for other, position in self.ground.built.inputs.items()
        }
        problem = self.ground.problem._replace(values=values, arithmetic=arithmetic)
        tangent = forward(problem, self.ground.built, {name: [place]}).values
        found: dict[str, float] = {REVERSE: float(self._precise_gradients[name, arithmetic][place])}
        return found | {FORWARD: float(tangent[name][place])} if tangent else found

    def taylor_slope(self, name: str, element: Element) -> float | None:
        """The power of the step with which the Taylor remainder shrinks; None where that would tell nothing."""
        special = element.verdict.cause in ("rounding", "kink", "edge-of-domain", "isolated", "overflow")
        if (
            special
            or self.late
            or not self.ground.affordable
            or name not in self.ground.gradient
            or self.ground.reverse.failure
            or not all_finite(self.ground.gradient[name])
        ):
            return None
        return next(iter(self._in_time(self._taylor_slopes, name, element.answers.least)), None)

    def _taylor_slopes(self, name: str, least: float) -> Iterator[float | None]:
        arithmetic = wide(LEVELS[0], Scale(self.ground.largest, size=least))
        yield remainder_slope(
            self.ground.built,
            self.ground.inputs,
            self.ground.built.inputs[name],
            self.ground.gradient[name],
            arithmetic,
            self.ground.tolerances,
        )


def _in_doubles(trace: Trace) -> Trace:
    """The trace as double precision has it: a rule that is wrong is so in any numbers, and is looked for in these."""
    return trace._replace(
        values=[None if value is None else doubles(value) for value in trace.values], arithmetic=FLOAT64
    )
