"""Rows of the data: those that a run trains on, in batches, and those that are held out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from diffcli.analysis.data.table import rows_counted
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, Position, Step
from diffcli.analysis.problem import Problem
from diffcli.analysis.values import Array
from diffcli.errors import DiffcliError, fault
from diffcli.execute.arrays import euclidean_norm
from diffcli.execute.rows import in_order, numbered, rows_of, shuffled
from diffcli.source import Source


class Split(NamedTuple):
    """The problem on the rows that are trained on, and on those that are held out."""

    train: Problem
    held: Problem | None


class Batches:
    """The feed of a run in batches, and its measurements on all rows.

    Every epoch takes each row once; the last batch has what is left. The order of an epoch's rows
    follows from the seed and the epoch's number, so a position is all that a resumed run needs.
    """

    def __init__(self, split: Split, settings: Settings) -> None:
        """Builds a graph for each size of a batch: raises DiffcliError where the expression cannot take one."""
        self.problem = split.train
        self.settings = settings
        self.rows = _rows(split.train)
        self.size = settings.batch_size or self.rows
        self.per_epoch = -(-self.rows // self.size)
        self.whole = Objective(split.train)
        self.held = None if split.held is None else Objective(split.held)
        self._objectives = {self.rows: self.whole}
        for size in {self.size, self.rows % self.size or self.size} - {self.rows}:
            self._objectives[size] = Objective(_taken(split.train, numbered(size)))
        self._order: tuple[int, Array] | None = None

    def __reduce__(self) -> tuple[type["Batches"], tuple[Split, Settings]]:
        """As a process without a copy of it makes it anew."""
        return Batches, (Split(self.problem, None if self.held is None else self.held.problem), self.settings)

    @property
    def longest(self) -> float:
        """The seconds that a step with what is measured after it takes, at most."""
        return 2 * self.whole.longest + (0.0 if self.held is None else self.held.longest)

    def batch(self, position: Position) -> tuple[Objective, Mapping[str, Array]]:
        """The objective for data of the batch's shape, and the values of its columns."""
        start = position.batch * self.size
        rows = self._rows(position.epoch)[start : start + self.size]
        return self._objectives[len(rows)], _values(self.problem, rows)

    def following(self, position: Position) -> Position:
        """The next batch, or the first of the next epoch."""
        return (
            Position(position.epoch, position.batch + 1)
            if position.batch + 1 < self.per_epoch
            else Position(position.epoch + 1)
        )

    def seen(self, step: Step, end: bool) -> tuple[Iterate, Mapping[str, Array] | None]:
        """The iterate with its place in the data and, between two epochs and at the end, the values on all rows.

        With those comes the gradient on all rows that are trained on.
        """
        iterate, position = step.iterate, step.state.position
        if not self.in_batches:
            held = None if self.held is None else self.held.at(iterate.at)[0]
            return iterate._replace(
                epoch=iterate.iteration, batch=0, train_value=iterate.value, holdout_value=held
            ), step.gradient
        placed = iterate._replace(epoch=position.epoch, batch=position.batch)
        if position.batch and not end:
            return placed, None
        value, gradient = self.whole.at(iterate.at)
        held = None if self.held is None else self.held.at(iterate.at)[0]
        return placed._replace(train_value=value, holdout_value=held), gradient

    def at_end(self, step: Step) -> tuple[Iterate, Step]:
        """The last iterate as the history has it, and the step with value and gradient on all rows."""
        iterate, gradient = self.seen(step, True)
        assert gradient is not None
        assert iterate.train_value is not None
        return iterate, step._replace(
            iterate=iterate._replace(value=iterate.train_value, gradient_norm=euclidean_norm(gradient.values())),
            gradient=gradient,
        )

    @property
    def holdout_rows(self) -> int:
        """How many rows are held out."""
        return 0 if self.held is None else _rows(self.held.problem)

    def _rows(self, epoch: int) -> Array:
        """The rows in the order of an epoch."""
        if self._order is None or self._order[0] != epoch:
            rows = numbered(self.rows)
            self._order = epoch, shuffled(rows, self.settings.seed, epoch + 1) if self.settings.shuffle else rows
        return self._order[1]

    @property
    def in_batches(self) -> bool:
        """Whether a step sees less than all rows that are trained on."""
        return self.per_epoch > 1


def batches_of(problem: Problem, settings: Settings) -> Batches | None:
    """The batches of a problem with data. Raises DiffcliError where the expression cannot take one."""
    return Batches(split(problem, settings), settings) if problem.columns else None


