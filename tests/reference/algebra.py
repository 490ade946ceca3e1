"""Products of vectors and matrices, determinants, inverses, linear systems, batches."""

# ruff: noqa: N803, PLW0108
# fmt: off
# A row of a table is a line.

import torch
from torch import linalg

from .rows import between, positive, real, regular, row

PRODUCTS = [
    row("x @ y", lambda x, y: torch.inner(x, y), x=real(3), y=real(3)),
    row("dot(x, x)", lambda x: x.square().sum(), x=real(3)),
    row("sum((A @ x)^2)", lambda A, x: torch.mv(A, x).square().sum(), A=real(2, 3), x=real(3)),
    row("sum(x @ A)", lambda A, x: torch.einsum("i,ij->", x, A), A=real(2, 3), x=real(2)),
    row("sum(A @ B)", lambda A, B: torch.mm(A, B).sum(), A=real(2, 3), B=real(3, 2)),
    row("x @ A @ y", lambda x, A, y: torch.einsum("i,ij,j->", x, A, y), x=real(2), A=real(2, 3), y=real(3)),
    row("x @ A.T @ A @ x", lambda x, A: linalg.vector_norm(A @ x).square(), x=real(3), A=real(2, 3)),
    row("sum((A @ B @ C)*D)", lambda A, B, C, D: (linalg.multi_dot([A, B, C]) * D).sum(), A=real(2, 3), B=real(3, 2),
        C=real(2, 2), D=real(2, 2)),
    row("sum((A @ B)*C)", lambda A, B, C: (torch.bmm(A, B) * C).sum(), A=real(2, 2, 3), B=real(2, 3, 2),
        C=real(2, 2, 2)),
    row("sum((A @ B)*C)", lambda A, B, C: torch.einsum("bij,jk,bik->", A, B, C), A=real(2, 2, 3), B=real(3, 2),
        C=real(2, 2, 2)),
    row("sum((A @ x)*C)", lambda A, x, C: torch.einsum("bij,j,bi->", A, x, C), A=real(2, 2, 3), x=real(3),
        C=real(2, 2)),
    row("sum((x @ A)*C)", lambda A, x, C: torch.einsum("i,bij,bj->", x, A, C), A=real(2, 3, 2), x=real(3),
        C=real(2, 2)),
    row("sum((A @ B)^2)", lambda A, B: torch.einsum("abij,bjk->abik", A, B).square().sum(), A=real(2, 2, 1, 3),
        B=real(2, 3, 2)),
    row("sum((A @ B)^3)", lambda A, B: torch.matmul(A.expand(3, 2, 2), B).pow(3).sum(), A=real(1, 2, 2),
        B=real(3, 2, 1)),
    row("dot(A, B)[0, 1]", lambda A, B: torch.dot(A[0], B[:, 1]), A=real(2, 3), B=real(3, 2)),
    row("sum(dot(2, x)*dot(A, x))", lambda A, x: 2 * (x * (A @ x)).sum(), A=real(3, 3), x=real(3)),
    row("matmul(A, x)[0]*mm(A, B)[0, 0]", lambda A, x, B: (A[0] @ x) * (A[0] @ B[:, 0]), A=real(2, 2), x=real(2),
        B=real(2, 2)),
    row("sum(outer(x, y)*A)", lambda x, y, A: x @ A @ y, x=real(2), y=real(3), A=real(2, 3)),
    row("sum(outer(A, y)^2)", lambda A, y: A.square().sum() * y.square().sum(), A=real(2, 2), y=real(3)),
    row("sum(inner(A, B)*C)", lambda A, B, C: torch.einsum("ij,kj,ik->", A, B, C), A=real(2, 3), B=real(4, 3),
        C=real(2, 4)),
    row("sum(inner(T, x)^2)", lambda T, x: (T @ x).square().sum(), T=real(2, 2, 3), x=real(3)),
    row("sum(cross(a, b)*c)", lambda a, b, c: linalg.det(torch.stack([a, b, c])), a=real(3), b=real(3), c=real(3)),
    row("norm(cross(a, b))", lambda a, b: torch.sqrt(a @ a * (b @ b) - (a @ b).square()), a=real(3), b=real(3)),
    row("sum(cross(A, b)*C)", lambda A, b, C: (linalg.cross(A, b.expand(2, 3)) * C).sum(), A=real(2, 3), b=real(3),
        C=real(2, 3)),
    row("trace(A @ B)", lambda A, B: (A * B.mT).sum(), A=real(2, 3), B=real(3, 2)),
    row("trace(A.T @ A)", lambda A: linalg.matrix_norm(A).square(), A=real(3, 2)),
    row("trace(A)*x", lambda A, x: torch.diagonal(A).sum() * x, A=real(2, 3), x=real()),
]

