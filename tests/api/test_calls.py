"""Calls from Python: one value, values as the command line has them, arrays of other libraries, and what is refused
how.
"""

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.errors import ExitCode

POINT = {"x": [1.0, 2.0], "y": 3.0}


@pytest.mark.parametrize(
    "at",
    [
        [1, 2],
        (1, 2),
        np.array([1, 2]),
        {"x": [1, 2]},
        "1,2",
        "x=1,2",
        ["x=1,2"],
        range(1, 3),
        [Fraction(1), 2.0],
    ],
    ids=repr,
)
def test_values_without_a_keyword(at: Any) -> None:
    """A value is that of the only variable, a text is read as the command line does."""
    assert diffcli.grad("sum(x^2)", at).gradient["x"].tolist() == [2.0, 4.0]


def test_several_texts_are_several_values() -> None:
    assert diffcli.grad("x*y", ["x=2", "y=3"]).gradient == diffcli.grad("x*y", "x=2; y=3").gradient == {"x": 3, "y": 2}
    assert diffcli.jvp("x*y", POINT, tangent="x=1,0; y=1").tangent.tolist() == [4.0, 2.0]
    assert diffcli.vjp("x*y", POINT, cotangent="1,1").vjp["y"] == 3.0


def test_one_value_for_several_variables_is_refused() -> None:
    with pytest.raises(diffcli.DiffcliError, match=r"E209.*x or y"):
        diffcli.grad("x*y", 3)


def test_every_function_takes_columns() -> None:
    """Those of a dictionary, under other names; data and values together."""
    line, data = "mean((w*x - y)^2)", {"a": [1, 2], "y": [2, 4]}
    given: dict[str, Any] = {"data": data, "columns": {"x": "a"}, "w": 1.0}
    assert diffcli.grad(line, **given).gradient == {"w": -5.0}
    assert diffcli.compare(line, **given).verdict == "agree"
    assert diffcli.jacobian(line, **given).jacobian == {"w": -5.0}
    assert diffcli.hessian(line, **given).hessian == {"w": {"w": 5.0}}
    assert diffcli.jvp(line, **given, tangent=2.0).tangent == -10.0
    assert diffcli.vjp(line, **given, cotangent=2.0).vjp == {"w": -10.0}
    assert diffcli.diff(line, **given).derivatives["w"].value == -5.0
    assert diffcli.draw(line, **given).wrt == ("w",)
    assert diffcli.descend(line, **given, steps=200).final["w"] == pytest.approx(2.0)


def test_a_derivation_is_an_option_and_a_function() -> None:
    assert diffcli.diff("x^2", steps=True).derivations == diffcli.steps("x^2").derivations
    assert diffcli.diff("x^2", blank=True).blank
    with pytest.raises(diffcli.DiffcliError, match=r"E402.*does not go with"):
        diffcli.steps("x^2", order=2)


def test_tensors_of_pytorch_are_values() -> None:
    """With a history, of a type that NumPy lacks, in lists, and as columns."""
    torch = pytest.importorskip("torch")
    for value in (
        torch.tensor([1.0, 2.0], requires_grad=True),
        torch.tensor([1.0, 2.0], dtype=torch.bfloat16),
        [torch.tensor(1.0, requires_grad=True), 2],
    ):
        assert diffcli.grad("sum(x^2)", value).gradient["x"].tolist() == [2.0, 4.0]
        assert diffcli.grad("sum(x^2)", x=value).gradient["x"].tolist() == [2.0, 4.0]
    columns = {"a": torch.tensor([1.0, 2.0], requires_grad=True)}
    assert diffcli.grad("sum(w*a)", data=columns, w=1.0).gradient["w"] == 3.0


def test_arrays_of_jax_are_values() -> None:
    jax = pytest.importorskip("jax")
    for kind in ("float32", "bfloat16"):
        value = jax.numpy.array([1.0, 2.0], dtype=kind)
        assert diffcli.grad("sum(x^2)", value).gradient["x"].tolist() == [2.0, 4.0]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_series_are_values_and_frames_are_data(library: str) -> None:
    frames = pytest.importorskip(library)
    assert diffcli.grad("sum(x^2)", frames.Series([1, 2])).gradient["x"].tolist() == [2.0, 4.0]
    table = frames.DataFrame({"a": [1, 2], "kind": ["u", "v"]})
    assert diffcli.grad("sum(w*a + kind)", data=table, w=1.0).gradient["w"] == 3.0


def test_other_tables_are_data(tmp_path: Path) -> None:
    """A structured array, an Arrow table, a path."""
    pyarrow = pytest.importorskip("pyarrow")
    file = tmp_path / "points.csv"
    file.write_text("a\n1\n2\n")
    for data in (np.array([(1.0,), (2.0,)], dtype=[("a", float)]), pyarrow.table({"a": [1, 2]}), file, str(file)):
        assert diffcli.grad("sum(w*a)", data=data, w=1.0).gradient["w"] == 3.0
    with pytest.raises(diffcli.DiffcliError, match=r"E402.*a file's name, or columns by name"):
        diffcli.grad("sum(w*a)", data=[1, 2], w=1.0)


