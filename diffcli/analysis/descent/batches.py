"""The data in batches, as a run takes them."""

from collections.abc import Mapping

from diffcli.analysis.descent.data_split import Split, column_values, on_rows, row_count
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, Position, Step
from diffcli.execute.arrays import Array, euclidean_norm
from diffcli.execute.rows import numbered, shuffled


class Batches:
    """The feed of a run in batches, and its measurements on all rows.

    Every epoch takes each row once; the last batch has what is left. The order of an epoch's rows
    follows from the seed and the epoch's number, so a position is all that a resumed run needs.
    """

    def __init__(self, split: Split, settings: Settings) -> None:
        """Builds a graph for each size of a batch: raises DiffcliError where the expression cannot take one."""
        self.problem = split.train
        self.settings = settings
        self.rows = row_count(split.train)
        self.size = settings.batch_size or self.rows
        self.per_epoch = -(-self.rows // self.size)
        self.whole = Objective(split.train)
        self.held = None if split.held is None else Objective(split.held)
        self._objectives = {self.rows: self.whole}
        for size in {self.size, self.rows % self.size or self.size} - {self.rows}:
            self._objectives[size] = Objective(on_rows(split.train, numbered(size)))
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
        return self._objectives[len(rows)], column_values(self.problem, rows)

    def following(self, position: Position) -> Position:
        """The next batch, or the first of the next epoch."""
        if position.batch + 1 < self.per_epoch:
            return Position(position.epoch, position.batch + 1)
        return Position(position.epoch + 1)

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
        """The number of rows held out."""
        return 0 if self.held is None else row_count(self.held.problem)

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
