"""Files of a quiz: each format is what its reader takes, and says what was asked and what is right."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from amount import sampled

import diffcli
from diffcli.analysis.quiz.exercise import Exercise, QuizReport
from diffcli.analysis.quiz.topics import LEVELS, TOPICS
from diffcli.analysis.sheets.sheet import read_sheet
from diffcli.errors import DiffcliError
from diffcli.messages import Language, speaking
from diffcli.render.quiz.algebra_text import MAXIMA, algebra_text
from diffcli.render.quiz.file_kinds import FORMATS, FormatName
from diffcli.render.quiz.toml_sheet import toml_answers, toml_sheet
from diffcli.source import Source


@cache
def mixed() -> QuizReport:
    """A quiz of several kinds of exercises."""
    return diffcli.quiz(["product", "vectors", "several-variables", "descent-step"], 1, 4, seed=2)


def written(report: QuizReport, kind: FormatName, language: Language = "en") -> str:
    """The file of the questions."""
    with speaking("command", language):
        return FORMATS[kind].write(report, language)


def solved(report: QuizReport, kind: FormatName, language: Language = "en") -> str:
    """The file of the solutions."""
    form = FORMATS[kind].solutions
    assert form is not None
    with speaking("command", language):
        return form(report, language)


def test_a_sheet_is_graded_by_check_and_its_answers_are_right(tmp_path: Path) -> None:
    report = diffcli.quiz(seed=5, count=len(TOPICS))
    sheet = read_sheet(Source(toml_sheet(report), "quiz.toml"))
    assert sheet.faults == ()
    assert [each.fault for each in sheet.exercises] == [None] * len(TOPICS)
    sheet_file, answers_file = tmp_path / "quiz.toml", tmp_path / "right.toml"
    sheet_file.write_text(toml_sheet(report))
    answers_file.write_text(toml_answers(report))
    marks = diffcli.check_sheet(sheet_file, answers_file)
    [student] = marks.students
    assert [mark.outcome for mark in student.marks] == ["correct"] * len(TOPICS)


def test_questions_on_paper_have_no_answers_and_solutions_have_steps() -> None:
    for kind in ("md", "html"):
        questions, solutions = written(mixed(), kind), solved(mixed(), kind)  # type: ignore[arg-type]  # names of formats
        for exercise in mixed().exercises:
            for answer in exercise.answers.values():
                assert len(answer) < 3 or answer.replace("*", "&#42;") not in questions
        assert "product rule" in solutions
        assert questions.count("____") >= 4
    assert r"\begin{document}" in written(mixed(), "tex")
    assert r"\begin{longtable}" in solved(mixed(), "tex")
    assert "```mermaid" in solved(mixed(), "md")
    assert "<svg" in solved(mixed(), "html")


@pytest.mark.parametrize("made", [written, solved], ids=["questions", "solutions"])
def test_latex_in_chinese_is_for_an_engine_that_has_the_characters(made: Callable[..., str]) -> None:
    """No character is named by its code point, in pictures neither; braces and environments are closed."""
    english, chinese = made(mixed(), "tex"), made(mixed(), "tex", "zh")
    assert english.isascii()
    assert r"\documentclass[11pt, scheme=plain]{ctexart}" in chinese
    assert "\u5bfc\u6570" in chinese
    assert "U+" not in chinese
    for text in (english, chinese):
        body = text.replace("\\{", "").replace("\\}", "")
        assert body.count("{") == body.count("}")
        assert len(re.findall(r"\\begin\{(\w+)\}", body)) == len(re.findall(r"\\end\{(\w+)\}", body))


def test_sheets_speak_chinese() -> None:
    assert "# 测验" in written(mixed(), "md", "zh")
    assert 'lang="zh-Hans"' in written(mixed(), "html", "zh")
    assert "乘积法则" in solved(mixed(), "md", "zh")
    for kind in ("toml", "stack", "pg", "ipynb"):
        text = written(mixed(), kind, "zh")  # type: ignore[arg-type]  # names of formats
        assert "导数" in (json.dumps(json.loads(text), ensure_ascii=False) if kind == "ipynb" else text)


def test_the_document_has_the_questions_as_arguments_of_check() -> None:
    document = json.loads(written(mixed(), "json"))
    assert document["schema"] == "diffcli/quiz@1"
    assert document == mixed().to_dict()
    for entry, exercise in zip(document["exercises"], mixed().exercises, strict=True):
        assert entry["expression"] == exercise.family.expression
        stated = {name: entry[name] for name in ("wrt", "next", "lr", "of") if name in entry}
        right = "; ".join(f"{name.removeprefix('d/d')}={text}" for name, text in entry["answer"].items())
        right = right if len(entry["answer"]) > 1 else right.partition("=")[2]
        assert diffcli.check(entry["expression"], entry["at"], **stated, answer=right).verdict == "correct"


def test_the_cells_of_a_notebook_grade() -> None:
    notebook = json.loads(written(mixed(), "ipynb"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"]) for cell in cells)
    names: dict[str, Any] = {}
    for cell in cells:
        expected = {"cell_type", "id", "metadata", "source"}
        expected |= {"outputs", "execution_count"} if cell["cell_type"] == "code" else set()
        assert cell.keys() == expected
        if cell["cell_type"] == "code" and not cell["id"].startswith("check"):
            exec(cell["source"], names)
    for exercise in mixed().exercises:
        assert names[f"answer_{exercise.id}"] == ""
        [source] = [cell["source"] for cell in cells if cell["id"] == f"check-{exercise.id}"]
        names[f"answer_{exercise.id}"] = exercise.right
        assert eval(source, names).verdict == "correct"


def check_tree(question: ET.Element, exercise: Exercise) -> int:
    """A question of STACK: every node is reached, every input has a tree, every test case expects what is there."""
    inputs = [each.findtext("name") for each in question.findall("input")]
    trees = {tree.findtext("name") or "": tree for tree in question.findall("prt")}
    assert len(inputs) == len(trees) == len(exercise.answers)
    text = question.findtext("questiontext/text") or ""
    assert all(f"[[input:{name}]] [[validation:{name}]]" in text for name in inputs)
    assert all(f"[[feedback:{name}]]" in (question.findtext("specificfeedback/text") or "") for name in trees)
    assert not re.search(r"\[\[(?!input:ans|validation:ans)|[{}@$\\]", text)
    assert sum(float(tree.findtext("value") or 0) for tree in trees.values()) == pytest.approx(1)
    notes = {}
    for name, tree in trees.items():
        nodes = tree.findall("node")
        assert [node.findtext("name") for node in nodes] == [str(place) for place in range(len(nodes))]
        following = [node.findtext("falsenextnode") for node in nodes]
        assert following == [*map(str, range(1, len(nodes))), "-1"]
        assert [node.findtext("truescore") for node in nodes] == ["1", *["0"] * (len(nodes) - 1)]
        assert all(node.findtext("truefeedback/text") for node in nodes[1:])
        assert len({node.findtext("tans") for node in nodes}) == len(nodes)
        notes |= {(name, node.findtext("trueanswernote")): node for node in nodes}
    cases = question.findall("qtest")
    assert len(cases) == 1 + sum(len(tree.findall("node")) - 1 for tree in trees.values())
    assert [case.findtext("testcase") for case in cases] == [str(place + 1) for place in range(len(cases))]
    for case in cases:
        given = {each.findtext("name"): each.findtext("value") for each in case.findall("testinput")}
        assert [*given] == inputs
        for expected in case.findall("expected"):
            node = notes[expected.findtext("name") or "", expected.findtext("expectedanswernote")]
            assert expected.findtext("expectedscore") == node.findtext("truescore")
            assert given[node.findtext("sans")] == node.findtext("tans")
    return len(cases)


def test_stack_has_a_node_and_a_test_case_for_each_slip() -> None:
    document = ET.fromstring(written(mixed(), "stack"))
    questions = document.findall("question")
    assert [question.get("type") for question in questions] == ["stack"] * 4
    assert sum(check_tree(*each) for each in zip(questions, mixed().exercises, strict=True)) > 20


CASES = sampled([(name, level) for level in LEVELS for name in TOPICS], 29)


@pytest.mark.parametrize(("name", "level"), CASES)
def test_what_other_systems_are_told_means_the_same(name: str, level: int) -> None:
    """Right answers in Maxima's syntax are right, those of slips wrong; but for its names they are in our language."""
    report = diffcli.quiz(name, level, 1, seed=9)
    [exercise] = report.exercises
    if not exercise.question.numeric and any(exercise.key.targets[0].shapes.values()):
        for kind in ("stack", "pg"):
            with pytest.raises(DiffcliError, match="E602"):
                written(report, kind)  # type: ignore[arg-type]  # names of formats
        return
    document = ET.fromstring(written(report, "stack"))
    [question] = document.findall("question")
    check_tree(question, exercise)
    variables = question.findtext("questionvariables/text") or ""
    right = dict(re.findall(r"^t(ans\d+):(.*);$", variables, re.MULTILINE))
    assert len(right) == len(exercise.answers)
    for (place, part), tree in zip(enumerate(exercise.answers, 1), question.findall("prt"), strict=True):
        for node in tree.findall("node"):
            text = node.findtext("tans") or ""
            is_right = text == f"tans{place}"
            text = right[f"ans{place}"] if is_right else text
            text = re.sub(r"^matrix\((.*)\)$", r"[\1]", text).replace("%", "").replace("signum", "sign")
            parts = {**exercise.answers, part: text}
            answer = text if len(parts) == 1 else "; ".join(f"{each} = {value}" for each, value in parts.items())
            values = {"at": exercise.family.at} if exercise.family.at else {}
            found = diffcli.check(exercise.family.expression, **values, **exercise.options, answer=answer)
            assert (found.verdict == "correct") == is_right, text
    check_problem(written(report, "pg"), exercise)


