"""Arrays in blocks: the numbers of whole arrays, in less memory, whichever thread computes what."""

import math
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.execute.executors import blocks, layouts
from diffcli.execute.executors.lowering import lowered
from diffcli.execute.executors.repetition import in_a_row
from diffcli.execute.executors.stages import longest_extent, staged
from diffcli.execute.schedule import scheduled
from diffcli.graph.graph import Graph
from diffcli.primitives.matrices import matmul
from diffcli.primitives.structural import transpose

_MODELS = Path(__file__).parents[3] / "examples" / "models"
_RANDOM = np.random.default_rng(5)
_LONG = _RANDOM.normal(size=5_003)
_TALL = _RANDOM.normal(size=(2_003, 3))
_WIDE = _RANDOM.normal(size=(4, 1_501))
#: Programs whose parts depend on each other in every way: sums of sums, blocks of transposes, wholes between blocks.
_PROGRAMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("mean(sin(x)*exp(-x*x))", {"x": _LONG}),
    ("sum((x - mean(x))^2) / sqrt(sum(x^2)) + max(x)*min(x)", {"x": _LONG}),
    ("var(x) + std(x) + logsumexp(x) + norm(x)", {"x": _LONG}),
    ("sum(log_softmax(x)*softmax(2x))", {"x": _LONG}),
    ("sum(cumsum(tanh(x))*flip(x)) + sum(exp(cumsum(x)/100))", {"x": _LONG}),
    ("sum(where(x > 0, sqrt(x), abs(x)^1.5)) + sum(relu(x)*x[3])", {"x": _LONG}),
    ("sum(median(A, axis=0)) + sum(norm(A, axis=1)) + sum(A[:, 1]*A[:, 2])", {"A": _TALL}),
    ("bce_with_logits(A @ w + b, y)", {"A": _TALL, "w": [1, 2, -1], "b": 0.5, "y": (_TALL[:, 0] > 0) * 1.0}),
    ("logdet(A.T @ A) + sum((A @ inv(A.T @ A))*A)", {"A": _TALL}),
    ("sum(softmax(A, axis=1)*log_softmax(A, axis=0)) + sum(var(A, axis=0))", {"A": _TALL}),
    ("sum(tanh(W.T @ W[:, :2] + sum(W, axis=0)[:, None])^2) + sum((B.T @ W)^2)", {"W": _WIDE, "B": _WIDE[:, :2]}),
    ("sum(exp(W - max(W, axis=0, keepdims=True)) / mean(W^2)) + sum(reshape(W, 1, 4, 1501)[0, 2])", {"W": _WIDE}),
    (
        "sum(stack([W, W^2], axis=1)*expand_dims(sin(W), 1)) + sum(swapaxes(W, 0, 1) @ v)",
        {"W": _WIDE, "v": [1, 2, 3, 4]},
    ),
    (
        "cross_entropy(relu(A @ V + b) @ V.T, t) + mean(logsumexp(A*b[:3], axis=1)^2)",
        {"A": _TALL, "V": _WIDE[:3, :4], "b": [1, 0, -1, 2], "t": np.arange(2_003) % 3 * 1.0},
    ),
    ("cross_entropy(A, t)", {"A": _TALL, "t": np.arange(2_003) % 3 * 1.0}),
    (
        "sum(E[k]*A) + sum(E[0, k]) + sum(sin(E)[k, 1]*x)",
        {"E": _WIDE[:, :3], "A": _TALL, "k": np.arange(2_003) % 4 - 2.0, "x": _LONG[:2_003]},
    ),
    (
        "sum(E[k, [0, 2]]*A[:, :2]) + sum(A[k[:, 0]]^2)",
        {"E": _WIDE[:, :3], "A": _TALL, "k": np.arange(2_003)[:, None] % 3 * 1.0},
    ),
    ("sum(outer(x, u) @ u) + dot(x, x)*x[0] + sum(broadcast_to(x[:3], 7, 3))", {"x": _LONG, "u": [1, 2]}),
)


@pytest.fixture(autouse=True)
def _short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_BLOCK_BYTES", 1 << 14)
    monkeypatch.setattr(blocks, "_WORTH", 1)


def _numbers(text: str, values: dict[str, Any], executor: Any) -> list[Any]:
    value, gradient = diffcli.compile(text, executor=executor, **values)(values)
    return [value, *gradient.values()]


