"""The distance by which rounding may have moved results: the same program, with the result of every operation moved at
random.

Monte Carlo arithmetic (D. S. Parker, "Monte Carlo arithmetic", UCLA, 1997): where results of several runs differ, their
digits are rounding. Sums, and what is made of sums, are moved in their operands, for that is where a cancellation
shows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.executors.interpreted import elements_of
from diffcli.execute.numpy_later import np
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph
from diffcli.primitives.number import Computed, Real
from diffcli.primitives.primitive import Primitive

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


class Shaken(Program):
    """A program in double precision whose results are moved by a rounding error each."""

    def __init__(self, graph: Graph, targets: Iterable[int], arithmetic: Arithmetic = FLOAT64, seed: int = 0) -> None:
        super().__init__(graph, targets, arithmetic)
        random = np.random.default_rng(seed)
        self._constants = [(node, _inexact(graph, node, value, random)) for node, value in self._constants]
        self._functions = [
            function and shaken(graph.primitives[node], graph.parameters[node], function, random)
            for node, function, _ in self._steps()
        ]


def error(result: Array, run: Callable[[Callable[..., Program]], Array]) -> Array:
    """By element what a result may be wrong by; `run` computes it with programs that are made in another way."""
    runs, margin = _RUNS[np.size(result) > _MANY]
    with np.errstate(all="ignore"):
        apart = [np.abs(run(_Seeded(seed)) - result) for seed in range(runs)]
        found = margin * np.max(apart, axis=0) + 4 * _ULP * np.abs(result) * (np.max(apart, axis=0) > 0)
    return np.where(np.isnan(found), np.inf, found)


class _Seeded:
    """Makes shaken programs of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, graph: Graph, targets: Iterable[int], arithmetic: Arithmetic = FLOAT64) -> Program:
        return Shaken(graph, targets, arithmetic, self.seed)


def shaken(
    primitive: Primitive,
    parameters: Sequence[tuple[str, Any]] | Mapping[str, Any],
    function: Callable[..., Any],
    random: Any,
) -> Callable[..., Any]:
    """The function of a node whose results, arrays or cells, are moved by as much as they may be rounded."""
    name = primitive.name
    if name in _SUMS:
        return lambda *operands: function(*[_moved(operand, random) for operand in operands])
    if name in _ROUNDED or (primitive.kind == "elementwise" and name not in _EXACT):
        if "ord" in dict(parameters):
            return function  # its derivative looks for the operand that equals it
        if name in _VANISHING:
            return lambda *operands: _appearing(_moved(function(*operands), random), operands, random)
        return lambda *operands: _moved(function(*operands), random)
    return function


def _inexact(graph: Graph, node: int, value: Array, random: Any) -> Array:
    """A constant, moved by what double precision makes of a number that is none."""
    lost = lost_in_constant(dict(graph.parameters[node]).get("value"))
    if not any(lost):
        return value
    return value + np.reshape(lost, np.shape(value) if len(lost) > 1 else ()) * random.uniform(
        -1.0, 1.0, np.shape(value)
    )


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
    return value * (1.0 + _ULP * random.uniform(-1.0, 1.0, value.shape))


def _appearing(value: Any, operands: Sequence[Any], random: Any) -> Any:
    """With what was too small to be kept."""
    lost = _too_small(value, operands)
    return value + lost * (_SMALLEST * random.uniform(-1.0, 1.0, value.shape)) if lost.any() else value


def _too_small(value: Any, operands: Sequence[Any]) -> Any:
    """For each element of a result whether it has lost its digits, or is 0, though no operand is."""
    lost = abs(value) < _SMALLEST
    for operand in operands if lost.any() else ():
        lost = lost & (operand != 0) if operand.shape in ((), value.shape) else lost
    return lost


def vanished(primitive: Primitive, value: Array, operands: Sequence[Array]) -> bool:
    """Whether some element of a result is too small for double precision."""
    return primitive.name in _VANISHING and bool(_too_small(value, operands).any())
