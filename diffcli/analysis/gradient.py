"""The gradient report: values, the gradient at every node, the flows, the formula, the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from typing import TYPE_CHECKING, Any, NamedTuple

from diffcli.analysis.execution import executed
from diffcli.analysis.later import Later, known
from diffcli.analysis.lost_digits import are_surely_right, is_judged, lost_digits, pulled_answers
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.precision import Precision
from diffcli.analysis.prepared import Prepared, prepared
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, built_graph, meets_kinks, named_nodes, pulled
from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Binding
from diffcli.errors import ExitCode
from diffcli.execute.arithmetic import FLOAT32
from diffcli.execute.arrays import Array, any_nonzero, scalar, write_out
from diffcli.execute.executors.executor import Choice
from diffcli.execute.executors.kept import Arrays, kept
from diffcli.graph.build import Built
from diffcli.messages import Message
from diffcli.syntax.tree import Node

if TYPE_CHECKING:
    from diffcli.analysis.agreement import Agreement
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.formula_values import SymbolicRow
    from diffcli.analysis.kinks import KinkNotice
    from diffcli.analysis.swift import Answers


class Compared(NamedTuple):
    """Formulas by variable, and whether reverse mode agrees; None of both where that is not asked."""

    rows: "Mapping[str, SymbolicRow] | None" = None
    agreement: "Agreement | None" = None


@dataclass(frozen=True, slots=True)
class GradReport(Presented):
    """The answer of `grad`.

    `gradient` has, for each variable of interest, an array of the variable's shape. `symbolic`
    and `agreement` are None where the formula was not asked for. In other numbers than doubles
    (see `precision`), arrays are of objects: exact numbers, or mpmath's. With a `cotangent` the
    gradient is that of the output's elements weighed by it, formulas call it `weight`, and the
    value is an array of the output's shape. `gradient` has the nodes that were asked for too. `problem` is what it
    answers; `built` and `inputs` are what was run, `plan` says by what. What is not always looked at, or takes long, is
    found when it is looked at: the trace, the kinks, digits in doubt, formulas.
    """

    expression: str
    at: Mapping[str, Array]
    value: Any
    gradient: Mapping[str, Array]
    compared: "Later[Compared]" = field(repr=False)
    problem: Problem = field(repr=False)
    built: Built = field(repr=False)
    inputs: Mapping[int, Any] = field(repr=False)
    plan: Choice
    traced: Later[Trace] = field(repr=False)
    noticed: "Later[tuple[KinkNotice, ...]]" = field(repr=False)
    doubted: Later[str | None] = field(repr=False)
    cotangent: Array | None = None
    weight: str | None = None

    @property
    def symbolic(self) -> "Mapping[str, SymbolicRow] | None":
        """The formulas with their values, by variable."""
        return self.compared().rows

    @property
    def agreement(self) -> "Agreement | None":
        """Whether formulas and reverse mode agree."""
        return self.compared().agreement

    @property
    def trace(self) -> Trace:
        """The value of every node, forward and backward."""
        return self.traced()

    @property
    def kinks(self) -> "tuple[KinkNotice, ...]":
        """The kinks that the point sits on, where the gradient passes through them."""
        return self.noticed()

    @property
    def precision(self) -> Precision:
        """The numbers, and whether digits of the answers may be wrong."""
        precision = self.problem.precision
        return precision if precision else precision._replace(doubt=self.doubted())

    @property
    def intermediates(self) -> Mapping[str, Array]:
        """The gradient at the named intermediates through which it flows."""
        trace = self.traced()
        names, adjoints = trace.graph.names, trace.gradient.adjoints
        values = kept(trace.values)
        inner = [
            node
            for node in sorted(names)
            if node < trace.output and node in adjoints and trace.graph.primitives[node].name != "input"
        ]
        return Arrays({names[node]: values[adjoints[node]] for node in inner})

    @property
    def answers(self) -> dict[str, Array]:
        """The numbers that were asked for, by what they are called."""
        return _named(self.value, self.gradient)

    @property
    def drawing(self) -> "Drawing":
        """The graph with these numbers, ready to be drawn."""
        from diffcli.analysis.drawing.drawing import drawn

        return drawn(self.problem, self.built, self.trace, self.inputs, self.problem.wrt, self.cotangent)

    @property
    def exit_code(self) -> ExitCode:
        """Negative where the two engines disagree."""
        return ExitCode.NEGATIVE if self.agreement and self.agreement.verdict == "disagree" else ExitCode.DONE


def gradient_report(
    problem: Problem,
    symbolic: bool = True,
    seconds: float = 5.0,
    strict: bool = False,
    cotangent: Sequence[Binding] = (),
) -> GradReport:
    """Differentiate in reverse mode at the point; with `symbolic`, hold the formula against it.

    Raises DiffcliError if the result is not a single number and has no `cotangent`, or not finite
    at the point, or, if `strict`, at a kink. `seconds` limits the search for a formula.
    """
    weights, weight, stated = None, None, problem
    if cotangent:
        from diffcli.analysis.directions import cotangent_of

        built = built_graph(problem)
        weights = cotangent_of(problem, built.graph.shapes[built.output], cotangent)
        stated, weight = weighed(problem, cotangent[0], weights)
        sweep = pulled(built, problem.wrt, named_nodes(problem, built))
        trace, gradient, inputs = executed(problem, sweep, weights)
        check_finite(trace, gradient | sweep.asked(trace.values))
    else:
        ready = prepared(problem)
        sweep = ready.sweep
        answers = None if symbolic or (strict and ready.kinked) else ready.answers(problem)
        if answers is not None:
            return _swift_report(problem, ready, answers)
        trace, gradient, inputs = executed(problem, sweep, evaluation=ready.evaluation())
        check_finite(trace, gradient | sweep.asked(trace.values), problem)
    notices = _kinks_on(trace)
    if strict and notices:
        from diffcli.analysis.kinks import kink_fault

        raise kink_fault(notices)
    if problem.precision.exact:
        write_out(trace.values[node] for node in range(len(trace.values)))  # within the time limit: it can take long
    value: Any = kept(trace.values)[trace.output] if weights is None else trace.values[trace.output]
    if weights is None:
        value = scalar(value) if problem.arithmetic is FLOAT32 else value.tolist()
    gradient |= sweep.asked(trace.values)
    return GradReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=value,
        gradient=gradient,
        compared=Later(partial(_with_formulas, problem, stated, trace, sweep, gradient, inputs, seconds, notices))
        if symbolic
        else _NOT_COMPARED,
        problem=problem,
        built=sweep.built,
        inputs=inputs,
        plan=trace.plan,
        traced=known(trace),
        noticed=known(notices),
        doubted=Later(partial(_lost, problem, sweep, inputs, (value, gradient), known(trace)))
        if not problem.precision and is_judged(sweep.built.graph)
        else _NO_DOUBT,
        cotangent=weights,
        weight=weight,
    )


def _with_formulas(*asked: Any) -> Compared:
    """The formulas, and whether the gradient agrees with them: nothing of what finds them is loaded before."""
    from diffcli.analysis.confirmed_formulas import with_formulas

    return Compared(*with_formulas(*asked))


def _swift_report(problem: Problem, ready: Prepared, answers: "Answers") -> GradReport:
    """The report of answers that were found alone: what else it has is found when somebody looks at it."""
    sweep, value = ready.sweep, scalar(answers.value)
    traced = Later(partial(_traced, problem, sweep, answers))
    inputs = sweep.inputs(problem.values)
    return GradReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=value,
        gradient=answers.gradient,
        compared=_NOT_COMPARED,
        problem=problem,
        built=sweep.built,
        inputs=inputs,
        plan=answers.plan,
        traced=traced,
        noticed=Later(partial(_kinks, problem, sweep, traced, ready.large)) if ready.kinked else _NO_KINKS,
        doubted=Later(partial(_lost, problem, sweep, inputs, (value, answers.gradient), traced))
        if ready.judged
        else _NO_DOUBT,
    )


def _traced(problem: Problem, sweep: Sweep, answers: "Answers") -> Trace:
    """The trace of answers that were found alone; it shows the same ones."""
    trace = executed(problem, sweep).trace
    values = [*trace.values]
    for node, number in answers.numbers.items():
        values[node] = number
    return trace._replace(values=values, plan=answers.plan)


def _kinks(problem: Problem, sweep: Sweep, traced: Later[Trace], large: bool) -> "tuple[KinkNotice, ...]":
    """The kinks that the point sits on; of a `large` problem there is a trace only where there are some."""
    return () if large and not _is_on_kinks(problem, sweep) else _kinks_on(traced())


def _kinks_on(trace: Trace) -> "tuple[KinkNotice, ...]":
    """The kinks of a trace, for which nothing is loaded where its gradient passes through no function that has some."""
    if not meets_kinks(trace.graph, trace.gradient):
        return ()
    from diffcli.analysis.kinks import kinks

    return kinks(trace)


def _is_on_kinks(problem: Problem, sweep: Sweep) -> bool:
    """Whether some element of a function's operands is on a kink, by the values of those alone."""
    from diffcli.analysis.kinks import on
    from diffcli.analysis.plan import plan_for
    from diffcli.execute.schedule import scheduled

    graph, given = sweep.built.graph, sweep.inputs(problem.values)
    nodes = [node for node in sweep.backward.adjoints if graph.primitives[node].kinks]
    operands = [*{operand for node in nodes for operand in graph.operands[node]} - given.keys()]
    found = plan_for(problem, scheduled(graph, operands, [*given], arithmetic=problem.arithmetic)).runner(
        [*given.values()]
    )
    values: Any = {**given, **dict(zip(operands, found, strict=True))}
    looked_at = Trace(problem.source, graph, sweep.built.output, sweep.backward, values)
    return any(any_nonzero(on(looked_at, node, kink)) for node in nodes for kink in graph.primitives[node].kinks)


