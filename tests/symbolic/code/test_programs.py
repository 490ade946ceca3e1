"""Generated programs are run, and return what reverse mode computes."""

import ctypes
import itertools
import keyword
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from amount import PATIENCE, sampled, seeds
from autodiff.expressions import DRAWN, Generator
from symbolic.programs import OF_MATRICES, PLAIN, Case, cases, check, generated

import diffcli
from diffcli.analysis.symbolic_derivative import derivative_report
from diffcli.errors import DiffcliError

_C_COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def function(code: str) -> Callable[..., Any]:
    """The function that a module defines."""
    module: dict[str, Any] = {}
    exec(compile(code, "generated", "exec"), module)
    found: Callable[..., Any] = module["value_and_gradients"]
    return found


def name_of(case: Case) -> str:
    return case.text


@pytest.mark.parametrize("case", sampled([(case,) for case in (*PLAIN, *OF_MATRICES)], 5), ids=name_of)
def test_numpy(case: Case) -> None:
    value, gradients = function(case.program("numpy"))(*[case.at[name] for name in case.order])
    check(case, value, gradients)
    assert all(np.asarray(gradient).dtype == np.float64 for gradient in gradients.values())


@pytest.mark.parametrize("seed", seeds(2, 24, "DIFFCLI_FORMS"))
def test_generated_products_of_matrices(seed: int) -> None:
    case = generated(seed)
    for form in ("numpy", "python"):
        check(case, *function(case.program(form))(*[case.at[name] for name in case.order]))


@pytest.mark.parametrize("case", sampled([(case,) for case in PLAIN], 5), ids=name_of)
def test_python(case: Case) -> None:
    value, gradients = function(case.program("python"))(*[case.at[name] for name in case.order])
    check(case, value, gradients)


@pytest.mark.parametrize("case", sampled([(case,) for case in (*PLAIN, *OF_MATRICES)], 5), ids=name_of)
def test_torch(case: Case) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    arguments = [torch.tensor(case.at[name], dtype=torch.float64) for name in case.order]
    value, gradients = function(case.program("torch"))(*arguments)
    check(case, value, gradients)
    assert all(gradient.dtype == torch.float64 for gradient in gradients.values())


@pytest.mark.parametrize("case", sampled([(case,) for case in (*PLAIN, *OF_MATRICES)], 5), ids=name_of)
def test_jax(case: Case) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    jax.config.update("jax_enable_x64", True)
    value, gradients = jax.jit(function(case.program("jax")))(
        *[np.asarray(case.at[name], dtype=float) for name in case.order]
    )
    check(case, value, gradients)


@pytest.mark.skipif(_C_COMPILER is None, reason="there is no C compiler")
@pytest.mark.parametrize("step", sampled([3, 1], 2))
def test_c(step: int, tmp_path: Path) -> None:
    for case, (value, gradients) in zip(PLAIN[::step], compiled(PLAIN[::step], tmp_path), strict=True):
        check(case, value, gradients)


