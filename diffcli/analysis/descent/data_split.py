"""Rows of the data: those that a run trains on, and those that are held out."""

from dataclasses import replace
from typing import NamedTuple

from diffcli.analysis.data.table import rows_counted
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.problem import Problem
from diffcli.errors import fault, given, out_of_range
from diffcli.execute.arrays import Array
from diffcli.execute.rows import in_order, numbered, rows_of, shuffled
from diffcli.messages import Argument, Message
from diffcli.source import Source


class Split(NamedTuple):
    """The problem on the rows that are trained on, and on those that are held out."""

    train: Problem
    held: Problem | None


def batches_per_epoch(problem: Problem, settings: Settings) -> int:
    """The steps that go once through the rows that are trained on; 1 without data."""
    if not problem.columns or not settings.batch_size:
        return 1
    return -(-(row_count(problem) - _held_rows(row_count(problem), settings)) // settings.batch_size)


def limited(problem: Problem, settings: Settings, steps: int | None = None) -> Settings:
    """The settings with the steps to take: so many, or those of the epochs.

    Raises DiffcliError for options that do not fit the data.
    """
    _check(problem, settings)
    if settings.epochs is None:
        return settings if steps is None else replace(settings, steps=steps)
    if steps is not None:
        source = given(Argument("steps", steps), Argument("epochs", settings.epochs))
        message = Message("{steps} and {epochs} exclude each other", steps=Argument("steps"), epochs=Argument("epochs"))
        raise fault("E402", message, source, hint=Message("an epoch is as many steps as it has batches"))
    size = settings.batch_size or 0
    rows = row_count(problem) - _held_rows(row_count(problem), settings)
    return replace(settings, steps=settings.epochs * (-(-rows // size) if size else 1))


def split(problem: Problem, settings: Settings) -> Split:
    """The problem with its rows divided: as many as `holdout` says are chosen by the seed and held out."""
    if not settings.holdout:
        return Split(problem, None)
    rows = row_count(problem)
    order, held = shuffled(numbered(rows), settings.seed), _held_rows(rows, settings)
    return Split(on_rows(problem, in_order(order[held:])), on_rows(problem, in_order(order[:held])))


def _held_rows(rows: int, settings: Settings) -> int:
    return round(rows * settings.holdout)


def row_count(problem: Problem) -> int:
    """The number of rows in the columns."""
    return len(problem.values[problem.columns[0]])


def column_values(problem: Problem, rows: Array) -> dict[str, Array]:
    """Some rows of each column."""
    return {name: rows_of(problem.values[name], rows) for name in problem.columns}


def on_rows(problem: Problem, rows: Array) -> Problem:
    """The problem on some of the rows."""
    taken = column_values(problem, rows)
    stated = {
        name: given._replace(numbers=taken[name]) if name in taken else given for name, given in problem.stated.items()
    }
    return problem._replace(values={**problem.values, **taken}, stated=stated)


def _check(problem: Problem, settings: Settings) -> None:
    about_rows = {
        "batch_size": settings.batch_size,
        "epochs": settings.epochs,
        "holdout": settings.holdout or None,
        "shuffle": settings.shuffle or None,
    }
    wanted = next(((name, value) for name, value in about_rows.items() if value is not None), None)
    fitted = [name for name in problem.wrt if name in problem.columns]
    if fitted:
        hint = Message(
            "its rows stay as they are: declare what is fitted, as in 'param w = 0', or name it with {wrt}",
            wrt=Argument("wrt"),
        )
        source = Source(fitted[0], Argument("wrt"))
        message = Message("'{fitted}' is a column of the data and cannot be changed by steps", fitted=fitted[0])
        raise fault("E402", message, source, hint=hint)
    if not problem.columns:
        if wanted is not None:
            source = given(Argument(*wanted))
            message = Message("{option} is given without {data}", option=Argument(wanted[0]), data=Argument("data"))
            hint = Message("it applies to the rows of data: {data}", data=Argument("data", "FILE.csv"))
            raise fault("E402", message, source, hint=hint)
        return
    _check_numbers(row_count(problem), settings)


def _check_numbers(rows: int, settings: Settings) -> None:
    """Raise DiffcliError where so many rows cannot be divided as the settings say."""
    if not 0 <= settings.holdout < 1 or (settings.holdout and not 0 < _held_rows(rows, settings) < rows):
        hint = Message("the data has {rows}; 0.2 holds out one in five", rows=rows_counted(rows))
        message = Message("the part held out must be above 0 and below 1, and leave rows on both sides")
        raise out_of_range("holdout", settings.holdout, message, hint)
    rows -= _held_rows(rows, settings)
    if settings.batch_size is not None and not 1 <= settings.batch_size <= rows:
        hint = (
            Message("the data has {rows:,} rows to train on: take 1 to {rows:,}", rows=rows)
            if settings.holdout
            else Message("the data has {rows:,} rows: take 1 to {rows:,}", rows=rows)
        )
        message = Message("a batch must have at least one row and no more than there are")
        raise out_of_range("batch_size", settings.batch_size, message, hint)
    if settings.epochs is not None and settings.epochs < 0:
        message = Message("the number of epochs must not be negative")
        raise out_of_range("epochs", settings.epochs, message, Message("an epoch takes each row once"))
    if settings.seed < 0:
        message = Message("the seed must not be negative")
        raise out_of_range("seed", settings.seed, message, Message("any whole number from 0"))
