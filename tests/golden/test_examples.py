"""Every example runs and prints what it printed when it was last looked at."""

import os
import re
from pathlib import Path

import pytest
from amount import sampled
from command import environment, execute
from golden.golden import HERE, assert_golden

EXAMPLES = sorted((HERE.parent.parent / "examples").glob("*.sh"))
#: Grades all chapters, each of which `test_course.py` grades.
WHOLE_COURSE = HERE.parent.parent / "examples" / "grade_the_course.sh"


@pytest.mark.parametrize(
    "example",
    [
        *sampled([path for path in EXAMPLES if path != WHOLE_COURSE], 3),
        pytest.param(WHOLE_COURSE, marks=pytest.mark.long),
    ],
    ids=lambda path: path.stem,
)
def test_output_is_golden(example: Path, warm: Path) -> None:
    """The first one by the installed command."""
    path = os.pathsep.join([str(warm), environment()["PATH"]])
    done = execute(["bash", str(example)], cwd=example.parent, env={} if example == EXAMPLES[0] else {"PATH": path})
    assert done.err == ""
    assert done.code == 0
    assert_golden(HERE / "examples" / f"{example.stem}.txt", done.out)


def test_the_course_is_graded_in_chinese(warm: Path) -> None:
    """Its own headings too, and the points are those in English."""
    path = os.pathsep.join([str(warm), environment()["PATH"]])
    example = next(each for each in EXAMPLES if each.stem == "grade_the_course")
    done = execute(["bash", str(example)], cwd=example.parent, env={"PATH": path, "DIFFCLI_LANG": "zh"})
    assert (done.err, done.code) == ("", 0)
    headings = [line for line in done.out.splitlines() if line.startswith("== ")]
    assert headings == ["== 布置 ==", "== 批改 ==", "== 每个学生在已交各章中的得分 ==", "== 其中一个学生看到的批语 =="]
    english = (HERE / "examples/grade_the_course.txt").read_text(encoding="utf-8")
    for line in re.findall(r"^(\w+): ([\d.]+) of ([\d.]+)$", english, re.MULTILINE):
        assert "{}：{} / {} 分\n".format(*line) in done.out


def test_every_golden_file_has_its_example() -> None:
    assert {path.stem for path in (HERE / "examples").glob("*.txt")} == {path.stem for path in EXAMPLES}


def _numbers(name: str, line: str) -> list[float]:
    """The comma-separated numbers of the first line of an example's output after `line`."""
    lines = (HERE / "examples" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [float(number) for number in lines[lines.index(line) + 1].split(",")]


def test_the_mean_of_squares_by_hand() -> None:
    assert _numbers("mean_of_squares", "The gradient alone, to all its digits:") == pytest.approx(
        [2 / 3, 4 / 3, 2], rel=1e-15
    )


def test_the_fitted_line_is_the_line_the_points_are_on() -> None:
    lines = (HERE / "examples" / "fit_a_line.txt").read_text(encoding="utf-8").splitlines()
    assert [float(line) for line in lines[-2:]] == pytest.approx([2, 1], rel=1e-8)


def test_learning_rates_end_as_they_should() -> None:
    lines = (HERE / "examples" / "learning_rates.txt").read_text(encoding="utf-8").splitlines()
    ends = [
        line.split()[0]
        for line in lines
        if " after " in line and line.split()[0] in {"converged", "step-limit", "oscillating", "diverged"}
    ]
    assert ends == ["converged", "step-limit", "oscillating", "diverged"]
    assert [line for line in lines if line.startswith("exit code")] == [
        "exit code 0",
        "exit code 0",
        "exit code 1",
        "exit code 1",
    ]