WRONG: dict[str, tuple[Callable[[], object], str, str]] = {
    "misspelt": (lambda: diffcli.descend("x^2", 3, stesp=5), "descend has no argument 'stesp'", "'steps'"),
    "another tool's": (lambda: diffcli.descend("x^2", 3, learning_rate=0.1), "no argument 'learning_rate'", "'lr'"),
    "our own word for keywords": (lambda: diffcli.grad("x^2", values={"x": 3}), "no argument 'values'", "'at'"),
    "of ascend": (lambda: diffcli.ascend("-x^2", 3, epoch=1), "no argument 'epoch'", "'epochs'"),
    "a text for a whole number": (lambda: diffcli.diff("x^2", order="2"), "'order' must be", "write order=2"),
    "another": (lambda: diffcli.descend("x^2", 3, steps="5"), "must be a whole number, not '5'", "write steps=5"),
    "a fraction": (lambda: diffcli.descend("x^2", 3, steps=2.5), "not 2.5", "steps=2 or steps=3"),
    "none": (lambda: diffcli.descend("x^2", 3, optimizer=None), "must be a text, not None", "optimizer='gd'"),
    "several": (lambda: diffcli.descend("x^2", 3, lr=[0.1, 0.2]), "must be a number or 'auto'", "lr=0.1"),
    "a decimal comma": (lambda: diffcli.descend("x^2", 3, lr="0,1"), "not '0,1'", "write lr=0.1"),
    "a truth value": (lambda: diffcli.descend("x^2", 3, steps=True), "must be a whole number, not True", "leave it"),
    "no truth value": (lambda: diffcli.grad("x", 3, symbolic="no"), "must be True or False", "symbolic=False"),
    "a wrong word": (lambda: diffcli.jacobian("x", 3, mode="foward"), "not 'foward'", "'forward'"),
    "no expression": (lambda: diffcli.grad(3), "'expression' must be a text", "x^2"),
    "nothing at all": (diffcli.grad, "missing a required argument", "grad(expression, at)"),
    "too much": (lambda: diffcli.grad("x", 1, 2), "too many positional arguments", "grad(expression, at)"),
    "no argument of save": (lambda: diffcli.grad("x", 1).save("x.json", lang="zh"), "'lang'", "'language'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_a_diagnostic(name: str) -> None:
    """And a TypeError, for those who catch that; its text is underlined."""
    call, message, hint = WRONG[name]
    with pytest.raises(diffcli.DiffcliError) as caught:
        call()
    found = caught.value.diagnostic
    assert isinstance(caught.value, TypeError)
    assert (found.code, found.exit_code) == ("E402", ExitCode.CANNOT_START)
    assert message in found.message
    assert hint in (found.hint or "")
    assert found.source is not None
    assert found.labels[0].span == found.source.whole


def test_a_keyword_that_is_a_variable_is_its_value() -> None:
    """Whatever arguments are called like it."""
    assert diffcli.grad("rate*eps", rate=2, eps=3).gradient == {"rate": 3, "eps": 2}
    with pytest.raises(diffcli.DiffcliError, match=r"E207.*'z' does not occur"):
        diffcli.grad("x", x=1, z=2)


def test_whole_numbers_of_numpy_and_floats_are_taken() -> None:
    assert diffcli.descend("x^2", 3, steps=np.int64(2), lr=np.float32(0.5)).iterations == 1
    assert diffcli.diff("x^3", order=np.int8(2), indices=np.bool_(True)).derivatives["x,x"].formula == "6*x"


LONG = "f(x) = sin(x) + cos(x)*x; " + "f(" * 8000 + "x" + ")" * 8000


@pytest.mark.parametrize(
    "call",
    [
        lambda: diffcli.jacobian(LONG, 0.1, timeout=0.05),
        lambda: diffcli.hessian(LONG, 0.1, timeout=0.05),
        lambda: diffcli.jvp(LONG, 0.1, tangent=1, timeout=0.05),
        lambda: diffcli.vjp(LONG, 0.1, cotangent=1, timeout=0.05),
        lambda: diffcli.grad(LONG, 0.1, timeout=0.05),
        lambda: diffcli.draw(LONG, 0.1, timeout=0.05),
        lambda: diffcli.jacobian(LONG, 0.1, timeout=0.05, exact=True),
    ],
    ids=["jacobian", "hessian", "jvp", "vjp", "grad", "draw", "exact"],
)
def test_a_time_limit_ends_the_call(call: Callable[[], object]) -> None:
    """Within half a second more; on a loaded machine, half a second of this process's own time."""
    begun, own = time.monotonic(), time.process_time()
    with pytest.raises(diffcli.DiffcliError) as caught:
        call()
    assert caught.value.diagnostic.exit_code == ExitCode.TIME_LIMIT
    assert min(time.monotonic() - begun, time.process_time() - own) < 0.55


def test_what_is_given_is_not_written_out() -> None:
    """An array's text may take longer than its gradient."""

    class Silent(np.ndarray):
        def __repr__(self) -> str:
            raise AssertionError("its text is asked for")

        __str__ = __repr__

    assert diffcli.grad("sum(x*x)", np.ones(3).view(Silent), dtype=np.float64).value == 3
