"""Answers to a sheet: a file for each student, read line by line, as TOML or as JSON, and never run."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from diffcli.analysis.exercise.answer import LONGEST, too_long
from diffcli.analysis.exercise.written_answer import written
from diffcli.analysis.reading import MOST_TEXT, decoded, read_file, unreadable
from diffcli.analysis.sheets.answer_lines import parted
from diffcli.analysis.sheets.nesting import pruned
from diffcli.analysis.sheets.written_values import as_text
from diffcli.deadline.limit import TimeLimit, within
from diffcli.errors import Diagnostic, DiffcliError, ExitCode, did_you_mean, fault
from diffcli.messages import Argument, Joined, Message, some
from diffcli.source import Source, Span, lines_of, visible

#: The endings of the files that a folder of answers is made of.
ENDINGS = (".txt", ".toml", ".json")
#: What stands for bytes that are no text.
_STRANGE = re.compile("[\udc80-\udcff]")
#: Characters of a file that is read without a process of its own, and the seconds for one that is longer.
_SHORT, _SECONDS = 200_000, 10.0
_MOST_FAULTS, _MOST_CHARACTERS = 20, 200

#: The value of a key that stands in an object twice.
_TWICE = Ellipsis  # which neither TOML nor JSON has, and which another process returns as it is

#: A value of JSON, and one of TOML, that is no answer.
_NULL, _DATE = "null", "1970-01-01"

Given = Source | Callable[..., object] | Diagnostic


@dataclass(frozen=True, slots=True)
class Answers:
    """A student's answers by exercise, each a text, a function, or why it cannot be read; `faults` are the rest's."""

    student: str
    given: Mapping[str, Given]
    faults: tuple[Diagnostic, ...] = ()


def files_in(path: str) -> list[str]:
    """The path itself, or the files of answers in the folder that it is, in the order of their names.

    Raises DiffcliError for a path that leads nowhere, and for a folder without answers.
    """
    folder = Path(path)
    try:
        folder.stat()
    except (OSError, ValueError) as error:
        raise unreadable(path, error, Source(path, Argument("answers"))) from None
    if not folder.is_dir():
        return [path]
    found = [each for each in folder.iterdir() if each.suffix in ENDINGS and not each.name.startswith(".")]
    if not found:
        message = Message("there are no answers in '{folder}'", folder=path)
        hint = Message("answers are files that end in {endings}", endings=Joined(ENDINGS))
        raise fault("E401", message, Source(path, Argument("answers")), hint=hint)
    return [str(each) for each in sorted(found)]


def students(paths: Sequence[str]) -> list[str]:
    """What the students are called: their files' names, with as much of them as tells them apart."""
    for name in (lambda path: Path(path).stem, lambda path: Path(path).name, str):
        names = [visible(name(path)) for path in paths]
        if len(set(names)) == len(names):
            break
    return names


def answers_in(path: str, student: str, ids: Sequence[str]) -> Answers:
    """The answers in a file. What is wrong with the file stands in the result: others are not kept from theirs."""
    try:
        return answers_of(read_file(path, Source(path, Argument("answers")), most=MOST_TEXT), path, student, ids)
    except DiffcliError as error:
        return _none(student, ids, error.diagnostic)


def answers_of(content: bytes, path: str, student: str, ids: Sequence[str]) -> Answers:
    """The answers in a file's content; what it is made of is seen from its name, else from how it begins."""
    name = visible(path)
    try:
        text = decoded(content, name).text
    except DiffcliError as error:
        if error.diagnostic.code != "E101":
            raise
        text = content.decode("utf-8", "surrogateescape")
    ending = Path(path).suffix.lower()
    if ending == ".json" or (ending != ".toml" and text.lstrip()[:1] == "{"):
        return _of_table(json_answers, _NULL, text, name, student, ids)
    if ending == ".toml":
        return _of_table(toml_answers, _DATE, text, name, student, ids)
    return _of_lines(text, name, student, ids)


def given_answers(answers: Mapping[Any, object], student: str, ids: Sequence[str]) -> Answers:
    """The answers of a Python caller, by exercise: texts, numbers, functions, or by variable in a dictionary."""
    given: dict[str, Given] = {}
    faults = []
    for name, answer in answers.items():
        if str(name) not in ids:
            faults.append(_unknown(str(name), str(name), Argument("answers"), ids))
            continue
        try:
            given[str(name)] = written(answer)
        except DiffcliError as error:
            given[str(name)] = error.diagnostic
    return Answers(student, given, tuple(faults))


