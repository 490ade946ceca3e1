"""Files of answers: their three kinds, and whatever else a file may hold."""

import json
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import pytest
from amount import SLACK
from conftest import COUNTED

import diffcli
from diffcli.analysis.sheets.answers_file import answers_of
from diffcli.analysis.sheets.sheet_report import SheetReport
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.source import Source

IDS = ("1", "2", "step a", "x.y")


def read(content: str | bytes, name: str = "anna.txt") -> dict[str, str]:
    """The texts of the answers, or the codes of why they cannot be read; of the rest under no name."""
    answers = answers_of(content if isinstance(content, bytes) else content.encode(), name, "anna", IDS)
    given = {
        key: each.code if isinstance(each, Diagnostic) else each.text  # type: ignore[union-attr]
        for key, each in answers.given.items()
    }
    return given | ({"": " ".join(fault.code for fault in answers.faults)} if answers.faults else {})


def test_lines() -> None:
    text = "# mine\n1: 2x\n\n2 = x = 2x*y\n   y: x^2\nstep a : 3; 4 = 5\nx.y:\n"
    assert read(text) == {"1": "2x", "2": "x = 2x*y\n   y: x^2", "step a": "3; 4 = 5", "x.y": ""}
    assert read(text.replace("\n", "\r\n"))["2"] == "x = 2x*y\n   y: x^2"
    assert read("\ufeff1: 2x")["1"] == read("1: 2x".encode("utf-16"))["1"] == "2x"


def test_lines_that_belong_to_no_exercise() -> None:
    assert read("1: 2x\n3: 1\nhello\n2: 3") == {"1": "2x", "2": "3", "": "E705 E705"}
    assert read("1: 2x\n1: 3x\n2: 3") == {"1": "E705", "2": "3"}
    assert read("3: 1\n   more of it\n2: 3") == {"2": "3", "": "E705"}


def test_tables() -> None:
    stated = {"1": "2x", "2": {"x": "2x*y", "y": 3}, "step a": [0.1, [2, "1/3"]], "x.y": 0.30}
    read_back = {"1": "2x", "2": "x = 2x*y; y = 3", "step a": "[0.1, [2, 1/3]]", "x.y": "0.3"}
    assert read(json.dumps(stated), "a.json") == read(json.dumps({"answers": stated, "name": 1}), "a.json") == read_back
    assert read(json.dumps(stated)) == read_back  # by its first character
    toml = '1 = "2x"\n2 = { x = "2x*y", y = 3 }\n"step a" = [0.1, [2, "1/3"]]\n"x.y" = 0.3\n'
    assert read(toml, "a.toml") == read(f"[answers]\n{toml}", "a.toml") == read_back


def test_decimals_keep_their_digits() -> None:
    assert read('{"1": 0.3330, "2": [1.50, 2e-1]}', "a.json") == {"1": "0.3330", "2": "[1.50, 2e-1]"}
    assert read("1 = 0.3330\n2 = [1.50, 2e-1]", "a.toml") == {"1": "0.3330", "2": "[1.50, 2e-1]"}


def test_values_that_are_no_answers() -> None:
    text = '{"1": true, "2": null, "step a": {"x": {"y": 1}}, "x.y": [[1], {}], "z": 1}'
    assert read(text, "a.json") == {"1": "E701", "2": "E701", "step a": "E701", "x.y": "E701", "": "E705"}
    assert read('{"1": 1, "2": 2, "1": 3}', "a.json") == {"1": "E705", "2": "2"}
    assert read("1 = 2024-01-01\n2 = inf", "a.toml") == {"1": "E701", "2": "inf"}
    assert read(f'{{"1": {"[" * 600}{"]" * 600}, "2": 3}}', "a.json") == {"1": "E701", "2": "3"}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("{", "a.json"),
        ("[1]", "a.json"),
        ("1 = ", "a.toml"),
        ("1 = 1\n1 = 2", "a.toml"),
        (f'{{"1": {"[" * 100_000}', "a.json"),
        (f"1 = {'[' * 100_000}", "a.toml"),
    ],
)
def test_a_file_that_cannot_be_read_has_no_wrong_answer(content: str, name: str) -> None:
    assert read(content, name) == {**dict.fromkeys(IDS, "E401"), "": "E401"}