def compiled(programs: Sequence[Case], folder: Path, dialect: str = "c99") -> list[tuple[float, dict[str, Any]]]:
    """What the C programs return. All are in one library: a compiler takes longer to start than to compile them."""
    sources = []
    for number, case in enumerate(programs):
        code = case.program("c").replace("value_and_gradients", f"value_and_gradients_{number}")
        sources.append(folder / f"program{number}.c")
        sources[-1].write_text(code)
    library = folder / "programs.so"
    flags = [
        f"-std={dialect}",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unused-parameter",
        "-Wno-unused-function",
        "-fPIC",
        "-shared",
    ]
    subprocess.run([str(_C_COMPILER), *flags, "-o", str(library), *map(str, sources), "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    return [
        _called(loaded[f"value_and_gradients_{number}"], sources[number].read_text(), case)
        for number, case in enumerate(programs)
    ]


def returned(form: str, case: Case) -> tuple[Any, dict[str, Any]]:
    """What the program in Python returns; JAX's is compiled, which takes it less than each operation by itself."""
    program = function(case.program(form))
    arguments: list[Any] = [np.asarray(case.at[name], dtype=float) for name in case.order]
    if form == "torch":
        torch = pytest.importorskip("torch", reason="PyTorch is not installed")
        arguments = [torch.tensor(argument, dtype=torch.float64) for argument in arguments]
    elif form == "jax":
        jax = pytest.importorskip("jax", reason="JAX is not installed")
        jax.config.update("jax_enable_x64", True)
        program = jax.jit(program)
    elif form == "python":
        arguments = [argument.tolist() for argument in arguments]
    value, gradients = program(*arguments)
    return value, gradients


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
    arguments: list[Any] = [
        value.ctypes.data_as(pointer) if value.shape else ctypes.c_double(float(value)) for value in values
    ]
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


@pytest.mark.parametrize("form", ["numpy", "torch", "python"])
def test_places_count_from_the_end_and_are_refused_out_of_range(form: str) -> None:
    """As indices of the language: no number is quietly that of another row."""
    case = Case("sum(E[t]^2)", {"E": [1.0, 2.0, 3.0], "t": [0.0, -1.0]})
    value, gradients = returned(form, case)
    check(case, value, gradients)
    for wrong in ([0.0, 3.0], [-4.0, 0.0]):
        with pytest.raises(IndexError):
            returned(form, Case(case.text, {**case.at, "t": wrong}))


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
    code = derivative_report(case.problem._replace(wrt=("x", "c")), PATIENCE, "numpy", order=2).code
    assert code is not None
    _, found = function(code)(*[case.at[name] for name in case.order])
    matrix, x, b = (np.array(case.at[name]) for name in "Axb")
    np.testing.assert_allclose(found["x,x"], 3.0 * matrix.T @ matrix, rtol=1e-13)
    np.testing.assert_allclose(found["x,c"], 2 * matrix.T @ (matrix @ x - b), rtol=1e-13)
    assert found["c,c"] == 0.0


def test_readable() -> None:
    assert Case(
        "sum((A@x-b)^2)", {"A": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "x": [1.0, 2.0], "b": [1.0, 2.0, 3.0]}
    ).program("numpy") == (
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


#: Where formulas lose all digits, overflow or divide 0 by 0; the value, and the gradients in the order of the
#: variables.
_DELICATE: list[tuple[str, dict[str, Any], float, list[Any]]] = [
    ("log1p(x)", {"x": 1e-17}, 1e-17, [1.0]),
    ("expm1(x)", {"x": 1e-17}, 1e-17, [1.0]),
    ("x*log1p(1e-17)", {"x": 2.0}, 2e-17, [1e-17]),
    ("logaddexp(x, y)", {"x": 1e50, "y": 1e50}, 1e50, [0.5, 0.5]),
    ("logsumexp(x)", {"x": [1e17, 1e17]}, 1e17, [[0.5, 0.5]]),
    ("log_softmax(x)[0]", {"x": [1e4, 0.0]}, 0.0, [[0.0, 0.0]]),
    ("softmax(x)[1]", {"x": [1000.0, 1000.0]}, 0.5, [[-0.25, 0.25]]),
    ("hypot(x, y)", {"x": 3e200, "y": 4e200}, 5e200, [0.6, 0.8]),
    ("hypot(x, y)", {"x": 0.0, "y": 0.0}, 0.0, [0.0, 0.0]),
    ("norm(x)", {"x": [3e-200, 4e-200]}, 5e-200, [[0.6, 0.8]]),
    ("norm(x)", {"x": [0.0, 0.0]}, 0.0, [[0.0, 0.0]]),
    ("std(x)", {"x": [1e-170, 3e-170]}, 1e-170, [[-0.5, 0.5]]),
    ("silu(x)", {"x": -50.0}, -9.643749239819589e-21, [-9.450874255023197e-21]),
    ("sigmoid(x)", {"x": 800.0}, 1.0, [0.0]),
    ("softplus(x)", {"x": -60.0}, 8.75651076269652e-27, [8.75651076269652e-27]),
    ("tanh(x)", {"x": 25.0}, 1.0, [7.714999391855671e-22]),
    ("tanh(x)", {"x": 1000.0}, 1.0, [0.0]),
    ("asin(x)", {"x": 1 - 2.0**-40}, 1.5707949780957442, [741455.2001896339]),
    ("asinh(x)", {"x": 1e200}, 461.2101657793691, [1e-200]),
    ("atan2(y, x)", {"y": 1e-200, "x": 1e-200}, 0.7853981633974483, [5e199, -5e199]),
    ("3*(x - y)", {"x": 1 + 2.0**-40, "y": 1.0}, 3 * 2.0**-40, [3.0, -3.0]),
    ("sum(0.7*(x - y)^2)", {"x": [1 + 2.0**-40], "y": [1.0]}, 0.7 * 2.0**-80, [[1.4 * 2.0**-40], [-1.4 * 2.0**-40]]),
    ("gelu(x)", {"x": -20.0}, -5.507248237212468e-88, [-1.1014360483133464e-86]),
    ("xlogy(x, y) + y", {"x": 0.0, "y": 2.0}, 2.0, [0.6931471805599453, 1.0]),
    ("cbrt(x)", {"x": -27.0}, -3.0, [1 / 27]),
    ("erfinv(x)", {"x": 1 - 2.0**-20}, 3.4655050258033307, [145647.24488812871]),
    ("erfinv(x)", {"x": -1e-200}, -8.862269254527580e-201, [0.886226925452758]),
    ("x*(12345678901234567890*1e-300)", {"x": 1e290}, 1234567890.123457, [1.2345678901234568e-281]),
    ("x*sigmoid(1.4)*softplus(2)*gamma(2.5)*digamma(1.3)", {"x": 1.0}, -0.38374249753589784, [-0.38374249753589784]),
]  # fmt: skip


@pytest.mark.parametrize("form", ["numpy", "python", "torch", "jax", "c"])
def test_programs_keep_their_digits(form: str, tmp_path: Path) -> None:
    programs = [Case(text, at) for text, at, _, _ in _DELICATE]
    results = compiled(programs, tmp_path) if form == "c" else [returned(form, case) for case in programs]
    for case, (_, _, value, gradients), (found, slopes) in zip(programs, _DELICATE, results, strict=True):
        np.testing.assert_allclose(float(found), value, rtol=4e-13, err_msg=case.text)
        for name, gradient in zip(case.order, gradients, strict=True):
            np.testing.assert_allclose(
                np.asarray(slopes[name], dtype=float), gradient, rtol=4e-13, atol=0, err_msg=f"{case.text} by {name}"
            )


#: Points out of domains, at poles, and where results overflow or vanish.
_EXTREMES = [0.0, -0.0, 1.0, -1.0, -2.5, 1e-300, -1e-300, 710.5, -710.5, 1e155, 1e300, -1e300, np.inf, -np.inf, np.nan]


@pytest.mark.parametrize(
    "text",
    [
        "1/cosh(x)", "atan(1/x)", "expm1(x)/x", "exp(x) - sinh(x)", "1/x^2 + x^-3", "x^3 - (x + 1)^2", "x^y",
        "x^1.5 + x^-0.5",
        "sqrt(x) + log(x)", "log1p(x)*log2(x)", "log10(x)", "asin(x) + acos(x)", "atanh(x)", "acosh(x)",
        "tan(x)*sin(x)",
        "floor(x)^2/ceil(x)", "sigmoid(x)/softplus(x)", "logaddexp(x, y)", "erfinv(x)", "xlogy(x, y)", "hypot(x, y)/x",
        "a = 1; a*gamma(y)*x", "a = 1; a*lgamma(y)*x",
    ],
)  # fmt: skip
def test_plain_python_has_the_infinities_of_numpy(text: str) -> None:
    """Python's operators and `math` raise errors where every other language has infinities and NaN."""
    forms = [diffcli.diff(text, wrt=["x"], form=form).code for form in ("python", "numpy")]
    plain, arrays = (function(code) for code in forms if code is not None)
    for x, y in itertools.product(_EXTREMES, _EXTREMES if "y" in text else [0.0]):
        if "lgamma" in text and y == -np.inf:  # of which C has inf, SciPy -inf
            continue
        point = (y, x) if "gamma" in text else (x, y)[: 1 + ("y" in text)]
        value, gradients = plain(*point)
        with np.errstate(all="ignore"):
            expected, slopes = arrays(*point)
        np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-305, err_msg=f"{text} at {point}")
        np.testing.assert_allclose(
            gradients["x"], slopes["x"], rtol=1e-13, atol=1e-305, err_msg=f"{text} at {point}, slope"
        )


@pytest.mark.parametrize("form", ["numpy", "torch", "jax"])
def test_the_slope_of_digamma_has_all_its_digits(form: str) -> None:
    found, slopes = returned(form, Case("digamma(x)", {"x": 1.1385}))
    np.testing.assert_allclose(float(found), -0.3699109547950315, rtol=4e-13)
    np.testing.assert_allclose(float(slopes["x"]), 1.364835297326966, rtol=4e-13)


def test_a_determinant_needs_no_inverse() -> None:
    singular = {"S": [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]]}
    for form in ("numpy", "torch", "jax"):
        value, gradients = returned(form, Case("det(S)", singular))
        np.testing.assert_allclose(float(value), 0.0, atol=1e-14)
        np.testing.assert_allclose(np.asarray(gradients["S"]), [[4, 4, -4], [-2, -2, 2], [0, 0, 0]], atol=1e-13)


