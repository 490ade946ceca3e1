"""Help, and that the documentation says what the program has."""

from pathlib import Path

import pytest
from command import answer, run

from diffcli.primitives.table import FAMILIES

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parent.parent.parent
README, COMMANDS_PAGE, FUNCTIONS_PAGE = (
    (ROOT / page).read_text(encoding="utf-8")
    for page in ("README.md", "docs/reference/commands.md", "docs/reference/functions.md")
)
COMMANDS = ["grad", "diff", "compare", "jacobian", "hessian", "jvp", "vjp", "descend", "ascend", "graph", "functions"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_has_help_and_is_documented(command: str) -> None:
    done = answer([command, "--help"])
    assert (done.code, done.err) == (0, "")
    options = [
        word.strip(",")
        for line in done.out.splitlines()
        for word in line.split()[:2]
        if line.startswith("  -") and word.startswith("--")
    ]
    assert options
    missing = [option for option in options if option != "--help" and option not in COMMANDS_PAGE]
    assert missing == []


def test_every_command_is_documented_and_in_help() -> None:
    listing = run(["--help"]).out
    for command in COMMANDS:
        assert f"diffcli {command}" in COMMANDS_PAGE
        assert f"\n  {command} " in listing


def test_every_function_is_documented_and_in_the_listing() -> None:
    listing = answer(["functions", "--terse"]).out.split()
    public = [function for functions in FAMILIES.values() for function in functions]
    assert listing == [function.name for function in public]
    assert [function.name for function in public if f"{function.name}(" not in FUNCTIONS_PAGE] == []


def test_the_readme_shows_what_the_first_command_prints() -> None:
    assert run(["grad", "mean(x*x)", "--at", "1,2,3"]).out in README


def test_version() -> None:
    from diffcli import __version__

    for option in ("--version", "-V"):
        assert run([option]).out.splitlines()[0] == f"diffcli {__version__}"
