"""What a comparison is: contenders that do the same work, and the bounds on their ratios."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple

#: Does the work once and returns its numbers, or `Lasted` where only a part of it counts.
Call = Callable[[], Any]
#: Makes ready for work of a size: inputs, and whatever a user does once.
Prepare = Callable[[int], Call]

#: The contender that is compared with all others.
OURS = "diffcli"

#: The module that a contender needs, by the first word of its name.
_MODULES = {
    "PyTorch": "torch", "JAX": "jax", "autograd": "autograd", "CasADi": "casadi", "micrograd": "micrograd",
    "numexpr": "numexpr", "Numba": "numba",
}  # fmt: skip


class Lasted(NamedTuple):
    """The seconds that count of a call, where they are not all of it, and its numbers."""

    seconds: float
    numbers: Any = ()


class Ratio(NamedTuple):
    """A contender's time may be at most `bound` times that of another."""

    bound: float
    against: str
    contender: str = OURS


class Limit(NamedTuple):
    """What a contender may take at most for work of a size: seconds, or bytes above its start."""

    text: str
    of_size: Callable[[int], float]
    quantity: Literal["seconds", "bytes"] = "seconds"
    contender: str = OURS


class Together(NamedTuple):
    """A bound on the ratios of all rows of a group: their geometric mean, or the largest."""

    group: str
    work: str
    summary: Literal["geometric mean", "largest"]
    bound: float
    against: str
    contender: str = OURS


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of work, and who does it.

    `size` is the number that the work grows with (elements, nodes, rows, steps); with `quick` it is measured in
    seconds, with `tiny` it is tried in the tests. `curve` are sizes for a plot over `axis`; contenders that do not get
    that far end at the size in `until`. With `memory`, the peak above the process's start is measured as well.
    """

    group: str
    name: str
    contenders: Mapping[str, Prepare]
    targets: tuple[Ratio | Limit, ...] = ()
    size: int = 1
    quick: int = 1
    tiny: int = 1
    memory: bool = False
    curve: tuple[int, ...] = ()
    axis: str = ""
    until: Mapping[str, int] = field(default_factory=dict)

    def installed(self, size: int = 0) -> list[str]:
        """The contenders whose library is installed and that get as far as a size, ours first."""
        return [name for name in self.contenders if is_installed(name) and size <= self.until.get(name, size)]


def is_installed(contender: str) -> bool:
    """Whether a contender's library can be imported."""
    module = _MODULES.get(contender.partition(" ")[0])
    return module is None or find_spec(module) is not None
