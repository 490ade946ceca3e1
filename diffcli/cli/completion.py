"""What the Tab key offers: a shell hands over the line up to the cursor, and is told how the last word may go on.

The protocol of the scripts in `shells.py`: the first line says how to go on, `words`, `open` where no blank is to
follow a word, or `files` where the shell knows better; then come the words, each perhaps with a tab and what it is.
"""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.completed_values import Line, Offer, beginning, offered
from diffcli.cli.declaration import HELP, Argument, Command, Option, Parameter
from diffcli.messages import told
from diffcli.render.writing import say

#: Where Bash begins a word anew.
_BASH_BREAKS = "=:<>;|&(@"


class Typed(NamedTuple):
    """The last word of a line as far as it is typed, the quote that is open in it, and where in the text it begins."""

    text: str = ""
    quote: str = ""
    quoted: int = 0


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
        return _first_word(typed)
    if before[0] not in COMMANDS:
        return Offer()
    command = command_of(before[0])
    line, asking, options = _read(command, before[1:])
    name, equals, value = typed.partition("=")
    if asking is None and options and equals and name.startswith("--"):
        known = command.options.get(name)
        found = offered(known[0], line, value) if known and not known[0].is_flag else Offer()
        return found._replace(kept=f"{name}={found.kept}")
    if asking is not None:
        return offered(asking, line, typed)
    if options and typed.startswith("-"):
        return Offer(words=beginning(typed, _options(command)))
    words = [each for each in command.parameters if isinstance(each.declared, Argument)]
    return offered(words[len(line.free)], line, typed) if len(line.free) < len(words) else Offer()


def _first_word(typed: str) -> Offer:
    """The first word: a command, or what stands in place of one."""
    if typed.startswith("-"):
        from diffcli.cli.instead import INSTEAD, LANGUAGE

        options = [(each.names[-1], each.explanation) for each in (LANGUAGE, *(each.parameter for each in INSTEAD))]
        return Offer(words=beginning(typed, [*options, (HELP[-1], "")]))
    from diffcli.cli.pages import summary

    names = beginning(typed, [(name, "") for name in COMMANDS])
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


def _for_bash(word: str, typed: Typed) -> str:
    """The word as Bash puts it behind what it leaves of the one that is typed: it begins anew behind some signs."""
    if typed.quote:
        return word[typed.quoted :]
    cut = max(typed.text.rfind(mark) for mark in _BASH_BREAKS) + 1
    return re.sub(r"([^\w@%+=:,./-])", r"\\\1", word[cut:])
