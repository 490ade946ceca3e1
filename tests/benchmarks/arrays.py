"""Many numbers at once: an elementwise function, logistic regression, least squares with a constant matrix."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from .contest import OURS, Call, Lasted, Limit, Ratio, Row

MIB = 2**20

# The value and the gradient of mean(sin(x)*exp(-x*x)).

WAVE = "mean(sin(x)*exp(-x*x))"


def _points(size: int) -> Any:
    import numpy as np

    x = np.empty(size)
    np.random.default_rng(1).standard_normal(out=x)
    return x


def wave_ours(size: int) -> Call:
    from .ours import compiled

    return compiled(WAVE, ["x"], x=_points(size))


def wave_numpy(size: int) -> Call:
    """By hand, with the intermediates that the eye shares."""
    import numpy as np

    x = _points(size)

    def call() -> Any:
        sine, bell = np.sin(x), np.exp(-x * x)
        return np.mean(sine * bell), (np.cos(x) - 2 * x * sine) * bell / size

    return call


def wave_pytorch(size: int) -> Call:
    import torch

    x = torch.from_numpy(_points(size)).requires_grad_()

    def call() -> Any:
        value = torch.mean(torch.sin(x) * torch.exp(-x * x))
        return value.detach(), *torch.autograd.grad(value, x)

    return call


def wave_jax(size: int) -> Call:
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    function = jax.jit(jax.value_and_grad(lambda x: jnp.mean(jnp.sin(x) * jnp.exp(-x * x))))
    x = jnp.asarray(_points(size))
    return lambda: jax.block_until_ready(function(x))


def wave_autograd(size: int) -> Call:
    from autograd import numpy as anp
    from autograd import value_and_grad

    function, x = value_and_grad(lambda x: anp.mean(anp.sin(x) * anp.exp(-x * x))), _points(size)
    return lambda: function(x)


def wave_numexpr(size: int) -> Call:
    """By hand: numexpr does not differentiate."""
    import numexpr

    names = {"x": _points(size), "n": size}

    def call() -> Any:
        value = numexpr.evaluate("sum(sin(x)*exp(-x*x))", names) / size
        return value, numexpr.evaluate("(cos(x) - 2*x*sin(x))*exp(-x*x)/n", names)

    return call


def wave_numba(size: int) -> Call:
    """By hand, as one parallel loop: Numba does not differentiate."""
    import numba
    import numpy as np

    @numba.njit(parallel=True)
    def function(x: Any) -> Any:
        gradient, total = np.empty_like(x), 0.0
        for i in numba.prange(x.size):
            sine, bell = np.sin(x[i]), np.exp(-x[i] * x[i])
            total += sine * bell
            gradient[i] = (np.cos(x[i]) - 2 * x[i] * sine) * bell / x.size
        return total / x.size, gradient

    x = _points(size)
    return lambda: function(x)


# A step of gradient descent: what a long run takes less what a run of one step takes, by the number of steps between
# them. What is done once a run does not count, for anyone.

LOGISTIC = "param w = zeros(10); param b = 0; bce_with_logits(X @ w + b, y)"


def _step_of(run: Callable[[int], Any], size: int) -> Call:
    """The seconds of one step, by a run of the more steps the fewer rows there are."""
    more = max(10, min(200, 10_000_000 // size))

    def call() -> Lasted:
        marks = [perf_counter()]
        for steps in (1, more + 1):
            path = run(steps)
            marks.append(perf_counter())
        return Lasted((marks[2] - 2 * marks[1] + marks[0]) / more, path)

    return call


def _rows(size: int) -> tuple[Any, Any]:
    import numpy as np

    random = np.random.default_rng(1)
    X = random.standard_normal((size, 10))
    return X, (X @ np.linspace(-1, 1, 10) + random.standard_normal(size) > 0).astype(float)


def logistic_ours(size: int) -> Call:
    import diffcli

    X, y = _rows(size)

    def run(steps: int) -> Any:
        final = diffcli.descend(LOGISTIC, X=X, y=y, wrt=("w", "b"), lr=0.1, steps=steps, tol=0).final
        return final["w"], final["b"]

    return _step_of(run, size)


def logistic_pytorch(size: int) -> Call:
    import torch

    X, y = map(torch.from_numpy, _rows(size))

    def run(steps: int) -> Any:
        w = torch.zeros(10, dtype=torch.float64, requires_grad=True)
        b = torch.zeros((), dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([w, b], lr=0.1)
        for _ in range(steps):
            optimizer.zero_grad()
            torch.nn.functional.binary_cross_entropy_with_logits(X @ w + b, y).backward()
            optimizer.step()
        return w.detach(), b.detach()

    return _step_of(run, size)


def logistic_jax(size: int) -> Call:
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    X, y = map(jnp.asarray, _rows(size))

    def loss(parameters: Any, X: Any, y: Any) -> Any:
        w, b = parameters
        logit = X @ w + b
        return jnp.mean(jax.nn.softplus(logit) - y * logit)

    function = jax.jit(jax.value_and_grad(loss))

    def run(steps: int) -> Any:
        parameters = [jnp.zeros(10), jnp.zeros(())]
        for _ in range(steps):
            _, gradient = function(parameters, X, y)
            parameters = [value - 0.1 * partial for value, partial in zip(parameters, gradient, strict=True)]
        return jax.block_until_ready(parameters)

    return _step_of(run, size)


POWERS = "param c = zeros(128); mean((t[:, None]^arange(128) @ c - y)^2)"


def _samples(size: int) -> tuple[Any, Any]:
    import numpy as np

    t = np.linspace(-1, 1, size + 1)[1:]
    return t, np.sin(5 * t)


def powers_ours(size: int) -> Call:
    import diffcli

    t, y = _samples(size)
    return _step_of(
        lambda steps: diffcli.descend(POWERS, t=t, y=y, wrt=("c",), lr=0.01, steps=steps, tol=0).final["c"], size
    )


def powers_numpy(size: int) -> Call:
    """By hand, the matrix made once; value, gradient and its norm, as a run that is watched needs them."""
    import numpy as np

    t, y = _samples(size)
    matrix = t[:, None] ** np.arange(128)

    def run(steps: int) -> Any:
        c, history = np.zeros(128), []
        for _ in range(steps):
            error = matrix @ c - y
            gradient = 2 / size * (error @ matrix)
            history.append((c, error @ error / size, np.linalg.norm(gradient)))
            c = c - 0.01 * gradient
        return c

    return _step_of(run, size)


def powers_pytorch(size: int) -> Call:
    import torch

    t, y = map(torch.from_numpy, _samples(size))
    matrix = t[:, None] ** torch.arange(128)

    def run(steps: int) -> Any:
        c = torch.zeros(128, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([c], lr=0.01)
        for _ in range(steps):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(matrix @ c, y).backward()
            optimizer.step()
        return c.detach()

    return _step_of(run, size)


def powers_jax(size: int) -> Call:
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    t, y = map(jnp.asarray, _samples(size))
    matrix = t[:, None] ** jnp.arange(128)
    function = jax.jit(jax.value_and_grad(lambda c, matrix, y: jnp.mean((matrix @ c - y) ** 2)))

    def run(steps: int) -> Any:
        c = jnp.zeros(128)
        for _ in range(steps):
            c = c - 0.01 * function(c, matrix, y)[1]
        return jax.block_until_ready(c)

    return _step_of(run, size)


ROWS = [
    Row(
        "large",
        "value and gradient of mean(sin(x)*exp(-x*x))",
        {
            OURS: wave_ours,
            "NumPy": wave_numpy,
            "JAX jit": wave_jax,
            "PyTorch": wave_pytorch,
            "autograd": wave_autograd,
            "numexpr": wave_numexpr,
            "Numba": wave_numba,
        },
        targets=(
            Ratio(0.75, "JAX jit"),
            Ratio(0.35, "PyTorch"),
            Limit("inputs + gradients + 64 MiB", lambda size: 2 * 8 * size + 64 * MIB, "bytes"),
        ),
        size=10_000_000,
        quick=1_000_000,
        tiny=100,
        memory=True,
        curve=(1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000),
        axis="numbers",
    ),
    Row(
        "logistic",
        "logistic regression, rows of 10 columns, a step of descent",
        {OURS: logistic_ours, "JAX jit": logistic_jax, "PyTorch": logistic_pytorch},
        targets=(Ratio(0.8, "JAX jit"), Ratio(0.25, "PyTorch")),
        size=1_000_000,
        quick=100_000,
        tiny=50,
        curve=(100, 1_000, 10_000, 100_000, 1_000_000),
        axis="rows",
    ),
    Row(
        "constant",
        "least squares on t[:, None]^arange(128), a step of descent",
        {OURS: powers_ours, "NumPy": powers_numpy, "JAX jit": powers_jax, "PyTorch": powers_pytorch},
        targets=(Ratio(1.2, "NumPy"),),
        size=2_000,
        quick=500,
        tiny=20,
    ),
]
