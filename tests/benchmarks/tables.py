"""What was measured, as Markdown."""

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby

from .contest import OURS, Together
from .measurement import Measured
from .verdicts import verdicts

_PACKAGES = ("numpy", "torch", "jax", "autograd", "casadi", "micrograd", "numexpr", "numba")


def document(results: Sequence[Measured], together: Sequence[Together]) -> str:
    """The machine, the bounds, and a table for each group."""
    parts = [machine(), *_bounds(results, together)]
    for group, members in groupby(results, lambda result: result.row.group):
        parts.append(f"### {group}\n\n{_times(list(members))}")
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """The date, the processor, and the versions of what was measured."""
    versions = []
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return (
        f"{date.today().isoformat()}, {_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{', '.join(versions)}."
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _bounds(results: Sequence[Measured], together: Sequence[Together]) -> Iterator[str]:
    rows = [
        (verdict.work, verdict.bound, verdict.found, "yes" if verdict.holds else "**no**")
        for verdict in verdicts(results, together)
    ]
    if rows:
        yield "### Bounds\n\n" + _table(("work", "bound", "measured", "holds"), rows)


def _times(results: Sequence[Measured]) -> str:
    """A row for each kind of work: our time, and of each other its time and ours divided by it."""
    names = list(dict.fromkeys(name for result in results for name in result.row.contenders if name in _seen(result)))
    rows = []
    for result in results:
        rows.append([result.work, *(_cell(result, name) for name in names)])
        if result.peaks:
            cells = [f"{result.peaks[name] / 2**20:,.0f} MiB" if name in result.peaks else "" for name in names]
            rows.append(["its peak above the start", *cells])
    return _table(("work", *names), rows)


def _seen(result: Measured) -> set[str]:
    return {*result.seconds, *result.failures}


def _cell(result: Measured, name: str) -> str:
    if name in result.failures:
        return "failed"
    if name not in result.seconds:
        return ""
    time = duration(result.time(name))
    return time if name == OURS or OURS not in result.seconds else f"{time} ({times(result.ratio(OURS, name))})"


def times(ratio: float) -> str:
    """A ratio with two digits or more."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def duration(seconds: float) -> str:
    """Three digits and a unit."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} us"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