_NO_KINKS: "Later[tuple[KinkNotice, ...]]" = known(())
_NO_DOUBT: Later[str | None] = known(None)
_NOT_COMPARED: Later[Compared] = known(Compared())


def _lost(
    problem: Problem,
    sweep: Sweep,
    inputs: Mapping[int, Array],
    found: tuple[Any, Mapping[str, Array]],
    traced: Later[Trace],
) -> str | None:
    """What is wrong or uncertain about digits of the value and the gradient."""
    trace = traced()
    if are_surely_right(trace, [sweep.built.output, *sweep.adjoints]):
        return None
    return lost_digits(trace, _named(*found), partial(pulled_answers, problem, sweep, inputs))


def _named(value: Any, gradient: Mapping[str, Array]) -> dict[str, Any]:
    """Answers by what they are called."""
    return {Message("the value"): value, **{f"d/d{name}": part for name, part in gradient.items()}}


def weighed(problem: Problem, binding: Binding, weights: Array) -> tuple[Problem, str]:
    """The problem of `sum(g*expression)` with the cotangent as the variable g, by which nobody differentiates.

    And that name.
    """
    resolved = problem.resolved
    taken = {*resolved.variables, *resolved.defined, *problem.values}
    name = next(name for name in chain(("g", "cotangent"), (f"g{number}" for number in count(1))) if name not in taken)
    start, end = resolved.nodes[-1].span
    root = len(resolved.nodes) - 1
    nodes = [*resolved.nodes, Node("name", name, (), start, end), Node("call", "mul", (root + 1, root), start, end)]
    if weights.shape != ():
        nodes.append(Node("call", "sum", (root + 2,), start, end))
    expression = resolved._replace(nodes=nodes, variables=(*resolved.variables, name))
    return problem._replace(
        resolved=expression, values={**problem.values, name: weights}, stated={**problem.stated, name: binding.stated}
    ), name
