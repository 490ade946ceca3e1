"""The comparison made: differentiate in every way, look at some elements, judge, explain."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from diffcli.analysis.agreement import formula_in_digits
from diffcli.analysis.comparison.against import Against, against
from diffcli.analysis.comparison.compare_report import Answer, CompareReport, Partial
from diffcli.analysis.comparison.cost_rows import cost_rows
from diffcli.analysis.comparison.element import FORMULA_DIGITS, Element, answers_of
from diffcli.analysis.comparison.explainer import Explainer
from diffcli.analysis.comparison.groundwork import Groundwork, groundwork
from diffcli.analysis.comparison.growth import growth
from diffcli.analysis.comparison.methods import ByElement, Tried, complex_step, differences, forward
from diffcli.analysis.comparison.steps import step_sweep
from diffcli.analysis.comparison.truth import computed_numbers
from diffcli.analysis.comparison.verdict import CAUSES, FORMULA, FORWARD, REVERSE, Answers, Judgement, plainly
from diffcli.analysis.plan import plan_for
from diffcli.analysis.problem import Problem
from diffcli.execute.arithmetic import FLOAT32
from diffcli.execute.arrays import number_at, scalar
from diffcli.execute.many_digits import of_digits
from diffcli.execute.probe import Place, Probe, largest, relative_errors, spread
from diffcli.messages import Message
from diffcli.primitives.shape import size
from diffcli.source import Source

#: Elements of all variables together by which forward mode and differences differentiate; fewer where the graph is
#: large: a node costs as much as so many of its elements.
_MOST_ELEMENTS, _MOST_WORK, _ELEMENTS_A_NODE = 64, 200_000, 100
#: About how often the expression is computed for a difference.
_EVALUATIONS = 16
#: Digits beyond those asked for that the reference has then.
_MORE_DIGITS = 20


def compare_report(
    problem: Problem,
    seconds: float = 10.0,
    strict: bool = False,
    sweep: bool = False,
    grow: int | None = None,
    tidied: bool = True,
    given: Source | Callable[..., object] | None = None,
) -> CompareReport:
    """Differentiate in every way at the point and judge.

    `seconds` limits the search for formulas; `strict` makes a kink a failure; `sweep` adds the finite-difference error
    by step, `grow` the sizes of the derivatives of so many iterations of the expression. Formulas are brought into a
    short form if `tidied`; `given` is a derivative of the user's own, to be held against the others. Raises
    DiffcliError if the result is not a single number or undefined at the point.
    """
    ground = groundwork(problem, seconds, tidied)
    explainer = Explainer(ground, seconds)
    places = {name: _places(ground, name) for name in problem.wrt}
    built, varying = ground.built, [ground.built.inputs[name] for name in problem.wrt]
    machine, runs = ground.machine, _EVALUATIONS * sum(map(len, places.values()))
    inputs = {node: machine.lifted(value) for node, value in ground.inputs.items()}
    probe = Probe(built.graph, built.output, inputs, varying, machine, partial(plan_for, problem, runs=runs))
    tried = Tried(
        forward(problem, built, places),
        complex_step(built, ground.inputs, places),
        differences(built, probe, ground.inputs, places),
    )
    beside = {} if given is None else against(problem, given, seconds)
    partials = tuple(
        _beside(_partial(ground, explainer, name, places[name], tried), beside.get(name)) for name in problem.wrt
    )
    accused = {method for found in partials if found.judgement.cause == "disagree" for method in found.judgement.wrong}
    return CompareReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=scalar(ground.reverse.values[built.output]),
        gradient=ground.reverse.gradient,
        partials=partials,
        costs=tuple(cost_rows(ground, tried)),
        kinks=ground.kinks,
        culprit=explainer.blamed(accused),
        fault=ground.fault,
        formulas=ground.symbolic.rows,
        sweeps=tuple(step_sweep(built, probe, found.variable, found.place, found.reference) for found in partials)
        if sweep
        else (),
        growth=None if grow is None else growth(problem, grow, seconds),
        strict=strict,
        precision=problem.precision,
        plan=probe.plan,
    )


def _beside(partial: Partial, given: Against | None) -> Partial:
    """The comparison with what the user gave as one more method."""
    if given is None:
        return partial
    if given.value is None:
        answer = Answer(None, None, given.explanation)
    else:
        value = float(number_at(given.value, partial.place)[0])
        error = None if partial.reference is None else _error(value, partial.reference)
        answer = Answer(value, error)
    return replace(partial, against=given, answers={**partial.answers, "given": answer})


def _places(ground: Groundwork, name: str) -> list[Place]:
    """The elements that every method differentiates by: some of all, and the one where two engines differ most."""
    shape = ground.problem.shapes[name]
    work = len(ground.built.graph) + computed_numbers(ground.built) // _ELEMENTS_A_NODE
    budget = max(1, min(_MOST_ELEMENTS, _MOST_WORK // work) // len(ground.problem.wrt))
    places = spread(shape, budget)
    formula, gradient = ground.symbolic.rows[name].value, ground.gradient.get(name)
    if formula is not None and gradient is not None and gradient.shape == shape:
        worst = largest(
            relative_errors(gradient, formula, ground.tolerances.floor * ground.scale(name) * (formula == 0))
        )
        places = list(dict.fromkeys([worst, *places]))
    return places


def _partial(ground: Groundwork, explainer: Explainer, name: str, places: Sequence[Place], tried: Tried) -> Partial:
    """A variable's derivatives by all methods, at the element where the verdict is worst."""
    scale, row, reverse = ground.scale(name), ground.symbolic.rows[name], ground.gradient.get(name)
    chosen = []
    for place in places:
        answers = Answers(
            formula=None if row.value is None or math.isnan(row.value[place]) else float(row.value[place]),
            reverse=None if reverse is None or ground.reverse.failure else float(reverse[place]),
            forward=_double(tried.forward.values.get(name, {}).get(place)),
            complex_step=tried.complex_step.values.get(name, {}).get(place),
            difference=tried.differences.values[name][place],
            scale=float(scale[place]),
            tolerances=ground.tolerances,
        )
        chosen.append(Element(place, answers, plainly(answers)))
    element = max(
        explainer.judged(name, chosen), key=lambda element: (CAUSES.index(element.verdict.cause), element.error)
    )
    element = explainer.told(name, element)
    failure = ground.reverse.failure or tried.forward.failure
    if failure is not None:
        method = REVERSE if ground.reverse.failure else FORWARD
        element = element._replace(
            judgement=Judgement(
                "disagree", Message("{method} is broken: {failure}", method=method, failure=failure), (method,)
            )
        )
    reference, reference_is = element.reference
    return Partial(
        variable=name,
        place=element.place,
        formula=row.formula,
        reference=reference,
        reference_is=reference_is,
        answers=answers_of(element, reference, row, tried.complex_step, ground.reverse.failure, tried.forward.failure)
        | _in_precision(ground, name, element, tried.forward)
        | _beside_single_precision(ground, name, element, reference),
        taylor_slope=explainer.taylor_slope(name, element),
        truth=element.truth,
        judgement=element.verdict,
        looked_at=len(places),
        elements=size(ground.problem.shapes[name]),
    )