def check_problem(text: str, exercise: Exercise) -> None:
    """A problem in PG: strings and brackets are closed, each answer has a blank."""
    code, _, rest = text.partition("BEGIN_PGML\n")
    bare = re.sub(r"'(?:[^'\\]|\\.)*'", "''", code)
    assert "'" not in bare.replace("''", "")
    for opened, closed in ("()", "[]", "{}"):
        assert bare.count(opened) == bare.count(closed)
    assert text.startswith("DOCUMENT();")
    assert text.endswith("ENDDOCUMENT();\n")
    for place in range(1, len(exercise.answers) + 1):
        assert f"$answer1_{place} = " in code
        assert f"{{$answer1_{place}}}" in rest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - -b", "a + b"),
        ("x--y*2", "x + y*2"),
        ("x*-y", "-(x*y)"),
        ("-x/(-y) + -a*-b", "x/y + a*b"),
        ("sigmoid(-x)", "1/(1 + exp(x))"),
        ("2*sign(x)*pi", "2*signum(x)*%pi"),
        ("[1, -2/3]", "[1, -(2/3)]"),
        ("x*3.14159265359/180", None),
        ("gamma(x)", None),
        ("2*A.T", None),
        ("t + x", None),
        ("2x sin(", None),
    ],
)
def test_other_systems_read_no_two_signs_beside_each_other(text: str, expected: str | None) -> None:
    assert algebra_text(text, MAXIMA, frozenset("abxyA")) == expected
