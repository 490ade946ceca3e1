"""Saving and resuming from the command line: whole files, signals, and a kill at any moment."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command import SCRIPTS, answer, environment, execute

from diffcli.api.files import write_whole
from diffcli.cli.signals import Interruption
from diffcli.errors import DiffcliError, ExitCode
from diffcli.source import Source

KILL = Path(__file__).parent.parent / "benchmarks" / "kill.py"
FIT = [
    "descend",
    "(1 - x)^2 + 100*(y - x^2)^2",
    "--at",
    "x=-1.2;y=1",
    "--optimizer",
    "adam",
    "--lr",
    "0.01",
    "--tol",
    "0",
]


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
    done = answer(
        [
            *FIT,
            "--steps",
            "1000000000",
            "--max-seconds",
            "0.05",
            "--save",
            "run.json",
            "--save-every",
            "1000",
            "--json",
        ],
        cwd=tmp_path,
    )
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
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment()
    ) as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    end = json.loads(out.splitlines()[-1])
    assert (process.returncode, err) == (143, b"")
    assert [line["kind"] for line in lines] == ["start", "iterate", "iterate"]
    assert (end["kind"], end["status"]) == ("end", "interrupted")
    resumed = json.loads(
        answer([*slow, "--steps", str(end["iterations"] + 1), "--resume", "run.json", "--json"], cwd=tmp_path).out
    )
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
            assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == [
                signal.default_int_handler,
                signal.SIG_DFL,
            ]
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


def saved_steps(path: Path) -> int:
    """How many steps a saved run has taken."""
    return int(json.loads(path.read_text())["state"]["iteration"])


def test_another_run_is_not_written_over(tmp_path: Path) -> None:
    """Of another problem, with other settings, or of more steps; unless forced, and but for the one that is resumed."""
    file = tmp_path / "run.json"
    assert answer([*FIT, "--steps", "20", "--save", "run.json"], cwd=tmp_path).code == 0
    kept = file.read_bytes()
    for other, words in (
        (["descend", "x^2", "--at", "1"], "is of another run: the expression is (1 - x)^2 + "),
        (["descend", FIT[1], "--at", "x=0;y=1", *FIT[4:]], "the value of 'x' is -1.2 in the file and 0.0 here"),
        ([*FIT[:-4], "--lr", "0.02", "--tol", "0", "--steps", "20"], "--lr is 0.01 in the file and 0.02 here"),
        ([*FIT, "--steps", "19"], "is this run after 20 steps, more than the 19 that are to be taken now"),
    ):
        for form in ([], ["--jsonl"], ["--csv"]):
            done = answer([*other, *form, "--save", "run.json"], cwd=tmp_path)
            assert (done.code, done.out, file.read_bytes()) == (2, "", kept)
            assert words in done.err
            assert "E408" in done.err
            assert "--force replaces it" in done.err
    assert answer([*FIT, "--steps", "19", "--save", "run.json", "--force"], cwd=tmp_path).code == 0
    assert saved_steps(file) == 19
    assert answer([*FIT, "--steps", "30", "--save", "run.json", "--resume", "run.json"], cwd=tmp_path).code == 0
    assert (
        answer(["descend", "x^2", "--at", "1", "--steps", "3", "--save", "run.json", "--force"], cwd=tmp_path).code == 0
    )
    assert saved_steps(file) == 3
    assert "error[E402]: --force is given without --save" in answer([*FIT, "--force"]).err


def test_what_a_file_has_of_the_same_run_is_kept_until_the_run_is_as_far(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    assert answer([*FIT, "--steps", "30", "--save", "run.json"], cwd=tmp_path).code == 0
    kept = file.read_bytes()
    done = answer(
        [*FIT, "--steps", "40", "--max-seconds", "1e-9", "--save", "run.json", "--save-every", "0", "-t"], cwd=tmp_path
    )
    assert (done.code, done.err) == (4, "note: 'run.json' has this run after 30 steps, and keeps it\n")
    assert file.read_bytes() == kept
    assert answer([*FIT, "--steps", "40", "--save", "run.json"], cwd=tmp_path).code == 0
    assert saved_steps(file) == 40


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-40],
        lambda text: text.replace('"iteration": 20', '"iteration": 21', 1),
        lambda text: text + "x",
    ],
)
def test_a_saved_run_that_cannot_be_read_is_not_written_over(damage: Callable[[str], str], tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    assert answer([*FIT, "--steps", "20", "--save", "run.json"], cwd=tmp_path).code == 0
    file.write_text(damage(file.read_text()))
    kept = file.read_bytes()
    done = answer([*FIT, "--steps", "20", "--save", "run.json"], cwd=tmp_path)
    assert (done.code, done.out, file.read_bytes()) == (2, "", kept)
    assert "error[E407]: 'run.json' is a saved run that cannot be read: " in done.err
    assert answer([*FIT, "--steps", "20", "--save", "run.json", "--force"], cwd=tmp_path).code == 0
    assert saved_steps(file) == 20


def test_a_file_keeps_its_rights_and_one_that_is_read_only_its_content(tmp_path: Path) -> None:
    """Saved runs, pictures and handouts; whoever runs the command."""
    pytest.importorskip("matplotlib", reason="the extra 'plot' is not installed")
    point = ["x^2", "--at", "1"]
    commands = {
        "run.json": ["descend", *point, "--steps", "3", "--save", "run.json"],
        "path.svg": ["descend", *point, "--steps", "3", "--plot", "path.svg"],
        "graph.dot": ["graph", *point, "-o", "graph.dot"],
        "grad.md": ["grad", *point, "--report", "grad.md"],
    }
    for name, command in commands.items():
        file = tmp_path / name
        file.touch()
        file.chmod(0o640)
        assert answer(command, cwd=tmp_path).code == 0
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        kept = file.read_bytes()
        assert kept
        file.chmod(0o440)
        done = answer(command, cwd=tmp_path)
        assert (done.code, file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (2, kept, 0o440)
        assert f"error[E407]: cannot write '{name}': it is read-only" in done.err
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(commands)


def test_nothing_is_streamed_before_a_refusal() -> None:
    """Neither the head of the lines, nor that of the table."""
    for form in ("--jsonl", "--csv"):
        done = answer(["descend", "sum(x)", "--at", "1", "--save", "/", form])
        assert (done.code, done.out) == (2, "")
        assert answer(["descend", "x + [1, 2]", "--at", "1", form]).out == ""


def test_a_label_that_nothing_depends_on_is_not_asked_for() -> None:
    """What is not computed cannot be judged."""
    assert (
        answer(["descend", "d(cross_entropy(v, 1), x)", "--at", "x=0.5;v=1,3", "--steps", "0", "-t"]).out
        == "0.5\n1.0,3.0\n"
    )