def batches_per_epoch(problem: Problem, settings: Settings) -> int:
    """How many steps go once through the rows that are trained on; 1 without data."""
    if not problem.columns or not settings.batch_size:
        return 1
    return -(-(_rows(problem) - _held_rows(_rows(problem), settings)) // settings.batch_size)


def limited(problem: Problem, settings: Settings, steps: int | None = None) -> Settings:
    """The settings with the steps to take: so many, or those of the epochs. Raises DiffcliError for options that do not fit the data."""
    _check(problem, settings)
    if settings.epochs is None:
        return settings if steps is None else replace(settings, steps=steps)
    if steps is not None:
        source = Source(f"--steps {steps} --epochs {settings.epochs}", "command line")
        raise fault(
            "E402",
            "--steps and --epochs exclude each other",
            source,
            source.whole,
            hint="an epoch is as many steps as it has batches",
        )
    size = settings.batch_size or 0
    rows = _rows(problem) - _held_rows(_rows(problem), settings)
    return replace(settings, steps=settings.epochs * (-(-rows // size) if size else 1))


def split(problem: Problem, settings: Settings) -> Split:
    """The problem with its rows divided: as many as `holdout` says are chosen by the seed and held out."""
    if not settings.holdout:
        return Split(problem, None)
    rows = _rows(problem)
    order, held = shuffled(numbered(rows), settings.seed), _held_rows(rows, settings)
    return Split(_taken(problem, in_order(order[held:])), _taken(problem, in_order(order[:held])))


def _held_rows(rows: int, settings: Settings) -> int:
    return round(rows * settings.holdout)


def _rows(problem: Problem) -> int:
    return len(problem.values[problem.columns[0]])


def _values(problem: Problem, rows: Array) -> dict[str, Array]:
    return {name: rows_of(problem.values[name], rows) for name in problem.columns}


def _taken(problem: Problem, rows: Array) -> Problem:
    """The problem on some of the rows."""
    taken = _values(problem, rows)
    stated = {
        name: given._replace(numbers=taken[name]) if name in taken else given for name, given in problem.stated.items()
    }
    return problem._replace(values={**problem.values, **taken}, stated=stated)


def _check(problem: Problem, settings: Settings) -> None:
    given = {"--batch-size": settings.batch_size, "--epochs": settings.epochs, "--holdout": settings.holdout or None}
    wanted = next(((option, value) for option, value in given.items() if value is not None), None)
    fitted = [name for name in problem.wrt if name in problem.columns]
    if fitted:
        hint = "its rows stay as they are: declare what is fitted, as in 'param w = 0', or name it with --wrt"
        source = Source(fitted[0], "--wrt")
        raise fault(
            "E402",
            f"'{fitted[0]}' is a column of the data and cannot be changed by steps",
            source,
            source.whole,
            hint=hint,
        )
    if not problem.columns:
        if wanted is not None or settings.shuffle:
            option, value = wanted or ("--shuffle", "")
            source = Source(f"{option} {value}".strip(), "command line")
            raise fault(
                "E402",
                f"{option} is given without --data",
                source,
                source.whole,
                hint="it is about the rows of the data: --data FILE.csv",
            )
        return
    rows = _rows(problem)
    if not 0 <= settings.holdout < 1 or (settings.holdout and not 0 < _held_rows(rows, settings) < rows):
        hint = f"the data has {rows_counted(rows)}; 0.2 holds out one in five"
        raise _out_of_range(
            "the part held out must be above 0 and below 1, and leave rows on both sides",
            "--holdout",
            settings.holdout,
            hint,
        )
    rows -= _held_rows(rows, settings)
    if settings.batch_size is not None and not 1 <= settings.batch_size <= rows:
        what = "rows to train on" if settings.holdout else "rows"
        hint = f"the data has {rows:,} {what}: take 1 to {rows:,}"
        raise _out_of_range(
            "a batch must have at least one row and no more than there are", "--batch-size", settings.batch_size, hint
        )
    if settings.epochs is not None and settings.epochs < 0:
        raise _out_of_range(
            "the number of epochs must not be negative", "--epochs", settings.epochs, "an epoch takes each row once"
        )
    if settings.seed < 0:
        raise _out_of_range("the seed must not be negative", "--seed", settings.seed, "any whole number from 0")


def _out_of_range(message: str, option: str, value: float, hint: str) -> DiffcliError:
    source = Source(f"{value:g}", option)
    return fault("E403", message, source, source.whole, hint=hint)
