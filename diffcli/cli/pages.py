"""Pages of the manual that are made of the commands' own declarations: `--help`, the lists of topics and examples."""

import inspect
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from diffcli.analysis.manual.examples import WANTED, examples_of
from diffcli.analysis.manual.page import Examples, ManualPage, Rows
from diffcli.analysis.manual.topics import TOPICS, topic_page
from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.declaration import HELP, Argument, Command, Option, Parameter
from diffcli.cli.instead import INSTEAD, LANGUAGE
from diffcli.errors import did_you_mean, fault
from diffcli.messages import Message
from diffcli.render.screen import Screen, terminal_width
from diffcli.render.text.manual import manual_text
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.catalogue import Catalogue

#: What `--help` says of itself.
ITSELF = Message("Show this message and exit.")
_EXAMPLES, OPTIONS = Message("Examples"), Message("Options")
#: Whose first examples stand in the page of the application.
_SHOWN_FIRST = ("grad", "diff", "descend")


def show(page: ManualPage) -> None:
    """Print a page."""
    Screen(sys.stdout).show(manual_text(page, terminal_width(sys.stdout)))


def application_page() -> ManualPage:
    """The page of `diffcli --help`."""
    first = tuple(examples_of(name)[0] for name in _SHOWN_FIRST)
    return ManualPage(
        "diffcli",
        Message("Differentiate expressions symbolically and automatically, see every step, run gradient descent."),
        (
            Examples(_EXAMPLES, first),
            Rows(tuple((name, summary(command_of(name))) for name in COMMANDS), Message("Commands")),
            Rows((_row(LANGUAGE), *(_row(each.parameter) for each in INSTEAD), _HELP), OPTIONS),
            Message(
                "`diffcli COMMAND --help` has the options of a command, `diffcli help` the topics, "
                "`diffcli examples` more to type."
            ),
        ),
        "diffcli COMMAND [EXPRESSION] [OPTIONS]",
    )


def command_page(name: str) -> ManualPage:
    """The page of `diffcli COMMAND --help`."""
    command = command_of(name)
    title, *others = described(command)
    words = [each for each in command.parameters if isinstance(each.declared, Argument)]
    options = [each for each in command.parameters if isinstance(each.declared, Option)]
    return ManualPage(
        name,
        title,
        (
            Examples(_EXAMPLES, examples_of(name)),
            *others,
            *([Rows(tuple(map(_row, words)), Message("Arguments"))] if words else ()),
            Rows((*map(_row, options), _HELP), OPTIONS),
        ),
        " ".join(["diffcli", name, *(f"[{each.declared.metavar}]" for each in words), "[OPTIONS]"]),
    )


def topics_page() -> ManualPage:
    """The page of `diffcli help`."""
    return ManualPage(
        "help",
        Message("Topics of 'diffcli help TOPIC'"),
        (
            Rows(tuple((name, topic.title) for name, topic in TOPICS.items())),
            Message(
                "`diffcli help COMMAND` shows the options of a command, `diffcli help FUNCTION` a "
                "function of the language, an optimizer or a schedule, `diffcli examples` what to type."
            ),
        ),
    )


def examples_page(name: str | None) -> ManualPage:
    """The page of `diffcli examples`: of all commands by what is wanted, or of one.

    Raises DiffcliError for a name that is no command.
    """
    if name is not None and name not in COMMANDS:
        hint = did_you_mean(name, COMMANDS) or Message("'diffcli examples' has those of all commands")
        raise fault(
            "E402",
            Message("there is no command '{command}'", command=name),
            Source(name, Message("command")),
            hint=hint,
        )
    parts = WANTED if name is None else (Examples("", examples_of(name)),)
    return ManualPage("examples", Message("What to type"), parts)


def explained(name: str | None) -> "ManualPage | Catalogue":
    """The page about a topic, a command or a slip, or the entry of a function; the topics without a name.

    Raises DiffcliError for a name of none of them.
    """
    page = topics_page() if name is None else topic_page(name) or (command_page(name) if name in COMMANDS else None)
    if page is not None:
        return page
    from diffcli.analysis.catalogue import catalogue, names

    asked = Source(str(name), Message("topic"))
    if asked.text in names():
        return catalogue(asked.text)
    from diffcli.analysis.manual.slip_pages import slip_kinds, slip_page

    if asked.text in slip_kinds():
        return slip_page(asked.text)
    hint = did_you_mean(asked.text, (*COMMANDS, *TOPICS, *names(), *slip_kinds())) or Message(
        "'diffcli help' lists the topics"
    )
    raise fault("E402", Message("there is no help about '{name}'", name=asked.text), asked, hint=hint)


def described(command: Command) -> tuple[Message, ...]:
    """The paragraphs of the command's description, the first of which is one sentence."""
    parts = (inspect.getdoc(command.work) or "").split("\n\n")
    return tuple(Message(" ".join(part.split())) for part in parts)


def summary(command: Command) -> Message:
    """The first sentence of the command's description."""
    return described(command)[0]


def texts() -> Iterator[str]:
    """What the declarations of all commands say, for the catalogue."""
    for command in map(command_of, COMMANDS):
        yield from described(command)
        yield from _texts(command.parameters)
    yield from _texts((LANGUAGE, *(each.parameter for each in INSTEAD)))


def _texts(parameters: Iterable[Parameter]) -> Iterator[str]:
    for each in parameters:
        yield each.explanation
        if isinstance(each.declared, Option):
            yield each.declared.default or ""


def _row(parameter: Parameter) -> tuple[str, str]:
    """What an option or a word is called, and its help."""
    declared = parameter.declared
    if isinstance(declared, Argument):
        return f"[{declared.metavar}]", Message(declared.help)
    names = ", ".join(name.replace("/", " / ") for name in parameter.names)
    explained, usual = Message(parameter.explanation), parameter.usual
    if usual is not None:
        explained = Message("{explained}  [default: {default}]", explained=explained, default=Message(usual))
    return f"{names} {parameter.value}".rstrip(), explained


_HELP = ", ".join(HELP), ITSELF
