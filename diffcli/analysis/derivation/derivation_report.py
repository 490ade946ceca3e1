"""Derivations for all variables, every line checked, the last one with like terms collected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from diffcli.analysis.derivation.line import Derivation, Line
from diffcli.analysis.derivation.line_check import Claim, Verdict, holds, reads_as, same
from diffcli.analysis.derivation.points import built_for_any, drawn_between, points, values_at
from diffcli.analysis.derivation.walk import Walk, Walked
from diffcli.analysis.formula_values import SymbolicRow, evaluated
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.symbolic_derivative import DiffReport
from diffcli.errors import DiffcliError, ExitCode, fault
from diffcli.execute.arrays import Array, all_finite, doubles
from diffcli.graph.graph import Graph
from diffcli.messages import Argument, Message

if TYPE_CHECKING:
    from diffcli.symbolic import Formula, NoFormula

#: Operations that a derivation may have; nobody reads a longer one.
_MOST_LINES = 200
#: Nodes of a tree that is looked at at all.
_MOST_NODES = 5_000
#: Points at which a line has to hold; most are tried until so many tell.
_ENOUGH = 2

_DEFECT = Message("this is a defect of diffcli; report it with the command line")


@dataclass(frozen=True, slots=True)
class DerivationReport(Presented):
    """The answer of `diff --steps`: that of `diff`, and the derivation by each variable.

    A `blank` one is a worksheet.
    """

    diff: DiffReport
    derivations: Mapping[str, Derivation]
    blank: bool = False

    @property
    def expression(self) -> str:
        """The program that is derived."""
        return self.diff.expression

    @property
    def exit_code(self) -> ExitCode:
        """That of `diff`: not finite where one's value at the point is not."""
        return self.diff.exit_code


def derivation_report(
    problem: Problem, seconds: float = 10.0, form: str | None = None, by_index: bool = False, blank: bool = False
) -> DerivationReport:
    """Derive step by step; values need not be given.

    `form` (None or plain) and `by_index` say how the last line is written, as in `diff`; `blank`
    leaves all right-hand sides open. `seconds` limits the search for that last line. Raises
    DiffcliError for an expression of too many operations or one that is not a number.
    """
    from diffcli.symbolic import derivatives

    count = len(problem.resolved.nodes)
    if count > _MOST_NODES:
        raise _too_long(problem, Message("{count:,} nodes, at most {most:,} are", count=count, most=_MOST_NODES))
    walks = {name: _walked(problem, name) for name in problem.wrt}
    formulas = derivatives(problem.resolved, problem.wrt, problem.shapes, seconds, by_index, whole=form == "plain")
    complete = all(name in problem.values for name in problem.resolved.variables)
    rows = evaluated(formulas, problem.values if complete else None, seconds)
    found = {
        name: _collected(checked, formulas[name], rows[name], problem.values, seconds)
        for name, checked in walks.items()
    }
    if blank:
        found = {
            name: replace(each, lines=tuple(line.blank for line in each.lines), notes=())
            for name, each in found.items()
        }
        rows = {name: SymbolicRow(None, None, Message("left open"), ()) for name in rows}
    return DerivationReport(
        DiffReport(problem.source.text.strip(), problem.values, rows, form or "plain"), found, blank
    )


def _too_long(problem: Problem, size: str) -> DiffcliError:
    message = Message("a derivation of this expression is too long to be written ({size})", size=size)
    hint = Message("grad computes the derivative at a point and shows its flows")
    return fault("E602", message, problem.source, problem.resolved.nodes[-1].span, hint=hint)


class _Checked(NamedTuple):
    """A walk whose lines hold, and the derivative it found at a few points: the variables' values, the derivative's."""

    walked: Walked
    samples: Sequence[tuple[Mapping[str, Array], Array]]


def _walked(problem: Problem, name: str) -> _Checked:
    """The lines by one variable, checked at one point after another until enough of them tell."""
    built = built_for_any(problem)
    graph = built.graph
    inner = {
        node.span: problem.source.text[node.start : node.end]
        for node in problem.resolved.nodes
        if node.kind == "derivative"
    }
    walk = Walk(built, name, [*built.inputs, *problem.resolved.names.values()], inner)
    if walk.length > _MOST_LINES:
        message = Message("{count:,} operations, at most {most} have a line each", count=walk.length, most=_MOST_LINES)
        raise _too_long(problem, message)
    walked = walk.walked()
    held = [[0, 0, 0] for _ in walked.lines]
    samples: list[tuple[Mapping[str, Array], Array]] = []
    for number, point in enumerate(points(problem, built)):
        if walked.direction is not None:
            point[walked.direction] = drawn_between(graph.shapes[walked.direction], 0.5, 1.5, 1000 + number)
        values = values_at(graph, point, walked.aliases)
        if values[walked.node] is not None and all_finite(values[walked.node]):
            samples.append(({variable: values[node] for variable, node in built.inputs.items()}, values[walked.node]))
        for counts, (line, claim) in zip(held, walked.lines, strict=True):
            verdict = _verdict(graph, walked, line, claim, values) if counts[Verdict.TRUE] < _ENOUGH else None
            if verdict is Verdict.FALSE:
                raise _false(problem, line)
            if verdict is not None:
                counts[verdict] += 1
        if all(counts[Verdict.TRUE] >= _ENOUGH for counts in held):
            break
    walked = walked._replace(notes=(*walked.notes, *_half_checked(problem, walked, held)))
    return _Checked(walked, samples[:_ENOUGH])


