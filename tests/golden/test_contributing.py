"""What CONTRIBUTING.md says of the code is so: files are there, code that it shows stands in them, and its optimizer
works.
"""

import re
from textwrap import dedent

import pytest
from golden.pages import ROOT

import diffcli
from diffcli.analysis.descent import optimizers

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TESTS = ROOT / "tests"
#: Those that the program itself reads.
PROGRAM_S = {"DIFFCLI_AT", "DIFFCLI_EXPR", "DIFFCLI_LANG", "DIFFCLI_DEBUG", "DIFFCLI_LINE"}
BLOCKS = [dedent(block) for block in re.findall(r"^ *```python\n(.*?)^ *```", TEXT, re.DOTALL | re.MULTILINE)]


def block(beginning: str) -> str:
    """The code that begins so."""
    (found,) = [each for each in BLOCKS if each.startswith(beginning)]
    return found


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:diffcli|tests|docs|\.ci)/[\w./]+)`", TEXT))))
def test_every_file_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize(
    ("beginning", "file"),
    [
        ("erfinv = ", "diffcli/primitives/special.py"),
        ("timeout: ", "diffcli/cli/options.py"),
    ],
)
def test_code_that_is_shown_stands_in_its_file(beginning: str, file: str) -> None:
    lines = [line.strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    assert [line for line in block(beginning).splitlines() if line.strip() not in lines] == []


def test_every_variable_of_the_tests_is_there() -> None:
    read = {
        name for path in TESTS.rglob("test_*.py") for name in re.findall(r"\"(DIFFCLI_[A-Z_]+)\"", path.read_text())
    }
    assert read - set(re.findall(r"DIFFCLI_[A-Z_]+", TEXT)) - PROGRAM_S == set()


def test_the_optimizer_that_is_shown_has_pytorch_s_iterates() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: the optimizer is not held against it")
    from diffcli.execute.arrays import magnitudes

    exec(block("@_optimizer"), {**vars(optimizers), "magnitudes": magnitudes})
    try:
        found = diffcli.descend("(x[0]-1)^2 + 10*(x[1]-2)^2", x=[0, 0], optimizer="adamax", lr=0.04, steps=50).final[
            "x"
        ]
    finally:
        del optimizers.OPTIMIZERS["adamax"]
    x = torch.tensor([0.0, 0.0], dtype=torch.float64, requires_grad=True)
    steps = torch.optim.Adamax([x], lr=0.04)
    for _ in range(50):
        steps.zero_grad()
        ((x[0] - 1) ** 2 + 10 * (x[1] - 2) ** 2).backward()
        steps.step()
    assert found == pytest.approx(x.tolist(), rel=1e-12)
