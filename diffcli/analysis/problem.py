"""An expression with the values of its variables: what every analysis starts from."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from diffcli.analysis.bound_values import bound, check_complete, listed_variables
from diffcli.analysis.doubtful_names import check_names
from diffcli.analysis.evaluation import evaluation
from diffcli.analysis.precision import DOUBLE, Precision, checked
from diffcli.analysis.values import Binding, Stated, constant
from diffcli.autodiff.reverse import derivative
from diffcli.errors import Advice, DiffcliError, Edit, did_you_mean, fault
from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.executors.executor import ANY, Wanted
from diffcli.execute.executors.kept import Arrays, Kept, kept
from diffcli.graph.build import build
from diffcli.messages import Argument, Blank, Message
from diffcli.primitives.shape import Shape
from diffcli.source import Source, Span
from diffcli.syntax.corrections import corrected
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Program

if TYPE_CHECKING:
    from diffcli.analysis.data.binding import Data
    from diffcli.analysis.data.table import Bound


#: Characters of an expression that is remembered.
_LONGEST_REMEMBERED = 50_000


class Problem(NamedTuple):
    """A resolved expression, values by variable, and the variables to differentiate by.

    `values` is in the order in which the user gave them, then in that of the program's `param`s;
    they are numbers of the `arithmetic`. `stated` has them as they were given. `columns` are the
    variables that are columns of data, `notes` what a reader should know of those. `of` are nodes whose
    gradient is asked for, by name (`y`) or number (`v1`); `wanted` is the executor asked for.
    """

    source: Source
    resolved: Resolved
    values: Mapping[str, Array]
    wrt: tuple[str, ...]
    stated: Mapping[str, Stated] = {}  # never written to
    precision: Precision = DOUBLE
    arithmetic: Arithmetic = FLOAT64
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    wanted: Wanted = ANY

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of the variables that have values."""
        return {name: value.shape for name, value in kept(self.values).items()}


def in_precision(problem: Problem, exact: bool = False, digits: int | None = None) -> Problem:
    """The problem, to be computed in the numbers asked for. Raises DiffcliError for options that cannot be."""
    return problem._replace(precision=checked(exact, digits))


def reduced(problem: Problem) -> str:
    """How a result that is an array becomes a number: what to write in place of the expression."""
    root = problem.resolved.program.expression.nodes[-1]
    written = problem.source.text[root.start : root.end]
    short = written if len(written) <= 40 and "\n" not in written else "y"
    if short == written:
        return Message("sum({short}) or mean({short})", short=short)
    return Message("sum(y) or mean(y), where y is the result")


def pose(
    source: Source,
    bindings: Sequence[Binding] = (),
    wrt: Sequence[str] = (),
    complete: bool = True,
    data: "Data | None" = None,
    of: Sequence[str] | None = None,
) -> Problem:
    """Put expression, values and data together.

    `wrt` defaults to the program's `param`s if it has any, else to all variables but those that are columns of
    the data. With `of`, nodes whose gradient is asked for, `wrt` may name such nodes too. Raises DiffcliError for
    a value without a variable, data of which nothing is used, or (if `complete`) a variable without a value.
    """
    with corrected(source, lambda reading: _computed(_posed(reading, bindings, wrt, complete, data, of))):
        return _posed(source, bindings, wrt, complete, data, of)


