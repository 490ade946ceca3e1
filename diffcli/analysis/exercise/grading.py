"""Grading: an answer held against the truth at its points, in many digits."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from diffcli.analysis.exercise.answer import Answer, read
from diffcli.analysis.exercise.answer_reader import PartText
from diffcli.analysis.exercise.check_report import CheckReport, Failing, Fault, Feedback, Part
from diffcli.analysis.exercise.decimals import MOST, Decimal, Rounded, inexact, opened, rounded
from diffcli.analysis.exercise.descent_step import finished
from diffcli.analysis.exercise.evaluation import DIGITS, MORE_DIGITS, Evaluator, digits, lifted
from diffcli.analysis.exercise.forms import misfit
from diffcli.analysis.exercise.function_answer import Function
from diffcli.analysis.exercise.question import NextPoint, StableRate
from diffcli.analysis.exercise.running import Heavy, Running, begun
from diffcli.analysis.exercise.slip_naming import slip_behind
from diffcli.analysis.exercise.truth import AnswerKey, Sample
from diffcli.deadline.limit import TimeLimit, within
from diffcli.errors import Diagnostic, DiffcliError, ExitCode, fault
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import Array, doubles, first_apart, joined, number_at
from diffcli.execute.rounded_numbers import unrounded
from diffcli.graph.build import Built
from diffcli.messages import Argument, Message
from diffcli.primitives.shape import Shape
from diffcli.source import Source
from diffcli.syntax.resolved import Resolved

#: An answer equals the truth up to this part of the larger of the two; a function that computes in doubles up to more.
EQUAL, OF_DOUBLES = 1e-9, 1e-7
#: The largest part of the truth that rounded decimals may make up for.
_SLACK = 0.5
#: What is graded without a process of its own has so many characters, and is cheap to run.
_SHORT = 2_000
#: Seconds for algebra, which tells of the form of an answer, and may add a proof.
_FORM_SECONDS, _PROOF_SECONDS = 5.0, 1.0


def graded(
    key: AnswerKey, given: Source | Callable[..., object], feedback: Feedback = "hint", seconds: float = 5.0,
    lenient: bool = False, prove: bool = False, of_variables: bool = False,
) -> CheckReport:  # fmt: skip
    """The verdict on an answer, a text or a function of the question's variables.

    What is right at all points may be shown by algebra too, to `prove` it: nothing depends on that. `of_variables` is
    as in `read`.
    Raises DiffcliError for an answer that cannot be graded, and for one that takes longer than so many seconds.
    """
    work = partial(_graded, key, feedback=feedback, lenient=lenient, prove=prove, of_variables=of_variables)
    if not isinstance(given, Source):
        return work(given)
    try:
        if len(given.text) <= _SHORT:
            return work(given, light=True)
    except Heavy:
        pass
    try:
        return within(seconds, work, given)
    except TimeLimit:
        message = Message("the answer takes longer than {seconds:g} s to grade", seconds=seconds)
        hint = Message("a larger {timeout}", timeout=Argument("timeout"))
        raise fault("E601", message, begun(given), hint=hint, exit_code=ExitCode.TIME_LIMIT) from None


def attempted(
    key: AnswerKey, given: Source | Callable[..., object], feedback: Feedback = "hint", seconds: float = 5.0
) -> CheckReport:
    """The verdict on an answer as `graded` has it; where it cannot be graded, a report that says so, and why."""
    try:
        return graded(key, given, feedback, seconds)
    except DiffcliError as error:
        return replace(_report(key, given, (), feedback), diagnostic=error.diagnostic)


class _Outcome(NamedTuple):
    """The verdict on a part so far: where it fails, or what it rounds."""

    failing: Failing | None = None
    shapes: tuple[Shape, Shape] | None = None
    rounded: tuple[Rounded, ...] = ()
    misfit: Diagnostic | None = None
    values: tuple[Array, ...] = ()
    slack: Array | None = None
    built: Built | None = None


def _graded(
    key: AnswerKey, given: Source | Callable[..., object], feedback: Feedback, lenient: bool, prove: bool,
    of_variables: bool, light: bool = False,
) -> CheckReport:  # fmt: skip
    question = key.question
    if isinstance(given, Source):
        answer = read(question, key.shapes, given, of_variables)
        parts = tuple(_part(key, name, answer, light) for name in question.parts)
        prove = prove and all(each.verdict == "correct" and not each.rounded for each in parts)
        proved = prove and all(_is_proved(key, name, answer.parts[name].resolved) for name in question.parts)
    else:
        parts, proved = _of_function(key, Function(question, given)), False
    slip = slip_behind(key, parts) if feedback != "none" else None
    return replace(_report(key, given, parts, feedback), slip=slip, proved=proved, lenient=lenient)


def _report(
    key: AnswerKey, given: Source | Callable[..., object], parts: tuple[Part, ...], feedback: Feedback
) -> CheckReport:
    question, is_text = key.question, isinstance(given, Source)
    return CheckReport(
        expression=question.expression,
        at=question.problem.values,
        asked=question.sentence,
        how=question.how,
        answer=" ".join(given.text.split()) if isinstance(given, Source) else Function(question, given).name,
        parts=parts,
        feedback=feedback,
        held_against=len(key.samples),
        digits=DIGITS if is_text and not key.in_doubles else None,
        source=question.problem.source,
    )


def _of_function(key: AnswerKey, function: Function) -> tuple[Part, ...]:
    """The parts that a function gives."""
    found = []
    for name in key.question.parts:
        values = [function.at(sample, name) for sample in key.samples]
        found.append(_told(key, name, _held(key, name, values, OF_DOUBLES)._replace(values=tuple(values))))
    return tuple(found)


def _part(key: AnswerKey, name: str, answer: Answer, light: bool) -> Part:
    label = key.question.label(name)
    text = answer.parts.get(name)
    if text is None:
        return Part(name, label, "wrong", "missing", right=key.right_answer(name))
    outcome = _of_text(key, name, answer, text, light)
    found = _told(key, name, outcome)._replace(read_as=text.read_as)
    said = _form(key, text.resolved) if found.verdict == "correct" else None
    return found if said is None else found._replace(verdict="wrong", fault="form", said=said)


def _form(key: AnswerKey, resolved: Resolved) -> Message | None:
    """Why a right answer is not in the form asked for."""
    question = key.question
    if question.exact:
        decimals = inexact(resolved, key.numerals)
        if decimals:
            return Message("{numeral} is a decimal, and exact numbers are asked for", numeral=decimals[0])
    return None if question.form is None else misfit(question.form, resolved, _FORM_SECONDS)


def _is_proved(key: AnswerKey, name: str, resolved: Resolved) -> bool:
    """Whether algebra shows that an answer in numbers equals the formula."""
    formula = key.formulas.get(name)
    if key.question.numeric or formula is None or any(key.targets[0].shapes.values()):
        return False
    from diffcli.symbolic.derive.answer_form import asked

    try:
        return bool(within(_PROOF_SECONDS, asked, "equal", formula, resolved))
    except TimeLimit:
        return False


def _told(key: AnswerKey, name: str, outcome: _Outcome) -> Part:
    """The part that an outcome makes."""
    label, right = key.question.label(name), key.right_answer(name)
    part = Part(
        name, label, "correct", rounded=outcome.rounded, right=right, values=outcome.values, slack=outcome.slack,
        built=outcome.built,
    )  # fmt: skip
    if outcome.shapes is not None or outcome.misfit is not None:
        return part._replace(verdict="wrong", fault="shape", shapes=outcome.shapes, misfit=outcome.misfit)
    if outcome.failing is not None:
        fault_: Fault = "undefined" if outcome.failing.given is None else "value"
        return part._replace(verdict="wrong", fault=fault_, failing=outcome.failing)
    return part


def _of_text(key: AnswerKey, name: str, answer: Answer, text: PartText, light: bool) -> _Outcome:
    """The outcome of a part that is an expression."""
    exact, decimals = opened(text.resolved, key.numerals)
    running = Running(key, exact, answer.source, light)
    try:
        running.build()
    except DiffcliError as error:
        if not error.diagnostic.code.startswith("E30"):
            raise
        return _Outcome(misfit=error.diagnostic)
    given = [each.value for each in decimals]
    values = [running.at(sample, key.arithmetic, given) for sample in key.samples]
    outcome = _held(key, name, values, EQUAL)
    if outcome.failing is not None:
        numbers = _behind(key, name, running, decimals) if decimals else None
        if numbers is not None:
            outcome = _Outcome(rounded=rounded(decimals, numbers, key.in_doubles))
        else:
            outcome = _second_look(key, name, running, given, outcome)
    built = running.built(key.samples[0].target) if not decimals else None
    slack = _slack(key, running, decimals) if decimals and outcome.failing is not None else None
    return outcome._replace(values=tuple(values), slack=slack, built=built)


def _slack(key: AnswerKey, running: Running, decimals: Sequence[Decimal]) -> Array | None:
    """How far the decimals of an answer may be off at the first point, together."""
    if len(decimals) > MOST:
        return None
    given, sample = [each.value for each in decimals], key.samples[0]
    here = running.at(sample, key.arithmetic, given)
    moved = [
        running.at(sample, key.arithmetic, [*given[:place], each.value + each.half, *given[place + 1 :]])
        for place, each in enumerate(decimals)
    ]
    return doubles(sum(abs(value - here) for value in moved))


def _held(key: AnswerKey, name: str, values: Sequence[Array], within_: float) -> _Outcome:
    """The values of an answer at all points against the truth."""
    for sample, value in zip(key.samples, values, strict=True):
        truth = sample.truth[name]
        expected, given = truth.shape, value.shape
        if given != expected and (given != () or key.question.numeric):
            return _Outcome(shapes=(expected, given))
        place = first_apart(value, truth, within_, key.floor(name))
        other = sample.by_hand.get(name)
        if place is not None and (other is None or first_apart(value, other, within_, key.floor(name)) is not None):
            return _Outcome(_failing(sample, place, truth, value))
    return _Outcome()


def _failing(sample: Sample, place: tuple[int, ...], truth: Array, value: Array) -> Failing:
    given, _ = number_at(value, place)
    expected, _ = number_at(truth, place)
    defined = given - given == 0
    return Failing(sample.at, place, float(expected), float(given) if defined else None)


def _behind(key: AnswerKey, name: str, running: Running, decimals: Sequence[Decimal]) -> list[Any] | None:
    """Numbers that round to the decimals and with which the answer is right."""
    if len(decimals) > MOST or key.arithmetic is FLOAT64:
        return None

    def values(numbers: Sequence[Any]) -> list[Array]:
        return [running.at(sample, key.arithmetic, numbers) for sample in key.samples]

    def residuals(numbers: Sequence[Any]) -> Array:
        apart = {
            str(place): value - sample.truth[name]
            for place, (sample, value) in enumerate(zip(key.samples, values(numbers), strict=True))
        }
        return joined(apart)

    def is_right(numbers: Sequence[Any]) -> bool:
        return _held(key, name, values(numbers), EQUAL) == _Outcome()

    given, halves = [each.value for each in decimals], [each.half for each in decimals]
    return unrounded(residuals, given, halves, is_right, _SLACK * key.scales[name], key.arithmetic)


def _second_look(
    key: AnswerKey, name: str, running: Running, numbers: Sequence[Fraction], outcome: _Outcome
) -> _Outcome:
    """The outcome where the first look found a difference: all digits may have cancelled."""
    failing = outcome.failing
    if failing is None or key.arithmetic is FLOAT64 or isinstance(key.question.asked, (NextPoint, StableRate)):
        return outcome
    more = digits(MORE_DIGITS)
    for sample in key.samples:
        target = key.targets[sample.target]
        point = {each: lifted(value, more) for each, value in sample.point.items()}
        evaluator = Evaluator(target.graph, target.nodes, more)
        truth = finished(key.question, evaluator.at(point), point, evaluator)[name]
        value = running.at(sample, more, numbers)
        place = first_apart(value, truth, EQUAL, key.floor(name))
        if place is not None:
            return _Outcome(_failing(sample, place, truth, value))
    return _Outcome()
