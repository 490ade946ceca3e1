"""What the value of an option, or a word, may be: the words that may stand where the Tab key is pressed."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.declaration import Command, Parameter
from diffcli.messages import Message

#: A name that is being typed, at the end of a text.
_NAME = re.compile(r"[^\W\d]\w*$")


class Offer(NamedTuple):
    """How a word may go on: what stays of it, and for each continuation what it is.

    `closed` says that the word is then complete.
    """

    kept: str = ""
    words: tuple[tuple[str, str], ...] = ()
    closed: bool = True
    files: bool = False


FILES = Offer(files=True)


class Line(NamedTuple):
    """What stands before the last word: the command, its words without an option, its options' values by name."""

    command: Command
    free: list[str]
    given: dict[str, list[str]]

    @property
    def expression(self) -> str:
        """The expression that is typed, as far as it is known."""
        if file := self.given.get("file"):
            try:
                with open(file[-1], encoding="utf-8") as opened:
                    return opened.read(100_000)
            except (OSError, ValueError):
                return ""
        return self.free[0] if self.free else os.environ.get("DIFFCLI_EXPR", "")


def beginning(typed: str, words: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of the words that begin so."""
    return tuple((word, meaning) for word, meaning in words if word.startswith(typed))


def offered(parameter: Parameter, line: Line, typed: str) -> Offer:
    """The value of an option, or a word."""
    if parameter.choices:
        return Offer(words=beginning(typed, [(choice, "") for choice in parameter.choices]))
    if parameter.declared.metavar == "FILE":
        return FILES
    complete = _VALUES.get(parameter.name)
    return complete(line, typed) if complete is not None else Offer()


def _last(typed: str, marks: str) -> tuple[str, str]:
    """The text up to the last of some marks, and what is typed behind that."""
    cut = max(typed.rfind(mark) for mark in marks) + 1
    return typed[:cut], typed[cut:]


def _listed(words: Iterable[tuple[str, str]], typed: str, mark: str = ",") -> Offer:
    """One of several words with a mark between them."""
    kept, last = _last(typed, mark)
    return Offer(kept, beginning(last, words))


def _expression(line: Line, typed: str) -> Offer:
    """Functions, and names of the text itself."""
    found = _NAME.search(typed)
    if found is None or typed[: found.start()][-1:].isdecimal():
        return Offer()
    from diffcli.primitives.table import FAMILIES

    kept, name = typed[: found.start()], found[0]
    functions = {each.name: each.summary for family in FAMILIES.values() for each in family}
    defined = re.findall(r"(?:^|[;\n])\s*(?:param\s+)?([^\W\d]\w*)\s*(\(?)[^;\n=]*=", kept)
    own = [(f"{word}{bracket}", "") for word, bracket in dict(defined).items()]
    called = [(f"{word}(", summary) for word, summary in functions.items()]
    return Offer(kept, beginning(name, [*own, *called]), closed=False)


def _variables(line: Line) -> tuple[str, ...]:
    """The variables of the expression that is typed."""
    from diffcli.errors import DiffcliError
    from diffcli.primitives.table import FUNCTION_NAMES
    from diffcli.source import Source
    from diffcli.syntax.parser import parse
    from diffcli.syntax.resolve import resolve

    text = line.expression
    try:
        return resolve(parse(Source(text))).variables
    except DiffcliError:  # it is not complete yet
        names = dict.fromkeys(re.findall(r"[^\W\d]\w*", text))
        return tuple(name for name in names if name not in FUNCTION_NAMES and name not in ("param", "pi", "e", "tau"))


def _bindings(line: Line, typed: str) -> Offer:
    """Variables without a value yet; behind `=@` files."""
    kept, last = _last(typed, ";")
    name, equals, value = last.partition("=")
    if equals:
        return _files(f"{kept}{name}=@", value[1:]) if value.startswith("@") else Offer()
    blanks = last[: len(last) - len(last.lstrip())]
    given = {part.partition("=")[0].strip() for text in (*line.given.get("at", ()), kept) for part in text.split(";")}
    free = [(f"{each}=", "") for each in _variables(line) if each not in given]
    return Offer(kept + blanks, beginning(last.strip(), free), closed=False)


def _files(kept: str, typed: str) -> Offer:
    folder, name = os.path.split(typed)
    try:
        with os.scandir(folder or ".") as entries:
            found = sorted((each.name + "/" * each.is_dir(), "") for each in entries)
    except OSError:
        found = []
    begun = os.path.join(folder, "") if folder else ""
    return Offer(kept + begun, beginning(name, found), closed=False)


def _wrt(line: Line, typed: str) -> Offer:
    return _listed([(name, "") for name in _variables(line)], typed)


def _of(line: Line, typed: str) -> Offer:
    """Intermediates by their names."""
    names = re.findall(r"(?:^|[;\n])\s*([^\W\d]\w*)\s*=", line.expression)
    return _listed([(name, "") for name in dict.fromkeys(names)], typed)


def _columns(line: Line, typed: str) -> Offer:
    """Variables before the sign, columns of the file behind it."""
    behind = typed.rpartition("=")[2]
    if "=" in typed and ("," not in behind or behind.rfind("[") > behind.rfind("]")):
        kept, last = _last(typed, "=[,")
        return Offer(kept, beginning(last, [(name, "") for name in _columns_of(line)]))
    kept, last = _last(typed, ",")
    return Offer(kept, beginning(last, [(f"{name}=", "") for name in _variables(line)]), closed=False)


def _columns_of(line: Line) -> tuple[str, ...]:
    """The columns of the file that `--data` names; of a text only its beginning is looked at."""
    from diffcli.analysis.delimited_text import SUFFIXES, DelimitedText
    from diffcli.analysis.numerals import PLAIN
    from diffcli.errors import DiffcliError
    from diffcli.source import Source

    path = line.given.get("data", [""])[-1]
    try:
        if path.lower().endswith(SUFFIXES):
            with open(path, encoding="utf-8-sig", errors="replace") as file:
                head = file.read(20_000)
            return tuple(cell.strip() for cell in DelimitedText(Source(head, path), PLAIN, "").top)
        from diffcli.analysis.data.table_files import read_table

        return read_table(Source(path, "--data")).columns
    except (OSError, ValueError, EOFError, DiffcliError):
        return ()


def _optimizers(line: Line, typed: str) -> Offer:
    from diffcli.analysis.descent.optimizers import OPTIMIZERS

    return _listed([(name, Message(rule.summary)) for name, rule in OPTIMIZERS.items()], typed)


def _schedules(line: Line, typed: str) -> Offer:
    from diffcli.analysis.descent.schedules import SCHEDULES

    return _listed([(name, Message(rule.summary)) for name, rule in SCHEDULES.items()], typed, "+")


def _hyperparameters(line: Line, typed: str) -> Offer:
    """Those of the optimizers and the schedule that are given."""
    from diffcli.analysis.descent.optimizers import OPTIMIZERS
    from diffcli.analysis.descent.schedules import SCHEDULES

    if "=" in typed.rpartition(";")[2]:
        return Offer()
    rules: dict[str, Any] = {**OPTIMIZERS, **SCHEDULES}
    named = re.split(r"[,+]", ",".join((*line.given.get("optimizer", ()), *line.given.get("schedule", ()))))
    tables = [rules[name].hyperparameters for name in named if name in rules] or [OPTIMIZERS["gd"].hyperparameters]
    found = {f"{name}=": entry.meaning for table in tables for name, entry in table.items()}
    return _listed(found.items(), typed, ";")._replace(closed=False)


def _topics(line: Line, typed: str) -> Offer:
    from diffcli.analysis.quiz.topics import TOPICS

    return _listed([(name, topic.title) for name, topic in TOPICS.items()], typed)


def _forms(line: Line, typed: str) -> Offer:
    from typing import get_args

    from diffcli.symbolic.forms.form_names import Form

    return Offer(words=beginning(typed, [(form, "") for form in get_args(Form)]))


def _names(line: Line, typed: str) -> Offer:
    """What the commands about names take: commands, topics, functions, optimizers, schedules and slips."""
    from diffcli.analysis.manual.topics import TOPICS
    from diffcli.cli.pages import summary

    commands = [(name, summary(command_of(name))) for name in COMMANDS]
    if line.command.name == "examples":
        return Offer(words=beginning(typed, commands))
    from diffcli.analysis.catalogue import summaries

    if line.command.name == "functions":
        return Offer(words=beginning(typed, summaries().items()))
    from diffcli.analysis.manual.slip_pages import slip_kinds

    topics, slips = ((name, topic.title) for name, topic in TOPICS.items()), ((kind, "") for kind in slip_kinds())
    return Offer(words=beginning(typed, [*topics, *commands, *summaries().items(), *slips]))


#: By the name of the option or the word.
_VALUES: dict[str, Callable[[Line, str], Offer]] = {
    **dict.fromkeys(("expression", "answer", "against"), _expression),
    **dict.fromkeys(("at", "tangent", "hvp"), _bindings),
    "wrt": _wrt,
    "of": _of,
    "columns": _columns,
    "optimizer": _optimizers,
    "schedule": _schedules,
    "hyperparameters": _hyperparameters,
    "topic": _topics,
    "form": _forms,
    "name": _names,
    "lang": lambda line, typed: Offer(words=beginning(typed, [("en", "English"), ("zh", "Chinese")])),
    "lr": lambda line, typed: _listed([("auto", "")], typed),
}
