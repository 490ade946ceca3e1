"""`python -m tests.benchmarks`: every comparison, as Markdown on standard output, and how times grow as a plot."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from .contest import is_installed
from .curves import draw, grown
from .measurement import Measured, Workers, measured
from .table import GROUPS, ROWS, TOGETHER
from .tables import document

#: What `--write` replaces in a page is between these lines.
BEGIN, END = "<!-- measured: written by python -m tests.benchmarks --write -->", "<!-- end of what was measured -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, and print it. Returns the exit code."""
    options = _parser().parse_args(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed command has its bytecode
    groups = options.only.split(",") if options.only else GROUPS
    unknown = set(groups) - set(GROUPS)
    if unknown:
        print(f"no group is called {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    rows = [row for row in ROWS if row.group in groups]
    absent = sorted({name for row in rows for name in row.contenders if not is_installed(name)})
    if absent:
        _told(f"not installed, left out: {', '.join(absent)}")
    if options.plot:
        curves = [grown(row, row.quick if options.quick else row.curve[-1], _told) for row in rows if row.curve]
        draw(options.plot, curves)
        return 0
    results: list[Measured] = []
    with suppress(KeyboardInterrupt):  # what was measured until then is shown
        for _, members in groupby(rows, lambda row: row.group):
            with Workers() as workers:
                for row in members:
                    _told(row.name)
                    size, patience = (row.quick, 3) if options.quick else (row.size, 20)
                    results.append(measured(row, size, workers, patience=patience))
                    _complain(results[-1])
    text = document(results, TOGETHER)
    print(text, end="")
    if options.write:
        write(Path(options.write), text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="GROUPS", help=f"some groups, between commas: {', '.join(GROUPS)}")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds: minutes become seconds")
    parser.add_argument(
        "--plot", metavar="FILE", help="how times grow with the work, as a picture (.svg, .png), no table"
    )
    parser.add_argument("--write", metavar="FILE", help="put the tables into a page as well, between its marks")
    return parser


def _told(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _complain(result: Measured) -> None:
    for name, failure in result.failures.items():
        _told(f"{result.row.name}, {name}: {failure}")


def write(page: Path, text: str) -> None:
    """Replace what stands between the marks of a page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{page} has no lines {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
