"""Activations, losses, and networks of a few layers."""

# ruff: noqa: E501, N803, PLW0108
# fmt: off
# A row of a table is a line.

import torch
from torch.nn import functional

from .rows import above_one, between, positive, probability, real, row

LABELS, CLASS = [2.0, 0.0, 1.0, 1.0], 2.0


def labels(*classes: int) -> torch.Tensor:
    """Class labels as PyTorch takes them."""
    return torch.tensor(classes)


ACTIVATIONS = [
    row("sum(sigmoid(x))", lambda x: torch.sigmoid(x).sum(), x=real(4)),
    row("1/(exp(-(w*x + b)) + 1)", lambda w, x, b: torch.special.expit(w * x + b), w=real(), x=real(), b=real()),
    row("sum(tanh(x)*x)", lambda x: functional.tanhshrink(x).mul(-x).add(x * x).sum(), x=real(4)),
    row("sum(relu(x)*w)", lambda x, w: functional.relu(x) @ w, x=real(5), w=real(5)),
    row("sum(leaky_relu(x))", lambda x: functional.leaky_relu(x).sum(), x=real(5)),
    row("sum(leaky_relu(x, negative_slope=0.2))", lambda x: functional.leaky_relu(x, 0.2).sum(), x=real(5)),
    row("sum(leaky_relu(x, a))", lambda x, a: functional.prelu(x, a.reshape(1)).sum(), x=real(5), a=positive()),
    row("sum(elu(x))", lambda x: functional.elu(x).sum(), x=real(5)),
    row("sum(elu(x, 1.5))", lambda x: functional.elu(x, 1.5).sum(), x=real(5)),
    row("1.0507009873554805*sum(elu(x, 1.6732632423543772))", lambda x: functional.selu(x).sum(), x=real(5)),
    row("sum(silu(x))", lambda x: functional.silu(x).sum(), x=real(5)),
    row("sum(swish(b*x))/b", lambda x, b: (x * torch.sigmoid(b * x)).sum(), x=real(5), b=positive()),
    row("sum(gelu(x))", lambda x: functional.gelu(x).sum(), x=between(-4, 4)(6)),
    row("sum(x/2*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3))))", lambda x: functional.gelu(x, approximate="tanh").sum(), x=real(5)),
    row("sum(softplus(x))", lambda x: functional.softplus(x).sum(), x=between(-15, 15)(6)),
    row("sum(log_sigmoid(x))", lambda x: functional.logsigmoid(x).sum(), x=between(-15, 15)(6)),
    row("sum(logsigmoid(-x)*y)", lambda x, y: -(functional.softplus(x) * y).sum(), x=real(4), y=real(4)),
    row("sum(hardtanh(x))", lambda x: functional.hardtanh(x).sum(), x=real(6)),
    row("sum(hardtanh(x, min_val=-0.5, max_val=1.5)^2)", lambda x: functional.hardtanh(x, -0.5, 1.5).square().sum(), x=real(6)),
    row("sum(clip(x + 3, 0, 6))/6", lambda x: functional.relu6(x + 3).sum() / 6, x=between(-5, 5)(6)),
    row("sum(x*clip(x + 3, 0, 6))/6", lambda x: functional.hardswish(x).sum(), x=between(-5, 5)(6)),
    row("sum(x*tanh(softplus(x)))", lambda x: functional.mish(x).sum(), x=real(5)),
    row("sum(x/(1 + abs(x)))", lambda x: functional.softsign(x).sum(), x=real(5)),
    row("sum(min(relu(x), 6))", lambda x: functional.relu6(x).sum(), x=between(-3, 9)(6)),
    row("sum(x[:2]*sigmoid(x[2:]))", lambda x: functional.glu(x, 0).sum(), x=real(4)),
    row("sum(softmax(x/T)*w)", lambda x, T, w: functional.softmax(x / T, 0) @ w, x=real(4), T=positive(), w=real(4)),
]

