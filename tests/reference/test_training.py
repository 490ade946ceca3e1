"""The networks of the examples, trained by `descend` and by PyTorch from the same start."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import answer

torch = pytest.importorskip("torch", reason="PyTorch is not installed: the trained networks are not held against it")

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
STEPS = 300

Loss = Callable[[dict[str, Any]], Any]


def exclusive_or(p: dict[str, Any]) -> Any:
    points = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
    hidden = torch.tanh(points @ p["W1"] + p["b1"])
    target = torch.tensor([0.0, 1.0, 1.0, 0.0], dtype=torch.float64)
    return torch.nn.functional.binary_cross_entropy_with_logits(hidden @ p["W2"] + p["b2"], target)


def three_classes(p: dict[str, Any]) -> Any:
    points = [
        [1.0, 0.2],
        [0.8, -0.3],
        [1.3, 0.1],
        [-0.4, 1.1],
        [-0.6, 0.8],
        [-0.2, 1.3],
        [-0.7, -0.9],
        [-0.3, -1.2],
        [-0.9, -0.7],
    ]
    labels = torch.tensor([0, 0, 0, 1, 1, 1, 2, 2, 2])
    return torch.nn.functional.cross_entropy(torch.tensor(points, dtype=torch.float64) @ p["W"] + p["b"], labels)


@pytest.mark.parametrize(
    ("program", "loss", "rate"),
    [("xor", exclusive_or, 0.5), ("softmax_regression", three_classes, 0.8)],
    ids=["xor", "softmax"],
)
def test_descent_follows_pytorch(program: str, loss: Loss, rate: float) -> None:
    """The loss after every step, and every weight after the last, to 1e-10."""
    done = answer(
        [
            "descend",
            "-f",
            str(EXAMPLES / f"{program}.expr"),
            "--lr",
            str(rate),
            "--steps",
            str(STEPS),
            "--tol",
            "0",
            "--json",
        ]
    )
    assert (done.code, done.err) == (0, "")
    ours = json.loads(done.out)
    weights = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in ours["start"].items()
    }
    optimizer = torch.optim.SGD(list(weights.values()), lr=rate)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = loss(weights)
        losses.append(value.item())
        value.backward()
        optimizer.step()
    losses.append(loss(weights).item())
    assert len(ours["history"]) == STEPS + 1
    assert losses[-1] < losses[0] / 5
    np.testing.assert_allclose([step["value"] for step in ours["history"]], losses, rtol=1e-10)
    for name, weight in weights.items():
        np.testing.assert_allclose(ours["final"][name], weight.detach().numpy(), rtol=1e-10, atol=1e-12)
