"""A page of the manual, as data.

In its texts, what is to be typed or is a name stands between backquotes.
"""

from dataclasses import dataclass
from typing import NamedTuple

from diffcli.analysis.presented import Presented
from diffcli.errors import ExitCode
from diffcli.messages import Message


class Example(NamedTuple):
    """Something to type, what it shows, and the exit code that it ends with."""

    command: str
    told: str
    exit_code: ExitCode = ExitCode.DONE


class Examples(NamedTuple):
    """Examples of what somebody may want."""

    wanted: str
    examples: tuple[Example, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What is typed, with what it shows."""
        return tuple((each.command, each.told) for each in self.examples)


def for_example(*examples: Example) -> Examples:
    """Examples at the end of a topic."""
    return Examples(Message("For example"), examples)


class Rows(NamedTuple):
    """Names, or what is typed, each with what it means."""

    pairs: tuple[tuple[str, str], ...]
    title: str = ""


Part = str | Rows | Examples
Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ManualPage(Presented):
    """A page: its name as it is asked for, its title, and its parts in order, of which a text is a paragraph.

    `usage` is how a command is typed, of the page of one.
    """

    name: str
    title: str
    parts: Parts
    usage: str = ""
