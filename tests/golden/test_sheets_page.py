"""The page about sheets has every key, every format, the example's own text, and answers of Python that are so."""

import re
from fractions import Fraction

import pytest
from golden.pages import DOCS, ROOT

from diffcli.analysis.sheets.sheet import KEYS
from diffcli.render.graders import FORMATS

PAGE = (DOCS / "teachers/sheets.md").read_text(encoding="utf-8")


def test_every_key_is_in_the_table_in_their_order() -> None:
    table = PAGE.partition("## The keys of an exercise")[2].partition("## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(KEYS)
    shared = set(re.findall(r"`(\w+)`", table.partition("`[defaults]` holds ")[2].partition(" for exercises")[0]))
    assert shared == {name for name, key in KEYS.items() if key.shared}


def test_every_format_is_in_the_table_in_their_order() -> None:
    graders = (DOCS / "reference/graders.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", graders, re.MULTILINE) == list(FORMATS)


def test_the_sheet_shown_is_the_example() -> None:
    [shown] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert shown == (ROOT / "examples" / "sheets" / "derivatives.toml").read_text(encoding="utf-8")


def test_python_gives_what_its_comments_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {"Fraction": Fraction}
    compared = 0
    for line in program.splitlines():
        statement, _, said = line.partition("  # ")
        if said:
            assert eval(statement, names) == eval(said, names)
            compared += 1
        else:
            exec(statement, names)
    assert compared == 3
