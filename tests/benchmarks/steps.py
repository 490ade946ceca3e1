"""A step of gradient descent on many rows: logistic regression, and least squares whose matrix is constant.

It is what a long run takes less what a run of one step takes, by the number of steps between them. What is done once a
run does not count, for anyone.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from .contest import OURS, Call, Lasted, Ratio, Row

LOGISTIC = "param w = zeros(10); param b = 0; bce_with_logits(X @ w + b, y)"


def _step_of(run: Callable[[int], Any], size: int) -> Call:
    """The seconds of one step, by a run of 10 steps on many rows and of up to 200 on few."""
    more = max(10, min(200, 10_000_000 // size, size))

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

    @jax.jit
    def step(parameters: Any, X: Any, y: Any) -> Any:
        value, gradient = jax.value_and_grad(loss)(parameters, X, y)
        return value, [number - 0.1 * partial for number, partial in zip(parameters, gradient, strict=True)]

    def run(steps: int) -> Any:
        parameters = [jnp.zeros(10), jnp.zeros(())]
        for _ in range(steps):
            _, parameters = step(parameters, X, y)
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

    @jax.jit
    def step(c: Any, matrix: Any, y: Any) -> Any:
        value, gradient = jax.value_and_grad(lambda c: jnp.mean((matrix @ c - y) ** 2))(c)
        return value, c - 0.01 * gradient

    def run(steps: int) -> Any:
        c = jnp.zeros(128)
        for _ in range(steps):
            _, c = step(c, matrix, y)
        return jax.block_until_ready(c)

    return _step_of(run, size)


ROWS = [
    Row(
        "logistic",
        "logistic regression, rows of 10 columns, a step of descent",
        {OURS: logistic_ours, "JAX jit": logistic_jax, "PyTorch": logistic_pytorch},
        targets=(Ratio(0.8, "JAX jit"), Ratio(0.25, "PyTorch")),
        size=1_000_000,
        quick=100_000,
        tiny=10,
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
        tiny=10,
        axis="rows",
    ),
]
