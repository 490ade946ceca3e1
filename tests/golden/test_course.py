"""The course in `examples/exercises/`: its exercises as they are set, and what is said of right and wrong answers."""

import json
import tomllib
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from golden.golden import HERE, assert_golden
from golden.pages import EXAMPLES

import diffcli
from diffcli.analysis.sheets.sheet import read_sheet
from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.messages import LANGUAGES, speaking, told
from diffcli.render.faces import text_of
from diffcli.render.graders.remarks import remark
from diffcli.source import Source

COURSE = EXAMPLES / "exercises"
CHAPTERS = sorted(COURSE.glob("*.toml"))
FEWEST, FEWEST_MISTAKES = 40, 3


def solutions(chapter: Path) -> dict[str, Any]:
    """The right answers by exercise, and the wrong ones with what is to be named: a slip, a diagnostic, or nothing."""
    return tomllib.loads((COURSE / "solutions" / chapter.name).read_text(encoding="utf-8"))


def graded(chapter: Path) -> SheetReport:
    """The chapter with all answers of its solutions: those that are right as of one student, the others as of more."""
    found = solutions(chapter)
    wrong = [[(name, answer) for answer in answers] for name, answers in found["mistakes"].items()]
    rounds = [found["answers"], *(dict(filter(None, each)) for each in zip_longest(*wrong))]
    return diffcli.check_sheet(chapter, [json.dumps(each).encode() for each in rounds])


def named(mark: Mark) -> str:
    """What explains that an answer is wrong, or not graded."""
    if mark.fault is not None:
        return mark.fault.code
    assert mark.report is not None
    return "" if mark.report.slip is None else ", ".join(mark.report.slip.kinds)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter(chapter: Path) -> None:
    """What is right is right, slips are named, and what is asked and said is golden in every language."""
    report = graded(chapter)
    right, *wrong = report.students
    assert [(mark.exercise.id, mark.answer) for mark in right.marks if mark.outcome != "correct"] == []
    given = [mark for student in wrong for mark in student.marks if mark.outcome != "unanswered"]
    assert [mark.answer for mark in given if mark.outcome == "correct"] == []
    said: dict[str, dict[str, str]] = {name: {} for name in report.sheet.ids}
    for mark in given:
        said[mark.exercise.id][mark.answer] = named(mark)
    assert said == solutions(chapter)["mistakes"]
    for language in LANGUAGES:
        with speaking("command", language):
            assert_golden(HERE / "course" / f"{chapter.stem}.{language}.txt", "\n".join(written(report)))


def written(report: SheetReport) -> Iterator[str]:
    """The chapter as its students see it, then each answer with what is said of it."""
    yield f"{text_of(SheetReport(report.sheet, ()), width=80)}\n"
    for place, exercise in enumerate(report.sheet.exercises):
        yield f"--- {told('exercise {id}', id=exercise.id)}\n"
        for student in report.students:
            mark = student.marks[place]
            if mark.outcome != "unanswered":
                _, _, said = remark(mark).partition("\n")  # what is asked stands above
                yield f"{said}\n"


def test_the_course_is_whole() -> None:
    """Every exercise has its words and a hint in every language, an answer, and wrong ones."""
    count = 0
    for chapter in CHAPTERS:
        sheet, found = read_sheet(Source(chapter.read_text(encoding="utf-8"))), solutions(chapter)
        assert [*sheet.ids] == [*found["answers"]] == [*found["mistakes"]]
        for exercise in sheet.exercises:
            count += 1
            assert len(found["mistakes"][exercise.id]) >= FEWEST_MISTAKES, exercise
            for words in (exercise.text, exercise.hint):
                assert set(words.values) == set(LANGUAGES)
    assert count >= FEWEST


def test_every_golden_file_has_its_chapter() -> None:
    names = {f"{chapter.stem}.{language}.txt" for chapter in CHAPTERS for language in LANGUAGES}
    assert {path.name for path in (HERE / "course").iterdir()} == names
