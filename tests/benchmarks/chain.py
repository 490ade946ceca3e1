"""A long chain, from the text to the printed gradient: microseconds a node, and whether it is linear.

    python tests/benchmarks/chain.py [TERMS]

Runs the installed command on sums of n and 2n terms in turn. A sum of n terms is n - 1 additions
and one variable: n nodes. The bounds are 12 microseconds a node and a ratio of 2.2.
"""

import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

DIFFCLI = f"{sysconfig.get_path('scripts')}/diffcli"
RUNS = 7


def seconds(path: Path, *options: str) -> float:
    """The wall time of one run of `grad` on the file."""
    start = time.perf_counter()
    subprocess.run([DIFFCLI, "grad", "-f", str(path), "--at", "1", *options], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians for terse and human output."""
    terms = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        once, twice = Path(folder) / "once.expr", Path(folder) / "twice.expr"
        once.write_text("+".join(["x"] * terms))
        twice.write_text("+".join(["x"] * (2 * terms)))
        for options in (["--terse"], []):
            pairs = [(seconds(once, *options), seconds(twice, *options)) for _ in range(RUNS)]
            first = statistics.median(pair[0] for pair in pairs)
            ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
            form = " ".join(options) or "human output"
            print(
                f"{terms:,} terms, {form}: {first:.2f} s, {1e6 * first / terms:.1f} us a node, "
                f"twice as many take {ratio:.2f} times as long"
            )


if __name__ == "__main__":
    main()
