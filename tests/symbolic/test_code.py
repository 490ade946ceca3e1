"""Generated programs are run, and return what reverse mode computes."""

import ctypes
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from symbolic.programs import OF_MATRICES, PLAIN, Case, check, generated

from diffcli.analysis.derivative import derivative_report

_C_COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def function(code: str) -> Callable[..., Any]:
    """The function that a module defines."""
    module: dict[str, Any] = {}
    exec(compile(code, "generated", "exec"), module)
    found: Callable[..., Any] = module["value_and_gradients"]
    return found


def name_of(case: Case) -> str:
    return case.text


@pytest.mark.parametrize("case", [*PLAIN, *OF_MATRICES], ids=name_of)
def test_numpy(case: Case) -> None:
    value, gradients = function(case.program("numpy"))(*[case.at[name] for name in case.order])
    check(case, value, gradients)
    assert all(np.asarray(gradient).dtype == np.float64 for gradient in gradients.values())


@pytest.mark.parametrize("case", [generated(seed) for seed in range(8)], ids=name_of)
def test_generated_products_of_matrices(case: Case) -> None:
    for form in ("numpy", "python"):
        check(case, *function(case.program(form))(*[case.at[name] for name in case.order]))


@pytest.mark.parametrize("case", PLAIN, ids=name_of)
def test_python(case: Case) -> None:
    value, gradients = function(case.program("python"))(*[case.at[name] for name in case.order])
    check(case, value, gradients)


@pytest.mark.parametrize("case", [*PLAIN, *OF_MATRICES], ids=name_of)
def test_torch(case: Case) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    arguments = [torch.tensor(case.at[name], dtype=torch.float64) for name in case.order]
    value, gradients = function(case.program("torch"))(*arguments)
    check(case, value, gradients)
    assert all(gradient.dtype == torch.float64 for gradient in gradients.values())


@pytest.mark.parametrize("case", [*PLAIN, *OF_MATRICES], ids=name_of)
def test_jax(case: Case) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    jax.config.update("jax_enable_x64", True)
    value, gradients = jax.jit(function(case.program("jax")))(*[np.asarray(case.at[name], dtype=float) for name in case.order])
    check(case, value, gradients)


