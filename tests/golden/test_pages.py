"""What the documentation shows of commands is what they print and draw, every command that it shows runs, and its links
lead somewhere.
"""

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest
from command import Finished, Stream, answer, environment, execute
from golden.golden import UPDATE
from golden.pages import DOCS, PAGES, README, ROOT, language, page_name

TEXT = {page_name(page): page.read_text(encoding="utf-8") for page in PAGES}


def _marks(page: str) -> Sequence[pytest.MarkDecorator]:
    """Those of a page in Chinese, whose commands are those of the page in English."""
    return [pytest.mark.long] if language(page) else []


#: The command in a paragraph, and the output shown below that paragraph.
SHOWN = [
    pytest.param(page, command, output, id=f"{page}: {command}", marks=_marks(page))
    for page, text in TEXT.items()
    for sentence, output in re.findall(r"(?:\A|(?<=\n\n))((?:[^\n]+\n)+)\n```text\n(.*?)\n```", text, re.DOTALL)
    for command in re.findall(r"`diffcli ([^`]*)`", sentence)[-1:]
]

#: Blocks with commands at prompts: each block's commands, with the lines after each.
PROMPTED = [
    pytest.param(page, commands, id=f"{page}: {commands[0][0]}", marks=_marks(page))
    for page, text in TEXT.items()
    for block in re.findall(r"```(?:text|console)\n(\$ .*?)```", text, re.DOTALL)
    for commands in [re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)]
]

#: The commands of each block for a shell, without what needs one.
LISTED = [
    pytest.param(page, commands, id=f"{page}: {commands[0]}", marks=_marks(page))
    for page, text in TEXT.items()
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    for commands in [[line for line in re.findall(r"^diffcli ([^\n]*)", block, re.MULTILINE) if " > " not in line]]
    if commands
]

#: The prompt of a quiz, with what is typed after it.
PROMPT = r"^(\d+> )(.*)$"

