"""The search for garbage in cycles, put off while trees and graphs are made: these hold no cycles, and are large."""

import gc
from _thread import allocate_lock
from collections.abc import Generator
from contextlib import contextmanager

#: So many more objects than at the last search before there is another: 700 are usual. It is not switched off, for
#: calls may take hours or overlap for ever, and who makes them may have garbage of his own.
_MANY = 1_000_000
#: So many new objects are looked through at the end as usual.
_LOOKED_THROUGH = 10_000

_lock = allocate_lock()
_inside = 0
_before = 0
_usual = gc.get_threshold()


@contextmanager
def seldom_sought() -> Generator[None]:
    """Look for garbage seldom in all threads until this and every other such work is done."""
    global _inside, _before, _usual  # noqa: PLW0603  # facts about the process
    with _lock:
        if not _inside:
            _usual, _before = gc.get_threshold(), gc.get_count()[0]
            first, *others = _usual
            gc.set_threshold(max(first, _MANY) if first else 0, *others)  # 0: never
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                # what is frozen is counted one by one, which is not worth it for a few
                if gc.get_count()[0] - _before > _LOOKED_THROUGH and not gc.get_freeze_count():
                    gc.freeze()  # all that is new is old,
                    gc.unfreeze()  # without having been looked through
                gc.set_threshold(*_usual)
