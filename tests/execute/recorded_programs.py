"""Programs with two points each: recorded at the one, run again at both."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import pose
from diffcli.analysis.sweep import swept
from diffcli.execute.arrays import Array
from diffcli.execute.program import Program
from diffcli.execute.recording import Recording, recorded
from diffcli.source import Source

NAN, INF = np.nan, np.inf
MOST = 20_000

_NETWORK = "h = relu(x @ A + b); mean((h @ v - y)^2)"
_PRODUCTS = "sum(A @ B.T) + trace(A @ A) + sum(outer(A[0], B[1])) + inner(A[0], B[0])"
_TRIANGLES = "sum(triu(A)*tril(A, k=1)) + sum(diag(A)^2) + sum(diag([x, x]) @ A) + cross([x, 1, 2], [3, x, 1])[2]"
_XOR: dict[str, Any] = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0]}

#: A program, the values at which it is recorded, and values for another run of the record.
PROGRAMS: Sequence[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("mean(x*x)", {"x": [1, 2, 3]}, {"x": [-5, 0.1, 1e8]}),
    ("x^2*sin(y) + 3/x", {"x": 2, "y": 1}, {"x": 0, "y": 1}),
    # kinks are crossed
    (_NETWORK, {**_XOR, "A": [[1, -1], [0.5, 2]], "b": [0.1, -0.2], "v": [1, -1]},
        {**_XOR, "A": [[-1, 1], [0.5, -2]], "b": [-0.7, 1], "v": [2, 3]}),
    ("sum(abs(x)) + norm(x, 1)", {"x": [1, -2, 0]}, {"x": [-1, 2, -3]}),
    ("sum(relu6(x)*leaky_relu(x - 1)*elu(x))", {"x": [1, -2, 3]}, {"x": [-1, 7, 0]}),
    ("sum(clip(x, 0, 1) + hardtanh(x)*gelu(x) + mish(x))", {"x": [0.5, -2, 3]}, {"x": [-1, 0.5, 0.7]}),
    ("where(x > 0, sqrt(x), 0)", {"x": -1}, {"x": 4}),
    ("sum(where(x*x >= 1, log(abs(x)), x/0))", {"x": [1, 2]}, {"x": [0.5, -3]}),
    ("sum((x < y)*x + (x <= y)*2 + (x > y)*y^2 + (x >= y) + (x == y)*x^3 + (x != y)*y)", {"x": [1, 2, 3], "y": 2},
        {"x": [2, 2, NAN], "y": 2}),
    ("sum(sign(x)*floor(x) + ceil(x)*maximum(x, 1) - minimum(x, 1))", {"x": [1.5, -2.5, 0]}, {"x": [1, NAN, -INF]}),
    ("huber(x, 0)", {"x": [0.5, 3]}, {"x": [-2, 0.1]}),
    ("max(x)*2 + min(x)", {"x": [1, 3, 3, -1]}, {"x": [4, 4, 1, 4]}),
    ("sum(max(A, axis=0)*min(A, axis=1))", {"A": [[1, 5], [2, 3]]}, {"A": [[NAN, 5], [7, 7]]}),
    ("norm(x, inf) + norm(A, 1)", {"x": [1, -3], "A": [[1, 2], [3, 4]]}, {"x": [3, -3], "A": [[-9, 2], [3, 4]]}),
    # order, labels, pivots: whichever they will be
    ("median(x)^2", {"x": [3, 1, 2, 5]}, {"x": [1, 9, 2, 2]}),
    ("sum(median(A, axis=1))", {"A": [[3, 1, 2], [5, 6, 4]]}, {"A": [[1, NAN, 2], [INF, -1, -INF]]}),
    ("at_target(x, c)*2 + sum(one_hot(c, 3)*x)", {"x": [1, 2, 3], "c": 0}, {"x": [1, 2, 5], "c": 2}),
    ("cross_entropy(z, c)", {"z": [[1, 2, 3], [3, 1, 2]], "c": [0, 2]}, {"z": [[9, 2, 1000], [3, 1, 2]], "c": [1, 1]}),
    ("sum(E[k]^2) + E[k[0], j]", {"E": [[1, 2], [3, 4], [5, 6]], "k": [0, 2], "j": 1},
        {"E": [[1, 2], [3, 4], [5, 7]], "k": [-1, -1], "j": -2}),
    ("sum(x[k + 1]*x[[2, 0]]) + sum(x[[[0], [1]]])", {"x": [1, 2, 3], "k": [0, 1]}, {"x": [1, 2, 5], "k": [1, 1]}),
    ("sum(solve(A, b)^2)", {"A": [[0, 2], [3, 4]], "b": [1, 2]}, {"A": [[5, 2], [3, 0]], "b": [2, -1]}),
    ("sum(solve(A, b))", {"A": [[1, 2, 0], [3, 4, 1], [0, 1, 9]], "b": [1, 2, 3]},
        {"A": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "b": [1, 2, 3]}),
    ("sum(inv(A)*[1, 2])", {"A": [[2, 1], [1, 3]]}, {"A": [[1, 2], [2, 4]]}),
    ("det(A)", {"A": [[1, 2, 3], [4, 5, 6], [7, 8, 10]]}, {"A": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}),
    ("det(A)", {"A": np.arange(16).reshape(4, 4) ** 2 % 7}, {"A": np.eye(4)[::-1] * [1, 2, 0, 3]}),
    ("logdet(A)", {"A": [[2, 1], [1, 3]]}, {"A": [[1, 2], [2, 1]]}),
    # numbers that overflow, vanish or are none
    ("norm(x)", {"x": [3, 4]}, {"x": [0, 0]}),
    ("norm(x)", {"x": [3e200, 4e200]}, {"x": [3e-200, 4e-200]}),
    ("sum(softmax(x)*[1, 2, 3])", {"x": [1, 2, 3]}, {"x": [1000, -1000, 1001]}),
    ("logsumexp(x) + sum(log_softmax(x))", {"x": [1, 2, 3]}, {"x": [1000, INF, 1001]}),
    ("std(x) + var(x, ddof=1)", {"x": [1, 2, 4]}, {"x": [2, 2, 2]}),
    ("sum(x/y)", {"x": [1, -1, 0], "y": [1, 2, 3]}, {"x": [1, -1, 0], "y": [0, 0, 0]}),
    ("sum(log(x)) + sum(log1p(x - 2))", {"x": [1, 2]}, {"x": [0, -1]}),
    ("sum(x^y)", {"x": [2, 3, 4], "y": [3, 2, 0.5]}, {"x": [-2, 0, -4], "y": [3, 0, 0.5]}),
    ("x^3 + x^-2 + 2^x + x^x", {"x": 3}, {"x": -1}),
    ("prod(x)", {"x": [1, 2, 3, 4, 5]}, {"x": [0, 2, 3, 0, 5]}),
    ("sum(sigmoid(x) + softplus(x) + silu(x) + log_sigmoid(x) + logaddexp(x, 1) + selu(x))", {"x": [1, -2, 0]},
        {"x": [800, -800, NAN]}),
    ("sum(xlogy(x, y) + xlog1py(x, y))", {"x": [1, 2], "y": [2, 3]}, {"x": [0, 0], "y": [0, -2]}),
    ("bce(p, t) + kl", {"p": [0.2, 0.9], "t": [0, 1], "kl": 1}, {"p": [1, 0], "t": [1, 0], "kl": 2}),
    ("bce_with_logits(w*x + b, y)", {"x": [1, 2], "y": [0, 1], "w": 1, "b": 0},
        {"x": [1, 2], "y": [0, 1], "w": -900, "b": 3}),
    ("sum(hypot(x, y)*atan2(y, x))", {"x": [1, -2], "y": [2, -3]}, {"x": [0, -1], "y": [0, 0]}),
    # special functions
    ("sum(gamma(x)*lgamma(x + 0.3)*digamma(x))", {"x": [0.5, 3, -1.5]}, {"x": [4.5, -0.3, 20]}),
    ("sum(polygamma(x, n=2)*beta(x, 2.5))", {"x": [0.5, 3]}, {"x": [8, 1.25]}),
    ("sum(erfinv(x)*x)", {"x": [0.5, -0.9, 1e-9]}, {"x": [-0.2, 0.999999, 0]}),
    ("sum(erf(x)*2 + erfc(x)*exp(x^2))", {"x": [0.5, -1, 3]}, {"x": [-0.2, 1.5, 5]}),
    # arrangements
    ("sum(cumsum(x)*flip(x)) + dot(x, roll(x, 1))", {"x": [1, 2, 3]}, {"x": [3, -2, 0.5]}),
    ("sum(concat([x, 2x])^2) + sum(tile(x, 2)*repeat(x, 2)) + sum(stack([x, x^2], axis=1) @ [1, 2])", {"x": [1, 2]},
        {"x": [-3, 0.5]}),
    (_PRODUCTS, {"A": [[1, 2], [3, 4]], "B": [[0, 1], [2, -3]]}, {"A": [[5, -2], [3, 1]], "B": [[1, 1], [2, 0]]}),
    (_TRIANGLES, {"A": [[1, 2], [3, 4]], "x": 2}, {"A": [[0, 2], [-3, 7]], "x": -1}),
    ("sum((x*eye(2) + arange(2) - linspace(0, 1, 2) + ones(2) - zeros(2) + randn(2, seed=1))^2)", {"x": 2}, {"x": -3}),
]  # fmt: skip

#: Functions of a number, each at the same points: inside the domain of most, then at its ends.
_OF_A_NUMBER = """
    sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 log log2 log10 log1p sqrt cbrt
    square abs sign floor ceil relu
    sigmoid softplus silu gelu mish selu elu leaky_relu log_sigmoid softsign hardtanh relu6 erf erfc
    gamma lgamma digamma exp2 reciprocal rsqrt logit
