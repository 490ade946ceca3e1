"""Gradient descent on `mean(x*x)` from three numbers, its history kept: where starting a step is all of its cost."""

import math
from typing import Any

from .contest import OURS, Call, Ratio, Row

START = (1.0, 2.0, 3.0)
RATE = 1e-4


def ours(steps: int) -> Call:
    """The path with its norms, and why the run ended."""
    import diffcli

    def call() -> tuple[float, ...]:
        run = diffcli.descend("mean(x*x)", x=START, lr=RATE, steps=steps, tol=0)
        assert len(run.history) == steps + 1
        return tuple(run.final["x"])

    return call


def python(steps: int) -> Call:
    """What one would write by hand for three numbers: points, values and norms."""

    def call() -> tuple[float, ...]:
        x, y, z = START
        history = []
        for step in range(steps + 1):
            a, b, c = x * (2 / 3), y * (2 / 3), z * (2 / 3)
            history.append((step, (x, y, z), (x * x + y * y + z * z) / 3, math.hypot(a, b, c)))
            if step < steps:
                x, y, z = x - RATE * a, y - RATE * b, z - RATE * c
        return history[-1][1]

    return call


def numpy(steps: int) -> Call:
    """The gradient by hand, on arrays."""
    import numpy as np

    def call() -> Any:
        x, history = np.array(START), []
        for step in range(steps + 1):
            gradient = 2 * x / 3
            history.append((step, x, float(np.mean(x * x)), float(np.linalg.norm(gradient))))
            if step < steps:
                x = x - RATE * gradient
        return history[-1][1]

    return call


def _scanned(steps: int) -> Any:
    """A new function that makes the whole path, not compiled yet."""
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def step(x: Any, _: Any) -> Any:
        value, gradient = jax.value_and_grad(lambda x: jnp.mean(x * x))(x)
        return x - RATE * gradient, (x, value, jnp.linalg.norm(gradient))

    return jax.jit(lambda x: jax.lax.scan(step, x, length=steps))


def jax(steps: int) -> Call:
    """`scan` of the step, compiled beforehand."""
    import jax as library

    path, start = _scanned(steps), library.numpy.array(START)
    return lambda: library.block_until_ready(path(start))[0]


def jax_with_compilation(steps: int) -> Call:
    """`scan` of the step, compiled by the call, as by a program that needs it once."""
    import jax as library

    start = library.numpy.array(START)
    return lambda: library.block_until_ready(_scanned(steps)(start))[0]


def casadi(steps: int) -> Call:
    """`mapaccum` of the step, which keeps the path, with its construction."""
    import casadi as ca
    import numpy as np

    def call() -> Any:
        x = ca.SX.sym("x", 3)
        value = ca.sumsqr(x) / 3
        gradient = ca.gradient(value, x)
        step = ca.Function("step", [x], [x - RATE * gradient, value, ca.norm_2(gradient)])
        points, _, _ = step.mapaccum("path", steps)(START)
        return np.array(points)[:, -1]

    return call


def pytorch(steps: int) -> Call:
    """`SGD` with its history."""
    import torch

    def call() -> Any:
        x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        optimizer, history = torch.optim.SGD([x], lr=RATE), []
        for step in range(steps + 1):
            optimizer.zero_grad()
            value = torch.mean(x * x)
            value.backward()
            history.append((step, x.detach().clone(), value.item(), x.grad.norm().item()))
            if step < steps:
                optimizer.step()
        return history[-1][1]

    return call


def autograd(steps: int) -> Call:
    """autograd's `value_and_grad` in a loop."""
    import numpy as np
    from autograd import numpy as anp
    from autograd import value_and_grad

    function = value_and_grad(lambda x: anp.mean(x * x))

    def call() -> Any:
        x, history = np.array(START), []
        for step in range(steps + 1):
            value, gradient = function(x)
            history.append((step, x, value, np.linalg.norm(gradient)))
            if step < steps:
                x = x - RATE * gradient
        return history[-1][1]

    return call


ROWS = [
    Row(
        "descent",
        "descent on mean(x*x), three numbers, history kept",
        {
            OURS: ours,
            "Python": python,
            "NumPy": numpy,
            "JAX scan": jax,
            "JAX scan with compilation": jax_with_compilation,
            "CasADi mapaccum": casadi,
            "PyTorch": pytorch,
            "autograd": autograd,
        },
        targets=(
            Ratio(4.0, "Python"),
            Ratio(1.0, "JAX scan with compilation"),
            Ratio(1.0, "CasADi mapaccum"),
            Ratio(0.05, "PyTorch"),
        ),
        size=10_000,
        quick=1_000,
        tiny=20,
        curve=(10, 100, 1_000, 10_000, 100_000),
        axis="steps",
        until={"PyTorch": 10_000, "autograd": 10_000},
    )
]