_MATRIX = [[0.5, -1.2, 2.0], [0.3, 0.9, -0.7], [1.1, 0.2, 0.4]]


_USED_TO_END_IN_ERRORS = cases(
    ("prod(hypot(repeat(x,2),u))", {"x": [1.0, 2.0], "u": 3.0}),
    ("log(max([3,1]+b))", {"b": [0.5, 2.0]}),
    ("norm((S-S)@A) + sum(A)", {"S": _MATRIX, "A": _MATRIX}),
    ("norm(where(x > 9, [x, y], sin(y)))", {"x": 1.0, "y": 0.7}),
    (
        "cross_entropy(X@W+b,label)",
        {"X": _MATRIX, "W": _MATRIX, "b": [0.1, 0.2, 0.3], "label": [0.0, 2.0, 1.0]},
    ),
    ("cross_entropy(z,label)", {"z": [1.0, 2.0, 3.0], "label": 2.0}),
    ("nll(log_softmax(X),t)", {"X": _MATRIX, "t": [1.0, 0.0, 2.0]}),
    ("sum(E[t]^2)", {"E": _MATRIX, "t": [1.0, -1.0, 2.0, 1.0]}),
    ("mean(E[t+1]@w)+sum(E[t, [0, 1]])", {"E": _MATRIX, "t": [1.0, -1.0], "w": [1.0, 2.0, 3.0]}),
    ("sum(E[:, t]*E[[[0, 1], [2, -1]], 0][0])", {"E": _MATRIX, "t": [1.0, -2.0]}),
    ("x[k]^2*x[floor(y)]", {"x": [1.0, 2.0, 3.0], "k": -1.0, "y": 1.5}),
    ("polygamma(pi,n=1)*x", {"x": 1.5}),
    ("sum((total*A@z)^2)", {"total": 3.0, "A": _MATRIX, "z": [1.0, 2.0, 3.0]}),
)


