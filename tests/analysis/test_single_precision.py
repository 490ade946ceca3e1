"""`dtype="float32"`: the numbers are NumPy's in single precision, and what is said of them follows its digits."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import answer
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import diffcli
from diffcli import DiffcliError

_SINGLES = arrays(np.float32, st.integers(1, 6), elements=st.floats(-3, 3, width=32))
_TEXTS = (
    "mean(x*x)",
    "sum(exp(x)*sin(0.1*x))",
    "logsumexp(x)",
    "norm(x)^2 + sum(abs(x))",
    "sum(where(x > 0, sqrt(x), 0))",
    "max(x)*min(x)",
    "sum(x*0) + 3",
    "h = tanh(x); mean(h*h) + sum(h)",
)
_EXECUTORS = ("plain", "torch", "jax")


def test_numbers_are_those_of_numpy() -> None:
    """Written out, with constants and values rounded first."""
    x = np.array([1.1, 2.3, 0.1], np.float32)
    report = diffcli.grad("mean(x*sin(0.1*x))", x=[1.1, 2.3, 0.1], dtype="float32")
    inner = np.float32(0.1) * x
    assert report.value == np.mean(x * np.sin(inner))
    third = np.float32(1) / np.float32(3)
    expected = third * np.sin(inner) + third * x * np.cos(inner) * np.float32(0.1)
    np.testing.assert_array_max_ulp(report.gradient["x"], expected, 2)
    assert report.value.dtype == report.gradient["x"].dtype == report.at["x"].dtype == np.float32


@pytest.mark.parametrize("text", _TEXTS)
@settings(deadline=None)
@given(_SINGLES)
def test_single_precision_is_near_to_double_precision(text: str, x: np.ndarray) -> None:
    single, double = (diffcli.grad(text, x=x.astype(float), dtype=dtype) for dtype in ("float32", "float64"))
    assert all(value.dtype == np.float32 for value in single.trace.values)
    assert float(single.value) == pytest.approx(double.value, rel=1e-5, abs=1e-5)
    np.testing.assert_allclose(single.gradient["x"], double.gradient["x"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("executor", _EXECUTORS)
@pytest.mark.parametrize("text", _TEXTS)
def test_executors_agree(text: str, executor: Any) -> None:
    if executor in ("torch", "jax"):
        pytest.importorskip(executor)
    x = np.linspace(-1.3, 2.4, 7, dtype=np.float32)
    f = diffcli.compile(text, x=x, dtype="float32", executor=executor)
    value, gradient = f()
    report = diffcli.grad(text, x=x.astype(float), dtype="float32")
    assert value.dtype == gradient["x"].dtype == np.float32
    assert float(value) == pytest.approx(float(report.value), rel=1e-6)
    np.testing.assert_allclose(gradient["x"], report.gradient["x"], rtol=2e-6, atol=1e-6)


def test_long_arrays_go_in_blocks() -> None:
    """Whose sums are as close to the truth as NumPy's in pairs."""
    x = np.random.default_rng(0).normal(size=300_000).astype(np.float32)
    f = diffcli.compile("mean(sin(x)*exp(-x*x))", x=x, dtype="float32")
    assert f.plan().executor == "blocks"
    value, gradient = f()
    wide = x.astype(float)
    assert float(value) == pytest.approx(float(np.mean(np.sin(wide) * np.exp(-wide * wide))), rel=1e-5)
    slope = (np.cos(wide) - 2 * wide * np.sin(wide)) * np.exp(-wide * wide) / len(wide)
    assert gradient["x"].dtype == np.float32
    np.testing.assert_allclose(gradient["x"], slope, rtol=1e-4, atol=1e-12)


def test_a_compiled_function_keeps_its_type() -> None:
    """Of numbers, lists, singles and doubles; pickled too; with constants and directions in singles."""
    f = diffcli.compile("sum((A@x - 0.1)^2)", A=[[1, 2], [3, 4]], x=[1, 2], wrt="x", dtype="float32")
    again = pickle.loads(pickle.dumps(f))
    for x in ([0.1, 0.2], np.array([0.1, 0.2]), np.array([0.1, 0.2], np.float32)):
        value, gradient = again(x=x)
        assert (value, gradient["x"].tolist()) == (f(x=[0.1, 0.2])[0], f(x=[0.1, 0.2])[1]["x"].tolist())
    found = [f.value(), f.jvp([0.1, 0.2])[1], f.hvp([0.1, 0.2])["x"], f.jacobian()["x"], f.gradient()["x"]]
    assert {value.dtype for value in found} == {np.dtype(np.float32)}
    part = diffcli.compile("x*y", x=0.1, y=0.2, dtype="float32")
    assert part.jvp({"x": 1})[1].dtype == np.float32  # y stands still


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("grad", []),
        ("compare", []),
        ("jacobian", []),
        ("hessian", []),
        ("jvp", ["--tangent", "x=0.1"]),
        ("vjp", ["--cotangent", "0.1"]),
        ("descend", ["--steps", "3"]),
        ("ascend", ["--steps", "3"]),
    ],
)
def test_every_command_takes_it(command: str, options: list[str]) -> None:
    """JSON says so where it was asked for, and has the shortest decimals; people are told."""
    arguments = [command, "x^2*exp(0.1*y)", "--at", "x=0.3", "--at", "y=0.7", *options]
    document = json.loads(answer([*arguments, "--dtype", "float32", "--json"]).out)
    assert document["dtype"] == "float32"
    assert document.get("at", document.get("start")) == {"x": 0.3, "y": 0.7}
    assert "in single precision" in answer([*arguments, "--dtype", "float32"]).out
    double = json.loads(answer([*arguments, "--json"]).out)
    assert "dtype" not in double
    if command != "compare":  # which has times
        assert json.loads(answer([*arguments, "--dtype", "float64", "--json"]).out) == double


