"""The player's steps as data: what happens at each, in words and numbers, and what each node went through."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from diffcli.execute.arrays import Array
from diffcli.render.player.phrase import Phrase
from diffcli.render.player.remarks import Remark
from diffcli.source import Span

Direction = Literal["", "forward", "backward"]


class Quantity(NamedTuple):
    """A number or an array of the page: a node's value, or the sum of two earlier quantities.

    One that is neither is 0 at every point.
    """

    value: Array
    node: int | None = None
    terms: tuple[int, int] | None = None


class Term(NamedTuple):
    """A part of a step's equation: the sign before it, what it is in words and in symbols, and its quantity."""

    sign: str
    caption: str
    symbols: str = ""
    number: int | None = None
    role: str = ""


class Step(NamedTuple):
    """A step: sentence, equations, boxes and arrows where it happens, rows in the table of all steps, remarks.

    `spans` are its piece of the source and, if that is in the body of a function, the calls that it is written out
    from.
    """

    direction: Direction
    statement: Phrase
    equations: tuple[tuple[Term, ...], ...] = ()
    boxes: tuple[str, ...] = ()
    arrows: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    rows: tuple[tuple[Phrase, ...], ...] = ()
    remarks: tuple[Remark, ...] = ()


class Sighting(NamedTuple):
    """From a step on a box or an arrow shows a quantity; more is to be added to it unless it is `complete`."""

    step: int
    number: int
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """The steps, the quantities that they speak of, and by node or edge what is seen of it when.

    `sightings` are by the id of a box or an arrow and by the role of its lines. `histories` are by box: what happened
    there, and at which step.
    """

    steps: tuple[Step, ...]
    quantities: tuple[Quantity, ...]
    sightings: dict[tuple[str, str], list[Sighting]]
    histories: dict[str, list[tuple[int, Phrase]]]
    gradients: dict[str, int]
