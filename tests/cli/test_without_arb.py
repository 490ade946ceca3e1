"""Where python-flint is not installed, as with musl: the same answers, and digits that carry a doubt."""

import json
from pathlib import Path

import pytest
from command import answer, run

pytest.importorskip("flint", reason="python-flint is not installed: there is nothing to compare with")

#: What Python reads at its start, and finds no flint then.
_HIDING = 'import sys; sys.modules["flint"] = None\n'

#: What says that digits are not proved.
_DOUBT = "not every digit is certain: python-flint, which proves them, is not installed"

_LINES = [
    ["grad", "mean(x*x)", "--at", "1,2,3"],
    ["descend", "--lr", "0.1"],
    ["diff", "sum((A@x - b)^2)", "--wrt", "x", "--as", "latex"],
    ["check", "x^3 + 4x", "--answer", "x^2 + 4"],
    ["check", "mean(x*x)", "--at", "4,5", "--answer", "4, 5"],
    ["grad", "gamma(x)*digamma(y) + lgamma(y) + beta(x, y)", "--at", "x=2.5", "--at", "y=-3.25"],
    ["grad", "polygamma(3, x)", "--at", "-2.5"],
    ["grad", "lgamma(x)", "--at", "-2.4571"],
    ["compare", "exp(lgamma(x*y))", "--at", "x=-1.5", "--at", "y=2.5", "--terse"],
    ["grad", "x^2/3", "--at", "3", "--exact"],
    ["quiz", "--seed", "1", "--count", "3"],
]

_IN_DIGITS = [
    ["grad", "x^(1/3)", "--at", "2", "--digits", "50"],
    ["grad", "gamma(x)*digamma(x)", "--at", "-2.5", "--digits", "30"],
    ["grad", "lgamma(x) + beta(x, 3)", "--at", "-2.5", "--digits", "30"],
    ["grad", "polygamma(2, x)", "--at", "-2.5", "--digits", "40"],
    ["grad", "exp(x) - exp(x + 1e-60)", "--at", "1", "--digits", "30"],
    ["hessian", "x^3*y", "--at", "x=1/3", "--at", "y=2", "--digits", "20"],
]


@pytest.fixture
def without(tmp_path: Path) -> dict[str, str]:
    """An environment in which python-flint is not installed."""
    (tmp_path / "sitecustomize.py").write_text(_HIDING, encoding="utf-8")
    return {"PYTHONPATH": str(tmp_path)}


@pytest.mark.parametrize("line", _LINES, ids=lambda line: " ".join(line[:2]))
def test_the_answer_is_the_same(line: list[str], without: dict[str, str]) -> None:
    """Formulas, gradients, descents, grades, functions of the gamma family, exact numbers, exercises."""
    assert run(line, env=without) == answer(line)


@pytest.mark.parametrize("line", _IN_DIGITS, ids=lambda line: line[1])
def test_digits_are_the_same_and_doubted(line: list[str], without: dict[str, str]) -> None:
    """Where no digit is lost that 120 more do not hold."""
    found, proved = run([*line, "--terse"], env=without), answer([*line, "--terse"])
    assert (found.code, found.out) == (proved.code, proved.out)
    assert found.err == f"note: {_DOUBT}\n"
    assert proved.err == ""


def test_the_document_has_the_doubt(without: dict[str, str]) -> None:
    done = run(["grad", "x^2", "--at", "3", "--digits", "30", "--json"], env=without)
    assert json.loads(done.out)["arithmetic"]["doubt"] == _DOUBT
