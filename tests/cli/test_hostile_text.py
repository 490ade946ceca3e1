"""Text that would act on a terminal, from wherever a user's text comes: it is shown, and never obeyed."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from amount import sampled
from command import SCRIPTS, answer, execute, run

#: A colour, a title, a bell, an 8-bit sequence, a turn of direction, and an invisible mark.
HOSTILE = "\x1b[31m\x1b]0;title\x07\x9b1m\u202e\u200f"
PROGRAM = f"y = x^2 # {HOSTILE}\r# {HOSTILE}\nmean(2*y)"


def harmless(text: str) -> bool:
    """Whether nothing in the text acts on a terminal."""
    return all(character.isprintable() or character in "\n\u00a0" for character in text)


@pytest.mark.parametrize(
    "arguments",
    [
        ["grad"], ["grad", "--json"], ["diff"], ["diff", "--as", "numpy"], ["diff", "--as", "c"], ["diff", "--steps"],
        ["compare"], ["hessian"],
        ["jacobian"], ["graph"], ["graph", "--ascii"], ["descend", "--steps", "3"], ["descend", "--jsonl"],
        ["descend", "--optimizer", "gd,adam"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_program_file(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "p.expr").write_bytes(PROGRAM.encode())
    done = answer(
        [*arguments, "-f", "p.expr", "--at", "1,2"]
        if arguments[0] != "hessian"
        else ["hessian", "-f", "p.expr", "--at", "1"],
        cwd=tmp_path,
    )
    assert done.code in (0, 1), done.err
    assert harmless(done.out + done.err), ascii(done.out)
    assert "title" not in done.out or "--json" in " ".join(arguments)  # a comment is no program


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["grad", "x" + HOSTILE, "--at", "1"], {}),
        (["grad", "x + y", "--at", f"x=1{HOSTILE}"], {}),
        (["grad", "x", "--at", f"x{HOSTILE}=1"], {}),
        (["grad", "x", "--at", f"x:1{HOSTILE}"], {}),
        (["grad", "x", "--at", f"1 2{HOSTILE}"], {}),
        (["grad", "x", "--at", "1", f"--{HOSTILE}"], {}),
        (["grad", "x", "--at", f"x=@{HOSTILE}.csv"], {}),
        (["grad", "x", "--at", f"x=@d{HOSTILE}.csv"], {f"d{HOSTILE}.csv": f"1,{HOSTILE}"}),
        (["grad", "-f", f"{HOSTILE}.expr", "--at", "1"], {}),
        (["grad", "-f", f"{HOSTILE}.expr", "--at", "1"], {f"{HOSTILE}.expr": "x +"}),
        (["grad", "sum(w*x)", "--at", "w=1", "--data", f"{HOSTILE}.csv"], {f"{HOSTILE}.csv": f"x\n{HOSTILE}a\nb"}),
        (["grad", "sum(w*x)", "--at", "w=1", "--data", "d.csv"], {"d.csv": f"x\n1\n{HOSTILE}"}),
        (["grad", "sum(w*x)", "--at", "w=1", "--data", "d.csv"], {"d.csv": f"x,{HOSTILE},{HOSTILE}\n1,2,3"}),
        (["grad", "sum(w*z)", "--at", "w=1", "--data", "d.csv"], {"d.csv": f"x,{HOSTILE}\n1,2"}),
        (["grad", "sum(w*x)", "--at", "w=1", "--data", "d.csv", "--columns", f"x={HOSTILE}"], {"d.csv": "x\n1"}),
        (["descend", "x^2", "--at", "1", "--save", f"no/{HOSTILE}"], {}),
        (["descend", "x^2", "--at", "1", "--resume", HOSTILE],
            {HOSTILE: '{"schema": "' + HOSTILE + '", "sha256": ""}'}),
        (["descend", "x^2", "--at", "1", "--plot", HOSTILE], {}),
        (["grad", "x^2", "--at", "1", "--report", f"no/{HOSTILE}.md"], {}),
    ],
)  # fmt: skip
def test_what_is_quoted_on_standard_error(arguments: list[str], files: dict[str, str], tmp_path: Path) -> None:
    """Expressions, values, options, names of files and of columns, cells, and what a file says of itself."""
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    done = answer(arguments, cwd=tmp_path)
    assert harmless(done.out + done.err), ascii(done.err)
    assert done.err


def test_pictures_and_handouts_are_well_formed(tmp_path: Path) -> None:
    """SVG as XML, JSON as JSON, and none of them with a control."""
    (tmp_path / "p.expr").write_bytes(PROGRAM.encode())
    pytest.importorskip("matplotlib", reason="the extra 'plot' is not installed")
    for arguments in (
        *(["graph", "-o", f"g.{kind}"] for kind in ("svg", "json", "dot", "mmd", "tex", "html")),
        *(["grad", "--report", f"h.{kind}"] for kind in ("md", "tex", "html")),
        ["descend", "--steps", "3", "--plot", "d.svg"],
        ["descend", "--steps", "3", "--animate", "d.html"],
    ):
        assert answer([*arguments, "-f", "p.expr", "--at", "1"], cwd=tmp_path).code == 0
        content = (tmp_path / arguments[-1]).read_text(encoding="utf-8")
        assert all(character.isprintable() or character in "\n\t\u00a0" for character in content), arguments
    ElementTree.parse(tmp_path / "g.svg")
    ElementTree.parse(tmp_path / "d.svg")
    json.loads((tmp_path / "g.json").read_text())


@pytest.mark.parametrize(
    ("command", "form"),
    sampled(
        [
            ("grad", []),
            ("grad", ["-t"]),
            ("descend", ["--as-at"]),
            ("descend", ["--csv"]),
            ("diff", []),
            ("diff", ["--as", "c"]),
        ],
        2,
    ),
)
def test_names_beyond_ascii_where_the_stream_has_none(command: str, form: list[str]) -> None:
    """As escapes; on standard error too."""
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = run([command, "λ^2", "--at", "λ=3", *form], env=ascii_only)
    assert (done.code, done.err) == (0, "")
    assert run([command, "λ^2 +", "--at", "λ=3", *form], env=ascii_only).err.startswith("error[E107]")


@pytest.mark.parametrize("columns", ["0", "²", "-1", "x", "99999999999999999999"])
def test_a_width_that_is_none_is_none(columns: str) -> None:
    done = answer(["grad", "mean(x*x)", "--at", "1,2,3"], env={"COLUMNS": columns, "LINES": columns})
    assert done == answer(["grad", "mean(x*x)", "--at", "1,2,3"])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_programs_in_every_encoding_of_unicode(encoding: str, tmp_path: Path) -> None:
    """Whatever ends their lines; from standard input too."""
    content = "y = x^3\r\n2*y".encode(encoding)
    (tmp_path / "p.expr").write_bytes(content)
    assert answer(["grad", "-f", "p.expr", "--at", "2", "-t"], cwd=tmp_path).out == "24.0\n"
    assert answer(["grad", "-", "--at", "2", "-t"], stdin=content).out == "24.0\n"


def test_what_has_no_end_is_refused(tmp_path: Path) -> None:
    """A device as program, values, data and saved run, a pipe and standard input: quickly,
    and with a code of its own.
    """
    for name in ("endless.csv", "endless.json"):
        (tmp_path / name).symlink_to("/dev/zero")
    for arguments in (
        ["grad", "-f", "/dev/zero", "--at", "1"],
        ["grad", "x^2", "--at", "x=@endless.csv"],
        ["grad", "sum(w*x)", "--at", "w=1", "--data", "endless.csv"],
        ["grad", "sum(w*x)", "--at", "w=1", "--data", "endless.json"],
        ["descend", "x^2", "--at", "1", "--resume", "/dev/zero"],
    ):
        done = answer(arguments, cwd=tmp_path)
        assert (done.code, done.out) == (2, "")
        assert "error[E410]: '" in done.err
        assert "64 MiB" in done.err
    done = execute(["bash", "-c", f"yes 'x +' | {SCRIPTS}/diffcli grad - --at 1; exit $?"])
    assert (done.code, "error[E410]: 'standard input' is too large" in done.err) == (2, True)
    done = execute(["bash", "-c", f"{SCRIPTS}/diffcli grad -f <(echo 'x^2') --at 3 -t"])
    assert (done.code, done.out) == (0, "6.0\n")
