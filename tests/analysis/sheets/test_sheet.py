"""Sheets: what is read of them, and that one bad exercise leaves the others as they are."""

from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

import diffcli
from diffcli.analysis.sheets.sheet import KEYS, read_sheet
from diffcli.errors import DiffcliError
from diffcli.messages import LANGUAGES, Face, speaking, speech
from diffcli.source import Source

FACES: tuple[Face, ...] = get_args(Face)
HEAD = 'schema = "diffcli/sheet@1"\n'
GOOD = '[[exercise]]\nid = "good"\nexpression = "x^2"\n'


def sheet(text: str) -> Source:
    return Source(HEAD + text, "s.toml")


def marks(text: str, answers: dict[str, object], **options: object) -> dict[str, tuple[str, Fraction]]:
    """The outcome and the points of each exercise."""
    [student] = diffcli.check_sheet(sheet(text), answers, **options).students  # type: ignore[arg-type]
    return {mark.exercise.id: (mark.outcome, mark.points) for mark in student.marks}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ('[[exercise]]\nid = "bad"\nexprssion = "x^2"\n', "E704"),
        ('[[exercise]]\nid = "bad"\nexpression = "x^2*(y"\n', "E105"),
        ('[[exercise]]\nid = "bad"\nexpression = "sine(x)"\n', "E203"),
        ('[[exercise]]\nid = "bad"\nexpression = "x^2"\nat = "y=1"\n', "E201"),
        ('[[exercise]]\nid = "bad"\nexpression = "x^2"\npoints = "two"\n', "E704"),
        ('[[exercise]]\nid = "bad"\nexpression = "abs(x)"\nat = 0\n', "E702"),
        ('[[exercise]]\nid = "bad"\nexpression = "x^2"\nlr = 0.1\n', "E402"),
        ('[[exercise]]\nid = "bad"\nexpression = "x^2"\ndata = "nowhere.csv"\n', "E401"),
        ('[[exercise]]\nid = "bad"\n', "E704"),
        ('[[exercise]]\nid = "bad"\nexpression = "3"\n', "E207"),
    ],
)
def test_a_bad_exercise_leaves_the_others(bad: str, code: str) -> None:
    """Its diagnostic points into the sheet; its answers are not graded, and not wrong."""
    report = diffcli.check_sheet(sheet(f"{bad}{GOOD}"), {"good": "2x", "bad": "2x"})
    [student] = report.students
    by_id = {mark.exercise.id: mark for mark in student.marks}
    assert (by_id["good"].outcome, by_id["bad"].outcome) == ("correct", "not-graded")
    [fault] = report.faults
    assert fault.source is not None
    assert (fault.code[:2], fault.source.name) == (code[:2], "s.toml")
    span = fault.labels[0].span
    assert 0 <= span.start < span.end <= len(fault.source.text)
    assert span.end <= fault.source.text.index(GOOD)
    assert report.exit_code == 2


@pytest.mark.parametrize("bad", ['id = "good"\n', "", 'id = ""\n', 'id = "a:b"\n', "id = [1]\n"])
def test_an_exercise_that_answers_cannot_name_is_told_of(bad: str) -> None:
    report = diffcli.check_sheet(sheet(f'{GOOD}[[exercise]]\n{bad}expression = "x^3"\n'), {"good": "2x"})
    assert [mark.outcome for mark in report.marks] == ["correct"]
    assert [fault.code for fault in report.faults] == ["E704"]


def test_what_is_wrong_at_the_top_is_told_of() -> None:
    report = diffcli.check_sheet(sheet(f"titel = 'x'\n[defaults]\nid = 3\n{GOOD}"), {"good": "2x"})
    assert [mark.outcome for mark in report.marks] == ["correct"]
    assert [fault.message for fault in report.faults] == [
        "there is no key 'titel' here",
        "there is no key 'id' here",
    ]


@pytest.mark.parametrize("text", ["", "[[exercise]]\nid = 1\n", 'schema = "diffcli/sheet@2"\n', HEAD, "a = = 1", "["])
def test_what_is_no_sheet_is_refused(text: str) -> None:
    with pytest.raises(DiffcliError) as caught:
        read_sheet(Source(text, "s.toml"))
    assert caught.value.diagnostic.code == "E704"


def test_a_sheet_nested_without_end_is_refused() -> None:
    with pytest.raises(DiffcliError):
        read_sheet(Source(f"{HEAD}a = {'[' * 100_000}", "s.toml"))


