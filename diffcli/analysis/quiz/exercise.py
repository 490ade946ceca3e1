"""Exercises as data: a question, its right answers as texts, and what it is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from diffcli.analysis.exercise.question import NextPoint, Question
from diffcli.analysis.exercise.truth import AnswerKey
from diffcli.analysis.presented import Presented
from diffcli.analysis.quiz.topics import TOPICS, Family, Topic
from diffcli.messages import Joined, Message


class Exercise(NamedTuple):
    """A question of a topic and a level.

    `family` has its texts, as options of `check`. `answers` are the right ones by part, as one would write them.
    """

    number: int
    topic_name: str
    family: Family
    key: AnswerKey
    answers: Mapping[str, str]
    points: int = 1

    @property
    def id(self) -> str:
        """What answers call it."""
        return str(self.number)

    @property
    def topic(self) -> Topic:
        """What it is about."""
        return TOPICS[self.topic_name]

    @property
    def level(self) -> int:
        """How hard it is."""
        return self.family.level

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.key.question

    @property
    def options(self) -> Mapping[str, object]:
        """What is asked, as arguments of `check`, as far as it is not what they are anyway."""
        family, usual = self.family, Family(self.family.level, "")
        stated = {
            name: value
            for name, value in family._asdict().items()
            if name not in ("level", "expression", "at", "lr") and value != getattr(usual, name)
        }
        return stated | ({} if family.lr is None else {"next": True, "lr": float(family.lr)})

    @property
    def words(self) -> Message:
        """The question as a sentence, to which the expression belongs."""
        question = self.question
        stated = {"what": question.sentence}
        if isinstance(question.asked, NextPoint):
            stated["what"] = Message(
                "the point after one step of gradient descent with the learning rate {rate:g}",
                rate=question.asked.settings.lr,
            )
        if self.family.at:
            return Message("Find {what} at {point}, in numbers.", point=self.family.at, **stated)
        return Message("Find {what} as a formula.", **stated)

    @property
    def right(self) -> str:
        """The right answers, as one answers them."""
        if len(self.answers) == 1:
            return next(iter(self.answers.values()))
        return "; ".join(f"{part} = {text}" for part, text in self.answers.items())


@dataclass(frozen=True, slots=True)
class QuizReport(Presented):
    """Exercises, and what they were drawn by."""

    topics: Sequence[str]
    level: int
    seed: int
    exercises: tuple[Exercise, ...]

    @property
    def expression(self) -> str:
        """What a page of it is called."""
        return self.title

    @property
    def title(self) -> Message:
        """What the sheet is called."""
        every = len(self.topics) == len(TOPICS)
        topics = Message("all topics") if every else Joined([TOPICS[name].title for name in self.topics])
        return Message("Quiz: {topics}, level {level}", topics=topics, level=self.level)
