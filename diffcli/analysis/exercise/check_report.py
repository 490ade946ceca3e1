"""The result of a check: a verdict for each part of an answer, what is said of it, and points."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from diffcli.analysis.exercise.decimals import Rounded
from diffcli.analysis.presented import Presented
from diffcli.analysis.slips.naming import Naming
from diffcli.errors import Diagnostic, ExitCode
from diffcli.execute.arrays import Array
from diffcli.graph.build import Built
from diffcli.messages import Message
from diffcli.primitives.shape import Shape
from diffcli.source import Source

Verdict = Literal["correct", "wrong", "not-graded"]
#: How much is told of a wrong answer: nothing, what kind of mistake it is, a hint without the answer, everything.
Feedback = Literal["none", "class", "hint", "full"]
#: Why an answer is wrong: another value, no value where there is one, another shape, nothing said, or only its form.
Fault = Literal["value", "undefined", "shape", "missing", "form"]


class Failing(NamedTuple):
    """The first point at which an answer is not the truth: the element, what is expected and what was given there."""

    at: Mapping[str, Array]
    place: tuple[int, ...]
    expected: Any
    given: Any


class Part(NamedTuple):
    """One part of an answer, held against the truth.

    `shapes` are the one that is expected and the one given, where they differ; `misfit` is where those within the
    answer do not fit together. `said` is why its form is not the one asked for, `rounded` are decimals that are right
    as far as they go, `right` is a right answer: a formula, or numbers. `values` are the answer's at
    all points, as far as it has any, `slack` is how far its decimals may be off, `built` the graph of a formula.
    `read_as` is an answer in other words than the language's, in those.
    """

    name: str
    label: str
    verdict: Verdict
    fault: Fault | None = None
    failing: Failing | None = None
    shapes: tuple[Shape, Shape] | None = None
    said: Message | None = None
    rounded: tuple[Rounded, ...] = ()
    misfit: Diagnostic | None = None
    right: str | Array | None = None
    values: tuple[Array, ...] = ()
    slack: Array | None = None
    built: Built | None = None
    read_as: str | None = None


@dataclass(frozen=True, slots=True)
class CheckReport(Presented):
    """The answer of `check`.

    `asked` says what was asked for, `how` in which form. `slip` is what explains a wrong answer, where something does.
    `proved` is whether a right answer is equal by algebra too; `held_against` at how many places it was compared, and
    `digits` in how many digits, None in doubles. With `lenient` a wrong answer is no failure of the command; `source`
    is the question's text. What cannot be graded has no parts, and a `diagnostic` that says why.
    """

    expression: str
    at: Mapping[str, Array]
    asked: Message
    how: Message
    answer: str
    parts: tuple[Part, ...]
    feedback: Feedback
    held_against: int
    digits: int | None
    slip: Naming | None = None
    proved: bool = False
    lenient: bool = False
    diagnostic: Diagnostic | None = None
    source: Source | None = None

    @property
    def verdict(self) -> Verdict:
        """Correct where all parts are."""
        if self.diagnostic is not None:
            return "not-graded"
        return "correct" if all(part.verdict == "correct" for part in self.parts) else "wrong"

    @property
    def points(self) -> Fraction:
        """The part of the answer that is right."""
        return Fraction(sum(part.verdict == "correct" for part in self.parts), len(self.parts) or 1)

    @property
    def exit_code(self) -> ExitCode:
        """Negative for a wrong answer, unless its verdict is to be read from the output alone."""
        if self.diagnostic is not None:
            return self.diagnostic.exit_code
        return ExitCode.NEGATIVE if self.verdict == "wrong" and not self.lenient else ExitCode.DONE
