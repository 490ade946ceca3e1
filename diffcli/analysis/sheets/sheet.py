"""Sheets: exercises as data, read from TOML."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, NamedTuple, get_args

from diffcli.analysis.exercise.check_report import Feedback
from diffcli.analysis.exercise.question import AnswerForm, Question
from diffcli.analysis.sheets.toml_places import Path, Place, places
from diffcli.analysis.sheets.written_values import as_text
from diffcli.errors import Diagnostic, DiffcliError, Label, did_you_mean, fault, instead
from diffcli.messages import LANGUAGES, Argument, InSheet, Joined, Message, Worded, listed
from diffcli.source import Source, Span

#: What a sheet says that it is.
SCHEMA = "diffcli/sheet@1"
#: An identifier: what begins a line of an answer file, before the colon or the equals sign.
_ID = re.compile(r"[^\s:=#\[][^:=\n]{0,99}(?<!\s)|[^\s:=#\[]")
_KINDS = {
    str: Message("a text"),
    int: Message("a whole number"),
    float: Message("a number"),
    bool: Message("true or false"),
    list: Message("a list"),
    dict: Message("a table"),
}
_EXAMPLES = {str: '"..."', int: "2", float: "0.5", bool: "true", list: "[...]", dict: "{ ... }"}
_MOST_POINTS = 1_000_000
#: The share of any slip that the exercise does not name, and that of a right value in another form.
ANY, FORM = "any", "form"


class Key(NamedTuple):
    """A key of an exercise: the kinds of its value, the words that it may be, whether `[defaults]` may have it."""

    kinds: tuple[type, ...]
    choices: tuple[str, ...] = ()
    shared: bool = False


_NUMBER = (int, float)
#: The keys of an exercise: its own, and those that are arguments of `check`.
KEYS: Mapping[str, Key] = {
    "id": Key((str, int)),
    "expression": Key((str,)),
    "text": Key((str, dict)),
    "hint": Key((str, dict)),
    "points": Key(_NUMBER, shared=True),
    "parts": Key((bool,), shared=True),
    "slips": Key((dict,), shared=True),
    "feedback": Key((str,), get_args(Feedback), shared=True),
    "at": Key((str, *_NUMBER, list, dict)),
    "wrt": Key((str, list)),
    "order": Key((int,)),
    "of": Key((str,)),
    "local": Key((str,)),
    "value": Key((bool,)),
    "next": Key((bool,)),
    "lr": Key(_NUMBER),
    "optimizer": Key((str,)),
    "hyperparameters": Key((dict,)),
    "clip_norm": Key(_NUMBER),
    "steps": Key((int,)),
    "stable_rate": Key((bool,)),
    "form": Key((str,), get_args(AnswerForm), shared=True),
    "exact": Key((bool,), shared=True),
    "data": Key((str,)),
    "columns": Key((str, dict)),
    "decimal": Key((str,)),
    "thousands": Key((str,)),
    "missing": Key((str, list)),
    "domain": Key((dict,)),
    "seed": Key((int,), shared=True),
}
#: Those that say how an answer is marked, not what is asked.
_MARKING = ("id", "text", "hint", "points", "parts", "slips", "feedback")
#: Those that people read, and what they may be by language.
_WORDS = ("title", "text", "hint")
_BY_LANGUAGE: Mapping[str, Key] = {language: Key((str,)) for language in LANGUAGES}
_TOP = {"schema": Key((str,)), "title": Key((str, dict)), "defaults": Key((dict,)), "exercise": Key((list,))}


_NOTHING = Worded({})


class _Flaw(NamedTuple):
    """What is wrong with the value, or the key, of a table, and what to do."""

    where: tuple[str, ...]
    message: Message
    hint: str
    key: bool = False


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise: what is asked, as arguments of `check`, and what an answer is worth.

    `text` is the exercise in words, `hint` what helps with a wrong answer that no slip explains. With `parts`, each
    part of an answer has its share of the `points`; `slips` are the shares that a wrong one keeps, by the kind of the
    slip. `question` is what is asked, once that has been tried; `fault` is why nothing can be asked.
    """

    id: str
    expression: str = ""
    text: Worded = _NOTHING
    hint: Worded = _NOTHING
    points: Fraction = Fraction(1)
    parts: bool = True
    slips: Mapping[str, Fraction] = field(default_factory=dict)
    feedback: Feedback = "hint"
    stated: Mapping[str, Any] = field(default_factory=dict)
    question: Question | None = None
    fault: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its exercises in their order, and what is wrong beyond them; `where` has their places in the text."""

    source: Source
    title: Worded
    exercises: tuple[Exercise, ...]
    faults: tuple[Diagnostic, ...] = ()
    where: Mapping[str, Path] = field(default_factory=dict)
    places: Mapping[Path, Place] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The exercises' identifiers."""
        return tuple(each.id for each in self.exercises)

    def only(self, wanted: str) -> "Sheet":
        """The sheet with one exercise alone. Raises KeyError where it has none of that name."""
        exercise = {each.id: each for each in self.exercises}[wanted]
        return replace(self, exercises=(exercise,))

    def located(self, exercise: Exercise, found: Diagnostic) -> Diagnostic:
        """A diagnostic about an exercise's question, pointing into the sheet, in the words of its keys.

        It is at the value in which its text stands as it is; else at the key of the argument that it is about, or at
        the head of the exercise.
        """
        found = found._replace(message=InSheet(found.message), hint=found.hint and InSheet(found.hint))
        path = self.where.get(exercise.id)
        if path is None:
            return found
        text, written = self.source.text, "" if found.source is None else found.source.text
        key = (*path, found.source.name.template) if found.source and isinstance(found.source.name, Argument) else path
        about = key if key in self.places else path
        inside = {inner: place for inner, place in self.places.items() if inner[: len(about)] == about}
        for place in [place for inner, place in inside.items() if inner != path]:
            begin = text.find(written, *place.value) if written else -1
            if begin >= 0:
                labels = [Label(Span(begin + span.start, begin + span.end), words) for span, words in found.labels]
                return found._replace(source=self.source, labels=tuple(labels))
        labelled = " ".join(written[slice(*label.span)] for label in found.labels)
        names = {name.replace("-", "_") for name in re.findall(r"[^\W\d][\w-]*", labelled)}
        for inner, place in inside.items():  # a name that has a value, or the key that an option is
            if inner != about and inner[-1] in names:
                return found._replace(source=self.source, labels=(Label(place.key),))
        return found._replace(source=self.source, labels=(Label(self.places[about].value),))


