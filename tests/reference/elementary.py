"""Arithmetic, powers, logarithms, trigonometric, hyperbolic and special functions, choices."""

# ruff: noqa: E501, N803, PLW0108
# fmt: off
# A row of a table is a line.

import torch

from .rows import above_one, fraction, positive, probability, real, row

ARITHMETIC = [
    row("x*y + y/x - 3", lambda x, y: x * y + y / x - 3, x=positive(), y=real()),
    row("sum(a*b + c)", lambda a, b, c: torch.addcmul(c, a, b).sum(), a=real(3), b=real(3), c=real(3)),
    row("(a + b)*(a - b)", lambda a, b: torch.square(a) - torch.square(b), a=real(), b=real()),
    row("2x^3 - 5x + 7", lambda x: 2 * x.pow(3) - 5 * x + 7, x=real()),
    row("-x^2", lambda x: -torch.square(x), x=real()),
    row("2^-x", lambda x: torch.pow(2.0, -x), x=real()),
    row("x/(1 + x^2)", lambda x: x / (1 + x * x), x=real()),
    row("1/(1/a + 1/b)", lambda a, b: a * b / (a + b), a=positive(), b=positive()),
    row("sum(A*x)", lambda A, x: torch.mul(A, x).sum(), A=real(2, 3), x=real(3)),
    row("sum(A*x[:, None])", lambda A, x: (A * x.unsqueeze(1)).sum(), A=real(2, 3), x=real(2)),
    row("sum((A - B)*C)", lambda A, B, C: ((A - B) * C).sum(), A=real(2, 1, 3), B=real(3), C=real(2, 1)),
    row("subtract(multiply(x, y), divide(x, y))", lambda x, y: torch.sub(torch.mul(x, y), torch.div(x, y)), x=real(), y=positive()),
    row("sum(w)*b", lambda w, b: w.sum() * b, w=real(4), b=real()),
    row("x - x/3 + x*x/7 - 0.1", lambda x: x - x / 3 + x**2 / 7 - 0.1, x=real()),
    row("½ + x".replace("½", "1/2"), lambda x: x + 0.5, x=real()),
    row("(3x + 2y)(x - y)", lambda x, y: 3 * x * x - x * y - 2 * y * y, x=real(), y=real()),
    row("4πr²", lambda r: 4 * torch.pi * r.pow(2), r=positive()),
    row("4/3*pi*r^3", lambda r: 4 / 3 * torch.pi * r.pow(3), r=positive()),
    row("m*c^2", lambda m, c: m * c.square(), m=positive(), c=positive()),
    row("G*m*M/r^2", lambda G, m, M, r: G * m * M * r.pow(-2), G=positive(), m=positive(), M=positive(), r=positive()),
    row("negative(x)*absolute(y)", lambda x, y: -x * y.abs(), x=real(), y=real()),
]

POWERS = [
    row("x^y", lambda x, y: torch.pow(x, y), x=positive(), y=real()),
    row("sum(x**2.5)", lambda x: x.pow(2.5).sum(), x=positive(4)),
    row("x^-1.5", lambda x: x.pow(-1.5), x=positive()),
    row("a^b^c", lambda a, b, c: a ** (b**c), a=positive(), b=positive(), c=positive()),
    row("sqrt(x^2 + y^2)", lambda x, y: torch.hypot(x, y), x=positive(), y=real()),
    row("hypot(x, y)", lambda x, y: torch.sqrt(x * x + y * y), x=real(), y=positive()),
    row("√(x + 1)", lambda x: torch.sqrt(x + 1), x=positive()),
    row("cbrt(x)", lambda x: torch.sign(x) * x.abs().pow(1 / 3), x=real()),
    row("1/sqrt(x)", lambda x: torch.rsqrt(x), x=positive()),
    row("sum(square(x))", lambda x: (x * x).sum(), x=real(3)),
    row("sum(e^x)", lambda x: torch.exp(x).sum(), x=real(3)),
    row("exp(-x^2/2)/sqrt(2*pi)", lambda x: torch.distributions.Normal(0.0, 1.0).log_prob(x).exp(), x=real()),
    row("sum(expm1(x))", lambda x: torch.expm1(x).sum(), x=real(3)),
    row("log(x)*log2(y)*log10(z)", lambda x, y, z: torch.log(x) * torch.log2(y) * torch.log10(z), x=positive(), y=positive(), z=positive()),
    row("sum(log1p(x))", lambda x: torch.log1p(x).sum(), x=fraction(3)),
    row("ln(x^2 + 1)", lambda x: torch.log1p(x * x), x=real()),
    row("x^x", lambda x: torch.exp(x * torch.log(x)), x=positive()),
    row("log(x)/x", lambda x: torch.log(x) / x, x=positive()),
    row("10^(x/20)", lambda x: torch.pow(10.0, x / 20), x=real()),
    row("P*(1 + r/12)^(12*t)", lambda P, r, t: P * torch.exp(12 * t * torch.log1p(r / 12)), P=positive(), r=probability(), t=positive()),
    row("-sum(p*log(p))", lambda p: torch.special.entr(p).sum(), p=probability(4)),
    row("a*exp(-k*t)*cos(ω*t)".replace("ω", "omega"), lambda a, k, t, omega: a * torch.exp(-k * t) * torch.cos(omega * t), a=real(), k=positive(), t=positive(), omega=positive()),
]

