"""What graders read: by themselves where they are installed, else as their documentation has it."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from command import answer

import diffcli
from diffcli.analysis.sheets.sheet_report import SheetReport
from diffcli.messages import speech
from diffcli.render.graders import FORMATS, FormatName, Surroundings, written
from diffcli.source import Source

SHEET = """schema = "diffcli/sheet@1"
title = "A <sheet> & more"
[[exercise]]
id = 1
expression = "x^2*sin(x)"
points = 2
slips = { product-of-derivatives = 0.25 }
[[exercise]]
id = "a # b"
text = "*Derive* <b>x^2</b>"
expression = "x^2"
[[exercise]]
id = "c"
expression = "x^3"
points = 3
[[exercise]]
id = "d"
expression = "x^4"
"""
#: Right, wrong in part, what would act on markup and terminals, nothing.
RIGHT = {"1": "2x sin(x) + x^2 cos(x)", "a # b": "2x", "c": "3x^2", "d": "4x^3"}
WRONG = {"1": "2x cos(x)", "a # b": "2x", "c": "x^3 # ]]><script>&'\"\x1b[31m", "d": "4x^3"}
MIXED = {"1": "2x cos(x)", "a # b": "2x", "c": "]]><script>\x1b[31m``` \\\n# ok", "": "", "e": "1"}
AROUND = Surroundings("sheets/week 1.toml", "1.2", "2026-01-02T03:04:05Z", {"CLASSROOM": "c", "COMMIT_URL": "u"})


def report(answers: dict[str, str]) -> SheetReport:
    return diffcli.check_sheet(Source(SHEET), {key: each for key, each in answers.items() if key})


@pytest.fixture
def graded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what is written: the command grades the same answers once in each language."""
    grade, found = diffcli.check_sheet, dict[str, SheetReport]()

    def once(*arguments: Any, **options: Any) -> SheetReport:
        key = repr((arguments, options, speech()))
        if key not in found:
            found[key] = grade(*arguments, **options)
        return found[key]

    monkeypatch.setattr("diffcli.api.sheets.check_sheet", once)


@pytest.fixture(scope="module")
def reports() -> dict[str, SheetReport]:
    return {"right": report(RIGHT), "wrong": report(WRONG), "mixed": report(MIXED)}


def test_the_answers_are_what_the_tests_take_them_for(reports: dict[str, SheetReport]) -> None:
    assert {name: [mark.outcome for mark in each.marks] for name, each in reports.items()} == {
        "right": ["correct"] * 4,
        "wrong": ["wrong", "correct", "wrong", "correct"],
        "mixed": ["wrong", "correct", "not-graded", "unanswered"],
    }
    assert reports["mixed"].points == Fraction(3, 2)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_acts_on_a_terminal_and_the_same_is_written_twice(
    name: FormatName, reports: dict[str, SheetReport]
) -> None:
    for each in reports.values():
        text = written(name, each, AROUND)
        assert text == written(name, each, AROUND)
        assert text.endswith("\n")
        assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text) is None


def test_tap(reports: dict[str, SheetReport]) -> None:
    """tap.py reads it; what is not graded is skipped."""
    parser = pytest.importorskip("tap.parser").Parser()

    def points(text: str) -> Iterator[Any]:
        return (line for line in parser.parse(StringIO(text)) if line.category == "test")

    read = {name: list(points(written("tap", each, AROUND))) for name, each in reports.items()}
    assert [(line.ok, line.skip) for line in read["right"]] == [(True, False)] * 4
    assert [(line.ok, line.skip) for line in read["mixed"]] == [
        (False, False), (True, False), (True, True), (False, False),
    ]  # fmt: skip
    text = written("tap", reports["mixed"], AROUND)
    assert text.startswith('TAP version 14\n1..4\nnot ok 1 - exercise 1\n  ---\n  message: "')
    assert "\nok 2 - exercise a \\# b\n" in text
    lines = text.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith((" ", "#"))] == [
        "TAP", "1..4", "not", "ok", "ok", "not",
    ]  # fmt: skip
    assert all(json.loads(line.partition(": ")[2]) is not None for line in lines if re.match(r"  \w+: ", line))


def test_junit(reports: dict[str, SheetReport]) -> None:
    """junitparser reads it; a wrong answer is a failure, one that is not graded an error."""
    junit = pytest.importorskip("junitparser")
    read = junit.JUnitXml.fromstring(written("junit", reports["mixed"], AROUND).encode())
    assert (read.tests, read.failures, read.errors, read.name) == (4, 2, 1, "A <sheet> & more")
    [suite] = read
    kinds = [[type(each) for each in case.result] for case in suite]
    assert kinds == [[junit.Failure], [], [junit.Error], [junit.Failure]]
    assert [case.result[0].type for case in suite if case.result] == ["wrong", "not-graded", "unanswered"]
    assert "]]><script>␛[31m" in list(suite)[2].result[0].text
    whole = junit.JUnitXml.fromstring(written("junit", reports["right"], AROUND).encode())
    assert (whole.tests, whole.failures, whole.errors) == (4, 0, 0)


