"""The distance by which rounding may have moved results: the same operations, with the result of each moved at random.

Monte Carlo arithmetic (D. S. Parker, "Monte Carlo arithmetic", UCLA, 1997): where results of several runs differ, their
digits are rounding. Sums, and what is made of sums, are moved in their operands, for that is where a cancellation
shows.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diffcli.execute.arithmetic import FLOAT64, Arithmetic, Float64
from diffcli.execute.arrays import Array
from diffcli.execute.executors.cells import Cells
from diffcli.execute.executors.interpreted import elements_of
from diffcli.execute.numpy_later import np
from diffcli.primitives.number import Computed, Real
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape

#: A rounding error, as a part of a number; and of a number that is too small for its digits.
_ULP, _SMALLEST = 2.0**-52, 2.0**-1021
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
    """Double precision in which each result is moved by a rounding error: by the same ones where seeds are equal."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = np.random.default_rng(seed)

    def __reduce__(self) -> Any:
        return Shaken, (self._seed,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shaken) and self._seed == other._seed

    def __hash__(self) -> int:
        return hash(self._seed)

    def number(self, value: Any, shape: Shape) -> Array:  # type: ignore[override]  # not the same for all
        """A constant, moved by what double precision makes of a number that is none."""
        found = FLOAT64.number(value, shape)
        lost = lost_in_constant(value)
        if not any(lost):
            return found
        return found + np.reshape(lost, shape if len(lost) > 1 else ()) * self._random.uniform(-1.0, 1.0, shape)

    def function(self, primitive: Primitive, parameters: Mapping[str, Any], count: int) -> Callable[..., Any]:
        """The function of double precision, with rounding errors."""
        return shaken(primitive, parameters, FLOAT64.function(primitive, parameters, count), self._random)


def shaken(
    primitive: Primitive, parameters: Mapping[str, Any], function: Callable[..., Any], random: Any
) -> Callable[..., Any]:
    """A function of a primitive whose results, arrays or cells, are moved by as much as they may be rounded."""
    name = primitive.name
    if name in _SUMS:
        return lambda *operands: function(*[_moved(operand, random) for operand in operands])
    if name in _ROUNDED or (primitive.kind == "elementwise" and name not in _EXACT):
        if "ord" in parameters:
            return function  # its derivative looks for the operand that equals it
        if name in _VANISHING:
            return lambda *operands: _appearing(_moved(function(*operands), random), operands, random)
        return lambda *operands: _moved(function(*operands), random)
    return function


def error(result: Array, run: Callable[[Arithmetic], Array]) -> Array:
    """By element what a result may be wrong by; `run` computes it in an arithmetic."""
    runs, margin = _RUNS[np.size(result) > _MANY]
    with np.errstate(all="ignore"):
        apart = [np.abs(run(Shaken(seed)) - result) for seed in range(runs)]
        found = margin * np.max(apart, axis=0) + 4 * _ULP * np.abs(result) * (np.max(apart, axis=0) > 0)
    return np.where(np.isnan(found), np.inf, found)


def lost_in_constant(value: Any) -> list[float]:
    """The rounding errors of the numbers of a constant of the program, which is one or nested tuples of several."""
    return [_lost(number) for number in elements_of(value)]


def _lost(number: Any) -> float:
    """The rounding error of a number of the program."""
    if not isinstance(number, Real):
        return 0.0
    if isinstance(number.exact, Computed):
        return _ULP * abs(float(number)) or _ULP
    from fractions import Fraction

    return abs(float(number.exact - Fraction(float(number))))


def _moved(value: Any, random: Any) -> Any:
    return value * ((1.0 - _ULP) + 2.0 * _ULP * random.random(value.shape))


def _appearing(value: Any, operands: Sequence[Any], random: Any) -> Any:
    """With what was too small to be kept."""
    lost = _too_small(value, operands)
    return value + lost * (_SMALLEST * random.uniform(-1.0, 1.0, value.shape)) if _some(lost) else value


def _some(conditions: Any) -> bool:
    return conditions.any() if isinstance(conditions, Cells) else bool(np.count_nonzero(conditions))


def _too_small(value: Any, operands: Sequence[Any]) -> Any:
    """For each element of a result whether it has lost its digits, or is 0, though no operand is."""
    lost = abs(value) < _SMALLEST
    for operand in operands if _some(lost) else ():
        lost = lost & (operand != 0) if operand.shape in ((), value.shape) else lost
    return lost


def vanished(primitive: Primitive, value: Array, operands: Sequence[Array]) -> bool:
    """Whether some element of a result is too small for double precision."""
    return primitive.name in _VANISHING and _some(_too_small(value, operands))
