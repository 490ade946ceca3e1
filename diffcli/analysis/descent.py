"""Gradient descent: the iterates, and a diagnosis from what they did."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from diffcli.analysis.finite import check_finite
from diffcli.analysis.gradient import built_scalar
from diffcli.analysis.problem import Problem
from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Array
from diffcli.autodiff.reverse import gradient as reverse_gradient
from diffcli.errors import DiffcliError, ExitCode, fault
from diffcli.execute.arrays import all_finite, dot, euclidean_norm, stepped, zeros_like
from diffcli.execute.program import Program
from diffcli.source import Source

Status = Literal["converged", "step-limit", "oscillating", "diverged", "not-finite", "time-limit", "interrupted"]

_EXIT_CODES: dict[Status, ExitCode] = {
    "converged": ExitCode.DONE,
    "step-limit": ExitCode.DONE,
    "oscillating": ExitCode.NEGATIVE,
    "diverged": ExitCode.NEGATIVE,
    "not-finite": ExitCode.NOT_FINITE,
    "time-limit": ExitCode.TIME_LIMIT,
    "interrupted": ExitCode.INTERRUPTED,
}

#: Steps in a row that turn back without getting lower before the run is called oscillating.
_PATIENCE = 20
#: Growth of the gradient norm, over the larger of 1 and that of the start, at which the run is
#: called diverged: when it climbs, and when it falls (a deep minimum is not an abyss).
_BLOW_UP, _ABYSS = 1e6, 1e12


class Iterate(NamedTuple):
    """A point of the path: the value and the Euclidean norm of the whole gradient there."""

    iteration: int
    at: Mapping[str, Array]
    value: float
    gradient_norm: float


@dataclass(frozen=True, slots=True)
class DescentReport:
    """What `descend` and `ascend` answer. `history` begins with the starting point."""

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

    @property
    def exit_code(self) -> ExitCode:
        """Whether the run got where it should."""
        return _EXIT_CODES[self.status]


@dataclass(frozen=True, slots=True)
class _Step:
    iterate: Iterate
    gradient: Mapping[str, Array]


def descent_report(
    problem: Problem,
    learning_rate: float,
    steps: int = 1000,
    tolerance: float = 1e-6,
    maximize: bool = False,
    seconds: float | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> DescentReport:
    """Take steps `x <- x - learning_rate * gradient` (`+` to maximize) from the problem's point.

    Ends when the gradient's norm is at most `tolerance`, after `steps`, when it diverges or
    oscillates without getting lower, after `seconds`, or when `stopped()` is true.
    """
    _check_options(learning_rate, steps, tolerance)
    path: list[Iterate] = []
    first: Mapping[str, Array] = {}
    outcome: tuple[Status, str] = ("step-limit", "")
    judge = _Judge(learning_rate, tolerance, maximize)
    deadline = None if seconds is None else time.monotonic() + seconds
    walk = _walk(problem, -learning_rate if maximize else learning_rate)
    try:
        for step in walk:
            path.append(step.iterate)
            first = first or step.gradient
            verdict = judge.verdict(step)
            if verdict is not None:
                outcome = verdict
                break
            if step.iterate.iteration >= steps:
                outcome = judge.at_the_limit(steps)
                break
            if stopped():
                outcome = "interrupted", f"Stopped by you after {_steps(step.iterate.iteration)}."
                break
            if deadline is not None and time.monotonic() > deadline:
                outcome = "time-limit", f"The time limit of {seconds:g} s was reached after {_steps(step.iterate.iteration)}."
                break
    except _NotFinite as end:
        path.append(end.iterate)
        first = first or end.gradient
        outcome = "not-finite", end.sentence
    last = path[-1]
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
    )


class _NotFinite(Exception):
    def __init__(self, iterate: Iterate, gradient: Mapping[str, Array], sentence: str) -> None:
        super().__init__(sentence)
        self.iterate = iterate
        self.gradient = gradient
        self.sentence = sentence


def _walk(problem: Problem, rate: float) -> Iterator[_Step]:
    """The points of the path, without end. Raises _NotFinite where there is no way on."""
    built = built_scalar(problem)
    sweep = reverse_gradient(built.graph, built.output, [built.inputs[name] for name in problem.wrt if name in built.inputs])
    adjoints = [sweep.adjoints.get(built.inputs.get(name, -1)) for name in problem.wrt]
    program = Program(built.graph, [built.output, *[adjoint for adjoint in adjoints if adjoint is not None]])
    point = {name: problem.values[name] for name in problem.values}
    iteration = 0
    while True:
        values = program.values({built.inputs[name]: value for name, value in point.items() if name in built.inputs})
        value = values[built.output]
        gradient = {name: zeros_like(point[name]) if adjoint is None else values[adjoint] for name, adjoint in zip(problem.wrt, adjoints, strict=True)}
        iterate = Iterate(iteration, {name: point[name] for name in problem.wrt}, float(value), euclidean_norm(gradient.values()))
        if not (all_finite(value) and all(all_finite(part) for part in gradient.values())):
            raise _NotFinite(iterate, gradient, _not_finite(problem, point, iteration))
        yield _Step(iterate, gradient)
        point = {**point, **{name: stepped(point[name], gradient[name], rate) for name in problem.wrt}}
        iteration += 1


def _not_finite(problem: Problem, point: Mapping[str, Array], iteration: int) -> str:
    """The origin of the bad number, as a sentence."""
    built = built_scalar(problem)
    sweep = reverse_gradient(built.graph, built.output, built.inputs.values())
    values = Program(built.graph, range(len(built.graph))).values({built.inputs[name]: point[name] for name in built.inputs})
    trace = Trace(problem.source, built.graph, built.output, sweep, values)
    try:
        check_finite(trace, {name: values[sweep.adjoints[built.inputs[name]]] for name in problem.wrt if built.inputs.get(name) in sweep.adjoints})
        cause = "a number became too large"
    except DiffcliError as error:
        cause = error.diagnostic.message
    if iteration == 0:
        return f"The starting point is not usable: {cause}."
    return f"Step {iteration} left the region where the expression is finite: {cause}; a smaller learning rate may stay inside."


class _Judge:
    """Watches the path; says when to stop and why."""

    def __init__(self, learning_rate: float, tolerance: float, maximize: bool) -> None:
        self.rate = learning_rate
        self.tolerance = tolerance
        self.sign = -1.0 if maximize else 1.0
        self.lower, self.higher, self.bottom = ("higher", "lower", "maximum") if maximize else ("lower", "higher", "minimum")
        self.first: Iterate | None = None
        self.last: _Step | None = None
        self.best = float("inf")
        self.turns = 0
        self.turned = False
        self.gain = 0.0

    def verdict(self, step: _Step) -> tuple[Status, str] | None:
        """The end of the run at this point, if it is one."""
        now, before = step.iterate, self.last
        height = self.sign * now.value
        first = self.first = self.first or now
        if before is not None:
            self.turned = _dot(step.gradient, before.gradient) < 0
            self.gain = self.sign * before.iterate.value - height
            improved = height < self.best - 1e-12 * max(1.0, abs(self.best))
            self.turns = self.turns + 1 if self.turned and not improved else 0
        self.best = min(self.best, height)
        self.last = step
        if now.gradient_norm <= self.tolerance:
            return "converged", self._converged(now)
        if now.gradient_norm > (_BLOW_UP if self._risen(now) else _ABYSS) * max(1.0, first.gradient_norm):
            return "diverged", self._diverged(now)
        if self.turns >= _PATIENCE:
            if self._risen(now):
                return None  # it grows: wait until it has clearly diverged or the steps run out
            return "oscillating", self._oscillating()
        return None

    def at_the_limit(self, steps: int) -> tuple[Status, str]:
        """The diagnosis when the steps have run out."""
        assert self.last is not None
        assert self.first is not None
        now = self.last.iterate
        if steps == 0:
            return "step-limit", f"No step was taken; the gradient's norm is {now.gradient_norm:.3g}."
        if self._risen(now) and (self.turned or self.gain < 0):
            return "diverged", self._diverged(now)
        if self.turned and self.turns and self.sign * now.value >= self.sign * self.first.value * (1 - 1e-12 * math.copysign(1, self.first.value)):
            return "oscillating", self._oscillating()
        ratio = self.gain / abs(now.value) if now.value else 0.0
        return "step-limit", (
            f"Still getting {self.lower} after {_steps(steps)}: the last one changed the value by {self.gain:.2g} ({ratio:.2%}) "
            f"and the gradient's norm is {now.gradient_norm:.3g}, above the tolerance {self.tolerance:g}. "
            + (
                f"Every step jumps across the {self.bottom}: a smaller --lr gets there sooner."
                if self.turned
                else "The steps are short: try a larger --lr, or more --steps."
            )
        )

    def _risen(self, now: Iterate) -> bool:
        assert self.first is not None
        return self.sign * (now.value - self.first.value) > 1e-9 * max(1.0, abs(self.first.value))

    def _converged(self, now: Iterate) -> str:
        if now.iteration == 0:
            return (
                "The gradient is already zero at the start: the point is stationary (a minimum, a maximum, a saddle or a flat stretch), "
                "and gradient steps cannot leave it."
                if now.gradient_norm == 0
                else f"The gradient's norm is {now.gradient_norm:.3g} at the start, already within the tolerance {self.tolerance:g}."
            )
        return (
            f"After {_steps(now.iteration)} the gradient's norm is {now.gradient_norm:.3g}, within the tolerance {self.tolerance:g}: "
            "the slope is as good as zero."
        )

    def _diverged(self, now: Iterate) -> str:
        if self._risen(now):
            return (
                f"Each step overshoots the {self.bottom} and lands {self.higher} than before: the learning rate {self.rate:g} is too large, "
                "so the steps are too long. Try a smaller --lr."
            )
        return f"The value keeps getting {self.lower} without bound (it is {now.value:.3g}): there is no {self.bottom} in this direction."

    def _oscillating(self) -> str:
        return (
            f"Every step jumps across the {self.bottom} to the other side and the value gets no {self.lower}: the learning rate {self.rate:g} is too large, "
            "so the steps are too long. Try a smaller --lr."
        )


def _dot(a: Mapping[str, Array], b: Mapping[str, Array]) -> float:
    return sum(dot(a[name], b[name]) for name in a)


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count:,} steps"


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
