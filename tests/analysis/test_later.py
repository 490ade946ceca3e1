"""Reports whose trace is found when it is looked at say what those say that keep every node."""

import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from amount import PATIENCE
from hypothesis import given, settings
from hypothesis import strategies as st

import diffcli
from diffcli.analysis import prepared as preparing
from diffcli.analysis.gradient import GradReport
from diffcli.analysis.prepared import _remembered
from diffcli.analysis.trace import Trace

#: Numbers at which something happens: kinks, ends of domains, overflow, where digits are lost.
TELLING = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0, 1e-9, 1e9, 710.0, 1e200, -1e200])
UNARY = ["-{}", "relu({})", "abs({})", "exp({})", "log({})", "sqrt({})", "sin({})", "tanh({})", "sign({})", "1/{}"]
BINARY = ["({}+{})", "({}-{})", "({}*{})", "({}/{})", "maximum({}, {})", "where({} > 0, {}, 1)", "({}^{})"]
PARTS = st.recursive(
    st.sampled_from(["x", "y", "2", "x*y"]),
    lambda parts: st.one_of(
        st.builds(str.format, st.sampled_from(UNARY), parts),
        st.builds(str.format, st.sampled_from(BINARY), parts, parts),
    ),
    max_leaves=6,
)


def asked(text: str, **values: Any) -> GradReport | str:
    """The report, or what it is refused with."""
    try:
        return diffcli.grad(text, **values)
    except diffcli.DiffcliError as error:
        return str(error)


def same(first: Any, second: Any) -> bool:
    return bool(np.array_equal(first, second, equal_nan=True))


def same_traces(first: Trace, second: Trace) -> bool:
    return all(same(one, other) for one, other in zip(first.values, second.values, strict=True))


@settings(deadline=None, max_examples=60)
@given(PARTS, st.lists(TELLING, min_size=2, max_size=2), TELLING)
def test_the_second_report_says_what_the_first_one_said(part: str, x: list[float], y: float) -> None:
    """The first one keeps every node, the second finds its answers alone: to the last bit, and in every word."""
    text = f"sum({part} + 0*x + 0*y)"
    _remembered.cache_clear()
    first = asked(text, x=x, y=y)
    second = asked(text, x=x, y=y)
    if isinstance(first, str) or isinstance(second, str):
        assert first == second
        return
    assert second.value == first.value
    assert {name: part.tolist() for name, part in second.gradient.items()} == {
        name: part.tolist() for name, part in first.gradient.items()
    }
    assert same_traces(first.trace, second.trace)
    assert second.kinks == first.kinks
    assert second.precision == first.precision
    assert second.to_dict() == first.to_dict()


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("mean(relu(x - 1)*x)", 1.0),
        ("sum(abs(x))", 0.0),
        ("sum(where(x > 0, log(x), 0))", -1.0),
        ("sum(log(x))", -1.0),
        ("mean(1/exp(x))", 800.0),
        ("mean(exp(x))", 800.0),
        ("mean(tanh(x*x))", 1e200),
        ("sum(sqrt(x))", 0.0),
        ("mean(sin(x)*exp(-x*x))", 0.3),
    ],
)
def test_large_data_are_judged_as_small_ones(text: str, x: float) -> None:
    """What is undefined, overflows or has a kink in one element of many is told all the same."""
    column = np.linspace(0.1, 0.9, 1000)
    column[500] = x
    kept = asked(text, x=column)
    _remembered.cache_clear()
    with patch.object(preparing, "_MANY", 1):
        alone = asked(text, x=column)
    _remembered.cache_clear()
    if isinstance(kept, str) or isinstance(alone, str):
        assert alone == kept
        return
    assert alone.value == pytest.approx(kept.value, rel=1e-14)
    np.testing.assert_allclose(alone.gradient["x"], kept.gradient["x"], rtol=1e-13, atol=1e-300)
    assert alone.kinks == kept.kinks
    assert alone.trace.values[alone.trace.output] == alone.value
    assert same(alone.trace.values[alone.trace.gradient.adjoints[0]], alone.gradient["x"])


def test_a_report_can_be_sent_before_and_after_it_was_looked_at() -> None:
    """What was not found yet is found there."""
    for _ in range(2):
        report = diffcli.grad("sum(abs(x)*x)", x=[0.0, 2.0])
    sent = pickle.loads(pickle.dumps(report))
    document = report.to_dict()
    assert sent.to_dict() == document
    assert pickle.loads(pickle.dumps(report)).to_dict() == document


def test_the_trace_is_that_of_the_values_that_were_given() -> None:
    """A caller may write into his own array afterwards."""
    x = np.array([1.0, 2.0])
    for _ in range(2):
        report = diffcli.grad("sum(x*x)", x=x)
    x[:] = 7.0
    assert report.trace.values[report.trace.output] == report.value == 5.0
    assert report.at["x"].tolist() == [1.0, 2.0]


def test_a_report_in_a_time_limit_has_its_remarks() -> None:
    """They belong to what had to be found in time."""
    for _ in range(2):
        report = diffcli.grad("sum(abs(x))", x=[0.0, 2.0], timeout=60)
    with (
        patch("diffcli.analysis.kinks.kinks", side_effect=AssertionError),
        patch("diffcli.analysis.gradient.lost_digits", side_effect=AssertionError),
    ):
        assert len(report.kinks) == 1
        assert report.precision.doubt is None


def test_the_second_call_is_sooner_than_the_first() -> None:
    """Nothing is built or swept again."""
    text, ratios = "mean(tanh(x*x + 1)*exp(-x) + sqrt(x))", []
    for _ in range(7):
        _remembered.cache_clear()
        start = time.process_time()
        diffcli.grad(text, x=np.ones(50))
        first = time.process_time() - start
        diffcli.grad(text, x=np.ones(50))
        start = time.process_time()
        for _ in range(10):
            diffcli.grad(text, x=np.ones(50))
        ratios.append((time.process_time() - start) / 10 / first)
    assert min(ratios) < 0.5


PEAK = """
import resource, sys
import numpy as np
import diffcli

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

diffcli.grad("mean(sin(x)*exp(-x*x))", x=np.linspace(0, 1, 300_000))
before = peak()
x = np.load(sys.argv[1])
report = diffcli.grad("mean(sin(x)*exp(-x*x))", x=x)
assert report.kinks == () and report.precision.doubt is None
print(peak() - before)
"""


@pytest.mark.long
def test_a_large_gradient_takes_the_memory_of_inputs_and_gradients(tmp_path: Path) -> None:
    """The caller's array, the copy in the report, the gradient, and 64 MiB."""
    x = np.random.default_rng(0).normal(size=10_000_000)
    np.save(tmp_path / "x.npy", x)
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, tmp_path / "x.npy"], capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    assert int(ran.stdout) <= 3 * x.nbytes + (64 << 20)
