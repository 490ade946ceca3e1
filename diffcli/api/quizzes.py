"""Quizzes: exercises that are made, and written for those who ask or grade them."""

from typing import TYPE_CHECKING

from diffcli.api.call import function
from diffcli.api.posing import SYMBOLIC_SECONDS, Names, names
from diffcli.errors import did_you_mean, fault, given, out_of_range
from diffcli.messages import Argument, Message, listed
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.quiz.exercise import QuizReport
    from diffcli.analysis.quiz.progress import Progress

#: The most exercises of a quiz, and the largest seed.
_MOST, _LARGEST_SEED = 500, 2**63 - 1


@function
def quiz(
    topic: Names = (), level: int = 1, count: int = 5, seed: int = 0, *, timeout: float | None = None
) -> "QuizReport":
    """So many exercises, a `count`, of some topics at a level, with their right answers: for the same `seed` the same.

    `topic` names one or several, which take turns, all unless it says: powers, product, quotient, chain, exp-log, trig,
    several-variables, vectors, broadcasting, matrix, computation-graph, accumulation, backprop, descent-step,
    learning-rate, logistic-unit, softmax, kinks. The `level` is 1 to 5; a higher one nests more. `timeout` in seconds
    limits all of it. Raises DiffcliError.
    """
    from diffcli.analysis.precision import time_limit
    from diffcli.analysis.quiz.making import quiz_report, took_too_long
    from diffcli.analysis.quiz.topics import LEVELS
    from diffcli.deadline.limit import TimeLimit, within

    topics = topics_of(topic)
    if level not in LEVELS:
        message = Message("the level must be {first} to {last}", first=LEVELS[0], last=LEVELS[-1])
        raise out_of_range("level", level, message, Message("a higher one nests more"))
    if not 1 <= count <= _MOST:
        message = Message("the number of exercises must be 1 to {most}", most=_MOST)
        raise out_of_range("count", count, message, Message("another seed makes others"))
    if not 0 <= seed <= _LARGEST_SEED:
        message = Message("the seed must be a whole number from 0 to {most}", most=_LARGEST_SEED)
        raise out_of_range("seed", seed, message, Message("any other number makes other exercises"))
    seconds = time_limit(timeout, SYMBOLIC_SECONDS)
    if timeout is None:
        return quiz_report(topics, level, count, seed, seconds)
    try:
        return within(seconds, quiz_report, topics, level, count, seed, seconds)
    except TimeLimit:
        raise took_too_long(seconds) from None


def topics_of(topic: Names) -> tuple[str, ...]:
    """The names of topics, which may be typed with blanks or underscores, as in `exp log`; all without one."""
    from diffcli.analysis.quiz.topics import TOPICS

    if not topic:
        return tuple(TOPICS)
    texts = (topic,) if isinstance(topic, str) else topic
    found = []
    for word in (word.strip() for text in texts for word in text.split(",")):
        name = word.casefold().replace("_", "-").replace(" ", "-")
        if name not in TOPICS:
            message = Message("there is no topic '{name}'", name=word)
            hint = did_you_mean(name, TOPICS) or Message("the topics are {names}", names=listed(TOPICS, "and"))
            raise fault("E402", message, given(Argument("topic", word)), hint=hint)
        found.append(name)
    return tuple(dict.fromkeys(found)) or names(topic, "topic")


def resumed(file: str) -> "Progress":
    """The quiz that was saved to a file, as far as it was answered. Raises DiffcliError for any other file."""
    from diffcli.analysis.quiz.progress import read_progress
    from diffcli.analysis.quiz.topics import LEVELS, TOPICS

    return read_progress(Source(file, "--resume"), TOPICS, LEVELS, _MOST)
