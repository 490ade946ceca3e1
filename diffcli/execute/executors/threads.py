"""Work that several threads do together."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from threading import local

_mine = local()


@contextmanager
def kept_threads() -> Iterator[None]:
    """Threads that work is shared with by this one wait for more of it until the end, where they end too."""
    with ThreadPoolExecutor(max(1, most_threads() - 1)) as others:
        _mine.others = others
        try:
            yield
        finally:
            _mine.others = None


def in_threads(work: Callable[[], None], count: int, stop: Callable[[], None]) -> None:
    """The work done by the caller and as many others as make up the count. `stop` leaves nothing more to do."""
    if count == 1:
        work()
        return
    waiting = getattr(_mine, "others", None)
    with nullcontext(waiting) if waiting else ThreadPoolExecutor(count - 1) as others:
        running = []
        try:
            running += [others.submit(work) for _ in range(count - 1)]
            work()
        finally:
            stop()
            for each in running:
                each.cancel()
        for each in running:
            if not each.cancelled():
                each.result()


def most_threads() -> int:
    """As many as OMP_NUM_THREADS says, or there are processors for this process."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    if said.isdecimal() and int(said):
        return int(said)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
