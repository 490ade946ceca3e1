"""What a row of the tables is: an expression, the same in PyTorch, and values for its variables."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import numpy as np

#: Makes the values of a variable; the same ones each time.
Draw = Callable[[Random], np.ndarray]


class Row(NamedTuple):
    """An expression of the language and a function of tensors that computes the same, written independently.

    `data` are the variables that are not differentiated by.
    """

    expression: str
    reference: Callable[..., Any]
    draws: dict[str, Draw]
    data: dict[str, Any]

    def values(self) -> dict[str, np.ndarray]:
        """Values of the variables to differentiate by."""
        return {name: draw(Random(f"{self.expression} {name}")) for name, draw in self.draws.items()}


def row(expression: str, reference: Callable[..., Any], /, **variables: Any) -> Row:
    """A row; a variable is drawn, or has the value that is given."""
    draws = {name: value for name, value in variables.items() if callable(value)}
    return Row(expression, reference, draws, {name: value for name, value in variables.items() if name not in draws})


def between(low: float, high: float) -> Callable[..., Draw]:
    """Numbers between two bounds, for an array of a shape: `positive(2, 3)`; without one a single number."""

    def of(*shape: int) -> Draw:
        return lambda random: np.array([random.uniform(low, high) for _ in range(int(np.prod(shape)))]).reshape(shape)

    return of


real = between(-2, 2)
positive = between(0.3, 3)
fraction = between(-0.9, 0.9)
probability = between(0.1, 0.9)
above_one = between(1.1, 3)


def regular(*shape: int) -> Draw:
    """Matrices with a positive determinant and a condition number below 10."""
    noise = between(-0.4, 0.4)(*shape)
    return lambda random: 1.3 * np.eye(shape[-1]) + noise(random)


def given(*numbers: float) -> Draw:
    """A vector of these numbers, to differentiate by."""
    return lambda random: np.array(numbers, dtype=float)