def _beside_single_precision(
    ground: Groundwork, name: str, element: Element, reference: float | None
) -> dict[str, Answer]:
    """What double precision gives, and a gradient check with its usual step, where singles were asked for."""
    suspect = ground.suspect(name, element.place)
    if suspect is None:
        return {}
    answers, (checked, moves) = element.answers, suspect.gradcheck()

    def answer(value: float, note: str) -> Answer:
        finite = math.isfinite(value)
        return Answer(
            value if finite else None,
            answers.error(value, reference) if finite and reference is not None else None,
            note,
        )

    step = f"{checked.step:.0e}"
    note = Message("with PyTorch's usual step {step}", step=step)
    singles = {
        method: Answer(FLOAT32.number(value, ()), None if reference is None else answers.error(value, reference))
        for method, value in (("reverse", answers.reverse), ("forward", answers.forward))
        if value is not None
    }
    return singles | {
        "float64": answer(suspect.double, Message("reverse mode at the same values")),
        "gradcheck": answer(
            checked.value, note if moves else Message("{note}, which is lost in single precision", note=note)
        ),
    }


def _in_precision(ground: Groundwork, name: str, element: Element, forwards: ByElement) -> dict[str, Answer]:
    """The engines' answers in the numbers asked for, where those are not doubles, with errors to as many digits."""
    if not ground.problem.precision:
        return {}
    digits = ground.problem.precision.digits or FORMULA_DIGITS
    reverse = ground.reverse.gradient.get(name)
    values = {
        "reverse": None if reverse is None or ground.reverse.failure else reverse[element.place],
        "forward": forwards.values.get(name, {}).get(element.place),
    }
    reference = _reference_in_precision(ground, name, element.place, digits)
    if reference is not None and FORMULA not in element.verdict.wrong:
        values = {"formula": reference, **values}
    answers = {method: value for method, value in values.items() if value is not None}
    wide = of_digits(digits + _MORE_DIGITS)
    return {
        method: Answer(value, None if reference is None else _error(wide.one(value), wide.one(reference)))
        for method, value in answers.items()
    }


def _reference_in_precision(ground: Groundwork, name: str, place: Place, digits: int) -> Any:
    """The formula's value in more digits than asked for, at the values as they were stated."""
    from diffcli.symbolic import Formula

    formula = ground.symbolic.formulas.get(name)
    if not isinstance(formula, Formula):
        return None
    found = formula_in_digits(ground.problem, formula, digits + _MORE_DIGITS)
    return None if found is None else found[place]


def _double(number: Any) -> float | None:
    return None if number is None else float(number)


def _error(value: Any, reference: Any) -> float:
    return float(abs(value - reference) / (abs(reference) or 1))
