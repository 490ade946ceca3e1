"""The Hessian: forward mode over reverse mode, what its eigenvalues say, and its product with a vector."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from diffcli.analysis.curvature import Classification, Curvature, curvature_at
from diffcli.analysis.directions import tangent_of
from diffcli.analysis.execution import executed
from diffcli.analysis.kinks import KinkNotice
from diffcli.analysis.limit_hessian import continued
from diffcli.analysis.lost_digits import again, in_doubt, pulled_answers
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.pattern import Pattern, hessian_pattern
from diffcli.analysis.precise_gradient import is_affordable
from diffcli.analysis.precision import Precision, in_words, largest_told
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.recipe import bending, shapes_of_interest
from diffcli.analysis.second_order import Blocks, Expansion, SecondOrder, full_hessian, hessian_at, stated_in
from diffcli.analysis.slope_kinks import slope_kinks
from diffcli.analysis.sweep import Push, Sweep, check_entries, elements, pushed, swept
from diffcli.analysis.trace import Trace, excerpt
from diffcli.analysis.values import Binding
from diffcli.autodiff.reverse import Flow
from diffcli.errors import DiffcliError, ExitCode, Label, fault
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, all_finite, arrayed, doubles, joined, parted
from diffcli.execute.continuation import Limit
from diffcli.execute.derivative_matrices import blocks, generic
from diffcli.execute.executors.executor import Choice
from diffcli.execute.influence import indeterminate
from diffcli.execute.program import quietly
from diffcli.messages import Argument, Message
from diffcli.primitives.shape import size
from diffcli.source import Span

#: The most operations for which a second derivative that doubles do not have is looked for in many digits.
_MOST_OPERATIONS = 2_000


@dataclass(frozen=True, slots=True)
class HessianReport(Presented):
    """The answer of `hessian`.

    `hessian[x][y]` has the shape of x followed by that of y. It and what is read off it (the
    `curvature`) are None where only a product was asked for: then `direction` and `hvp`, the
    Hessian times the direction, have an array of each variable's shape. `continued` tells that the
    second derivatives are the limit of those around a kink that only functions on the way have.
    """

    expression: str
    at: Mapping[str, Array]
    value: Array
    gradient: Mapping[str, Array]
    hessian: Mapping[str, Mapping[str, Array]] | None
    curvature: Curvature | None
    sweeps: int
    direction: Mapping[str, Array] | None
    hvp: Mapping[str, Array] | None
    kinks: tuple[KinkNotice, ...]
    continued: bool
    precision: Precision
    pattern: Pattern | None
    plan: Choice

    @property
    def answers(self) -> dict[str, Array]:
        """The numbers that were asked for, by what they are called."""
        found = {Message("the value"): self.value, **{f"d/d{name}": value for name, value in self.gradient.items()}}
        found |= {
            f"d2/d{first}d{second}": block
            for first, row in (self.hessian or {}).items()
            for second, block in row.items()
        }
        return found | {Message("the product by {name}", name=name): value for name, value in (self.hvp or {}).items()}

    @property
    def eigenvalues(self) -> tuple[float, ...] | None:
        """Those of the whole matrix, in ascending order."""
        return None if self.curvature is None else self.curvature.eigenvalues

    @property
    def classification(self) -> Classification | None:
        """The kind of point."""
        return None if self.curvature is None else self.curvature.classification


class _BeyondDoubles(DiffcliError):
    """A second derivative that only more digits reach."""


def hessian_report(problem: Problem, direction: Sequence[Binding] = (), pattern: bool = False) -> HessianReport:
    """The second derivatives at the point; with a `direction` only their product with it.

    Raises DiffcliError if the result is not a single number, if the matrix is too large, or if a
    second derivative is not to be had at the point.
    """
    sweep = swept(problem)
    along = tangent_of(problem, direction, "hvp") if direction else None
    count = elements(problem.shapes, problem.wrt)
    if along is None or pattern:
        check_entries(problem, count, count, "Hessian")
    point = _executed(problem, sweep)
    limit = point.limit()
    gradient = point.gradient if limit is None else parted(limit.slope, point.gradient)
    notices = slope_kinks(point.trace, sweep, point.inputs)
    if limit is None and notices and not problem.precision:
        limit = point.around()
    found, product, plan = None, None, point.trace.plan
    if limit is not None:
        found = blocks(limit.matrix, shapes_of_interest(problem)) if along is None else None
        product = None if along is None else parted(limit.matrix @ joined(along), along)
    elif along is None:
        found, plan = full_hessian(problem, sweep, point.push)
    else:
        product, plan = hessian_product(problem, sweep, point.push, along)
    _check_entries(
        problem, [block for row in (found or {}).values() for block in row.values()] + [*(product or {}).values()]
    )
    kinked = bool(notices) and limit is None
    second = point.second_order(limit, found)
    classified = bool(found) and not problem.arithmetic.encloses
    report = HessianReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=point.trace.values[sweep.built.output],
        gradient=gradient,
        hessian=found,
        curvature=curvature_at(second, kinked) if classified else None,
        sweeps=count if along is None else 1,
        direction=along,
        hvp=product,
        kinks=notices,
        continued=limit is not None,
        precision=problem.precision,
        pattern=hessian_pattern(problem, sweep) if pattern else None,
        plan=plan,
    )
    run = partial(_matrix_in, second) if along is None else partial(point.product_in, along)
    return report if report.continued else in_doubt(report, point.trace, run, report.sweeps)


class _Executed(NamedTuple):
    """Forward mode over reverse mode, executed at the problem's point with all variables moved at once."""

    problem: Problem
    sweep: Sweep
    push: Push
    trace: Trace
    gradient: Mapping[str, Array]
    inputs: Mapping[int, Array]

    def limit(self) -> Limit | None:
        """Slope and Hessian by those around, where only they have one; None where the sweeps themselves do.

        Raises DiffcliError where neither do.
        """
        problem, trace = self.problem, self.trace
        try:
            check_finite(trace, self.gradient, problem)
            _check_second(trace, problem, self.sweep, self.push)
        except _BeyondDoubles:
            raise
        except DiffcliError:
            if problem.precision or not problem.wrt or not all_finite(trace.values[trace.output]):
                raise
            limit = self.around()
            if limit is None:
                raise
            return limit
        return None

    def around(self) -> Limit | None:
        """The limit of slopes and Hessians around the point, in doubles."""
        limit = continued(self.problem, self.sweep, self.push, self.trace)
        return None if limit is None else Limit(*map(doubles, limit))

    def second_order(self, limit: Limit | None, matrix: Blocks | None) -> SecondOrder:
        """The models at the point."""
        around = partial(continued, self.problem, self.sweep, self.push, self.trace, elsewhere=True)
        return SecondOrder(self.problem, Expansion(self.sweep, self.push), self.trace, limit, around, matrix)

    def product_in(self, along: Mapping[str, Array], arithmetic: Arithmetic) -> list[Array]:
        """Value, gradient and product in another arithmetic."""
        direction = {name: arrayed(arithmetic.lifted(value)) for name, value in along.items()}
        found, _ = hessian_product(again(self.problem, arithmetic), self.sweep, self.push, direction)
        return [*pulled_answers(self.problem, self.sweep, self.inputs, arithmetic), *found.values()]


