"""What the Tab key offers: a shell hands over the line up to the cursor, and is told how the last word may go on.

The protocol of the scripts in `shells.py`: the first line says how to go on, `words`, `open` where no blank is to
follow a word, or `files` where the shell knows better; then come the words, each perhaps with a tab and what it is.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.declaration import HELP, Argument, Command, Option, Parameter
from diffcli.messages import Message, told
from diffcli.render.writing import say

#: A name that is being typed, at the end of a text.
_NAME = re.compile(r"[^\W\d]\w*$")
#: Where Bash begins a word anew.
_BASH_BREAKS = "=:<>;|&(@"


class Typed(NamedTuple):
    """The last word of a line as far as it is typed, the quote that is open in it, and where in the text it begins."""

    text: str = ""
    quote: str = ""
    quoted: int = 0


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


def completed(shell: str) -> int:
    """Tell a shell how its line may go on."""
    before, typed = split(os.environ.get("DIFFCLI_LINE", ""))
    found = offer(before[1:], typed.text)
    if found.files:
        say("files")
        return 0
    words = [(found.kept + word, " ".join(told(meaning).split())) for word, meaning in found.words]
    if typed.quote and len(words) == 1 and not found.closed and shell != "zsh":
        words.append((f"{words[0][0]}...", ""))  # Bash and fish close the quote behind a word that is the only one
    if shell == "bash":
        words = [(_for_bash(word, typed), "") for word, _ in words]
    say("words" if found.closed else "open")
    for word, meaning in words:
        say(f"{word}\t{meaning}".rstrip("\t"))
    return 0


def split(line: str) -> tuple[list[str], Typed]:
    """The words of a shell's line before the last one, and that one."""
    words: list[str] = []
    text, quote, quoted, within, escaped = "", "", 0, False, False
    for character in line:
        if not within and not character.isspace():
            text, within = "", True
        if escaped:
            text, escaped = text + character, False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote, text = ("", text) if character == quote else (quote, text + character)
        elif character in "'\"":
            quote, quoted = character, len(text)
        elif character.isspace():
            words, within = [*words, text] if within else words, False
        else:
            text += character
    return words, Typed(text, quote, quoted) if within else Typed()


def offer(before: list[str], typed: str) -> Offer:
    """How the last word may go on, by those before it."""
    while before[:1] == ["--lang"] and len(before) > 1:
        before = before[2:]
    if not before:
        return _begun(typed)
    if before[0] not in COMMANDS:
        return Offer()
    command = command_of(before[0])
    line, asking, options = _read(command, before[1:])
    name, equals, value = typed.partition("=")
    if asking is None and options and equals and name.startswith("--"):
        known = command.options.get(name)
        found = _value(known[0], line, value) if known and not known[0].is_flag else Offer()
        return found._replace(kept=f"{name}={found.kept}")
    if asking is not None:
        return _value(asking, line, typed)
    if options and typed.startswith("-"):
        return Offer(words=_beginning(typed, _options(command)))
    words = [each for each in command.parameters if isinstance(each.declared, Argument)]
    return _value(words[len(line.free)], line, typed) if len(line.free) < len(words) else Offer()


def _begun(typed: str) -> Offer:
    """The first word: a command, or what stands in place of one."""
    if typed.startswith("-"):
        from diffcli.cli.instead import INSTEAD, LANGUAGE

        options = [(each.names[-1], each.explanation) for each in (LANGUAGE, *(each.parameter for each in INSTEAD))]
        return Offer(words=_beginning(typed, [*options, (HELP[-1], "")]))
    from diffcli.cli.pages import summary

    names = _beginning(typed, [(name, "") for name in COMMANDS])
    return Offer(words=tuple((name, summary(command_of(name))) for name, _ in names))


def _read(command: Command, words: list[str]) -> tuple[Line, Parameter | None, bool]:
    """What is given before the last word, the option whose value that is, and whether it may be an option."""
    free: list[str] = []
    given: dict[str, list[str]] = {}
    rest = iter(words)
    for word in rest:
        if word == "--":
            return Line(command, [*free, *rest], given), None, False
        name, equals, value = word.partition("=")
        known = command.options.get(word) or (command.options.get(name) if equals else None)
        if known is None:
            free += [] if word in HELP else [word]
        elif known[1] is None:
            found = value if equals else next(rest, None)
            if found is None:
                return Line(command, free, given), known[0], False
            given.setdefault(known[0].name, []).append(found)
    return Line(command, free, given), None, True


def _options(command: Command) -> Iterator[tuple[str, str]]:
    for each in command.parameters:
        if isinstance(each.declared, Option):
            for names in each.names:
                yield from ((name, each.explanation) for name in names.split("/") if name.startswith("--"))
    yield HELP[-1], ""


def _beginning(typed: str, words: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of the words that begin so."""
    return tuple((word, meaning) for word, meaning in words if word.startswith(typed))


def _value(parameter: Parameter, line: Line, typed: str) -> Offer:
    """The value of an option, or a word."""
    if parameter.choices:
        return Offer(words=_beginning(typed, [(choice, "") for choice in parameter.choices]))
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
    return Offer(kept, _beginning(last, words))


# What the values may be


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
    return Offer(kept, _beginning(name, [*own, *called]), closed=False)


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
    return Offer(kept + blanks, _beginning(last.strip(), free), closed=False)


def _files(kept: str, typed: str) -> Offer:
    folder, name = os.path.split(typed)
    try:
        with os.scandir(folder or ".") as entries:
            found = sorted((each.name + "/" * each.is_dir(), "") for each in entries)
    except OSError:
        found = []
    begun = os.path.join(folder, "") if folder else ""
    return Offer(kept + begun, _beginning(name, found), closed=False)


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
        return Offer(kept, _beginning(last, [(name, "") for name in _columns_of(line)]))
    kept, last = _last(typed, ",")
    return Offer(kept, _beginning(last, [(f"{name}=", "") for name in _variables(line)]), closed=False)


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

    return Offer(words=_beginning(typed, [(form, "") for form in get_args(Form)]))


def _names(line: Line, typed: str) -> Offer:
    """What the commands about names take: commands, topics, functions, optimizers, schedules and slips."""
    from diffcli.analysis.manual.topics import TOPICS
    from diffcli.cli.pages import summary

    commands = [(name, summary(command_of(name))) for name in COMMANDS]
    if line.command.name == "examples":
        return Offer(words=_beginning(typed, commands))
    from diffcli.analysis.catalogue import summaries

    if line.command.name == "functions":
        return Offer(words=_beginning(typed, summaries().items()))
    from diffcli.analysis.manual.slip_pages import slip_kinds

    topics, slips = ((name, topic.title) for name, topic in TOPICS.items()), ((kind, "") for kind in slip_kinds())
    return Offer(words=_beginning(typed, [*topics, *commands, *summaries().items(), *slips]))


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
    "lang": lambda line, typed: Offer(words=_beginning(typed, [("en", "English"), ("zh", "Chinese")])),
    "lr": lambda line, typed: _listed([("auto", "")], typed),
}


def _for_bash(word: str, typed: Typed) -> str:
    """The word as Bash puts it behind what it leaves of the one that is typed: it begins anew behind some signs."""
    if typed.quote:
        return word[typed.quoted :]
    cut = max(typed.text.rfind(mark) for mark in _BASH_BREAKS) + 1
    return re.sub(r"([^\w@%+=:,./-])", r"\\\1", word[cut:])
