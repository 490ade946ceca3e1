"""Large graphs, from the text to the gradient: what reading, building and differentiating take a node."""

import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from itertools import count
from time import perf_counter
from typing import Any

from .contest import OURS, Call, Lasted, Limit, Ratio, Row

POINT = {"x": 1.1, "y": 0.9}
#: The factors of each product that is added up.
Factors = list[tuple[str, str]]


def _timed(size: int, work: Callable[[Any], Any], made: Callable[[Factors], Any] = list) -> Call:
    """The work on what is made of a sum of products, two nodes each; each call has another, which nothing remembers."""
    serial = count()

    def call() -> Lasted:
        number = next(serial)
        given = made([("xy"[(k * k + number) % 7 % 2], "xy"[(k + number) % 5 % 2]) for k in range(size // 2)])
        start = perf_counter()
        numbers = work(given)
        return Lasted(perf_counter() - start, numbers)

    return call


def _text(factors: Factors) -> str:
    """The sum written out."""
    return " + ".join(f"{a}*{b}" for a, b in factors)


def _summed(factors: Factors, variables: Mapping[str, Any]) -> Any:
    """The sum by a library whose numbers record what is done with them."""
    products = (variables[a] * variables[b] for a, b in factors)
    total = next(products)
    for product in products:
        total = total + product
    return total


def ours(size: int) -> Call:
    """The text to `diffcli.grad`."""
    import diffcli

    def work(text: str) -> Any:
        gradient = diffcli.grad(text, POINT).gradient
        return gradient["x"], gradient["y"]

    return _timed(size, work, _text)


def command(size: int) -> Call:
    """The text through a pipe to `diffcli grad --terse`, a process from start to end."""
    at = [word for name, value in POINT.items() for word in ("--at", f"{name}={value}")]
    words = [f"{sysconfig.get_path('scripts')}/diffcli", "grad", "-", "--terse", *at]

    def work(text: str) -> Any:
        return [float(line) for line in subprocess.check_output(words, input=text, text=True).split()]

    return _timed(size, work, _text)


def pytorch(size: int) -> Call:
    import torch

    def work(factors: Factors) -> Any:
        variables = {
            name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in POINT.items()
        }
        return torch.autograd.grad(_summed(factors, variables), tuple(variables.values()))

    return _timed(size, work)


def autograd(size: int) -> Call:
    from autograd import grad

    def work(factors: Factors) -> Any:
        return grad(lambda point: _summed(factors, dict(zip("xy", point, strict=True))))(tuple(POINT.values()))

    return _timed(size, work)


def casadi(size: int) -> Call:
    import casadi as ca

    def work(factors: Factors) -> Any:
        variables = {name: ca.SX.sym(name) for name in POINT}
        point = ca.vertcat(*variables.values())
        gradient = ca.Function("gradient", [point], [ca.gradient(_summed(factors, variables), point)])
        return gradient(list(POINT.values())).full().ravel()

    return _timed(size, work)


def micrograd(size: int) -> Call:
    from micrograd.engine import Value

    def work(factors: Factors) -> Any:
        variables = {name: Value(value) for name, value in POINT.items()}
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit + 10 * size)  # its sweep calls itself from node to node
        try:
            _summed(factors, variables).backward()
        finally:
            sys.setrecursionlimit(limit)
        return [value.grad for value in variables.values()]

    return _timed(size, work)


def _a_node(microseconds: float, contender: str) -> Limit:
    return Limit(f"{microseconds:g} us a node", lambda size: microseconds * 1e-6 * size, contender=contender)


def _a_million(mebibytes: float, contender: str) -> Limit:
    text = f"{mebibytes:g} MiB a million nodes"
    return Limit(text, lambda size: mebibytes * 2**20 * size / 1e6, "bytes", contender)


#: The command is a contender of ours too.
COMMAND = "diffcli command"
_TARGETS = (_a_node(6, OURS), _a_node(6, COMMAND), Ratio(1.0, "PyTorch"), Ratio(1.0, "PyTorch", COMMAND))

ROWS = [
    Row(
        "nodes",
        "text to gradient",
        {
            OURS: ours,
            COMMAND: command,
            "PyTorch": pytorch,
            "autograd": autograd,
            "CasADi": casadi,
            "micrograd": micrograd,
        },
        targets=_TARGETS,
        size=200_000,
        quick=20_000,
        tiny=40,
        curve=(100, 1_000, 10_000, 100_000, 1_000_000),
        axis="nodes",
        until={"autograd": 200_000, "CasADi": 200_000, "micrograd": 200_000},
    ),
    Row(
        "nodes",
        "text to gradient, its memory",
        {OURS: ours, COMMAND: command, "PyTorch": pytorch},
        targets=(*_TARGETS, _a_million(600, OURS), _a_million(600, COMMAND)),
        size=1_000_000,
        quick=100_000,
        tiny=40,
        axis="nodes",
        memory=True,
    ),
]
