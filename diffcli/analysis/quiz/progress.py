"""How far a quiz has been answered: what was tried of each exercise, its score, and a file that holds it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any, Literal, NamedTuple, get_args

from diffcli.analysis.reading import read_file
from diffcli.errors import DiffcliError, fault
from diffcli.messages import Argument, Message
from diffcli.source import Source

#: What became of an exercise: nobody was asked yet, a right answer, the solution shown, a step over it.
Outcome = Literal["open", "right", "shown", "skipped"]
_SCHEMA = "diffcli/quiz-progress@1"


class Attempt(NamedTuple):
    """What was tried of an exercise: how many wrong answers there were, and how many hints."""

    outcome: Outcome = "open"
    wrong: int = 0
    hints: int = 0

    @property
    def share(self) -> Fraction:
        """The part of its points that it is worth: all for a right answer at once, half for a later one."""
        if self.outcome != "right":
            return Fraction(0)
        return Fraction(1, 1 + (self.wrong + self.hints > 0))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a quiz is drawn by: the same makes the same exercises."""

    topics: tuple[str, ...]
    level: int
    count: int
    seed: int


class Progress(NamedTuple):
    """A quiz, and the attempts at its exercises."""

    drawn: Drawn
    attempts: tuple[Attempt, ...]

    @property
    def score(self) -> Fraction:
        """The points so far, where each exercise is worth one."""
        return sum((attempt.share for attempt in self.attempts), Fraction(0))

    def with_attempt(self, place: int, attempt: Attempt) -> "Progress":
        """What it is after an attempt at an exercise."""
        return self._replace(attempts=(*self.attempts[:place], attempt, *self.attempts[place + 1 :]))


def begun(drawn: Drawn) -> Progress:
    """A quiz of which nothing was tried."""
    return Progress(drawn, (Attempt(),) * drawn.count)


def progress_text(progress: Progress) -> str:
    """A file's content, which `read_progress` reads; with a digest, by which one that is not whole is known."""
    attempts = [attempt._asdict() for attempt in progress.attempts]
    content = json.dumps({"quiz": asdict(progress.drawn), "attempts": attempts})
    return f"{json.dumps({'schema': _SCHEMA, 'sha256': _digest(content)})[:-1]}, {content[1:]}\n"


def read_progress(file: Source, topics: Iterable[str], levels: Sequence[int], most: int) -> Progress:
    """The progress in a file, whose path is under the name of its option. Raises DiffcliError for any other file."""
    try:
        document = json.loads(read_file(file.text, file, most=2**24).decode())
        schema, digest = document.pop("schema"), document.pop("sha256")
        if schema == _SCHEMA and digest == _digest(json.dumps(document)):
            found = _progress(document)
            drawn = found.drawn
            if set(drawn.topics) <= set(topics) and drawn.level in levels and 0 < drawn.count <= most:
                return found
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    message = Message("cannot resume from '{file}': it is no saved quiz, or not a whole one", file=file.text)
    hint = Message("a file that {save} has written is whole; take one of those", save=Argument("save"))
    raise fault("E401", message, file, hint=hint)


def check_expendable(file: Source, resumed: str | None) -> None:
    """Raise DiffcliError where a file exists that is no saved quiz, or one that is not gone on with."""
    if resumed == file.text:
        return
    try:
        content = read_file(file.text, file, most=2**24)
    except DiffcliError:
        return  # there is none: that it cannot be written is told when it is
    if content:
        message = Message("'{file}' exists, and this quiz does not go on from it", file=file.text)
        hint = Message("{resume} goes on with a saved quiz; or name another file", resume=Argument("resume", file.text))
        raise fault("E407", message, file, hint=hint)


def _progress(document: dict[str, Any]) -> Progress:
    stated = document["quiz"]
    drawn = Drawn(tuple(map(str, stated["topics"])), int(stated["level"]), int(stated["count"]), int(stated["seed"]))
    attempts = tuple(Attempt(each["outcome"], int(each["wrong"]), int(each["hints"])) for each in document["attempts"])
    if len(attempts) != drawn.count or any(each.outcome not in get_args(Outcome) for each in attempts):
        raise ValueError
    return Progress(drawn, attempts)


def _digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()
