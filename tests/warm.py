"""The command without its start-up: a process that has loaded what is slow to load, and divides in two for each call.

Run as a program, this is that process. It takes the path of the socket at which it is called.
"""

import contextlib
import marshal
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import diffcli
from diffcli.__main__ import main

#: Hands its words, folder, environment and streams to the process, and ends as the call there ends.
_COMMAND = """\
#!{python} -ISs
import marshal, os, socket, sys
with socket.socket(socket.AF_UNIX) as call:
    call.connect({path!r})
    socket.send_fds(call, [marshal.dumps((sys.argv[1:], os.getcwd(), dict(os.environ)))], [0, 1, 2])
    sys.exit(call.recv(1)[0])
"""
#: Bytes of a call.
_MOST = 1 << 20


@contextlib.contextmanager
def warm_command(folder: Path, environment: dict[str, str]) -> Iterator[Path]:
    """The folder with a command `diffcli` that answers as the installed one does, while this lasts."""
    path = str(folder / "calls")
    command = folder / "diffcli"
    command.write_text(_COMMAND.format(python=sys.executable, path=path), encoding="utf-8")
    command.chmod(0o755)
    with subprocess.Popen([sys.executable, __file__, path], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield folder
        process.terminate()


def _serve(path: str) -> None:
    """Answer each call in a process of its own."""
    for name in ("scipy.special", "sympy", *(module.name for module in walk_packages(diffcli.__path__, "diffcli."))):
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as calls:
        calls.bind(path)
        calls.listen()
        print("ready", flush=True)
        while True:
            call, _ = calls.accept()
            if os.fork() == 0:
                _answer(call)
            call.close()


def _answer(call: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    words, streams, *_ = socket.recv_fds(call, _MOST, 3)
    arguments, folder, environment = marshal.loads(words)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["diffcli", *arguments]
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    call.send(bytes([code]))
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
