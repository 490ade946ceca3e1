"""Settings of a run: optimizer, learning rate and schedule, and its end."""

from dataclasses import dataclass

from diffcli.analysis.descent.hyperparameters import Choice, written
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.messages import Joined, Message

_PLAIN = Choice("gd", {"weight_decay": 0.0})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that determines a run beside the problem and the state that it starts from.

    `lr` is None for the optimizers that search for each step's length. `schedule` is empty for a
    constant rate, and has two stages where a warm-up precedes another. `automatic` is whether `lr` is
    1/|lambda|, of the Hessian's eigenvalue farthest from 0 at the start.
    """

    optimizer: Choice = _PLAIN
    lr: float | None = 0.1
    schedule: tuple[Choice, ...] = ()
    clip_norm: float | None = None
    steps: int = 1000
    tol: float = 1e-6
    maximize: bool = False
    strict: bool = False
    max_seconds: float | None = None
    batch_size: int | None = None
    epochs: int | None = None
    shuffle: bool = False
    seed: int = 0
    holdout: float = 0.0
    automatic: bool = False

    @property
    def label(self) -> str:
        """The run's name beside others: `adam, lr 0.001, cosine`."""
        return ", ".join(self._named)

    @property
    def rule(self) -> str:
        """How its steps are made, in words: `momentum, lr 0.1, momentum=0.9, gradients clipped to norm 1`.

        Not mentioned is what leaves a step as it is, and an `eps` that is the usual one.
        """
        eps = OPTIMIZERS[self.optimizer.name].hyperparameters.get("eps")
        values = [
            f"{name}={written(value)}"
            for name, value in self.optimizer.values.items()
            if value and not (name == "eps" and eps is not None and value == eps.default)
        ]
        clipped = [] if self.clip_norm is None else [Message("gradients clipped to norm {norm:g}", norm=self.clip_norm)]
        return Joined([*self._named, *values, *clipped])

    @property
    def _named(self) -> list[str]:
        rate = [] if self.lr is None else [f"lr {self.lr:g}"]
        stages = ["+".join(stage.name for stage in self.schedule)] if self.schedule else []
        return [self.optimizer.name, *rate, *stages]
