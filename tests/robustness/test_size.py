"""Size: nothing recurses, work is linear, and long output is shortened."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import run

import diffcli

#: The most memory, in KiB, that a process takes that differentiates a sum of so many terms.
_PEAK = """
import re, sys
import diffcli
report = diffcli.grad("+".join([sys.argv[1]] * int(sys.argv[2])), x=1.0)
print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
"""


def _seconds(expression: str) -> float:
    start = time.process_time()
    diffcli.grad(expression, x=0.5)
    return time.process_time() - start


@pytest.mark.parametrize(
    ("expression", "gradient"),
    [
        ("(" * 100_000 + "x" + ")" * 100_000, 1.0),
        ("-" * 100_000 + "x", 1.0),
        ("x" + "^1" * 50_000, 1.0),
        ("[" * 64 + "x" + "]" * 64 + "[0]" * 64, 1.0),
    ],
    ids=["brackets", "signs", "powers", "arrays"],
)
def test_depth_and_length(expression: str, gradient: float) -> None:
    assert diffcli.grad(expression, x=0.5).gradient["x"] == gradient


def test_more_axes_than_an_array_can_have_are_refused() -> None:
    with pytest.raises(diffcli.DiffcliError, match="at most 64 axes"):
        diffcli.grad("[" * 100_000 + "x" + "]" * 100_000, x=0.5)


def test_a_deep_chain_is_differentiated_and_printed() -> None:
    done = run(["grad", "-", "--at", "0.5"], stdin=b"sin(" * 100_000 + b"x" + b")" * 100_000)
    assert (done.code, done.err) == (0, "")
    assert "none: the expression is too long for a formula" in done.out
    assert "more" in done.out


@pytest.mark.long
def test_a_long_sum_is_printed_in_every_form() -> None:
    text = "+".join(["x*y"] * 20_000).encode()
    for form in ([], ["--json"], ["--terse"]):
        done = run(["grad", "-", "--at", "x=2", "--at", "y=3", *form], stdin=text)
        assert (done.code, done.err) == (0, "")
        assert "60000" in done.out


@pytest.mark.long
@pytest.mark.parametrize(
    ("term", "nodes"), [("x", 1), ("x*1.0001", 3), ("sin(x)", 2)], ids=["sum", "products", "functions"]
)
def test_a_node_costs_no_more_among_two_hundred_thousand(term: str, nodes: int) -> None:
    """At most 1.3 times as much as among twenty thousand."""
    short, long = ("+".join([term] * (count // nodes)) for count in (20_000, 200_000))
    shortest = min(_seconds(short + blanks * " ") for blanks in range(4))  # a text that was read before is not read
    assert any(_seconds(long) < 1.3 * 10 * shortest for _ in range(4))  # what else runs on the machine can only add


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell how much memory was used")
@pytest.mark.parametrize("term", ["x", "x*1.0001"])
def test_a_million_nodes_take_at_most_600_mebibytes(term: str) -> None:
    """All of the process, at its peak."""
    count = 1_000_000 if term == "x" else 333_333
    done = subprocess.run([sys.executable, "-c", _PEAK, term, str(count)], capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 600 * 1024


@pytest.mark.long
def test_a_chain_of_a_million_nodes() -> None:
    assert run(["grad", "-", "--at", "1", "--terse"], stdin=b"x" + b"+x" * 500_000) == (0, "500001.0\n", "")


def test_work_is_linear_in_nodes() -> None:
    """16 times the terms: linear work takes 16 times as long, quadratic 256 times;
    the bound is the mean of both in decades.
    """
    short = min(_seconds("+".join(["x*x"] * 2_500)) for _ in range(3))
    long = "+".join(["x*x"] * 40_000)
    assert any(_seconds(long) < 64 * short for _ in range(3))  # what else runs on the machine can only add


def test_functions_called_in_functions_are_inlined_without_recursion() -> None:
    lines = ["f0(t) = t + 1", *(f"f{k}(t) = f{k - 1}(t) + 1" for k in range(1, 3000)), "f2999(x)"]
    assert diffcli.grad("\n".join(lines), x=1.0).value == 3001


def test_extreme_numbers_stay_what_they_are() -> None:
    assert diffcli.grad("x*1e-300", x=1e-8).gradient["x"] == 1e-300
    assert diffcli.grad("norm([x, 3e200])", x=4e200).value == pytest.approx(5e200, rel=1e-15)
    assert diffcli.grad("hypot(x, 3e-200)", x=4e-200).gradient["x"] == pytest.approx(0.8, rel=1e-15)
