"""A Hessian times a vector against a gradient: the ratio of their programs' times.

    python tests/benchmarks/hvp.py [RUNS]

Runs both programs in turn in one process and prints the median of the pairs' ratios for several
expressions and sizes; each computes the value too. The bound is 6.
"""

import statistics
import sys
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import pose
from diffcli.analysis.sweep import pushed, swept
from diffcli.execute.program import Program
from diffcli.source import Source

EXPRESSIONS = {
    "Rosenbrock's function": "sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)",
    "a logistic regression": "mean(softplus(-(A@x)*y)) + 0.1*sum(x^2)",
    "two layers": "sum((tanh(tanh(A@x)*w) - y)^2)",
    "a softmax": "logsumexp(A@x) - x@x",
    "elementary functions": "sum(sin(x)*exp(-x^2) + log(1 + x^2)*sqrt(1 + x^4))",
}
SIZES = (10, 1_000, 100_000)


def seconds(program: Program, inputs: Mapping[int, Any]) -> float:
    """The time of one run."""
    start = time.perf_counter()
    program.run(inputs)
    return time.perf_counter() - start


def main() -> None:
    """Print, for each expression and size, the median ratio and the ratio of the numbers of operations."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 101
    random = np.random.default_rng(0)
    for name, text in EXPRESSIONS.items():
        for size in SIZES:
            rows = min(size, 1_000_000 // size)
            given = {
                "x": random.normal(size=size),
                "y": random.normal(size=rows),
                "w": random.normal(size=rows),
                "A": random.normal(size=(rows, size)),
            }
            values = {
                variable: value
                for variable, value in given.items()
                if variable in text.replace("exp", "").replace("max", "")
            }
            problem = pose(Source(text), given_bindings(values), ("x",))
            sweep = swept(problem)
            targets = [sweep.built.output, *sweep.adjoints]
            push = pushed(sweep.built, ("x",), max(targets))
            gradient = Program(sweep.built.graph, targets)
            product = Program(sweep.built.graph, [*targets, *(push.tangents[node] for node in sweep.adjoints)])
            inputs = {**sweep.inputs(problem.values), **push.inputs({"x": random.normal(size=size)})}
            count = max(5, runs // (1 + size // 10_000))
            pairs = [(seconds(product, inputs), seconds(gradient, inputs)) for _ in range(count)]
            ratio = statistics.median(first / second for first, second in pairs)
            print(
                f"{name}, {size:,} variables: {ratio:.2f} times a gradient "
                f"({len(product)} operations against {len(gradient)})"
            )


if __name__ == "__main__":
    main()
