"""Answers in the numbers that are asked for, within a time limit; every digit that is shown is proved.

In digits, everything is computed twice, with guard digits beyond those that are asked for: in
numbers, which are shown, and in balls, which enclose what is true. Where a ball is too large to
prove every digit that is shown, because of a cancellation, guard digits are doubled until it is
small enough (Ziv's strategy; A. Ziv, "Fast evaluation of elementary mathematical functions with
correctly rounded last bit", 1991).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from diffcli.analysis.precision import GUARDS, Precision
from diffcli.analysis.problem import Problem
from diffcli.deadline.budget import is_limited
from diffcli.deadline.limit import TimeLimit, within
from diffcli.errors import DiffcliError, ExitCode, OutOfReach, fault
from diffcli.execute.arrays import Array
from diffcli.messages import Argument, Message, some
from diffcli.primitives.gamma_family import arb_is_installed

#: Guard digits of the only run where nothing proves that they are enough.
_UNPROVED = GUARDS[3]
#: How much longer a run is expected to take than the one before.
_SLOWER = 1.5
#: Seconds beyond the limit in which what was found by then is sent, in doubles too.
_GRACE = 0.25


class Report(Protocol):
    """What a command answers."""

    @property
    def precision(self) -> Precision:
        """The numbers that it was computed with."""
        ...

    @property
    def answers(self) -> Mapping[str, Array]:
        """The numbers that were asked for, by what they are called."""
        ...


Result = TypeVar("Result")
Answer = TypeVar("Answer", bound=Report)


def limited(
    problem: Problem,
    seconds: float,
    work: Callable[[Problem], Answer],
    pilot: Callable[[Problem], Report] | None = None,
) -> Answer:
    """The work's report on the problem; in digits, with guard digits enough for all that are shown.

    `pilot` computes the same answers with less ado. Numbers other than doubles can take any time: raises DiffcliError
    at the time limit, and for what is out of reach. Both are functions of a module, or `partial`s of one: they cross
    to another process.
    """
    if not problem.precision:
        return work(problem)
    problem = problem._replace(
        arithmetic=problem.precision.arithmetic
    )  # loaded once: for the copy, and to read what it sends
    return in_time(problem, seconds, partial(answered, seconds=seconds, work=work, pilot=pilot))


def in_time(problem: Problem, seconds: float, work: Callable[[Problem], Result]) -> Result:
    """What the work makes of the problem.

    Raises DiffcliError at the time limit, whatever it is doing, and for what is out of reach.
    """
    try:
        whole = partial(_with_remarks, work)
        return whole(problem) if is_limited() else within(seconds, whole, problem, grace=_GRACE)
    except OutOfReach as reason:
        hint = Message("{digits} computes it in decimals", digits=Argument("digits", 50))
        raise fault("E603", reason.message, problem.source, hint=hint) from None
    except TimeLimit:
        raise _too_long(problem, seconds) from None


def _with_remarks(work: Callable[[Problem], Result], problem: Problem) -> Result:
    """The work's result, of which also that is found in this time that would be found when somebody looks at it."""
    result = work(problem)
    for remark in ("kinks", "precision", "agreement"):
        getattr(result, remark, None)
    return result


def _too_long(problem: Problem, seconds: float) -> DiffcliError:
    """The error of a time limit: what took long, and what would not."""
    precision, timeout = problem.precision, Argument("timeout")
    if not precision:
        message = Message("it takes longer than {seconds:g} s", seconds=seconds)
        hint = Message("a larger {timeout}, or {wrt} for fewer variables", timeout=timeout, wrt=Argument("wrt"))
    else:
        exact = Message("exact numbers") if precision.exact else Message("{digits} digits", digits=precision.digits)
        message = Message("with {exact} this takes longer than {seconds:g} s", exact=exact, seconds=seconds)
        hint = Message("a larger {timeout}, or fewer digits", timeout=timeout)
        if precision.exact:
            other = {"digits": Argument("digits", 50), "exact": Argument("exact", True)}
            hint = Message("a larger {timeout}, or {digits} instead of {exact}", timeout=timeout, **other)
    whole = problem.resolved.nodes[-1].span
    return fault("E601", message, problem.source, whole, hint=hint, exit_code=ExitCode.TIME_LIMIT)


def answered(
    problem: Problem,
    seconds: float,
    work: Callable[[Problem], Answer],
    pilot: Callable[[Problem], Report] | None = None,
) -> Answer:
    """The work's report as `limited` has it, in this process: what begins in the seconds may end after them."""
    from diffcli.execute.program import quietly

    if not problem.precision:
        return work(problem)
    with quietly():  # a nan somewhere is a result, in arrays of objects too
        guarded = _guarded(problem, problem.precision)
        return work(guarded) if problem.precision.exact else _settled(guarded, seconds, work, pilot)


