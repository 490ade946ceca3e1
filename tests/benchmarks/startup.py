"""Start-up as a ratio: `diffcli` against importing the libraries that it cannot do without.

    python tests/benchmarks/startup.py [RUNS]

Runs both commands in turn and prints the median of the pairs' ratios; the bounds are 1.3.
"""

import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence

DIFFCLI = f"{sysconfig.get_path('scripts')}/diffcli"
PAIRS = {
    "grad --json against typer and numpy": (
        [DIFFCLI, "grad", "mean(x*x)", "--at", "1,2,3", "--json"],
        [sys.executable, "-c", "import typer, numpy"],
    ),
    "--help against typer": ([DIFFCLI, "--help"], [sys.executable, "-c", "import typer"]),
}


def seconds(command: Sequence[str]) -> float:
    """The wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print, for each pair, medians and the median ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    for name, (ours, theirs) in PAIRS.items():
        seconds(ours), seconds(theirs)
        pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
        ratio = statistics.median(a / b for a, b in pairs)
        first, second = (1000 * statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name}: {first:.0f} ms / {second:.0f} ms, median ratio {ratio:.2f} over {runs} pairs")


if __name__ == "__main__":
    main()
