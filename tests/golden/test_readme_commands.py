"""What the README shows of commands is what they print, and every command that it shows runs."""

import re
import shlex
from pathlib import Path

import pytest
from command import answer, execute
from golden.golden import HERE

ROOT = HERE.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

#: A command in a sentence, and the output shown below that sentence.
SHOWN = [
    (command, output)
    for command, output in re.findall(r"`diffcli ([^`]*)`[^`]*\n\n```text\n(.*?)\n```", README, re.DOTALL)
    if "COMMAND" not in command
]

#: Blocks with commands at prompts: each block's commands, with the lines after each.
PROMPTED = [
    re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    for block in re.findall(r"```(?:text|console)\n(\$ .*?)```", README, re.DOTALL)
]

#: The commands of each block for a shell, without what needs one.
LISTED = [
    [line for line in re.findall(r"^diffcli ([^\n]*)", block, re.MULTILINE) if " > " not in line]
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place to write to, in which the examples are."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_output_below_a_command_is_part_of_what_it_prints(command: str, output: str) -> None:
    done = answer(shlex.split(command), cwd=ROOT)
    assert done.code == 0
    assert output in done.out


@pytest.mark.parametrize("block", PROMPTED, ids=[block[0][0] for block in PROMPTED])
def test_output_after_a_prompt_is_what_is_printed(block: list[tuple[str, str]], folder: Path) -> None:
    """Notes on standard error among it, as on a terminal."""
    for command, output in block:
        if command.startswith("cd "):
            folder /= command.removeprefix("cd ")
        elif re.search(r"[|$]", command):
            assert execute(["bash", "-c", command], cwd=folder) == (0, output, "")
        else:
            done = answer(shlex.split(command.removeprefix("diffcli ")), cwd=folder)
            assert (done.code, done.err + done.out) == (0, output)


@pytest.mark.parametrize("block", LISTED, ids=[block[0] if block else "" for block in LISTED])
def test_every_listed_command_runs(block: list[str], folder: Path) -> None:
    """And prints what its comment says where the comment is an answer; a point that overflows is an answer too."""
    for line in block:
        command, _, comment = line.partition("  # ")
        done = answer(shlex.split(command), cwd=folder)
        assert done.code == (3 if "overflow" in comment else 0), line
        assert not done.err or done.err.startswith("note: "), line
        assert "--terse" not in command or comment.strip().removeprefix("numbers only: ") == done.out.strip(), line


def test_all_kinds_are_found() -> None:
    assert (len(SHOWN), sum(map(len, PROMPTED))) >= (4, 10)
    assert sum(map(len, LISTED)) > 25
