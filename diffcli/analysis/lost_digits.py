"""Whether double precision has lost digits of an answer: to cancellation, underflow, or an angle too large to have a
sine.

Rounding errors are moved at random first, which costs little and shows whether there is anything to doubt; only then is
the graph run again in many digits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep
from diffcli.analysis.trace import Trace, shown
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, any_nonzero, arrayed, doubles, finite_or, joined, larger, magnitudes, parted
from diffcli.execute.executors.kept import are_finite_cells, kept
from diffcli.execute.program import Program, quietly
from diffcli.execute.rounding import error
from diffcli.graph.graph import Graph
from diffcli.messages import Argument, Joined, Message
from diffcli.primitives.shape import size
from diffcli.primitives.structural import input

if TYPE_CHECKING:
    from diffcli.analysis.guard_digits import Answer

#: Finds answers in an arithmetic.
Run = Callable[[Arithmetic], Sequence[Array]]

#: The part of a number by which it may be wrong without a word: the digits that are shown are right.
_TOLERANCE = 1e-7
#: What numbers below the smallest with all its digits may be wrong by.
_SMALLEST = 1e-307
#: The most elements of all nodes together, and of those that are dear in many digits.
_MOST_ELEMENTS, _MOST_DEAR = 2_000, 60
#: The digits of one run after the other, until two agree.
_DIGITS = (100, 800, 1_600)


def in_doubt(report: "Answer", trace: Trace, run: Run, sweeps: int = 1) -> "Answer":
    """The report, with what is wrong or uncertain about its answers where they were found in doubles.

    `run` finds them again in another arithmetic; it runs the trace's graph so many times.
    """
    if report.precision or not is_judged(trace.graph, sweeps):
        return report
    from dataclasses import replace

    precision = report.precision._replace(doubt=lost_digits(trace, report.answers, run, sweeps))
    doubted: Any = report  # a report is a dataclass
    return cast("Answer", replace(doubted, precision=precision))


def lifted(inputs: Mapping[int, Array], arithmetic: Arithmetic) -> dict[int, Array]:
    """Inputs in doubles as numbers of an arithmetic."""
    return {node: arithmetic.lifted(value) for node, value in inputs.items()}


def pulled_answers(problem: Problem, sweep: Sweep, inputs: Mapping[int, Array], arithmetic: Arithmetic) -> list[Array]:
    """The value and the gradient, in an arithmetic."""
    values = Program(sweep.built.graph, [sweep.built.output, *sweep.adjoints, *sweep.of.values()], arithmetic).values(
        lifted(inputs, arithmetic)
    )
    return [values[sweep.built.output], *(sweep.gradient(values, problem.values) | sweep.asked(values)).values()]


def rounding_error(sweep: Sweep, name: str, inputs: Mapping[int, Array], gradient: Array) -> Array:
    """The uncertainty of a variable's gradient by rounding, by element: errors that are moved at random, in doubles."""
    adjoint = sweep.backward.adjoints[sweep.built.inputs[name]]

    with quietly():
        return error(gradient, lambda arithmetic: Program(sweep.built.graph, [adjoint], arithmetic).run(inputs)[0])


def again(problem: Problem, arithmetic: Arithmetic) -> Problem:
    """A problem in doubles, to be computed in an arithmetic at the same point."""
    return problem._replace(
        arithmetic=arithmetic,
        values={name: arrayed(arithmetic.lifted(value)) for name, value in problem.values.items()},
    )


def is_judged(graph: Graph, sweeps: int = 1) -> bool:
    """Whether to look for lost digits costs little."""
    return sweeps * len(graph) <= _MOST_ELEMENTS and sweeps * sum(map(size, graph.shapes)) <= _MOST_ELEMENTS


def are_surely_right(trace: Trace, answers: Iterable[int]) -> bool:
    """Whether there is nothing to doubt about answers, of these nodes, that were found on single numbers."""
    values = kept(trace.values)
    if not are_finite_cells(values):
        return False
    from diffcli.execute.steadiness import are_steady

    inputs = {node: value for node, value in enumerate(values) if trace.graph.primitives[node] is input}
    return are_steady(trace.graph, answers, inputs, values, _TOLERANCE, _SMALLEST)


def lost_digits(trace: Trace, answers: Mapping[str, Any], run: Run, sweeps: int = 1) -> str | None:
    """The wrong or uncertain digits of answers in doubles, in words; None where nothing is.

    `run` finds the answers again in another arithmetic; it runs the trace's graph `sweeps` times.
    """
    from diffcli.analysis.precise_gradient import is_cheap  # imports that only a doubt needs

    graph = trace.graph
    names, found = [*answers], [doubles(value) for value in answers.values()]

    def together(arithmetic: Arithmetic) -> Array:
        return joined(dict(zip(names, run(arithmetic), strict=True)))

    named = dict(zip(names, found, strict=True))
    with quietly():
        uncertain = parted(error(joined(named), together), named)
    doubtful = [place for place, name in enumerate(names) if _differs(uncertain[name], found[place])]
    if not doubtful:
        return None
    if sweeps * sum(size(graph.shapes[node]) for node in range(len(graph)) if not is_cheap(trace, node)) > _MOST_DEAR:
        which = Joined((names[place] for place in doubtful), " and ")
        return Message(
            "double precision may have lost digits of {which} here: rounding moves them; more digits tell ({digits})",
            which=which,
            digits=Argument("digits", 20),
        )
    before: Sequence[Array] | None = None
    for known in _in_digits(run):
        precise = [
            finite_or(right, value) for right, value in zip(known, found, strict=True)
        ]  # what is out of reach is not judged
        if before is not None and not any(_differs(a - b, b) for a, b in zip(before, precise, strict=True)):
            wrong = [
                place
                for place, (value, right) in enumerate(zip(found, precise, strict=True))
                if _differs(value - right, right)
            ]
            if not wrong:
                return None
            told = Joined(
                (
                    Message(
                        "{name} is {precise}, not {found}",
                        name=names[place],
                        precise=shown(precise[place]),
                        found=shown(found[place]),
                    )
                    for place in wrong
                ),
                "; ",
            )
            return Message(
                "double precision loses digits here: {told} ({digits} shows more)",
                told=told,
                digits=Argument("digits", 20),
            )
        before = precise
    return Message(
        "double precision loses digits here, and {digits:,} digits do not tell how many; {exact} may",
        digits=_DIGITS[-1],
        exact=Argument("exact", True),
    )


def _in_digits(run: Run) -> Iterator[list[Array]]:
    """The answers, each time with more digits."""
    from diffcli.execute.many_digits import of_digits

    for digits in _DIGITS:
        with quietly():
            yield [doubles(value) for value in run(of_digits(digits))]


def _differs(difference: Array, size: Array) -> bool:
    """Whether some element of a difference is more than what is tolerated."""
    return any_nonzero(~(magnitudes(difference) <= larger(_TOLERANCE * magnitudes(size), _SMALLEST)))
