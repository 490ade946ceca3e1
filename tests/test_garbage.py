"""The search for garbage: put off during calls, as before after them, whoever else calls meanwhile."""

import contextlib
import gc
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

import diffcli
from diffcli.garbage import seldom_sought

pytestmark = pytest.mark.fast

#: A large call, in a process whose objects nobody has frozen: how often garbage is sought during it and just after it.
_LARGE = """
import gc, diffcli
diffcli.grad("x*x", x=1.0)
found = []
gc.callbacks.append(lambda phase, facts: found.append(phase))
report = diffcli.grad("+".join(["x"] * 20_000), x=1.0)
kept = [[] for _ in range(600)]
print(len(found), report.value)
"""


@pytest.fixture(autouse=True)
def usual() -> Iterator[tuple[int, int, int]]:
    """Thresholds that nobody else has, which are to be found again."""
    before = gc.get_threshold()
    gc.set_threshold(701, 11, 12)
    yield gc.get_threshold()
    after = gc.get_threshold()
    gc.set_threshold(*before)
    assert after == (701, 11, 12)


def _sought_often() -> bool:
    return gc.get_threshold()[0] == 701


def test_garbage_is_sought_as_before_after_a_call_and_after_an_error() -> None:
    diffcli.grad("x*x", x=3.0)
    assert _sought_often()
    with pytest.raises(diffcli.DiffcliError):
        diffcli.grad("sine(x)", x=3.0)
    assert _sought_often()
    str(diffcli.grad("x*x", x=3.0))
    diffcli.grad("x*x", x=3.0).to_json()
    assert _sought_often()
    assert gc.isenabled()


def test_garbage_is_sought_seldom_in_nested_work_until_all_of_it_is_done() -> None:
    with seldom_sought():
        first, *others = gc.get_threshold()
        assert first >= 1_000_000
        assert others == [11, 12]
        with seldom_sought():
            pass
        assert not _sought_often()


def test_garbage_is_sought_seldom_until_the_last_thread_is_done() -> None:
    """The first to begin is the first to end."""
    begun, end = threading.Event(), threading.Event()

    def work() -> None:
        with seldom_sought():
            begun.set()
            end.wait()

    thread = threading.Thread(target=work)
    with seldom_sought():
        thread.start()
        begun.wait()
    assert not _sought_often()
    end.set()
    thread.join()
    assert _sought_often()


def test_calls_in_threads_leave_the_search_as_it_was() -> None:
    def work() -> None:
        for number in range(20):
            with contextlib.suppress(diffcli.DiffcliError):
                diffcli.grad("x*x" if number % 2 else "x*", x=3.0)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _sought_often()


def test_a_search_that_is_switched_off_stays_so() -> None:
    gc.disable()
    try:
        diffcli.grad("x*x", x=3.0)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_large_call_is_not_followed_by_a_search_of_what_it_made() -> None:
    done = subprocess.run([sys.executable, "-c", _LARGE], capture_output=True, text=True, check=True)
    assert done.stdout == "0 20000.0\n"
