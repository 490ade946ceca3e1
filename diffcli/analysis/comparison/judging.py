"""The comparison made: differentiate in every way, look at some elements, judge, explain."""

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from diffcli.analysis.agreement import formula_in_digits
from diffcli.analysis.comparison.compare_report import Answer, CompareReport, CostRow, Partial
from diffcli.analysis.comparison.costs import Size, graph_size
from diffcli.analysis.comparison.culprit import Culprit, culprit, forward_culprit
from diffcli.analysis.comparison.growth import growth
from diffcli.analysis.comparison.look import FORMULA_DIGITS, Look, answers_of
from diffcli.analysis.comparison.methods import (
    ByElement,
    Cost,
    Differences,
    Result,
    Reverse,
    complex_step,
    differences,
    forward,
    reverse,
    timed,
)
from diffcli.analysis.comparison.steps import step_sweep
from diffcli.analysis.comparison.taylor import remainder_slope
from diffcli.analysis.comparison.truth import DIGITS, LEVELS, Level, Scale, affordable, elements, precise, truth, wide
from diffcli.analysis.comparison.verdict import (
    CAUSES,
    ENGINES,
    FLOOR,
    FORMULA,
    FORWARD,
    REVERSE,
    ROUNDING,
    Answers,
    Judgement,
    by_convention,
    explained,
    of_the_values,
    plainly,
    same,
)
from diffcli.analysis.formula_values import SymbolicRow, evaluated, precisely
from diffcli.analysis.kinks import kinks
from diffcli.analysis.label_checks import check_demands
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, built_scalar, swept
from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Array
from diffcli.deadline.limit import TimeLimit, streamed
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import all_finite, doubles, largest_magnitude, shaped
from diffcli.execute.numbers import Numbers, of_digits
from diffcli.execute.probe import Place, largest, largest_magnitudes, relative_errors, spread
from diffcli.execute.program import Program
from diffcli.graph.build import Built
from diffcli.messages import Message
from diffcli.primitives.shape import size

if TYPE_CHECKING:
    from diffcli import symbolic

#: Elements of all variables together by which forward mode and differences differentiate; fewer where the graph is large:
#: a node costs as much as so many of its elements.
_MOST_ELEMENTS, _MOST_WORK, _ELEMENTS_A_NODE = 64, 200_000, 100
#: Elements of a variable that are explained, at most, where methods differ; fewer where the graph is large.
_MOST_EXPLAINED, _MOST_PRECISE_WORK = 70, 20_000
#: Seconds for all work in many digits together, at most.
_MOST_SECONDS = 2.0
#: How bad a verdict must be for the next level of digits to be asked.
_DOUBTED = frozenset({"kink", "edge-of-domain", "isolated", "cancellation", "overflow", "disagree"})
#: Digits beyond those asked for that the reference has then.
_MORE_DIGITS = 20


def compare_report(
    problem: Problem,
    seconds: float = 10.0,
    strict: bool = False,
    sweep: bool = False,
    grow: int | None = None,
    tidied: bool = True,
) -> CompareReport:
    """Differentiate in every way at the point and judge.

    `seconds` limits the search for formulas; `strict` makes a kink a failure; `sweep` adds the
    finite-difference error by step, `grow` the sizes of the derivatives of so many iterations of the
    expression. Formulas are brought into a short form if `tidied`. Raises DiffcliError if the result is not a single number or undefined at the point.
    """
    return _Comparison(problem, seconds, tidied).report(strict, sweep, grow)


def _in_doubles(trace: Trace) -> Trace:
    """The trace as double precision has it: a rule that is wrong is so in any numbers, and is looked for in these."""
    return trace._replace(
        values=[None if value is None else doubles(value) for value in trace.values], arithmetic=FLOAT64
    )