#: Lookups at computed places, some of them more than once, and from the end.
_LOOKUPS = cases(
    ("sum(E[t]^2)", {"E": _MATRIX, "t": [1.0, -1.0, 2.0, 1.0]}),
    ("sum(tanh(E[t]@w))", {"E": _MATRIX, "t": [0.0, 0.0, -3.0], "w": [1.0, 2.0, 3.0]}),
    ("sum(E[:, t]^2)", {"E": _MATRIX, "t": [1.0, -2.0, 1.0]}),
    ("sum(E[t, u]^3)", {"E": _MATRIX, "t": [1.0, -2.0, 1.0], "u": [0.0, 2.0, 0.0]}),
    ("sum(exp(v[t]))*sum(v)", {"v": [0.1, 0.2, 0.3], "t": [[0.0, 1.0], [1.0, -1.0]]}),
    ("cross_entropy(E[t]@W, c)", {"E": _MATRIX, "W": _MATRIX, "t": [1.0, 1.0], "c": [0.0, 2.0]}),
)

#: What the program of a case returns.
Returned = Callable[[Case], tuple[float, dict[str, Any]]]


@pytest.fixture(scope="module")
def in_c(tmp_path_factory: pytest.TempPathFactory) -> Returned:
    """By C programs, which one run of the compiler makes for all tests that look at a case each."""
    together = [*_USED_TO_END_IN_ERRORS, *_LOOKUPS]
    results = compiled(together, tmp_path_factory.mktemp("together"))

    def returned_by_c(case: Case) -> tuple[float, dict[str, Any]]:
        if case in together:
            return results[together.index(case)]
        return compiled([case], tmp_path_factory.mktemp("alone"))[0]

    return returned_by_c


