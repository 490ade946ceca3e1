"""The distance by which rounding may have moved results: the same operations, with the result of each moved at random.

Monte Carlo arithmetic (D. S. Parker, "Monte Carlo arithmetic", UCLA, 1997): where results of several runs differ, their
digits are rounding. Sums, and what is made of sums, are moved in their operands, for that is where a cancellation
shows.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from diffcli.execute.arithmetic import FLOAT64, Arithmetic, Float64
from diffcli.execute.arrays import Array
from diffcli.execute.executors.cells import Cells
from diffcli.execute.executors.interpreted import elements_of
from diffcli.execute.numpy_later import np
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
#: How many rounding errors a number is moved by at most: by one, every third would be rounded back to where it was.
MOVE = 16.0
#: Runs that are compared, of few results and of many, and how many times farther apart the results may be than those of
#: the runs.
_RUNS, _MANY = ((3, 64.0 / MOVE), (1, 256.0 / MOVE)), 2_500


class Shake(NamedTuple):
    """Random numbers, a rounding error as a part of a number, and that of a number that is too small for its digits."""

    random: Any
    unit: float = FLOAT64.epsilon
    smallest: float = 2 * FLOAT64.tiny


class Shaken(Float64):
    """Double precision in which each result is moved by rounding errors of an arithmetic: by the same ones where seeds
    are equal.
    """

    def __init__(self, seed: int, arithmetic: Arithmetic = FLOAT64) -> None:
        self._made_of = seed, arithmetic

    @cached_property
    def _shake(self) -> Shake:
        seed, arithmetic = self._made_of
        return Shake(np.random.default_rng(seed), arithmetic.epsilon, 2 * arithmetic.tiny)

    def __reduce__(self) -> Any:
        return Shaken, self._made_of

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shaken) and self._made_of == other._made_of

    def __hash__(self) -> int:
        return hash(self._made_of)

    def number(self, value: Any, shape: Shape) -> Array:
        """A constant, moved by what rounding makes of a number that is none of the arithmetic."""
        found = FLOAT64.number(value, shape)
        lost = lost_in_constant(value, self._shake.unit)
        if not any(lost):
            return found
        return found + np.reshape(lost, shape if len(lost) > 1 else ()) * self._shake.random.uniform(-MOVE, MOVE, shape)

    def function(self, primitive: Primitive, parameters: Mapping[str, Any], count: int) -> Callable[..., Any]:
        """The function of double precision, with rounding errors."""
        return shaken(primitive, parameters, FLOAT64.function(primitive, parameters, count), self._shake)


def shaken(
    primitive: Primitive, parameters: Mapping[str, Any], function: Callable[..., Any], shake: Shake
) -> Callable[..., Any]:
    """A function of a primitive whose results, arrays or cells, are moved by up to `MOVE` rounding errors."""
    name = primitive.name
    if name in _SUMS:
        return lambda *operands: function(*[_moved(operand, shake) for operand in operands])
    if name in _ROUNDED or (primitive.kind == "elementwise" and name not in _EXACT):
        if "ord" in parameters:
            return function  # its derivative looks for the operand that equals it
        if name in _VANISHING:
            return lambda *operands: _appearing(_moved(function(*operands), shake), operands, shake)
        return lambda *operands: _moved(function(*operands), shake)
    return function


def error(result: Array, run: Callable[[Arithmetic], Array], arithmetic: Arithmetic = FLOAT64) -> Array:
    """By element what a result in an arithmetic may be wrong by; `run` computes it in another."""
    runs, margin = _RUNS[np.size(result) > _MANY]
    with np.errstate(all="ignore"):
        apart = [np.abs(run(Shaken(seed, arithmetic)) - result) for seed in range(runs)]
        least = 4 * arithmetic.epsilon * np.abs(result)
        found = margin * np.max(apart, axis=0) + least * (np.max(apart, axis=0) > 0)
    return np.where(np.isnan(found), np.inf, found)


def lost_in_constant(value: Any, unit: float = FLOAT64.epsilon) -> list[float]:
    """The rounding errors of the numbers of a constant of the program, which is one or nested tuples of several."""
    return [_lost(number, unit) for number in elements_of(value)]


def _lost(number: Any, unit: float) -> float:
    """The rounding error of a number of the program."""
    if not isinstance(number, Real):
        return 0.0
    if isinstance(number.exact, Computed):
        return unit * abs(float(number)) or unit
    from fractions import Fraction

    away = abs(float(number.exact - Fraction(float(number))))
    return away if unit == FLOAT64.epsilon else max(away, abs(float(number) - float(np.float32(number))))


def _moved(value: Any, shake: Shake) -> Any:
    most = MOVE * shake.unit
    return value * ((1.0 - most) + 2.0 * most * shake.random.random(value.shape))


def _appearing(value: Any, operands: Sequence[Any], shake: Shake) -> Any:
    """With what was too small to be kept."""
    lost = _too_small(value, operands, shake.smallest)
    return value + lost * (shake.smallest * shake.random.uniform(-MOVE, MOVE, value.shape)) if _some(lost) else value


def _some(conditions: Any) -> bool:
    return conditions.any() if isinstance(conditions, Cells) else bool(np.count_nonzero(conditions))


def _too_small(value: Any, operands: Sequence[Any], smallest: float) -> Any:
    """For each element of a result whether it has lost its digits, or is 0, though no operand is."""
    lost = abs(value) < smallest
    for operand in operands if _some(lost) else ():
        lost = lost & (operand != 0) if operand.shape in ((), value.shape) else lost
    return lost


def vanished(primitive: Primitive, value: Array, operands: Sequence[Array]) -> bool:
    """Whether some element of a result is too small for double precision."""
    return primitive.name in _VANISHING and _some(_too_small(value, operands, 2 * FLOAT64.tiny))
