"""Completion at the Tab key: what is offered for a line, and that shells take it."""

import shutil
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from command import SCRIPTS, answer, environment, execute

from diffcli.cli.commands import COMMANDS
from diffcli.cli.completion import split
from diffcli.cli.shells import SHELLS, script
from diffcli.primitives.table import FAMILIES

ROOT = Path(__file__).parents[2]


def offered(line: str, shell: str = "fish", cwd: Path = ROOT) -> tuple[str, list[str]]:
    """How the line goes on: the flag, and the words."""
    done = answer([], env={"_DIFFCLI_COMPLETE": shell, "DIFFCLI_LINE": line}, cwd=cwd)
    assert (done.code, done.err) == (0, "")
    flag, *words = done.out.splitlines()
    return flag, [word.partition("\t")[0] for word in words]


@pytest.mark.parametrize(
    ("line", "flag", "words"),
    [
        ("diffcli gra", "words", ["grad", "graph"]),
        ("diffcli --lang zh gra", "words", ["grad", "graph"]),
        ("diffcli --v", "words", ["--version"]),
        ("diffcli descend --opt", "words", ["--optimizer"]),
        ("diffcli descend --learn", "words", ["--learning-rate"]),
        ("diffcli nonsense ", "words", []),
        ('diffcli grad "mean(softp', "open", ["mean(softplus(", "mean(softplus(..."]),
        ("diffcli grad 'f(u) = u; own = x; 2*ow", "open", ["f(u) = u; own = x; 2*own", "f(u) = u; own = x; 2*own..."]),
        ('diffcli grad "2', "words", []),
        ('diffcli grad "w*x + b" --at ', "open", ["w=", "x=", "b="]),
        ('diffcli grad "w*x + b" --at x=1 --at ', "open", ["w=", "b="]),
        ('diffcli grad "w*x + b" --at "x=1; w=2; ', "open", ["x=1; w=2; b=", "x=1; w=2; b=..."]),
        ('diffcli grad "w*x +" --at ', "open", ["w=", "x="]),
        ('diffcli grad --at ', "open", []),
        ('diffcli grad "w*x" --wrt w,', "words", ["w,w", "w,x"]),
        ('diffcli grad "y = x^2; z = y*x; z" --of ', "words", ["y", "z"]),
        ('diffcli jvp "x*y" --tangent ', "open", ["x=", "y="]),
        ("diffcli grad -f examples/line.expr --wrt ", "words", ["w", "b"]),
        ("diffcli grad x --at x=@examples/xor.", "open", ["x=@examples/xor.expr", "x=@examples/xor.sh"]),
        ("diffcli grad x --color=al", "words", ["--color=always"]),
        ("diffcli grad x --executor bl", "words", ["blocks"]),
        ("diffcli descend x --optimizer gd,adag", "words", ["gd,adagrad"]),
        ("diffcli descend x --schedule warmup+co", "words", ["warmup+constant", "warmup+cosine"]),
        ("diffcli descend x --optimizer adam --set be", "open", ["betas="]),
        ("diffcli descend x --lr a", "words", ["auto"]),
        ("diffcli descend x --data examples/iris.csv --columns ", "open", ["x="]),
        ("diffcli descend x --data examples/iris.csv --columns x=petal", "words", ["x=petal_length", "x=petal_width"]),
        ("diffcli grad x --data examples/iris.csv --columns x=[species,petal_w", "words", ["x=[species,petal_width"]),
        ("diffcli descend x --data nowhere.csv --columns x=", "words", []),
        ("diffcli diff x --as py", "words", ["python"]),
        ("diffcli quiz --topic product,ch", "words", ["product,chain"]),
        ("diffcli help sl", "words", ["slips"]),
        ("diffcli help not-f", "words", ["not-finite"]),
        ("diffcli help sine", "words", ["sine-sign"]),
        ("diffcli functions adag", "words", ["adagrad"]),
        ("diffcli examples gra", "words", ["grad", "graph"]),
        ("diffcli grad x --lang ", "words", ["en", "zh"]),
        ("diffcli graph x -o ", "files", []),
        ("diffcli grad x y ", "words", []),
        ("diffcli grad x -- --a", "words", []),
        ('diffcli check x --answer "2*co', "open", ["2*concat(", "2*cos(", "2*cosh(", "2*cosine_similarity("]),
    ],
)  # fmt: skip
def test_what_is_offered(line: str, flag: str, words: list[str]) -> None:
    assert offered(line) == (flag, words)


def test_every_option_and_function_is_offered() -> None:
    for name in COMMANDS:
        listed = answer([name, "--help"]).out
        for option in offered(f"diffcli {name} --")[1]:
            assert option in listed
    functions = {each.name for family in FAMILIES.values() for each in family}
    found = {word for letter in "abcdefghijklmnopqrstuvwxyz" for word in offered(f'diffcli grad "1+{letter}')[1]}
    assert {f"1+{name}(" for name in functions} <= found


def test_what_a_word_is_stands_behind_it() -> None:
    done = answer([], env={"_DIFFCLI_COMPLETE": "fish", "DIFFCLI_LINE": "diffcli help kin", "DIFFCLI_LANG": "zh"})
    assert done.out.splitlines() == ["words", "kinks\t斜率不唯一的点，以及取哪一个"]


