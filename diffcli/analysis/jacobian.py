"""The Jacobian: every derivative of every element of the output, in the cheaper mode."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

from diffcli.analysis.execution import executed
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.lost_digits import Maker, again, in_doubt
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.pattern import Pattern, jacobian_pattern
from diffcli.analysis.precision import Precision
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Push, Sweep, built_graph, check_entries, elements, pulled, pushed
from diffcli.analysis.trace import Trace
from diffcli.errors import fault
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, all_finite, zeros_like
from diffcli.execute.derivative_matrices import generic, of_columns, of_rows, position, units, zero_block
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
    push = pushed(built, problem.wrt, built.output) if chosen == "forward" else None
    matrix = by_reverse_mode if push is None else partial(by_forward_mode, push)
    found = matrix(problem, sweep)
    _check_rows(problem, sweep, trace, found)
    sweeps = columns if chosen == "forward" else rows

    def run(maker: Maker, arithmetic: Arithmetic) -> list[Array]:
        moved = again(problem, arithmetic)
        (value,) = maker(built.graph, [built.output], arithmetic).run(
            {node: moved.values[name] for name, node in built.inputs.items()}
        )
        return [value, *matrix(moved, sweep, maker).values()]

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
    )
    return in_doubt(report, trace, run, sweeps)


def by_forward_mode(push: Push, problem: Problem, sweep: Sweep, maker: Maker = Program) -> dict[str, Array]:
    """A column for each element of the variables: the output's tangent where that element moves."""
    built, arithmetic = sweep.built, problem.arithmetic
    shape = built.graph.shapes[built.output]
    target = push.tangents.get(built.output)
    point = {name: problem.values[name] for name in problem.wrt}
    if target is None:
        return {name: zero_block(arithmetic, shape, value.shape) for name, value in point.items()}
    program = maker(built.graph, [target], arithmetic).fixed(
        {node: problem.values[name] for name, node in built.inputs.items()}
    )
    still = {seed: zeros_like(point[name]) for name, seed in push.seeds.items()}
    return {
        name: of_columns(
            [program.run({**still, seed: arithmetic.number(unit, unit.shape)})[0] for unit in units(point[name].shape)],
            shape,
            point[name].shape,
        )
        for name, seed in push.seeds.items()
    }


def by_reverse_mode(problem: Problem, sweep: Sweep, maker: Maker = Program) -> dict[str, Array]:
    """A row for each element of the output: the gradient of that element."""
    built, arithmetic = sweep.built, problem.arithmetic
    shape = built.graph.shapes[built.output]
    nodes = {name: sweep.backward.adjoints.get(built.inputs[name]) for name in problem.wrt}
    targets = [node for node in nodes.values() if node is not None]
    assert sweep.cotangent is not None
    program = maker(built.graph, targets, arithmetic).fixed(
        {node: problem.values[name] for name, node in built.inputs.items()}
    )
    rows = [
        dict(zip(targets, program.run({sweep.cotangent: arithmetic.number(unit, shape)}), strict=True))
        for unit in units(shape)
    ]
    return {
        name: zero_block(arithmetic, shape, problem.shapes[name])
        if node is None
        else of_rows([row[node] for row in rows], shape, problem.shapes[name])
        for name, node in nodes.items()
    }


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
