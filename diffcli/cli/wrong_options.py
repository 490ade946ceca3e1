"""What is wrong with a command line, and what to write instead:
options of other tools, values without `--at`, missing quotes.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import get_args

import typer

from diffcli.api.synonyms import SYNONYMS
from diffcli.cli.typer_commands import NoSuchCommand, PlainOption, TooManyWords, WrongValue
from diffcli.cli.typers_click import BadOptionUsage, NoSuchOption, Parameter, UsageError
from diffcli.errors import Diagnostic, DiffcliError, Label, closest, did_you_mean, instead, meaning
from diffcli.messages import Joined, Message
from diffcli.source import Source, Span
from diffcli.symbolic.forms.form_names import Form

#: Each command's arguments and options.
Parameters = Mapping[str, Sequence[Parameter]]

#: What other tools call a command.
_COMMANDS: Mapping[str, Sequence[str]] = {
    "grad": ["gradient", "backward", "backprop", "eval", "evaluate"],
    "diff": ["derivative", "derive", "differentiate", "d"],
    "compare": ["gradcheck", "verify"],
    "descend": ["minimize", "minimise", "min", "optimize", "optimise", "gd", "sgd", "gradient-descent", "train", "fit"],
    "ascend": ["maximize", "maximise", "max", "gradient-ascent"],
    "graph": ["draw", "tree", "dag"],
    "check": ["grade", "mark", "answer"],
    "quiz": ["exercise", "exercises", "practice", "practise"],
    "functions": ["list", "function", "funcs", "ops"],
    "examples": ["example", "demo", "tutorial"],
    "help": ["man", "manual", "topics", "info", "doc", "docs"],
    "--version": ["version"],
    "--install-completion": ["completion", "completions"],
}
#: Options of other tools that are values of one here.
_VALUES = {
    **{form: f"--as {form}" for form in get_args(Form)},
    **{style: f"--style {style}" for style in ("forward", "backward", "both")},
    **{
        name: f"--optimizer {name}"
        for name in ("adam", "adamw", "rmsprop", "momentum", "nesterov", "newton", "lbfgs", "adagrad")
    },
    "pytorch": "--as torch",
    "tex": "--as latex",
    "second": "--order 2",
    "chinese": "--lang zh",
}


def option_diagnostic(error: UsageError, arguments: Sequence[str], parameters: Callable[[], Parameters]) -> Diagnostic:
    """What Typer found wrong with the command line, with the place underlined."""
    wrong, message, hint = _fault(error, arguments, parameters())
    line = shlex.join(["diffcli", *arguments])
    hint = hint or Message("'diffcli --help' lists the commands, 'diffcli COMMAND --help' a command's options")
    before = next(
        (
            count
            for count, argument in enumerate(arguments)
            if wrong and argument.partition("=")[0] in (wrong, wrong.partition("=")[0])
        ),
        None,
    )
    begin = len(shlex.join(["diffcli", *arguments[:before]])) + 1
    labels = () if before is None else (Label(Span(begin, begin + len(shlex.quote(str(wrong))))),)
    return Diagnostic("E402", message, Source(line, Message("command line")), labels, hint)


def _fault(error: UsageError, arguments: Sequence[str], parameters: Parameters) -> tuple[str | None, str, str | None]:
    """The word that is wrong, the message and the hint."""
    match error:
        case NoSuchOption(option_name=option):
            return option, *_unknown(option, arguments, parameters)
        case NoSuchCommand(command_name=command):
            meant = next((meaning(name) for name, words in _COMMANDS.items() if command in words), None)
            otherwise = Message('to differentiate an expression: diffcli grad "..."')
            hint = meant or did_you_mean(command, parameters) or otherwise
            return command, Message("there is no command '{command}'", command=command), hint
        case BadOptionUsage(option_name=option):
            known = next(
                (each for name in arguments[:1] for each in parameters.get(name, ()) if option in each.opts), None
            )
            if isinstance(known, PlainOption) and known.is_flag:
                return option, Message("the option '{option}' takes no value", option=option), instead(option)
            return option, Message("the option '{option}' needs a value", option=option), _explained(known)
        case TooManyWords():
            return _several_expressions(arguments, parameters)
        case typer.BadParameter(param=Parameter() as parameter):
            words = {argument.partition("=")[0] for argument in arguments}
            given = next((name for name in parameter.opts if name in words), None)
            if isinstance(error, WrongValue):
                if error.meant is not None:
                    return given, error.message, instead(f"{given or parameter.opts[-1]} {error.meant}")
                return given, error.message, error.hint or _explained(parameter)
            return given, error.message.rstrip("."), _explained(parameter)
    return None, error.message[:1].lower() + error.message[1:].rstrip("."), None


def _explained(parameter: Parameter | None) -> str | None:
    """An option with its help, of which nothing else is to be said."""
    if not isinstance(parameter, PlainOption):
        return None
    return Message("{option}: {help}", option=parameter.opts[-1], help=Message(parameter.explanation))


def _unknown(option: str, arguments: Sequence[str], parameters: Parameters) -> tuple[str, str | None]:
    """The message about an option that a command does not have, and where or how to write it."""
    name = option.partition("=")[0]
    meant = _meant(name, _value_of(option, arguments), arguments, parameters)
    return Message("there is no option '{name}'", name=name), meant


def _meant(option: str, value: str | None, arguments: Sequence[str], parameters: Parameters) -> str | None:
    command = next(iter(arguments), "")
    of_command = parameters.get(command, ())
    own = _names(of_command)
    word = option.lstrip("-").replace("_", "-").casefold()
    owners = [name for name, some in parameters.items() if option in _names(some)]
    if owners:
        if meant := _by_another_name(word, value, of_command):
            return meant
        if command not in parameters:
            return Message("options go after the command: diffcli COMMAND ... {option}", option=option)
        usual = next(each.opts[-1] for each in parameters[owners[0]] if option in each.opts)
        if usual != option:
            return Message("{option} is an option of {owners}", option=usual, owners=Joined(owners))
        return Message("it is an option of {owners}", owners=Joined(owners))
    if option == "--maximize" and command in ("descend", "ascend"):
        if command == "descend":
            return Message("'diffcli ascend' climbs; it has the options of descend")
        return Message("ascend climbs without it")
    known = next((each.opts[-1] for each in of_command if f"--{word}" in each.opts[:-1]), None)
    if known is not None:
        return instead(known if own[known] or value is None else f"{known} {shlex.quote(value)}")
    near = closest(word, [name.removeprefix("--") for name in own if name.startswith("--")])
    if near is not None:
        return meaning(f"--{near}")
    if meant := _by_another_name(word, value, of_command):
        return meant
    name = option.lstrip("-")
    occurs = any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", argument)
        for argument in _positional(arguments[1:], own)
        if argument.lstrip("-") != name
    )
    if "--at" in own and value is not None and occurs and (binding := _binding(f"{name}={value}")):
        return instead(f"--at {binding}")
    synonyms = _synonyms(word)
    targets = [each.opts[-1] for some in parameters.values() for each in some if each.name in synonyms]
    for target in dict.fromkeys((f"--{word}", *targets)):
        owners = [name for name, some in parameters.items() if target in _names(some)]
        if owners:
            return Message("{option} is an option of {owners}", option=target, owners=Joined(owners))
    return None


def _by_another_name(word: str, value: str | None, parameters: Sequence[Parameter]) -> str | None:
    """How to write an option of a command that other tools call so."""
    own, synonyms = _names(parameters), _synonyms(word)
    meant_options = [each.opts[-1] for each in parameters if each.name in synonyms]
    for meant in (*meant_options, *([_VALUES[word]] if word in _VALUES else [])):
        target = meant.split()[0]
        if target in own:
            if own[target] and re.fullmatch(r"[-+.\deE]+", value or ""):
                continue  # diff --steps takes no number
            if own[target] or " " in meant or value is None:
                return instead(meant)
            return instead(f"{target} {shlex.quote(value)}")
    return None


def _synonyms(word: str) -> list[str]:
    """The parameters that other tools call so."""
    return [name for name, words in SYNONYMS.items() if word in words]


def _several_expressions(arguments: Sequence[str], parameters: Parameters) -> tuple[str | None, str, str]:
    """The word that is one too many, the message, the hint."""
    own = _names(parameters.get(arguments[0], ()))
    words = list(_positional(arguments[1:], own))
    for word in words:
        if re.fullmatch(r"--?[A-Za-z][A-Za-z_-]*(=.*)?", word):
            name = word.partition("=")[0]
            hint = _meant(name, _value_of(word, arguments), arguments, parameters)
            hint = hint or Message("'diffcli {command} --help' lists the options", command=arguments[0])
            return name, Message("there is no option '{name}'", name=name), hint
    message, extra = Message("there is more than one expression"), next(iter(words[1:]), None)
    for place, argument in enumerate(arguments):
        if argument == "--at":
            following = list(arguments[place + 1 :])
            stop = next((count for count, other in enumerate(following) if other.startswith("--")), len(following))
            for length in range(stop, 1, -1):
                if binding := _binding(" ".join(following[:length])):
                    return extra, message, instead(f"--at {binding}")
    values = [word for word in words[1:] if re.match(r"[^\W\d]\w*=(?!=)", word) or re.fullmatch(r"[-+\d.,eE]+", word)]
    unasked = values and "--at" in own and "--at" not in arguments
    if unasked and len(values) == len(words) - 1 and _is_expression(words[0]):
        bindings = [_binding(value) for value in values]
        if all(bindings):
            return extra, message, instead(" ".join(f"--at {binding}" for binding in bindings))
    whole = " ".join(words)
    if _is_expression(whole):
        return extra, message, Message("put quotes around the expression: {expression}", expression=shlex.quote(whole))
    hint = Message("put quotes around the expression; give values with --at, without blanks, as in --at x=1,2,3")
    return extra, message, hint


def _positional(arguments: Sequence[str], own: Mapping[str, bool]) -> Iterator[str]:
    """The words that are no options of the command and no values of those."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            yield from rest
        elif argument in own:
            if not own[argument]:
                next(rest, None)
        elif argument.partition("=")[0] not in own:
            yield argument