def _verdict(graph: Graph, walked: Walked, line: Line, claim: Claim, values: Sequence[Array]) -> Verdict | None:
    """Whether a line holds at a point: what it says, and its result as it is written."""
    verdict = holds(graph, claim, values)
    if not verdict or line.result is None or line.result == "g":
        return verdict
    reads = reads_as(line.result.removeprefix("g = "), walked.meanings, values, claim.shown)
    return Verdict.FALSE if reads is False else verdict


def _false(problem: Problem, line: Line) -> DiffcliError:
    where = problem.resolved.nodes[-1].span
    message = Message(
        "line {number} of the derivation ({rule}) failed its check: {statement}",
        number=line.number,
        rule=line.rule,
        statement=line.statement,
    )
    return fault("E901", message, problem.source, where, hint=_DEFECT)


def _half_checked(problem: Problem, walked: Walked, held: Sequence[Sequence[int]]) -> Iterator[str]:
    """A note on lines that only their two sides speak for.

    Raises DiffcliError where nothing was found out about a line.
    """
    for (line, _), counts in zip(walked.lines, held, strict=True):
        if not any(counts):
            message = Message(
                "no point was found at which line {number} of the derivation ({rule}) could be checked",
                number=line.number,
                rule=line.rule,
            )
            hint = Message("give values at which the expression is defined with {at}", at=Argument("at"))
            raise fault("E602", message, problem.source, problem.resolved.nodes[-1].span, hint=hint)
        if not counts[Verdict.TRUE]:
            yield Message(
                "line {number} was checked at kinks only, where its derivative is a convention", number=line.number
            )


def _collected(
    checked: _Checked, formula: "Formula | NoFormula", row: SymbolicRow, given: Mapping[str, Array], seconds: float
) -> Derivation:
    """The derivation with its last line, which is the formula: the same derivative, like terms collected."""
    from diffcli.symbolic import NoFormula

    walked, variable = checked.walked, formula.variable
    lines, notes = [line for line, _ in walked.lines], walked.notes
    reason = formula.reason if isinstance(formula, NoFormula) else _unchecked(checked, formula, row, given, seconds)
    if reason is not None:
        notes = (*notes, Message("like terms are not collected: {reason}", reason=reason))
    elif not isinstance(formula, NoFormula) and (walked.text != formula.text or lines[-1].result != formula.text):
        lines.append(
            Line(
                len(lines) + 1,
                Message("collect"),
                Message("like terms collected"),
                f"d/d{variable}",
                walked.text,
                formula.text,
            )
        )
    return Derivation(variable, walked.direction is None, walked.letters, tuple(lines), notes)


def _unchecked(
    checked: _Checked, formula: "Formula", row: SymbolicRow, given: Mapping[str, Array], seconds: float
) -> str | None:
    """The reason why the formula could not be held against the derivative before it; None where both agree.

    Raises DiffcliError where they do not.
    """
    from diffcli.deadline.limit import TimeLimit, within

    for at, slope in checked.samples:
        point = {name: value.tolist() for name, value in at.items()}
        is_given = row.value is not None and all(given.get(name) is value for name, value in at.items())
        try:
            found = row.value if is_given else doubles(within(seconds, formula.values, point, 20))
        except TimeLimit:
            return Message("the formula was not evaluated within {seconds:g} s", seconds=seconds)
        except ValueError:
            continue
        verdict = same(found, slope)
        if verdict is False and same(doubles(formula.values(point, None)), slope):
            return Message("it holds for the expression's numbers as doubles have them, not as they are written")
        if verdict is False and not is_given:  # the given point may be a kink
            message = Message(
                "the last line of the derivation by {variable} failed its check: {text}",
                variable=formula.variable,
                text=formula.text,
            )
            raise fault("E901", message, hint=_DEFECT)
        if verdict:
            return None
    return Message("no point was found to check them at")
