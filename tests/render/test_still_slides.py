"""Slides as PDF: a page for each step, the same whenever they are written, with notes for who speaks."""

import re

import pytest

import diffcli
from diffcli.messages import Language
from diffcli.render.drawing.extent import Extent
from diffcli.render.messages import Texts
from diffcli.render.picture_manner import Manner
from diffcli.render.player.content import content
from diffcli.render.player.speaker_notes import speaker_notes
from diffcli.render.player.still_slides import still_slides


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_step_is_a_page(language: Language) -> None:
    drawing = diffcli.draw("mean(x*x)", {"x": [1, 2, 3]})
    steps = content(drawing, Texts(language), 4).story.steps
    file = still_slides(drawing, Manner(language=language))
    assert file == still_slides(drawing, Manner(language=language))
    assert len(re.findall(rb"/Type /Page\b(?!s)", file)) == len(steps)
    assert {(width, height) for width, height in re.findall(rb"/MediaBox \[ 0 0 (\S+) (\S+) \]", file)} == {
        (b"960", b"540")
    }
    assert b"/Annots" in file


def test_a_form_of_its_own() -> None:
    file = still_slides(diffcli.draw("x*x", {"x": 3}), Manner(theme="dark", extent=Extent(800, 600, True)))
    assert b"/MediaBox [ 0 0 600 450 ]" in file


def test_the_notes_tell_the_rule_once_and_the_history() -> None:
    made = content(diffcli.draw("x*x + x", {"x": 3}), Texts("en"), 4)

    def said(number: int) -> list[str]:
        return [
            "".join(piece.text if piece.number is None else made.shown(piece.number) for piece in note)
            for note in speaker_notes(made, number)
        ]

    rules = [number for number in range(len(made.story.steps)) if any("Going" in note for note in said(number))]
    assert [made.story.steps[number].direction for number in rules] == ["forward", "backward"]
    assert said(2)[-1] == "step 2: x*x = 9"
