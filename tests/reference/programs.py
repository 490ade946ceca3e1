"""Programs: named intermediates, functions, and derivatives within expressions."""

# ruff: noqa: E501, N803
# fmt: off
# A row of a table is a line.

from collections.abc import Callable
from typing import Any

import torch

from .rows import positive, real, row


def slope(function: Callable[..., Any], *variables: Any, by: int = 0) -> Any:
    """A derivative that can be differentiated again."""
    result = function(*variables)
    [found] = torch.autograd.grad(result, [variables[by]], create_graph=True)
    return found


DEFINED = [
    row("y = 2*x; y^2 + y", lambda x: 4 * x * x + 2 * x, x=real()),
    row("a = x*y; b = sin(a); a*b + b/a", lambda x, y: (x * y + 1 / (x * y)) * torch.sin(x * y), x=positive(), y=positive()),
    row("f(u, v) = u*v + u; f(x, 2)*f(2, x)", lambda x: 3 * x * (2 * x + 2), x=real()),
    row("f(t) = t^2 + 1; f(f(f(x)))", lambda x: ((x**2 + 1) ** 2 + 1) ** 2 + 1, x=real()),
    row("g(t) = exp(-t^2); h(t) = g(t)*g(1 - t); h(x)", lambda x: torch.exp(-x.square() - (1 - x).square()), x=real()),
    row("k = 3; f(t) = k*t; sum(f(x)*w)", lambda x, w: 3 * x @ w, x=real(3), w=real(3)),
    row("param w = [1, 2]; sum(w*x)", lambda x, w: w @ x, x=real(2), w=real(2)),
    row("sin(t) = t + 1; sin(x)^2", lambda x: (x + 1).square(), x=real()),
    row("x1 = x - (x^2 - a)/(2*x); x2 = x1 - (x1^2 - a)/(2*x1); x2", lambda x, a: (lambda t: (t + a / t) / 2)((x + a / x) / 2), x=positive(), a=positive()),
    row("v = v0 + a*t; s = v0*t + a*t^2/2; v*s", lambda v0, a, t: (v0 + a * t) * (v0 * t + 0.5 * a * t * t), v0=real(), a=real(), t=positive()),
    row("(1 - x)^2 + 100*(y - x^2)^2", lambda x, y: torch.square(1 - x) + 100 * torch.square(y - x.square()), x=real(), y=real()),
    row("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", lambda x, y: (x * x + y - 11).square() + (x + y * y - 7).square(), x=real(), y=real()),
    row("-20*exp(-0.2*sqrt(mean(x^2))) - exp(mean(cos(2*pi*x))) + 20 + e", lambda x: 20 + torch.e - 20 * torch.exp(
        -0.2 * torch.sqrt(x.square().mean())) - torch.exp(torch.cos(2 * torch.pi * x).mean()), x=real(3)),
    row("10*3 + sum(x^2 - 10*cos(2*pi*x))", lambda x: (10 + x.square() - 10 * torch.cos(2 * torch.pi * x)).sum(), x=real(3)),
    row("sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)", lambda x: sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(3)), x=real(4)),
    row("d1 = (log(S/K) + (r + s^2/2)*T)/(s*sqrt(T)); d2 = d1 - s*sqrt(T); N(z) = erfc(-z/sqrt(2))/2; S*N(d1) - K*exp(-r*T)*N(d2)",
        lambda S, K, r, s, T: S * torch.special.ndtr((torch.log(S / K) + (r + s * s / 2) * T) / (s * T.sqrt()))
        - K * torch.exp(-r * T) * torch.special.ndtr((torch.log(S / K) + (r - s * s / 2) * T) / (s * T.sqrt())),
        S=positive(), K=positive(), r=positive(), s=positive(), T=positive()),
    row("4*eps*((sigma/r)^12 - (sigma/r)^6)", lambda eps, sigma, r: 4 * eps * ((sigma / r).pow(6) * ((sigma / r).pow(6) - 1)), eps=positive(), sigma=positive(), r=positive()),
    row("R*T/(V - b) - a/V^2", lambda R, T, V, a, b: torch.div(R * T, V - b) - a / V.square(), R=positive(), T=positive(), V=positive(), a=positive(), b=real()),
]

