"""Products with the Jacobian: forward mode along a tangent, reverse mode from a cotangent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from diffcli.analysis.directions import cotangent_of, tangent_of
from diffcli.analysis.execution import executed
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.lost_digits import in_doubt, lifted, pulled_answers
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.precision import Precision
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import built_graph, pulled, pushed
from diffcli.analysis.trace import NodeRow, Rows, Trace
from diffcli.analysis.values import Binding
from diffcli.errors import ExitCode, fault
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, all_finite, any_nonzero, zeros_like
from diffcli.execute.derivative_matrices import generic
from diffcli.execute.executors.executor import Choice
from diffcli.execute.program import Program
from diffcli.messages import Message


class TangentRow(NamedTuple):
    """A node of the expression with its tangent: None where it does not vary."""

    node: NodeRow
    tangent: Array | None


@dataclass(frozen=True, slots=True)
class JvpReport(Presented):
    """The answer of `jvp`: value and tangent of the output, and of every node on the way.

    `direction` has a tangent of each variable's shape.
    """

    expression: str
    at: Mapping[str, Array]
    value: Array
    direction: Mapping[str, Array]
    tangent: Array
    nodes: Sequence[TangentRow]
    kinks: tuple[KinkNotice, ...]
    precision: Precision
    plan: Choice

    @property
    def answers(self) -> dict[str, Array]:
        """The numbers that were asked for, by what they are called."""
        return {Message("the value"): self.value, Message("the tangent"): self.tangent}


@dataclass(frozen=True, slots=True)
class VjpReport(Presented):
    """The answer of `vjp`: the cotangent of the output brought back to each variable, in its shape."""

    expression: str
    at: Mapping[str, Array]
    value: Array
    cotangent: Array
    vjp: Mapping[str, Array]
    trace: Trace
    kinks: tuple[KinkNotice, ...]
    precision: Precision

    @property
    def plan(self) -> Choice:
        """What computed it, and why."""
        return self.trace.plan

    @property
    def answers(self) -> dict[str, Array]:
        """The numbers that were asked for, by what they are called."""
        return {
            Message("the value"): self.value,
            **{Message("the cotangent of {name}", name=name): value for name, value in self.vjp.items()},
        }


def jvp_report(problem: Problem, direction: Sequence[Binding]) -> JvpReport:
    """Push a tangent forward: the derivative of the output along a direction.

    Variables without a tangent stay where they are. Raises DiffcliError for a tangent of another
    shape, and where the derivative is not to be had at the point.
    """
    built = built_graph(problem)
    along = tangent_of(problem, direction)
    moving = [name for name in problem.wrt if any_nonzero(along[name])]
    push, sweep = pushed(built, moving, built.output), pulled(built, moving)
    shape = built.graph.shapes[built.output]
    trace, gradient, inputs = executed(
        problem, sweep, problem.arithmetic.number(generic(shape), shape), push.inputs(along)
    )
    values = trace.values
    target = push.tangents.get(built.output)
    tangent = zeros_like(values[built.output]) if target is None else values[target]
    check_finite(trace, {} if all_finite(tangent) else gradient)
    if not all_finite(tangent):
        hint = Message("the largest number is about 1.8e308; take a smaller tangent")
        message = Message("the tangent of the result overflows")
        raise fault("E502", message, problem.source, hint=hint, exit_code=ExitCode.NOT_FINITE)

    def run(arithmetic: Arithmetic) -> list[Array]:
        targets = [built.output] if target is None else [built.output, target]
        return [*Program(built.graph, targets, arithmetic).run(lifted(inputs, arithmetic)), tangent][:2]

    report = JvpReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=values[built.output],
        direction=along,
        tangent=tangent,
        nodes=Rows(built.output + 1, partial(_tangent_row, trace, push.tangents)),
        kinks=kinks(trace),
        precision=problem.precision,
        plan=trace.plan,
    )
    return in_doubt(report, trace, run)


def _tangent_row(trace: Trace, tangents: Mapping[int, int], index: int) -> TangentRow:
    found = tangents.get(index)
    return TangentRow(trace.node(index), None if found is None else trace.values[found])


def vjp_report(problem: Problem, cotangent: Sequence[Binding]) -> VjpReport:
    """Pull a cotangent back: the gradient of the output's elements weighed by it.

    Raises DiffcliError for a cotangent of another shape, and where the derivative is not to be had
    at the point.
    """
    built = built_graph(problem)
    weights = cotangent_of(problem, built.graph.shapes[built.output], cotangent)
    sweep = pulled(built, problem.wrt)
    trace, found, inputs = executed(problem, sweep, weights)
    check_finite(trace, found)
    report = VjpReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=trace.values[built.output],
        cotangent=weights,
        vjp=found,
        trace=trace,
        kinks=kinks(trace),
        precision=problem.precision,
    )
    return in_doubt(report, trace, partial(pulled_answers, problem, sweep, inputs))
