"""The same answers from another process: reports cross whole."""

import re
from pathlib import Path
from typing import Any

import pytest
from command import answer, run

import diffcli

VECTOR = ["sum(x*x*y) + relu(x[0])", "--at", "x=1,2", "--at", "y=3"]
ANSWERS = [
    ["grad", *VECTOR],
    ["grad", *VECTOR, "--symbolic"],
    ["grad", "x*y", "--at", "x=1,2", "--at", "y=3", "--cotangent", "1,1", "--symbolic"],
    ["diff", *VECTOR, "--order", "2"],
    ["diff", *VECTOR, "--as", "c"],
    ["diff", "sin(x)^2", "--steps"],
    ["compare", *VECTOR],
    ["compare", "abs(x)", "--at", "0", "--sweep", "--grow", "2"],
    ["jacobian", "x*y", "--at", "x=1,2", "--at", "y=3", "--pattern"],
    ["hessian", *VECTOR],
    ["hessian", *VECTOR, "--hvp", "x=1,0"],
    ["jvp", *VECTOR, "--tangent", "x=1,0"],
    ["vjp", "x*y", "--at", "x=1,2", "--at", "y=3", "--cotangent", "1,1"],
]
#: Of what is measured.
SECONDS = re.compile(r'("\w*seconds": )[^,}]*|[\d.]+ m?s\b')


@pytest.mark.parametrize(
    "numbers",
    [[], pytest.param(["--digits", "20"], marks=pytest.mark.long), pytest.param(["--exact"], marks=pytest.mark.long)],
    ids=["doubles", "digits", "exact"],
)
@pytest.mark.parametrize("command", ANSWERS, ids=" ".join)
def test_a_limit_changes_nothing(command: list[str], numbers: list[str]) -> None:
    """As a document and as text; a diagnostic is the same too."""
    if numbers and command[0] == "diff":
        pytest.skip("formulas have no other numbers")
    for form in (["--json"], *([[]] if command[0] != "compare" else [])):  # whose tables are as wide as times are long
        whole, limited = answer([*command, *numbers, *form]), answer([*command, *numbers, *form, "--timeout", "100"])
        assert [SECONDS.sub("", text) for text in (limited.out, limited.err)] == [
            SECONDS.sub("", text) for text in (whole.out, whole.err)
        ]
        assert limited.code == whole.code


@pytest.mark.parametrize(
    "command",
    [["grad", *VECTOR, "--timeout", "100"], ["compare", "abs(x)", "--at", "0"], ["grad", *VECTOR, "--digits", "20"]],
)
def test_the_command_answers_as_the_library_does(command: list[str]) -> None:
    """Copies of the process on one side, a worker on the other."""
    ours, theirs = run([*command, "--json"]), answer([*command, "--json"])
    assert [SECONDS.sub("", text) for text in (ours.out, ours.err)] == [
        SECONDS.sub("", text) for text in (theirs.out, theirs.err)
    ]


LONG = "+".join(["x*x"] * 100_000)


@pytest.mark.parametrize("command", ["grad", "jacobian", "hessian", "compare", "diff", "graph", "descend", "vjp"])
def test_reading_a_long_text_is_within_the_limit(command: str, tmp_path: Path) -> None:
    """It takes a second; a limit above that changes nothing."""
    file = tmp_path / "long.txt"
    file.write_text(LONG)
    values = {"diff": [], "vjp": ["--at", "1", "--cotangent", "1"]}.get(command, ["--at", "1"])
    late = answer([command, "-f", str(file), *values, "--timeout", "0.05"])
    assert (late.code, late.out) == (4, "")
    assert late.err == "error[E601]: it takes longer than 0.05 s\n  = help: a larger --timeout\n"


@pytest.mark.parametrize("function", [diffcli.grad, diffcli.hessian, diffcli.descend, diffcli.diff])
def test_so_it_is_from_python(function: Any) -> None:
    with pytest.raises(diffcli.DiffcliError, match=r"E601.*it takes longer than 0\.05 s"):
        function(LONG, timeout=0.05, **({} if function is diffcli.diff else {"x": 1.0}))


@pytest.mark.parametrize("command", ["grad", "jacobian", "descend"])
def test_a_long_text_has_the_same_answer_within_a_limit(command: str) -> None:
    text = "+".join(["x*x"] * 6_000)
    arguments = [command, text, "--at", "1", "--terse", *(["--lr", "1e-5"] if command == "descend" else [])]
    assert answer([*arguments, "--timeout", "100"]) == answer(arguments)
