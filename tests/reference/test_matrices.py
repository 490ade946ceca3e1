"""Jacobians, Hessians and their products, next to PyTorch's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import diffcli

pytestmark = pytest.mark.fast

torch = pytest.importorskip("torch", reason="PyTorch is not installed: nothing to compare with")

#: Relative to the largest element.
TOLERANCE = 1e-12

A = np.array([[0.5, -1.2, 0.3], [2.0, 0.1, -0.7]])
M = np.array([[1.5, 0.2], [-0.3, 1.1]])
x = np.array([0.3, -0.8, 1.4])
z = np.array([0.4, 0.9])

ARRAYS: list[tuple[str, Callable[..., Any], dict[str, np.ndarray]]] = [
    ("A@x", lambda a, x: a @ x, {"A": A, "x": x}),
    ("tanh(A@x)*2", lambda a, x: torch.tanh(a @ x) * 2, {"A": A, "x": x}),
    ("softmax(x)", lambda x: torch.softmax(x, 0), {"x": x}),
    ("log_softmax(A)", lambda a: torch.log_softmax(a, -1), {"A": A}),
    ("inv(M)", torch.linalg.inv, {"M": M}),
    ("solve(M, z)", torch.linalg.solve, {"M": M, "z": z}),
    ("outer(x, z)", torch.outer, {"x": x, "z": z}),
    ("cumsum(x*x)", lambda x: torch.cumsum(x * x, 0), {"x": x}),
    ("x/norm(x)", lambda x: x / torch.linalg.norm(x), {"x": x}),
    ("sum(A^2, axis=0)*x", lambda a, x: (a**2).sum(0) * x, {"A": A, "x": x}),
]

NUMBERS: list[tuple[str, Callable[..., Any], dict[str, np.ndarray]]] = [
    ("sum(tanh(A@x)^2)", lambda a, x: (torch.tanh(a @ x) ** 2).sum(), {"A": A, "x": x}),
    ("logsumexp(x)", lambda x: torch.logsumexp(x, 0), {"x": x}),
    ("logdet(M)", torch.logdet, {"M": M}),
    ("z@inv(M)@z", lambda m, z: z @ torch.linalg.inv(m) @ z, {"M": M, "z": z}),
    ("norm(x)*sum(x^3)", lambda x: torch.linalg.norm(x) * (x**3).sum(), {"x": x}),
    ("prod(x)", torch.prod, {"x": x}),
    ("var(x)", lambda x: torch.var(x, unbiased=False), {"x": x}),
    ("cross_entropy(A, [0, 2])", lambda a: torch.nn.functional.cross_entropy(a, torch.tensor([0, 2])), {"A": A}),
    ("sum(gelu(x))", lambda x: torch.nn.functional.gelu(x).sum(), {"x": x}),
]


def tensors(values: dict[str, np.ndarray]) -> tuple[Any, ...]:
    return tuple(torch.tensor(value) for value in values.values())


def assert_same(ours: Any, theirs: Any) -> None:
    reference = theirs.numpy()
    assert np.shape(ours) == reference.shape
    assert np.max(np.abs(ours - reference)) <= TOLERANCE * max(1e-300, float(np.max(np.abs(reference))))


@pytest.mark.parametrize(("text", "function", "values"), ARRAYS, ids=[text for text, _, _ in ARRAYS])
def test_jacobians(text: str, function: Callable[..., Any], values: dict[str, np.ndarray]) -> None:
    """By both modes, and the products with a tangent and a cotangent."""
    theirs = torch.autograd.functional.jacobian(function, tensors(values))
    for mode in ("forward", "reverse"):
        report = diffcli.jacobian(text, values, mode=mode)  # type: ignore[arg-type]
        for name, block in zip(values, theirs, strict=True):
            assert_same(report.jacobian[name], block)
    tangent = {name: np.cos(value) for name, value in values.items()}
    _, along = torch.autograd.functional.jvp(function, tensors(values), tensors(tangent))
    assert_same(diffcli.jvp(text, values, tangent=tangent).tangent, along)
    cotangent = np.sin(np.arange(along.numel()) + 1.0).reshape(along.shape)
    _, back = torch.autograd.functional.vjp(function, tensors(values), torch.tensor(cotangent))
    ours = diffcli.vjp(text, values, cotangent=cotangent).vjp
    for name, block in zip(values, back, strict=True):
        assert_same(ours[name], block)


@pytest.mark.parametrize(("text", "function", "values"), NUMBERS, ids=[text for text, _, _ in NUMBERS])
def test_hessians(text: str, function: Callable[..., Any], values: dict[str, np.ndarray]) -> None:
    """Every block, and the product with a vector."""
    theirs = torch.autograd.functional.hessian(function, tensors(values))
    ours = diffcli.hessian(text, values).hessian
    assert ours is not None
    for first, row in zip(values, theirs, strict=True):
        for second, block in zip(values, row, strict=True):
            assert_same(ours[first][second], block)
    direction = {name: np.cos(value) for name, value in values.items()}
    _, products = torch.autograd.functional.vhp(function, tensors(values), tensors(direction))
    found = diffcli.hessian(text, values, hvp=direction).hvp
    assert found is not None
    for name, product in zip(values, products, strict=True):
        assert_same(found[name], product)
