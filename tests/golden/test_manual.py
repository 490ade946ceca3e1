"""The manual: its examples run, pages of the documentation and the man page are made of it."""

import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import answer
from golden.golden import assert_golden
from golden.pages import DOCS, ROOT, assert_generated

from diffcli.analysis.manual.examples import WANTED, examples_of
from diffcli.analysis.manual.page import Example, Examples, Rows
from diffcli.analysis.manual.topics import TOPICS, topic_page
from diffcli.cli.commands import COMMANDS
from diffcli.cli.man_page import man_page
from diffcli.messages import LANGUAGES, Language

#: Where the man page of a language is in the sources.
MAN_PAGES: dict[Language, Path] = {"en": DOCS / "man" / "diffcli.1", "zh": DOCS / "man" / "zh_CN" / "diffcli.1"}


def lines(examples: Iterator[Example] | tuple[Example, ...]) -> list[list[str]]:
    return [shlex.split(each.command) for each in examples]


def run(examples: list[Example], folder: Path) -> None:
    """Each example ends as it says, with something to read."""
    (folder / "points.csv").write_text("x,y\n0,1\n1,3\n2,5.2\n3,6.9\n")
    for example in examples:
        program, *words = shlex.split(example.command)
        assert program == "diffcli"
        slowly = ["--timeout", "100"] if {"--exact", "--digits"} & set(words) else []  # a machine may be busy
        done = answer([*words, *slowly], cwd=folder)
        assert done.code == example.exit_code, (example.command, done)
        assert done.out or example.exit_code or "-o" in words, example.command
        assert not done.err or example.exit_code, (example.command, done.err)


def test_every_example_runs_in_the_order_of_the_table(tmp_path: Path) -> None:
    run([example for wanted in WANTED for example in wanted.examples], tmp_path)
    assert (tmp_path / "graph.html").exists()
    assert (tmp_path / "answers.toml").exists()


@pytest.mark.parametrize("name", TOPICS)
def test_every_example_of_a_topic_runs(name: str, tmp_path: Path) -> None:
    page = topic_page(name)
    assert page is not None
    run([each for part in page.parts if isinstance(part, Examples) for each in part.examples], tmp_path)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_the_plainest_first(name: str) -> None:
    """Two to four; the first one has the fewest options of them."""
    found = examples_of(name)
    assert 2 <= len(found) <= 4
    counts = [sum(word.startswith("--") for word in words) for words in lines(found)]
    assert counts[0] == min(counts)


# Pages of the documentation


def _text(rows: Rows) -> str:
    return "\n".join(["```text", *(f"{name:24} {meaning}" for name, meaning in rows.pairs), "```", ""])


def _table(rows: Rows, first: str, second: str) -> str:
    cells = [(name if "`" in name or name[:1].isdecimal() else f"`{name}`", meaning) for name, meaning in rows.pairs]
    return "\n".join(["", f"| {first} | {second} |", "|---|---|", *(f"| {a} | {b} |" for a, b in cells), "", ""])


def _rows(name: str) -> list[Rows]:
    page = topic_page(name)
    assert page is not None
    return [part for part in page.parts if isinstance(part, Rows)]


def test_the_page_of_the_language_has_the_rows_of_the_topic() -> None:
    for place, rows in enumerate(_rows("language"), 1):
        assert_generated(DOCS / "reference/language.md", f"topic language, part {place}", _text(rows))


@pytest.mark.parametrize(
    ("topic", "page", "first", "second"),
    [
        ("values", "reference/commands.md", "`--at`", "means"),
        ("kinks", "explanation/conventions.md", "function", "convention"),
        ("exit-codes", "reference/exit-codes.md", "code", "meaning"),
    ],
)
def test_a_page_has_the_rows_of_a_topic(topic: str, page: str, first: str, second: str) -> None:
    [rows] = _rows(topic)
    if topic == "values":
        rows = Rows(tuple((f"`{name}`", meaning) for name, meaning in rows.pairs))
    assert_generated(DOCS / page, f"topic {topic}", _table(rows, first, second))


def test_the_page_of_help_lists_topics_and_examples() -> None:
    topics = Rows(tuple((f"`diffcli help {name}`", topic.title) for name, topic in TOPICS.items()))
    assert_generated(DOCS / "reference/help.md", "topics", _table(topics, "topic", "about"))
    tables = (
        f"\n### {wanted.wanted}\n{_table(Rows(wanted.pairs), 'typed', 'shown')}".rstrip("\n") for wanted in WANTED
    )
    assert_generated(DOCS / "reference/help.md", "examples", "\n".join([*tables, "", ""]))


# The man page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_man_page_is_what_the_manual_says(language: Language) -> None:
    assert_golden(MAN_PAGES[language], man_page(language))
    assert answer(["help", "--man", "--lang", language]).out == man_page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_man_page_has_every_command_and_option(language: Language) -> None:
    text = man_page(language).replace("\\-", "-").replace("|\\:", "|")
    for name in COMMANDS:
        assert f".SS diffcli {name} " in text
        for option in answer([name, "--help"]).out.split():
            assert not option.startswith("--") or option.strip(",.;)'") in text, option


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_man_page_is_one(language: Language) -> None:
    """For a reader that is strict; that a page of a version has no date is all that it says."""
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", str(MAN_PAGES[language])], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stdout.splitlines() if "missing date" not in line] == []


def test_the_wheel_brings_the_man_pages() -> None:
    import tomllib

    with (ROOT / "pyproject.toml").open("rb") as file:
        shared = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert {ROOT / path for path in shared} == set(MAN_PAGES.values())
    assert set(shared.values()) == {"share/man/man1/diffcli.1", "share/man/zh_CN/man1/diffcli.1"}
