"""Rows of a table chosen by numbers: what embeddings are made of."""

from typing import Any

from .contest import OURS, Call, Ratio, Row

EMBEDDING = "mean((E[ids] - Y)^2)"
WORD2VEC = """
    w = W[word]
    seen = sum(w*C[context], axis=1)
    unseen = sum(w[:, None]*C[negative], axis=2)
    -mean(log_sigmoid(seen) + sum(log_sigmoid(-unseen), axis=1))
"""


def _embedding(size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A table of a thousand rows of 64, so many places, and what should stand there."""
    import numpy as np

    random = np.random.default_rng(1)
    data = {"ids": random.integers(1000, size=size), "Y": random.standard_normal((size, 64))}
    return {"E": random.standard_normal((1000, 64))}, data


def _words(size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two tables of a thousand words of 50 numbers, so many pairs, five negatives each."""
    import numpy as np

    random = np.random.default_rng(1)
    tables = {name: 0.3 * random.standard_normal((1000, 50)) for name in ("W", "C")}
    shapes = {"word": size, "context": size, "negative": (size, 5)}
    return tables, {name: random.integers(1000, size=shape) for name, shape in shapes.items()}


def _ours(text: str, tables: dict[str, Any], data: dict[str, Any]) -> Call:
    from .ours import compiled

    return compiled(text, list(tables), **tables, **data)


def _pytorch(tables: dict[str, Any], data: dict[str, Any], loss: Any) -> Call:
    import torch

    parameters = {name: torch.tensor(value, requires_grad=True) for name, value in tables.items()}
    given = {name: torch.from_numpy(value) for name, value in data.items()}

    def call() -> Any:
        value = loss(**parameters, **given)
        return value.detach(), *torch.autograd.grad(value, tuple(parameters.values()))

    return call


def _jax(tables: dict[str, Any], data: dict[str, Any], loss: Any) -> Call:
    import jax

    jax.config.update("jax_enable_x64", True)
    function = jax.jit(jax.value_and_grad(lambda parameters, given: loss(**parameters, **given)))
    parameters, given = (jax.tree.map(jax.numpy.asarray, part) for part in (tables, data))

    def call() -> Any:
        value, gradient = jax.block_until_ready(function(parameters, given))
        return value, *(gradient[name] for name in tables)

    return call


def embedding_pytorch(size: int) -> Call:
    from torch.nn import functional

    return _pytorch(*_embedding(size), lambda E, ids, Y: functional.mse_loss(functional.embedding(ids, E), Y))


def embedding_jax(size: int) -> Call:
    return _jax(*_embedding(size), lambda E, ids, Y: ((E[ids] - Y) ** 2).mean())


def word2vec_pytorch(size: int) -> Call:
    from torch.nn.functional import embedding, logsigmoid

    def loss(W: Any, C: Any, word: Any, context: Any, negative: Any) -> Any:
        w = embedding(word, W)
        seen, unseen = (w * embedding(context, C)).sum(1), (w[:, None] * embedding(negative, C)).sum(2)
        return -(logsigmoid(seen) + logsigmoid(-unseen).sum(1)).mean()

    return _pytorch(*_words(size), loss)


def word2vec_jax(size: int) -> Call:
    from jax.nn import log_sigmoid

    def loss(W: Any, C: Any, word: Any, context: Any, negative: Any) -> Any:
        seen, unseen = (W[word] * C[context]).sum(1), (W[word][:, None] * C[negative]).sum(2)
        return -(log_sigmoid(seen) + log_sigmoid(-unseen).sum(1)).mean()

    return _jax(*_words(size), loss)


ROWS = [
    Row(
        "lookup",
        "embedding, 1000 rows of 64",
        {
            OURS: lambda size: _ours(EMBEDDING, *_embedding(size)),
            "PyTorch": embedding_pytorch,
            "JAX jit": embedding_jax,
        },
        targets=(Ratio(1.5, "PyTorch"),),
        size=1_000,
        quick=1_000,
        tiny=10,
        axis="places",
    ),
    Row(
        "lookup",
        "word2vec, 1000 words of 50, five negatives",
        {OURS: lambda size: _ours(WORD2VEC, *_words(size)), "PyTorch": word2vec_pytorch, "JAX jit": word2vec_jax},
        targets=(Ratio(1.5, "PyTorch"),),
        size=256,
        quick=256,
        tiny=10,
        axis="pairs",
    ),
]
