"""Memory that arrays give back, kept for the next ones."""

from contextlib import suppress
from functools import cache

import numpy as np

#: Elements of an array of doubles that the C library at first takes from the system; and bytes of the largest one that
#: it can be taught to keep.
LARGE, _LARGEST = 1 << 14, 31 << 20


@cache
def keep_freed_memory() -> None:
    """Have the C library keep what is freed, for arrays of up to 31 MiB.

    At first glibc takes every large array from the system and gives it back at once. The system clears each page when
    it is touched, which takes longer than most functions do. What is as large as an array that was freed before is
    kept from then on (mallopt(3), M_MMAP_THRESHOLD): so one is freed here, which nobody has touched. Elsewhere this
    does nothing.
    """
    with suppress(MemoryError):
        np.empty(_LARGEST, np.uint8)
