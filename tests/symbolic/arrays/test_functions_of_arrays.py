"""Every function of arrays: the formula's values at a point are reverse mode's, to nine digits."""

from random import Random
from typing import Any

import numpy as np
import pytest
from amount import PATIENCE, sampled

import diffcli

#: By name: the variables' shapes. Small letters are vectors, capital ones matrices.
SHAPES: dict[str, tuple[int, ...]] = {
    "x": (3,), "y": (3,), "u": (4,), "v": (2,), "w": (6,), "s": (), "t": (),
    "A": (2, 3), "B": (3, 4), "C": (2, 3), "S": (3, 3), "Q": (3, 3), "R": (2, 2), "K": (4, 3), "b": (2,),
    "T": (2, 3, 2), "U": (2, 2, 3), "P": (2, 2, 2), "one": (1,), "row": (1, 3), "col": (2, 1),
}  # fmt: skip
#: Variables that must be away from 0, or a matrix that is well conditioned.
POSITIVE = ("s", "t")

EXPRESSIONS = """
sum(A, axis=0)@y
sum(sum(A, axis=1)^2)
sum(sum(A, axis=-1, keepdims=True)*A)
sum(sum(T, axis=(0, 2))^3)
sum(sum(T, axis=1, keepdims=True)*T)
sum(sum(T)*T)
sum(mean(A, axis=0)^2)
sum((A - mean(A, axis=1, keepdims=True))^3)
sum(mean(T, axis=(1, 2))^2)
mean(mean(A, keepdims=True)*A)
sum(prod(A, axis=1)^2)
sum(prod(A, axis=0, keepdims=True)*A)
prod(sum(A, axis=0))
prod(T)
sum(max(A, axis=1)*b)
sum(max(A, axis=0, keepdims=True)*A)
max(A)*min(A)
sum(min(T, axis=(0, 1))^2)
sum(min(A, axis=-1)^2)
median(x)^2
median(u)*s
sum(median(A, axis=1)^2)
sum(median(K, axis=0)*y)
sum(logsumexp(A, axis=1)*b)
logsumexp(T)
sum(logsumexp(A, axis=0, keepdims=True)*A)
var(x)
var(A, ddof=1)
sum(var(A, axis=0)*y)
sum(var(A, axis=1, ddof=1, keepdims=True)*A)
std(x)*s
sum(std(A, axis=1, ddof=1)^2)
sum(std(T, axis=(0, 1))^3)
norm(x)
norm(x, 1)
norm(x, inf)
norm(A)
norm(A, "fro")^3
norm(A, 1)
norm(A, inf)
sum(norm(A, axis=1)*b)
sum(norm(A, 1, axis=0)^2)
sum(norm(A, inf, axis=1, keepdims=True)*A)
norm(T)
sum(softmax(x)*y)
sum(softmax(A)*C)
sum(softmax(A, axis=0)*C^2)
sum(softmax(T, axis=1)*T)
sum(log_softmax(x)*y)
sum(log_softmax(A, axis=0)*C)
sum(log_softmax(T, axis=-1)^2)
sum(cumsum(x)*y)
sum(cumsum(x)^2)
sum(cumsum(A)*w)
sum(cumsum(A, axis=0)*C)
sum(cumsum(A, axis=1)^2)
sum(cumsum(cumsum(x))*y)
sum(cumsum(flip(x))*y)
sum(A@x)
sum((A@x - b)^2)
sum(tanh(A@B)^2)
sum(A@B@K@x)
b@A@x
x@y
dot(x, y)^2
sum(dot(A, B)^2)
sum(dot(A, x)*b)
sum(dot(s, A)^2)
sum((T@U)^2)
sum((U@B)^2)
sum(sin(U@x))
sum((b@T[:, 0])^2)
sum(outer(x, u)*K.T)
sum(outer(x, x)*S)
sum(outer(A, b)^2)
inner(x, y)
sum(inner(A, C)^2)
sum(inner(A, x)*b)
trace(S)
trace(S@Q)
trace(S@S@Q)
trace(A@A.T)
trace(A)
x@S@x
x@S.T@y
sum(A.T@b)
sum((A.T@A - S)^2)
sum(T.T*T.T)
sum(transpose(T, (1, 0, 2))[0]*A[:, 0:2])
sum(transpose(T, axes=(2, 0, 1))*U[0, 0, 0])
sum(swapaxes(T, 1, 2)*U)
det(S)
det(R)^2
det(S@Q)
det(A@A.T)
sum(det(P)*b)
logdet(S.T@S + eye(3))
logdet(A@A.T)
sum(inv(S))
sum(inv(S)*Q)
x@inv(S)@y
sum(inv(R)@R)
sum(inv(S.T@S + eye(3))@x)
sum(inv(P)^2)
sum(solve(S, x)*y)
sum(solve(S, B)^2)
x@solve(S.T@S + s*eye(3), x)
trace(solve(S, Q))
sum(cross(x, y)*x^2)
sum(cross(S, y)^2)
sum(cross(A, C)*A)
sum(diag(x)@B)
sum(diag(x, k=1)^2)
sum(diag(x, k=-1)@u)
sum(diag(S)*x)
sum(diag(S, k=1)^3)
sum(diag(A)*b)
sum(diag(A, 1)*b)
sum(diag(K, k=-1)*y)
sum(triu(S)*Q)
sum(triu(S, k=1)^2)
sum(tril(A)^3)
sum(tril(S, k=-1)@x)
sum(tril(K, k=1)*K)
sum(reshape(x, (3, 1))*A.T)
sum(reshape(w, (2, 3))*A)
sum(reshape(w, (3, 2))@A)
sum(reshape(A, (3, 2))@R)
sum(reshape(A, -1)*w)
sum(reshape(T, (6, 2))@R)
sum(reshape(T, (2, 6))@w)
sum(reshape(T, (3, 4))@B.T)
sum(reshape(B, (2, 6))@w)
sum(reshape(B, (2, 3, 2))*T)
sum(sin(ravel(A))*w)
sum(ravel(T)[::2]^2)
sum(expand_dims(x, 0)*A)
sum(expand_dims(x, axis=1)*A.T)
sum(expand_dims(A, axis=-1)*T)
sum(squeeze(row)*x)
sum(squeeze(col, axis=1)*b)
sum(stack(x, y)*A)
sum(stack([x, y], axis=1)*A.T)
sum(stack(x, y, x*y)@x)
sum(concat(x, y)*w)
sum(concat(A, C)^3)
sum(concat(A, C, axis=1)@w)
max(concat(x, u))
sum(concat(x, one, v)*concat(v, u))
sum(tile(x, 2)*w)
sum(tile(A, (2, 1))^2)
sum(tile(x, (2, 2))^2)
sum(tile(b, 2)*u)
sum(repeat(x, 2)*w)
sum(repeat(A, 2, axis=1)@w)
sum(repeat(A, 2, axis=0)*concat(C, C))
sum(repeat(A, 2)^2)
sum(flip(x)*y)
sum(flip(A)*C)
sum(flip(A, axis=1)@x)
sum(flip(T, axis=(0, 2))*T)
sum(roll(x, 1)*y)
sum(roll(u, -1)*u^2)
sum(roll(A, 1, axis=1)*C)
sum(roll(A, 2)*C)
sum(roll(roll(A, 1, axis=0), 4, axis=1)*C)
sum(broadcast_to(x, (2, 3))*A)
sum(broadcast_to(s, (2, 3))*A)
sum(broadcast_to(col, (2, 3))^2*A)
sum((x + zeros(3))*ones(3)*y)
sum((S + s*eye(3))@x)
sum(eye(2, 3)*A)
sum(arange(3)*x)
sum(arange(1, 7, 2)*x^2)
sum(linspace(0, 1, 3)*x)
sum(x[:, None]*B)
sum(x[None, :]*A)
sum(x[[0, 2]]*v)
sum(x[[0, 0, 2]]^2)
sum(A[[1, 0], [2, 2]]*v)
sum(A[0, [0, 2]]*v)
sum(A[:, [2, 0]]@v)
sum(T[[1, 0], :, [1, 1]]*A)
A[1, 2]*A[0, -1]
sum(A[[[0, -1], [1, 1]]]*y)
sum(A[[[0], [1]], [2, 0]]*R)
sum(A[floor(abs(x)/2)]*x[:, None])
cross_entropy(x, 1)
cross_entropy(A, [0, 2])
cross_entropy(x, softmax(y))
cross_entropy(A, softmax(C))
nll(log_softmax(A), [2, 1])
mse(A@x, b)
mae(A@x, b)
huber(x, y)
bce(sigmoid(x), sigmoid(y))
bce_with_logits(x, sigmoid(y))
cosine_similarity(x, y)
sum(cosine_similarity(A, C))
sum(normalize(x)*y)
sum(normalize(A)*C)
sum(gelu(x)) + sum(silu(y))
sum(leaky_relu(x)) + sum(elu(y)*x)
sum(hardtanh(2*x)) + sum(clip(y, -0.5, 0.5)^2)
sum(clip(x, 0, 9)*y)
sum(erf(x)*erfc(y))
gamma(s)*lgamma(t)
sum(lgamma(x)*y)
digamma(s)*polygamma(t, 1)
beta(s, t)
xlogy(s, t) + xlog1py(s, t)
sum(where(A > 0, A^2, -A))
sum(maximum(A, 0)@x)
sum(relu(A@x)*b)
abs(x)@y
d(sum(x^3), x)@y
sum(d(b@A@x, A)*C)
d(d(s^4*t, s), t)
sum(d(logsumexp(x), x)^2)
sum(d(det(S), S)*Q)
d(sum(d(sum(x^4), x)*y), x)@x
"""
CASES = EXPRESSIONS.strip().splitlines()


