"""A derivative of the user's own beside those of all methods."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from diffcli.analysis.problem import Problem
from diffcli.errors import DiffcliError
from diffcli.execute.arrays import Array, doubles
from diffcli.execute.probe import Place
from diffcli.messages import Message
from diffcli.primitives.shape import kind
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.exercise.check_report import Part


class Against(NamedTuple):
    """Whether a given derivative is right; `place` is the first element where it is not, `value` what was given."""

    verdict: Literal["agrees", "differs", "unchecked"]
    explanation: Message
    value: Array | None
    place: Place = ()


def against(problem: Problem, given: Source | Callable[..., object], seconds: float) -> Mapping[str, Against]:
    """The verdict on a given derivative, a formula of the variables or numbers, by variable.

    Raises DiffcliError where it cannot be read. At a kink, where there is no derivative, there is no verdict.
    """
    from diffcli.analysis.exercise.grading import graded
    from diffcli.analysis.exercise.question import Question
    from diffcli.analysis.exercise.truth import answer_key

    try:
        key = answer_key(Question(problem), seconds)
    except DiffcliError as error:
        if not error.diagnostic.code.startswith("E7"):
            raise
        values = getattr(error.diagnostic.message, "values", {})
        reason = Message("not compared: {reason}", reason=values.get("reason", error.diagnostic.message))
        return dict.fromkeys(problem.wrt, Against("unchecked", reason, None))
    found = graded(key, given, seconds=seconds, of_variables=True)
    return {part.name: _verdict(part) for part in found.parts}


def _verdict(part: "Part") -> Against:
    value = doubles(part.values[0]) if part.values else None
    if part.verdict == "correct":
        said = Message("it agrees but for rounding") if part.rounded else Message("it agrees")
        return Against("agrees", said, value)
    if part.failing is not None:
        given, expected = part.failing.given, part.failing.expected
        told = Message("it is undefined")
        if given is not None:
            told = Message("it is {given:.6g}, not {expected:.6g}", given=given, expected=expected)
        return Against("differs", told, value, part.failing.place)
    if part.shapes is not None:
        expected, given_ = map(kind, part.shapes)
        return Against("differs", Message("it is {given}, not {expected}", given=given_, expected=expected), None)
    if part.misfit is not None:
        return Against("differs", Message("its shapes do not fit: {reason}", reason=part.misfit.message), None)
    return Against("differs", Message("none is given"), None)
