"""Every diagnostic code, as the command and as Python say it, in English and in Chinese: exact text."""

import re
import signal
import tomllib
from pathlib import Path
from typing import Any

import pytest
from command import answer
from golden.golden import HERE, assert_golden

import diffcli
from diffcli.cli.app import run
from diffcli.deadline.job import no_process, why_it_ended
from diffcli.errors import CODES
from diffcli.messages import LANGUAGES, speaking

pytestmark = pytest.mark.fast

CASES: dict[str, dict[str, Any]] = tomllib.loads((HERE / "diagnostics.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", CASES)
def test_both_faces_say_it_in_both_languages(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[code]
    monkeypatch.chdir(tmp_path)
    for file, content in case.get("files", {}).items():
        (tmp_path / file).write_bytes(content.encode("latin-1"))
    for link, target in case.get("links", {}).items():
        (tmp_path / link).symlink_to(target)
    if first := case.get("first"):
        assert answer(first, cwd=tmp_path).code == 0
    texts = {
        ("command", language): answer([*case["args"], "--lang", language], cwd=tmp_path).err for language in LANGUAGES
    }
    for language in LANGUAGES if "python" in case else ():
        with speaking("python", language):
            texts["python", language] = f"{_raised(case['python'])}\n"
    for (face, language), text in texts.items():
        assert f"[{code}]" in text.splitlines()[0], (face, language)
        assert bool(re.search("[\u3400-\u9fff]", text)) == (language == "zh")
        if face == "python":
            assert not re.search(r"(?<![\w-])--[a-z]", text)
    assert_golden(HERE / "diagnostics" / f"{code}.txt", _written(texts))


def _raised(call: str) -> diffcli.DiffcliError:
    with pytest.raises(diffcli.DiffcliError) as caught:
        eval(call, {"diffcli": diffcli, "Path": Path})
    return caught.value


def _written(texts: dict[tuple[str, str], str]) -> str:
    """The texts under each other, the face and the language above each."""
    return "\n".join(f"# {face}, {language}\n{text}" for (face, language), text in texts.items())


@pytest.mark.parametrize(
    ("code", "error"), [("E604", no_process("out of processes")), ("E605", why_it_ended(-signal.SIGKILL))]
)
def test_what_only_a_machine_in_want_shows(code: str, error: Exception) -> None:
    texts = {}
    for language in LANGUAGES:
        with speaking("python", language):
            texts["python", language] = f"{error}\n"
    assert_golden(HERE / "diagnostics" / f"{code}.txt", _written(texts))


def test_what_only_a_defect_shows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("the cause")

    monkeypatch.setattr("diffcli.cli.app._answered", broken)
    texts = {}
    for language in LANGUAGES:
        assert run(["grad", "x", "--lang", language]) != 0
        texts["command", language] = capsys.readouterr().err
    assert_golden(HERE / "diagnostics" / "E901.txt", _written(texts))


def test_every_code_has_its_case() -> None:
    assert set(CODES) - set(CASES) == {"E604", "E605", "E901"}
    assert {path.stem for path in (HERE / "diagnostics").glob("*.txt")} == set(CODES)
