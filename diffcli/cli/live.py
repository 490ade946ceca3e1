"""Whether a run is shown while it goes on."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from diffcli.cli.output import Listing

if TYPE_CHECKING:
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.descent.state import Step

    Watch = Callable[[int, Step], None]


@contextlib.contextmanager
def live(output: Listing, runs: "Sequence[Settings]", watch: "Watch | None") -> "Iterator[Watch | None]":
    """What is called at each point: `watch`, or where a person looks at the terminal, a line on standard error."""
    if not (output.human and sys.stderr.isatty()):
        yield watch
        return
    from diffcli.render.text.progress import LiveView, watched

    if not watched(sys.stderr):
        yield watch
        return
    with LiveView(runs, sys.stderr) as view:
        yield view.watch