@pytest.mark.parametrize(("text", "values"), _PROGRAMS, ids=lambda given: given if isinstance(given, str) else "")
def test_blocks_compute_what_whole_arrays_do(text: str, values: dict[str, Any]) -> None:
    """Value and gradient, within the rounding errors of sums in another order."""
    for ours, theirs in zip(_numbers(text, values, "blocks"), _numbers(text, values, "plain"), strict=True):
        assert np.shape(ours) == np.shape(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12 * np.max(np.abs(theirs)))


def test_blocks_in_rows_compute_what_blocks_in_columns_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where short rows are stored as they come, too."""
    monkeypatch.setattr(layouts, "_SHORT", 0)
    for text, values in _PROGRAMS:
        test_blocks_compute_what_whole_arrays_do(text, values)


@pytest.mark.long
@pytest.mark.parametrize("program", sorted(_MODELS.glob("*.expr")), ids=lambda program: program.stem)
def test_models_in_blocks_of_one_row(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks, filters and mixtures, all of whose functions meet the ends of blocks."""
    monkeypatch.setattr(blocks, "_BLOCK_BYTES", 1)
    test_blocks_compute_what_whole_arrays_do(program.read_text(encoding="utf-8"), {})


def test_the_number_of_threads_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread, two, and more than there are blocks for."""
    for text, values in _PROGRAMS:
        found = []
        for threads in ("1", "2", "50"):
            monkeypatch.setenv("OMP_NUM_THREADS", threads)
            found.append([np.asarray(number).tobytes() for number in _numbers(text, values, "blocks")])
        assert found[0] == found[1] == found[2], text


def test_threads_that_are_kept_end_with_the_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a row of calls they wait for the next one; afterwards there are none, for a process with threads cannot be
    copied.
    """
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    f = diffcli.compile("mean(sin(x)*exp(-x*x))", x=_LONG, executor="blocks")
    alone, before = f(x=_LONG)[1]["x"], threading.active_count()
    with in_a_row(f.plan().runner) as run:
        assert run([_LONG])[1].tobytes() == run([_LONG])[1].tobytes() == alone.tobytes()
        assert before < threading.active_count() <= before + 3
    assert threading.active_count() == before
    assert f(x=_LONG)[1]["x"].tobytes() == alone.tobytes()


def test_threads_may_call_at_once() -> None:
    """Each call has buffers of its own."""
    f = diffcli.compile("mean(sin(x)*exp(-x*x))", x=_LONG, executor="blocks")
    wanted = [f(x=_LONG + shift)[1]["x"].tobytes() for shift in range(8)]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda shift: f(x=_LONG + shift)[1]["x"].tobytes(), range(8))
    assert [*found] == wanted


def test_sums_are_as_accurate_as_numpys() -> None:
    """A million numbers of one sign: two units in the last place."""
    x = _RANDOM.random(1_000_000)
    total = diffcli.compile("sum(x)", x=x, executor="blocks").value(x=x)
    exact = math.fsum(x)
    assert abs(total - exact) <= 2 * np.spacing(exact)


def test_zero_annihilates_in_every_block() -> None:
    """A branch not taken contributes nothing, even where its slope is infinite; a number that is nan stays nan."""
    x = np.where(np.arange(5_003) % 997 == 0, 0.0, np.abs(_LONG))
    for text in ("sum(where(x > 0, sqrt(x), 0)*sin(x))", "sum(exp(where(x > 0, log(x), 0)))"):
        ours, theirs = (_numbers(text, {"x": x}, executor)[1] for executor in ("blocks", "plain"))
        assert np.isfinite(theirs).all()
        np.testing.assert_allclose(ours, theirs, rtol=1e-15)
    x[17] = np.nan
    gradient = _numbers("sum(x*x)", {"x": x}, "blocks")[1]
    assert np.isnan(gradient[17])
    assert np.isfinite(np.delete(gradient, 17)).all()


def test_small_powers_are_products() -> None:
    """At the ends of doubles too: within two units in the last place, infinite and 0 where the power is."""
    x = np.array([0.0, -0.0, 1e-108, -3e-108, 1e-81, 1e-162, -1.3, 7.1, 5e102, -6e102, 1e77, 2e77, -np.inf, np.nan])
    for exponent in (2, 3, 4):
        power = diffcli.compile(f"x^{exponent}", x=x, executor="blocks").value(x=x)
        with np.errstate(all="ignore"):
            wanted = np.power(x, float(exponent))
        np.testing.assert_array_max_ulp(power[:-1], wanted[:-1], 2)
        assert np.isnan(power[-1])