@pytest.mark.skipif(_C_COMPILER is None, reason="there is no C compiler")
def test_c(tmp_path: Path) -> None:
    """All in one library: a compiler takes longer to start than to compile them."""
    sources = []
    for number, case in enumerate(PLAIN):
        code = case.program("c").replace("value_and_gradients", f"value_and_gradients_{number}")
        sources.append(tmp_path / f"program{number}.c")
        sources[-1].write_text(code)
    library = tmp_path / "programs.so"
    flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-Wno-unused-function", "-fPIC", "-shared"]
    subprocess.run([str(_C_COMPILER), *flags, "-o", str(library), *map(str, sources), "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    for number, case in enumerate(PLAIN):
        value, gradients = _called(loaded[f"value_and_gradients_{number}"], sources[number].read_text(), case)
        check(case, value, gradients)


def _called(compiled: Any, source: str, case: Case) -> tuple[float, dict[str, Any]]:
    """The C function's value and gradients; its sizes are those of the arrays' axes, in order of appearance."""
    signature = re.search(r"^double value_and_gradients_\d+\((.*)\)$", source, re.M)
    assert signature is not None
    values = [np.asarray(case.at[name], dtype=np.float64) for name in case.order]
    outputs = {name: np.zeros(np.shape(case.at[name])) for name in case.expected().gradient}
    documented = [f"({found})" for found in re.findall(r"of shape \(([^)]*)\)", source)]
    extents: dict[str, int] = {}
    for value, shape in zip([value for value in values if value.shape], documented, strict=True):
        for size, extent in zip(shape.strip("()").rstrip(",").split(","), value.shape, strict=True):
            extents.setdefault(size.strip(), extent)
    pointer = ctypes.POINTER(ctypes.c_double)
    arguments: list[Any] = [value.ctypes.data_as(pointer) if value.shape else ctypes.c_double(float(value)) for value in values]
    arguments += [ctypes.c_int(extents[name]) for name in re.findall(r"\bint (\w+)", signature[1])]
    arguments += [output.ctypes.data_as(pointer) for output in outputs.values()]
    compiled.restype = ctypes.c_double
    return compiled(*arguments), outputs


@pytest.mark.parametrize("form", ["numpy", "torch", "jax"])
def test_one_program_for_every_size(form: str) -> None:
    assert Case("mean(x*x)", {"x": [1.0, 2.0, 3.0]}).program(form) == Case("mean(x*x)", {"x": [1.0] * 5}).program(form)


def test_the_size_is_read_from_the_arguments() -> None:
    program = function(Case("mean((x - mean(x))^2)", {"x": [1.0, 2.0]}).program("numpy"))
    case = Case("mean((x - mean(x))^2)", {"x": [0.5, -1.0, 2.5, 4.0, 0.1]})
    check(case, *program(case.at["x"]))


def test_large_arguments_do_not_overflow() -> None:
    share = 1 / (1 + np.exp(-1.0))
    for text, x, value, gradient in (
        ("log(sum(exp(x)))", [1000.0, 999.0], 1000.0 - np.log(share), [share, 1 - share]),
        ("sum(log(1+exp(x)))", [1000.0, -1000.0], 1000.0, [1.0, 0.0]),
        ("sum(1/(1+exp(-x)))", [-800.0, 800.0], 1.0, [0.0, 0.0]),
    ):
        for form in ("numpy", "python"):
            found, gradients = function(Case(text, {"x": x}).program(form))(x)
            np.testing.assert_allclose(found, value, rtol=1e-12)
            np.testing.assert_allclose(gradients["x"], gradient, rtol=1e-12, atol=1e-300)


def test_what_the_user_wrote_never_becomes_code() -> None:
    case = Case('x^2 # """; import os', {"x": 2.0})
    for form in ("numpy", "torch", "jax", "python", "c"):
        assert "import os" not in case.program(form)


def test_second_derivatives() -> None:
    case = Case("sum((A@x-b)^2)*c", {"A": [[1.0, 2.0], [3.0, 5.0]], "x": [0.5, -1.0], "b": [1.0, 2.0], "c": 1.5})
    code = derivative_report(case.problem._replace(wrt=("x", "c")), 30.0, "numpy", order=2).code
    assert code is not None
    _, found = function(code)(*[case.at[name] for name in case.order])
    matrix, x, b = (np.array(case.at[name]) for name in "Axb")
    np.testing.assert_allclose(found["x,x"], 3.0 * matrix.T @ matrix, rtol=1e-13)
    np.testing.assert_allclose(found["x,c"], 2 * matrix.T @ (matrix @ x - b), rtol=1e-13)
    assert found["c,c"] == 0.0


def test_readable() -> None:
    assert Case("sum((A@x-b)^2)", {"A": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "x": [1.0, 2.0], "b": [1.0, 2.0, 3.0]}).program("numpy") == (
        "import numpy as np\n"
        "\n"
        "\n"
        "def value_and_gradients(A, x, b):\n"
        '    """The value of sum((A@x - b)^2) and its gradients by variable.\n'
        "\n"
        "    NumPy: A of shape (n, m), x of shape (m,), b of shape (n,).\n"
        '    """\n'
        "    A = np.asarray(A, dtype=float)\n"
        "    x = np.asarray(x, dtype=float)\n"
        "    b = np.asarray(b, dtype=float)\n"
        "    t0 = A @ x\n"
        "    t1 = t0 - b\n"
        "    value = np.sum(t1**2)\n"
        "    gradients = {\n"
        '        "A": 2*np.outer(t1, x),\n'
        '        "x": 2*(A.T @ t1),\n'
        '        "b": 2*(b - t0),\n'
        "    }\n"
        "    return value, gradients\n"
    )