@pytest.mark.parametrize("depth", [41, 2_000, 100_000])
def test_answers_nested_without_end_are_none_and_leave_the_others(depth: int) -> None:
    deep, tables = f"{'[' * depth}{']' * depth}", f"{'{a=' * depth}1{'}' * depth}"
    assert read(f'{{"1": "2x", "2": {deep}, "x.y": "[[3"}}', "a.json") == {"1": "2x", "2": "E701", "x.y": "[[3"}
    assert read(f'{{"1": {deep}, "2": {{"x": {deep}}}, "z": 3}}', "a.json") == {"1": "E701", "2": "E701", "": "E705"}
    assert read(f"1 = '2x'\n2 = {deep} # [\n\"x.y\" = 3\n", "a.toml") == {"1": "2x", "2": "E701", "x.y": "3"}
    assert read(f"1 = {tables}\n2 = 3", "a.toml") == {"1": "E701", "2": "3"}


def test_what_stands_behind_brackets_without_end_is_not_wrong() -> None:
    for content, name in (
        (f'{{"1": "2x", "2": {"[" * 9_000}, "x.y": 3}}', "a.json"),
        (f"1 = '2x'\n2 = {'[' * 9_000}\n", "a.toml"),
    ):
        assert read(content, name) == {**dict.fromkeys(IDS, "E401"), "1": "2x", "": "E401"}


def test_strange_bytes_spoil_their_answer_alone() -> None:
    assert read(b"1: 2x\xff\n2: 3\n\xfe: 1\n") == {"1": "E101", "2": "3", "": "E705"}
    assert read(b'{"1": "2x\xff", "2": "3"}', "a.json") == {"1": "E101", "2": "3"}
    assert read('{"1": "\\ud800", "2": "3"}', "a.json") == {"1": "\ud800", "2": "3"}


@pytest.mark.long
def test_ten_megabytes_are_refused_and_not_kept() -> None:
    started = perf_counter()
    for content, name in (("1: {}\n2: 3", "a.txt"), ('{{"1": "{}", "2": 3}}', "a.json"), ('1 = "{}"\n2 = 3', "a.toml")):
        assert read(content.format("x+" * 5_000_000), name) == {"1": "E701", "2": "3"}
    assert read("x: 1\n" * 1_000_000)[""] == " ".join(["E705"] * 21)
    assert perf_counter() - started < SLACK


def sheet(count: int) -> Source:
    exercises = "".join(f'[[exercise]]\nid = {place}\nexpression = "x^2"\n' for place in range(1, count + 1))
    return Source(f'schema = "diffcli/sheet@1"\n{exercises}')


def outcomes(report: SheetReport) -> list[str]:
    return [mark.outcome for mark in report.marks]


def test_hostile_answers_leave_the_others(tmp_path: Path) -> None:
    """What takes forever ends at the limit of one answer; nothing is run, and nothing is lost."""
    file = tmp_path / "mallory.txt"
    pwned = tmp_path / "pwned"
    texts = [
        "2x",
        "9^9^9^x",
        "(" * 10_000 + "2x" + ")" * 10_000,
        "sum(eye(300) @ eye(300) * x) / 150",
        f"__import__('pathlib').Path('{pwned}').touch()",
        "2x + 0*" * 100_000,
        "\x1b[31m2x",
        "]]><script>",
        "2x",
    ]
    file.write_text("".join(f"{place}: {text}\n" for place, text in enumerate(texts, 1)), encoding="utf-8")
    started = perf_counter()
    report = diffcli.check_sheet(sheet(len(texts)), file, timeout=5.0)
    assert perf_counter() - started < SLACK
    assert outcomes(report) == [
        "correct", report.students[0].marks[1].outcome, "correct", "time-limit", *["not-graded"] * 4, "correct",
    ]  # fmt: skip
    assert report.students[0].marks[1].outcome in ("wrong", "time-limit")
    assert report.exit_code == 4
    assert not pwned.exists()
    assert "\x1b" not in str(report)


def test_a_defect_while_grading_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the cause")

    monkeypatch.setattr("diffcli.analysis.sheets.marking.graded", broken)
    report = diffcli.check_sheet(sheet(1), {"1": "2x"})
    assert outcomes(report) == ["not-graded"]
    assert "the cause" in report.to_json()


def test_a_class_has_a_student_for_each_file(tmp_path: Path) -> None:
    for name, text in (("b.txt", "1: 2x"), ("a.json", '{"1": "x"}'), ("c.toml", ""), (".d.txt", "1: 2x"), ("e.md", "")):
        (tmp_path / name).write_text(text)
    report = diffcli.check_sheet(sheet(1), tmp_path)
    assert [student.name for student in report.students] == ["a", "b", "c"]
    assert outcomes(report) == ["wrong", "correct", "unanswered"]
    (tmp_path / "a.txt").write_bytes(b"1: 2x")
    assert [student.name for student in diffcli.check_sheet(sheet(1), str(tmp_path)).students] == [
        "a.json", "a.txt", "b.txt", "c.toml",
    ]  # fmt: skip
    listed = diffcli.check_sheet(sheet(1), [tmp_path / "b.txt", b"1: 2x"])
    assert sorted(student.name for student in listed.students) == ["answers", "b"]


