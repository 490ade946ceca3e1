"""Files that are written: named by an option, checked before the work, then written whole or not at all."""

import contextlib
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from diffcli.errors import DiffcliError, did_you_mean, fault
from diffcli.messages import Joined, Message, listed
from diffcli.source import Source

#: The rights to write, of anybody.
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def extension(file: Source) -> str:
    """What the name ends in, in small letters, without its dot."""
    return Path(file.text).suffix[1:].lower()


def destination(
    path: str, option: str, kinds: Sequence[str], elsewhere: Mapping[str, str] = {}
) -> Source:  # never written to
    """The file that an option names, whose extension says what is written: checked before any work is done.

    `elsewhere` has, for kinds that this option does not write, who does. Raises DiffcliError for
    another extension, or a place that cannot be written to.
    """
    file = Source(path, option)
    ending = extension(file)
    if ending not in kinds:
        closest = did_you_mean(ending, kinds)
        wanted = Message("the name ends in {endings}", endings=listed([f".{kind}" for kind in kinds], "or"))
        hint = elsewhere.get(ending) or (Joined((wanted, closest), "; ") if closest else wanted)
        what = (
            Message("{option} does not write '.{ending}' files", ending=ending, option=option)
            if ending
            else Message("the name does not say what kind of file to write")
        )
        raise fault("E402", what, file, hint=hint)
    try:
        folder = Path(os.path.realpath(path)).parent
        reason = Message("there is no such folder") if not folder.is_dir() else _kept(Path(path))
    except (OSError, ValueError) as error:
        raise _fault(file, Message(getattr(error, "strerror", None) or str(error))) from None
    if reason or not os.access(folder, os.W_OK):
        raise _fault(file, reason or Message("permission denied"))
    return file


def write_whole(file: Source, content: bytes) -> None:
    """Write a file, in place of the one that has its name, with its rights; `file` is the path, under the name of its
    option.

    Whenever the process is killed, the name stands for the former content or for the new one, and
    on the disk before this returns. Raises DiffcliError, with the former content kept.
    """
    beside = None
    try:
        path = Path(os.path.realpath(file.text))
        if reason := _kept(path):
            raise _fault(file, reason)
        former = path.stat() if path.exists() else None
        beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        folder = os.open(path.parent, os.O_RDONLY) if os.name == "posix" else None
        try:
            _write_beside(beside, folder, content, former)
            os.replace(beside, path)
            if folder is not None:
                os.fsync(folder)  # the name is on the disk too
        finally:
            if folder is not None:
                os.close(folder)
    except (OSError, ValueError) as error:
        if beside is not None:
            with contextlib.suppress(OSError):
                beside.unlink()
        raise _fault(file, (getattr(error, "strerror", None) or str(error)).lower()) from None


def _kept(path: Path) -> str:
    """Why what has this name is not replaced, if so; also for those who may write whatever they want."""
    if not path.exists():
        return ""
    if not path.is_file():
        return Message("it is a folder") if path.is_dir() else Message("it is not a plain file")
    return "" if path.stat().st_mode & _WRITABLE and os.access(path, os.W_OK) else Message("it is read-only")


def _write_beside(path: Path, folder: int | None, content: bytes, former: os.stat_result | None) -> None:
    """Write a new file, which gets its name when it is complete; a plain one where the system cannot do that."""
    path.unlink(missing_ok=True)  # of a former process with this number
    try:
        with open(os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o666), "wb") as file:
            _fill(file, content, former)
            os.link(f"/proc/self/fd/{file.fileno()}", path, src_dir_fd=folder, follow_symlinks=True)
    except (AttributeError, NotImplementedError, OSError):
        with path.open("xb") as file:
            _fill(file, content, former)


def _fill(file: BinaryIO, content: bytes, former: os.stat_result | None) -> None:
    """Write the content, with the owner and the rights of the file that it replaces as far as that is allowed."""
    if former is not None and os.name == "posix":
        with contextlib.suppress(OSError):
            os.fchown(file.fileno(), former.st_uid, former.st_gid)
        os.fchmod(file.fileno(), stat.S_IMODE(former.st_mode))
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _fault(file: Source, reason: str) -> DiffcliError:
    message = Message("cannot write '{file}': {reason}", file=file.text, reason=reason)
    return fault("E407", message, file, hint=Message("name a file in a folder that you may write to"))
