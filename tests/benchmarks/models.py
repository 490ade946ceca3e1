"""The 28 models of `examples/models` once more, as a user of PyTorch and a user of JAX write them.

Each model is one function of a namespace `nn` and of the names of its program: arrays of data, then what `param`
declares. `nn` has the functions that both libraries have under their own names, see `namespaces.py`. Where a library
has a function for what our program spells out (convolution, attention, layer and batch normalization), the
model calls it. Loops over data are Python's, which `jax.jit` unrolls: on these sizes its fastest form. Of
steps in time (`path`) its compiler would make minutes of work; they are its `scan`.
"""

from collections.abc import Callable
from math import log, pi
from typing import Any

Model = Callable[..., Any]

#: The data that are places and classes, whole numbers.
LABELS = frozenset({"label", "token", "next", "symbol", "word", "context", "negative", "mate"})

#: The arrays that each library keeps in an order of axes of its own, which the namespaces know by these names.
LAYOUTS = {
    ("lenet", "X"): "images",
    ("lenet", "K1"): "kernels",
    ("lenet", "K2"): "kernels",
    ("lenet", "W"): "after_images",
}


def linear_regression(nn: Any, X: Any, y: Any, w: Any, b: Any) -> Any:
    return nn.mse(X @ w + b, y)


def polynomial_ridge(nn: Any, basis: Any, y: Any, c: Any) -> Any:
    return nn.mse(basis @ c, y) + 0.001 * nn.sum(c**2)


def logistic_regression(nn: Any, X: Any, y: Any, w: Any, b: Any) -> Any:
    return nn.bce_with_logits(X @ w + b, y) + 0.001 * nn.sum(w**2)


def softmax_regression(nn: Any, X: Any, label: Any, W: Any, b: Any) -> Any:
    return nn.cross_entropy(nn.linear(X, W, b), label)


def poisson_regression(nn: Any, X: Any, count: Any, w: Any, b: Any) -> Any:
    rate = X @ w + b
    return nn.mean(nn.exp(rate) - count * rate + nn.lgamma(count + 1))


def support_vector_machine(nn: Any, X: Any, y: Any, w: Any, b: Any) -> Any:
    return 0.01 * (w @ w) + nn.mean(nn.relu(1 - y * (X @ w + b)))


def cox_regression(nn: Any, X: Any, event: Any, at_risk: Any, w: Any) -> Any:
    risk = X @ w
    return -nn.sum(event * (risk - nn.log(at_risk @ nn.exp(risk)))) / nn.sum(event)


