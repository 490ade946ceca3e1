"""What a command loads: a small problem needs neither NumPy nor a library for tables, formulas or command lines."""

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


def _loaded(line: list[str]) -> list[str]:
    """The heavy libraries that a command line loads; it has to succeed, and to say nothing beside the answer."""
    program = (
        "import sys; from diffcli.__main__ import main; sys.argv[1:] = sys.argv[1:]; code = main();"
        f"print('loaded', *[name for name in {_HEAVY} if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *line],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=True,
    )
    *answer, last = done.stdout.splitlines()
    assert answer
    return last.split()[1:]


@pytest.mark.parametrize("form", ["--json", "--terse"])
@pytest.mark.parametrize("line", _LINES, ids=lambda line: line[1] if len(line) > 1 else "tutorial")
def test_a_small_problem_is_answered_without_heavy_libraries(line: list[str], form: str) -> None:
    """In the forms for scripts: scalars, vectors, small matrices, kinks beside the point, parameters, statements."""
    assert _loaded([*line, form]) == []


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
    assert library in _loaded(line)


@pytest.mark.parametrize(
    "line",
    [
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
    ],
    ids=" ".join,
)
def test_help_needs_no_library(line: list[str]) -> None:
    assert _loaded(line) == []