def _names(parameters: Sequence[Parameter]) -> dict[str, bool]:
    """A command's options, and whether each stands alone, without a value."""
    return {
        name: bool(getattr(parameter, "is_flag", False))
        for parameter in parameters
        for name in parameter.opts
        if name.startswith("-")
    }


def _value_of(option: str, arguments: Sequence[str]) -> str | None:
    """The value that follows an option."""
    if "=" in option:
        return option.partition("=")[2]
    place = next(
        (place for place, argument in enumerate(arguments) if argument.partition("=")[0] == option), len(arguments)
    )
    if place < len(arguments) and "=" in arguments[place]:
        return arguments[place].partition("=")[2]
    following = arguments[place + 1 : place + 2]
    return following[0] if following and not following[0].startswith("--") else None


def _binding(text: str) -> str | None:
    """The value as a word of the command line, if it can be read; perhaps in another form."""
    from diffcli.analysis.values import read_bindings

    try:
        read_bindings([Source(text)])
    except DiffcliError as error:
        return shlex.quote(error.diagnostic.readings[0]) if error.diagnostic.readings else None
    return shlex.quote(text)


def _is_expression(text: str) -> bool:
    from diffcli.analysis.problem import pose

    try:
        pose(Source(text), complete=False)
    except DiffcliError:
        return False
    return True