def test_paths_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    for answers in ("nowhere.txt", tmp_path, ["nowhere.txt"], 3, "\0"):
        with pytest.raises(DiffcliError):
            diffcli.check_sheet(sheet(1), answers)
    assert diffcli.check_sheet(sheet(1), []).students == diffcli.check_sheet(sheet(1)).students == ()


def test_a_file_that_is_not_to_be_read_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "b.txt").write_text("1: 2x")
    report = diffcli.check_sheet(sheet(1), tmp_path)
    assert outcomes(report) == ["not-graded", "correct"]
    assert [fault.code for fault in report.faults] == ["E401"]


QUESTIONS = (
    ("x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)"), ("exp(x)*cos(x)", "exp(x)*cos(x) - exp(x)*sin(x)"),
    ("log(1+x^2)", "2*x/(1+x^2)"), ("x^3/(1+x)", "3*x^2/(1+x) - x^3/(1+x)^2"), ("sqrt(1+x^2)", "x/sqrt(1+x^2)"),
    ("tanh(3*x+1)", "3 - 3*tanh(3*x+1)^2"), ("1/(1+exp(-2*x))", "2*exp(-2*x)/(1+exp(-2*x))^2"),
    ("atan(x)", "1/(1+x^2)"), ("sin(x)^2", "2*sin(x)*cos(x)"), ("x*y^2 + exp(x*y)", "y^2 + y*exp(x*y)"),
)  # fmt: skip


@pytest.mark.parametrize("students", [5, pytest.param(100, marks=pytest.mark.long)])
def test_a_class_is_graded_in_one_run(
    students: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    """40 exercises: at most 50 ms of an answer's time, no two alike; half of them right, and none lost."""
    from diffcli.analysis.sheets import marking

    exercises = [
        f'[[exercise]]\nid = {place}\nwrt = "x"\nexpression = "{place}*({QUESTIONS[place % 10][0]})"\n'
        for place in range(1, 41)
    ]
    source = Source('schema = "diffcli/sheet@1"\n' + "".join(exercises))
    for student in range(students):
        lines = [
            f"{place}: {place}*({QUESTIONS[place % 10][1]}) + {student}*0 {f'+ {student}/7' * (student % 2)}"
            for place in range(1, 41)
        ]
        (tmp_path / f"{student:03}.txt").write_text("\n".join(lines))
    seconds: list[float] = []
    marked_one = marking._mark

    def timed(*arguments: Any) -> Any:
        started = process_time()
        mark = marked_one(*arguments)
        seconds.append(process_time() - started)
        return mark

    monkeypatch.setattr(marking, "_mark", timed)
    report = diffcli.check_sheet(source, tmp_path)
    assert report.faults == ()
    assert outcomes(report) == ["wrong" if number % 2 else "correct" for number in range(students) for _ in range(40)]
    median = sorted(seconds)[len(seconds) // 2]
    record_property(COUNTED, f"{len(seconds)} answers of a class, {1000 * median:.1f} ms each")
    assert len(seconds) == 40 * students
    assert median <= 0.05


@pytest.mark.parametrize(
    "line",
    [
        "1: 2x", "1 = 2x", "1：2x", "1＝2x", "1) 2x", "1）2x", "(1) 2x", "（1） 2x", "1. 2x", "1、 2x", "1): 2x",
        "Exercise 1: 2x", "exercise 1) 2x", "Ex. 1: 2x", "Q1: 2x",
        "question 1. 2x", "练习1：2x", "第1题：2x", "题 1：2x", "No. 1: 2x",
    ],
)  # fmt: skip
def test_a_line_is_numbered_as_people_number(line: str) -> None:
    assert read(line) == {"1": "2x"}


def test_what_begins_with_no_number_is_no_answer() -> None:
    for line in ("1 2x", "1.5", "12: 3", "1x = 2", "2x", "exercise: 3"):
        assert read(line) == {"": "E705"}
    assert read("step a) x = 1") == {"step a": "x = 1"}
    assert read("1: f'(x) = 2x") == {"1": "f'(x) = 2x"}


def test_a_file_of_bytes_has_no_wrong_answer() -> None:
    content = bytes(range(256)) * 40
    assert read(content) == {**dict.fromkeys(IDS, "E101"), "": "E101"}