def test_gradescope(reports: dict[str, SheetReport]) -> None:
    read = json.loads(written("gradescope", reports["mixed"], AROUND))
    assert read.keys() == {"output", "tests"}
    assert [(test["score"], test["max_score"]) for test in read["tests"]] == [(0.5, 2), (1, 1), (0, 3), (0, 1)]
    known = {"score", "max_score", "name", "number", "output", "tags", "visibility", "extra_data"}
    assert all(test.keys() <= known for test in read["tests"])
    assert [test["number"] for test in read["tests"]] == ["1", "a # b", "c", "d"]
    assert read["tests"][2]["name"] == "exercise c (not graded): x^3"
    assert "error[E" in read["tests"][2]["output"]


def test_prairielearn(reports: dict[str, SheetReport]) -> None:
    """A submission with an answer that is not graded costs no attempt; the file is small."""
    read = json.loads(written("prairielearn", reports["mixed"], AROUND))
    assert read["gradable"] is False
    assert [text.partition("\n")[0].partition(": ")[0] for text in read["format_errors"]] == ["exercise c"]
    assert "score" not in read
    right, wrong = (json.loads(written("prairielearn", reports[name], AROUND)) for name in ("right", "wrong"))
    assert (right["gradable"], right["score"]) == (True, 1.0)
    assert wrong["score"] == pytest.approx((0.5 + 1 + 1) / 7)
    known = {"name", "description", "points", "max_points", "message", "output"}
    assert all(test.keys() == known for test in wrong["tests"])
    assert len(json.dumps(wrong)) < 2**20


def test_autolab(reports: dict[str, SheetReport]) -> None:
    """The last line alone is JSON; a problem without a score is left to a person."""
    *said, last = written("autolab", reports["mixed"], AROUND).splitlines()
    assert json.loads(last) == {"scores": {"1": 0.5, "a # b": 1, "d": 0}}
    assert "exercise c" in said
    assert not any(line.startswith("{") for line in said)


def test_classroom50(reports: dict[str, SheetReport]) -> None:
    """Scores are whole numbers, whose ratios are those of the points."""
    read = json.loads(written("classroom50", reports["mixed"], AROUND))
    assert list(read)[:9] == [
        "schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime", "score",
    ]  # fmt: skip
    assert (read["schema"], read["classroom"], read["review"]) == ("classroom50/result/v1", "c", "u")
    assert (read["score"], read["max-score"], read["datetime"]) == (3, 14, "2026-01-02T03:04:05Z")
    assert [(test["passed"], test["score"], test["max-score"]) for test in read["tests"]] == [
        (False, 1, 4), (True, 2, 2), (False, 0, 6), (False, 0, 2),
    ]  # fmt: skip
    assert all(type(test[key]) is int for test in read["tests"] for key in ("score", "max-score"))


def test_check50(reports: dict[str, SheetReport]) -> None:
    read = json.loads(written("check50", reports["mixed"], AROUND))
    assert (read["slug"], read["version"]) == ("week 1", "1.2")
    fields = ["name", "description", "passed", "log", "cause", "data", "dependency"]
    assert all(list(result) == fields for result in read["results"])
    assert [result["passed"] for result in read["results"]] == [False, True, None, False]
    assert [result["cause"] is None for result in read["results"]] == [False, True, False, False]
    assert all(result["cause"].keys() == {"rationale", "help"} for result in read["results"] if result["cause"])


def test_check50_reads_its_results(reports: dict[str, SheetReport]) -> None:
    runner = pytest.importorskip("check50.runner")
    for result in json.loads(written("check50", reports["mixed"], AROUND))["results"]:
        assert runner.CheckResult.from_dict(result).name == result["name"]


def grade_of(cell: Any) -> float | None:
    """The points that nbgrader 0.9 sees in a cell that grades, None where a person is to give them."""
    if cell["metadata"]["nbgrader"]["solution"]:
        return None
    for output in cell["outputs"]:
        if output["output_type"] == "execute_result":
            return float(output["data"]["text/plain"])
    return float(cell["metadata"]["nbgrader"]["points"])


def test_nbgrader(reports: dict[str, SheetReport]) -> None:
    """A notebook of format 4.5 with metadata of schema 3, whose results are the points."""
    notebook = json.loads(written("nbgrader", reports["mixed"], AROUND))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", each) for each in ids)
    about = [cell["metadata"]["nbgrader"] for cell in cells]
    assert [each["grade_id"] for each in about] == ids
    assert all(each["schema_version"] == 3 for each in about)
    graded = [cell for cell in cells if cell["metadata"]["nbgrader"]["grade"]]
    assert [grade_of(cell) for cell in graded] == [0.5, 1, None, 0]
    assert [cell["metadata"]["nbgrader"]["points"] for cell in graded] == [2, 1, 3, 1]
    assert cells[0]["source"] == "# A \\<sheet\\> \\& more"
    assert "    *Derive* <b>x^2</b>" in cells[4]["source"]