def test_a_handout_says_so(tmp_path: Path) -> None:
    diffcli.grad("x^2", x=3, dtype="float32").save(str(tmp_path / "grad.md"))
    assert "in single precision: values are rounded to it first" in (tmp_path / "grad.md").read_text(encoding="utf-8")


@given(arrays(np.float32, 3, elements=st.floats(-(2.0**60), 2.0**60, width=32, allow_subnormal=True)))
@settings(deadline=None, max_examples=30)
def test_terse_and_json_are_read_back_as_the_very_same(x: np.ndarray) -> None:
    arguments = ["grad", "sum(0.5*x^2)", "--at", ",".join(repr(float(value)) for value in x), "--dtype", "float32"]
    document = json.loads(answer([*arguments, "--json"]).out)
    again = [document["at"]["x"], document["gradient"]["x"], answer([*arguments, "-t"]).out.split(",")]
    for numbers in again:
        assert np.array(numbers, dtype=np.float64).astype(np.float32).tolist() == x.tolist()
        assert [str(np.float32(number)) for number in numbers] == [str(number) for number in x]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"digits": 20, "dtype": "float32"}, "--dtype and --digits exclude each other"),
        ({"exact": True, "dtype": "float64"}, "--dtype and --exact exclude each other"),
        ({"dtype": "float3"}, "'dtype' must be 'float64' or 'float32', not 'float3'"),
        ({"dtype": "float32", "executor": "scalars"}, "single numbers are computed in double precision alone"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DiffcliError) as refused:
        diffcli.grad("x^2", x=3, **options)
    assert message in refused.value.diagnostic.message


@pytest.mark.parametrize("dtype", [np.float32, np.dtype("float32")])
def test_numpys_names_are_understood(dtype: Any) -> None:
    assert diffcli.grad("x^2", x=0.1, dtype=dtype).gradient["x"] == np.float32(0.2)


@pytest.mark.parametrize(
    ("text", "at", "note"),
    [
        ("(x + 1) - x", 1e8, "the value is 1, not 0"),
        ("(1 - cos(x))/x^2", 1e-4, "the value is 0.5, not 0; d/dx is -8.33333e-06, not 10000"),
        ("x*1e-30*1e-30*1e30*1e30", 2.0, "the value is 2, not 0"),
        ("x^2 + sin(x)", 0.3, None),
        ("exp(x)/3", 1.7, None),
    ],
)
def test_lost_digits_are_noted(text: str, at: float, note: str | None) -> None:
    """Those that singles lose beyond their own; ordinary rounding is none."""
    doubt = diffcli.grad(text, x=at, dtype="float32").precision.doubt
    assert doubt == (note and f"single precision loses digits here: {note} (--dtype float64 shows more)")


def test_the_formula_is_held_against_singles() -> None:
    """Within a thousand roundings; what differs by more is explained."""
    agreed = diffcli.grad("mean(x*sin(0.1*x))", x=[1, 2, 0.1], symbolic=True, dtype="float32", timeout=60).agreement
    assert agreed.verdict == "agree"
    assert agreed.cause is None
    lost = diffcli.grad("(1 - cos(x))/x^2", x=1e-4, symbolic=True, dtype="float32", timeout=60).agreement
    assert lost.verdict == "agree"
    assert lost.cause.startswith("single precision loses digits to cancellation here")


@pytest.mark.parametrize(
    ("text", "at", "hint"),
    [
        ("exp(x)", 100.0, "single precision loses it on the way: with 50 digits"),
        ("x^2", 1e300, "the largest number of single precision is about 3.4e38, of double precision 1.8e308"),
        ("x^2", 1e25, "single precision loses it on the way"),
    ],
)
def test_an_overflow_is_that_of_singles(text: str, at: float, hint: str) -> None:
    with pytest.raises(DiffcliError) as fault:
        diffcli.grad(text, x=at, dtype="float32")
    assert hint in fault.value.diagnostic.hint


def test_kinks_and_the_kind_of_a_point_follow_its_digits() -> None:
    """A minimum whose coordinate is rounded to a single is one; a whole number as large as its spacing is no jump."""
    assert [kink.primitive for kink in diffcli.grad("relu(x)", x=0, dtype="float32").kinks] == ["relu"]
    assert diffcli.hessian("(x - 1/3)^2", x=1 / 3, dtype="float32").classification == "minimum"
    assert diffcli.grad("max(x, x)", x=0.1, dtype="float32").kinks == ()


def test_values_that_only_doubles_tell_apart_are_one() -> None:
    report = diffcli.grad("where(x > y, x^2, y)", x=1.00000001, y=1, dtype="float32")
    assert (float(report.value), report.gradient["x"]) == (1.0, 0.0)


def test_singles_of_pytorch() -> None:
    """The same graph by PyTorch's own reverse mode."""
    torch = pytest.importorskip("torch")
    x = torch.tensor([0.3, -1.2, 2.5], requires_grad=True)
    w = torch.tensor([[0.1, 0.2, -0.7], [1.3, -0.4, 0.9]], requires_grad=True)
    loss = torch.logsumexp(torch.tanh(w @ x) * 3.1, 0) + (x**2).mean()
    loss.backward()
    report = diffcli.grad("logsumexp(tanh(w@x)*3.1) + mean(x^2)", x=x, w=w, dtype="float32")
    assert float(report.value) == pytest.approx(loss.item(), rel=3e-7)
    for name, tensor in (("x", x), ("w", w)):
        np.testing.assert_allclose(report.gradient[name], tensor.grad.numpy(), rtol=2e-6, atol=1e-7)
