"""Diagnostics as data. Drawing one on a screen is `render`'s job."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from types import TracebackType
from typing import Any, NamedTuple

from diffcli.messages import Argument, Faced, Message, Speech, arguments, said, speech, told
from diffcli.presenter import presenter
from diffcli.source import Source, Span, visible


class ExitCode(IntEnum):
    """The process's exit status: the documented contract with scripts."""

    DONE = 0
    NEGATIVE = 1
    CANNOT_START = 2
    NOT_FINITE = 3
    TIME_LIMIT = 4
    INTERRUPTED = 130
    TERMINATED = 143


#: Every diagnostic code, what it is about. The first digit is the family.
CODES: dict[str, str] = {
    "E101": "text that cannot be read",
    "E102": "a character outside the language",
    "E103": "a number that cannot be represented",
    "E104": "an empty expression",
    "E105": "an unclosed bracket",
    "E106": "a closing bracket that closes nothing",
    "E107": "a missing operand",
    "E108": "a missing operator",
    "E109": "an ambiguous product, power or root",
    "E110": "a misplaced equals sign",
    "E111": "a chained comparison",
    "E112": "a misplaced comma or colon",
    "E113": "a malformed statement",
    "E201": "a variable without a value",
    "E202": "a function used as a variable",
    "E203": "an unknown function",
    "E204": "a wrong number of arguments",
    "E205": "a variable called like a function",
    "E206": "an unknown keyword argument",
    "E207": "a name that does not occur",
    "E208": "two values for one name",
    "E209": "a value that could belong to several variables",
    "E210": "a recursive function",
    "E211": "a name defined twice",
    "E212": "a derivative by something that is no variable",
    "E213": "an unusable value of a keyword argument",
    "E214": "a name that may be several, or something else",
    "E301": "shapes that do not fit together",
    "E302": "an index out of range",
    "E303": "an index that is not a whole number",
    "E304": "an output that is not a single number",
    "E305": "an axis or another option that does not fit the shape",
    "E306": "a class label or a computed index out of range",
    "E401": "a file that cannot be read",
    "E402": "an unusable option",
    "E403": "an option value out of range",
    "E404": "a value that is not a constant",
    "E405": "a column that is not there",
    "E406": "data that are no table of numbers",
    "E407": "a file that cannot be written",
    "E408": "a saved run that does not fit",
    "E409": "a graph too large for a picture",
    "E410": "a file too large to be read",
    "E501": "a value that is not finite",
    "E502": "a gradient that is not finite",
    "E503": "a kink, where --strict is given",
    "E601": "the time limit",
    "E602": "no closed form",
    "E603": "exact arithmetic out of reach",
    "E604": "a process that cannot be begun",
    "E605": "a process that the system ended",
    "E701": "an answer that cannot be graded",
    "E702": "a question that cannot be graded",
    "E703": "too few points to tell right from wrong",
    "E704": "a sheet of exercises that cannot be used",
    "E705": "an answer to no exercise of the sheet, or a second one",
    "E901": "an internal error",
}


class Label(NamedTuple):
    """A span of the source with a few words about it."""

    span: Span
    text: str = ""


class Suggestion(NamedTuple):
    """An expression that does what the user's did not: its value and gradient at the point, both finite."""

    expression: str
    value: float
    gradient: Mapping[str, Any]


class Edit(NamedTuple):
    """A piece of the source and what to write in its place."""

    span: Span
    text: str


class Advice(NamedTuple):
    """What the user may have meant, not tried yet: each edit is one reading of the source.

    What becomes of it is a hint: the readings that can be read, between the words before and after; where none can,
    only what is to be said otherwise. `said` is the hint where the first edit alone is enough.
    """

    edits: tuple[Edit, ...] = ()
    words: str = ""
    otherwise: str | None = None
    after: str = ""
    said: str | None = None


class Diagnostic(NamedTuple):
    """What went wrong, where, and what to do about it.

    `labels` point into `source`; the first is the main one. `suggestion` is an expression that was
    tried and works. `readings` are whole texts to write instead, each of which was read; they stand in the hint.
    """

    code: str
    message: str
    source: Source | None = None
    labels: tuple[Label, ...] = ()
    hint: str | None = None
    exit_code: ExitCode = ExitCode.CANNOT_START
    suggestion: Suggestion | None = None
    advice: Advice | None = None
    readings: tuple[str, ...] = ()

    def said(self, to: Speech) -> "Diagnostic":
        """The diagnostic with its texts as a face and a language have them."""
        source = self.source and Source(_said(self.source.text, to), _said(self.source.name, to))
        labels = tuple(
            Label(
                # arguments are longer for one face than for another: they are underlined as a whole
                source.whole if self.source and source and label.span == self.source.whole else label.span,
                _said(label.text, to),
            )
            for label in self.labels
        )
        hint = None if self.hint is None else _said(self.hint, to)
        return self._replace(message=_said(self.message, to), source=source, labels=labels, hint=hint)


def _said(text: str, to: Speech) -> str:
    return str(said(text, to))