def test_nbgrader_reads_its_notebook(reports: dict[str, SheetReport]) -> None:
    utils, nbformat = pytest.importorskip("nbgrader.utils"), pytest.importorskip("nbformat")
    notebook = nbformat.reads(written("nbgrader", reports["mixed"], AROUND), 4)
    nbformat.validate(notebook)
    grades = [utils.determine_grade(cell) for cell in notebook.cells if utils.is_grade(cell)]
    assert grades == [(0.5, 2), (1, 1), (None, 3), (0, 1)]


def run_cells(notebook: Any, answers: dict[str, str]) -> list[float]:
    """The results of the cells that grade, run with these answers."""
    names: dict[str, Any] = {}
    results = []
    for cell in notebook["cells"]:
        about = cell["metadata"]["nbgrader"]
        if about["grade"]:
            *program, last = cell["source"].splitlines()
            exec("\n".join(program), names)
            results.append(eval(last, names))
        elif about["solution"]:
            assert cell["source"].endswith(" = ''")
            names[cell["source"].split()[0]] = answers.pop(next(iter(answers)))
    return results


def test_a_notebook_without_answers_grades_those_that_it_gets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("week.toml").write_text(SHEET)
    text = written("nbgrader", diffcli.check_sheet("week.toml"), AROUND._replace(sheet="week.toml"))
    assert run_cells(json.loads(text), dict(RIGHT)) == [2, 1, 3, 1]
    assert run_cells(json.loads(text), dict(WRONG)) == [0.5, 1, 0, 1]
    assert "were multiplied" in capsys.readouterr().out


def test_otter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reports: dict[str, SheetReport]) -> None:
    """Each case is a doctest that fails with the reason; its points are the exercise's."""
    import doctest

    monkeypatch.chdir(tmp_path)
    Path("week.toml").write_text(SHEET)
    for each, answers in ((reports["mixed"], {}), (diffcli.check_sheet("week.toml"), WRONG)):
        names: dict[str, Any] = {}
        exec(written("otter", each, AROUND._replace(sheet="week.toml")), names)
        test = names["test"]
        assert (names["OK_FORMAT"], test["name"], test["points"]) == (True, "week", [2, 1, 3, 1])
        [suite] = test["suites"]
        given = {f"answer_{short}": text for short, text in zip(("1", "a_b", "c", "d"), answers.values(), strict=False)}
        failed = []
        for case in suite["cases"]:
            parsed = doctest.DocTestParser().get_doctest(case["code"], dict(given), "case", None, None)
            out: list[str] = []
            failed.append(doctest.DocTestRunner(verbose=False).run(parsed, out=out.append).failed > 0)
        expected = [mark.outcome != "correct" for mark in (each if not answers else reports["wrong"]).marks]
        assert failed == expected


def test_otter_reads_its_tests(tmp_path: Path, reports: dict[str, SheetReport]) -> None:
    ok = pytest.importorskip("otter.test_files.ok_test")
    file = tmp_path / "week.py"
    file.write_text(written("otter", reports["mixed"], AROUND))
    assert [case.points for case in ok.OKTestFile.from_file(str(file)).test_cases] == [2, 1, 3, 1]


@pytest.mark.usefixtures("graded_once")
def test_a_class_is_one_file_or_a_folder_of_them(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SHEET)
    for name, answers in (("anna", RIGHT), ("ben<b>", WRONG)):
        (tmp_path / f"{name}.json").write_text(json.dumps(answers))
    both = ["check", "--sheet", "s.toml", "--answers", "anna.json", "--answers", "ben<b>.json", "--exit-zero"]
    for name, format_ in FORMATS.items():
        alone = answer([*both, "--format", name], cwd=tmp_path)
        assert (alone.code, bool(alone.out)) == ((0, True) if format_.of_class else (2, False)), name
        (tmp_path / name).mkdir()
        done = answer([*both, "--format", name, "-o", name], cwd=tmp_path)
        assert (done.code, done.out, done.err) == (0, "", "")
        students = ["answers"] if format_.of_class else ["anna", "ben<b>"]
        assert sorted(each.name for each in (tmp_path / name).iterdir()) == [
            f"{each}{format_.ending}" for each in students
        ]
        if format_.of_class:
            assert (tmp_path / name / f"answers{format_.ending}").read_text(encoding="utf-8") == alone.out


@pytest.mark.usefixtures("graded_once")
def test_what_is_told_follows_the_language(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SHEET)
    (tmp_path / "a.json").write_text(json.dumps({key: each for key, each in MIXED.items() if key}))
    for name in FORMATS:
        told = [
            answer(
                ["check", "--sheet", "s.toml", "--answers", "a.json", "--format", name, "--lang", lang], cwd=tmp_path
            )
            for lang in ("en", "zh")
        ]
        texts = [
            json.dumps(json.loads(each.out), ensure_ascii=False)
            if FORMATS[name].ending in (".json", ".ipynb")
            else each.out
            for each in told
        ]
        assert [bool(re.search("[\u4e00-\u9fff]", text)) for text in texts] == [False, name != "otter"], name
