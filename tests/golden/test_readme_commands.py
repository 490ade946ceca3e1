"""What the README shows of commands is what they print, and every command that it shows runs."""

import re
import shlex
from pathlib import Path

import pytest
from command import answer
from golden.golden import HERE

ROOT = HERE.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

#: A command in a sentence, and the output shown below that sentence.
SHOWN = [(command, output) for command, output in re.findall(r"`diffcli ([^`]*)`[^`]*\n\n```text\n(.*?)\n```", README, re.DOTALL) if "COMMAND" not in command]

#: A command at a prompt, and the lines after it.
PROMPTED = re.findall(r"^\$ diffcli (.*)\n((?:(?!\$|```).*\n)*)", README, re.MULTILINE)

#: The commands of the blocks for a shell, without their comments and without what needs one.
LISTED = [line for line in re.findall(r"^diffcli ([^\n]*)", "".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)), re.MULTILINE) if " > " not in line]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_output_below_a_command_is_part_of_what_it_prints(command: str, output: str) -> None:
    done = answer(shlex.split(command), cwd=ROOT)
    assert done.code == 0
    assert output in done.out


@pytest.mark.parametrize(("command", "output"), PROMPTED, ids=[command for command, _ in PROMPTED])
def test_output_after_a_prompt_is_what_is_printed(command: str, output: str) -> None:
    assert answer(shlex.split(command), cwd=ROOT) == (0, output, "")


@pytest.mark.parametrize("line", LISTED)
def test_every_listed_command_runs(line: str) -> None:
    """And prints what its comment says where the comment is an answer; a point that overflows is an answer too."""
    command, _, comment = line.partition("  # ")
    done = answer(shlex.split(command), cwd=Path(ROOT))
    assert (done.code, done.err) == (3 if "overflow" in comment else 0, "")
    assert "--terse" not in command or comment.strip().removeprefix("numbers only: ") == done.out.strip()


def test_all_kinds_are_found() -> None:
    assert (len(SHOWN), len(PROMPTED)) >= (4, 3)
    assert len(LISTED) > 15
