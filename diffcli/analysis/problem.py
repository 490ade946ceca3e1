"""An expression with the values of its variables: what every analysis starts from."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from diffcli.analysis.data.table import Bound, quoted
from diffcli.analysis.precision import DOUBLE, Precision
from diffcli.analysis.values import Binding, Stated, constant
from diffcli.autodiff.reverse import derivative
from diffcli.errors import Advice, DiffcliError, Edit, Label, closest, did_you_mean, fault
from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.program import Program as Computation
from diffcli.graph.build import build
from diffcli.messages import Argument, Blank, Joined, Message, listed, some
from diffcli.primitives.shape import Shape
from diffcli.primitives.table import CONSTANTS, FUNCTION_NAMES
from diffcli.source import Source, Span
from diffcli.syntax.corrections import corrected
from diffcli.syntax.differentials import IN_WORDS, quotients
from diffcli.syntax.joined_names import apart_edits
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tokens import normalised
from diffcli.syntax.tree import Node, Program

if TYPE_CHECKING:
    from diffcli.analysis.data.binding import Data


#: Characters of an expression that is remembered.
_LONGEST_REMEMBERED = 50_000


class Problem(NamedTuple):
    """A resolved expression, values by variable, and the variables to differentiate by.

    `values` is in the order in which the user gave them, then in that of the program's `param`s;
    they are numbers of the `arithmetic`. `stated` has them as they were given. `columns` are the
    variables that are columns of data, `notes` what a reader should know of those. `of` are nodes whose
    gradient is asked for, by name (`y`) or number (`v1`).
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

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of the variables that have values."""
        return {name: value.shape for name, value in self.values.items()}


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
    resolved = (_remembered if len(source.text) <= _LONGEST_REMEMBERED else _resolved)(source, named)
    program = resolved.program
    _check_names(resolved, named)
    columns = Bound({}, ()) if data is None else _used(data, program, resolved, bindings)
    bound = _bound(resolved, bindings, tuple(columns.values))
    values = {name: binding.value for name, binding in bound.items()} | dict(columns.values)
    stated = {name: binding.stated for name, binding in bound.items()} | columns.stated
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
            hint = did_you_mean(name, resolved.variables) or _listed(resolved)
            message = Message("'{name}' does not occur in the expression", name=name)
            raise fault("E207", message, Source(name, Argument("wrt")), Span(0, len(name)), hint=hint)
    order = [*values, *(name for name in resolved.variables if name not in values)]
    parameters = [name for name in order if name in resolved.values]
    free = [name for name in order if name not in columns.values] or order
    chosen = tuple(name for name in dict.fromkeys(wrt) if name not in inner) or (
        () if inner else tuple(parameters) or tuple(free)
    )
    nodes = tuple(dict.fromkeys((*inner, *(of or ()))))
    return Problem(
        source, resolved, values, chosen, stated, columns=tuple(columns.values), notes=columns.notes, of=nodes
    )


def _resolved(source: Source, named: frozenset[str]) -> Resolved:
    return resolve(parse(source), named)


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
        Computation(built.graph, [built.output], FLOAT64).run(
            {node: problem.values[name] for name, node in built.inputs.items()}
        )


def _check_names(resolved: Resolved, named: frozenset[str]) -> None:
    """Raise DiffcliError for a variable whose name is made of others: `sinx`, `xy`.

    A name that has a value, or is named by `wrt`, is one.
    """
    _check_differentials(resolved, named)
    text = resolved.source.text
    for name in resolved.variables:
        if len(name) == 1 or name in named or name in resolved.values:
            continue
        node = next(node for node in resolved.nodes if node.kind == "name" and node.text == name)
        edits, what = _meant_names(name, named, text, node)
        if edits:
            declared = _declared(name)
            advice = Advice(edits, after=Message("; {declared}", declared=declared), otherwise=declared)
            message = Message("'{name}' has no value, and may be {what}", name=name, what=what)
            raise fault("E214", message, resolved.source, node.span, advice=advice)


def _declared(name: str) -> Message:
    """How a name of several parts is made that of a variable."""
    at, wrt = Argument("at", {name: Blank("...")}), Argument("wrt", name)
    return Message("for a variable of that name: {at} or {wrt}", at=at, wrt=wrt)


def _meant_names(name: str, named: frozenset[str], text: str, node: Node) -> tuple[tuple[Edit, ...], str]:
    """What a variable may have been meant to be, if it is no ordinary name, and a word for it."""
    if text[node.end : node.end + 1] == "[" and closest(name, FUNCTION_NAMES) is not None:  # Sin[x]
        from diffcli.syntax.foreign.readings import foreign_edits  # an import that only a mistake needs

        return foreign_edits(text, node.span), Message("a function")
    constant = name.casefold().removeprefix("m_")
    if constant in CONSTANTS and len(name) > 1:  # Pi, M_PI
        return (Edit(node.span, constant),), Message("a constant")
    return apart_edits(name, named, text, node.start), Message("several names")


def _check_differentials(resolved: Resolved, named: frozenset[str]) -> None:
    """Raise DiffcliError for `dy/dx` where nothing is called dy or dx: a derivative is meant, and no quotient."""
    variables = {*resolved.variables}
    if not any(name.startswith("d") for name in variables):
        return  # of most expressions: their text is not to be searched
    text = normalised(resolved.source.text)
    known = named | resolved.defined | variables
    for quotient in quotients(text):
        own = quotient.names & variables
        if not own or own & named or own & {*resolved.values} or not quotient.is_meant(known - own):
            continue
        written = text[quotient.span.start : quotient.span.end]
        name = next(name for name in resolved.variables if name in own)
        declared = _declared(name)
        edits = quotient.edits(resolved.defined - resolved.functions, resolved.functions)
        after = Message("; {declared}", declared=declared)
        advice = Advice(edits, after=after, otherwise=Joined((IN_WORDS, declared), "; "))
        message = Message("'{written}' is a derivative, where nothing is called {name}", written=written, name=name)
        raise fault("E214", message, resolved.source, quotient.span, advice=advice)


def _used(data: "Data", program: Program, resolved: Resolved, bindings: Sequence[Binding]) -> Bound:
    """The columns that the expression uses. Raises DiffcliError where a name has another value too, or none is used."""
    given = {binding.name: binding for binding in bindings}
    used = [name for name in data.choices if name in resolved.variables]
    for name in used:
        if name in given:
            message, hint = (
                Message("'{name}' has a value and is a column of {file}", name=name, file=data.file),
                Message(
                    "remove the value, or rename the column: {columns}", columns=Argument("columns", {"NEW": name})
                ),
            )
            raise fault("E208", message, given[name].source, given[name].span, hint=hint)
    for statement in program.statements:
        if statement.kind != "function" and statement.name in data.choices:
            message, hint = (
                Message("'{name}' is also a column of {file}", name=statement.name, file=data.file),
                Message(
                    "rename one of them; for the column: {columns}",
                    columns=Argument("columns", {"NEW": statement.name}),
                ),
            )
            raise fault("E208", message, program.source, statement.span, hint=hint)
    if not used:
        hint = Message(
            "its columns are {columns}; {renamed} gives one another name",
            columns=quoted(data.table.columns),
            renamed=Argument("columns", {"NAME": Blank("COLUMN")}),
        )
        message = Message("the expression uses no column of {file}", file=data.file)
        raise fault("E405", message, data.table.source, data.table.source.whole, hint=hint)
    return data.bound(used)


def _bound(resolved: Resolved, bindings: Sequence[Binding], columns: Sequence[str]) -> dict[str, Binding]:
    found: dict[str, Binding] = {}
    for binding in bindings:
        name = binding.name or _only_variable(resolved, binding, columns)
        if name not in resolved.variables:
            if name in resolved.defined:
                message = Message("'{name}' is defined by the program and takes no value", name=name)
                hint: str = Message("remove its definition or the value")
            else:
                message = Message("'{name}' does not occur in the expression", name=name)
                hint = did_you_mean(name, resolved.variables) or _listed(resolved)
            raise fault("E207", message, binding.source, binding.span, hint=hint)
        if name in found:
            unnamed = [other for other in bindings if other.name is None and other.value.shape == ()]
            elements = ",".join(other.source.text[other.span.start : other.span.end].strip() for other in unnamed)
            hint = (
                Message("give each variable one value")
                if len(unnamed) < 2
                else Message("separate the elements of one value by commas: {listed}", listed=elements)
            )
            raise fault("E208", Message("'{name}' has two values", name=name), binding.source, binding.span, hint=hint)
        found[name] = binding
    return found


def _only_variable(resolved: Resolved, binding: Binding, columns: Sequence[str]) -> str:
    variables = [name for name in resolved.variables if name not in columns]
    free = [name for name in variables if name not in resolved.values] or variables
    if len(free) == 1:
        return free[0]
    if not free:
        message = Message("the expression has no variables")
        raise fault("E207", message, binding.source, binding.span, hint=Message("leave the value out"))
    names = (
        listed(free, "or")
        if len(free) <= 8
        else Message("{names} or {count} others", names=Joined(free[:6]), count=len(free) - 6)
    )
    hint = _values_of(free)
    raise fault(
        "E209", Message("the value could belong to {names}", names=names), binding.source, binding.span, hint=hint
    )


def check_complete(resolved: Resolved, values: Mapping[str, Array], data: "Data | None" = None) -> None:
    """Raise DiffcliError for variables without a value."""
    missing = [name for name in resolved.variables if name not in values]
    if not missing:
        return
    first = {node.text: node.span for node in reversed(resolved.nodes) if node.kind == "name"}
    known = [name for name in (*resolved.variables, *CONSTANTS) if name not in missing]
    several = len(missing) > 1
    hints: list[str] = [
        Message("give them some: {at}", at=_values_of(missing))
        if several
        else Message("give it one: {at}", at=_values_of(missing))
    ]
    if data is not None:
        hints.insert(0, data.missing(missing[0]))
    elif not several and (close := did_you_mean(missing[0], known)):
        hints.append(close)
    names = some([f"'{name}'" for name in missing], 6)
    transposes = (
        [Edit(Span(*found.span()), ".T") for found in re.finditer(r"\s*\^\s*T\b", resolved.source.text)]
        if missing == ["T"]
        else []
    )
    hint = Joined(hints, "; ")
    message = (
        Message("variables {names} have no value", names=names)
        if several
        else Message("variable {name} has no value", name=names)
    )
    advice = Advice(tuple(transposes), after=Joined(("", hint), "; ") if transposes else "", otherwise=hint)
    raise fault("E201", message, resolved.source, *[Label(first[name]) for name in missing[:6]], advice=advice)


def _values_of(names: Sequence[str]) -> Argument:
    return Argument("at", {name: Blank("...") for name in names[:6]})


def _listed(resolved: Resolved) -> str:
    if resolved.variables:
        return Message("its variables are {names}", names=Joined(resolved.variables))
    return Message("it has no variables")