def _guarded(problem: Problem, precision: Precision) -> Problem:
    """The problem in this precision, with its values in its arithmetic."""
    arithmetic = precision.arithmetic
    return problem._replace(
        precision=precision,
        arithmetic=arithmetic,
        values={name: problem.stated[name].valued(arithmetic) for name in problem.values},
    )


def _settled(
    problem: Problem, seconds: float, work: Callable[[Problem], Answer], pilot: Callable[[Problem], Report] | None
) -> Answer:
    """The report of the first run whose every digit is proved; of the last one that there is time for, with a doubt,
    where none is.
    """
    if not arb_is_installed():
        problem = problem._replace(precision=problem.precision._replace(guard=_UNPROVED))
        return _doubted(problem, work, Message("python-flint, which proves them, is not installed"))
    digits = problem.precision.digits or 0
    end = time.monotonic() + seconds / 2  # half is for the numbers themselves, and what the pilot leaves out
    for guard in GUARDS:
        started = time.monotonic()
        problem = _guarded(problem, problem.precision._replace(guard=guard))
        enclosed = _enclosed(problem, pilot or work)
        open_questions = _unproved(enclosed, digits)
        if not open_questions:
            found = _corrected(problem, enclosed, work(problem))
            if not _differing(problem, enclosed, found, guard == GUARDS[-1]):
                return found
            open_questions = _differing(problem, enclosed, found, False)
        if time.monotonic() + _SLOWER * (time.monotonic() - started) > end and guard != GUARDS[-1]:
            doubt: str = Message(
                "within {seconds:g} s not all of them could be proved; a larger {timeout} allows more guard digits",
                seconds=seconds,
                timeout=Argument("timeout"),
            )
            break
    else:
        doubt = _doubt(enclosed, open_questions)
    return _doubted(problem, work, doubt)


def _doubted(problem: Problem, work: Callable[[Problem], Answer], doubt: str) -> Answer:
    """The work's report in the problem's precision, which says why digits may be wrong."""
    doubt = Message("not every digit is certain: {doubt}", doubt=doubt)
    return work(_guarded(problem, problem.precision._replace(doubt=doubt)))


def _enclosed(problem: Problem, work: Callable[[Problem], Report]) -> Mapping[str, Array]:
    """The answers in balls; none where balls do not decide what comes next, or enclose nothing."""
    from diffcli.execute.ball import Undecided

    problem = problem._replace(precision=problem.precision._replace(enclosed=True))
    with problem.precision.arithmetic.precisely():
        try:
            return work(_guarded(problem, problem.precision)).answers
        except Undecided:
            return {}
        except DiffcliError as error:
            if error.diagnostic.exit_code != ExitCode.NOT_FINITE:
                raise
            return {}


def _unproved(enclosed: Mapping[str, Array], digits: int) -> list[str]:
    """The answers of which fewer digits are known than are asked for."""
    from diffcli.execute.enclosures import known

    return (
        [name for name, value in enclosed.items() if not known(value, digits)] if enclosed else [Message("the answer")]
    )


def _corrected(problem: Problem, enclosed: Mapping[str, Array], found: Answer) -> Answer:
    """The report with those answers as they are that are known to be fractions:
    0, where rounding leaves a small number.
    """
    from diffcli.execute.enclosures import correct

    answers = {name: correct(enclosed[name], value, problem.arithmetic) for name, value in found.answers.items()}
    report: Any = found
    return cast("Answer", replace(report, value=answers["the value"]))


def _differing(problem: Problem, enclosed: Mapping[str, Array], found: Report, tied: bool) -> list[str]:
    """The answers that are not what their balls prove."""
    from diffcli.execute.enclosures import proves

    lifted, digits = problem.arithmetic.lifted, problem.precision.digits or 0
    return [name for name, value in found.answers.items() if not proves(enclosed[name], lifted(value), digits, tied)]


def _doubt(enclosed: Mapping[str, Array], open_questions: list[str]) -> str:
    """Why the last of all runs proves less than is shown."""
    from diffcli.execute.enclosures import vanishing

    slots = {"what": some(open_questions, 6), "guard": GUARDS[-1], "exact": Argument("exact", True)}
    if all(name in enclosed and vanishing(enclosed[name]) for name in open_questions):
        return Message("{guard:,} guard digits do not tell {what} from 0; {exact} may tell", **slots)
    return Message(
        "{guard:,} guard digits do not prove {what}, as where numbers are compared that may be equal; {exact} may tell",
        **slots,
    )