DERIVATIVES = [
    row("d(x^3, x)", lambda x: 3 * x.square(), x=real()),
    row("d(sin(x)*y, x)", lambda x, y: slope(lambda x, y: torch.sin(x) * y, x, y), x=real(), y=real()),
    row("d(sin(x)*y, y)", lambda x, y: slope(lambda x, y: torch.sin(x) * y, x, y, by=1), x=real(), y=real()),
    row("d(d(x^4, x), x)", lambda x: slope(lambda t: slope(lambda u: u**4, t), x), x=real()),
    row("d(d(d(exp(2x), x), x), x)", lambda x: 8 * torch.exp(2 * x), x=real()),
    row("sum(d(sum(x^3), x))", lambda x: slope(lambda t: t.pow(3).sum(), x).sum(), x=real(3)),
    row("norm(d(log(sum(exp(x))), x))^2", lambda x: torch.softmax(x, 0).square().sum(), x=real(3)),
    row("d(x @ A @ x, x) @ v", lambda x, A, v: slope(lambda x: x @ A @ x, x) @ v, x=real(3), A=real(3, 3), v=real(3)),
    row("g = d(mean((w*x - y)^2), w); (w - 0.1*g)^2", lambda w, x, y: torch.square(w - 0.1 * slope(lambda w: torch.mean((w * x - y) ** 2), w)), w=real(), x=real(4), y=real(4)),
    row("f(t) = tanh(t); d(f(x), x)*f(x)", lambda x: slope(torch.tanh, x) * torch.tanh(x), x=real()),
    row("f(t) = t^3; df(t) = d(f(t), t); df(x)", lambda x: 3 * x * x, x=real()),
    row("d(x*y, x) + d(x*y, y)", lambda x, y: x + y, x=real(), y=real()),
    row("d(d(x^2*y^3, x), y)", lambda x, y: 6 * x * y.square(), x=real(), y=real()),
    row("u = x^2; d(u*x, x)", lambda x: 3 * x.square(), x=real()),
    row("u = sin(x); d(u^2, u)", lambda x: 2 * torch.sin(x), x=real()),
    row("sum(d(softmax(x)[0], x)*v)", lambda x, v: slope(lambda t: torch.softmax(t, 0)[0], x) @ v, x=real(3), v=real(3)),
    row("sum(d(logdet(A.T @ A + eye(2)), A)*B)", lambda A, B: (slope(lambda A: torch.logdet(A.mT @ A + torch.eye(2)), A) * B).sum(), A=real(3, 2), B=real(3, 2)),
    row("sum(d(sum(inv(A + 2*eye(2))), A)*B)", lambda A, B: (slope(lambda A: torch.linalg.inv(A + 2 * torch.eye(2)).sum(), A) * B).sum(), A=real(2, 2), B=real(2, 2)),
    row("sum(d(det(A), A)*B)", lambda A, B: (slope(torch.linalg.det, A) * B).sum(), A=real(3, 3), B=real(3, 3)),
    row("sum(d(cross_entropy(z, 1), z)*v)", lambda z, v: slope(lambda z: torch.nn.functional.cross_entropy(z, torch.tensor(1)), z) @ v, z=real(3), v=real(3)),
    row("d(gelu(x), x)", lambda x: slope(torch.nn.functional.gelu, x), x=real()),
    row("d(lgamma(x), x) - digamma(x + 1)", lambda x: -1 / x, x=positive()),
    row("d(prod(x), x)[0]", lambda x: x[1] * x[2] * x[3], x=real(4)),
    row("d(norm(x), x) @ v", lambda x, v: x @ v / x.norm(), x=real(3), v=real(3)),
    row("d(std(x), x) @ v", lambda x, v: slope(lambda t: torch.std(t, correction=0), x) @ v, x=real(4), v=real(4)),
    row("d(sum(relu(x)^2), x) @ v", lambda x, v: 2 * torch.relu(x) @ v, x=real(4), v=real(4)),
    row("d(y^2, x) + x", lambda x, y: x + 0 * y, x=real(), y=real()),
]

ROWS = [*DEFINED, *DERIVATIVES]
