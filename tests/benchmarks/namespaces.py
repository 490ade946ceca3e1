"""The functions that the models use, by one name each, from PyTorch and from JAX: the ones that a user would call."""

import math
from types import SimpleNamespace
from typing import Any


def pytorch() -> SimpleNamespace:
    """PyTorch's functions."""
    import torch
    import torch.nn.functional as F  # noqa: N812

    def path(step: Any, state: Any, steps: int) -> Any:
        states = []
        for _ in range(steps):
            state = step(state)
            states.append(state)
        return tuple(map(torch.stack, zip(*states, strict=True))) if isinstance(state, tuple) else torch.stack(states)

    return SimpleNamespace(
        after_images=lambda weights: weights.reshape(2, 2, 8, -1).transpose(2, 0, 1, 3).reshape(32, -1),
        attention=lambda Q, K, V, causal=False: F.scaled_dot_product_attention(Q, K, V, is_causal=causal),
        average_pool=lambda images: F.avg_pool2d(images, 2),
        batch_norm=lambda Z, scale, shift: F.batch_norm(Z, None, None, scale, shift, training=True),
        bce_with_logits=F.binary_cross_entropy_with_logits,
        cholesky=torch.linalg.cholesky,
        cholesky_solve=lambda L, y: torch.cholesky_solve(y[:, None], L)[:, 0],
        chunk=lambda x, parts: torch.chunk(x, parts, dim=1),
        convolve=F.conv2d,
        cross_entropy=F.cross_entropy,
        diagonal=torch.diagonal,
        exp=torch.exp,
        gelu=F.gelu,
        images=lambda images: images.transpose(0, 3, 1, 2),
        kernels=lambda kernels: kernels.reshape(3, 3, -1, kernels.shape[-1]).transpose(3, 2, 0, 1),
        layer_norm=lambda Z, scale, shift: F.layer_norm(Z, Z.shape[-1:], scale, shift),
        lgamma=torch.lgamma,
        linear=lambda Z, W, b: torch.addmm(b, Z, W),
        log=torch.log,
        log_sigmoid=F.logsigmoid,
        log_softmax=lambda x: torch.log_softmax(x, -1),
        logsumexp=torch.logsumexp,
        mean=torch.mean,
        mse=F.mse_loss,
        normalize=lambda x: F.normalize(x, dim=1),
        outer=torch.outer,
        path=path,
        relu=torch.relu,
        reshape=torch.reshape,
        sigmoid=torch.sigmoid,
        sin=torch.sin,
        stack=torch.stack,
        sum=torch.sum,
        swapaxes=torch.swapaxes,
        tanh=torch.tanh,
    )


def jax() -> SimpleNamespace:
    """JAX's functions; where it has none, the formula that its libraries use."""
    from jax import lax, nn
    from jax import numpy as jnp
    from jax.scipy import linalg, special

    def attention(Q: Any, K: Any, V: Any, causal: bool = False) -> Any:
        scores = Q @ jnp.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])
        if causal:
            scores = jnp.where(jnp.tril(jnp.ones(scores.shape[-2:], dtype=bool)), scores, -jnp.inf)
        return nn.softmax(scores) @ V

    def cross_entropy(logits: Any, label: Any) -> Any:
        return -jnp.mean(jnp.take_along_axis(nn.log_softmax(logits), label[:, None], axis=1))

    def path(step: Any, state: Any, steps: int) -> Any:
        def kept(state: Any, _: Any) -> Any:
            state = step(state)
            return state, state

        return lax.scan(kept, state, length=steps)[1]

    def standardized(Z: Any, axis: int) -> Any:
        return (Z - Z.mean(axis, keepdims=True)) * lax.rsqrt(Z.var(axis, keepdims=True) + 1e-5)

    def convolve(images: Any, kernels: Any, bias: Any) -> Any:
        return (
            lax.conv_general_dilated(images, kernels, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            + bias
        )

    return SimpleNamespace(
        after_images=lambda weights: weights,
        attention=attention,
        average_pool=lambda images: lax.reduce_window(images, 0.0, lax.add, (1, 2, 2, 1), (1, 2, 2, 1), "VALID") / 4,
        batch_norm=lambda Z, scale, shift: scale * standardized(Z, 0) + shift,
        bce_with_logits=lambda logit, target: jnp.mean(nn.softplus(logit) - target * logit),
        cholesky=jnp.linalg.cholesky,
        cholesky_solve=lambda L, y: linalg.cho_solve((L, True), y),
        chunk=lambda x, parts: jnp.split(x, parts, axis=1),
        convolve=convolve,
        cross_entropy=cross_entropy,
        diagonal=jnp.diagonal,
        exp=jnp.exp,
        gelu=lambda x: nn.gelu(x, approximate=False),
        images=lambda images: images,  # its convolutions on a CPU like the channels last
        kernels=lambda kernels: kernels.reshape(3, 3, -1, kernels.shape[-1]),
        layer_norm=lambda Z, scale, shift: scale * standardized(Z, -1) + shift,
        lgamma=special.gammaln,
        linear=lambda Z, W, b: Z @ W + b,
        log=jnp.log,
        log_sigmoid=nn.log_sigmoid,
        log_softmax=nn.log_softmax,
        logsumexp=nn.logsumexp,
        mean=jnp.mean,
        mse=lambda prediction, target: jnp.mean((prediction - target) ** 2),
        normalize=lambda x: x / jnp.linalg.norm(x, axis=1, keepdims=True),
        outer=jnp.outer,
        path=path,
        relu=nn.relu,
        reshape=jnp.reshape,
        sigmoid=nn.sigmoid,
        sin=jnp.sin,
        stack=jnp.stack,
        sum=jnp.sum,
        swapaxes=jnp.swapaxes,
        tanh=jnp.tanh,
    )
