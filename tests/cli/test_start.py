"""What a command loads: a small problem needs neither NumPy nor a library for tables, formulas or command lines."""

import json
import re
import subprocess
import sys

import pytest
from command import environment

pytestmark = pytest.mark.fast

#: Libraries that take as long to load as all else that a small problem needs, or longer.
_HEAVY = ("numpy", "scipy", "sympy", "mpmath", "rich", "typer", "click", "pydantic", "matplotlib")
_LINES = [
    ["grad", "x^2", "--at", "3"],
    ["grad", "mean(x*x)", "--at", "1,2,3"],
    ["grad"],
    ["grad", "sum(tanh(w*x + b))", "--at", "x=1,2", "--at", "w=0.5", "--at", "b=pi/4"],
    ["grad", "sum(A @ x)", "--at", "A=[[1, 2], [3, 4]]; x=1,2"],
    ["grad", "relu(x) + abs(x) + max(x, 1)", "--at", "2"],
    ["grad", "max(x) + norm(x)", "--at", "3,1,2"],
    ["grad", "where(x > 0, sqrt(x), -x)", "--at", "4"],
    ["grad", "param w = 1/3; param b = [1, 2]; y = w*b + x; sum(sigmoid(y)^2)", "--at", "x=0.1,0.2"],
    ["grad", "f(t) = t^2 + 1; f(x)*f(y)", "--at", "x=1", "--at=y=2", "--wrt", "x"],
    ["grad", "logsumexp(x) + mean(softmax(x)*x)", "--at", "1,2,3"],
    ["grad", "a = x*y; a + sin(a)", "--at", "x=1; y=2", "--of", "a"],
    ["grad", "d(x^3, x)", "--at", "-2"],
    ["grad", "-x^2", "--at", "-3"],
    ["grad", "2x + √x", "--at", "1e-3"],
]


#: Answers each of the command lines in a copy of itself, which has loaded what all of them load.
_PROGRAM = f"""
import json, os, sys
from diffcli.__main__ import main
for line in json.loads(sys.argv[1]):
    copy = os.fork()
    if not copy:
        sys.argv[1:] = line
        code = main()
        print("loaded", code, *[name for name in {_HEAVY} if name in sys.modules], flush=True)
        os._exit(0)
    os.waitpid(copy, 0)
"""


def _loaded(*lines: list[str]) -> list[list[str]]:
    """The heavy libraries that each of these command lines loads; it has to succeed, and to say nothing beside the
    answer.
    """
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, json.dumps(lines)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=True,
    )
    answers = re.split(r"^loaded (.*)\n", done.stdout, flags=re.MULTILINE)
    assert len(answers) == 2 * len(lines) + 1
    assert all(answers[:-1:2])
    said = [line.split() for line in answers[1::2]]
    assert [code for code, *_ in said] == ["0"] * len(lines)
    return [names for _, *names in said]


@pytest.mark.parametrize("form", ["--json", "--terse"])
def test_a_small_problem_is_answered_without_heavy_libraries(form: str) -> None:
    """In the forms for scripts: scalars, vectors, small matrices, kinks beside the point, parameters, statements."""
    loaded = _loaded(*([*line, form] for line in _LINES))
    assert [(line, names) for line, names in zip(_LINES, loaded, strict=True) if names] == []


@pytest.mark.parametrize(
    ("line", "library"),
    [
        (["grad", "det(A)", "--at", "A=[[1, 2], [3, 4]]", "--json"], "numpy"),
        (["grad", "abs(x)", "--at", "0", "--json"], "numpy"),
        (["grad", "where(x > 1, x, exp(1000*x))", "--at", "2", "--json"], "numpy"),
        (["grad", "log(x + 1) - log(x + 2)", "--at", "1e30", "--json"], "numpy"),
        (["grad", "x^2", "--at", "3", "--json", "--symbolic"], "sympy"),
        (["grad", "x^2", "--at", "3"], "rich"),
        (["grad", "--help", "--precision", "3"], "typer"),
    ],
)
def test_what_needs_a_library_loads_it(line: list[str], library: str) -> None:
    """Functions that have no form on single numbers, kinks, what overflows, digits in doubt, formulas, tables."""
    [loaded] = _loaded(line)
    assert library in loaded


def test_help_needs_no_library() -> None:
    lines = [
        ["--help"],
        [],
        ["grad", "-h"],
        ["descend", "--help"],
        ["help"],
        ["help", "language"],
        ["help", "grad"],
        ["examples"],
        ["--version"],
        ["-V"],
    ]
    assert [(line, names) for line, names in zip(lines, _loaded(*lines), strict=True) if names] == []