LOSSES = [
    row("mse(p, y)", lambda p, y: functional.mse_loss(p, y), p=real(4), y=real(4)),
    row("mse_loss(A @ x, b)", lambda A, x, b: functional.mse_loss(A @ x, b), A=real(3, 2), x=real(2), b=real(3)),
    row("mae(p, y)", lambda p, y: functional.l1_loss(p, y), p=real(4), y=real(4)),
    row("l1_loss(target=y, prediction=p)", lambda p, y: functional.l1_loss(p, y), p=real(2, 3), y=real(2, 3)),
    row("huber(p, y)", lambda p, y: functional.huber_loss(p, y), p=real(6), y=real(6)),
    row("huber(p, y, 0.5)", lambda p, y: functional.huber_loss(p, y, delta=0.5), p=real(6), y=real(6)),
    row("huber_loss(p, y, delta=2)/2", lambda p, y: functional.smooth_l1_loss(p, y, beta=2), p=real(6), y=real(6)),
    row("bce(p, y)", lambda p, y: functional.binary_cross_entropy(p, y), p=probability(4), y=probability(4)),
    row("binary_cross_entropy(sigmoid(z), y)", lambda z, y: functional.binary_cross_entropy_with_logits(z, y), z=real(4), y=[0.0, 1.0, 1.0, 0.0]),
    row("bce_with_logits(z, y)", lambda z, y: functional.binary_cross_entropy_with_logits(z, y), z=between(-30, 30)(6), y=probability(6)),
    row("binary_cross_entropy_with_logits(X @ w + b, y)", lambda X, w, b, y: functional.binary_cross_entropy_with_logits(
        X @ w + b, torch.tensor([0.0, 1.0, 1.0])), X=real(3, 2), w=real(2), b=real(), y=[0.0, 1.0, 1.0]),
    row("nll(log_softmax(z), t)", lambda z, t: functional.cross_entropy(z, labels(2, 0, 1, 1)), z=real(4, 3), t=LABELS),
    row("nll_loss(x, t)", lambda x, t: functional.nll_loss(x, labels(2, 0, 1, 1)), x=real(4, 3), t=LABELS),
    row("nll(x, 2)", lambda x: functional.nll_loss(x, torch.tensor(2)), x=real(4)),
    row("cross_entropy(z, t)", lambda z, t: functional.cross_entropy(z, labels(2, 0, 1, 1)), z=real(4, 3), t=LABELS),
    row("cross_entropy(z, 2)", lambda z: functional.cross_entropy(z, torch.tensor(2)), z=real(3)),
    row("cross_entropy(z, t)", lambda z, t: -functional.log_softmax(z, 0)[2], z=between(-50, 50)(3), t=CLASS),
    row("cross_entropy(z, p)", lambda z, p: functional.cross_entropy(z, p), z=real(2, 3), p=probability(2, 3)),
    row("cross_entropy(z, [0.2, 0.5, 0.3])", lambda z: functional.cross_entropy(z, torch.tensor([0.2, 0.5, 0.3])), z=real(3)),
    row("cross_entropy(z, (1 - 0.1)*one_hot(t, 3) + 0.1/3)", lambda z, t: functional.cross_entropy(
        z, labels(2, 0, 1, 1), label_smoothing=0.1), z=real(4, 3), t=LABELS),
    row("-mean(sum(one_hot(t, 3)*log_softmax(z), axis=1))", lambda z, t: functional.cross_entropy(z, labels(2, 0, 1, 1)), z=real(4, 3), t=LABELS),
    row("mean(at_target(z, t)^2)", lambda z, t: z.gather(1, labels(2, 0, 1, 1)[:, None]).square().mean(), z=real(4, 3), t=LABELS),
    row("-mean(at_target(log_softmax(z), t))", lambda z, t: functional.cross_entropy(z.permute(0, 2, 1), torch.tensor([[0, 2], [1, 1]])), z=real(2, 2, 3), t=[[0.0, 2.0], [1.0, 1.0]]),
    row("-mean(at_target(log_softmax(swapaxes(z, 1, -1)), swapaxes(p, 1, -1)))", lambda z, p: functional.cross_entropy(z, p), z=real(2, 3, 4), p=probability(2, 3, 4)),
    row("sum(E[t]^3)", lambda E, t: functional.embedding(labels(2, 0, 1, 1), E).pow(3).sum(), E=real(4, 3), t=LABELS),
    row("mean(E[[[2, 0], [1, 1]]] @ w)", lambda E, w: (functional.embedding(torch.tensor([[2, 0], [1, 1]]), E) @ w).mean(), E=real(3, 2), w=real(2)),
    row("sum(E[:, t - 3]^2)", lambda E, t: E[:, labels(2, 0, 1, 1) - 3].square().sum(), E=real(2, 3), t=LABELS),
    row("sum(E[k]^2) + E[k, k]", lambda E, k: E[2].square().sum() + E[2, 2], E=real(3, 3), k=CLASS),
    row("sum(sin(E[t, [0, 1, 0, 1]]))", lambda E, t: E[labels(2, 0, 1, 1), labels(0, 1, 0, 1)].sin().sum(), E=real(3, 2), t=LABELS),
    row("-mean(log_sigmoid(sum(U[t]*V[flip(t)], axis=-1)))", lambda U, V, t: -functional.logsigmoid(
        (functional.embedding(labels(2, 0, 1, 1), U) * functional.embedding(labels(1, 1, 0, 2), V)).sum(-1)).mean(), U=real(3, 2), V=real(3, 2), t=LABELS),
    row("sum(cosine_similarity(a, b)*w)", lambda a, b, w: functional.cosine_similarity(a, b) @ w, a=real(1, 4), b=real(3, 4), w=real(3)),
    row("sum(cosine_similarity(a, b)^2)", lambda a, b: functional.cosine_similarity(a, b).square().sum(), a=real(4), b=real(3, 4)),
    row("sum(cosine_similarity(a, b)^3)", lambda a, b: functional.cosine_similarity(a, b).pow(3).sum(), a=real(2, 3, 2), b=real(3, 1)),
    row("sum(cosine_similarity(a, b, axis=0)^3)", lambda a, b: functional.cosine_similarity(a, b, dim=0).pow(3).sum(), a=real(2, 1), b=real(2, 3)),
    row("sum(normalize(x)*w)", lambda x, w: (functional.normalize(x) * w).sum(), x=real(2, 3), w=real(2, 3)),
    row("sum(normalize(x)*w)", lambda x, w: (functional.normalize(x) * w).sum(), x=real(2, 3, 2), w=real(2, 3, 2)),
    row("sum(normalize(x, 1)*w)", lambda x, w: (functional.normalize(x, 1) * w).sum(), x=real(2, 2, 3, 2), w=real(2, 2, 3, 2)),
    row("cosine_similarity(a, b)", lambda a, b: functional.cosine_similarity(a, b, dim=0), a=real(4), b=real(4)),
    row("sum(cosine_similarity(A, B, axis=0)*w)", lambda A, B, w: functional.cosine_similarity(A, B, dim=0) @ w, A=real(3, 2), B=real(3, 2), w=real(2)),
    row("sum(normalize(x)*w)", lambda x, w: functional.normalize(x, dim=0) @ w, x=real(4), w=real(4)),
    row("sum(normalize(A, 1, axis=1)*W)", lambda A, W: (functional.normalize(A, p=1, dim=1) * W).sum(), A=real(2, 3), W=real(2, 3)),
    row("mean(max(0, 1 - y*s))", lambda s, y: functional.hinge_embedding_loss(y * s, torch.tensor(-1.0)), s=real(5), y=[1.0, -1.0, 1.0, 1.0, -1.0]),
    row("mean(relu(-y*(a - b) + 0.5))", lambda a, b, y: functional.margin_ranking_loss(a, b, torch.tensor([1.0, -1.0, 1.0]), margin=0.5), a=real(3), b=real(3), y=[1.0, -1.0, 1.0]),
    row("sum(xlogy(q, q) - q*log_softmax(z))", lambda z, q: functional.kl_div(functional.log_softmax(z, 0), q, reduction="sum"), z=real(3), q=probability(3)),
    row("mean(exp(z) - y*z)", lambda z, y: functional.poisson_nll_loss(z, y), z=real(4), y=positive(4)),
    row("mean(log(v) + (y - m)^2/v)/2", lambda m, y, v: functional.gaussian_nll_loss(m, y, v), m=real(4), y=real(4), v=positive(4)),
    row("mean(relu(norm(a - p, axis=1) - norm(a - n, axis=1) + 1))", lambda a, p, n: functional.triplet_margin_loss(a, p, n, eps=0), a=real(3, 2), p=real(3, 2), n=real(3, 2)),
    row("mean(softplus(-y*z))", lambda z, y: functional.soft_margin_loss(z, torch.tensor([1.0, -1.0, 1.0])), z=real(3), y=[1.0, -1.0, 1.0]),
    row("p = sigmoid(z); -mean((1 - p)^2*log(p))", lambda z: (-(1 - torch.sigmoid(z)).square() * functional.logsigmoid(z)).mean(), z=real(4)),
]

