"""Notes for who speaks to the slides of a story: what a step stands for, and what its node went through."""

from collections.abc import Iterator

from diffcli.render.player.content import Content
from diffcli.render.player.phrase import Phrase, phrase, sentences


def speaker_notes(made: Content, number: int) -> Iterator[Phrase]:
    """The notes to a step: how its direction goes, where it begins; remarks; the history of where it happens."""
    texts, story = made.texts, made.story
    step = story.steps[number]
    if number and step.direction != story.steps[number - 1].direction:
        yield phrase(texts.how_forward if step.direction == "forward" else texts.how_backward)
    yield from (remark.words for remark in step.remarks)
    for box in step.boxes[:1]:
        for when, said in story.histories[box]:
            if when <= number:
                yield sentences(phrase(texts.labelled.format(label=f"{texts.step} {when}").rstrip()), said)