def json_answers(text: str) -> dict[str, Any]:
    """The object of a JSON text, with numbers as they are written."""
    found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    if not isinstance(found, dict):
        raise ValueError("the answers are an object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of pairs; what a key stands for that is there twice is not known."""
    counts = Counter(name for name, _ in pairs)
    return {name: value if counts[name] == 1 else _TWICE for name, value in pairs}


def toml_answers(text: str) -> dict[str, Any]:
    """The table of a TOML text, with decimals as they are written."""
    return tomllib.loads(text, parse_float=str)


def _of_table(
    read: Callable[[str], dict[str, Any]], marker: str, text: str, name: str, student: str, ids: Sequence[str]
) -> Answers:  # fmt: skip
    """The answers in a table, or in the table `answers` within it; a value that is nested too deeply is no answer.

    Where such a value has no end, nobody knows what was meant to stand behind it.
    """
    whole = True
    try:
        try:
            table = read(text) if len(text) <= _SHORT else within(_SECONDS, partial(read, text))
        except RecursionError:
            shallow, whole = pruned(text, marker)
            table = read(shallow)
    except TimeLimit:
        message = Message("the answers take longer than {seconds:g} s to read", seconds=_SECONDS)
        late = fault("E401", message, Source(name, Argument("answers")), exit_code=ExitCode.TIME_LIMIT)
        return _none(student, ids, late.diagnostic)
    except ValueError as error:
        return _none(student, ids, _unread(name, str(error)[:1].lower() + str(error)[1:]))
    inner = table.get("answers")
    if isinstance(inner, dict) and "answers" not in ids:
        table = inner
    given: dict[str, Given] = {}
    faults = _Faults(name)
    unread = None if whole else _unread(name, Message("brackets are not closed"))
    for key, value in table.items():
        if key not in ids:
            faults.add(partial(_unknown, key, key, name, ids))
            continue
        if value is _TWICE:
            given[key] = _twice(key, key, name)
            continue
        written_ = as_text(value)
        given[key] = unread or _no_answer(key, name) if written_ is None else _kept(written_, key, name)
    if unread is not None:
        given = {**dict.fromkeys(ids, unread), **given}
        return Answers(student, given, (*faults.told(), unread))
    return Answers(student, given, faults.told())


def _none(student: str, ids: Sequence[str], reason: Diagnostic) -> Answers:
    """The answers of a student of whom nothing is known: none of them is wrong."""
    return Answers(student, dict.fromkeys(ids, reason), (reason,))


def _unread(name: str, reason: str) -> Diagnostic:
    message = Message("the answers cannot be read: {reason}", reason=_begun(reason))
    hint = Message("lines such as 3: 2x are answers too, in a file that ends in .txt")
    return fault("E401", message, Source(name, Argument("answers")), hint=hint).diagnostic


def _no_answer(key: str, name: str) -> Diagnostic:
    message = Message("this is no answer")
    hint = Message("an answer is a text, a number, a list of them, or a table by variable")
    return fault("E701", message, Source(key, name), hint=hint).diagnostic


def _of_lines(text: str, name: str, student: str, ids: Sequence[str]) -> Answers:
    """The answers on lines `id: answer` or `id = answer`; a line that begins with a blank goes on with the last one."""
    texts: dict[str, list[str]] = {}
    given: dict[str, Given] = {}
    faults = _Faults(name)
    current: list[str] | None = None
    for line in lines_of(text):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and current is not None:
            current.append(line)
            continue
        current = []
        key, answer = parted(line, ids)
        if answer is None:
            faults.add(partial(_no_line, line, name, ids))
        elif key not in ids:
            faults.add(partial(_unknown, key, line, name, ids))
        elif key in texts:
            given[key] = _twice(key, line, name)
        else:
            current = texts[key] = [answer]
    if not texts and _STRANGE.search(text):
        return _none(student, ids, _no_text(name))
    read = {key: _kept("\n".join(lines).strip(), key, name) for key, lines in texts.items()}
    return Answers(student, {**read, **given}, faults.told())


def _no_text(name: str) -> Diagnostic:
    message = Message("this is no text, or not in {encoding}", encoding="UTF-8")
    hint = Message("save the answers as a text in UTF-8")
    return fault("E101", message, Source(name, Argument("answers")), hint=hint).diagnostic


def _twice(key: str, line: str, name: str) -> Diagnostic:
    message = Message("exercise {id} is answered twice", id=key)
    return fault("E705", message, Source(_begun(line), name), hint=Message("leave one of them out")).diagnostic


def _no_line(line: str, name: str, ids: Sequence[str]) -> Diagnostic:
    message = Message("this line is no answer")
    hint = Message("write the exercise, a colon and the answer, as in {line}", line=f"{next(iter(ids), 1)}: 2x")
    return fault("E705", message, Source(_begun(line), name), hint=hint).diagnostic


def _kept(text: str, key: str, name: str) -> Given:
    """An answer's text, or what is wrong with it that its reader would not tell; of a long one only its beginning."""
    source = Source(text, Message("{file}, exercise {id}", file=name, id=key))
    if len(text) > LONGEST:
        return too_long(source).diagnostic
    strange = _STRANGE.search(text)
    if strange is None:
        return source
    shown = source._replace(text=_STRANGE.sub("\ufffd", text))
    message = Message("the text is not valid {encoding} here", encoding="UTF-8")
    return fault("E101", message, shown, Span(*strange.span()), hint=Message("save the text as UTF-8")).diagnostic


def _unknown(key: str, line: str, name: str, ids: Sequence[str]) -> Diagnostic:
    """The diagnostic about the name of no exercise, with which a line begins."""
    message = Message("there is no exercise '{id}'", id=_begun(key))
    hint = did_you_mean(key[:100], ids) or Message("the sheet has {ids}", ids=some(ids, 12))
    shown = _begun(line)
    begin = len(shown) - len(shown.lstrip())
    span = Span(begin, max(begin + 1, min(begin + len(key), len(shown))))
    return fault("E705", message, Source(shown, name), span, hint=hint).diagnostic


def _begun(text: str) -> str:
    """As much of a text as a diagnostic shows, without bytes that are none."""
    text = text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}..."
    return _STRANGE.sub("\ufffd", text)


class _Faults:
    """What is wrong with a file, of which the first are told and the others counted: a file may be anything."""

    def __init__(self, name: str) -> None:
        self.name, self.count = name, 0
        self._first: list[Diagnostic] = []

    def add(self, made: Callable[[], Diagnostic]) -> None:
        """Take note of one more."""
        self.count += 1
        if self.count <= _MOST_FAULTS:
            self._first.append(made())

    def told(self) -> tuple[Diagnostic, ...]:
        """The first of them, and how many more there are."""
        others = self.count - len(self._first)
        if others:
            message = Message("there are {count:,} more like these", count=others)
            self._first.append(fault("E705", message, Source(self.name, Argument("answers"))).diagnostic)
        return tuple(self._first)
