"""Saving a run while it goes on, and going on from a saved one."""

import contextlib
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from diffcli.cli.files import write_whole
from diffcli.errors import DiffcliError, ExitCode, fault
from diffcli.render.writing import remark
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.descent.checkpoint import Checkpoint
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.problem import Problem

#: The seconds between two saves, unless the command says.
_EVERY = 5.0


class Saver:
    """Saves at the first point, every few seconds, and at the end of the block, however that ends.

    Where a save takes long the next ones come later: a tenth of the time goes to them at most,
    unless each step is asked for.

    Without a file it saves nothing. The first attempt raises DiffcliError where the file cannot be
    written; a later one says so on standard error, and the run goes on.
    """

    def __init__(self, file: str | None, every: float | None, problem: "Problem", settings: "Settings") -> None:
        """Raises DiffcliError for a time without a file, or one that is none; without a time it is five seconds."""
        if every is not None and file is None:
            line = Source(f"--save-every {every:g}", "command line")
            raise fault("E402", "--save-every is given without --save", line, line.whole, hint="name a file to save to: --save FILE")
        every = _EVERY if every is None else every
        if not 0 <= every < float("inf"):
            seconds = Source(f"{every:g}", "--save-every")
            raise fault("E403", "the time between two saves must be a number of seconds not below 0", seconds, seconds.whole, hint="0 saves at every step")
        self._file = None if file is None else Source(file, "--save")
        self._every, self._problem, self._settings = every, problem, settings
        self._last: Checkpoint | None = None
        self._saved: Checkpoint | None = None
        self._due = 0.0
        self._failed = False

    def keep(self, checkpoint: "Checkpoint") -> None:
        """Take note of a point, and save it if it is time."""
        self._last = checkpoint
        if self._file is not None and time.monotonic() >= self._due:
            first = self._saved is None and not self._failed
            if first:
                _check_expendable(self._file)
            self._save(first)

    def exit_code(self, code: int) -> int:
        """The exit code, unless the end of the run could not be saved."""
        return int(ExitCode.CANNOT_START) if self._failed else code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Save where the run got to, unless a second Ctrl-C wants no more of it."""
        if self._file is not None and self._last is not None and self._saved is not self._last and kind in (None, BrokenPipeError):
            self._save(first=False)

    def _save(self, first: bool) -> None:
        from diffcli.analysis.descent.checkpoint import saved_text

        assert self._file is not None
        assert self._last is not None
        begun = time.monotonic()
        try:
            write_whole(self._file, saved_text(self._problem, self._settings, self._last).encode())
            self._saved, self._failed = self._last, False
        except DiffcliError as error:
            if first:
                raise
            if not self._failed:
                remark(f"note: {error.diagnostic.message}; the run goes on")
            self._failed = True
        ended = time.monotonic()
        self._due = ended + (max(self._every, 9 * (ended - begun)) if self._every else 0.0)


def _check_expendable(file: Source) -> None:
    """Raise DiffcliError where a save would take the place of another file than a saved run."""
    from diffcli.analysis.descent.checkpoint import is_saved

    path = Path(file.text)
    with contextlib.suppress(OSError, ValueError):  # what cannot be read may be written: that is told when it is tried
        if path.is_file() and path.stat().st_size and not is_saved(path):
            message, hint = f"'{file.text}' is there and is no saved run", "name another file, or remove that one"
            raise fault("E407", message, file, file.whole, hint=hint)


def resumed(file: str | None, problem: "Problem", settings: "Settings") -> "Checkpoint | None":
    """Where the saved run in a file got to; None without a file. Raises DiffcliError where it does not fit."""
    if file is None:
        return None
    from diffcli.analysis.descent.checkpoint import read_checkpoint

    return read_checkpoint(Source(file, "--resume"), problem, settings)