def mlp(nn: Any, X: Any, label: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return nn.cross_entropy(nn.linear(nn.relu(nn.linear(X, W1, b1)), W2, b2), label)


def deep_mlp(
    nn: Any, X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any, W4: Any, b4: Any, W5: Any, b5: Any,
    W6: Any, b6: Any,
    w: Any, b: Any,
) -> Any:  # fmt: skip
    h = X
    for W, bias in ((W1, b1), (W2, b2), (W3, b3), (W4, b4), (W5, b5), (W6, b6)):
        h = nn.tanh(nn.linear(h, W, bias))
    return nn.mse(h @ w + b, y)


def autoencoder(nn: Any, X: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any, W4: Any, b4: Any) -> Any:
    code = nn.linear(nn.gelu(nn.linear(X, W1, b1)), W2, b2)
    decoded = nn.sigmoid(nn.linear(nn.gelu(nn.linear(code, W3, b3)), W4, b4))
    return nn.mse(decoded, X)


def vae(
    nn: Any, X: Any, noise: Any, W1: Any, b1: Any, W_mean: Any, b_mean: Any, W_spread: Any, b_spread: Any,
    W2: Any, b2: Any, W3: Any, b3: Any,
) -> Any:  # fmt: skip
    hidden = nn.relu(nn.linear(X, W1, b1))
    centre = nn.linear(hidden, W_mean, b_mean)
    log_variance = nn.linear(hidden, W_spread, b_spread)
    z = centre + nn.exp(log_variance / 2) * noise
    logits = nn.linear(nn.relu(nn.linear(z, W2, b2)), W3, b3)
    divergence = -0.5 * nn.mean(nn.sum(1 + log_variance - centre**2 - nn.exp(log_variance), 1))
    return 64 * nn.bce_with_logits(logits, X) + divergence


def batch_normalization(nn: Any, X: Any, label: Any, W1: Any, scale: Any, shift: Any, W2: Any, b2: Any) -> Any:
    return nn.cross_entropy(nn.linear(nn.relu(nn.batch_norm(X @ W1, scale, shift)), W2, b2), label)


def rnn(nn: Any, X: Any, label: Any, h0: Any, W: Any, U: Any, b: Any, V: Any, c: Any) -> Any:
    h = h0
    for x in X:
        h = nn.tanh(nn.linear(x, W, b) + h @ U)
    return nn.cross_entropy(nn.linear(h, V, c), label)


def lstm(nn: Any, X: Any, y: Any, h0: Any, c0: Any, W: Any, U: Any, b: Any, v: Any, d: Any) -> Any:
    h, c = h0, c0
    for x in X:
        into, forget, cell, out = nn.chunk(nn.linear(x, W, b) + h @ U, 4)
        c = nn.sigmoid(forget) * c + nn.sigmoid(into) * nn.tanh(cell)
        h = nn.sigmoid(out) * nn.tanh(c)
    return nn.mse(h @ v + d, y)


def gru(nn: Any, X: Any, y: Any, h0: Any, W: Any, a: Any, U: Any, b: Any, v: Any, d: Any) -> Any:
    h = h0
    for x in X:
        reset_x, update_x, new_x = nn.chunk(nn.linear(x, W, a), 3)
        reset_h, update_h, new_h = nn.chunk(nn.linear(h, U, b), 3)
        z = nn.sigmoid(update_x + update_h)
        n = nn.tanh(new_x + nn.sigmoid(reset_x + reset_h) * new_h)
        h = (1 - z) * n + z * h
    return nn.mse(h @ v + d, y)


def lenet(nn: Any, X: Any, label: Any, K1: Any, b1: Any, K2: Any, b2: Any, W: Any, b: Any) -> Any:
    Y = nn.average_pool(nn.tanh(nn.convolve(X, K1, b1)))
    Z = nn.average_pool(nn.tanh(nn.convolve(Y, K2, b2)))
    return nn.cross_entropy(nn.linear(nn.reshape(Z, (8, 32)), W, b), label)


def attention(nn: Any, X: Any, Y: Any, W_query: Any, W_key: Any, W_value: Any, W_out: Any) -> Any:
    return nn.mse(nn.attention(X @ W_query, X @ W_key, X @ W_value) @ W_out, Y)


def transformer(
    nn: Any, token: Any, next: Any, embedding: Any, position: Any, scale1: Any, shift1: Any,
    W_query: Any, W_key: Any, W_value: Any, W_out: Any, scale2: Any, shift2: Any,
    W1: Any, b1: Any, W2: Any, b2: Any, W_token: Any,
) -> Any:  # fmt: skip
    def heads(Z: Any) -> Any:
        return nn.swapaxes(nn.reshape(Z, (16, 4, 8)), 0, 1)

    X = embedding[token] + position
    N = nn.layer_norm(X, scale1, shift1)
    attended = nn.attention(heads(N @ W_query), heads(N @ W_key), heads(N @ W_value), causal=True)
    Y = X + nn.reshape(nn.swapaxes(attended, 0, 1), (16, 32)) @ W_out
    Z = Y + nn.linear(nn.gelu(nn.linear(nn.layer_norm(Y, scale2, shift2), W1, b1)), W2, b2)
    return nn.cross_entropy(Z @ W_token, next)


def gaussian_process(nn: Any, x: Any, y: Any, unit: Any, log_length: Any, log_signal: Any, log_noise: Any) -> Any:
    squares = (x[:, None] - x) ** 2
    kernel = nn.exp(2 * log_signal) * nn.exp(-squares / (2 * nn.exp(2 * log_length)))
    L = nn.cholesky(kernel + nn.exp(2 * log_noise) * unit)
    return 0.5 * (y @ nn.cholesky_solve(L, y) + 2 * nn.sum(nn.log(nn.diagonal(L))) + 40 * log(2 * pi))


def kalman_filter(nn: Any, F: Any, drift: Any, y: Any, m0: Any, P0: Any, log_drift: Any, log_noise: Any) -> Any:
    Q, r = nn.exp(log_drift) * drift, nn.exp(log_noise)
    m, P, total = m0, P0, 0.0
    for position in y:
        m, P = F @ m, F @ P @ F.T + Q
        surprise, S = position - m[0], P[0, 0] + r
        gain = P[:, 0] / S
        m, P = m + gain * surprise, P - nn.outer(gain, P[0])
        total = total + nn.log(2 * pi * S) + surprise**2 / S
    return 0.5 * total


def runge_kutta(nn: Any, observed: Any, u0: Any, birth: Any, hunt: Any, growth: Any, death: Any) -> Any:
    def rate(u: Any) -> Any:
        return nn.stack([birth * u[0] - hunt * u[0] * u[1], growth * u[0] * u[1] - death * u[1]])

    def step(u: Any) -> Any:
        k1 = rate(u)
        k2 = rate(u + h / 2 * k1)
        k3 = rate(u + h / 2 * k2)
        k4 = rate(u + h * k3)
        return u + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    h = 0.2
    return nn.mse(nn.path(step, u0, 10), observed)


def pendulum(nn: Any, measured: Any, a0: Any, s0: Any, length: Any, friction: Any) -> Any:
    def step(state: Any) -> Any:
        angle, speed = state
        speed = speed - h * (9.81 / length * nn.sin(angle) + friction * speed)
        return angle + h * speed, speed

    h = 0.1
    angles, _ = nn.path(step, (a0, s0), 20)
    return nn.mse(angles, measured)


def hidden_markov_model(nn: Any, symbol: Any, start: Any, transition: Any, emission: Any) -> Any:
    A, B = nn.log_softmax(transition), nn.log_softmax(emission).T[symbol]
    a = nn.log_softmax(start) + B[0]
    for b in B[1:]:
        a = nn.logsumexp(a[:, None] + A, 0) + b
    return -nn.logsumexp(a, 0)


def gaussian_mixture(nn: Any, X: Any, weight: Any, centre: Any, log_width: Any) -> Any:
    distance = nn.sum(((X[:, None] - centre) / nn.exp(log_width)) ** 2, 2)
    log_density = -0.5 * distance - nn.sum(log_width, 1) - log(2 * pi)
    return -nn.mean(nn.logsumexp(nn.log_softmax(weight) + log_density, 1))


def matrix_factorization(nn: Any, rating: Any, known: Any, U: Any, V: Any, user: Any, film: Any, level: Any) -> Any:
    error = known * (U @ V.T + user[:, None] + film + level - rating)
    return nn.sum(error**2) / nn.sum(known) + 0.01 * (nn.mean(U**2) + nn.mean(V**2))


def word2vec(nn: Any, word: Any, context: Any, negative: Any, W: Any, C: Any) -> Any:
    w = W[word]
    seen = nn.sum(w * C[context], 1)
    unseen = nn.sum(w[:, None] * C[negative], 2)
    return -nn.mean(nn.log_sigmoid(seen) + nn.sum(nn.log_sigmoid(-unseen), 1))


def contrastive(nn: Any, A: Any, B: Any, mate: Any, W1: Any, b1: Any, W2: Any) -> Any:
    def projected(Z: Any) -> Any:
        return nn.normalize(nn.relu(nn.linear(Z, W1, b1)) @ W2)

    similarity = projected(A) @ projected(B).T / 0.2
    return (nn.cross_entropy(similarity, mate) + nn.cross_entropy(similarity.T, mate)) / 2


def rosenbrock(nn: Any, x: Any) -> Any:
    return nn.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


#: The models by the names of their programs.
MODELS: dict[str, Model] = {
    model.__name__: model
    for model in (
        linear_regression, polynomial_ridge, logistic_regression, softmax_regression, poisson_regression,
        support_vector_machine, cox_regression, mlp, deep_mlp, autoencoder, vae, batch_normalization, rnn, lstm, gru,
        lenet, attention, transformer, gaussian_process, kalman_filter, runge_kutta, pendulum, hidden_markov_model,
        gaussian_mixture, matrix_factorization, word2vec, contrastive, rosenbrock,
    )
}  # fmt: skip
