"""Saving a run while it goes on, and going on from a saved one."""

import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from diffcli.api.files import write_whole
from diffcli.errors import DiffcliError, ExitCode, fault, given, out_of_range
from diffcli.messages import Argument, Message
from diffcli.render.writing import remark
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.descent.checkpoint import Checkpoint
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.problem import Problem

#: The seconds between two saves, unless the command says.
_EVERY = 5.0
_ANOTHER = Message("name another file, or remove that one")


class Saver:
    """Saves at the first point, every few seconds, and at the end of the block, however that ends.

    Where a save takes long the next ones come later: a tenth of the time goes to them at most,
    unless each step is asked for.

    What a file has of the same run is kept until the run is as far. Without a file it saves nothing.
    The first attempt raises DiffcliError where the file cannot be written; a later one says so on
    standard error, and the run goes on.
    """

    def __init__(
        self,
        file: str | None,
        every: float | None,
        problem: "Problem",
        settings: "Settings",
        resumed: str | None = None,
        force: bool = False,
    ) -> None:
        """Raises DiffcliError for a time without a file, or one that is none; without a time it is five seconds.

        `resumed` is the file that the run goes on from; `force` is to replace any other run.
        """
        if every is not None and file is None:
            raise _without_file("save_every", every, Message("name a file to save to: --save FILE"))
        if force and file is None:
            raise _without_file("force", True, Message("it replaces the saved run in a file: --save FILE"))
        every = _EVERY if every is None else every
        if not 0 <= every < float("inf"):
            message = Message("the time between two saves must be a number of seconds, 0 or more")
            raise out_of_range("save_every", every, message, Message("0 saves at every step"))
        self._file = None if file is None else Source(file, "--save")
        self._every, self._problem, self._settings = every, problem, settings
        self._resumed, self._force = resumed, force
        self._further: int | None = None  #: the steps of the same run that the file has already, once that is known
        self._last: Checkpoint | None = None
        self._saved: Checkpoint | None = None
        self._due = 0.0
        self._failed = False

    def keep(self, checkpoint: "Checkpoint") -> None:
        """Take note of a point, and save it if it is time."""
        self._last = checkpoint
        if self._file is not None and time.monotonic() >= self._due:
            if self._further is None:
                self._further = _check_expendable(self._file, self._resumed, self._force, self._problem, self._settings)
            if checkpoint.state.iteration >= self._further:
                self._save(first=self._saved is None and not self._failed)

    def exit_code(self, code: int) -> int:
        """The exit code, unless the end of the run could not be saved."""
        return int(ExitCode.CANNOT_START) if self._failed else code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Save where the run got to, unless a second Ctrl-C wants no more of it."""
        if self._file is None or self._last is None or self._saved is self._last or kind not in (None, BrokenPipeError):
            return
        if self._further is not None and self._last.state.iteration < self._further:
            remark(
                Message(
                    "note: '{file}' has this run after {further:,} steps, and keeps it",
                    file=self._file.text,
                    further=self._further,
                )
            )
            return
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
                remark(Message("note: {problem}; the run goes on", problem=error.diagnostic.message))
            self._failed = True
        ended = time.monotonic()
        self._due = ended + (max(self._every, 9 * (ended - begun)) if self._every else 0.0)


def _without_file(argument: str, value: float, hint: str) -> DiffcliError:
    """The error about an option that says how to save, where nothing is saved."""
    message = Message("{option} is given without {data}", option=Argument(argument), data=Argument("save"))
    return fault("E402", message, given(Argument(argument, value)), hint=hint)


def _check_expendable(file: Source, resumed: str | None, force: bool, problem: "Problem", settings: "Settings") -> int:
    """The steps of the saved run that a save would replace, 0 where there is none.

    Raises DiffcliError where it would take the place of another file than a saved run, or, unless
    forced, of one that is not this run's: what the run itself resumes from is.
    """
    from diffcli.analysis.descent.checkpoint import is_saved, read_checkpoint

    path = Path(file.text)
    try:
        if not path.is_file() or not path.stat().st_size or (resumed is not None and Path(resumed).samefile(path)):
            return 0
    except (OSError, ValueError):
        return 0  # no name of a file: that is told when it is written
    try:
        saved = is_saved(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = Message("cannot read '{file}', so it is not replaced: {reason}", file=file.text, reason=reason)
        raise fault("E407", message, file, hint=_ANOTHER) from None
    if not saved:
        raise fault("E407", Message("'{file}' exists and is not a saved run", file=file.text), file, hint=_ANOTHER)
    if force:
        return 0
    hint = Message("--force replaces it; --resume FILE goes on with a saved run; or name another file")
    try:
        steps = read_checkpoint(file, problem, settings).state.iteration
    except DiffcliError as error:
        found = error.diagnostic
        if found.code != "E401":
            raise fault(found.code, found.message, file, hint=hint) from None
        cause = found.message.values["reason"] if isinstance(found.message, Message) else found.message
        message = Message("'{file}' is a saved run that cannot be read: {reason}", file=file.text, reason=cause)
        raise fault("E407", message, file, hint=hint) from None
    if steps > settings.steps:
        message = Message(
            "'{file}' is this run after {steps:,} steps, more than the {most:,} that are to be taken now",
            file=file.text,
            steps=steps,
            most=settings.steps,
        )
        raise fault("E408", message, file, hint=hint)
    return steps


def resumed(file: str | None, problem: "Problem", settings: "Settings") -> "Checkpoint | None":
    """Where the saved run in a file got to; None without a file. Raises DiffcliError where it does not fit."""
    if file is None:
        return None
    from diffcli.analysis.descent.checkpoint import read_checkpoint

    return read_checkpoint(Source(file, "--resume"), problem, settings)