def given(*written: Argument) -> Source:
    """Arguments as the user wrote them, for a diagnostic to point at."""
    return Source(arguments(*written), Faced(Message("command line"), Message("arguments")))


class DiffcliError(Exception):
    """Every failure that a user can cause. Carries its `Diagnostic`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic

    def __reduce__(self) -> tuple[type["DiffcliError"], tuple[Diagnostic]]:
        return type(self), (self.diagnostic,)

    def __str__(self) -> str:
        diagnostic = self.diagnostic.said(speech())
        text = diagnostic.message
        if diagnostic.hint:
            text = told("{message} ({hint})", message=text, hint=diagnostic.hint)
        return visible(f"[{diagnostic.code}] {text}")

    def _render_traceback_(self) -> list[str]:
        """The lines that IPython and Jupyter print instead of a traceback:
        the user's own line that was running, then the diagnostic.
        """
        shown_by = presenter()
        lines = [str(self)] if shown_by is None else shown_by.diagnostic_lines(self.diagnostic)
        return [*_calling_line(self.__traceback__), *lines]


def _calling_line(frames: TracebackType | None) -> list[str]:
    """The line that called this package, if its text is to be had."""
    from itertools import takewhile  # imports that only a mistake needs
    from linecache import getline
    from traceback import walk_tb

    own = list(
        takewhile(
            lambda place: str(place[0].f_globals.get("__name__")).partition(".")[0] != __package__, walk_tb(frames)
        )
    )
    text = getline(own[-1][0].f_code.co_filename, own[-1][1], own[-1][0].f_globals).strip() if own else ""
    return [f"line {own[-1][1]}: {text}"] if text else []


class OutOfReach(Exception):
    """What exact arithmetic cannot do; the message says what. It becomes a diagnostic where the source is known."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def fault(
    code: str,
    message: str,
    source: Source | None = None,
    *spans: Span | Label,
    hint: str | None = None,
    exit_code: ExitCode = ExitCode.CANNOT_START,
    suggestion: Suggestion | None = None,
    advice: Advice | None = None,
) -> DiffcliError:
    """The exception for a diagnostic; bare spans become labels without words, and without any the whole source is
    meant.
    """
    meant = spans or (() if source is None else (source.whole,))
    labels = tuple(span if isinstance(span, Label) else Label(span) for span in meant)
    return DiffcliError(
        Diagnostic(
            code, message, source, labels, hint or (advice.otherwise if advice else None), exit_code, suggestion, advice
        )
    )


def unforeseen(error: Exception) -> Diagnostic:
    """The diagnostic for an exception that is none itself: memory ran out, or the program has a defect."""
    if isinstance(error, MemoryError):
        return Diagnostic("E601", Message("there is not enough memory"), exit_code=ExitCode.TIME_LIMIT)
    return Diagnostic(
        "E901",
        Message("internal error: {kind}: {error}", kind=type(error).__name__, error=error),
        hint=Message("this is a defect of diffcli; report it with the command line and what DIFFCLI_DEBUG=1 prints"),
    )


def out_of_range(argument: str, value: float, message: str, hint: str) -> DiffcliError:
    """The exception for the value of an argument that is out of range."""
    written = f"{value:g}" if isinstance(value, float) else str(value)
    return fault("E403", message, Source(written, Argument(argument)), hint=hint)


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is `word` but for a slip or two of the fingers, or that alone begins with it;
    small letters and capitals are the same.
    """
    candidates = frozenset(candidates)
    folded = word.casefold()
    allowed = min(1 if len(word) < 6 else 2 if len(word) < 10 else 3, len(word) - 1)
    slips = [
        (_slips(folded, candidate.casefold()), candidate)
        for candidate in candidates
        if abs(len(candidate) - len(word)) <= allowed
    ]
    nearest = min(slips, default=None)
    if nearest is not None and nearest[0] <= 10 * allowed:
        return nearest[1]
    longer = [candidate for candidate in candidates if len(word) > 1 and candidate.casefold().startswith(folded)]
    return longer[0] if len(longer) == 1 else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """A hint naming the candidate that `word` is a misspelling of, if there is one."""
    near = closest(word, candidates)
    return meaning(near) if near else None


def instead(words: str) -> str:
    """A hint with what to write instead."""
    return Message("write {readings}", readings=words)


def meaning(name: str) -> str:
    """A hint naming what was meant."""
    return Message("did you mean '{name}'?", name=name)


#: What slips cost: two letters that changed places are the likeliest, a wrong letter the least likely.
_SWAPPED, _EXTRA, _WRONG = 8, 9, 10


def _slips(first: str, second: str) -> int:
    """The distance between two words: letters left out, put in, taken for another, or that changed places (optimal
    string alignment).
    """
    before: list[int] = []
    row = [_EXTRA * j for j in range(len(second) + 1)]
    for i, letter in enumerate(first, 1):
        earlier, before, row = before, row, [_EXTRA * i]
        for j, other in enumerate(second, 1):
            fewest = min(before[j] + _EXTRA, row[j - 1] + _EXTRA, before[j - 1] + _WRONG * (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                fewest = min(fewest, earlier[j - 2] + _SWAPPED)
            row.append(fewest)
    return row[-1]