TRIGONOMETRIC = [
    row("sin(x)^2*cos(y)", lambda x, y: torch.sin(x).square() * torch.cos(y), x=real(), y=real()),
    row("sin(x)/x", lambda x: torch.special.sinc(x / torch.pi), x=positive()),
    row("tan(x)", lambda x: torch.tan(x), x=fraction()),
    row("sum(asin(x) + acos(y))", lambda x, y: (torch.asin(x) + torch.acos(y)).sum(), x=fraction(3), y=fraction(3)),
    row("sum(arctan(x))", lambda x: torch.atan(x).sum(), x=real(3)),
    row("atan2(y, x)", lambda x, y: torch.atan2(y, x), x=real(), y=positive()),
    row("sin(cos(tan(x)))", lambda x: x.tan().cos().sin(), x=fraction()),
    row("cos(x*y)*sin(x/y)", lambda x, y: torch.cos(x * y) * torch.sin(x / y), x=real(), y=positive()),
    row("sin(2*pi*f*t + phi)", lambda f, t, phi: torch.sin(2 * torch.pi * f * t + phi), f=positive(), t=real(), phi=real()),
    row("x*cos(theta) - y*sin(theta)", lambda x, y, theta: (torch.polar(x, theta) + 1j * torch.polar(y, theta)).real, x=positive(), y=positive(), theta=real()),
    row("sum(sin(arange(4)*w))", lambda w: torch.sin(torch.arange(4) * w).sum(), w=real()),
    row("acos(dot(a, b)/(norm(a)*norm(b)))", lambda a, b: torch.acos(torch.cosine_similarity(a, b, dim=0, eps=0)), a=real(3), b=real(3)),
    row("2*asin(sqrt(sin((a - b)/2)^2 + cos(a)*cos(b)*sin((c - d)/2)^2))", lambda a, b, c, d: 2 * torch.asin(
        torch.sqrt(torch.sin((a - b) / 2).square() + torch.cos(a) * torch.cos(b) * torch.sin((c - d) / 2).square())), a=fraction(), b=fraction(), c=fraction(), d=fraction()),
]

HYPERBOLIC = [
    row("sinh(x)*cosh(y)", lambda x, y: torch.sinh(x) * torch.cosh(y), x=real(), y=real()),
    row("sum(tanh(x))", lambda x: torch.tanh(x).sum(), x=real(4)),
    row("sum(asinh(x))", lambda x: torch.asinh(x).sum(), x=real(4)),
    row("acosh(x)*atanh(y)", lambda x, y: torch.acosh(x) * torch.atanh(y), x=above_one(), y=fraction()),
    row("log(cosh(x))", lambda x: torch.log(torch.cosh(x)), x=real()),
    row("tanh(x)^2 + 1/cosh(x)^2 + x", lambda x: 1 + x, x=real()),
    row("arcsinh(sinh(x))*2", lambda x: 2 * x, x=real()),
    row("a*cosh(x/a)", lambda a, x: a * torch.cosh(x / a), a=positive(), x=real()),
]

