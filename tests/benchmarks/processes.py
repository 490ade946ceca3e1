"""Whole processes: what it takes to ask for the gradient of `mean(x*x)` at three numbers in a shell."""

import json
import os
import resource
import subprocess
import sys
import sysconfig
from time import perf_counter
from typing import Any

from .contest import OURS, Call, Lasted, Prepare, Ratio, Row

DIFFCLI = f"{sysconfig.get_path('scripts')}/diffcli"
QUESTION = ["grad", "mean(x*x)", "--at", "1,2,3"]

_AUTOGRAD = """
import autograd.numpy as np
from autograd import value_and_grad
value, gradient = value_and_grad(lambda x: np.mean(x*x))(np.array([1.0, 2.0, 3.0]))
"""
_CASADI = """
import casadi as ca
x = ca.MX.sym("x", 3)
value = ca.sumsqr(x)/3
value, gradient = ca.Function("f", [x], [value, ca.gradient(value, x)])([1, 2, 3])
value, gradient = float(value), gradient.full().ravel()
"""
_PYTORCH = """
import torch
x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
value = (x*x).mean()
value.backward()
value, gradient = value.item(), x.grad
"""
_JAX = """
import jax
from jax import numpy as jnp
jax.config.update("jax_enable_x64", True)
value, gradient = jax.value_and_grad(lambda x: jnp.mean(x*x))(jnp.array([1.0, 2.0, 3.0]))
"""
_PRINTED = "import json; print(json.dumps({'value': float(value), 'gradient': {'x': gradient.tolist()}}))"


def _process(*words: str) -> Prepare:
    """A command that prints the value and the gradient as JSON."""

    def call() -> Any:
        answer = json.loads(subprocess.check_output(words, text=True))
        return answer["value"], answer["gradient"]["x"]

    return lambda _: call


def _script(text: str) -> Prepare:
    return _process(sys.executable, "-c", f"{text}{_PRINTED}")


def processor_time(prepare: Prepare) -> Prepare:
    """The seconds of processor time that the processes of a call take."""

    def prepared(size: int) -> Call:
        call = prepare(size)

        def timed() -> Lasted:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            numbers = call()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            numbers = numbers.numbers if isinstance(numbers, Lasted) else numbers
            return Lasted(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, numbers)

        return timed

    return prepared


def importing(module: str) -> Prepare:
    """Python that only imports a module."""

    def call() -> Lasted:
        start = perf_counter()
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
        return Lasted(perf_counter() - start)

    return lambda _: call


def first_line(_: int) -> Call:
    """Until a terminal has the first line of the tables for people."""
    import pty

    def call() -> Lasted:
        ours, theirs = pty.openpty()
        start, lines = perf_counter(), b""
        with subprocess.Popen([DIFFCLI, *QUESTION], stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True):
            os.close(theirs)
            lasted = None
            while chunk := _read(ours):
                lines += chunk
                if lasted is None and b"\n" in lines:
                    lasted = perf_counter() - start
        os.close(ours)
        assert lasted is not None, lines
        return Lasted(lasted)

    return call


def _read(terminal: int) -> bytes:
    """What is there to read; nothing where the other end is closed, which Linux reports as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


_PROCESSES = {
    OURS: _process(DIFFCLI, *QUESTION, "--json"),
    "import typer": importing("typer"),
    "autograd script": _script(_AUTOGRAD),
    "CasADi script": _script(_CASADI),
    "PyTorch script": _script(_PYTORCH),
    "JAX script": _script(_JAX),
}
_BOUNDS = (Ratio(1.45, "import typer"), Ratio(1.0, "autograd script"), Ratio(1.0, "CasADi script"))
ROWS = [
    Row("process", "whole process, three numbers", _PROCESSES, targets=_BOUNDS),
    Row(
        "process",
        "whole process, three numbers, processor time",
        {name: processor_time(prepare) for name, prepare in _PROCESSES.items()},
        targets=_BOUNDS,
    ),
    Row(
        "process",
        "first line for people, in a terminal",
        {OURS: first_line, "grad --json": _process(DIFFCLI, *QUESTION, "--json")},
        targets=(Ratio(1.3, "grad --json"),),
    ),
]
