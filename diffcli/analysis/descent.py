"""Gradient descent: the iterates, and a diagnosis from what they did."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from diffcli.analysis.demands import check_demands
from diffcli.analysis.diagnosis import Iterate, Judge, Status, counted
from diffcli.analysis.executed import Executed, executed
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.origin import origin
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, swept
from diffcli.analysis.values import Array
from diffcli.errors import DiffcliError, ExitCode, fault
from diffcli.execute.arrays import euclidean_norm, stepped
from diffcli.execute.program import Program
from diffcli.source import Source

_EXIT_CODES: dict[Status, ExitCode] = {
    "converged": ExitCode.DONE,
    "step-limit": ExitCode.DONE,
    "oscillating": ExitCode.NEGATIVE,
    "diverged": ExitCode.NEGATIVE,
    "not-finite": ExitCode.NOT_FINITE,
    "time-limit": ExitCode.TIME_LIMIT,
    "interrupted": ExitCode.INTERRUPTED,
    "kink": ExitCode.NOT_FINITE,
}


@dataclass(frozen=True, slots=True)
class DescentReport:
    """What `descend` and `ascend` answer. `history` begins with the starting point.

    `start_kinks` and `kinks` are those that the starting point and the last one sit on.
    """

    expression: str
    maximize: bool
    learning_rate: float
    tolerance: float
    start: Mapping[str, Array]
    final: Mapping[str, Array]
    value: float
    gradient_norm: float
    status: Status
    explanation: str
    iterations: int
    history: tuple[Iterate, ...]
    first_gradient: Mapping[str, Array]
    start_kinks: tuple[KinkNotice, ...]
    kinks: tuple[KinkNotice, ...]

    @property
    def exit_code(self) -> ExitCode:
        """Whether the run got where it should."""
        return _EXIT_CODES[self.status]


def descent_report(
    problem: Problem,
    learning_rate: float,
    steps: int = 1000,
    tolerance: float = 1e-6,
    maximize: bool = False,
    seconds: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
    strict: bool = False,
) -> DescentReport:
    """Take steps `x <- x - learning_rate * gradient` (`+` to maximize) from the problem's point.

    Ends when the gradient's norm is at most `tolerance`, after `steps`, when it diverges or
    oscillates without getting lower, after `seconds`, when `stopped()` is true, or, if `strict`,
    at the first point that sits on a kink.
    """
    _check_options(learning_rate, steps, tolerance)
    path: list[Iterate] = []
    first: Mapping[str, Array] = {}
    outcome: tuple[Status, str] | None = None
    judge = Judge(learning_rate, tolerance, maximize)
    deadline = math.inf if seconds is None else time.monotonic() + seconds
    sweep = swept(problem)
    walk = _walk(problem, sweep, -learning_rate if maximize else learning_rate)
    while outcome is None:
        now, gradient = next(walk)
        path.append(now)
        first = first or gradient
        if not (math.isfinite(now.value) and math.isfinite(now.gradient_norm)):
            outcome = "not-finite", _not_finite(problem, sweep, now)
        elif strict and (found := _kinks_at(problem, sweep, now)):
            outcome = "kink", f"{_after(now)} the point sits on a kink, where --strict stops: {found[0].headline}."
        elif (verdict := judge.verdict(now, gradient)) is not None:
            outcome = verdict
        elif now.iteration >= steps:
            outcome = judge.at_the_limit(steps)
        elif stopped():
            outcome = "interrupted", f"Stopped by you after {counted(now.iteration)}."
        elif time.monotonic() > deadline:
            outcome = "time-limit", f"The time limit of {seconds:g} s was reached after {counted(now.iteration)}."
    last = path[-1]
    if outcome[0] in ("converged", "step-limit", "oscillating") and (cause := _fault_at(problem, sweep, last)):
        outcome = "not-finite", f"{_after(last)} the gradient is not to be trusted: {cause}."
    return DescentReport(
        expression=problem.source.text.strip(),
        maximize=maximize,
        learning_rate=learning_rate,
        tolerance=tolerance,
        start=path[0].at,
        final=last.at,
        value=last.value,
        gradient_norm=last.gradient_norm,
        status=outcome[0],
        explanation=outcome[1],
        iterations=last.iteration,
        history=tuple(path),
        first_gradient=first,
        start_kinks=_kinks_at(problem, sweep, path[0]),
        kinks=_kinks_at(problem, sweep, last),
    )


def _walk(problem: Problem, sweep: Sweep, rate: float) -> Iterator[tuple[Iterate, Mapping[str, Array]]]:
    """The points of the path with the gradients there, without end."""
    program = Program(sweep.built.graph, [sweep.built.output, *sweep.adjoints])
    point = dict(problem.values)
    for iteration in count():
        values = program.values(sweep.inputs(point))
        if iteration == 0:
            check_demands(problem, sweep.built, values)
        gradient = sweep.gradient(values, point)
        norm = euclidean_norm(gradient.values())
        yield Iterate(iteration, {name: point[name] for name in problem.wrt}, float(values[sweep.built.output]), norm), gradient
        point |= {name: stepped(point[name], gradient[name], rate) for name in problem.wrt}


def _executed_at(problem: Problem, sweep: Sweep, iterate: Iterate) -> Executed:
    return executed(problem._replace(values={**problem.values, **iterate.at}), sweep)


def _kinks_at(problem: Problem, sweep: Sweep, iterate: Iterate) -> tuple[KinkNotice, ...]:
    """The kinks that a point of the path sits on; where its numbers are not finite nothing is said."""
    if not (math.isfinite(iterate.value) and math.isfinite(iterate.gradient_norm)):
        return ()
    return kinks(_executed_at(problem, sweep, iterate).trace)


def _fault_at(problem: Problem, sweep: Sweep, end: Iterate) -> str | None:
    """What is wrong with the value or the gradient at a point, if something is."""
    found = origin(*_executed_at(problem, sweep, end)[:2])
    return found and found.message


def _after(iterate: Iterate) -> str:
    return f"After {counted(iterate.iteration)}" if iterate.iteration else "At the start"


def _not_finite(problem: Problem, sweep: Sweep, end: Iterate) -> str:
    """The origin of the bad number, as a sentence."""
    cause = _fault_at(problem, sweep, end) or "a number became too large"
    if end.iteration == 0:
        return f"The starting point is not usable: {cause}."
    return f"Step {end.iteration} left the region where the expression is finite: {cause}; a smaller learning rate may stay inside."


def _check_options(learning_rate: float, steps: int, tolerance: float) -> None:
    if not (learning_rate > 0 and math.isfinite(learning_rate)):
        hint = "to climb instead, use ascend" if learning_rate < 0 else "a usual one is 0.1"
        raise _option_fault("the learning rate must be a number above 0", "--lr", learning_rate, hint)
    if steps < 0:
        raise _option_fault("the number of steps must not be negative", "--steps", steps, "0 steps evaluate the starting point")
    if not (tolerance >= 0 and math.isfinite(tolerance)):
        raise _option_fault("the tolerance must be a number not below 0", "--tol", tolerance, "a usual one is 1e-6")


def _option_fault(message: str, name: str, value: float, hint: str) -> DiffcliError:
    source = Source(f"{value:g}", name)
    return fault("E403", message, source, source.whole, hint=hint)
