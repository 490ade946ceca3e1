"""The smallest expressions under every option: constants, numbers that do not matter, arrays of one element and of
none.
"""

import os
from pathlib import Path
from random import Random

import pytest

from .command_lines import Option, faults, given, options, prepare

#: How often every expression is tried with each command; a longer run is asked for by hand.
_ROUNDS = int(os.environ.get("DIFFCLI_DEGENERATE_ROUNDS", "1"))
#: Options that these command lines do without: they bring an expression of their own, or a failure.
_LEFT_OUT = frozenset(
    {
        "--file",
        "--data",
        "--columns",
        "--resume",
        "--save",
        "--at",
        "--tangent",
        "--cotangent",
        "--hvp",
        "--timeout",
        "--max-seconds",
    }
)
_PLAIN = (
    "3", "pi", "0", "-0.0", "1e999", "a = 3; a", "a = x; 3", "param w = 2; w", "param w = 2; 3", "x", "-x", "x*0",
    "x - x", "x^0", "0^x", "x/x", "x + 0*y", "x^2 + y",
    "y*0", "d(x, x)", "d(3, x)", "d(x^2, y)", "floor(x)", "sign(x)", "x == 1", "x != x", "where(x > 0, 1, 2)",
    "where(x > 0, x, 2)", "floor(x)^2", "f(t) = 3; f(x)",
    "f(t) = t; f(x)", "[x][0]", "[x]", "[[x]]", "[x, 1]", "[]", "norm(x)", "mean(x)", "sum(x)", "max(x)", "std(x)",
    "prod(x)", "median(x)", "logsumexp(x)", "abs(x)",
    "sum(zeros(0))", "zeros(0)", "sum(x*zeros(0))", "prod(x*ones(0))", "ones(1)*x", "eye(1)*x", "arange(1)*x",
    "randn(1, seed=1)*x", "sum(softmax([x]))", "hypot(x, 0)",
    "x.T", "cumsum([x])[0]", "one_hot(x, 2)", "clip(x, 1, 1)", "round", "lgamma(x)", "beta(x, y)", "xlogy(x, y)",
    "polygamma(x, n=1)", "det([[x]])", "inv([[x]])[0, 0]",
    "trace([[x]])", "solve([[x]], [y])[0]", "cross_entropy([x, y], 1)", "atan2(y, x)", "tanh(1e308*x)", "log10(x)",
    "x^1e9", "erf(x)*y", "x*1e300*1e300", "sqrt(x^2)",
)  # fmt: skip
_OF_ARRAYS = (
    "x", "x*0", "sum(x)", "mean(x)", "norm(x)", "norm(x, ord=1)", "norm(x, ord=inf)", "max(x)", "min(x)",
    "median(x)", "std(x)", "var(x)", "prod(x)", "x[0]", "x[0:0]",
    "sum(x[0:0])", "x @ x", "sum(x*0)", "logsumexp(x)", "sum(softmax(x))", "sum(floor(x))", "sum(floor(x))^2",
    "cumsum(x)", "flip(x)", "sum(x == x)", "cross_entropy(x, 0)",
    "sum(normalize(x))", "reshape(x, 1)", "concat([x, x])", "3 + 0*sum(x)",
)  # fmt: skip
_OF_MATRICES = (
    "A",
    "det(A)",
    "inv(A)",
    "trace(A)",
    "logdet(A)",
    "sum(A @ A)",
    "norm(A)",
    "norm(A, ord=1)",
    "det(floor(A))",
    "solve(A, [1])",
    "A[0, 0]",
    "A.T",
    "sum(diag(A))",
)
_NUMBERS = ("0", "1", "-1", "2.5", "1/3")
_CASES = (
    *((text, f"x={x};y={y}") for text in _PLAIN for x, y in (("1", "2"), ("0", "0"))),
    *((text, f"x={x}") for text in _OF_ARRAYS for x in ("1,", "0,", "[]", "1")),
    *((text, f"A={matrix}") for text in _OF_MATRICES for matrix in ("[[2]]", "[[0]]", "[[1,2],[3,4]]")),
)


def _fitting(text: str, values: str) -> list[str]:
    """The values of what occurs in the text."""
    return [part for part in values.split(";") if part[0] in text]


def _line(random: Random, command: str, text: str, values: str) -> list[str]:
    arguments = [command, text, *(word for part in _fitting(text, values) for word in ("--at", part))]
    if command == "jvp":
        arguments += ["--tangent", random.choice(_fitting(text, values) or ["1"])]
    if command == "vjp" or (command in ("grad", "graph") and random.random() < 0.2):
        arguments += ["--cotangent", random.choice(("1", "1,", "[[1]]", "[]", "1,2"))]
    if command == "hessian" and random.random() < 0.3:
        arguments += ["--hvp", random.choice(_fitting(text, values) or ["1"])]
    wanted = [option for option in options()[command] if not set(option.names) & _LEFT_OUT]
    for option in random.sample(wanted, random.choice((0, 1, 2, 3))):
        arguments += _sound(random, option)
    return arguments


def _sound(random: Random, option: Option) -> list[str]:
    return given(random, option._replace(sound=option.sound or _NUMBERS), hostile=0.0)


@pytest.mark.parametrize("command", [name for name in options() if name != "functions"])
def test_small_expressions_end_well(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No internal error, no traceback, nothing on standard output when refused."""
    for name in ("DIFFCLI_EXPR", "DIFFCLI_AT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    prepare(tmp_path)
    random = Random(command)
    chosen = random.sample(_CASES, 25) if _ROUNDS == 1 else _CASES * _ROUNDS
    for text, values in chosen:
        arguments = [word.replace("{there}", str(tmp_path)) for word in _line(random, command, text, values)]
        assert not faults(arguments), arguments
