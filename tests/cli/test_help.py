"""Help, and that the documentation says what the program has."""

import platform
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

import pytest
from command import answer, run
from rich.cells import cell_len

from diffcli.analysis.manual.examples import WANTED
from diffcli.analysis.manual.slip_pages import slip_kinds
from diffcli.analysis.manual.topics import TOPICS
from diffcli.messages import LANGUAGES
from diffcli.primitives.table import FAMILIES, FUNCTION_NAMES

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


# Topics


def test_a_topic_is_found_by_its_name_and_by_others() -> None:
    for word in ("exit-codes", "EXIT-CODES", "exit_codes", "exit codes", "status"):
        done = answer(["help", word])
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith("What a script learns from the exit code\n")


def test_help_explains_whatever_has_a_name() -> None:
    """A command as its own `--help` does, a function or an optimizer as `functions` does; a topic goes before."""
    assert answer(["help", "grad"]).out == answer(["grad", "--help"]).out
    for name in ("softplus", "adam", "sgd", "cosine", "@"):
        assert answer(["help", name]).out == answer(["functions", name]).out
    words = [name for topic, found in TOPICS.items() for name in (topic, *found.aliases)]
    assert len(words) == len(set(words))
    assert set(words) & {*COMMANDS, *FUNCTION_NAMES} == set()


@pytest.mark.parametrize("kind", slip_kinds())
def test_a_slip_is_explained_at_a_question(kind: str) -> None:
    """What is said of it has its slots filled, in both languages."""
    for language, begin in (("en", f"A slip: {kind}\n\nIn the derivative of "), ("zh", f"失误：{kind}\n")):
        done = answer(["help", kind, "--lang", language])
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(begin)
        assert "{" not in done.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["help", "langauge"], "there is no help about 'langauge'\n --> topic\n  | langauge\n  | ^^^^^^^^\n"),
        (["help", "langauge"], "= help: did you mean 'language'?"),
        (["help", "softpuls"], "did you mean 'softplus'?"),
        (["help", "everything"], "'diffcli help' lists the topics"),
        (["examples", "gard"], "did you mean 'grad'?"),
    ],
)  # fmt: skip
def test_an_unknown_topic_is_refused(line: list[str], said: str) -> None:
    done = answer(line)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_help_is_as_wide_as_the_terminal(columns: int, language: str) -> None:
    """And no wider than lines are read; but for names and what is typed, which is not broken."""
    lines = [["--help"], ["help"], *([command, "--help"] for command in COMMANDS), *(["help", name] for name in TOPICS)]
    typed = {each.command for part in WANTED for each in part.examples}
    for line in lines:
        shown = answer(line, env={"COLUMNS": str(columns), "DIFFCLI_LANG": language}).out
        for text in shown.splitlines():
            if cell_len(text) > min(columns, 80):
                assert text.strip() in typed or len(text.split()) <= 3 or text.lstrip().startswith("diffcli "), text


def test_versions_are_those_of_what_runs() -> None:
    """The libraries that the package requires, of the others those that are there, of those for tests none."""
    required = ["numpy>=2.0", "typer>=0.29", 'pillow>=10; extra == "plot"', 'nowhere; extra == "plot"', "missing>=1",
        'pytest>=8; extra == "test"', 'diffcli[plot]; extra == "test"']  # fmt: skip
    with patch("diffcli.cli.versions.requires", return_value=required):
        program, python, *libraries = answer(["-V"]).out.splitlines()
    assert program.startswith("diffcli ")
    assert python.split()[1] == platform.python_version()
    assert libraries == [*(f"{name} {version(name)}" for name in ("numpy", "typer", "pillow")), "missing -"]


# Names from other tools


@pytest.mark.parametrize(
    ("other", "ours"),
    [
        (["--learning-rate", "0.2"], ["--lr", "0.2"]),
        (["--learning-rate=0.2"], ["--lr", "0.2"]),
        (["-n", "7"], ["--steps", "7"]),
        (["--optimizer", "sgd"], ["--optimizer", "gd"]),
        (["--optimizer", "SGD,l-bfgs"], ["--optimizer", "gd,lbfgs"]),
        (["--max-seconds", "100"], ["--timeout", "100"]),
    ],
    ids=" ".join,
)
def test_another_name_means_the_same(other: list[str], ours: list[str]) -> None:
    line = ["descend", "x^2", "--at", "3"]
    assert answer([*line, *other]) == answer([*line, *ours])
