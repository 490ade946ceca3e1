"""Messages and their catalogue: each text once in English, in the code, and once in Chinese; who reads which."""

import ast
import os
import pickle
import re
import unicodedata
from typing import Any

import pytest
from catalogue import (
    PACKAGE,
    PO,
    as_po,
    calls,
    compiled,
    key_of,
    merged,
    read,
    slots,
    texts,
    unmarked,
    update,
    without_slots,
)
from command import answer, execute

import diffcli
from diffcli.cli.language import asked_for
from diffcli.messages import (
    LANGUAGES,
    Argument,
    Blank,
    Faced,
    Joined,
    Message,
    Speech,
    Word,
    arguments,
    listed,
    some,
    speaking,
    told,
)

pytestmark = pytest.mark.fast

#: Set to write the catalogue anew from the texts of the package; new ones are empty there, and to be translated.
UPDATE = "DIFFCLI_UPDATE_CATALOGUE"
_HAN = re.compile(r"[\u3400-\u9fff]")
_COMMAND, _PYTHON = Speech("command", "en"), Speech("python", "en")
_CHINESE = Speech("command", "zh")


# The catalogue


def test_the_catalogue_has_every_text_and_no_other() -> None:
    if os.environ.get(UPDATE):
        update()
    assert PO.read_text(encoding="utf-8") == as_po(merged()).decode(), f"run this test with {UPDATE}=1"
    known = {key_of(message) for message in read() if message.id}
    assert known == set(texts())
    assert not read().obsolete
    assert [message.id for message in read() if message.fuzzy and message.id] == []


def test_every_text_is_translated_with_the_same_slots() -> None:
    for message in read():
        assert isinstance(message.id, str)
        if message.id:
            translation = str(message.string)
            assert translation.strip(), message.id
            assert slots(translation) == slots(message.id), message.id


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    assert compiled() == {key_of(message): str(message.string) for message in read() if message.id}


def test_only_texts_are_marked() -> None:
    assert unmarked() == []


def test_what_diagnostics_say_is_marked() -> None:
    """The message and the hint of each that is raised are no plain strings: those know one language."""
    assert [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path, call in calls()
        if (name := getattr(call.func, "id", ""))
        in ("fault", "Diagnostic", "Label", "ShapeFault", "OutOfReach", "Refusal")
        for said in (
            *(call.args[1:2] if name in ("fault", "Diagnostic", "Label") else call.args[:1]),
            *(word.value for word in call.keywords if word.arg in ("hint", "text", "message")),
        )
        for part in ((said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,))
        if isinstance(part, (ast.JoinedStr, ast.BinOp))
        or (isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value)
    ] == []


def test_chinese_is_punctuated_as_chinese() -> None:
    """Full-width marks after Chinese characters, no space between two of them."""
    for english, chinese in compiled().items():
        assert not re.search(r"[\u3400-\u9fff][,;:!?(]", chinese), english
        assert not re.search(r"[\u3400-\u9fff，。：；（）]\s+[\u3400-\u9fff，。：；（）]", chinese), english
        assert unicodedata.is_normalized("NFC", chinese), english


def test_sentences_have_chinese_words() -> None:
    """Formulas and names are the same in all languages; what has a word of prose is not."""
    prose = re.compile(r"\b(the|is|are|of|with|for|to|and|or|no|not|in|at)\b \w")
    assert [
        english
        for english, chinese in compiled().items()
        if prose.search(without_slots(english.rpartition("\4")[2])) and not _HAN.search(chinese)
    ] == []


# Messages


def test_a_message_is_its_english_text_and_said_in_others() -> None:
    message = Message("the precision must be {low} to {high} digits", low=1, high=17)
    assert message == "the precision must be 1 to 17 digits"
    assert str(Message("no such text as this one: {x}", x=1).said(_CHINESE)) == "no such text as this one: 1"
    assert Message("{braces}") == "{braces}"


@pytest.mark.parametrize(
    ("message", "command", "python"),
    [
        (Argument("batch_size", 8), "--batch-size 8", "batch_size=8"),
        (Argument("batch_size"), "--batch-size", "batch_size"),
        (Argument("strict", True), "--strict", "strict=True"),
        (Argument("at", {"x": Blank("...")}), "--at x=...", "x=..."),
        (Argument("at", {"x": (1, 2), "y": 3}), "--at x=1,2 --at y=3", "x=[1, 2], y=3"),
        (Argument("timeout", Blank("SECONDS")), "--timeout SECONDS", "timeout=SECONDS"),
        (Argument("missing", "n a"), "--missing 'n a'", 'missing="n a"'),
        (Argument("form", "torch"), "--as torch", 'form="torch"'),
        (Argument("hyperparameters", {"momentum": 0.5}), "--set momentum=0.5", 'hyperparameters={"momentum": 0.5}'),
        (arguments(Argument("exact", True), Argument("digits", 9)), "--exact --digits 9", "exact=True, digits=9"),
        (Faced("-o FILE", "save(...)"), "-o FILE", "save(...)"),
    ],
)
def test_an_argument_is_written_as_its_face_writes_it(message: Message, command: str, python: str) -> None:
    assert (message.said(_COMMAND), message.said(_PYTHON)) == (command, python)


def test_messages_in_messages_are_said_alike() -> None:
    hint = Message("give it one: {at}", at=Argument("at", {"y": Blank("...")}))
    assert hint.said(_COMMAND) == "give it one: --at y=..."
    assert hint.said(_PYTHON) == "give it one: y=..."
    assert hint.said(_CHINESE) == "请给出：--at y=..."