@pytest.mark.parametrize(
    "case",
    [
        *_USED_TO_END_IN_ERRORS,
        pytest.param(
            Case(
                "cross_entropy(X@W+b,label)",
                {"X": _MATRIX, "W": _MATRIX, "b": [0.1, 0.2, 0.3], "label": [[0.2, 0.3, 0.5]] * 3},
            ),
            marks=pytest.mark.long,
        ),
    ],
    ids=name_of,
)
def test_what_used_to_end_in_errors(case: Case, in_c: Returned) -> None:
    for form in ("numpy", "python", "torch", "jax"):
        check(case, *returned(form, case))
    check(case, *in_c(case))


def test_without_variables_there_is_no_program() -> None:
    for form in ("numpy", "python", "c"):
        with pytest.raises(DiffcliError, match="no variables"):
            diffcli.diff("100", form=form)


#: How many random expressions are tried in each form; by hand, thousands.
_GENERATED = int(os.environ.get("DIFFCLI_PROGRAMS", "3"))


@cache
def _random_cases() -> list[Case]:
    seeds = itertools.count(_GENERATED)
    found: list[Case] = []
    while len(found) < _GENERATED:
        seed = next(seeds)
        drawn = Generator(seed).generated(DRAWN[7 * seed % len(DRAWN)], 4)
        found.append(Case(drawn.text, {name: value.tolist() for name, value in drawn.values.items()}))
    return found


@pytest.mark.parametrize("form", ["numpy", "python", "torch", "jax", "c"])
def test_random_expressions_as_programs(form: str, tmp_path: Path) -> None:
    """Each is run and returns what reverse mode computes; a language may lack a function, and says so."""
    programs = []
    for case in _random_cases():
        try:
            case.program(form)
        except DiffcliError as refusal:
            if not re.search(
                r"(Python|C|PyTorch|JAX|NumPy) has no (polygamma|beta|gamma|\w*median|\w*middle)", str(refusal)
            ):
                raise
            continue
        programs.append(case)
    results = compiled(programs, tmp_path) if form == "c" else [returned(form, case) for case in programs]
    for case, (value, gradients) in zip(programs, results, strict=True):
        expected = case.expected()
        scale = max(
            float(np.max(np.abs(gradient), initial=abs(expected.value))) for gradient in expected.gradient.values()
        )
        np.testing.assert_allclose(float(value), expected.value, rtol=1e-11, atol=1e-14 * scale, err_msg=case.text)
        for name, gradient in expected.gradient.items():
            assert np.shape(gradients[name]) == gradient.shape
            np.testing.assert_allclose(
                np.asarray(gradients[name], dtype=float),
                gradient,
                rtol=1e-9,
                atol=1e-12 * scale,
                err_msg=f"{case.text} by {name}",
            )


def _hostile(names: Sequence[str]) -> list[Case]:
    """Programs in which each name is a number once, and a vector once."""
    rows = []
    for first, second in zip(names, [*names[1:], names[0]], strict=True):
        rows.append(
            (
                f"sum(tanh({first}*{second}))*norm({second}) + log1p({first})*max({second})",
                {first: 0.7, second: [0.3, 1.2]},
            )
        )
    return cases(*rows)


