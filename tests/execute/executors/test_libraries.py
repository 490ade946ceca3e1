"""Graphs handed to PyTorch and JAX, where those are installed."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from amount import sampled

import diffcli
from diffcli.execute.executors.choice import planned
from diffcli.execute.executors.executor import ExecutorName, Wanted
from diffcli.execute.schedule import scheduled
from diffcli.graph.graph import Graph
from diffcli.primitives.table import PRIMITIVES

#: A gradient of each of these goes through moves that a library does in its own way.
_PROGRAMS = (
    "sum(x[::-1]*x^2)",
    "sum(A[[0,1,1],1:]^2)*x[0]",
    "sum(A[1,::-2]*x[:2])",
    "dot(x[[0,-1]], A[:,2])",
    "sum(T[0,:,x - 1]*T[1,:,x - 1])",
    "sum(T[:,x - 1]^2)",
    "sum(T[x[:2] - 1,0]^2)",
    "sum(A[x - 2]^2)",
    "median(A)*x[0] + sum(median(A, axis=0)^2)",
    "sum(solve(T[:,:,:2], T[:,:,2:])^2) + logdet(A@A.T) + det(A@A.T)",
    "sum(where(x > 1, x, 0)*diag(outer(x, x))) + norm(A, axis=1)[0]",
    "sum(softmax(A@x)^2)",
)
_VALUES: dict[str, Any] = {
    "x": np.array([1.0, 2.0, 2.0]),
    "A": np.array([[0.5, -1.0, 2.0], [3.0, 0.25, 1.5]]),
    "T": np.random.default_rng(1).normal(size=(2, 2, 3)),
}


@pytest.fixture(params=["torch", "jax"])
def executor(request: pytest.FixtureRequest) -> ExecutorName:
    """A library that is installed."""
    pytest.importorskip(request.param)
    return request.param


def _compiled(program: str, executor: ExecutorName, **more: Any) -> Any:
    values = {name: value for name, value in _VALUES.items() if name in program}
    return diffcli.compile(program, values, executor=executor, **more)


def _assert_close(found: dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("program", sampled(_PROGRAMS, 2))
def test_value_and_gradient_are_those_of_arrays(program: str, executor: ExecutorName) -> None:
    found, wanted = _compiled(program, executor)(), _compiled(program, "plain")()
    assert found[0] == pytest.approx(wanted[0], rel=1e-13)
    _assert_close(found[1], wanted[1])


def test_all_derivatives_go_through_the_library(executor: ExecutorName) -> None:
    program = "[sum(sin(x)*x), x[0]*x[1]]"
    found, wanted = _compiled(program, executor), _compiled(program, "plain")
    _assert_close(found.jacobian(), wanted.jacobian())
    _assert_close(found.vjp([1, 2])[1], wanted.vjp([1, 2])[1])
    np.testing.assert_allclose(found.jvp([1, 0, 2])[1], wanted.jvp([1, 0, 2])[1], rtol=1e-13)
    scalar = "sum(sin(x)*x)"
    _assert_close(_compiled(scalar, executor).hvp([1, 0, 2]), _compiled(scalar, "plain").hvp([1, 0, 2]))
    assert _compiled(scalar, executor).plan().executor == executor


def test_results_are_the_callers_own_and_operands_are_left_alone(executor: ExecutorName) -> None:
    """Also where a result is an operand, and where arrays cannot be written to or run backwards."""
    f = diffcli.compile("x", x=[1.0, 2.0], executor=executor)
    for point in (np.array([3.0, 4.0]), np.broadcast_to(3.0, (2,)), np.array([4.0, 3.0])[::-1]):
        kept = point.copy()
        found = f.value(x=point)
        assert np.array_equal(found, kept)
        found[0] = 7.0
        assert np.array_equal(point, kept)


def test_jax_stays_in_the_precision_that_it_is_in() -> None:
    jax = pytest.importorskip("jax")
    before = jax.numpy.ones(2).dtype
    value, _ = diffcli.compile("x*x", x=1 + 1e-12, executor="jax")()
    assert value == (1 + 1e-12) ** 2
    assert jax.numpy.ones(2).dtype == before


def test_threads_may_call_at_once(executor: ExecutorName) -> None:
    points = [np.linspace(0, count, 50) for count in range(1, 40)]
    f = diffcli.compile("sum(sin(x)*x)", x=points[0], executor=executor)
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda point: f(x=point)[0], points)]
    assert found == pytest.approx([np.sum(np.sin(point) * point) for point in points], rel=1e-13)


def test_descent_through_a_library(executor: ExecutorName) -> None:
    found = diffcli.descend("sum((x - 1)^2)", x=[3.0, 4.0], lr=0.1, executor=executor)
    assert (found.status, found.final["x"].tolist()) == ("converged", pytest.approx([1.0, 1.0], abs=1e-5))


def test_a_report_has_every_node(executor: ExecutorName) -> None:
    found, wanted = (diffcli.grad("sum(x*x)", x=[1, 2, 3], executor=name).to_dict() for name in (executor, None))
    assert found == wanted


def test_too_little_memory_is_an_error_of_pythons(executor: ExecutorName) -> None:
    graph = Graph()
    x = graph.value(graph.append_input("x", (1_000_000,), None))
    product = PRIMITIVES["outer"](x, x).index
    runner = planned(scheduled(graph, [product], [x.index]), Wanted(executor)).runner
    with pytest.raises(MemoryError):
        runner([np.ones(1_000_000)])


@pytest.mark.parametrize("name", ["torch", "jax"])
def test_a_library_that_is_missing_says_how_to_get_it(name: ExecutorName, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(diffcli.DiffcliError, match=rf"E402.* is not installed: pip install 'diffcli\[{name}\]'"):
        diffcli.grad("x*x", x=1, executor=name)


def test_functions_of_few_digits_are_refused(executor: ExecutorName) -> None:
    with pytest.raises(diffcli.DiffcliError, match=r"E402.*'lgamma' of full precision"):
        diffcli.grad("lgamma(x)", x=3, executor=executor)


def test_a_device_that_is_not_here(executor: ExecutorName) -> None:
    with pytest.raises(diffcli.DiffcliError, match=r"E402.*'nowhere' here.*cpu"):
        diffcli.grad("x*x", x=3, executor=executor, device="nowhere")
    assert diffcli.grad("x*x", x=3, executor=executor, device="cpu").value == 9


def test_a_device_is_for_libraries() -> None:
    with pytest.raises(diffcli.DiffcliError, match=r"E402.*torch and jax alone"):
        diffcli.grad("x*x", x=3, executor="plain", device="cuda")


@pytest.mark.parametrize("program", ["log(exp(x))", "1/x^40/x^-40", "x^2/(x^2*x^2)", "1 + 1e-17*x - 1"])
def test_operations_are_those_that_were_written(program: str, executor: ExecutorName) -> None:
    """None is left out, so what overflows or is rounded away is the same."""
    with np.errstate(all="ignore"):
        for x in (1e10, 1e155, 1e-10, 1e-150, 1000.0):
            found, wanted = (diffcli.compile(program, x=x, executor=name)() for name in (executor, "plain"))
            np.testing.assert_allclose([found[0], found[1]["x"]], [wanted[0], wanted[1]["x"]], rtol=1e-13)


@pytest.mark.parametrize("program", _PROGRAMS)
@pytest.mark.parametrize(("executor", "device"), [("torch", "cuda"), ("jax", "cuda")])
def test_a_graphics_card_computes_the_same(program: str, executor: ExecutorName, device: str) -> None:
    library = pytest.importorskip(executor)
    try:
        library.cuda.init() if executor == "torch" else library.devices(device)
    except (RuntimeError, AssertionError) as missing:
        pytest.skip(str(missing))
    found, wanted = _compiled(program, executor, device=device)(), _compiled(program, "plain")()
    assert found[0] == pytest.approx(wanted[0], rel=1e-12)
    for name, value in wanted[1].items():
        np.testing.assert_allclose(found[1][name], value, rtol=1e-12, atol=1e-12)
