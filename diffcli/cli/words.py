"""The words of a command line as values, where it is an ordinary one.

What is not, a mistake, is for Typer to tell, which takes as long to load as all else that a small problem needs. It
reads an ordinary line as this does; a test holds them against each other.
"""

from collections.abc import Sequence
from typing import Any

from diffcli.cli.declaration import HELP, Argument, Command


def plainly_read(command: Command, words: Sequence[str]) -> dict[str, Any] | None:
    """The value of each of the command's parameters by name; None where Typer has to look at the line."""
    found = {each.name: each.default for each in command.parameters}
    free: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            free.extend(rest)
            continue
        if word in HELP:
            return None
        name, equals, text = word.partition("=")
        known = command.options.get(name if equals and word.startswith("--") else word)
        if known is None:
            if looks_like_option(word):
                return None
            free.append(word)
            continue
        parameter, says = known
        value = says if says is not None and not equals else text if equals else next(rest, None)
        if value is None or (equals and says is not None):
            return None
        if isinstance(value, str):
            try:
                value = parameter.read(value)
            except ValueError:
                return None
        found[parameter.name] = (*found[parameter.name], value) if parameter.is_repeatable else value
    arguments = [each.name for each in command.parameters if isinstance(each.declared, Argument)]
    if len(free) > len(arguments):
        return None
    return {**found, **dict(zip(arguments, free, strict=False))}


def words_last(words: Sequence[str], command: Command) -> list[str]:
    """The words with those that are no option of the command behind `--`, where a minus sign means nothing."""
    options: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            others.extend(rest)
        elif word in HELP or word in command.options:
            options.append(word)
            if word not in HELP and command.options[word][1] is None:
                value = next(rest, None)
                if value is None:
                    return list(words)  # Typer says that the value is missing
                options.append(value)
        elif looks_like_option(word):
            options.append(word)
        else:
            others.append(word)
    return [*options, "--", *others]


def looks_like_option(word: str) -> bool:
    """`--json=yes` and the misspelt `--jsno` are options; `-x`, `-x^2` and `--x` are expressions."""
    name = word[2:].partition("=")[0]
    return (
        word.startswith("--")
        and len(name) > 1
        and name[0].isalpha()
        and all(c.isalnum() or c == "-" for c in name)
        and name.isascii()
    )
