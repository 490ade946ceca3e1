"""Saving and resuming from the command line: whole files, signals, and a kill at any moment."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from command import SCRIPTS, answer, environment, execute

from diffcli.cli.files import write_whole
from diffcli.cli.signals import Interruption
from diffcli.errors import DiffcliError, ExitCode
from diffcli.source import Source

KILL = Path(__file__).parent.parent / "benchmarks" / "kill.py"
FIT = ["descend", "(1 - x)^2 + 100*(y - x^2)^2", "--at", "x=-1.2;y=1", "--optimizer", "adam", "--lr", "0.01", "--tol", "0"]


def test_a_resumed_command_prints_what_the_uninterrupted_one_does(tmp_path: Path) -> None:
    """To the last digit; saved and resumed under one name."""
    files = ["--save", "run.json", "--resume", "run.json"]
    assert answer([*FIT, "--steps", "20", "--save", "run.json"], cwd=tmp_path).code == 0
    assert answer([*FIT, "--steps", "45", *files], cwd=tmp_path).code == 0
    done = answer([*FIT, "--steps", "100", *files, "--json"], cwd=tmp_path)
    whole = json.loads(answer([*FIT, "--steps", "100", "--json"]).out)
    resumed = json.loads(done.out)
    assert resumed["history"] == whole["history"][45:]
    assert {**resumed, "start": 0, "history": 0} == {**whole, "start": 0, "history": 0}
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_run_at_its_time_limit_is_saved(tmp_path: Path) -> None:
    done = answer([*FIT, "--steps", "1000000000", "--max-seconds", "0.05", "--save", "run.json", "--save-every", "1000", "--json"], cwd=tmp_path)
    report = json.loads(done.out)
    assert (done.code, done.err, report["status"]) == (4, "", "time-limit")
    at = report["iterations"]
    assert json.loads((tmp_path / "run.json").read_text())["state"]["iteration"] == at
    further = [*FIT, "--steps", str(at + 3), "-t"]
    assert answer([*further, "--resume", "run.json"], cwd=tmp_path) == answer(further)
    assert answer([*FIT, "--timeout", "1e-9"]).code == 4  # the other name of the same option


def test_sigterm_saves_prints_and_exits_143(tmp_path: Path) -> None:
    """Each line of the stream is there at once; a resumed run starts where this one ended."""
    slow = ["descend", "x^2", "--at", "1", "--lr", "1e-12"]
    command = [f"{SCRIPTS}/diffcli", *slow, "--steps", "1000000000", "--jsonl", "--save", "run.json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment()) as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    end = json.loads(out.splitlines()[-1])
    assert (process.returncode, err) == (143, b"")
    assert [line["kind"] for line in lines] == ["start", "iterate", "iterate"]
    assert (end["kind"], end["status"]) == ("end", "interrupted")
    resumed = json.loads(answer([*slow, "--steps", str(end["iterations"] + 1), "--resume", "run.json", "--json"], cwd=tmp_path).out)
    assert [iterate["iteration"] for iterate in resumed["history"]] == [end["iterations"], end["iterations"] + 1]
    assert resumed["start"] == end["final"]


def test_the_first_signal_asks_and_a_second_one_ends() -> None:
    """Afterwards they mean what they meant before."""
    former = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    for number, code in ((signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)):
        with Interruption() as interruption:
            assert not interruption.asked()
            os.kill(os.getpid(), number)
            assert interruption.asked()
            assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == [signal.default_int_handler, signal.SIG_DFL]
        assert interruption.exit_code(ExitCode.INTERRUPTED) == code
        assert interruption.exit_code(ExitCode.NEGATIVE) == ExitCode.NEGATIVE
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == former


def test_a_kill_leaves_whole_files() -> None:
    """At ten random moments; `tests/benchmarks/kill.py` does it a hundred times."""
    done = execute([sys.executable, str(KILL), "10"])
    assert done.err == ""
    assert done.out.startswith("10 kills: ")
    assert "all whole" in done.out


def test_a_closed_pipe_saves_too(tmp_path: Path) -> None:
    slow = "descend x^2 --at 1 --lr 1e-12 --steps 1000000000 --csv --save run.json --save-every 1000"
    done = execute(["bash", "-c", f"{SCRIPTS}/diffcli {slow} | head -n 2; exit ${{PIPESTATUS[0]}}"], cwd=tmp_path)
    assert (done.code, done.out, done.err) == (0, "iteration,value,gradient_norm,rate,x\n0,1.0,2.0,1e-12,1.0\n", "")
    assert json.loads((tmp_path / "run.json").read_text())["state"]["iteration"] > 0


def test_a_file_is_replaced_with_the_usual_rights_and_through_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "run.json", tmp_path / "link.json"
    link.symlink_to(file)
    write_whole(Source(str(file), "--save"), b"first")
    write_whole(Source(str(link), "--save"), b"second")
    (plain := tmp_path / "plain").touch()
    assert (file.read_bytes(), link.is_symlink()) == (b"second", True)
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "plain", "run.json"]


@pytest.mark.parametrize("unnamed", [True, False])
def test_a_full_disk_keeps_the_former_file(unnamed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With unnamed files and without."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if not unnamed:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    file = tmp_path / "run.json"
    write_whole(Source(str(file), "--save"), b"first")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiffcliError, match="no space left on device"):
        write_whole(Source(str(file), "--save"), b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("run.json", b"first")]


def test_a_disk_that_fills_up_later_does_not_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said once, the answer is printed, and the exit code tells."""
    real, calls = os.replace, iter(range(1000))

    def replace(source: Path, target: Path) -> None:
        if next(calls) >= 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    done = answer([*FIT, "--steps", "20", "--save", "run.json", "--save-every", "0", "-t"], cwd=tmp_path)
    assert (done.code, done.out) == (2, answer([*FIT, "--steps", "20", "-t"]).out)
    assert done.err == "note: cannot write 'run.json': no space left on device; the run goes on\n"
    assert json.loads((tmp_path / "run.json").read_text())["state"]["iteration"] == 2


@pytest.mark.parametrize("path", ["/", "/dev/null", "folder", "folder/none/run.json", "nul\0.json", "n" * 300])
def test_an_unwritable_path_is_refused_before_the_first_step(path: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = answer([*FIT, "--steps", "1000000000", "--save", path, "-t"], cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "error[E407]: cannot write " in done.err
    assert [file.name for file in tmp_path.rglob("*")] == ["folder"]


def test_a_program_is_not_written_over(tmp_path: Path) -> None:
    """Only a saved run, or an empty file, gives way to a saved run."""
    (tmp_path / "square.expr").write_text("x^2")
    (tmp_path / "empty.json").touch()
    done = answer(["descend", "-f", "square.expr", "--at", "1", "--save", "square.expr"], cwd=tmp_path)
    assert (done.code, done.out, (tmp_path / "square.expr").read_text()) == (2, "", "x^2")
    for _ in range(2):
        assert answer(["descend", "-f", "square.expr", "--at", "1", "--save", "empty.json"], cwd=tmp_path).code == 0