def point(text: str) -> dict[str, Any]:
    """Values of the variables: the same ones each time; no two of them equal."""
    from diffcli.source import Source
    from diffcli.syntax.parser import parse
    from diffcli.syntax.resolve import resolve

    names = resolve(parse(Source(text)), frozenset(SHAPES)).variables
    random = Random(text)
    values: dict[str, Any] = {}
    for name in names:
        shape = SHAPES[name]
        drawn = np.array(
            [
                random.uniform(0.3, 1.7) * (1 if name in POSITIVE else random.choice((-1, 1)))
                for _ in range(int(np.prod(shape)))
            ]
        ).reshape(shape)
        values[name] = drawn.tolist()
    return values


@pytest.mark.parametrize("text", sampled(CASES, 10))
def test_the_formula_gives_reverse_modes_gradient(text: str) -> None:
    at = point(text)
    report = diffcli.grad(text, at, symbolic=True, timeout=PATIENCE)
    assert report.symbolic is not None
    assert report.agreement is not None
    for name, row in report.symbolic.items():
        assert row.reason is None, (name, row.reason)
        assert row.value is not None
        np.testing.assert_allclose(np.asarray(row.value, dtype=float), report.gradient[name], rtol=1e-9, atol=1e-12)
    assert report.agreement.verdict == "agree"


def test_there_are_many() -> None:
    assert len(CASES) == len(set(CASES)) >= 180
