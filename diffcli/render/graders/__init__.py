"""Marks as graders read them: a module for each format, named as its consumer."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from diffcli.analysis.sheets.sheet_report import SheetReport


FormatName = Literal[
    "tap", "junit", "gradescope", "prairielearn", "autolab", "classroom50", "check50", "nbgrader", "otter"
]


class Surroundings(NamedTuple):
    """What a file says beside the marks: the sheet's path, this program's version, the time, and the environment."""

    sheet: str = "exercises.toml"
    version: str = ""
    time: str = ""
    environment: Mapping[str, str] = {}  # never written to


class Format(NamedTuple):
    """A format: the ending of its files, and whether one holds a whole class.

    What needs no answers is for a grader that asks for them itself.
    """

    ending: str
    of_class: bool = False
    needs_answers: bool = True


FORMATS: Mapping[FormatName, Format] = {
    "tap": Format(".tap", of_class=True),
    "junit": Format(".xml", of_class=True),
    "gradescope": Format(".json"),
    "prairielearn": Format(".json"),
    "autolab": Format(".txt"),
    "classroom50": Format(".json"),
    "check50": Format(".json"),
    "nbgrader": Format(".ipynb", needs_answers=False),
    "otter": Format(".py", needs_answers=False),
}


def written(name: FormatName, report: "SheetReport", around: Surroundings) -> str:
    """The marks in a format of `FORMATS`, of one student unless it is of a class; only that module is loaded."""
    text: str = import_module(f"{__name__}.{name}").written(report, around)
    return text
