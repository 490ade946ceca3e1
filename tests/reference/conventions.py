"""Where the two are not the same: what each answers, and why ours is what it is."""

# ruff: noqa: E501
# fmt: off
# A row of a table is a line.

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch.nn import functional


class Difference(NamedTuple):
    """An expression of `x` at a point: value and gradient, ours and theirs. Where we refuse, `code` is the diagnostic's."""

    expression: str
    reference: Callable[..., Any]
    x: Any
    ours: tuple[float, Any] | None
    theirs: tuple[float, Any]
    reason: str
    code: str = ""


NAN, INF = float("nan"), float("inf")

DIFFERENCES = [
    Difference("var(x)", torch.var, [1.0, 3.0], (1.0, [-1.0, 1.0]), (2.0, [-2.0, 2.0]), "arrays follow NumPy, which divides by n; PyTorch divides by n - 1"),
    Difference("std(x)", torch.std, [1.0, 3.0], (1.0, [-0.5, 0.5]), (2**0.5, [-(0.5**0.5), 0.5**0.5]), "arrays follow NumPy, which divides by n; PyTorch divides by n - 1"),
    Difference("median(x)", torch.median, [4.0, 1.0, 3.0, 2.0], (2.5, [0.0, 0.0, 0.5, 0.5]), (2.0, [0.0, 0.0, 0.0, 1.0]),
               "of an even number of elements NumPy takes the mean of the two in the middle, PyTorch the lower one"),
    Difference("sum(median(x, axis=0))", lambda x: x.median(0).values, [2.0, 2.0, 1.0], (2.0, [0.5, 0.5, 0.0]), (2.0, [1.0, 0.0, 0.0]),
               "we share a tie equally, as PyTorch's median of all elements does; that over an axis picks one element"),
    Difference("sum(max(x, axis=0))", lambda x: x.max(0).values, [2.0, 2.0], (2.0, [0.5, 0.5]), (2.0, [1.0, 0.0]),
               "we share a tie equally, as PyTorch's amax does; its max over an axis picks one element"),
    Difference("sum(where(x > 0, sqrt(x), 0))", lambda x: torch.where(x > 0, x.sqrt(), 0.0).sum(), [4.0, 0.0], (2.0, [0.25, 0.0]), (2.0, [0.25, NAN]),
               "a branch not taken contributes 0 here; in PyTorch 0 times its infinite derivative"),
    Difference("sum(where(x != 0, sin(x)/x, 1))", lambda x: torch.where(x != 0, x.sin() / x, 1.0).sum(), [0.0], (1.0, [0.0]), (1.0, [NAN]),
               "a branch not taken contributes 0 here; in PyTorch 0 times its infinite derivative"),
    Difference("xlogy(0, x[0])", lambda x: torch.special.xlogy(torch.tensor(0.0), x[0]), [0.0], (0.0, [0.0]), (0.0, [NAN]), "0*log(y) is 0 for every y, so it is flat in y; PyTorch divides 0 by 0"),
    Difference("bce(x, [0, 1])", lambda x: functional.binary_cross_entropy(x, torch.tensor([0.0, 1.0])), [0.5, 0.0], None, (50 + 0.5 * 0.6931471805599453, [1.0, -5.000000019979e11]),
               "log(0) is -inf; PyTorch cuts it off at -100, and the divisor of its slope at 1e-12", "E501"),
    Difference("sum(normalize(x))", lambda x: functional.normalize(x, dim=0).sum(), [0.0, 0.0], None, (0.0, [1e12, 1e12]), "the zero vector has no direction; PyTorch divides by 1e-12 instead of 0", "E501"),
    Difference("cosine_similarity(x, [0, 0])", lambda x: functional.cosine_similarity(x, torch.zeros(2), dim=0), [3.0, 4.0], None, (0.0, [0.0, 0.0]),
               "the angle with the zero vector is undefined; PyTorch replaces a small norm by 1e-8", "E501"),
    Difference("sum(softplus(x))", lambda x: functional.softplus(x).sum(), [20.5], (20.5 + 1.2501528636e-9, [1 - 1.2501528636e-9]), (20.5, [1.0]),
               "log(1 + exp(x)) at every x; PyTorch takes x itself above 20"),
    Difference("sum(clip(x + 3, 0, 6))/6", lambda x: functional.hardsigmoid(x).sum(), [0.0], (0.5, [1 / 6]), (0.5, [0.1666666716337204]),
               "PyTorch's hardsigmoid has 1/6 in single precision for its slope"),
    Difference("sum(digamma(x))", lambda x: torch.digamma(x).sum(), [0.5], (-1.9635100260214235, [4.934802200544679]), (-1.9635100260214235, [4.934802200347]),
               "the trigamma function to all digits; PyTorch's series for it ends after ten of them"),
    Difference("sum(sqrt(x^2))", lambda x: x.square().sqrt().sum(), [0.0], None, (0.0, [NAN]), "a gradient that is not a number is refused, and the product that made it named", "E502"),
    Difference("sum(log(x))", lambda x: x.log().sum(), [0.0], None, (-INF, [INF]), "an infinite value is refused, and where it came from underlined", "E501"),
    Difference("logdet([x, [0, 1]])", lambda x: torch.logdet(torch.stack([x, torch.tensor([0.0, 1.0])])), [-1.0, 0.0], None, (NAN, [0.0, 0.0]),
               "there is no logarithm of a negative determinant, and no gradient of it; PyTorch's is 0", "E501"),
    Difference("inv([x, [2, 4]])[0, 0]", lambda x: torch.linalg.pinv(torch.stack([x, torch.tensor([2.0, 4.0])]))[0, 0], [1.0, 2.0], None, (0.04, [0.0112, 0.0064]),
               "a singular matrix has no inverse; PyTorch's inv raises too, its pseudo-inverse answers another question", "E501"),
    Difference("prod(x)^0.5", lambda x: x.prod().sqrt(), [-2.0, 3.0], None, (NAN, [NAN, NAN]), "a root of a negative number is refused", "E501"),
]
