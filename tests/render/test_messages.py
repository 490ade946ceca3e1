"""The message catalogue: complete in every language, and every text of it read somewhere; `grad` in Chinese."""

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from command import Finished, Stream, answer, run
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from diffcli.messages import LANGUAGES, Language
from diffcli.render.messages import (
    SECTIONS,
    Handout,
    Legend,
    Phrase,
    Player,
    Report,
    Texts,
    Words,
    messages,
)

ALL = messages(*SECTIONS)
PACKAGE = Path(__file__).parents[2] / "diffcli"
CATALOGUE = PACKAGE / "render" / "messages.py"
_TEXT = (".py", ".js", ".html", ".css")
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for path in sorted(PACKAGE.rglob("*"))
    if path.suffix in _TEXT and path != CATALOGUE
}

#: The files and folders of `render` that show a section's messages.
READERS = {
    Words: ("text/grad_tables.py", "text/graph.py", "text/torch_graph.py", "sweeps.py", "drawing", "player", "handout"),
    Report: ("text/grad_tables.py", "text/opening.py", "sweeps.py", "value_text.py", "excerpt.py"),
    Legend: ("drawing", "text/graph.py", "text/torch_graph.py", "player", "handout"),
    Player: ("player",),
    Handout: ("handout",),
}
_HAN = re.compile(r"[\u3400-\u9fff]")
_GRAD = ["grad", "mean(x*x)", "--at", "1,2,3"]


def _slots(text: str) -> list[str]:
    """The slots of a text, sorted; a format or a conversion is part of the name."""
    parts = [(name, form, conversion) for _, name, form, conversion in Formatter().parse(text) if name is not None]
    return sorted(
        name + (f":{form}" if form else "") + (f"!{conversion}" if conversion else "")
        for name, form, conversion in parts
    )


@pytest.mark.parametrize("name", ALL)
def test_slots_are_plain_names(name: str) -> None:
    """Scripts of pages fill them in too."""
    assert all(slot.isidentifier() for slot in _slots(ALL[name].english))
    assert set(re.findall(r"[^\x00-\x7f]", ALL[name].english)) <= {"×"}


def test_every_name_and_every_text_is_there_once() -> None:
    assert sum(len(messages(section)) for section in SECTIONS) == len(ALL)
    known: dict[Phrase, str] = {}
    assert [(name, known[phrase]) for name, phrase in ALL.items() if known.setdefault(phrase, name) != name] == []


def test_the_languages_are_those_of_the_option() -> None:
    assert get_args(Language) == LANGUAGES


@pytest.mark.parametrize("section", SECTIONS)
def test_every_message_is_read(section: type) -> None:
    parts = [
        "\n".join(text for path, text in SOURCES.items() if path.is_relative_to(PACKAGE / "render" / reader))
        for reader in READERS[section]
    ]
    assert all(parts)
    read = "\n".join(parts)
    unread = [
        name for name in messages(section) if not re.search(rf"\b[tT]exts(\([^)]*\))?\.{name}\b|([\"'`]){name}\2", read)
    ]
    assert unread == []


def test_every_message_asked_for_is_there_with_all_its_slots() -> None:
    asked, wrong = 0, []
    for path, text in SOURCES.items():
        if path.suffix == ".py" and "render.messages import" not in text:
            continue
        names = re.findall(r"\btexts\.([a-z_]+)\b", text) + re.findall(r"data-text=[\"']([^\"']+)", text)
        asked += len(names)
        wrong += [(path.name, name) for name in names if name not in ALL and not hasattr(Texts, name)]
        if path.suffix == ".py":
            wrong += [(path.name, *found) for found in _wrongly_filled(text)]
    assert wrong == []
    assert asked > 30


def _wrongly_filled(source: str) -> list[tuple[str, list[str]]]:
    """The messages that are formatted with other slots than theirs."""
    found = []
    for call in ast.walk(ast.parse(source)):
        match call:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name() | ast.Attribute() as holder, attr=name), attr="format"
                ),
                keywords=keywords,
            ):
                given = sorted(str(keyword.arg) for keyword in keywords)
                if (
                    ast.unparse(holder).endswith("texts")
                    and name in ALL
                    and (call.args or given != _slots(ALL[name].english))
                ):
                    found.append((name, given))
    return found


def test_a_wrong_slot_would_be_found() -> None:
    assert _wrongly_filled("texts.step_of.format(step=1, steps=2)") == []
    assert _wrongly_filled("view.texts.step_of.format(step=1)") == [("step_of", ["step"])]


def test_chinese_is_in_the_catalogue_only() -> None:
    assert [path.name for path, text in SOURCES.items() if _HAN.search(text)] == []


def test_texts_by_name_are_those_by_attribute() -> None:
    texts = Texts("zh")
    assert (
        texts.of(*SECTIONS) == {name: getattr(texts, name) for name in ALL} == {name: texts.named(name) for name in ALL}
    )
    assert set(texts.of(Player)) == set(messages(Player))
    assert Texts().forward == "Forward"
    assert (Texts().html_language, texts.html_language) == ("en", "zh-Hans")
    with pytest.raises(KeyError):
        texts.named("forwrad")


