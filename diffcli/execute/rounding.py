"""The distance by which rounding may have moved results: the same operations, with the result of each moved at random.

Monte Carlo arithmetic (D. S. Parker, "Monte Carlo arithmetic", UCLA, 1997): where results of several runs differ, their
digits are rounding. Sums, and what is made of sums, are moved in their operands, for that is where a cancellation
shows.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arithmetic import FLOAT64, Arithmetic, Float64
from diffcli.execute.arrays import Array
from diffcli.primitives.number import Computed, Real
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape

#: Made of sums: a rounding error of an operand stands for those within.
_SUMS = frozenset({
    "sum", "mean", "sum_to", "cumsum", "matmul", "dot", "inner", "cross", "trace", "accumulate", "var", "std",
    "logsumexp", "softmax", "log_softmax", "softmax_deviation", "softmax_balance", "det", "cofactors", "logdet",
    "inv", "solve",
})  # fmt: skip
#: Elementwise, and not rounded.
_EXACT = frozenset(
    {"neg", "abs", "sign", "floor", "ceil", "where", "relu", "minimum", "maximum", "hardtanh", "clip"}
    | {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}
)
#: Neither sums nor elementwise, and rounded.
_ROUNDED = frozenset({"prod", "outer", "norm"})
#: What may come out as 0 of operands that are not 0.
_VANISHING = frozenset({"mul", "div", "weigh", "square", "pow", "exp", "sigmoid", "erfc", "prod"})
#: Runs that are compared, of few results and of many, and how many times farther apart the results may be than those of
#: the runs.
_RUNS, _MANY = ((3, 64.0), (1, 256.0)), 2_500


class Shaken(Float64):
    """Double precision in which each result is moved by a rounding error of an arithmetic: by the same ones where seeds
    are equal.
    """

    def __init__(self, seed: int, arithmetic: Arithmetic = FLOAT64) -> None:
        super().__init__()
        self._made_of = seed, arithmetic
        self._shake = _Shake(np.random.default_rng(seed), arithmetic.epsilon, 2 * arithmetic.tiny)

    def __reduce__(self) -> Any:
        return Shaken, self._made_of

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shaken) and self._made_of == other._made_of

    def __hash__(self) -> int:
        return hash(self._made_of)

    def number(self, value: Any, shape: Shape) -> Array:
        """A constant, moved by what rounding makes of a number that is none of the arithmetic."""
        found = FLOAT64.number(value, shape)
        stated = [value] if isinstance(value, Real) else np.ravel(np.asarray(value, dtype=object))
        if not any(isinstance(number, Real) for number in stated):
            return found
        lost = np.reshape([_lost(number, self._shake.unit) for number in stated], shape if len(stated) > 1 else ())
        return found + lost * self._shake.random.uniform(-1.0, 1.0, shape)

    def function(self, primitive: Primitive, parameters: Mapping[str, Any], count: int) -> Callable[..., Any]:
        """The function of double precision, with rounding errors."""
        function, name, shake = FLOAT64.function(primitive, parameters, count), primitive.name, self._shake
        if name in _SUMS:
            return lambda *operands: function(*[_moved(operand, shake) for operand in operands])
        if name in _ROUNDED or (primitive.kind == "elementwise" and name not in _EXACT):
            if "ord" in parameters:
                return function  # its derivative looks for the operand that equals it
            if name in _VANISHING:
                return lambda *operands: _appearing(_moved(function(*operands), shake), operands, shake)
            return lambda *operands: _moved(function(*operands), shake)
        return function


class _Shake(NamedTuple):
    """Random numbers, a rounding error as a part of a number, and that of a number that is too small for its digits."""

    random: Any
    unit: float
    smallest: float


def error(result: Array, run: Callable[[Arithmetic], Array], arithmetic: Arithmetic = FLOAT64) -> Array:
    """By element what a result in an arithmetic may be wrong by; `run` computes it in another."""
    runs, margin = _RUNS[np.size(result) > _MANY]
    with np.errstate(all="ignore"):
        apart = [np.abs(run(Shaken(seed, arithmetic)) - result) for seed in range(runs)]
        least = 4 * arithmetic.epsilon * np.abs(result)
        found = margin * np.max(apart, axis=0) + least * (np.max(apart, axis=0) > 0)
    return np.where(np.isnan(found), np.inf, found)


def _lost(number: Any, unit: float) -> float:
    """The rounding error of a number of the program."""
    if not isinstance(number, Real):
        return 0.0
    if isinstance(number.exact, Computed):
        return unit * abs(float(number)) or unit
    away = abs(float(number.exact - Fraction(float(number))))
    return away if unit == FLOAT64.epsilon else max(away, abs(float(number) - float(np.float32(number))))


def _moved(value: Array, shake: _Shake) -> Array:
    unit = shake.unit
    return value * ((1.0 - unit) + 2.0 * unit * shake.random.random(np.shape(value)))


def _appearing(value: Array, operands: Sequence[Array], shake: _Shake) -> Array:
    """With what was too small to be kept."""
    lost = _too_small(value, operands, shake.smallest)
    return (
        np.where(lost, value + shake.smallest * shake.random.uniform(-1.0, 1.0, np.shape(value)), value)[()]
        if np.count_nonzero(lost)
        else value
    )


def _too_small(value: Array, operands: Sequence[Array], smallest: float) -> Array:
    """For each element of a result whether it has lost its digits, or is 0, though no operand is."""
    lost: Array = np.abs(value) < smallest
    for operand in operands if np.count_nonzero(lost) else ():
        lost = lost & (operand != 0) if np.shape(operand) in ((), np.shape(value)) else lost
    return lost


def vanished(primitive: Primitive, value: Array, operands: Sequence[Array]) -> bool:
    """Whether some element of a result is too small for double precision."""
    return primitive.name in _VANISHING and bool(np.any(_too_small(value, operands, 2 * FLOAT64.tiny)))