def test_memory_is_that_of_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the inputs' size but the gradient, and no copy of an input."""
    monkeypatch.undo()
    x = _RANDOM.normal(size=3_000_000)
    f = diffcli.compile("mean(sin(x)*exp(-x*x)) + sum(softmax(x)^2)", x=x, executor="blocks")
    tracemalloc.start()
    try:
        f(x=x)
        assert tracemalloc.get_traced_memory()[1] < x.nbytes + (16 << 20)
    finally:
        tracemalloc.stop()


_BY_VECTORS = (
    "mean((A @ w - y)^2) + b",
    "bce_with_logits(A @ w + b, y)",
    "sum(tanh(w @ A.T)*y) + b*sum(y @ A)",
    "mean((A @ w - y)^2) + b*sum(A[:, 0])",  # stays as it is
    "mean((A @ w - y)^2) + b*sum((A @ [[1, 2], [3, 4], [5, 6]])^2)",
)


@pytest.mark.parametrize("text", _BY_VECTORS)
@pytest.mark.parametrize("order", ["C", "F"])
def test_constants_in_columns_give_the_same_numbers(text: str, order: Any) -> None:
    """Whatever else they are used for."""
    values = {"A": np.asarray(_TALL, order=order), "y": (_TALL[:, 0] > 0) * 1.0, "w": [1.0, 2.0, -1.0], "b": 0.5}
    found = [diffcli.compile(text, wrt=("w", "b"), executor=executor, **values)() for executor in ("blocks", "plain")]
    (value, gradient), (wanted, slope) = found
    np.testing.assert_allclose(value, wanted, rtol=1e-13)
    for name, partials in gradient.items():
        np.testing.assert_allclose(partials, slope[name], rtol=1e-12)


def test_matrices_that_vectors_are_multiplied_by_are_stored_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for a matrix and its transpose, and no more than there is room for."""

    def stored() -> list[Any]:
        graph, shapes = Graph(), {"w": (3,), "a": _TALL.shape, "y": (len(_TALL),)}
        w, a, y = (graph.value(graph.append_input(name, shape, None)) for name, shape in shapes.items())
        targets = [matmul(a, w), matmul(transpose(a), y)]
        fixed = {a.index: _TALL}
        program = lowered(scheduled(graph, [each.index for each in targets], [w.index, y.index], fixed))
        return [*layouts.stored_in_columns(program, staged(program, longest_extent(program))).values()]

    first, second = stored()
    assert first.shape == _TALL.shape == second.shape[::-1]
    assert np.shares_memory(first, second)
    assert first.flags.f_contiguous
    assert (first == _TALL).all()
    monkeypatch.setattr(layouts, "_STORED", _TALL.nbytes - 1)
    assert not stored()


def test_results_are_the_callers_own() -> None:
    """Neither an input nor a constant nor another result, and inputs are not written to."""
    x, y = _LONG.copy(), _LONG.copy()
    f = diffcli.compile("sum(x*y + x + y)", x=x, y=y, executor="blocks")
    gradient = f(x=x, y=y)[1]
    gradient["x"][:] = 7
    gradient["y"][:] = 8
    assert (x == _LONG).all()
    assert (y == _LONG).all()
    np.testing.assert_array_equal(f(x=x, y=y)[1]["x"], _LONG + 1)


@pytest.mark.parametrize(
    ("text", "values", "chosen"),
    [
        ("mean(sin(x)*exp(-x*x))", {"x": np.ones(300_000)}, "blocks"),
        ("mean(sin(x)*exp(-x*x))", {"x": np.ones(3_000)}, "plain"),
        ("mean(x*x)", {"x": np.ones(100_000)}, "plain"),
        ("bce_with_logits(A @ w, y)", {"A": np.ones((100_000, 10)), "w": np.ones(10), "y": np.ones(100_000)}, "blocks"),
        ("sum(cumsum(x)^2)", {"x": np.ones(300_000)}, "plain"),
        ("sum(A @ B)", {"A": np.ones((500, 500)), "B": np.ones((500, 500))}, "plain"),
    ],
)
def test_blocks_are_chosen_where_they_help(text: str, values: dict[str, Any], chosen: str) -> None:
    """Long arrays, and work that is not that of one function that needs all of one."""
    plan = diffcli.compile(text, **values).plan(values)
    assert plan.executor == chosen
    assert str(plan.reason)