def _understood(names: Sequence[str]) -> list[str]:
    return [
        name for name in names if name not in ("lambda", "True", "False", "None", "inf") and not keyword.iskeyword(name)
    ]


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.long)])
def test_names_that_python_and_the_libraries_use(step: int) -> None:
    names = [
        "np",
        "torch",
        "jnp",
        "jax",
        "math",
        "scipy",
        "statistics",
        "builtins",
        "value",
        "gradients",
        "value_and_gradients",
        "t0",
        "t1",
        "n",
        "i",
        "j",
    ]
    names += [
        "range",
        "len",
        "sum",
        "max",
        "abs",
        "float",
        "norm",
        "ratio",
        "sech_squared",
        "x",
        "largest",
        "scale",
        "dtype",
        "match",
        "type",
        "_",
        "__name__",
    ]
    for case in _hostile(_understood(names[::step])):
        for form in ("numpy", "python"):
            check(case, *returned(form, case))


@pytest.mark.skipif(_C_COMPILER is None, reason="there is no C compiler")
@pytest.mark.parametrize(
    ("dialect", "step"),
    [("gnu17", 15), pytest.param("gnu17", 1, marks=pytest.mark.long), pytest.param("c99", 1, marks=pytest.mark.long)],
)
def test_names_that_c_uses(dialect: str, step: int, tmp_path: Path) -> None:
    """Keywords, what the headers define, and what programs call their own; with the macros that this compiler knows."""
    names = [
        "_Bool",
        "_Complex",
        "asm",
        "typeof",
        "M_PI",
        "I",
        "NAN",
        "INFINITY",
        "errno",
        "complex",
        "y0",
        "gamma",
        "j1",
        "signgam",
        "drem",
        "total",
        "value",
    ]
    names += [
        "t0",
        "t1",
        "n",
        "i",
        "larger",
        "ratio",
        "grad_x",
        "grad_x_",
        "x",
        "x_",
        "double",
        "int",
        "register",
        "linux",
        "unix",
        "bool",
        "nullptr",
        "main",
    ]
    names += [
        "exp",
        "tanh",
        "hypot",
        "fabs",
        "malloc",
        "free",
        "pow",
        "log1p",
        "div",
        "abs",
        "rand",
        "HUGE_VAL",
        "sech_squared",
        "_Generic",
        "__LINE__",
        "α",
    ]
    macros = subprocess.run(
        [str(_C_COMPILER), "-dM", "-E", f"-std={dialect}", "-D_GNU_SOURCE", "-include", "math.h", "-include",
            "stdlib.h", "-x", "c", os.devnull],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    objects = [name for name in re.findall(r"#define (\w+)(?!\()\b", macros) if not name.startswith("__")]
    for case, result in zip(
        programs := _hostile([*names, *sorted(objects)[::9]][::step]),
        compiled(programs, tmp_path, dialect),
        strict=True,
    ):
        check(case, *result)


@pytest.mark.parametrize("product", sampled(["softmax(x)*y", "softmax(A@x)*(A@y)"], 2))
def test_a_program_is_the_same_in_every_run(product: str) -> None:
    """As in this one, whose hashes are seeded by chance."""
    command = [sys.executable, "-c", "import diffcli; print(*(diffcli.diff(%r, form=f).code for f in ('numpy', 'c')))"]
    text = f"sum({product}) + norm((A - A)@x) + sum(u*v*w)"
    another = subprocess.run(
        [*command[:2], command[2] % text],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert another == " ".join(str(diffcli.diff(text, form=form).code) for form in ("numpy", "c")) + "\n"


#: How each language adds at places.
_ADDING = {
    "numpy": "np.add.at(",
    "torch": ".index_put(",
    "jax": ".at[places].add(",
    "python": "+= ",
    "c": "+= ",
}


@pytest.mark.parametrize("case", _LOOKUPS, ids=name_of)
def test_gradients_of_lookups_are_added_at_their_places(case: Case, in_c: Returned) -> None:
    """No matrix of ones and zeros is made, in any language; but for class labels."""
    ones = re.compile(r"where\((np|jnp|torch)\.arange|1\.0 if i ==|\(double\)i ==")
    for form, adding in _ADDING.items():
        code = case.program(form)
        assert adding in code
        assert "c" in case.at or not ones.search(code)
        check(case, *(in_c(case) if form == "c" else returned(form, case)))