def _matrix_in(second: SecondOrder, arithmetic: Arithmetic) -> list[Array]:
    """Value, gradient and Hessian in another arithmetic, by variable."""
    value, slope, matrix = second.found_in(arithmetic)
    problem = second.problem
    gradient = parted(slope, {name: problem.values[name] for name in problem.wrt})
    rows = blocks(matrix, shapes_of_interest(problem))
    return [value, *gradient.values(), *(block for row in rows.values() for block in row.values())]


def _executed(problem: Problem, sweep: Sweep) -> _Executed:
    push = pushed(sweep.built, problem.wrt, max(sweep.adjoints, default=sweep.built.output))
    every = {
        name: problem.arithmetic.number(generic(shape, place), shape)
        for place, (name, shape) in enumerate(shapes_of_interest(problem).items())
    }
    return _Executed(problem, sweep, push, *executed(problem, sweep, tangents=push.inputs(every)))


def hessian_product(
    problem: Problem, sweep: Sweep, push: Push, direction: Mapping[str, Array]
) -> tuple[dict[str, Array], Choice]:
    """The Hessian times a direction, by name, in the variable's shape, and what ran it: once."""
    recipe = bending(sweep, push)
    plan = recipe.at(problem, 1)
    return recipe.by_variable(plan.runner([direction[name] for name in push.seeds]), problem), plan.choice