#: What a verdict begins with that makes the exit code 1.
NEGATIVE = re.compile(r"✗|^(?:diverged|oscillating|plateau)\b|^\d+ 步后(?:发散|振荡|平台)", re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place to write to, in which the examples are."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


@pytest.mark.parametrize(("page", "command", "output"), SHOWN)
def test_output_below_a_command_is_part_of_what_it_prints(page: str, command: str, output: str) -> None:
    done = answer(shlex.split(command), cwd=ROOT, env=language(page))
    assert output in done.out + done.err
    assert done.code == (3 if 'exp(x))" --at 1000' in command else 0)


@pytest.mark.parametrize(("page", "commands"), PROMPTED)
def test_output_after_a_prompt_is_what_is_printed(
    page: str, commands: list[tuple[str, str]], folder: Path, warm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notes and errors on standard error among it, as on a terminal; so are the exit code, where nobody asks for it the
    verdict's, and a picture that the page has.
    """
    for (command, output), (after, said) in zip(commands, [*commands[1:], ("", "")], strict=True):
        if command.startswith("cd "):
            folder /= command.removeprefix("cd ")
            continue
        if command == "echo $?":
            continue
        path = {"PATH": os.pathsep.join([str(warm), environment()["PATH"]])}
        done = _run(command, output, folder, {**language(page), **path}, monkeypatch)
        printed = _as_shown(done.err + done.out, output)
        if os.environ.get(UPDATE) and printed != output:
            content = (ROOT / page).read_text(encoding="utf-8")
            (ROOT / page).write_text(content.replace(f"{command}\n{output}", f"{command}\n{printed}"), encoding="utf-8")
            continue
        assert printed == output
        negative = NEGATIVE.search(output) and not re.search(r"\||--exit-zero", command)
        assert done.code == (int(said) if after == "echo $?" else 1 if negative else 0), command
        for picture in re.findall(r"(\S+\.svg)\b", command):
            if f"]({picture})" in TEXT[page]:
                _assert_drawn(ROOT / page, folder / picture)


def _run(command: str, output: str, folder: Path, env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Finished:
    """What is left behind by a command, which reads the answers that are shown after its prompts."""
    words = command.removeprefix("diffcli ")
    if words == command or re.search(r"[|$]", command):
        return execute(["bash", "-c", command], cwd=folder, env=env)
    if not re.search(PROMPT, output, re.MULTILINE):
        return answer(shlex.split(words), cwd=folder, env=env)
    monkeypatch.setattr(Stream, "isatty", lambda _: True)
    typed = [line for _, line in re.findall(PROMPT, output, re.MULTILINE)]
    done = answer(shlex.split(words), stdin="\n".join(typed).encode(), cwd=folder, env={**env, "NO_COLOR": "1"})
    lines = iter(typed)
    echoed = re.sub(r"^\d+> ", lambda prompt: f"{prompt[0]}{next(lines)}\n", done.out, flags=re.MULTILINE)
    return done._replace(out=echoed)


def _as_shown(printed: str, shown: str) -> str:
    """What was printed, without the lines that a line of three dots stands for in what is shown."""
    parts = re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)
    return shown if re.fullmatch("(?:.*\n)+?".join(map(re.escape, parts)), printed) else printed


def _assert_drawn(page: Path, drawn: Path) -> None:
    """The page's picture is the drawn one, but for places and sizes, which are the affair of the library at hand, and
    for its words where no font has Chinese ones.
    """
    held = page.parent / drawn.name
    pictures = [path.read_text(encoding="utf-8") for path in (held, drawn)]
    shapes, words = ([sorted(re.findall(part, picture)) for picture in pictures] for part in (r"<\w+", r">([^<>]+)</"))
    in_english = [bool(re.search("[一-龥]", picture)) for picture in pictures] == [True, False]
    same = shapes[0] == shapes[1] and (words[0] == words[1] or in_english)
    if os.environ.get(UPDATE) and not same:
        held.write_bytes(drawn.read_bytes())
    else:
        assert same, held.name


@pytest.mark.parametrize(("page", "commands"), LISTED)
def test_every_listed_command_runs(page: str, commands: list[str], folder: Path) -> None:
    """And prints what its comment says where the comment is an answer; a point that overflows is an answer too."""
    for line in commands:
        command, _, comment = line.partition("  # ")
        done = answer(shlex.split(command), cwd=folder, env=language(page))
        assert done.code == (3 if "overflow" in comment else 0), line
        assert not done.err or done.err.startswith("note: "), line
        assert "--terse" not in command or comment.strip().removeprefix("numbers only: ") == done.out.strip(), line


def test_all_kinds_are_found() -> None:
    assert len(SHOWN) > 10
    assert sum(len(commands.values[1]) for commands in PROMPTED) > 10  # type: ignore[arg-type]
    assert sum(len(commands.values[1]) for commands in LISTED) > 30  # type: ignore[arg-type]


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", TEXT)
def test_links_lead_to_files_and_headings(page: str) -> None:
    for link in re.findall(r"\]\(([^()\s]+)\)", re.sub(r"```.*?```|`[^`\n]*`", "", TEXT[page], flags=re.DOTALL)):
        if not re.match(r"https?://|mailto:", link):
            name, _, heading = link.partition("#")
            target = (ROOT / page).parent / name if name else ROOT / page
            assert target.exists(), link
            assert not heading or heading in anchors(target.read_text(encoding="utf-8")), link


def test_every_page_is_in_the_index() -> None:
    """Of its folder."""
    for page in DOCS.rglob("*.md"):
        index = page.parent / "README.md"
        assert page == index or f"({page.name})" in index.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(ROOT.glob("README*.md")), ids=page_name)
def test_a_readme_is_read_in_five_minutes(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 165


def test_the_test_command_says_how_long_it_takes() -> None:
    assert re.search(
        r"minutes[^\n]*\n(?:[^\n]*\n){0,2}\n?```sh\npython3 -m venv \S+ && .*pytest", TEXT[page_name(README)]
    )