@pytest.mark.parametrize(
    ("exercise", "right", "wrong"),
    [
        ('expression = "x^2*y"', "x = 2x*y; y = x^2", "x = 2x; y = x"),
        ('expression = "x^2*y"\nwrt = ["x"]', "2x*y", "x^2"),
        ('expression = "x^2*y"\nat = "y=3"', "2x*3", "2x*2"),
        ('expression = "x^3"\norder = 2', "6x", "3x^2"),
        ('expression = "mean(x*x)"\nat = [1, 2, 3]', "2/3, 4/3, 2", "2, 4, 6"),
        ('expression = "w*x"\nat = { w = "pi/4", x = 2 }', "w = 2; x = pi/4", "w = 2; x = 1"),
        ('expression = "y = x*x; sin(y)"\nof = "y"', "cos(y)", "cos(x)"),
        ('expression = "y = x*x; sin(y)"\nof = "y"\nvalue = true\nat = 3', "9", "6"),
        ('expression = "y = x*x; sin(y)"\nlocal = "v2->y"', "cos(y)", "2x"),
        ('expression = "x^2"\nat = 3\nnext = true\nlr = 0.1', "2.4", "3.6"),
        ('expression = "x^2"\nat = 3\nnext = true\nlr = 0.1\noptimizer = "momentum"', "2.4", "3.6"),
        ('expression = "mean(x*x)"\nat = "1,2,3"\nstable_rate = true', "3", "1.5"),
        ('expression = "(x+1)^2"\nform = "expanded"', "2x + 2", "2(x+1)"),
        ('expression = "x/3"\nexact = true', "1/3", "0.333"),
        ('expression = "log(x)"\ndomain = { x = [1, 2] }\nseed = 7', "1/x", "1/x^2"),
    ],
)
def test_all_that_check_asks_can_be_asked(exercise: str, right: str, wrong: str) -> None:
    text = f'[[exercise]]\nid = "a"\n{exercise}\n'
    assert marks(text, {"a": right}) == {"a": ("correct", 1)}
    assert marks(text, {"a": wrong})["a"][0] == "wrong"