# grad


def _zh(*arguments: str, **env: str) -> Finished:
    return answer([*arguments, "--lang", "zh"], env=env)


def test_the_headings_and_the_verdict_are_chinese_and_what_is_named_after_code_is_not() -> None:
    shown = _zh(*_GRAD, "--no-symbolic").out
    for text in (
        "在 x = [1, 2, 3] 处",
        "前向传播",
        "反向传播，起点：d(v2)/d(v2) = 1",
        "节点",
        "局部导数",
        "× 上游梯度",
        "= 贡献",
        "累加和",
        "梯度",
        "变量",
    ):
        assert text in shown
    assert set(re.findall(r"[A-Za-z]{2,}", shown)) == {"mean", "MeanBackward", "MulBackward", "dx"}
    assert "公式与反向模式的结果一致（至少 12 位有效数字相同）" in _zh(*_GRAD).out
    assert "（20 位有效数字相同）" in _zh(*_GRAD, "--digits", "20").out
    assert "没有可求导的变量" in _zh("grad", "1 + 2").out
    assert "余切向量 [1, 2]" in _zh("grad", "x*x", "--at", "1,2", "--cotangent", "1,2").out
    assert "（2 项之和）" in _zh("grad", "sum(x + b)", "--at", "x=1,2; b=1").out


def test_what_is_left_out_is_counted_in_chinese() -> None:
    shown = _zh("grad", "*".join(["x"] * 120) + " + sum(y)", "--at", "x=1; y=ones(9)", "--no-symbolic").out
    assert "还有 3 项" in shown
    assert "个字符 ..." in shown.splitlines()[0]
    assert " more" not in shown
    assert shown.count("还有") > 4


@settings(max_examples=15, deadline=None)
@example([13.0, -12.0], "sum(tanh(x))")  # a note goes with it
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9),
    st.sampled_from(["mean(x*x)", "sum(tanh(x))", "prod(x)/3", "x[0]^2"]),
)
def test_every_number_and_every_line_is_as_in_english(point: list[float], expression: str) -> None:
    arguments = ["grad", expression, "--at", ",".join(map(repr, point)) + ",", "--no-symbolic"]
    english, chinese = answer(arguments), _zh(*arguments)
    assert english.code == chinese.code
    numbers = [re.findall(r"-?\d[\d.e+-]*", text) for text in (english.out, chinese.out)]
    assert numbers[0] == numbers[1]
    noted = [sorted(re.findall(r"-?\d[\d.e+-]*", text)) for text in (english.err, chinese.err)]
    assert noted[0] == noted[1]
    assert english.out.count("\n") == chinese.out.count("\n")
    assert english.err.count("\n") == chinese.err.count("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_of_a_table_starts_where_its_column_does(language: str) -> None:
    shown = answer([*_GRAD, "--lang", language, "--color", "never"]).out
    tables = [part.splitlines() for part in shown.split("\n\n")[1:4]]
    assert [len(lines) for lines in tables] == [5, 5, 3]
    for _, header, *rows in tables:
        columns = [cell_len(header[: cell.start()]) for cell in re.finditer(r"\S+( \S+)*", header)]
        for row in rows:
            starts = [cell_len(row[: cell.start()]) for cell in re.finditer(r"\S+( \S+)*", row)]
            assert set(starts) <= {2, *columns}


@pytest.mark.parametrize("columns", [40, 60, 80, 160])
def test_chinese_fits_the_terminal_in_columns(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stream, "isatty", lambda _: True)
    shown = _zh(*_GRAD, "--no-symbolic", COLUMNS=str(columns), TERM="dumb").out
    assert max(map(cell_len, shown.splitlines())) <= columns
    assert "× 上游梯度" in shown
    assert shown.count("累加和") == 1


def test_the_variable_chooses_the_language_where_the_option_does_not() -> None:
    english, chinese = answer(_GRAD), _zh(*_GRAD)
    assert english != chinese
    assert answer(_GRAD, env={"DIFFCLI_LANG": "zh"}) == chinese
    assert answer([*_GRAD, "--lang", "en"], env={"DIFFCLI_LANG": "zh"}) == english
    assert answer(_GRAD, env={"DIFFCLI_LANG": ""}) == english


def test_an_unknown_language_in_the_variable_is_underlined() -> None:
    done = answer(_GRAD, env={"DIFFCLI_LANG": "fr"})
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error[E402]: there are no texts in 'fr'\n --> DIFFCLI_LANG\n  | fr\n  | ^^\n  = help: DIFFCLI_LANG is en or "
        "zh\n"
    )


@pytest.mark.parametrize("form", ["--json", "--terse"])
def test_numbers_for_scripts_know_no_language(form: str) -> None:
    assert _zh(*_GRAD, form) == answer([*_GRAD, form])


def test_an_encoding_without_chinese_gets_english_and_a_note() -> None:
    done = run([*_GRAD, "--no-symbolic", "--lang", "zh"], env={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
    assert done.code == 0
    assert "\nForward\n" in done.out
    assert done.err == "note: the output's encoding, iso8859-1, has no characters for --lang zh; this is English\n"
