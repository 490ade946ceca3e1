"""Whatever is typed: a documented exit code, no traceback, nothing on standard output when refused."""

import shlex
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


@pytest.mark.parametrize(
    "line",
    [
        "descend 'd(pi, y)' --at inf",
        "grad 'd(pi, y)' --at inf --digits 20",
        "hessian 'd(x, x)' --at inf --exact",
        "grad 'erf(d(-x, x))' --at 0.5 --no-symbolic --of 1",
        "ascend 'arccos(sigmoid(x) - x**9007199254740993)' --at 1e-300",
        "descend 'bce_with_logits((pi^y)^sigmoid(w), 2)' --at 'w=1e9;y=1' --max-seconds 0.05",
        "hessian 'gamma(-1) != 1'",
        "diff 'x*lgamma(0)' --as numpy",
        "jacobian 'expand(x, shape=-1)' --at 2",
        "diff 'sum(cos(9007199254740993)^3*(-(x*1e17)))' --at x=2,2 --blank",
        "hessian 'sum(silu(y/x*mean(abs(w - x))))' --at 'w=1e200,1e-200;x=-1,3;y=1e200,1e-200' --digits 20",
        "hessian 'sinh(softplus(x - y))' --at 'x=9007199254740993;y=1e17' --exact",
        "ascend '1e-300^(y^w) + sigmoid(y - 1)' --at 'w=5e-324;y=9007199254740993'",
        "ascend 'acos(erfinv(-x))' --at=-0.0 --timeout 0.5",
        "hessian 'sum(sigmoid(sign(y))^(y + 0/x))' --at 'x=-0.1,0.7;y=0,0'",
        "hessian pi",
        "hessian 1e-17 --pattern --exact",
        "hessian 'fmax(x, pi + x)^mse_loss(log2(x), x^-1)' --at 1e17 --exact",
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_was_found_ends_well(line: str) -> None:
    """Command lines that ended in internal errors, or not at all."""
    assert not faults(shlex.split(line))
