"""Every hint that names a text to write names one that can be read:
those in the source, those of all bad input, those of any slip.
"""

import ast
import re
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import answer
from golden.golden import HERE

import diffcli
from diffcli.analysis.problem import pose
from diffcli.analysis.values import read_bindings
from diffcli.api.synonyms import SYNONYMS
from diffcli.cli import application, wrong_options
from diffcli.errors import DiffcliError, closest
from diffcli.primitives.table import FUNCTION_NAMES
from diffcli.source import Source
from diffcli.syntax.synonyms import _CALLS, _arity, meant_by

PACKAGE = Path(diffcli.__file__).parent
#: What a hint that says "write" or "as in" goes on with where it names no expression.
_PROSE = re.compile(
    r"(what |a missing number|functions |before |the number|remove |add |name it|an expression between|numbers|as "
    r"many|it as"
    r"|one in|NAME=|\[?\{|\.\w|a number|'[^']{0,2}'|start:stop:step"
    r"|the (?:exercise|answer)|\d+: |\w+=\.\.\.|expression = |\[\["
    r"|--(?!at )|run\.json|x,y|\"|'param|'x\^2'|sum\((?!x\)))"
)
_OPTION = re.compile(r"--[a-z-]+ ")


def texts(hint: str) -> Iterator[str]:
    """The texts that a hint says to write."""
    for found in re.findall(
        r"(?:\bwrite|\bas in) (.+?)(?=; |$|, which | with its argument| for [a-z|]|, y being|, or weigh)", hint
    ):
        for text in re.split(r" or | and (?=[\w])", found):
            if not _PROSE.match(text):
                yield re.sub(r" for .*", "", text).strip()


def is_read(text: str) -> bool:
    """Whether a text is an expression, or an option with values."""
    try:
        if option := _OPTION.match(text):
            return bool(read_bindings([Source(text[option.end() :].strip("'"))]))
        pose(Source(text), complete=False)
    except DiffcliError as error:
        return error.diagnostic.code == "E214"
    return True


