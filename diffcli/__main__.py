"""`python -m diffcli`."""

import gc
import sys


def main() -> int:
    """The `diffcli` command."""
    gc.disable()  # trees and graphs hold no cycles, and the process is short: collecting is half the time of a long chain
    try:
        from diffcli.cli.app import run
        from diffcli.deadline.ownership import fork_here

        fork_here()
        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