def read_sheet(source: Source) -> Sheet:
    """The sheet that a text of TOML holds. Raises DiffcliError where it is none at all.

    What is wrong with one exercise stands in that exercise; the others are as they would be without it.
    """
    try:
        stated = tomllib.loads(source.text)
        where = places(source.text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(source, str(error)) from None
    except RecursionError:
        raise fault("E704", Message("the sheet is nested too deeply"), source, Span(0, 1)) from None
    _check_schema(source, stated, where)
    reader = _Reader(source, where)
    top, faults = reader.checked(stated, _TOP, ())
    defaults, more = reader.checked(top.get("defaults", {}), _shared(), ("defaults",))
    for flaw in _flaws(defaults):  # told once, and not in each exercise
        more.append(reader.flawed(flaw, ("defaults",)))
        defaults = {name: value for name, value in defaults.items() if name != flaw.where[0]}
    faults += more
    exercises: dict[str, Exercise] = {}
    known: dict[str, Path] = {}
    for place, each in enumerate(top.get("exercise", [])):
        path = ("exercise", place)
        if not isinstance(each, dict):
            faults.append(reader.told(path, Message("an exercise is a table"), Message("write [[exercise]] above it")))
            continue
        try:
            named = reader.identifier(each, path, exercises)
        except DiffcliError as error:
            faults.append(error.diagnostic)
            continue
        known[named] = path
        exercises[named] = reader.exercise(named, each, defaults, path)
    if not exercises and not faults:
        hint = Message("an exercise begins with a line [[exercise]]")
        raise fault("E704", Message("the sheet has no exercises"), source, Span(0, 1), hint=hint)
    return Sheet(source, _worded(top.get("title", "")), tuple(exercises.values()), tuple(faults), known, where)


def _shared() -> dict[str, Key]:
    return {name: key for name, key in KEYS.items() if key.shared}


def _no_toml(source: Source, reason: str) -> DiffcliError:
    """The error about a text that `tomllib` does not read."""
    said, _, place = reason.rpartition(" (at ")
    at = re.fullmatch(r"line (\d+), column (\d+)\)", place)
    begin = max(len(source.text.rstrip()) - 1, 0)
    if at is not None:
        lines = source.lines
        line = lines[min(int(at[1]), len(lines)) - 1]
        begin = min(line.start + int(at[2]) - 1, max(line.end - 1, line.start))
    message = Message("this is no TOML: {reason}", reason=(said or reason).lower())
    hint = Message('texts stand in quotation marks, as in expression = "x^2"')
    return fault("E704", message, source, Span(begin, begin + 1), hint=hint)


def _check_schema(source: Source, stated: Mapping[str, Any], where: Mapping[Path, Place]) -> None:
    """Raise DiffcliError for what does not say that it is a sheet, of a version that is known."""
    hint = Message("a sheet begins with {line}", line=f'schema = "{SCHEMA}"')
    if "schema" not in stated:
        raise fault("E704", Message("the sheet does not say what it is"), source, Span(0, 1), hint=hint)
    if stated["schema"] != SCHEMA:
        message = Message("'{schema}' is no sheet that is known", schema=stated["schema"])
        raise fault("E704", message, source, where[("schema",)].value, hint=hint)


class _Reader:
    """Tables of a sheet, whose faults point to where they stand."""

    def __init__(self, source: Source, where: Mapping[Path, Place]) -> None:
        self.source, self.where = source, where

    def told(self, path: Path, message: str, hint: str | None = None, key: bool = False) -> Diagnostic:
        """A diagnostic about the value, or the key, at a path; about the nearest table where that has no place."""
        while path and path not in self.where:
            path = path[:-1]
        place = self.where.get(path)
        span = Span(0, 1) if place is None else place.key if key else place.value
        return fault("E704", message, self.source, span, hint=hint).diagnostic

    def checked(
        self, table: Mapping[str, Any], keys: Mapping[str, Key], path: Path
    ) -> tuple[dict[str, Any], list[Diagnostic]]:
        """The values of a table that it may have, and what is wrong with the others."""
        kept, faults = {}, []
        for name, value in table.items():
            wrong = self._wrong(name, value, keys, path)
            if wrong is None:
                kept[name] = value
            else:
                faults.append(wrong)
            if wrong is None and name in _WORDS and isinstance(value, dict):
                kept[name], amiss = self.checked(value, _BY_LANGUAGE, (*path, name))
                faults += amiss
        return kept, faults

    def _wrong(self, name: str, value: object, keys: Mapping[str, Key], path: Path) -> Diagnostic | None:
        here = (*path, name)
        if name not in keys:
            hint: str | None = did_you_mean(name, keys) or Message("it may have {names}", names=Joined(keys))
            return self.told(here, Message("there is no key '{name}' here", name=name), hint, key=True)
        known = keys[name]
        if type(value) not in known.kinds:
            kinds = [kind for kind in known.kinds if kind is not int or float not in known.kinds]
            message = Message(
                "'{name}' must be {words}", name=name, words=listed([_KINDS[kind] for kind in kinds], "or")
            )
            return self.told(here, message, instead(f"{name} = {_EXAMPLES[kinds[0]]}"))
        if known.choices and value not in known.choices:
            hint = did_you_mean(str(value), known.choices)
            words = listed(known.choices, "or")
            message = Message("'{name}' must be {words}", name=name, words=words)
            return self.told(here, message, hint or instead(f'{name} = "{known.choices[0]}"'))
        return None

    def identifier(self, table: Mapping[str, Any], path: Path, known: Mapping[str, object]) -> str:
        """The identifier of an exercise. Raises DiffcliError where it has none, an unusable one, or another's."""
        value = table.get("id")
        named = str(value).strip() if type(value) in KEYS["id"].kinds else ""
        here = (*path, "id")
        if value is None:
            hint = Message('id = "1" is what answers call it')
            raise DiffcliError(self.told(path, Message("the exercise has no id"), hint))
        if not _ID.fullmatch(named):
            hint = Message("a number, or a word or several without a colon or an equals sign")
            raise DiffcliError(self.told(here, Message("this is no id"), hint))
        if named in known:
            message = Message("there is an exercise '{id}' already", id=named)
            raise DiffcliError(self.told(here, message, Message("give one of them another id")))
        return named

    def exercise(self, named: str, table: Mapping[str, Any], defaults: Mapping[str, Any], path: Path) -> Exercise:
        """The exercise that a table states, with what is wrong with it."""
        stated, faults = self.checked(table, KEYS, path)
        stated = {**defaults, **stated}
        faults += [self.flawed(flaw, path) for flaw in _flaws(stated)]
        if not stated.get("expression", "").strip():
            message = Message("the exercise has no expression")
            faults.append(self.told((*path, "expression"), message, Message('write one, as in expression = "x^2"')))
        if faults:
            return Exercise(named, str(stated.get("expression", "")), fault=faults[0], points=_points(stated))
        asked = {name: value for name, value in stated.items() if name not in _MARKING}
        return Exercise(
            named,
            stated["expression"].strip(),
            _worded(stated.get("text", "")),
            _worded(stated.get("hint", "")),
            _points(stated),
            stated.get("parts", True),
            {kind: Fraction(str(share)) for kind, share in stated.get("slips", {}).items()},
            stated.get("feedback", "hint"),
            asked,
        )

    def flawed(self, flaw: _Flaw, path: Path) -> Diagnostic:
        """The diagnostic about a flaw in the table at a path."""
        return self.told((*path, *flaw.where), flaw.message, flaw.hint, flaw.key)


def _worded(stated: str | Mapping[str, str]) -> Worded:
    return Worded({"": stated} if isinstance(stated, str) else stated)


def _points(stated: Mapping[str, Any]) -> Fraction:
    points = stated.get("points", 1)
    return Fraction(str(points)) if _is_share(points, _MOST_POINTS) else Fraction(1)


def _is_share(value: object, most: float) -> bool:
    return type(value) in _NUMBER and 0 <= value <= most  # type: ignore[operator]  # which is why it is a number


def _flaws(stated: Mapping[str, Any]) -> Iterator[_Flaw]:
    """What is wrong with values of the right kind."""
    if not _is_share(stated.get("points", 1), _MOST_POINTS):
        message = Message("points are numbers from 0 to {most:,}", most=_MOST_POINTS)
        yield _Flaw(("points",), message, instead("points = 2"))
    yield from _flaws_of_shares(stated.get("slips", {}))
    for name, interval in stated.get("domain", {}).items():
        numbers = interval if isinstance(interval, list) else []
        if len(numbers) != 2 or any(type(each) not in _NUMBER for each in numbers) or not numbers[0] < numbers[1]:
            message = Message("an interval is two numbers, the smaller one first")
            yield _Flaw(("domain", name), message, instead(f"{name} = [0.5, 2]"))
    for name in ("at", "hyperparameters", "columns"):
        value = stated.get(name)
        if value is not None and as_text(value) is None:
            message = Message("values are numbers, texts and lists of them")
            yield _Flaw((name,), message, instead(f"{name} = {{ x = [1, 2] }}"))
    for name in ("wrt", "missing"):
        value = stated.get(name, "")
        if isinstance(value, list) and not all(isinstance(each, str) for each in value):
            message = Message("'{name}' is a text, or a list of texts", name=name)
            yield _Flaw((name,), message, instead(f'{name} = ["x", "y"]'))


def _flaws_of_shares(slips: Mapping[str, Any]) -> Iterator[_Flaw]:
    """What is wrong with the shares that slips leave."""
    if not slips:
        return
    from diffcli.analysis.slips.kinds import kinds

    known = {ANY, FORM, *kinds()}
    for kind, share in slips.items():
        if kind not in known:
            names = Message("the page about slips has their names; any is each of the others")
            hint = did_you_mean(kind, sorted(known)) or names
            yield _Flaw(("slips", kind), Message("there is no slip '{kind}'", kind=kind), hint, key=True)
        elif not _is_share(share, 1):
            message = Message("the share of a slip is a number from 0 to 1")
            yield _Flaw(("slips", kind), message, Message("0.5 leaves half of the points"))
