"""`diffcli check` as a process: streams, exit codes, the document, limits."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from amount import SLACK
from command import answer, run

pytestmark = pytest.mark.usefixtures("warmly")


def document(*arguments: str) -> Any:
    """The JSON document of a check."""
    return json.loads(answer(["check", *arguments, "--json"]).out)


def test_exit_codes_and_streams() -> None:
    right = run(["check", "x^2", "--answer", "2x"])
    assert (right.code, right.err) == (0, "")
    assert right.out.startswith("asked: the derivative by x, as a formula: x^2\n")
    wrong = run(["check", "x^2", "--answer", "x"])
    assert (wrong.code, wrong.err) == (1, "")
    lenient = run(["check", "x^2", "--answer", "x", "--exit-zero"])
    assert (lenient.code, lenient.out, lenient.err) == (0, wrong.out, "")
    misread = run(["check", "x^2", "--answer", "2t"])
    assert (misread.code, misread.out) == (2, "")
    assert misread.err.startswith("error[E701]: the question knows no 't'\n --> --answer\n")


def test_the_answer_may_be_read_from_standard_input() -> None:
    assert run(["check", "x^2", "--answer", "-"], stdin=b"f'(x) = 2x\n").code == 0
    assert run(["check", "x^2", "--answer", "-"], stdin=b"-").code == 2
    assert run(["check", "x^2", "--answer", "-"], stdin=b"\xff\xfe\x00").code == 2
    assert run(["check", "-x^2", "--answer", "-2x"]).code == 0


def test_answers_that_are_too_long_end_at_once() -> None:
    started = time.perf_counter()
    long = run(["check", "x^2", "--answer", "-"], stdin=b"x+" * 5_000_000)
    assert (long.code, long.out) == (2, "")
    assert len(long.err) < 1000
    assert run(["check", "x^2", "--answer", "(" * 10_000 + "2x" + ")" * 10_000]).code == 0
    assert time.perf_counter() - started < SLACK


def test_an_answer_that_takes_forever_ends_at_the_limit() -> None:
    started = time.perf_counter()
    done = run(["check", "x^2", "--answer", "exp(exp(exp(exp(exp(x)))))", "--timeout", "1"])
    assert (done.code, done.out) == (4, "")
    assert "error[E601]" in done.err
    assert time.perf_counter() - started < SLACK


def test_control_characters_do_not_reach_the_terminal() -> None:
    for text in ("2x # \x1b[2J", "\x1b[31mx", "2\u202ex"):
        done = run(["check", "x^2", "--answer", text])
        assert "\x1b" not in done.out + done.err
        assert "\u202e" not in done.out + done.err


@pytest.mark.parametrize("feedback", ["none", "class", "hint"])
@pytest.mark.parametrize(
    ("arguments", "right"),
    [
        (["x^2*sin(x)", "--answer", "2x"], ["x*(x*cos(x) + 2*sin(x))"]),
        (["mean(x*x)", "--at", "1,2,3", "--answer", "2,4,6"], ["0.666", "2/3", "1.333", "4/3"]),
        (["mean(x*x)", "--at", "1,2,3", "--answer", "0.667,1.333,2", "--exact"], ["2/3", "4/3"]),
        (["x^2", "--at", "7", "--next", "--lr", "0.1", "--answer", "8.4"], ["5.6"]),
    ],
)
def test_no_hint_shows_the_answer(arguments: list[str], right: list[str], feedback: str) -> None:
    shown = answer(["check", *arguments, "--feedback", feedback])
    written = answer(["check", *arguments, "--feedback", feedback, "--json"])
    assert (shown.code, written.code) == (1, 1)
    answered = arguments[arguments.index("--answer") + 1]
    for text in right:
        assert text not in shown.out.replace(answered, "")
        assert text not in written.out.replace(answered, "")


def test_full_feedback_shows_it() -> None:
    shown = answer(["check", "x^2*sin(x)", "--answer", "2x", "--feedback", "full"])
    assert "right: x*(x*cos(x) + 2*sin(x))" in shown.out


def test_the_document() -> None:
    found = document("x^2*y", "--answer", "x=2x*y; y=2x*y", "--feedback", "full")
    assert found["schema"] == "diffcli/check@1"
    assert (found["verdict"], found["points"]) == ("wrong", 0.5)
    assert found["parts"]["d/dx"] == {"verdict": "correct"}
    part = found["parts"]["d/dy"]
    assert (part["verdict"], part["fault"], part["right"]) == ("wrong", "value", "x^2")
    assert set(part["failing"]) == {"at", "element", "given", "expected"}
    assert found["slip"]["kinds"] == ["other-variable"]


def test_terse_lines_are_verdicts() -> None:
    arguments = ["check", "x^2*y", "--answer", "x=2x*y; y=x", "--terse"]
    assert answer(arguments).out == "correct\nwrong\n"
    assert answer([*arguments, "--labels"]).out == "d/dx correct\nd/dy wrong\n"


def test_against_is_a_column_with_a_verdict() -> None:
    found = json.loads(answer(["compare", "mean(x*x)", "--at", "1,2,3", "--against", "2x/n", "--json"]).out)
    given = found["partials"]["x"]
    assert (given["given"]["verdict"], given["methods"]["given"]["relative_error"]) == ("agrees", 0)
    wrong = answer(["compare", "mean(x*x)", "--at", "1,2,3", "--against", "2/3,4/3,1"])
    assert wrong.code == 1
    assert "given [2]: it is 1, not 2" in wrong.out
    kink = answer(["compare", "abs(x)", "--at", "0", "--against", "1"])
    assert kink.code == 0
    assert "not compared: there is no derivative at this point" in kink.out


def test_data_are_values(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("x,y\n1,2\n2,4\n3,7\n")
    arguments = ["check", "mean((w*x - y)^2)", "--data", str(tmp_path / "d.csv")]
    assert answer([*arguments, "--at", "w=2", "--answer", "-2"]).code == 0
    assert answer([*arguments, "--wrt", "w", "--answer", "2*(14w - 31)/3"]).code == 0
