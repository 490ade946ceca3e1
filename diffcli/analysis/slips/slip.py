"""A slip: a typical mistake, and the wrong answer to which it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from diffcli.execute.arrays import Array
from diffcli.graph.graph import Graph
from diffcli.messages import Message
from diffcli.source import Span


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake in words, the rule that it breaks, the place in the question, and what comes of it.

    `answers` has the node of the wrong answer for each variable that it concerns, `right` that of the right one, both
    in `graph`. Slips of one `family` are the same mistake in other words where their answers are the same; `beside`
    such of some other families it says nothing new: that a sign is wrong, where another says why. `among` is the number
    of answers that were tried to find it. One that is `visible` says what everybody sees of the answer, and is none by
    chance. Two slips at once have the kinds of both, with a `+` between them.
    """

    kind: str
    told: Message
    rule: Message
    span: Span | None
    graph: Graph
    answers: Mapping[str, int]
    right: Mapping[str, int]
    family: str
    beside: frozenset[str] = frozenset()
    among: int = 1
    visible: bool = False


class Sighting(NamedTuple):
    """What is known at one point: the variables' values, the right answer and the student's, by name.

    Numbers are of any one arithmetic. `slack` is how far the student's may be off, where it is rounded.
    """

    at: Mapping[str, Array]
    truth: Mapping[str, Array]
    answer: Mapping[str, Array]
    slack: Mapping[str, Array] = {}  # never written to