DETERMINANTS = [
    row("det(A)", lambda A: linalg.det(A), A=regular(3, 3)),
    row("det(A)", lambda A: A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0], A=real(2, 2)),
    row("det(A)", lambda A: linalg.det(A), A=regular(5, 5)),
    row("sum(det(A)*w)", lambda A, w: linalg.det(A) @ w, A=regular(2, 3, 3), w=real(2)),
    row("det(A @ B)*det(B)", lambda A, B: linalg.det(A) * linalg.det(B).square(), A=regular(3, 3), B=regular(3, 3)),
    row("logdet(A)", lambda A: torch.logdet(A), A=regular(3, 3)),
    row("logdet(A.T @ A + eye(2))", lambda A: linalg.slogdet(torch.eye(2) + A.mT @ A).logabsdet, A=real(3, 2)),
    row("sum(logdet(A))", lambda A: linalg.slogdet(A).logabsdet.sum(), A=regular(2, 2, 2)),
    row("log(det(A)^2)/2", lambda A: linalg.slogdet(A)[1], A=regular(3, 3)),
]

SYSTEMS = [
    row("sum(inv(A)*B)", lambda A, B: (linalg.inv(A) * B).sum(), A=regular(3, 3), B=real(3, 3)),
    row("sum(inv(A) @ b)", lambda A, b: linalg.solve(A, b).sum(), A=regular(3, 3), b=real(3)),
    row("trace(inverse(A))", lambda A: torch.trace(torch.inverse(A)), A=regular(3, 3)),
    row("sum(inv(A)^2)", lambda A: linalg.inv(A).square().sum(), A=regular(2, 3, 3)),
    row("sum(solve(A, b)^2)", lambda A, b: linalg.solve(A, b).square().sum(), A=regular(3, 3), b=real(3)),
    row("sum(solve(A, B)*C)", lambda A, B, C: (torch.linalg.lu_solve(*linalg.lu_factor(A), B) * C).sum(),
        A=regular(3, 3), B=real(3, 2), C=real(3, 2)),
    row("sum(solve(A, B)*C)", lambda A, B, C: (linalg.solve(A, B) * C).sum(), A=regular(2, 2, 2), B=real(2, 2, 1),
        C=real(2, 2, 1)),
    row("sum(solve(A, B)*C)", lambda A, B, C: (linalg.solve(A.expand(3, 2, 2), B) * C).sum(), A=regular(2, 2),
        B=real(3, 2, 1), C=real(3, 2, 1)),
    row("b @ solve(A, b)", lambda A, b: b @ (linalg.inv(A) @ b), A=regular(3, 3), b=real(3)),
    row("sum(solve(A.T @ A, A.T @ y)*w)", lambda A, y, w: linalg.pinv(A) @ y @ w, A=between(0.5, 2)(4, 2), y=real(4),
        w=real(2)),
    row("sum((A @ solve(A.T @ A + lam*eye(2), A.T @ y) - y)^2)", lambda A, y, lam: (
        A @ linalg.inv(A.mT @ A + lam * torch.eye(2)) @ A.mT @ y - y).square().sum(), A=real(4, 2), y=real(4),
        lam=positive()),
    row("S = L @ L.T + eye(3); -(x - m) @ solve(S, x - m)/2 - logdet(S)/2 - log(2*pi)*3/2",
        lambda x, m, L: torch.distributions.MultivariateNormal(
        m, covariance_matrix=L @ L.mT + torch.eye(3)).log_prob(x), x=real(3), m=real(3), L=real(3, 3)),
]

QUADRATIC = [
    row("x @ A @ x/2 - b @ x", lambda x, A, b: 0.5 * torch.einsum("i,ij,j", x, A, x) - torch.dot(b, x), x=real(3),
        A=real(3, 3), b=real(3)),
    row("(x @ A @ x)/(x @ x)", lambda x, A: (x * (A @ x)).sum() / x.square().sum(), x=real(3), A=real(3, 3)),
    row("norm(A @ x - b)^2", lambda A, x, b: torch.nn.functional.mse_loss(A @ x, b, reduction="sum"), A=real(4, 2),
        x=real(2), b=real(4)),
    row('norm(A @ B - C, "fro")^2', lambda A, B, C: (A @ B - C).square().sum(), A=real(2, 2), B=real(2, 3),
        C=real(2, 3)),
    row("sum((outer(u, v) - A)^2)", lambda u, v, A: (u[:, None] * v - A).square().sum(), u=real(2), v=real(3),
        A=real(2, 3)),
    row("sum((A @ A @ A)[0])", lambda A: linalg.matrix_power(A, 3)[0].sum(), A=real(2, 2)),
    row("sum((eye(2) + A + A @ A/2 + A @ A @ A/6) @ x)", lambda A, x: (x + A @ (x + A @ (x + A @ x / 3) / 2)).sum(),
        A=real(2, 2), x=real(2)),
    row("a @ b/(norm(a)*norm(b))", lambda a, b: torch.cosine_similarity(a, b, dim=0, eps=0), a=real(4), b=real(4)),
    row("norm(x - (x @ n)/(n @ n)*n)", lambda x, n: linalg.cross(x, n).norm() / n.norm(), x=real(3), n=real(3)),
]

ROWS = [*PRODUCTS, *DETERMINANTS, *SYSTEMS, *QUADRATIC]
