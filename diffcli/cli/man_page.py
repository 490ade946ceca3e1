"""The page for man(1), made of what `--help`, `diffcli help` and `diffcli examples` say."""

from collections import Counter
from collections.abc import Iterator

from diffcli import __version__
from diffcli.analysis.manual.examples import WANTED
from diffcli.analysis.manual.page import Examples, Part, Parts, Rows
from diffcli.analysis.manual.topics import TOPICS
from diffcli.cli.commands import COMMANDS
from diffcli.cli.pages import OPTIONS, application_page, command_page
from diffcli.messages import Language, Message, speaking, told
from diffcli.render.roff import head, section, subsection

#: Options of at least so many commands are described once for all of them.
_COMMON = 6
#: Topics that have a section of their own by custom.
_SECTIONS = {"exit-codes": Message("EXIT STATUS"), "environment": Message("ENVIRONMENT")}


def man_page(language: Language) -> str:
    """The whole page in a language."""
    with speaking("command", language):
        return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    page = application_page()
    pages = {name: command_page(name) for name in COMMANDS}
    counts = Counter(row for name in COMMANDS for row in _options(pages[name].parts))
    common = {row for row, count in counts.items() if count >= _COMMON}
    yield from head("DIFFCLI", f"diffcli {__version__}", Message("User Commands"))
    yield from section(Message("NAME"))
    yield f"diffcli \\- {told(page.title).rstrip('.。')}"
    yield from section(Message("SYNOPSIS"), (f"`{page.usage}`",))
    yield from section(Message("EXAMPLES"), WANTED)
    yield from section(Message("COMMANDS"))
    for found in pages.values():
        kept = (_without(part, common) for part in found.parts if not isinstance(part, Examples))
        yield from subsection(found.usage, (found.title, *(part for part in kept if part)))
    shared = Rows(tuple(row for row in counts if row in common))
    yield from section(Message("OPTIONS OF MANY COMMANDS"), (shared,))
    yield from section(Message("OPTIONS WITHOUT A COMMAND"), [each for each in page.parts if _is_options(each)])
    yield from section(Message("TOPICS"))
    for name, topic in TOPICS.items():
        if name not in _SECTIONS:
            yield from subsection(topic.title, topic.parts())
    for name, title in _SECTIONS.items():
        yield from section(title, TOPICS[name].parts())


def _is_options(part: Part) -> bool:
    return isinstance(part, Rows) and part.title == OPTIONS


def _options(parts: Parts) -> tuple[tuple[str, str], ...]:
    return next(part.pairs for part in parts if isinstance(part, Rows) and part.title == OPTIONS)


def _without(part: Part, common: set[tuple[str, str]]) -> Part | None:
    """A part without the options that are described elsewhere; None where nothing is left."""
    if not isinstance(part, Rows):
        return part
    kept = tuple(row for row in part.pairs if row not in common)
    return Rows(kept) if kept else None
