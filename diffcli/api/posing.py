"""What all functions share: a problem from what a caller states, and the answer to it within a time limit."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, ParamSpec, TypeVar, cast, get_args

from diffcli.api.call import checked
from diffcli.errors import did_you_mean, fault, given
from diffcli.execute.executors.executor import ExecutorName, Wanted
from diffcli.messages import Argument, Message, listed
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.data.binding import Data
    from diffcli.analysis.guard_digits import Report
    from diffcli.analysis.problem import Problem

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
#: Who is told what a reader should know of the data.
_listener: ContextVar[Callable[[str], object] | None] = ContextVar("listener", default=None)
#: An expression: its text, with the name of where it comes from if that is not the call itself.
Expression = str | Source
#: Names, between commas in one text or in several.
Names = str | Sequence[str]
#: Names of columns by the variables that they are, or texts `NAME=COLUMN`, as on the command line.
Columns = Mapping[str, str | Sequence[str]] | str | Sequence[str] | Sequence[Source]
#: Seconds that a function may take where no limit is given but one is needed, as in exact numbers.
USUAL_SECONDS, SYMBOLIC_SECONDS = 5.0, 10.0


def posed(
    expression: Expression, at: object = None, values: Mapping[str, object] | None = None, *, data: object = None,
    columns: Columns | None = None, decimal: str | None = None, thousands: str | None = None,
    missing: str | Sequence[str] = (), wrt: Names = (), of: Names | None = None, exact: bool = False,
    digits: int | None = None, executor: ExecutorName | None = None, device: str | None = None, complete: bool = True,
) -> "Problem":  # fmt: skip
    """The problem that the arguments state, in the numbers asked for. Raises DiffcliError where they state none.

    `at` has values by name, as texts (`"x=1,2"`) or one for the only variable; `values` are those given by keyword.
    Without `complete`, variables need no values; with `of`, nodes of that name may have gradients.
    """
    from diffcli.analysis.given_values import bindings
    from diffcli.analysis.problem import in_precision, pose

    source = expression if isinstance(expression, Source) else Source(expression)
    stated = pose(
        source,
        (*bindings(at, "at"), *bindings(values or None, "at")),
        names(wrt, "wrt"),
        complete,
        _data(data, columns, decimal, thousands, missing),
        None if of is None else names(of, "of"),
    )
    listener = _listener.get()
    if listener is not None:
        for note in stated.notes:
            listener(note)
    problem = in_precision(stated._replace(wanted=_wanted(executor, device)), exact, digits)
    if problem.precision and executor is not None:
        hint = Message("leave one of them out")
        message = Message("executors compute in double precision")
        raise fault("E402", message, given(Argument("executor", executor)), hint=hint)
    return problem._replace(wanted=Wanted()) if problem.precision else problem


def _wanted(executor: ExecutorName | None, device: str | None) -> Wanted:
    """The executor that is asked for, here or by the environment. Raises DiffcliError for one that there is not."""
    named = os.environ.get("DIFFCLI_EXECUTOR") or None
    if executor is None and named is not None:
        names = get_args(ExecutorName)
        if named not in names:
            line = Source(named, "DIFFCLI_EXECUTOR")
            message = Message("there is no executor '{name}'", name=named)
            raise fault("E402", message, line, hint=did_you_mean(named, names) or listed(names, "or"))
        executor = cast("ExecutorName", named)
    if device is not None and executor is None:
        hint = Message("{executor} computes on it", executor=Argument("executor", "torch"))
        raise fault("E402", Message("a device is that of an executor"), given(Argument("device", device)), hint=hint)
    return Wanted(executor, device)


#: The arguments that state a problem.
_STATING = frozenset(posed.__annotations__) - {"complete", "return"}


@contextmanager
def notes_told_to(listener: Callable[[str], object]) -> Iterator[None]:
    """Have what a reader should know of the data told so; otherwise it stands in the problem alone."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


class Work(NamedTuple, Generic[Result]):
    """What a function does with the problem that its arguments state.

    In double precision there is a time limit only if one is given, other numbers have the `usual` one; what is
    `untimed` keeps to it by itself. `pilot` computes the same answers with less ado. Without `complete`, variables
    need no values.
    """

    report: "Callable[[Problem], Result]"
    usual: float = USUAL_SECONDS
    pilot: "Callable[[Problem], Report] | None" = None
    complete: bool = True
    untimed: bool = False


def of_problem(work: Callable[Arguments, Work[Result]]) -> Callable[Arguments, Result]:
    """The function of a problem that its arguments state by name:
    the answer is what `work`, called with them, does with it.
    """
    work.__annotations__["return"] = work.__annotations__["return"].removeprefix("Work[").removesuffix("]")
    return checked(work, _answered)


def _answered(work: Work[Result], arguments: Mapping[str, Any]) -> Result:
    """The work's report on the problem, whose numbers say how it is found. Raises DiffcliError at the time limit."""
    from diffcli.analysis.precision import time_limit

    stated = {name: arguments[name] for name in _STATING if name in arguments}
    problem = posed(**stated, complete=work.complete)
    if work.untimed:
        return work.report(problem)
    seconds = time_limit(arguments["timeout"], work.usual)
    if not problem.precision and arguments["timeout"] is None:
        return work.report(problem)
    from diffcli.analysis.guard_digits import in_time, limited

    if problem.precision:
        report = cast("Callable[[Problem], Any]", work.report)
        return cast("Result", limited(problem, seconds, report, work.pilot))
    return in_time(problem, seconds, work.report)


def names(listed: Names, argument: str) -> tuple[str, ...]:
    """Names between commas, in one text or in several. Raises DiffcliError for texts without a name."""
    if not listed:
        return ()
    return _names(listed if isinstance(listed, str) else tuple(map(str, listed)), argument)


@lru_cache
def _names(listed: str | tuple[str, ...], argument: str) -> tuple[str, ...]:
    from diffcli.syntax.tokens import name_meant, normalised

    texts = [listed] if isinstance(listed, str) else listed
    found = [name_meant(name.strip()) for text in texts for name in normalised(text).split(",") if name.strip()]
    if texts and not found:
        hint = Message("{one} or {two}", one=Argument(argument, "x"), two=Argument(argument, "x,y"))
        message = Message("{argument} names no variable", argument=Argument(argument))
        raise fault("E402", message, given(Argument(argument, texts[0])), hint=hint)
    return tuple(found)


def _data(
    data: object, columns: Columns | None, decimal: str | None, thousands: str | None, missing: str | Sequence[str]
) -> "Data | None":
    """The columns that are variables; None without data.

    Raises DiffcliError for what is said about data that are not there.
    """
    if data is not None:
        from diffcli.analysis.data.binding import given_data
        from diffcli.analysis.numerals import read_notation

        words = (missing,) if isinstance(missing, str) else missing
        return given_data(data, columns, read_notation(decimal, thousands, words))
    stated = {"columns": columns, "decimal": decimal, "thousands": thousands, "missing": missing}
    for argument, value in stated.items():
        if value is not None and (isinstance(value, str) or len(value)):
            shown = value if isinstance(value, (str, Mapping)) else next(iter(value))
            written = Argument(argument, shown.text if isinstance(shown, Source) else shown)
            numbers = Message("it is about the numbers in a file")
            what = Message("the columns are those of a file") if argument == "columns" else numbers
            hint = Message("{what}: {data}", what=what, data=Argument("data", "FILE.csv"))
            message = Message("{option} is given without {data}", option=Argument(argument), data=Argument("data"))
            raise fault("E402", message, given(written), hint=hint)
    return None
