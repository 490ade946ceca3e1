"""An elementwise function of many numbers: the value and the gradient of mean(sin(x)*exp(-x*x))."""

from typing import Any

from .contest import OURS, Call, Limit, Ratio, Row

MIB = 2**20

WAVE = "mean(sin(x)*exp(-x*x))"


def _points(size: int) -> Any:
    import numpy as np

    x = np.empty(size)
    np.random.default_rng(1).standard_normal(out=x)
    return x


def ours(size: int) -> Call:
    from .ours import compiled

    return compiled(WAVE, ["x"], x=_points(size))


def numpy(size: int) -> Call:
    """By hand, each intermediate computed once."""
    import numpy as np

    x = _points(size)

    def call() -> Any:
        sine, bell = np.sin(x), np.exp(-x * x)
        return np.mean(sine * bell), (np.cos(x) - 2 * x * sine) * bell / size

    return call


def pytorch(size: int) -> Call:
    import torch

    x = torch.from_numpy(_points(size)).requires_grad_()

    def call() -> Any:
        value = torch.mean(torch.sin(x) * torch.exp(-x * x))
        return value.detach(), *torch.autograd.grad(value, x)

    return call


def jax(size: int) -> Call:
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    function = jax.jit(jax.value_and_grad(lambda x: jnp.mean(jnp.sin(x) * jnp.exp(-x * x))))
    x = jnp.asarray(_points(size))
    return lambda: jax.block_until_ready(function(x))


def autograd(size: int) -> Call:
    from autograd import numpy as anp
    from autograd import value_and_grad

    function, x = value_and_grad(lambda x: anp.mean(anp.sin(x) * anp.exp(-x * x))), _points(size)
    return lambda: function(x)


def numexpr(size: int) -> Call:
    """By hand: numexpr does not differentiate."""
    import numexpr

    names = {"x": _points(size), "n": size}

    def call() -> Any:
        value = numexpr.evaluate("sum(sin(x)*exp(-x*x))", names) / size
        return value, numexpr.evaluate("(cos(x) - 2*x*sin(x))*exp(-x*x)/n", names)

    return call


def numba(size: int) -> Call:
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


ROWS = [
    Row(
        "large",
        "value and gradient of mean(sin(x)*exp(-x*x))",
        {
            OURS: ours,
            "NumPy": numpy,
            "JAX jit": jax,
            "PyTorch": pytorch,
            "autograd": autograd,
            "numexpr": numexpr,
            "Numba": numba,
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
]
