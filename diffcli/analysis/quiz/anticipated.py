"""Wrong answers that are anticipated: those that slips lead to, as texts, with what `check` says of them."""

from collections.abc import Iterator
from typing import NamedTuple

from diffcli.analysis.exercise.grading import graded
from diffcli.analysis.exercise.question import ONLY
from diffcli.analysis.quiz.exercise import Exercise
from diffcli.analysis.quiz.known_slips import known_slips, seen_in, wrong_values
from diffcli.analysis.quiz.making import written_numbers
from diffcli.analysis.slips.naming import Naming
from diffcli.analysis.slips.slip import Slip
from diffcli.errors import DiffcliError
from diffcli.graph.node_formula import formula
from diffcli.source import Source

#: Seconds for one wrong answer to be graded.
_SECONDS = 5.0


class Anticipated(NamedTuple):
    """A wrong answer for one part, the others being right, and the naming of the slip behind it."""

    part: str
    text: str
    naming: Naming


def anticipated(exercise: Exercise) -> list[Anticipated]:
    """The answers of the slips that `check` names, no two alike, the most likely first."""
    found: dict[tuple[str, str], Anticipated] = {}
    for part, text in slip_texts(exercise):
        naming = _naming(exercise, part, text)
        if naming is not None:  # two ways to write the same answer have the same name
            found.setdefault((part, naming.told), Anticipated(part, text, naming))
    return [*found.values()]


def slip_texts(exercise: Exercise) -> list[tuple[str, str]]:
    """The answers of all slips by part, as one would write them, as far as they can be written."""
    return list(dict.fromkeys(each for slip in known_slips(exercise.key) for each in _texts(exercise, slip)))


def with_part(exercise: Exercise, part: str, text: str) -> str:
    """The right answers, but for one part."""
    others = {**exercise.answers, part: text}
    return text if len(others) == 1 else "; ".join(f"{name} = {each}" for name, each in others.items())


def _texts(exercise: Exercise, slip: Slip) -> Iterator[tuple[str, str]]:
    """A slip's answers, as one would write them, in the parts in which they are wrong."""
    wrong, right = wrong_values(exercise.key, slip)
    for name in seen_in(exercise.key, slip):
        part = name if name in exercise.answers else ONLY
        if part not in exercise.answers:
            continue
        if not exercise.question.numeric:
            text = formula(slip.graph, slip.answers[name], -1)
        elif wrong[name].shape == right[name].shape:
            text = written_numbers(wrong[name], exercise.family.lr is not None) or "..."
        else:
            continue
        if text != "...":  # neither too long, nor numbers that are no simple ones
            yield part, text


def _naming(exercise: Exercise, part: str, text: str) -> Naming | None:
    """What is said of an answer that is wrong in one part."""
    try:
        report = graded(exercise.key, Source(with_part(exercise, part, text), "answer"), "full", _SECONDS)
    except DiffcliError:
        return None  # not written in the question's names
    return report.slip if report.verdict == "wrong" else None
