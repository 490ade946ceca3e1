"""Many calls of a runner in a row: what each needs around it is there once."""

from collections.abc import Iterator
from contextlib import contextmanager

from diffcli.execute.executors.executor import Runner
from diffcli.execute.executors.plain import Guarded
from diffcli.execute.executors.threads import kept_threads
from diffcli.execute.program import quietly


@contextmanager
def in_a_row(runner: Runner) -> Iterator[Runner]:
    """The runner within arithmetic in which nothing is warned of, with threads that are kept.

    Results that have nan among them may not be right: then the runner itself is to be asked.
    """
    with quietly(), kept_threads():
        yield runner.swift if isinstance(runner, Guarded) else runner