def test_data_are_looked_up_beside_the_sheet(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("x,y\n1,2\n2,4\n")
    text = f'{HEAD}[[exercise]]\nid = 1\nexpression = "mean((w*x - y)^2)"\nat = {{ w = 1 }}\ndata = "d.csv"\n'
    (tmp_path / "s.toml").write_text(text)
    assert diffcli.check_sheet(tmp_path / "s.toml", {1: "-5"}).exit_code == 0


@pytest.mark.parametrize(
    ("slips", "message", "hint"),
    [
        ("product-of-derivative = 0.5", "there is no slip 'product-of-derivative'", "'product-of-derivatives'"),
        ("product_of_derivatives = 0.5", "there is no slip 'product_of_derivatives'", "'product-of-derivatives'"),
        ("anny = 1", "there is no slip 'anny'", "'any'"),
        ("nonsense = 1", "there is no slip 'nonsense'", "the page about slips"),
        ("any = 2", "the share of a slip is a number from 0 to 1", "0.5"),
    ],
)
def test_a_misspelt_slip_is_told_of(slips: str, message: str, hint: str) -> None:
    text = sheet(f'[[exercise]]\nid = "a"\nexpression = "x^2"\nslips = {{ {slips} }}\n{GOOD}')
    first, second = diffcli.check_sheet(text, {"a": "2x", "good": "2x"}).sheet.exercises
    assert first.fault is not None
    assert first.fault.message == message
    assert hint in str(first.fault.hint)
    assert text.text[slice(*first.fault.labels[0].span)] in slips
    assert second.fault is None


def test_a_flaw_in_the_defaults_is_told_of_once() -> None:
    text = sheet(f'[defaults]\npoints = 3\nslips = {{ wrong-sing = 1 }}\n{GOOD}[[exercise]]\nid = 2\nexpression = "x"')
    report = diffcli.check_sheet(text, {"good": "2x", "2": "1"})
    assert [fault.message for fault in report.faults] == ["there is no slip 'wrong-sing'"]
    assert [mark.points for mark in report.marks] == [3, 3]


def test_two_slips_leave_the_smaller_share() -> None:
    text = '[[exercise]]\nid = "a"\nexpression = "sin(3x^2) + 5*x^4"\npoints = 4\n'
    shares = "slips = { inner-derivative-missing = 0.5, exponent-not-lowered = 0.25 }\n"
    assert marks(f"{text}{shares}", {"a": "cos(3x^2) + 20x^4"}) == {"a": ("wrong", 1)}


@pytest.mark.parametrize(
    ("exercise", "place", "hint"),
    [
        ("expression = 'x^2'\nat = { y = [1, 2] }", "y", "its variables are x"),
        ("expression = 'x^2'\nlr = 0.1", "lr", "add next = true to ask for the point after one step"),
        ("expression = 'x^2'\nat = 3\nnext = true\nlr = -1", "-1", "to climb instead, use ascend"),
        ("expression = 'x^2'\nat = 3\nnext = true\nsteps = 0", "0", "descend takes as many as you like"),
        ("expression = 'x*y'\nat = '3'", "3", "at = { x = ..., y = ... }"),
        ("expression = 'x'\nat = 3\ndecimal = '.'", "decimal", 'it is about the numbers in a file: data = "FILE.csv"'),
        ("expression = 'x/x'\nlocal = 'v1->x'", "v1->x", 'say which: local = "v1->x #1"'),
        (
            "expression = 'x^2'\nat = 3\nnext = true\noptimizer = 'momentum'\nhyperparameters = { momentun = 0.9 }",
            "momentun",
            "did you mean 'momentum'?",
        ),
        ("expression = 'mean(x)'\ndata = 'no.csv'", "no.csv", "it is looked up beside the sheet"),
        ("expression = 'sine(x)'", "sine", "did you mean 'sin'?"),
    ],
)
def test_what_is_wrong_with_a_question_is_shown_where_it_stands(exercise: str, place: str, hint: str) -> None:
    read = sheet(f'[[exercise]]\nid = "a"\n{exercise}\n')
    for face in FACES:  # a sheet has the same keys whoever reads it
        with speaking(face, "en"):
            [fault] = diffcli.check_sheet(read, {}).faults
            said = fault.said(speech())
        assert fault.source == read
        assert read.text[slice(*fault.labels[0].span)] == place
        assert said.hint == hint
        assert "--" not in said.message


def test_points_by_part_by_slip_and_by_form() -> None:
    base = '[[exercise]]\nid = "a"\nexpression = "x^2*y"\npoints = 4\n'
    assert marks(base, {"a": "x=2x*y; y=1"}) == {"a": ("wrong", 2)}
    assert marks(f"{base}parts = false\n", {"a": "x=2x*y; y=1"}) == {"a": ("wrong", 0)}
    product = '[[exercise]]\nid = "a"\nexpression = "x^2*sin(x)"\npoints = 3\n'
    slip = {"a": "2x*cos(x)"}
    assert marks(product, slip) == {"a": ("wrong", 0)}
    assert marks(f"{product}slips = {{ product-of-derivatives = 0.5 }}\n", slip) == {"a": ("wrong", Fraction(3, 2))}
    assert marks(f"{product}slips = {{ any = 0.1 }}\n", slip) == {"a": ("wrong", Fraction(3, 10))}
    assert marks(f"{product}slips = {{ integrated = 0.5 }}\n", slip) == {"a": ("wrong", 0)}
    hidden = f'{product}feedback = "none"\nslips = {{ any = 0.1 }}\n'
    assert marks(hidden, slip) == {"a": ("wrong", Fraction(3, 10))}
    form = '[[exercise]]\nid = "a"\nexpression = "(x+1)^2"\nform = "expanded"\nslips = { form = 0.5 }\n'
    assert marks(form, {"a": "2(x+1)"}) == {"a": ("wrong", Fraction(1, 2))}


def test_defaults_are_of_all_exercises_that_do_not_say_otherwise() -> None:
    text = f'[defaults]\npoints = 3\nfeedback = "full"\n{GOOD}[[exercise]]\nid = 2\nexpression = "x"\npoints = 1\n'
    first, second = read_sheet(sheet(text)).exercises
    assert (first.points, first.feedback, second.points, second.feedback) == (3, "full", 1, "full")


def test_the_feedback_goes_no_further_than_the_exercise_lets_it() -> None:
    for feedback, shown in (("none", False), ("class", False), ("hint", False), ("full", True)):
        text = f'[[exercise]]\nid = "a"\nexpression = "x^2*sin(x)"\nfeedback = "{feedback}"\nslips = {{ any = 0.5 }}\n'
        report = diffcli.check_sheet(sheet(text), {"a": "2x*cos(x)"})
        assert ('"right":' in report.to_json()) == ("right: " in str(report)) == shown
        assert ("were multiplied" in str(report)) == (feedback != "none")
        assert ("product rule" in str(report)) == (feedback in ("hint", "full"))


def test_only_the_exercise_asked_for_is_marked() -> None:
    text = f'{GOOD}[[exercise]]\nid = 2\nexpression = "x^3"\n'
    assert marks(text, {"2": "3x^2"}, id="2") == {"2": ("correct", 1)}
    with pytest.raises(DiffcliError, match="there is no exercise '3'"):
        marks(text, {}, id="3")


def test_words_are_in_the_language_of_their_reader() -> None:
    """A sheet in one language is the same for all; who has no text in theirs reads the first."""
    text = (
        'title = { en = "Powers", zh = "幂" }\n[[exercise]]\nid = 1\nexpression = "x^2"\n'
        'text.en = "Differentiate."\ntext.zh = "求导。"\nhint = { zh = "乘以指数。" }\n'
        '[[exercise]]\nid = 2\nexpression = "x^3"\ntext = "correct"\n'
    )
    report = diffcli.check_sheet(sheet(text), {"1": "x^5", "2": "3x^2"})
    shown = {}
    for language in LANGUAGES:
        with speaking("python", language):
            shown[language] = str(diffcli.check_sheet(sheet(text))), str(report)
    assert all(words in shown["en"][0] for words in ("Powers", "Differentiate.", "  correct"))
    assert all(words in shown["zh"][0] for words in ("幂", "求导。", "  correct"))
    assert "hint: 乘以指数。" in shown["en"][1]
    assert "提示：乘以指数。" in shown["zh"][1]
    document = report.to_dict()
    assert [each["text"] for each in document["exercises"]] == ["Differentiate.", "correct"]
    assert document["students"][0]["answers"][0]["hint"] == "乘以指数。"


def test_a_hint_is_told_where_it_helps() -> None:
    """Of an answer that is wrong and that no slip explains, if hints are let out."""
    text = '[[exercise]]\nid = "a"\nexpression = "x^2*sin(x)"\nhint = "Two terms."\nfeedback = "{feedback}"\n'
    for feedback, answer, told in (
        ("hint", "x^5", True),
        ("full", "x^5", True),
        ("class", "x^5", False),
        ("none", "x^5", False),
        ("hint", "2x*cos(x)", False),
        ("hint", "2x*sin(x) + x^2*cos(x)", False),
    ):
        report = diffcli.check_sheet(sheet(text.replace("{feedback}", feedback)), {"a": answer})
        assert ("hint: Two terms." in str(report)) == ('"hint":' in report.to_json()) == told


@pytest.mark.parametrize(
    ("words", "message", "place"),
    [
        ('text = { de = "Ableiten." }', "there is no key 'de' here", "de"),
        ("text.en = 3", "'en' must be a text", "3"),
        ("hint = 3", "'hint' must be a text or a table", "3"),
        ('hint.zh.en = "x"', "'zh' must be a text", "[[exercise]]"),
    ],
)
def test_words_in_no_language_are_told_of(words: str, message: str, place: str) -> None:
    report = diffcli.check_sheet(sheet(f'{GOOD}[[exercise]]\nid = "bad"\nexpression = "x"\n{words}\n'), {"good": "2x"})
    [fault] = report.faults
    assert fault.message == message
    [mark] = [mark for mark in report.marks if mark.exercise.id == "good"]
    assert mark.outcome == "correct"
    assert fault.source is not None
    start, end = fault.labels[0].span
    assert fault.source.text[start:end] == place


def test_python_gives_functions_and_numbers() -> None:
    text = '[[exercise]]\nid = "f"\nexpression = "x^2"\n[[exercise]]\nid = 2\nexpression = "x^2*y"\nat = "x=1; y=2"\n'
    assert marks(text, {"f": lambda x: 2 * x, 2: {"x": 4, "y": 1.0}}) == {"f": ("correct", 1), "2": ("correct", 1)}

    def broken(x: float) -> float:
        raise ZeroDivisionError

    assert marks(text, {"f": broken, 2: object()}) == {"f": ("not-graded", 0), "2": ("not-graded", 0)}


def test_every_key_is_an_argument_of_check_or_of_marking() -> None:
    import inspect

    arguments = {*inspect.signature(diffcli.check).parameters} - {"answer", "exit_zero", "timeout", "values"}
    assert set(KEYS) - arguments == {"id", "text", "hint", "points", "parts", "slips", "domain", "seed"}
    assert arguments <= set(KEYS)