def _check_second(trace: Trace, problem: Problem, sweep: Sweep, push: Push) -> None:
    """Raise DiffcliError at the first edge of the sweep whose contribution has no finite rate of change.

    That includes a rate of 0 which came from a gradient of 0 times an infinite rate.
    """
    values = trace.values
    if all(all_finite(values[tangent]) for tangent in push.tangents.values()):
        return
    edges = {
        (
            flow.source,
            flow.target,
            flow.operand,
            None if flow.local is None else push.tangents.get(flow.local),
            flow.upstream,
        ): flow
        for flow in sweep.backward.flows
    }
    hidden = indeterminate(trace.graph, trace.output, values, edges)
    bad = [node for node in sweep.adjoints if node in push.tangents and not all_finite(values[push.tangents[node]])]
    if hidden is None and not bad:
        return
    flow = (
        edges[hidden]
        if hidden is not None and not bad
        else next((flow for flow in sweep.backward.flows if _breaks(flow, push, values)), None)
    )
    raise _second_fault(trace, flow, not problem.precision and _is_finite_in_digits(trace, problem, sweep, push))


def _is_finite_in_digits(trace: Trace, problem: Problem, sweep: Sweep, push: Push) -> bool:
    """Whether 50 digits have the second derivatives; False too where they would be dear."""
    operations = elements(problem.shapes, problem.wrt) * sum(map(size, trace.graph.shapes))
    if operations > _MOST_OPERATIONS or not is_affordable(trace):
        return False
    from diffcli.execute.many_digits import of_digits

    with quietly():
        return all_finite(hessian_at(stated_in(problem, of_digits(50)), sweep, push))


def _breaks(flow: Flow, push: Push, values: Sequence[Array]) -> bool:
    contribution, upstream = push.tangents.get(flow.contribution), push.tangents.get(flow.upstream)
    return (
        contribution is not None
        and not all_finite(values[contribution])
        and (upstream is None or all_finite(values[upstream]))
    )


def _second_fault(trace: Trace, flow: Flow | None, in_digits: bool) -> DiffcliError:
    graph = trace.graph
    node = trace.output if flow is None else flow.source
    span = graph.spans[node] or Span(0, len(trace.source.text))
    text = excerpt(trace.source, span)
    message = Message("the second derivative is not finite")
    if flow is not None:
        message = Message(
            "the second derivative is not finite: d({text})/d({operand}) does not change at a finite rate here",
            text=text,
            operand=excerpt(trace.source, graph.spans[flow.target] or span),
        )
    nowhere = Message(
        "{name} has no finite second derivative there; at a point nearby there may be one",
        name=graph.primitives[node].name,
    )
    hint = (
        Message(
            "{precision} does not reach it; 50 digits do ({digits})",
            precision=in_words(trace.arithmetic),
            digits=Argument("digits", 50),
        )
        if in_digits
        else nowhere
    )
    found = fault("E502", message, trace.source, Label(span), hint=hint, exit_code=ExitCode.NOT_FINITE)
    return _BeyondDoubles(found.diagnostic) if in_digits else found


def _check_entries(problem: Problem, blocks: Iterable[Array]) -> None:
    """Raise DiffcliError where a second derivative overflowed that was finite along another direction."""
    if not all(all_finite(block) for block in blocks):
        hint = largest_told(problem.arithmetic)
        raise fault(
            "E502", Message("a second derivative overflows"), problem.source, hint=hint, exit_code=ExitCode.NOT_FINITE
        )
