"""Whatever is typed: a documented exit code, no traceback, nothing on standard output when refused."""

import threading
from pathlib import Path
from random import Random

import pytest
from amount import seeds

from .command_lines import command_line, faults, prepare

#: Command lines of one test.
_LINES = 100


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIFFCLI_EXPR", "DIFFCLI_AT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("seed", seeds(1, 40, "DIFFCLI_FUZZED_LINES", _LINES))
def test_any_command_line_ends_well(seed: int, tmp_path: Path) -> None:
    """All commands and options in one process, short limits among them; DIFFCLI_FUZZED_LINES=100000 tries so many."""
    prepare(tmp_path)
    random = Random(seed)
    for _ in range(_LINES):
        arguments = command_line(random, tmp_path)
        assert not faults(arguments), arguments
    assert threading.active_count() < 10