PIECEWISE = [
    row("sum(abs(x))", lambda x: torch.linalg.vector_norm(x, 1), x=real(5)),
    row("sum(relu(x))", lambda x: torch.clamp(x, min=0).sum(), x=real(5)),
    row("sum(where(x > 0, x^2, -x))", lambda x: torch.where(x > 0, x * x, -x).sum(), x=real(6)),
    row("sum(maximum(x, y)*minimum(x, 1))", lambda x, y: (torch.maximum(x, y) * x.clamp(max=1)).sum(), x=real(4), y=real(4)),
    row("max(x, y) + min(x, y)", lambda x, y: x + y, x=real(), y=real()),
    row("sum(sign(x)*x)", lambda x: x.abs().sum(), x=real(4)),
    row("sum(x*(x > 0.5))", lambda x: (x * (x > 0.5)).sum(), x=real(5)),
    row("sum((x >= y)*x + (x < y)*y)", lambda x, y: torch.max(x, y).sum(), x=real(5), y=real(5)),
    row("x - floor(x)", lambda x: torch.frac(x), x=positive()),
    row("ceil(x)*x", lambda x: x.ceil() * x, x=real()),
    row("sum(clip(x, -1, 1)^2)", lambda x: x.clamp(-1, 1).square().sum(), x=real(6)),
    row("sum(clip(x, low=a, high=b))", lambda x, a, b: torch.clamp(x, a, b).sum(), x=real(6), a=fraction(), b=above_one()),
    row("where(x < 1, x^2, where(x < 2, 2x - 1, 3))", lambda x: torch.where(x < 1, x**2, torch.where(x < 2, 2 * x - 1, torch.tensor(3.0))), x=positive()),
    row("sum(where(abs(x) <= 1, x^2/2, abs(x) - 1/2))", lambda x: torch.nn.functional.smooth_l1_loss(x, torch.zeros_like(x), reduction="sum"), x=real(6)),
    row("max(0, 1 - y*x)", lambda x, y: torch.relu(1 - x * y), x=real(), y=real()),
    row("sum((x == 1) + (y != 2)*y)", lambda x, y: y.sum() + 0 * x.sum(), x=real(3), y=real(3)),
    row("sum(where(a, x, y))", lambda a, x, y: torch.where(torch.tensor([True, False, True]), x, y).sum(), a=[1.0, 0.0, -2.0], x=real(3), y=real(3)),
]

SPECIAL = [
    row("sum(erf(x))", lambda x: torch.erf(x).sum(), x=real(4)),
    row("sum(erfinv(x))", lambda x: torch.erfinv(x).sum(), x=fraction(4)),
    row("sum(erfc(3x))", lambda x: torch.erfc(3 * x).sum(), x=real(4)),
    row("sum(lgamma(x))", lambda x: torch.lgamma(x).sum(), x=positive(4)),
    row("sum(gamma(x))", lambda x: torch.exp(torch.lgamma(x)).sum(), x=positive(4)),
    row("digamma(x + 1) - digamma(x)", lambda x: 1 / x, x=positive()),
    row("polygamma(x, 2)", lambda x: torch.polygamma(2, x), x=positive()),
    row("polygamma(3, x)", lambda x: torch.polygamma(3, x), x=positive()),
    row("beta(a, b)", lambda a, b: torch.exp(torch.lgamma(a) + torch.lgamma(b) - torch.lgamma(a + b)), a=positive(), b=positive()),
    row("sum(xlogy(x, y))", lambda x, y: torch.special.xlogy(x, y).sum(), x=real(4), y=positive(4)),
    row("sum(xlog1py(x, y))", lambda x, y: torch.special.xlog1py(x, y).sum(), x=real(4), y=fraction(4)),
    row("(1 + erf(x/sqrt(2)))/2", lambda x: torch.special.ndtr(x), x=real()),
    row("lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)", lambda n, k: -torch.log(n + 1) - (
        torch.lgamma(n - k + 1) + torch.lgamma(k + 1) - torch.lgamma(n + 2)), n=above_one(), k=probability()),
    row("(a - 1)*log(x) + (b - 1)*log1p(-x) - log(beta(a, b))", lambda a, b, x: torch.distributions.Beta(a, b).log_prob(x), a=positive(), b=positive(), x=probability()),
    row("a*log(b) - lgamma(a) + (a - 1)*log(x) - b*x", lambda a, b, x: torch.distributions.Gamma(a, b).log_prob(x), a=positive(), b=positive(), x=positive()),
    row("k*log(m) - m - lgamma(k + 1)", lambda k, m: torch.distributions.Poisson(m, validate_args=False).log_prob(k), k=positive(), m=positive()),
    row("lgamma((n + 1)/2) - lgamma(n/2) - log(n*pi)/2 - (n + 1)/2*log1p(t^2/n)", lambda n, t: torch.distributions.StudentT(n).log_prob(t), n=positive(), t=real()),
]

ROWS = [*ARITHMETIC, *POWERS, *TRIGONOMETRIC, *HYPERBOLIC, *PIECEWISE, *SPECIAL]