@pytest.mark.parametrize(
    ("line", "words", "text", "quote"),
    [
        ("a b", ["a"], "b", ""),
        ("a b ", ["a", "b"], "", ""),
        ("a 'b c", ["a"], "b c", "'"),
        ('a "b \\" c', ["a"], 'b " c', '"'),
        ("a b\\ c", ["a"], "b c", ""),
        ("a 'b \\", ["a"], "b \\", "'"),
        ("a x='b c' d", ["a", "x=b c"], "d", ""),
        ("", [], "", ""),
    ],
)
def test_a_line_is_split_as_a_shell_does(line: str, words: list[str], text: str, quote: str) -> None:
    before, typed = split(line)
    assert (before, typed.text, typed.quote) == (words, text, quote)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('diffcli grad "1 + softpl', ["1 + softplus(", "1 + softplus(..."]),
        ("diffcli grad softpl", ["softplus\\("]),
        ("diffcli grad x --color=al", ["always"]),
        ('diffcli grad x --answer="2*softpl', []),
        ('diffcli check x --answer="2*softpl', ["2*softplus(", "2*softplus(..."]),
        ("diffcli grad x --at x=@examples/iris.c", ["examples/iris.csv"]),
    ],
)
def test_bash_is_told_what_it_does_not_leave_alone(line: str, words: list[str]) -> None:
    assert offered(line, "bash")[1] == words


@pytest.mark.parametrize(
    ("line", "loaded"),
    [
        ("diffcli gr", []),
        ("diffcli descend --opt", []),
        ('diffcli grad "1 + soft', []),
        ('diffcli grad "w*x" --at ', []),
        ("diffcli descend x --optimizer ad", []),
        ("diffcli descend x --data examples/iris.csv --columns x=", []),
        ("diffcli help sl", []),
        ("diffcli quiz --topic ch", []),
    ],
)
def test_no_library_is_loaded_at_the_tab_key(line: str, loaded: list[str]) -> None:
    program = (
        "import sys; sys.argv[1:] = []; from diffcli.__main__ import main; main();"
        "print(*[name for name in ('numpy', 'scipy', 'sympy', 'rich', 'typer', 'pydantic') if name in sys.modules])"
    )
    done = execute([sys.executable, "-c", program], cwd=ROOT, env={"_DIFFCLI_COMPLETE": "zsh", "DIFFCLI_LINE": line})
    assert (done.code, done.err) == (0, "")
    *words, libraries = done.out.splitlines()
    assert len(words) > 1
    assert libraries.split() == loaded


# Shells themselves


_START = {
    "bash": (["--norc", "--noprofile", "-i"], "bind 'set bell-style none'; PS1='READY''> '; source {script}"),
    "zsh": (["-f", "-i"], "PROMPT='READY''> '; autoload -Uz compinit; compinit -u -D; source {script}; unsetopt beep"),
    "fish": (["--no-config", "-i"], "function fish_prompt; echo -n 'READY''> '; end; source {script}"),
}


@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")  # JAX's, where another test has loaded it
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(shell: str, tmp_path: Path) -> None:
    """Commands, a function within quotes that stay open, a variable, a column, a file."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    pexpect: Any = pytest.importorskip("pexpect")
    (tmp_path / "points.csv").write_text("first,second\n1,2\n")
    (tmp_path / "script").write_text(script(shell))
    options, begin = _START[shell]
    settings = {
        **environment(HOME=str(tmp_path), TERM="xterm" if shell == "fish" else "dumb"),
        "PATH": f"{SCRIPTS}:/usr/bin:/bin",
    }
    session = pexpect.spawn(
        shell, options, env=settings, cwd=str(tmp_path), encoding="utf-8", dimensions=(40, 200), timeout=60
    )
    session.sendline(begin.format(script=tmp_path / "script"))
    session.expect("READY> ")
    for line, whole in (
        ("diffcli descen", "descend "),
        ('diffcli grad "mean(softpl', "mean(softplus("),
        ('diffcli grad "mean(softplus(x))" --a', "--at "),
        ('diffcli grad "weight^2" --at we', "weight="),
        ("diffcli descend x --data points.csv --columns x=sec", "second "),
        ("diffcli descend x --data poin", "points.csv "),
    ):
        session.send(f"{line}\t")
        session.expect_exact(whole)
        session.sendcontrol("u")
    session.close(force=True)


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_installed_where_the_shell_looks(shell: str, tmp_path: Path) -> None:
    """Once, however often it is asked for; what stands in the shell's settings is kept."""
    settings = tmp_path / (SHELLS[shell].settings or ".profile")
    settings.write_text("alias ll='ls -l'")
    with patch("shellingham.detect_shell", return_value=(shell, f"/bin/{shell}")):
        for _ in range(2):
            done = answer(["--install-completion"], env={"HOME": str(tmp_path)})
            assert (done.code, done.err) == (0, "")
            assert str(tmp_path / SHELLS[shell].file) in done.out
        assert answer(["--show-completion"]).out == script(shell)
    assert (tmp_path / SHELLS[shell].file).read_text() == script(shell)
    assert settings.read_text().startswith("alias ll='ls -l'")
    assert settings.read_text().count(SHELLS[shell].line or "alias") == 1


def test_another_shell_is_refused() -> None:
    with patch("shellingham.detect_shell", return_value=("tcsh", "/bin/tcsh")):
        done = answer(["--install-completion"])
    assert (done.code, done.out) == (2, "")
    assert "error[E402]: there is no completion for the shell 'tcsh'" in done.err