def _posed(
    source: Source,
    bindings: Sequence[Binding],
    wrt: Sequence[str],
    complete: bool,
    data: "Data | None",
    of: Sequence[str] | None,
) -> Problem:
    named = frozenset(binding.name for binding in bindings if binding.name) | frozenset(wrt)
    named = named if data is None else named | data.names
    resolved = (_remembered if len(source.text) <= _LONGEST_REMEMBERED else _resolved)(source, named, complete)
    program = resolved.program
    columns = None if data is None else _used(data, program, resolved, bindings)
    of_data: Mapping[str, Array] = {} if columns is None else columns.values
    found = bound(resolved, bindings, tuple(of_data))
    values: dict[str, Kept] = {name: binding.kept for name, binding in found.items()} | dict(of_data)
    stated = {name: binding.stated for name, binding in found.items()} | (columns.stated if columns else {})
    for position, statement in enumerate(program.statements):
        if statement.kind == "param" and statement.name in resolved.variables and statement.name not in values:
            before = tuple(earlier for earlier in program.statements[:position] if earlier.kind != "param")
            values[statement.name] = constant(statement.body, before)
            stated[statement.name] = Stated((statement.body,), statements=before)
    if complete:
        check_complete(resolved, values, data)
    inner = tuple(name for name in wrt if name not in resolved.variables and name in resolved.names.values())
    if inner and of is None:
        raise _intermediate(program, inner[0], not bindings)
    for name in wrt:
        if name not in resolved.variables and name not in inner:
            hint = did_you_mean(name, resolved.variables) or listed_variables(resolved)
            message = Message("'{name}' does not occur in the expression", name=name)
            raise fault("E207", message, Source(name, Argument("wrt")), hint=hint)
    order = [*values, *(name for name in resolved.variables if name not in values)]
    parameters = [name for name in order if name in resolved.values]
    free = [name for name in order if name not in of_data] or order
    chosen = tuple(name for name in dict.fromkeys(wrt) if name not in inner) or (
        () if inner else tuple(parameters) or tuple(free)
    )
    nodes = tuple(dict.fromkeys((*inner, *(of or ()))))
    notes = columns.notes if columns else ()
    return Problem(source, resolved, Arrays(values), chosen, stated, columns=tuple(of_data), notes=notes, of=nodes)


def _resolved(source: Source, named: frozenset[str], complete: bool) -> Resolved:
    resolved = resolve(parse(source), named)
    check_names(resolved, named, complete)
    return resolved


#: The expressions of the last problems: one that is asked about again is not read again.
_remembered = lru_cache(maxsize=64)(_resolved)


def _intermediate(program: Program, name: str, anywhere: bool) -> DiffcliError:
    """The error about a derivative by something that the program defines;
    without its definition it is a variable, of no value yet.
    """
    statement = next(statement for statement in program.statements if statement.name == name)
    text = program.source.text
    end = max(node.end for node in statement.body.nodes)
    while end < len(text) and text[end] not in ";\n":
        end += 1
    edits = (Edit(Span(statement.span.start, end + 1), ""),) if anywhere else ()
    advice = Advice(edits, otherwise=Message("grad gives the gradient at it: {of}", of=Argument("of", name)))
    message = Message("'{name}' is defined by the program, so it is not a variable", name=name)
    return fault("E207", message, program.source, statement.span, advice=advice)


def _computed(problem: Problem) -> None:
    """Compute a reading's value, if all its variables have one. Raises DiffcliError where it cannot be computed."""
    if all(name in problem.values for name in problem.resolved.variables):
        built = build(problem.resolved, problem.shapes, derivative)
        point = kept(problem.values)
        evaluation(built.graph)({node: point[name] for name, node in built.inputs.items()})


def _used(data: "Data", program: Program, resolved: Resolved, bindings: Sequence[Binding]) -> "Bound":
    """The columns that the expression uses. Raises DiffcliError where a name has another value too, or none is used."""
    given = {binding.name: binding for binding in bindings}
    used = [name for name in data.choices if name in resolved.variables]
    for name in used:
        if name in given:
            message = Message("'{name}' has a value and is a column of {file}", name=name, file=data.file)
            renamed = Argument("columns", {"NEW": name})
            hint = Message("remove the value, or rename the column: {columns}", columns=renamed)
            raise fault("E208", message, given[name].source, given[name].span, hint=hint)
    for statement in program.statements:
        if statement.kind != "function" and statement.name in data.choices:
            message = Message("'{name}' is also a column of {file}", name=statement.name, file=data.file)
            renamed = Argument("columns", {"NEW": statement.name})
            hint = Message("rename one of them; for the column: {columns}", columns=renamed)
            raise fault("E208", message, program.source, statement.span, hint=hint)
    if not used:
        from diffcli.analysis.data.table import quoted

        hint = Message(
            "its columns are {columns}; {renamed} gives one another name",
            columns=quoted(data.table.columns),
            renamed=Argument("columns", {"NAME": Blank("COLUMN")}),
        )
        raise fault(
            "E405", Message("the expression uses no column of {file}", file=data.file), data.table.source, hint=hint
        )
    return data.bound(used)