def _written_in_the_source() -> Iterator[str]:
    """The strings that become hints as they stand."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given = isinstance(node, ast.keyword) and node.arg in ("hint", "otherwise")
            named = isinstance(node, ast.Assign) and any(
                "hint" in getattr(target, "id", "").casefold() for target in node.targets
            )
            if given or named:
                values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
                for value in values:
                    text = value.args[0] if isinstance(value, ast.Call) and value.args and not value.keywords else value
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        yield text.value


SHOWN = {
    path.stem: line
    for path in sorted((HERE / "bad_input").glob("*.txt"))
    for line in re.findall(r"= help: (.*)", path.read_text(encoding="utf-8"))
}


@pytest.mark.fast
@pytest.mark.parametrize("name", SHOWN)
def test_what_a_shown_hint_says_to_write_can_be_read(name: str) -> None:
    """The hints of all golden files."""
    assert [text for text in texts(SHOWN[name]) if not is_read(text)] == []


def test_what_the_source_says_to_write_can_be_read() -> None:
    """The constant ones, wherever they are."""
    found = [text for hint in sorted(set(_written_in_the_source())) for text in texts(hint)]
    assert [text for text in found if not is_read(text)] == []
    assert len(found) >= 10


@pytest.mark.parametrize("name", sorted(_CALLS))
def test_a_function_of_another_language_has_words_here(name: str) -> None:
    """Each template can be read for any arguments, and stays a factor."""
    for template in _CALLS[name]:
        for arguments in (["x", "y", "z"], ["x + 1", "2*y", "-z"]):
            count = _arity(template)
            given = arguments[
                : 2
                if name in ("d", "diff", "derivative", "deriv", "grad", "differentiate", "dotproduct")
                else count or 1
            ]
            given = [given[0], "x"] if template == "d(A)" else given
            for text in meant_by(name, given):
                assert is_read(text), text


def test_a_did_you_mean_is_a_misspelling() -> None:
    """Near in spelling, or the only word that begins so; nothing else."""
    near = {
        "sine": "sin",
        "Sin": "sin",
        "expp": "exp",
        "lgo": "log",
        "maen": "mean",
        "sqaure": "square",
        "softmx": "softmax",
        "sigmod": "sigmoid",
        "tanhh": "tanh",
    }
    assert {word: closest(word, FUNCTION_NAMES) for word in near} == near
    assert [
        word for word in ("scan", "mod", "qwxz", "cosecant", "learning", "sinxy") if closest(word, FUNCTION_NAMES)
    ] == []


@pytest.mark.parametrize("target", sorted({*SYNONYMS, *wrong_options._VALUES.values()}))
def test_the_option_that_a_synonym_stands_for_exists(target: str) -> None:
    """With the value, where it has one."""
    option, _, value = target.partition(" ")
    owners = {
        name: own
        for name, own in application.parameters().items()
        if any(option in (parameter.name, *parameter.opts) for parameter in own)
    }
    assert owners
    if value:
        name = next(iter(owners))
        done = answer([name, "x^2", "--at", "1", option, value, *(["-t"] if name != "graph" else [])])
        assert "E402" not in done.err


OPTIONS = {
    "descend x^2 --at 1 --learning_rate 0.1": "write --lr 0.1",
    "descend x^2 --at 1 -lr 0.1": "did you mean '--lr'?",
    "descend x^2 --at 1 --iterations 10": "write --steps 10",
    "descend x^2 --at 1 --num-steps=5": "write --steps 5",
    "descend x^2 --at 1 --adam": "write --optimizer adam",
    "grad x^2 --at 1 --learning-rate 0.1": "--lr is an option of descend, ascend, check",
    "grad x^2 --x 3": "write --at x=3",
    "grad x^2 -x 3": "write --at x=3",
    "grad w*x --at x=1 --w 2,3": "write --at w=2,3",
    "grad x^2 x=3": "write --at x=3",
    "grad x^2 3": "write --at 3",
    "grad x^2 --point 3": "write --at 3",
    "grad x^2 --at x = 3": "write --at 'x = 3'",
    "grad x*y --at x=1, y=2": "write --at 'x=1; y=2'",
    "grad x^2 --at 1 2 3": "write --at 1,2,3",
    "grad x + 1 --at 2": "put quotes around the expression: 'x + 1'",
    "diff x^2 -n 2": "write --order 2",
    "diff x^2 --latex": "write --as latex",
    "diff x^2 --format latex": "write --as latex",
    "grad x^2 --at 1 --jsno": "did you mean '--json'?",
    "grad x^2 --at 1 --quiet": "write --terse",
    "minimize x^2 --at 1": "did you mean 'descend'?",
    "maximise x --at 1": "did you mean 'ascend'?",
    "derivative x^2": "did you mean 'diff'?",
    "manual": "did you mean 'help'?",
    "hessian x^2 --at 1 --steps 3": "it is an option of diff, descend, ascend, check",
}


@pytest.mark.parametrize("line", OPTIONS)
def test_an_option_of_another_tool_is_named_here(line: str) -> None:
    """What the hint says to write is an option of that command, with the value that was given."""
    done = answer(line.split())
    assert (done.code, done.out) == (2, "")
    assert f"= help: {OPTIONS[line]}\n" in done.err


@pytest.mark.parametrize(
    ("value", "written"),
    {
        "1 2 3": "1,2,3", "x=1 2 3": "x=1,2,3", "x:3": "x=3", "x 3": "x=3", "x->3": "x=3", "x==3": "x=3",
        "(1,2,3)": "1,2,3", "{1,2,3}": "1,2,3",
        "[1 2 3]": "1,2,3", "[1;2]": "1,2", "[1 2; 3 4]": "'[[1, 2], [3, 4]]'", "x=½": "'x=(1/2)'",
        "x=30°": "'x=(30*pi/180)'", "x=sqrt 2": "'x=sqrt(2)'",
        "x=ln2": "'x=ln(2)'", "x,y=3,4": "'x=3; y=4'", "(x, y) = (3, 4)": "'x=3; y=4'",
        "x=1,y=2": "'x=1; y=2'", "x=1 y=2": "'x=1; y=2'", "{x: 1, y: 2}": "'x=1; y=2'",
        '{"x": 1, "y": 2}': "'x=1; y=2'",
    }.items(),
)  # fmt: skip
def test_a_value_in_another_form_is_refused_with_the_words_to_write(value: str, written: str) -> None:
    """As the option that it was given to."""
    done = answer(["grad", "sum(x*y)", "--at", value])
    assert done.code == 2
    assert f"= help: write --at {written}\n" in done.err
    assert is_read(f"--at {written}")


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "x^2 at x=3": ["x^2", "--at", "x=3"], "x^2 --at 3": ["x^2", "--at", "3"], "x^2, x=3": ["x^2", "--at", "x=3"],
        "x^2; x=3": ["x^2", "--at", "x=3"],
        "x*y | x=1, y=2": ["x*y", "--at", "x=1; y=2"], "x*y where x = 1 and y = 2": ["x*y", "--at", "x = 1; y = 2"],
    }.items(),
)  # fmt: skip
def test_values_within_the_expression_are_refused_with_the_words_to_write(text: str, words: list[str]) -> None:
    """As a shell takes the words apart, they work."""
    done = answer(["grad", text])
    assert done.code == 2
    assert f"= help: put values outside the expression's quotes: {shlex.join(words)}\n" in done.err
    assert answer(["grad", *words]).code == 0


@pytest.mark.parametrize(
    ("program", "line"),
    {
        "z = sin y\nz": "z = sin(y)",
        "z = 2\nsin y + z": "sin(y) + z",
        "z = x^2y\nz": "z = (x^2)*y or z = x^(2*y)",
    }.items(),
)
def test_a_reading_ends_with_its_line(program: str, line: str) -> None:
    assert f"= help: write {line}\n" in answer(["diff", program]).err


@pytest.mark.parametrize("mark", ["a b", "1 000", "x%", "2x!", "sin^2 ", "arc sin ", "and x=1 ", "x<"])
def test_the_hint_for_a_long_text_with_many_mistakes_comes_soon(mark: str) -> None:
    begun = time.process_time()
    assert answer(["grad", (mark * 4000)[:3990]]).code == 2
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("text", [r"norm(A\b)", r"norm( A \ b )", r"norm(A\b)^2 + 1"])
def test_a_left_division_is_a_solution_within_a_call_too(text: str) -> None:
    written = re.sub(r"A ?\\ ?b", "solve(A, b)", text)
    assert f"write {written}" in answer(["grad", text, "--at", "A=[[1,2],[3,4]]", "--at", "b=1,2"]).err


def test_full_width_values_are_read() -> None:
    assert answer(["grad", "sum(x*y)", "--at", "x＝１，２；y＝３、４", "-t"]).out == "3.0,4.0\n1.0,2.0\n"


def test_elements_in_round_brackets_are_counted_from_one() -> None:
    """As MATLAB counts; with a single number in the bracket a product may be meant."""
    assert "= help: write x[0]^2 + x[1]^2\n" in answer(["grad", "x(1)^2 + x(2)^2", "--at", "x=3,4"]).err
    assert "= help: write x*(2)\n" in answer(["grad", "x(2)", "--at", "x=3"]).err
