"""Work under a time limit: by a worker, as a library's callers have it, and by a copy, as the command does."""

import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from amount import SLACK
from command import SCRIPTS, environment

import diffcli
from diffcli.deadline.limit import TimeLimit, end_by, streamed, within
from diffcli.errors import DiffcliError, OutOfReach, fault
from diffcli.source import Source

#: One operation of the interpreter that takes minutes: nothing inside it can be asked to end.
HOPELESS = partial(pow, 7, 10**9)


def refused() -> None:
    raise fault("E401", "cannot read it", Source("file"), Source("file").whole, hint="look again")


def by_a_copy(work: str) -> str:
    """What a process that is ours alone prints."""
    program = (
        f"from diffcli.deadline.limit import *; from diffcli.deadline.ownership import fork_here; fork_here(); {work}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment(), timeout=60, check=False
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.fast
def test_work_that_ends_in_time_is_left_alone() -> None:
    for _ in range(50):
        assert within(60.0, operator.add, 3, 4) == 7


@pytest.mark.fast
def test_what_the_work_raises_comes_through() -> None:
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        within(60.0, operator.truediv, 1, 0)
    with pytest.raises(DiffcliError) as caught:
        within(60.0, refused)
    assert caught.value.diagnostic.hint == "look again"
    with pytest.raises(OutOfReach, match="too many"):
        within(60.0, partial(_raise, OutOfReach("too many")))


def _raise(exception: Exception) -> None:
    raise exception


@pytest.mark.parametrize("work", [HOPELESS, partial(time.sleep, 1000)])
def test_the_limit_ends_whatever_it_is(work: Callable[[], object]) -> None:
    begun = time.monotonic()
    with pytest.raises(TimeLimit):
        within(0.2, work)
    assert 0.19 <= time.monotonic() - begun < 0.2 + SLACK
    assert within(60.0, operator.add, 3, 4) == 7


def test_it_holds_in_every_thread() -> None:
    ended: list[bool] = []

    def elsewhere() -> None:
        for limit in (0.05, 0.1):
            with pytest.raises(TimeLimit):
                within(limit, HOPELESS)
            ended.append(within(60.0, operator.add, 3, 4) == 7)

    threads = [threading.Thread(target=elsewhere) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert ended == [True] * 8


def test_elements_found_in_time_are_kept() -> None:
    assert within(60.0, operator.add, 3, 4) == 7  # the worker is there
    found: list[None] = []
    with pytest.raises(TimeLimit):
        found.extend(streamed(1.0, map, time.sleep, (0, 0, 1000, 0)))
    assert found == [None, None]


def test_limits_inside_limits_end_with_them() -> None:
    begun = time.monotonic()
    with pytest.raises(TimeLimit):
        within(0.3, within, 1000.0, HOPELESS)
    with end_by(0.3), pytest.raises(TimeLimit):
        within(1000.0, HOPELESS)
    assert time.monotonic() - begun < 0.6 + SLACK
    with end_by(0.0), pytest.raises(TimeLimit):
        within(1000.0, operator.add, 3, 4)


def test_what_was_late_once_is_not_late_for_ever() -> None:
    """Loading SymPy takes longer than the limit: the next worker has loaded it."""
    with pytest.raises(TimeLimit):
        within(0.01, HOPELESS)
    diffcli.diff("x^2", timeout=60)
    begun = time.monotonic()
    diffcli.diff("x^3", timeout=60)
    usual = time.monotonic() - begun
    for _ in range(20):
        try:
            assert diffcli.diff("x^2", timeout=5 * usual).derivatives["x"].formula == "2*x"
        except DiffcliError:
            continue
        return
    pytest.fail("it is late every time")


def test_a_worker_that_somebody_ended_is_replaced() -> None:
    process = within(60.0, os.getpid)
    assert within(60.0, os.getpid) == process
    os.kill(process, 9)
    time.sleep(0.1)
    assert within(60.0, os.getpid) != process


@pytest.mark.fast
def test_a_process_that_ends_before_its_work_is_no_time_limit() -> None:
    with pytest.raises(RuntimeError, match="status 3"):
        within(60.0, os._exit, 3)


@pytest.mark.parametrize(
    ("number", "words"), [(signal.SIGKILL, "memory"), (signal.SIGSEGV, "library"), (signal.SIGTERM, "asked")]
)
def test_a_process_that_the_system_ends_is_told_by_its_signal(number: int, words: str) -> None:
    """As where memory is short, or a library breaks; the next work is done."""
    with pytest.raises(DiffcliError) as ended:
        within(60.0, _end_itself, number)
    diagnostic = ended.value.diagnostic
    assert (diagnostic.code, diagnostic.exit_code) == ("E605", 4)
    assert signal.Signals(number).name in diagnostic.message
    assert words in diagnostic.message
    assert diagnostic.hint
    assert within(60.0, operator.add, 3, 4) == 7


def _end_itself(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.skipif(sys.platform != "linux", reason="only there does a process divide in two")
def test_the_command_says_that_a_computing_process_was_ended() -> None:
    """Whoever waits for a copy is told by which signal it ended; nothing is printed but the diagnostic."""
    program = "import os, sys, diffcli.analysis.gradient as g; from diffcli.__main__ import main\n"
    program += "g.gradient_report = lambda *a, **k: os.kill(os.getpid(), 11)\n"
    program += "sys.argv = ['diffcli', 'grad', 'x^2', '--at', '3', '--timeout', '50']; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment(), timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("error[E605]: the system ended the process that computed it (SIGSEGV)")
    assert "\n  = help: run it again" in done.stderr


def test_copies_of_a_process_have_workers_of_their_own() -> None:
    within(60.0, operator.add, 3, 4)
    program = (
        "import os, operator; from diffcli.deadline.limit import within; within(5, operator.add, 1, 2); own = "
        "within(5, os.getpid)\n"
    )
    program += "if os.fork(): print(os.wait()[1])\nelse: assert within(5, os.getpid) != own"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="only there does a process divide in two")
def test_a_process_that_is_ours_alone_divides_in_two() -> None:
    assert by_a_copy("import os; print(within(5, os.getppid) == os.getpid())") == "True"
    assert by_a_copy("x = []; print(within(5, x.append, 1), x)") == "None []"
    assert (
        by_a_copy("import operator\ntry: within(5, operator.truediv, 1, 0)\nexcept ZeroDivisionError as e: print(e)")
        == "division by zero"
    )
    assert by_a_copy("\ntry: within(0.1, pow, 7, 10**9)\nexcept TimeLimit: print('late')") == "late"
    assert by_a_copy("\ntry: within(0.2, within, 50, pow, 7, 10**9)\nexcept TimeLimit: print('late')") == "late"
    assert by_a_copy("print(list(streamed(5, iter, [1, 2])))") == "[1, 2]"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_is_left_behind() -> None:
    program = "from diffcli.deadline.limit import *; from diffcli.deadline.ownership import fork_here; fork_here()\n"
    program += "try: within(0.3, within, 50, within, 50, pow, 7, 10**9)\nexcept TimeLimit: pass\n"
    program += "import os, time\nfrom pathlib import Path\n"
    program += "def session(stat): return int(stat.read_text().rpartition(')')[2].split()[3])\n"
    program += (
        "while sum(session(stat) == os.getsid(0) for stat in Path('/proc').glob('[0-9]*/stat')) > 1: time.sleep(0.05)"
    )
    subprocess.run([sys.executable, "-c", program], env=environment(), timeout=60, check=True, start_new_session=True)


@pytest.mark.skipif(sys.platform != "linux", reason="only there does a process divide in two")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_command_and_its_copy(number: int, code: int) -> None:
    text = "+".join(f"gamma(x+{k}/7)" for k in range(2_000))
    command = [f"{SCRIPTS}/diffcli", "grad", text, "--at", "2", "--digits", "5000", "--timeout", "100"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (copy := children.read_text()):
            time.sleep(0.05)
        process.send_signal(number)
        assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == code
    assert not Path(f"/proc/{int(copy)}").exists()


def has_ended(process: int) -> bool:
    """Whether a process is no more, or only waits to be counted."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the work's own clock ends it")
@pytest.mark.parametrize("where", ["import diffcli.deadline.ownership as o; o.fork_here()", ""], ids=["copy", "worker"])
def test_work_ends_with_the_process_that_it_is_for(where: str) -> None:
    """Though that is killed and cannot end it."""
    program = f"from diffcli.deadline.limit import within\n{where}\nwithin(1000, within, 1000, pow, 7, 10**9)"
    with subprocess.Popen([sys.executable, "-c", program], env=environment()) as process:
        found: list[int] = []
        while len(found) < 2:
            last = found[-1] if found else process.pid
            found += map(int, Path(f"/proc/{last}/task/{last}/children").read_text().split())
            time.sleep(0.05)
        process.kill()
    end = time.monotonic() + SLACK
    while not all(map(has_ended, found)):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import signal; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGIO})", ""),
        (
            "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (2000, 2000)); files = [open('/dev/null') "
            "for _ in range(1500)]",
            "",
        ),
        (
            "import pathlib; pathlib.Path('json.py').write_text('raise OSError'); "
            "pathlib.Path('diffcli.py').write_text('raise OSError')",
            "",
        ),
        ("import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)", ""),
        ("import signal, os; signal.signal(signal.SIGCHLD, lambda *_: os.waitpid(-1, os.WNOHANG))", ""),
        (
            "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); from diffcli.deadline.ownership import "
            "fork_here; fork_here()",
            "",
        ),
        ("import sys; sys.path += [None, b'/']", ""),
        ("import sys; sys.executable = None", "E604"),
        ("import sys; sys.executable = '/nowhere'", "E604"),
        ("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))", "E604"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="uses its limits and signals")
def test_whatever_the_process_is_like(before: str, after: str, tmp_path: Path) -> None:
    """Signals blocked or ignored, many files open, other modules of the same names;
    or no process can be begun, which is said.
    """
    program = (
        f"from diffcli.deadline.limit import *; from diffcli.errors import DiffcliError; import operator\n{before}\n"
    )
    program += (
        "try: print(within(100, operator.add, 3, 4))\nexcept DiffcliError as refused: "
        "print(refused.diagnostic.code); raise SystemExit\n"
    )
    program += "try: within(0.2, pow, 7, 10**9)\nexcept TimeLimit: print('late')"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == ([after] if after else ["7", "late"], "")


@pytest.mark.skipif(sys.platform != "linux", reason="only there does a process divide in two")
def test_without_another_process_the_command_says_so() -> None:
    assert by_a_copy(
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))\ntry: within(9, pow, 2, 3)\nexcept "
        "Exception as e: print(e)"
    ).startswith("[E604] no process can be begun to compute it in: too many open files")