NETWORKS = [
    row("mean((w*x + b - y)^2)", lambda w, b, x, y: functional.mse_loss(w * x + b, y), w=real(), b=real(), x=real(5), y=real(5)),
    row("mse(X @ w + b, y)", lambda X, w, b, y: functional.mse_loss(torch.addmv(b, X, w), y), X=real(5, 3), w=real(3), b=real(), y=real(5)),
    row("mse(X @ w, y) + 0.1*(w @ w)", lambda X, w, y: functional.mse_loss(X @ w, y) + 0.1 * w.square().sum(), X=real(5, 3), w=real(3), y=real(5)),
    row("mse(X @ w, y) + lam*norm(w, 1)", lambda X, w, y, lam: functional.mse_loss(X @ w, y) + lam * w.abs().sum(), X=real(5, 3), w=real(3), y=real(5), lam=positive()),
    row("h = relu(W @ x + b); v @ h", lambda W, x, b, v: functional.relu(functional.linear(x, W, b)) @ v, W=real(4, 3), x=real(3), b=real(4), v=real(4)),
    row("h = tanh(X @ W1 + b1)\ny = h @ W2 + b2\nmse(y, t)", lambda X, W1, b1, W2, b2, t: functional.mse_loss(
        functional.linear(torch.tanh(functional.linear(X, W1.mT, b1)), W2.mT, b2), t), X=real(4, 2), W1=real(2, 3), b1=real(3), W2=real(3, 1), b2=real(1), t=real(4, 1)),
    row("h = relu(X @ W1 + b1); z = h @ W2 + b2; cross_entropy(z, t)", lambda X, W1, b1, W2, b2, t: functional.cross_entropy(
        torch.addmm(b2, torch.addmm(b1, X, W1).relu(), W2), labels(2, 0, 1, 1)), X=real(4, 2), W1=real(2, 5), b1=real(5), W2=real(5, 3), b2=real(3), t=LABELS),
    row("layer(x, W, b) = sigmoid(W @ x + b)\nlayer(layer(x, U, a), V, c)[0]", lambda x, U, a, V, c: torch.sigmoid(
        V @ torch.sigmoid(U @ x + a) + c)[0], x=real(2), U=real(3, 2), a=real(3), V=real(2, 3), c=real(2)),
    row("q = X @ Q; k = X @ K; v = X @ V; sum(softmax(q @ k.T/sqrt(2)) @ v)", lambda X, Q, K, V: functional.scaled_dot_product_attention(
        (X @ Q)[None], (X @ K)[None], (X @ V)[None]).sum(), X=real(3, 2), Q=real(2, 2), K=real(2, 2), V=real(2, 3)),
    row("m = mean(x, axis=1, keepdims=True); s = std(x, axis=1, keepdims=True); sum((x - m)/s*g + b)", lambda x, g, b: functional.layer_norm(
        x, (3,), g, b, eps=0).sum(), x=real(2, 3), g=real(3), b=real(3)),
    row("sum(x/sqrt(mean(x^2, axis=-1, keepdims=True) + 1e-6)*g)", lambda x, g: functional.rms_norm(x, (3,), g, eps=1e-6).sum(), x=real(2, 3), g=real(3)),
    row("h = tanh(Wx*x1 + Wh*0); h2 = tanh(Wx*x2 + Wh*h); h2^2", lambda Wx, Wh, x1, x2: torch.tanh(Wx * x2 + Wh * torch.tanh(Wx * x1)).square(), Wx=real(), Wh=real(), x1=real(), x2=real()),
    row("i = sigmoid(W[0] @ x); f = sigmoid(W[1] @ x); o = sigmoid(W[2] @ x); c = f*c0 + i*tanh(W[3] @ x); o*tanh(c)", lambda W, x, c0: (
        torch.sigmoid(W[2] @ x) * torch.tanh(torch.sigmoid(W[1] @ x) * c0 + torch.sigmoid(W[0] @ x) * torch.tanh(W[3] @ x))), W=real(4, 3), x=real(3), c0=real()),
    row("sum((w[0]*x[:-2] + w[1]*x[1:-1] + w[2]*x[2:])^2)", lambda w, x: functional.conv1d(x[None, None], w[None, None]).square().sum(), w=real(3), x=real(6)),
    row("sum(max(reshape(x, 3, 2), axis=1))", lambda x: functional.max_pool1d(x[None], 2).sum(), x=real(6)),
    row("sum(mean(reshape(x, 3, 2), axis=1)^2)", lambda x: functional.avg_pool1d(x[None], 2).square().sum(), x=real(6)),
    row("E[[2, 0, 2]] @ v @ [1, 2, 3]", lambda E, v: functional.embedding(labels(2, 0, 2), E) @ v @ torch.tensor([1.0, 2.0, 3.0]), E=real(3, 2), v=real(2)),
    row("sum(a*b/(1 + exp(-k*(x - x0))))", lambda a, b, k, x, x0: (a * b * torch.sigmoid(k * (x - x0))).sum(), a=real(), b=real(), k=above_one(), x=real(3), x0=real()),
]

ROWS = [*ACTIVATIONS, *LOSSES, *NETWORKS]
