"""What goes where: answers on standard output, all else on standard error, and the exit codes."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import IO

import pytest
from command import SCRIPTS, answer, environment, execute, run

from diffcli.cli.signals import Waiting


def test_a_successful_command_writes_nothing_to_standard_error() -> None:
    done = run(["grad", "mean(x*x)", "--at", "1,2,3"])
    assert (done.code, done.err) == (0, "")
    assert "MulBackward" in done.out


def test_the_tutorial_runs_as_written_and_says_so() -> None:
    done = run(["descend", "--lr", "0.1"])
    assert done.code == 0
    assert done.err == "no expression given: the tutorial's mean(x*x) at 1,2,3\n"
    assert "converged after 214 steps" in done.out
    assert run(["grad", "--terse"]).out == "0.6666666666666666,1.3333333333333333,2.0\n"


@pytest.mark.parametrize(
    "arguments",
    [
        "grad --at 2 -t",
        "grad --wrt x -t",
        "grad --of v1",
        "grad --cotangent 1",
        "descend --at x=1",
        "descend --wrt x",
        "diff",
        "graph",
    ],
)
def test_values_without_an_expression_are_no_problem_at_all(arguments: str) -> None:
    """A script's variable may be empty, and a pipe may have been meant: `-` is named."""
    done = answer(arguments.split(), stdin=b"x^3")
    assert (done.code, done.out) == (2, "")
    assert "error[E104]: there is no expression" in done.err
    assert "'-' reads it from standard input" in done.err


@pytest.mark.parametrize(
    ("arguments", "env"),
    [(["grad", "", "--at", "2"], {}), (["grad", "-t"], {"DIFFCLI_EXPR": ""}), (["descend", " "], {})],
)
def test_an_empty_expression_is_an_error(arguments: list[str], env: dict[str, str]) -> None:
    """Also where nothing else is given."""
    done = answer(arguments, env=env)
    assert (done.code, done.out) == (2, "")
    assert "error[E104]: the expression is empty" in done.err
    assert "'-' reads it from standard input" in done.err


def test_a_value_from_the_environment_needs_an_expression_too() -> None:
    assert answer(["grad", "-t"], env={"DIFFCLI_AT": "2"}).code == 2


def test_readings_of_what_is_refused_are_data() -> None:
    """A program that calls the command can show them."""
    failure = json.loads(answer(["grad", "sin^-1(x)", "--at", "0.5", "--json"]).err)
    assert failure["readings"] == ["asin(x)", "1/sin(x)"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["descend", "--lr", "0.1"], 0),
        (["descend", "--lr", "0.001"], 0),
        (["descend", "--lr", "3"], 1),
        (["descend", "--lr", "3.1"], 1),
        (["descend", "log(x)", "--at", "1"], 3),
        (["grad", "x +"], 2),
        (["grad", "1/x", "--at", "0"], 3),
        (["diff", "prod(sin(x*y)^cos(x)/(1 + sqrt(tanh(x) + atan(y))))", "--timeout", "0.001"], 4),
        (["functions"], 0),
        (["--version"], 0),
        ([], 0),
    ],
)
@pytest.mark.usefixtures("warmly")
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert run(arguments).code == code


@pytest.mark.parametrize(("arguments", "code"), [(["descend", "--lr", "3"], 1), (["grad", "x +"], 2)])
def test_exit_codes_of_the_installed_command(arguments: list[str], code: int) -> None:
    assert run(arguments).code == code


@pytest.mark.parametrize(
    "arguments",
    [
        ["grad", "-x^2", "--at", "-3", "--terse"],
        ["grad", "--at=-3", "-t", "-x^2"],
        ["grad", "-t", "--at", "-3", "--", "-x^2"],
    ],
)
@pytest.mark.usefixtures("warmly")
def test_minus_signs_need_no_escape(arguments: list[str]) -> None:
    assert run(arguments) == (0, "6.0\n", "")


@pytest.mark.usefixtures("warmly")
def test_the_expression_from_a_file_from_standard_input_and_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "cube.expr").write_text("\ufeff# a cube\r\nx^3\r\n", encoding="utf-8")
    assert run(["grad", "-f", "cube.expr", "--at", "2", "-t"], cwd=tmp_path).out == "12.0\n"
    assert run(["grad", "-", "--at", "2", "-t"], stdin=b"x^3\n").out == "12.0\n"
    assert run(["grad", "-t"], env={"DIFFCLI_EXPR": "x^3", "DIFFCLI_AT": "x=2"}) == (0, "12.0\n", "")