""".split()  # noqa: SIM905  # a list of words
_POINTS = ((0.3, -0.7), (2.5, 1.0), (-3.25, 0.0), (INF, -INF), (40.0, NAN))

EVERYWHERE = [
    (f"{name}(x)*y", {"x": at, "y": 2}, {"x": other, "y": -1})
    for name in _OF_A_NUMBER
    for at, other in (_POINTS[0], _POINTS[2])
]


class Ready(NamedTuple):
    """A recording, and what double precision finds: for each point the inputs, and the targets' elements by node."""

    recording: Recording
    points: list[tuple[dict[int, list[float]], dict[int, list[float]]]]


def ready(program: str, *points: dict[str, Any]) -> Ready:
    """The program's values, partials, contributions and gradients recorded at the first point,
    and found at every one.
    """
    problems = [pose(Source(program), given_bindings(point)) for point in points]
    sweep = swept(problems[0])
    graph = sweep.built.graph
    return ready_for(graph, range(len(graph)), [dict(sweep.inputs(problem.values, None)) for problem in problems])


def ready_for(graph: Any, targets: Sequence[int], points: Sequence[dict[int, Array]]) -> Ready:
    """A graph's targets recorded at the first point, and found at every one."""
    program = Program(graph, targets)
    found = [
        (
            {node: np.ravel(value).tolist() for node, value in inputs.items()},
            {
                node: np.ravel(np.broadcast_to(value, graph.shapes[node])).tolist()
                for node, value in zip(targets, program.run(inputs), strict=True)
            },
        )
        for inputs in points
    ]
    return Ready(recorded(graph, targets, points[0], MOST), found)


def distance(found: Sequence[float], expected: Sequence[float], floor: float = 1e-6) -> float:
    """The largest relative error; an element counts for no less than `floor` of the largest.

    Infinities and nan must be the same.
    """
    a, b = np.array(found, dtype=np.float64), np.array(expected, dtype=np.float64)
    alike = (a == b) | (np.isnan(a) & np.isnan(b))
    finite = np.isfinite(a) & np.isfinite(b)
    scale = np.maximum(np.abs(b), floor * np.max(np.abs(b), where=finite, initial=0.0))
    with np.errstate(all="ignore"):
        return float(np.max(np.where(alike, 0.0, np.where(finite, np.abs(a - b) / scale, np.inf))))
