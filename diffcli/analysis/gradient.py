"""The gradient report: values, the gradient at every node, the flows, the formula, the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass

from diffcli.analysis.agreement import Agreement, SymbolicRow, agreement, evaluated
from diffcli.analysis.finite import check_finite
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.problem import Problem
from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Array
from diffcli.autodiff.reverse import gradient as reverse_gradient
from diffcli.errors import ExitCode, Label, fault
from diffcli.execute.arrays import zeros_like
from diffcli.execute.program import Program
from diffcli.graph.build import Built, build
from diffcli.primitives.shape import text


@dataclass(frozen=True, slots=True)
class GradReport:
    """What `grad` answers.

    `gradient` has, for each variable of interest, an array of the variable's shape. `symbolic`
    and `agreement` are None where the formula was not asked for.
    """

    expression: str
    at: Mapping[str, Array]
    value: float
    gradient: Mapping[str, Array]
    trace: Trace
    kinks: tuple[KinkNotice, ...]
    symbolic: Mapping[str, SymbolicRow] | None
    agreement: Agreement | None

    @property
    def exit_code(self) -> ExitCode:
        """Negative where the two engines disagree."""
        return ExitCode.NEGATIVE if self.agreement and self.agreement.verdict == "disagree" else ExitCode.DONE


def built_scalar(problem: Problem) -> Built:
    """The graph of an expression that must be a single number. Raises DiffcliError otherwise."""
    built = build(problem.resolved, problem.shapes)
    shape = built.graph.shapes[built.output]
    if shape != ():
        span = built.graph.spans[built.output]
        raise fault(
            "E304", f"the result has shape {text(shape)}; a gradient is that of a single number", problem.source,
            *([Label(span, f"shape {text(shape)}")] if span else []),
            hint="reduce it, as in sum(...) or mean(...); jacobian and --cotangent, for whole arrays, are not in this version yet",
        )  # fmt: skip
    return built


def gradient_report(problem: Problem, symbolic: bool = True, seconds: float = 5.0) -> GradReport:
    """Differentiate in reverse mode at the point; with `symbolic`, hold the formula against it.

    Raises DiffcliError if the result is not a single number, or not finite at the point.
    `seconds` limits the search for a formula.
    """
    built = built_scalar(problem)
    graph = built.graph
    sweep = reverse_gradient(graph, built.output, [built.inputs[name] for name in problem.wrt if name in built.inputs])
    inputs = {built.inputs[name]: value for name, value in problem.values.items() if name in built.inputs}
    shown = {flow.local for flow in sweep.flows if flow.local is not None} | {flow.contribution for flow in sweep.flows}
    values = Program(graph, [*range(built.output + 1), *sweep.adjoints.values(), *shown]).values(inputs)
    trace = Trace(problem.source, graph, built.output, sweep, values)
    gradient = {}
    for name in problem.wrt:
        adjoint = sweep.adjoints.get(built.inputs.get(name, -1))
        gradient[name] = zeros_like(problem.values[name]) if adjoint is None else values[adjoint]
    check_finite(trace, gradient)
    rows = verdict = None
    if symbolic and problem.wrt:
        from diffcli.symbolic import derivatives

        rows = evaluated(derivatives(problem.resolved, problem.wrt, problem.shapes, seconds), problem.values, seconds)
        verdict = agreement(trace, gradient, rows, inputs)
    return GradReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=float(values[built.output]),
        gradient=gradient,
        trace=trace,
        kinks=kinks(trace),
        symbolic=rows,
        agreement=verdict,
    )
