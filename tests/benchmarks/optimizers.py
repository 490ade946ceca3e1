"""Which optimizers reach the known minimum of test functions from their standard starts, and in how many steps.

    python tests/benchmarks/optimizers.py [STEPS [OPTIMIZER...]]

Each optimizer runs with its own hyperparameters and every rate of a grid, the best is shown, as
`steps (rate)`; a dash where none ends within STEPS steps with a gradient norm of at most 1e-6 and
within 1e-4 of a minimum. The functions are those of Rosenbrock, Beale, Himmelblau and Booth, and the
quadratic of condition 1000 with its start from Boyd and Vandenberghe, 9.3.2. The minimum of what
adamw's weight decay makes of a function lies elsewhere, and rmsprop at a constant rate jumps about
the minimum unless it meets it.
"""

import math
import sys
from typing import NamedTuple

import diffcli
from diffcli.analysis.descent.descent_report import DescentReport
from diffcli.analysis.descent.optimizers import OPTIMIZERS

RATES = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001)


class Function(NamedTuple):
    """A function of x and y, where a run begins, and its minima."""

    expression: str
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]


FUNCTIONS = {
    "Rosenbrock": Function("(1 - x)^2 + 100*(y - x^2)^2", (-1.2, 1.0), ((1.0, 1.0),)),
    "Beale": Function("(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2", (1.0, 1.0), ((3.0, 0.5),)),
    "Himmelblau": Function(
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", (0.0, 0.0),
        ((3.0, 2.0), (-2.805118086952745, 3.131312518250573), (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404)),
    ),
    "Booth": Function("(x + 2*y - 7)^2 + (2*x + y - 5)^2", (0.0, 0.0), ((1.0, 3.0),)),
    "badly scaled": Function("x^2/2 + 500*y^2", (1000.0, 1.0), ((0.0, 0.0),)),
}  # fmt: skip


def reached(function: Function, report: DescentReport) -> bool:
    """Whether a run ended at a minimum."""
    x, y = report.final["x"], report.final["y"]
    return report.status == "converged" and any(math.hypot(x - a, y - b) <= 1e-4 for a, b in function.minima)


def best(function: Function, optimizer: str, steps: int) -> str:
    """The fewest steps that any rate takes, and the rate."""
    x, y = function.start
    found, limit = "-", steps
    for rate in RATES if OPTIMIZERS[optimizer].lr is not None else (None,):
        report = diffcli.descend(function.expression, {"x": x, "y": y}, optimizer=optimizer, lr=rate, steps=limit)
        if reached(function, report):
            found = f"{report.iterations:,}" + ("" if rate is None else f" ({rate:g})")
            limit = max(report.iterations - 1, 0)
    return found


def main() -> None:
    """Print the table."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"| optimizer | {' | '.join(FUNCTIONS)} |")
    print("|---" * (len(FUNCTIONS) + 1) + "|")
    for optimizer in sys.argv[2:] or OPTIMIZERS:
        print(
            f"| {optimizer} | {' | '.join(best(function, optimizer, steps) for function in FUNCTIONS.values())} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
