"""The Jacobian: every derivative of every element of the output, in the cheaper mode."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from diffcli.analysis.execution import executed
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.lost_digits import again, in_doubt
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.pattern import Pattern, jacobian_pattern
from diffcli.analysis.precision import Precision
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.recipe import jacobian as differentiated
from diffcli.analysis.recipe import pullback, pushforward
from diffcli.analysis.sweep import Sweep, built_graph, check_entries, elements, pulled, pushed
from diffcli.analysis.trace import Trace
from diffcli.errors import fault
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, all_finite
from diffcli.execute.derivative_matrices import generic, position, units
from diffcli.execute.executors.executor import Choice
from diffcli.execute.program import Program
from diffcli.messages import Argument, Message, listed
from diffcli.primitives.shape import size
from diffcli.source import Source

Mode = Literal["forward", "reverse"]


@dataclass(frozen=True, slots=True)
class JacobianReport(Presented):
    """The answer of `jacobian`.

    `jacobian` has for each variable of interest an array of the output's shape followed by the
    variable's. `sweeps` is how many times the program of the mode was run, `reason` why that mode.
    """

    expression: str
    at: Mapping[str, Array]
    value: Array
    jacobian: Mapping[str, Array]
    mode: Mode
    reason: str
    sweeps: int
    kinks: tuple[KinkNotice, ...]
    precision: Precision
    pattern: Pattern | None
    plan: Choice

    @property
    def answers(self) -> dict[str, Array]:
        """The numbers that were asked for, by what they are called."""
        return {Message("the value"): self.value, **{f"d/d{name}": block for name, block in self.jacobian.items()}}


def jacobian_report(
    problem: Problem, mode: Literal["auto", "forward", "reverse"] = "auto", pattern: bool = False
) -> JacobianReport:
    """Differentiate every element of the output by every element of the variables.

    `auto` takes the mode with fewer sweeps: forward mode needs one for each element of the
    variables, reverse mode one for each element of the output. With `pattern` the structure is
    found too. Raises DiffcliError for a matrix that is too large or not finite at the point.
    """
    if mode not in ("auto", *get_args(Mode)):
        given = Source(mode, Argument("mode"))
        message = Message(
            "{name} is {choices}, not '{value}'",
            name=Argument("mode"),
            choices=listed(["auto", *get_args(Mode)], "or"),
            value=mode,
        )
        raise fault("E402", message, given, hint=Message("leave it out for the one with fewer sweeps"))
    built = built_graph(problem)
    shape = built.graph.shapes[built.output]
    rows, columns = size(shape), elements(problem.shapes, problem.wrt)
    check_entries(problem, rows, columns, Message("Jacobian"))
    sweep = pulled(built, problem.wrt)
    trace = executed(problem, sweep, problem.arithmetic.number(generic(shape), shape)).trace
    check_finite(trace, {})
    chosen: Mode = ("reverse" if rows < columns else "forward") if mode == "auto" else mode
    forward = chosen == "forward"
    recipe = pushforward(sweep, pushed(built, problem.wrt, built.output)) if forward else pullback(sweep)
    sweeps = columns if forward else rows
    plan = recipe.at(problem, sweeps)
    found = differentiated(recipe, [plan.runner(direction) for direction in recipe.directions(problem)], problem)
    _check_rows(problem, sweep, trace, found)

    def run(arithmetic: Arithmetic) -> list[Array]:
        moved = again(problem, arithmetic)
        runner = recipe.at(moved, sweeps).runner
        results = [runner(direction) for direction in recipe.directions(moved)]
        return [runner(recipe.still(moved))[0], *differentiated(recipe, results, moved).values()]

    report = JacobianReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=trace.values[built.output],
        jacobian=found,
        mode=chosen,
        reason=_reason(chosen, rows, columns, mode != "auto"),
        sweeps=sweeps,
        kinks=kinks(trace),
        precision=problem.precision,
        pattern=jacobian_pattern(problem, built) if pattern else None,
        plan=plan.choice,
    )
    return in_doubt(report, trace, run, sweeps)


def _check_rows(problem: Problem, sweep: Sweep, trace: Trace, jacobian: Mapping[str, Array]) -> None:
    """Raise DiffcliError, pointing at the origin, where an element of the Jacobian is not finite."""
    shape = trace.graph.shapes[trace.output]
    for found in jacobian.values():
        if not all_finite(found):
            unit = list(units(shape))[position(found, shape)]
            inputs = sweep.inputs(problem.values, problem.arithmetic.number(unit, shape))
            values = Program(trace.graph, range(len(trace.values)), problem.arithmetic).values(inputs)
            row = trace._replace(values=values)
            check_finite(row, sweep.gradient(values, problem.values))
            check_finite(row, jacobian)  # a sweep forward overflowed


def _reason(mode: Mode, rows: int, columns: int, asked: bool) -> str:
    """The reason why the mode was taken, with what the other would have cost."""
    each, count, other, others = (
        (Message("input"), columns, Message("reverse"), rows)
        if mode == "forward"
        else (Message("output"), rows, Message("forward"), columns)
    )
    comparison = (
        Message("{other} would take {others:,}", other=other, others=others)
        if others != count
        else Message("{other} would take as many", other=other)
    )
    if asked:
        comparison = Message("as asked; {comparison}", comparison=comparison)
    if count == 1:
        return Message("1 sweep, one for each {each} ({comparison})", each=each, comparison=comparison)
    return Message(
        "{count:,} sweeps, one for each {each} ({comparison})", count=count, each=each, comparison=comparison
    )