class _Comparison:
    """Everything that is computed once for all variables."""

    def __init__(self, problem: Problem, seconds: float, tidied: bool) -> None:
        self.problem = problem
        self.seconds = seconds
        self.tidied = tidied
        self.left, self.late = min(seconds, _MOST_SECONDS), False
        self.built, self.sweep, self.reverse = _reverse(problem)
        self.inputs = {node: doubles(problem.values[name]) for name, node in self.built.inputs.items()}
        check_demands(problem, self.built, self.reverse.values)
        self.trace = self._trace()
        self.gradient = {name: doubles(found) for name, found in self.reverse.gradient.items()}
        self.affordable = affordable(self.built)
        self.fault = self._fault()
        self.largest = self._largest()
        self._precise_gradients: dict[tuple[str, Any], Array] = {}
        self.kinks = kinks(self.trace) if self.trace is not None and not self.reverse.failure else ()
        self.formula_seconds: float | None = None
        self.formulas, self.rows = self._formulas()

    def report(self, strict: bool, sweep: bool, grow: int | None) -> CompareReport:
        """Look at some elements with every method, judge, explain."""
        places = {name: self._places(name) for name in self.problem.wrt}
        forwards = forward(self.problem, places)
        steps = complex_step(self.built, self.inputs, places)
        differenced = differences(self.built, self.inputs, places)
        partials = tuple(self._partial(name, places[name], forwards, steps, differenced) for name in self.problem.wrt)
        return CompareReport(
            expression=self.problem.source.text.strip(),
            at=self.problem.values,
            value=self.reverse.values[self.built.output].tolist(),
            gradient=self.reverse.gradient,
            partials=partials,
            costs=tuple(self._costs(forwards, steps, differenced)),
            kinks=self.kinks,
            culprit=self._blamed(
                {
                    method
                    for partial in partials
                    if partial.judgement.cause == "disagree"
                    for method in partial.judgement.wrong
                }
            ),
            fault=self.fault,
            formulas=self.rows,
            sweeps=tuple(
                step_sweep(self.built, self.inputs, partial.variable, partial.place, partial.reference)
                for partial in partials
            )
            if sweep
            else (),
            growth=None if grow is None else growth(self.problem, grow, self.seconds),
            strict=strict,
            precision=self.problem.precision,
        )

    def _trace(self) -> Trace | None:
        if self.sweep is None:
            return None
        return Trace(
            self.problem.source,
            self.built.graph,
            self.built.output,
            self.sweep.backward,
            self.reverse.values,
            self.problem.arithmetic,
        )

    def _fault(self) -> Diagnostic | None:
        """What is not finite in double precision. Raises DiffcliError where more digits do not help: then there is nothing to compare."""
        if self.trace is None or self.reverse.failure:
            return None
        try:
            check_finite(self.trace, self.reverse.gradient, self.problem)
        except DiffcliError as fault:
            value = {"value": self.built.output}
            if not self.affordable or not all_finite(
                precise(self.built.graph, value, self.inputs, of_digits(DIGITS))["value"]
            ):
                raise
            return fault.diagnostic
        return None

    def _formulas(self) -> "tuple[Mapping[str, symbolic.Formula | symbolic.NoFormula], Mapping[str, SymbolicRow]]":
        """The formulas, with values computed in many digits at the doubles that the variables have."""
        from diffcli.symbolic.vocabulary.limits import check_size
        from diffcli.symbolic.vocabulary.refusal import TooLarge

        try:
            check_size(self.problem.resolved)
        except TooLarge as refusal:
            return {}, {name: SymbolicRow(None, None, str(refusal), ()) for name in self.problem.wrt}
        from diffcli.symbolic import derivatives

        problem = self.problem
        formulas, self.formula_seconds = timed(
            lambda: derivatives(problem.resolved, problem.wrt, problem.shapes, self.seconds, tidied=self.tidied)
        )
        rows: dict[str, SymbolicRow] = {}
        left = self.seconds
        for name, formula in formulas.items():
            row, spent = timed(lambda: evaluated({name: formula}, self._at(), left, FORMULA_DIGITS))  # noqa: B023  # called at once
            left = max(left - spent, 0.1)
            rows |= row
        return formulas, rows

    def _places(self, name: str) -> list[Place]:
        """The elements that every method differentiates by: some of all, and where the formula and reverse mode differ most."""
        shape = self.problem.shapes[name]
        work = len(self.built.graph) + elements(self.built) // _ELEMENTS_A_NODE
        budget = max(1, min(_MOST_ELEMENTS, _MOST_WORK // work) // len(self.problem.wrt))
        places = spread(shape, budget)
        formula, gradient = self.rows[name].value, self.gradient.get(name)
        if formula is not None and gradient is not None and gradient.shape == shape:
            worst = largest(relative_errors(gradient, formula, FLOOR * self._scale(name) * (formula == 0)))
            places = list(dict.fromkeys([worst, *places]))
        return places

    def _scale(self, name: str) -> Array:
        """By element the largest contribution that arrives at the variable: its share in it is what an error is relative to."""
        node, shape = self.built.inputs[name], self.problem.shapes[name]
        flows = self.sweep.backward.flows if self.sweep is not None and not self.reverse.failure else ()
        arrived = [doubles(self.reverse.values[flow.contribution]) for flow in flows if flow.target == node]
        return largest_magnitudes([value for value in arrived if value.shape == shape], shape)

    def _partial(
        self, name: str, places: Sequence[Place], forwards: ByElement, steps: ByElement, differenced: Differences
    ) -> Partial:
        scale, row = self._scale(name), self.rows[name]
        looks = []
        for place in places:
            answers = Answers(
                formula=None if row.value is None or math.isnan(row.value[place]) else float(row.value[place]),
                reverse=None
                if name not in self.gradient or self.reverse.failure
                else float(self.gradient[name][place]),
                forward=_double(forwards.values.get(name, {}).get(place)),
                complex_step=steps.values.get(name, {}).get(place),
                difference=differenced.values[name][place],
                scale=float(scale[place]),
            )
            looks.append(Look(place, answers, plainly(answers)))
        look = max(self._explained(name, looks), key=lambda look: (CAUSES.index(look.verdict.cause), look.error))
        failure = self.reverse.failure or forwards.failure
        if failure is not None:
            method = REVERSE if self.reverse.failure else FORWARD
            look = look._replace(
                judgement=Judgement(
                    "disagree", Message("{method} is broken: {failure}", method=method, failure=failure), (method,)
                )
            )
        reference, reference_is = look.reference
        return Partial(
            variable=name,
            place=look.place,
            formula=row.formula,
            reference=reference,
            reference_is=reference_is,
            answers=answers_of(look, reference, row, steps, self.reverse.failure, forwards.failure)
            | self._in_precision(name, look, forwards),
            taylor_slope=self._taylor_slope(name, look),
            truth=look.truth,
            judgement=look.verdict,
            looked_at=len(places),
            elements=size(self.problem.shapes[name]),
        )

    def _in_precision(self, name: str, look: Look, forwards: ByElement) -> dict[str, Answer]:
        """The engines' answers in the numbers asked for, where those are not doubles, with errors to as many digits."""
        if not self.problem.precision:
            return {}
        digits = self.problem.precision.digits or FORMULA_DIGITS
        values = {
            "reverse": self._reverse_in_precision(name, look.place),
            "forward": forwards.values.get(name, {}).get(look.place),
        }
        reference = self._reference_in_precision(name, look.place, digits)
        if reference is not None and FORMULA not in look.verdict.wrong:
            values = {"formula": reference, **values}
        answers = {method: value for method, value in values.items() if value is not None}
        wide = of_digits(digits + _MORE_DIGITS)
        return {
            method: Answer(value, None if reference is None else _error(wide.one(value), wide.one(reference)))
            for method, value in answers.items()
        }

    def _reverse_in_precision(self, name: str, place: Place) -> Any:
        """Reverse mode's number itself."""
        return None if name not in self.reverse.gradient or self.reverse.failure else self.reverse.gradient[name][place]

    def _reference_in_precision(self, name: str, place: Place, digits: int) -> Any:
        """The formula's value in more digits than asked for, at the values as they were stated."""
        from diffcli.symbolic import Formula

        formula = self.formulas.get(name)
        if not isinstance(formula, Formula):
            return None
        found = formula_in_digits(self.problem, formula, digits + _MORE_DIGITS)
        return None if found is None else found[place]

    def _explained(self, name: str, looks: list[Look]) -> list[Look]:
        """The looks with a verdict each; those that need no explanation keep theirs."""
        if self.late or not any(map(self._is_doubtful, looks)):
            return looks
        if not self.affordable:
            return [_unchecked(look) if look.judgement is None else look for look in looks]
        found = dict(enumerate(looks))
        found.update(self._in_time(self._verdicts, name, looks))
        first = next((place for place, look in found.items() if look.judgement is None), None)
        if self.late and first is not None:
            found[first] = _unchecked(found[first])
        return list(found.values())

    def _is_doubtful(self, look: Look) -> bool:
        return look.judgement is None or bool(self.kinks) or look.answers.formula is None

    def _verdicts(self, name: str, looks: list[Look]) -> Iterator[tuple[int, Look]]:
        """The doubtful looks by their places, with a verdict each and then perhaps with one in more digits, until a method is wrong."""
        most = max(1, min(_MOST_EXPLAINED, _MOST_PRECISE_WORK // elements(self.built)))
        for place, look in enumerate(looks[:most]):
            for level in LEVELS if self._is_doubtful(look) else ():
                look = self._at_level(name, look, level)  # noqa: PLW2901  # the look, better by a level
                yield place, look
                if look.verdict.cause not in _DOUBTED:
                    break
            if look.verdict.cause == "disagree":
                return

    def _at_level(self, name: str, look: Look, level: Level) -> Look:
        """The look with what differences in so many digits say, and a verdict by them where there was none or the point is special."""
        scale = Scale(self.largest, float(self.inputs[self.built.inputs[name]][look.place]), look.answers.least)
        slopes = truth(self.built, self.inputs, self.built.inputs[name], look.place, scale, level)
        look = look._replace(truth=slopes, judgement=plainly(look.answers))
        if look.judgement is not None and not (slopes.kink or slopes.edge):
            return look
        if look.answers.formula is not None and look.answers.error(look.answers.formula, slopes.central) > ROUNDING:
            look = self._with_more_digits(name, look, 2 * level.digits)
        answers = look.answers if look.formula_digits is not None else look.answers._replace(formula=None)
        judgement = explained(
            answers,
            slopes,
            self._precise(name, look.place, wide(level, scale)),
            bool(self.kinks),
            self.fault is not None,
        )
        if look.formula_digits is None and judgement.cause in ("agree", "rounding"):
            judgement = Judgement(
                "unchecked", Message("the formula differs, and has too many operations to be computed with more digits")
            )
        if (
            judgement.cause == "disagree"
            and (self.kinks or self.fault)
            and same(look.answers, judgement.wrong)
            and self.culprit is None
        ):
            judgement = by_convention(look.answers, slopes, judgement.wrong)
        elif len(judgement.wrong) == len(ENGINES) and not slopes.kink:
            judgement = of_the_values(slopes)
        return look._replace(judgement=judgement)

    def _with_more_digits(self, name: str, look: Look, digits: int) -> Look:
        """The look with the formula's value in more digits, where it has not too many operations: the formula may lose some itself."""
        found = precisely(cast("symbolic.Formula", self.formulas[name]), self._at(), digits)  # it had a value in fewer
        if found is None:
            return look._replace(formula_digits=None)
        return look._replace(answers=look.answers._replace(formula=float(found[look.place])), formula_digits=digits)

    def _at(self) -> dict[str, Array]:
        return {name: self.inputs[node] for name, node in self.built.inputs.items()}

    def _in_time(self, work: Callable[..., Iterator[Result]], *arguments: object) -> list[Result]:
        """What the work finds before the time limit, which is that of all work in many digits together."""
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
        return None if self.trace is None else culprit(_in_doubles(self.trace))

    def _blamed(self, wrong: set[str]) -> Culprit | None:
        """The rule that makes methods wrong; None where it is not found in time."""
        if self.trace is None or self.reverse.failure or not wrong - {FORMULA}:
            return None
        return next(iter(self._in_time(self._culprits, _in_doubles(self.trace), wrong)), None)

    def _culprits(self, trace: Trace, wrong: set[str]) -> Iterator[Culprit | None]:
        nodes = [self.built.inputs[name] for name in self.problem.wrt]
        yield forward_culprit(trace, nodes) if wrong == {FORWARD} else self.culprit

    def _largest(self) -> float:
        """The largest number on the way to the value; that of all doubles where one is not finite."""
        forward = [doubles(value) for value in self.reverse.values[: self.built.output + 1] if value is not None]
        return largest_magnitude(forward) if all(map(all_finite, forward)) else sys.float_info.max

    def _precise(self, name: str, place: Place, arithmetic: Numbers) -> Mapping[str, float]:
        """Both modes' values in many digits, where there are some."""
        node = self.built.inputs[name]
        if self.sweep is None or self.reverse.failure or node not in self.sweep.backward.adjoints:
            return {}
        if (name, arithmetic) not in self._precise_gradients:
            self._precise_gradients[name, arithmetic] = precise(
                self.built.graph, {name: self.sweep.backward.adjoints[node]}, self.inputs, arithmetic
            )[name]
        values = {
            other: shaped(arithmetic.lifted(self.inputs[position])) for other, position in self.built.inputs.items()
        }
        tangent = forward(self.problem._replace(values=values, arithmetic=arithmetic), {name: [place]}).values
        found: dict[str, float] = {REVERSE: float(self._precise_gradients[name, arithmetic][place])}
        return found | {FORWARD: float(tangent[name][place])} if tangent else found

    def _taylor_slope(self, name: str, look: Look) -> float | None:
        special = look.verdict.cause in ("rounding", "kink", "edge-of-domain", "isolated", "overflow")
        if (
            special
            or self.late
            or not self.affordable
            or name not in self.gradient
            or self.reverse.failure
            or not all_finite(self.gradient[name])
        ):
            return None
        return next(iter(self._in_time(self._taylor_slopes, name, look.answers.least)), None)

    def _taylor_slopes(self, name: str, least: float) -> Iterator[float | None]:
        arithmetic = wide(LEVELS[0], Scale(self.largest, size=least))
        yield remainder_slope(self.built, self.inputs, self.built.inputs[name], self.gradient[name], arithmetic)

    def _costs(self, forwards: ByElement, steps: ByElement, differenced: Differences) -> Iterator[CostRow]:
        if self.formulas:
            from diffcli.symbolic import Formula, formula_size

            known = [formula for formula in self.formulas.values() if isinstance(formula, Formula)]
            sizes = [formula_size(formula) for formula in known]
            yield CostRow(
                "formulas",
                None,
                None,
                Size(sum(tree for tree, _ in sizes), sum(shared for _, shared in sizes)),
                self.formula_seconds,
            )
        if self.sweep is not None and not self.reverse.failure:
            cost = self.reverse.cost
            yield CostRow(
                REVERSE,
                cost.sweeps,
                cost.operations,
                graph_size(self.built.graph, self.sweep.adjoints),
                cost.seconds,
            )
        for method, tried in (
            (FORWARD, forwards.cost),
            (Message("complex step"), steps.cost),
            (Message("differences"), differenced.cost),
        ):
            if tried.sweeps:
                yield CostRow(method, tried.sweeps, tried.operations, None, tried.seconds)


def _unchecked(look: Look) -> Look:
    """The look with a verdict for want of work in many digits."""
    return look._replace(judgement=explained(look.answers, None, {}, False, False))


def _reverse(problem: Problem) -> tuple[Built, Sweep | None, Reverse]:
    """The graph with its adjoints, executed; a rule that fails while they are appended is a finding too."""
    try:
        sweep = swept(problem)
    except DiffcliError:
        raise
    except Exception as broken:
        built = built_scalar(problem)
        inputs = {node: problem.values[name] for name, node in built.inputs.items()}
        values = Program(built.graph, range(built.output + 1), problem.arithmetic).values(inputs)
        return (
            built,
            None,
            Reverse(
                {},
                values,
                Cost(0, 0, 0.0),
                Message("a rule failed: {name}: {broken}", name=type(broken).__name__, broken=broken),
            ),
        )
    return sweep.built, sweep, reverse(problem, sweep)


def _double(number: Any) -> float | None:
    return None if number is None else float(number)


def _error(value: Any, reference: Any) -> float:
    return float(abs(value - reference) / (abs(reference) or 1))
