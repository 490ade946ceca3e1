"""How the test run is shared out, and what its longest tables come to, in a line each at the end of it."""

import gc
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from amount import make_no_long_ones
from hypothesis import HealthCheck, settings

# Hypothesis measures in seconds, which are short on a busy machine.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

#: The property of a test's report that holds how far a row was from PyTorch.
ERROR = "relative error against PyTorch"

#: The property of a test's report that holds an expression drawn as torchviz draws it.
DRAWN = "drawn as torchviz draws it"

#: The property of a test's report that holds what it counted, a line of the summary.
COUNTED = "what was counted"

#: The property of a test's report that counts answers: right ones accepted, refused, wrong ones refused, accepted.
GRADED = "answers graded"

# A worker is one of several that share the processors, and its arrays are small: threads of NumPy's and PyTorch's would
# spend their time waiting for each other. Both look when they are loaded; OMP_NUM_THREADS would be diffcli's own too.
for _library in ("OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

#: What `-m fast` means, and what is run where nothing is said.
_FAST, _USUAL = "fast and not long", "not long"
#: What a module has that makes tests that are fast, or long.
_MADE_BY = {_FAST: r"\bmark\.fast\b|@tried\(", "long": r"\bmark\.long\b|@tried\(|\b(sampled|seeds)\("}


def pytest_configure(config: pytest.Config) -> None:
    """What is long is not fast, though its module be; where it is left out it is not even made."""
    if config.option.markexpr == "fast":
        config.option.markexpr = _FAST
    if config.option.markexpr in (_FAST, _USUAL):
        make_no_long_ones()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m fast` or `-m long`, modules without such a test are not even read."""
    made_by = _MADE_BY.get(config.option.markexpr)
    if made_by is None or collection_path.suffix != ".py":
        return None
    return not re.search(made_by, collection_path.read_text(encoding="utf-8")) or None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """Each worker has a stretch of the tests, and takes from the other's when it is done:
    what neighbours share is computed once.
    """
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a `diffcli` that has been loaded already."""
    from command import environment
    from warm import warm_command

    with warm_command(tmp_path_factory.mktemp("warm"), environment()) as folder:
        yield folder


@pytest.fixture
def warmly(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what a process answers, not of how it starts:
    `run` finds the command that has been loaded already.
    """
    monkeypatch.setattr("command.SCRIPTS", str(warm))


def pytest_collection_finish() -> None:
    """The tests themselves stay to the end, so the collector need not walk them; the command itself runs without it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counts of what was run and passed, by this run: nothing is written down."""
    passed = terminalreporter.stats.get("passed", [])
    checks = sum("tests/laws/" in report.nodeid for report in passed)
    if checks:
        from laws.cases import CASES

        primitives = len({case.primitive.name for case in CASES})
        terminalreporter.write_line(f"laws: {primitives} primitives, {len(CASES):,} cases, {checks:,} checks")
    errors = [value for report in passed for name, value in report.user_properties if name == ERROR]
    if errors:
        terminalreporter.write_line(f"PyTorch: {len(errors)} expressions, largest relative error {max(errors):.1e}")
    for line in [value for report in passed for name, value in report.user_properties if name == COUNTED]:
        terminalreporter.write_line(line)
    graded = [value for report in passed for name, value in report.user_properties if name == GRADED]
    if graded:
        accepted, refused, caught, missed = (sum(column) for column in zip(*graded, strict=True))
        terminalreporter.write_line(
            f"check: {accepted:,} right answers accepted, {refused:,} refused; "
            f"{caught:,} wrong ones refused, {missed:,} accepted"
        )
    drawn = sum(name == DRAWN for report in passed for name, _ in report.user_properties)
    if drawn:
        terminalreporter.write_line(f"torchviz: {drawn} expressions drawn with the same boxes and arrows")
