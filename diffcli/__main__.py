"""`python -m diffcli`."""

import gc
import os
import signal
import sys
import warnings

from diffcli.garbage import seldom_sought


@seldom_sought()
def main() -> int:
    """The `diffcli` command."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # they are about source text that is not the user's
    heeded = (
        signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    )  # as in the background of a script, where it is to be ignored
    try:
        if heeded:
            _end_at_interrupts()
        from diffcli.cli.app import run
        from diffcli.deadline.ownership import fork_here

        fork_here()
        if heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    finally:
        gc.freeze()  # what is there goes with the process: nobody needs to look through it
        if heeded:
            _end_at_interrupts()


def _end_at_interrupts() -> None:
    """Where nothing is to be finished, as before the command and after it, end the process at Ctrl-C without a word."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))


if __name__ == "__main__":
    sys.exit(main())
