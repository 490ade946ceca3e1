"""Whatever is typed: a documented exit code, no traceback, nothing on standard output when refused."""

import os
import threading
from pathlib import Path
from random import Random

import pytest

from .command_lines import command_line, faults, prepare

#: How many thousand command lines are tried by hand; without it a few hundred are.
_THOUSANDS = int(os.environ.get("DIFFCLI_FUZZ_THOUSANDS", "0"))
_FEW = 100


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIFFCLI_EXPR", "DIFFCLI_AT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("seed", range(max(_THOUSANDS, 1)))
def test_any_command_line_ends_well(seed: int, tmp_path: Path) -> None:
    """All commands and options in one process, short limits among them; DIFFCLI_FUZZ_THOUSANDS=100 tries 100,000."""
    prepare(tmp_path)
    random = Random(seed)
    for _ in range(1000 if _THOUSANDS else _FEW):
        arguments = command_line(random, tmp_path)
        assert not faults(arguments), arguments
    assert threading.active_count() < 10
