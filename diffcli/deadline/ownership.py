"""Whose process this is: only one that is diffcli's alone may divide in two, for no thread of it holds a lock that a
copy would wait for.
"""

import signal
import sys

_ours = False
_copy = False


def fork_here() -> None:
    """Have work done in copies of this process, which is diffcli's alone. Others hand work over to a worker."""
    global _ours  # noqa: PLW0603  # a fact about the process
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # else nobody hears how a copy ended
    _ours = sys.platform == "linux"  # elsewhere the system's libraries do not outlive it


def be_a_copy() -> None:
    """Be one of the processes that do work for another, and end with it."""
    global _copy  # noqa: PLW0603
    _copy = True
    fork_here()


def may_fork() -> bool:
    """Whether work can be done in a copy of this process."""
    import threading  # which a command may do without

    return _ours and threading.active_count() == 1


def is_a_copy() -> bool:
    """Whether this process does work for another."""
    return _copy
