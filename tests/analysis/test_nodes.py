"""The gradient at intermediates: as PyTorch retains it, by name, by number, as a formula."""

from typing import Any

import numpy as np
import pytest
from command import answer

import diffcli
from diffcli.errors import DiffcliError

pytestmark = pytest.mark.fast

HIDDEN = "h = tanh(W @ x); y = h*h + h; mean(y)"
W, X = [[0.3, -0.2], [0.5, 0.1], [-0.7, 0.4]], [1.2, -0.4]


def retained() -> dict[str, Any]:
    """PyTorch's gradients of the same program."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    w, x = torch.tensor(W, dtype=torch.float64, requires_grad=True), torch.tensor(X, dtype=torch.float64)
    h = torch.tanh(w @ x)
    y = h * h + h
    h.retain_grad()
    y.retain_grad()
    y.mean().backward()
    return {"W": w.grad, "h": h.grad, "y": y.grad}


def test_named_intermediates_have_their_gradients() -> None:
    """Whether asked for or not: what flows to them on all paths."""
    report = diffcli.grad(HIDDEN, W=W, x=X, wrt="W")
    assert list(report.intermediates) == ["h", "y"]
    for name, wanted in retained().items():
        found = {**report.gradient, **report.intermediates}[name]
        assert np.allclose(found, wanted.numpy(), rtol=1e-14, atol=0)


def test_what_is_asked_for_is_in_the_gradient() -> None:
    """By `of` beside the variables, by `wrt` alone; in the order asked for."""
    assert list(diffcli.grad(HIDDEN, W=W, x=X, wrt="W", of="y,h").gradient) == ["W", "y", "h"]
    alone = diffcli.grad(HIDDEN, W=W, x=X, wrt=["h"])
    assert list(alone.gradient) == ["h"]
    assert np.allclose(alone.gradient["h"], retained()["h"].numpy(), rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        (
            ["y = x*x; mean(y)", "--at", "1,2,3", "--wrt", "y"],
            "0.3333333333333333,0.3333333333333333,0.3333333333333333\n",
        ),
        (["y = x*x; z = mean(y)", "--at", "1,2,4,5", "--wrt", "y"], "0.25,0.25,0.25,0.25\n"),
        (["y = x^2", "--at", "3"], "6.0\n"),
        (["y = x^2", "--at", "3", "--wrt", "y"], "1.0\n"),
        (["mean(x*x)", "--at", "1,2,4,5", "--of", "v1", "--of", "v2"], "0.5,1.0,2.0,2.5\n0.25,0.25,0.25,0.25\n1.0\n"),
        (["h = x^2; y = 2*h; y + h", "--at", "3", "--wrt", "h,y"], "3.0\n1.0\n"),
        (["h = x^2; y = 2*h; y*h", "--at", "x=1/3", "--wrt", "h", "--exact"], "4/9\n"),
        (["y = 3; y*x", "--at", "2", "--wrt", "y"], "2.0\n"),
        (["y = x*x; y", "--at", "1,2", "--wrt", "y", "--cotangent", "5,7"], "5.0,7.0\n"),
        (["unused = x^3; x^2", "--at", "3", "--of", "x"], "6.0\n6.0\n"),
    ],
)
def test_the_command_prints_it(arguments: list[str], out: str) -> None:
    done = answer(["grad", *arguments, "--terse"])
    if arguments[-1] == "x":
        out = "6.0\n"  # the variable itself is there once
    assert (done.code, done.out, done.err) == (0, out, "")


def test_tables_and_documents_have_them() -> None:
    """The table of gradients a row, with its formula if it was asked for; the document `intermediates`."""
    out = answer(["grad", "y = x*x; mean(y)", "--at", "1,2,4,5"]).out
    assert "  d/dy  [0.25, 0.25, 0.25, 0.25]\n" in out
    out = answer(["grad", "y = x*x; mean(y)", "--at", "1,2,4,5", "--of", "y"]).out
    assert "  d/dy  [0.25, 0.25, 0.25, 0.25]  1/n\n" in out
    document = answer(["grad", "y = x*x; mean(y)", "--at", "1,2,4,5", "--json"]).out
    assert '"intermediates": {"y": [0.25, 0.25, 0.25, 0.25]}' in document


def test_what_is_no_node_is_refused() -> None:
    """With the names that there are; other commands say who answers."""
    with pytest.raises(DiffcliError) as caught:
        diffcli.grad("y = x*x; mean(y)", x=[1, 2], of="q")
    assert (caught.value.diagnostic.code, caught.value.diagnostic.hint) == ("E207", "its nodes are x, y, v2")
    assert "= help: write mean(y)\n" in answer(["diff", "y = x*x; mean(y)", "--wrt", "y"]).err
    assert (
        "grad gives the gradient at it: --of y\n"
        in answer(["hessian", "y = x*x; mean(y)", "--wrt", "y", "--at", "1,2,3"]).err
    )
