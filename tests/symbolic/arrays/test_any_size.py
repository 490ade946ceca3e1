"""Formulas found without values hold for arrays of any size."""

from random import Random
from typing import Any

import numpy as np
import pytest
from amount import PATIENCE, sampled

import diffcli
from diffcli.source import Source
from diffcli.symbolic import Formula, derivatives
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve


def drawn(random: Random, *shape: int) -> Any:
    return (
        np.array([random.uniform(0.3, 1.7) * random.choice((-1, 1)) for _ in range(int(np.prod(shape)))])
        .reshape(shape)
        .tolist()
    )


@pytest.mark.parametrize("n", sampled([2, 1, 5], 3))
@pytest.mark.parametrize(
    "text",
    sampled([
        "sum((A@x - b)^2)", "x@S@x", "logdet(S.T@S)", "x@inv(S.T@S)@x", "det(S)", "trace(A.T@A)",
        "sum(sum(A, axis=0)^3)", "sum(softmax(A, axis=1)*A)",
        "var(x)", "sum(std(A, axis=0, ddof=0)) + 0*x[0]", "sum(cumsum(x)^2)", "sum(cumsum(A, axis=1)^2)",
        "sum(flip(x)*x^2)", "sum(concat(x, b)^3)",
        "sum(concat(x, b)*concat(b, x))", "sum(tile(x, 3)*concat(x, x, x^2))", "sum(repeat(x, 2)*concat(x, x))",
        "sum(diag(x)@S)", "sum(diag(S)*x)",
        "sum(triu(S)@x)", "sum(tril(S, k=-1)^2)", "sum(outer(x, b)*A.T)", "median(x)", "max(concat(x, b))",
        "sum(max(A, axis=0)*x)", "sum(norm(A, axis=1)*b)",
        "logsumexp(A@x)", "sum(prod(A, axis=1)*b)", "sum(A[:, 0]*b)", "mean((x[:, None] - x)^2)",
    ], 2),
)  # fmt: skip
def test_the_formula_for_every_size(text: str, n: int) -> None:
    resolved = resolve(parse(Source(text)))
    formulas = derivatives(resolved, resolved.variables, {}, PATIENCE)
    random = Random(text)
    shapes = {"A": (n + 1, n), "S": (n, n), "x": (n,), "b": (n + 1,)}
    at = {name: drawn(random, *shapes[name]) for name in resolved.variables}
    gradient = diffcli.grad(text, at).gradient
    for name, formula in formulas.items():
        assert isinstance(formula, Formula), (name, formula)
        np.testing.assert_allclose(np.asarray(formula.values(at)), gradient[name], rtol=1e-9, atol=1e-12)