def test_lists_have_the_signs_of_their_language() -> None:
    assert listed(["a", "b", "c"], "and") == "a, b and c"
    assert Message("{x}", x=listed(["a", "b", "c"], "or")).said(_CHINESE) == "a、b 或 c"
    assert some(list("abcd"), 2) == "a, b and 2 others"
    assert Joined(["a", "b"], "; ").said(_CHINESE) == "a；b"


def test_no_blank_is_left_between_two_chinese_characters() -> None:
    inner = Message("command line")
    assert Message("{first} {second}", first=inner, second=inner).said(_CHINESE) == "命令行命令行"


@pytest.mark.parametrize(
    "message",
    [
        Message("{count:,} others", count=3),
        Word("step", of="descent"),
        Joined(["a", Argument("lr", 0.1)]),
        Faced("a", "b"),
        Argument("at", {"x": 1}),
    ],
)
def test_messages_cross_processes(message: Message) -> None:
    copy = pickle.loads(pickle.dumps(message))
    assert type(copy) is type(message)
    for language in LANGUAGES:
        for face in ("command", "python"):
            speech = Speech(face, language)  # type: ignore[arg-type]
            assert copy.said(speech) == message.said(speech)


def test_a_speech_ends_with_its_block() -> None:
    with speaking("command", "zh"):
        assert told("command line") == "命令行"
        with pytest.raises(KeyError), speaking("python", "en"):
            raise KeyError
        assert told("command line") == "命令行"
    assert told("command line") == "command line"


def test_an_error_of_another_process_is_said_in_the_language_of_this_one() -> None:
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.diff("sum(x[::2])", timeout=600)
    assert "is not known without values" in str(caught.value)
    with speaking("python", "zh"):
        assert "没有值就不知道带步长的切片的大小" in str(caught.value)


# The language of a command


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ([], {}, "en"),
        (["--lang", "zh"], {}, "zh"),
        (["--lang=zh"], {"DIFFCLI_LANG": "en"}, "zh"),
        (["--lang", "zh_CN.UTF-8"], {}, "zh"),
        (["--lang", "en"], {"DIFFCLI_LANG": "zh"}, "en"),
        ([], {"DIFFCLI_LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"DIFFCLI_LANG": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "zh_TW.UTF-8"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_is_the_first_that_is_said(words: list[str], environment: dict[str, str], language: str) -> None:
    assert asked_for(["grad", "x", *words], environment) == language


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        [],
        ["grad", "--help"],
        ["graph", "--help"],
        ["gard", "x"],
        ["grad", "x^2"],
        ["functions"],
        ["functions", "adam"],
        ["diff", "x^2*sin(x)", "--steps"],
        ["compare", "abs(x)", "--at", "0"],
        ["hessian", "x^2*y", "--at", "x=1", "--at", "y=2"],
        ["jvp", "x^2", "--at", "1,2", "--tangent", "1,0"],
        ["descend", "(x-1)^2", "--at", "3"],
        ["graph", "mean(x*x)", "--at", "1,2,3"],
    ],
)
def test_every_command_speaks_chinese(arguments: list[str]) -> None:
    """No two English words beside each other, but for what names things of the language."""
    done = answer([*arguments], env={"DIFFCLI_LANG": "zh"})
    said = "\n".join(
        line for line in f"{done.out}\n{done.err}".splitlines() if "  例子" not in line and "  源代码" not in line
    )
    assert _HAN.search(said)
    said = re.sub(r"“[^”]*”|\bdiffcli [a-z]+|--[a-z]+ [a-z]+", "", said)
    assert re.findall(r"\b[a-z]{2,} [a-z]{2,}\b", said) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["grad", "abs(x)", "--at", "0", "--json"],
        ["grad", "x +", "--at", "0", "--json"],
        ["diff", "x^2", "--json"],
        ["hessian", "x^2", "--at", "1", "--json"],
        ["descend", "x^2", "--at", "1", "--json"],
        ["descend", "x^2", "--at", "1", "--jsonl"],
        ["descend", "x^2", "--at", "1", "--csv"],
        ["functions", "--json"],
        ["jacobian", "x^2", "--at", "1,2", "--json"],
        ["graph", "abs(x)", "--at", "0", "--json"],
        ["vjp", "x^2", "--at", "1,2", "--cotangent", "1,1", "--terse"],
    ],
)
def test_documents_are_english_in_every_language(arguments: list[str]) -> None:
    english, chinese = answer(arguments), answer([*arguments, "--lang", "zh"])
    assert (chinese.code, chinese.out) == (english.code, english.out)
    if not english.out:
        assert chinese.err == english.err


def test_english_loads_no_catalogue() -> None:
    program = (
        "import sys; from diffcli.cli.app import run; from diffcli import messages; run(sys.argv[1:]); "
        "print(messages._catalogue.cache_info().misses)"
    )
    line = ["python", "-c", program, "grad", "x^2", "--at", "1", "--no-symbolic"]
    assert execute(line).out.splitlines()[-1] == "0"
    assert execute([*line, "--lang", "zh"]).out.splitlines()[-1] == "1"


def test_python_reads_english() -> None:
    report: Any = diffcli.grad("abs(x)", x=0)
    assert "it has a corner at 0" in str(report.kinks[0].sentence)
