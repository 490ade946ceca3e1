"""Work for another process ends with that process, whatever ends it: nobody would wait for the rest."""

import os
import select
import signal
import sys

_KNOWN = sys.platform == "linux"  # elsewhere the work's own clock ends it


def hold(line: int) -> None:
    """Have the system end this process when nobody has the other end of a pipe open any more.

    Nothing may be written to it meanwhile.
    """
    if _KNOWN:
        import fcntl

        signal.signal(signal.SIGIO, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGIO])
        fcntl.fcntl(line, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(line, fcntl.F_SETFL, fcntl.fcntl(line, fcntl.F_GETFL) | os.O_ASYNC)
        poll = select.poll()
        poll.register(line, 0)
        if poll.poll(0):  # it was closed before
            os._exit(1)


def let_go(line: int) -> None:
    """Be written to again."""
    if _KNOWN:
        import fcntl

        fcntl.fcntl(line, fcntl.F_SETFL, fcntl.fcntl(line, fcntl.F_GETFL) & ~os.O_ASYNC)