def test_standard_input_is_read_only_when_asked_for() -> None:
    process = subprocess.Popen(
        [f"{SCRIPTS}/diffcli", "grad", "x^2", "--at", "3", "-t"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.read() == b"6.0\n"  # standard input is still open


@pytest.mark.usefixtures("warmly")
def test_terse_output_is_what_at_accepts(tmp_path: Path) -> None:
    first = run(["grad", "sum(A*[1, 2])", "--at", "A=[[1,2],[3,4]]", "-t"]).out.strip()
    assert first == "[[1.0,2.0],[1.0,2.0]]"
    assert run(["grad", "sum(A^2)", "--at", f"A={first}", "-t"]).out.strip() == "[[2.0,4.0],[2.0,4.0]]"
    assert run(["grad", "sum(x^2)", "--at", "5,", "-t"]).out.strip() == "10.0,"


@pytest.mark.parametrize("command", ["grad", "jacobian", "hessian", "jvp --tangent 1", "vjp --cotangent 1", "descend"])
def test_terse_output_at_a_kink_has_a_note_on_standard_error(command: str) -> None:
    done = answer([*command.split(), "abs(x)", "--at", "0", "--terse"])
    assert (done.code, done.out) == (0, "0.0\n")
    assert done.err.startswith("note: abs(x) is at a kink: it has a corner at 0; derivative by x: -1 from the left")


@pytest.mark.usefixtures("warmly")
def test_failures_are_json_on_standard_error_when_json_is_asked_for() -> None:
    done = run(["grad", "mean(sine(x))", "--at", "1", "--json"])
    assert (done.code, done.out) == (2, "")
    failure = json.loads(done.err)
    assert failure["schema"] == "diffcli/error@1"
    assert (failure["code"], failure["span"], failure["hint"]) == ("E203", [5, 9], "did you mean 'sin'?")


@pytest.mark.usefixtures("warmly")
def test_a_kink_is_noted_where_only_numbers_are_asked_for() -> None:
    done = run(["grad", "abs(x)", "--at", "0", "-t"])
    assert (done.code, done.out) == (0, "0.0\n")
    assert done.err == (
        "note: abs(x) is at a kink: it has a corner at 0; derivative by x: -1 from the left, 1 from the right, 0 "
        "taken. "
        "Convention: abs'(0) = 0. PyTorch: 0; JAX: 1\n"
    )


def test_the_module_is_the_command() -> None:
    done = execute([sys.executable, "-m", "diffcli", "grad", "x^2", "--at", "3", "-t"])
    assert done == (0, "6.0\n", "")


def test_interrupted_descent_prints_where_it_got_to(tmp_path: Path) -> None:
    command = [f"{SCRIPTS}/diffcli", "descend", "x^2", "--at", "1", "--lr", "1e-12", "--steps", "1000000000", "--json"]
    saving = ["--save", "run.json", "--save-every", "0"]
    process = subprocess.Popen(
        [*command, *saving], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment()
    )
    run = tmp_path / "run.json"
    while not run.exists() or json.loads(run.read_text())["state"]["iteration"] == 0:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    report = json.loads(out)
    assert (process.returncode, err) == (130, b"")
    assert report["status"] == "interrupted"
    assert report["iterations"] == len(report["history"]) - 1 > 0


def test_no_alarm_outlives_the_step_that_it_would_end() -> None:
    """One that comes while the program ends would kill it."""
    former = signal.getsignal(signal.SIGALRM)
    waiting = Waiting()
    try:
        with waiting:
            waiting.lose_patience()
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    finally:
        signal.signal(signal.SIGALRM, former)


def test_a_closed_pipe_ends_quietly() -> None:
    done = execute(["bash", "-c", f"{SCRIPTS}/diffcli grad 'sum(x)' --at $(seq -s, 1 9999) --full | head -n 1"])
    assert (done.code, done.out, done.err) == (0, "sum(x)\n", "")
    done = execute(
        [
            "bash",
            "-c",
            f"{SCRIPTS}/diffcli hessian 'sum(x^2)' --at 'ones(200)' --terse | head -c 2; exit ${{PIPESTATUS[0]}}",
        ]
    )
    assert (done.code, done.out, done.err) == (
        0,
        "[[",
        "",
    )  # more than the pipe holds, so the command was still writing


def test_full_disk_is_a_diagnostic() -> None:
    if not os.path.exists("/dev/full"):
        return
    done = execute(["bash", "-c", f"{SCRIPTS}/diffcli grad 'x' --at 1 > /dev/full"])
    assert done.code == 2
    assert "Traceback" not in done.err


def _waiting(pipe: IO[bytes]) -> int:
    """Bytes that nobody has read yet."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_no_command_shows_a_traceback_for_an_interrupt() -> None:
    """While it reads what does not end."""
    process = subprocess.Popen(
        [f"{SCRIPTS}/diffcli", "grad", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin is not None
    process.stdin.write(b"x")
    process.stdin.flush()
    while _waiting(process.stdin):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err


@pytest.mark.parametrize(
    ("module", "line"),
    [
        *((module, ["x^2", "--at", "3", "-t"]) for module in ("diffcli.errors", "diffcli.cli.app")),
        ("typer", ["x^2", "--at", "3", "-t", "--help"]),
        ("numpy", ["det([[x, 1], [1, x]])", "--at", "3", "-t"]),
        ("diffcli.analysis.gradient", ["x^2", "--at", "3", "-t"]),
    ],
)
def test_an_interrupt_while_it_loads_ends_it_quietly(module: str, line: list[str], tmp_path: Path) -> None:
    """Wherever it is: the signal comes when the module is looked for."""
    (tmp_path / "comes.py").write_text(f"""
import os, signal, sys
sys.argv = ["diffcli", "grad", *{line!r}]
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from diffcli.__main__ import main
sys.exit(main())
""")
    done = execute([sys.executable, "comes.py"], cwd=tmp_path)
    assert done == (130, "", "")


def test_python_s_own_warnings_are_not_the_user_s(tmp_path: Path) -> None:
    """Unless they are asked for."""
    (tmp_path / "warns.py").write_text("""
import sys, warnings
from diffcli import __main__, errors
sys.argv = ["diffcli", "grad", "x^2", "--at", "3", "-t"]
from diffcli.cli import app
inner = app.run
def run(arguments):
    warnings.warn("a divide by zero", RuntimeWarning)
    return inner(arguments)
app.run = run
sys.exit(__main__.main())
""")
    assert execute([sys.executable, "warns.py"], cwd=tmp_path) == (0, "6.0\n", "")
    assert "a divide by zero" in execute([sys.executable, "-W", "default", "warns.py"], cwd=tmp_path).err
