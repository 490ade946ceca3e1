"""Whether double precision has lost digits of a value and a gradient: to cancellation, underflow, or an angle too large to have a sine.

Rounding errors are moved at random first, which costs little and shows whether there is anything to
doubt; only then is the graph run again in many digits.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from diffcli.analysis.precise import is_cheap
from diffcli.analysis.trace import Trace, shown
from diffcli.analysis.values import Array
from diffcli.execute.arrays import any_nonzero, doubles, finite_or, joined, larger, magnitudes, parted
from diffcli.execute.program import Program, quietly
from diffcli.execute.rounding import error
from diffcli.primitives.shape import size

#: The part of a number by which it may be wrong without a word: the digits that are shown are right.
_TOLERANCE = 1e-7
#: What numbers below the smallest with all its digits may be wrong by.
_SMALLEST = 1e-307
#: The most elements of all nodes together, and of those that are dear in many digits.
_MOST_ELEMENTS, _MOST_DEAR = 2_000, 60
#: The digits of one run after the other, until two agree; and where a function needs tables that take seconds for so many.
_DIGITS, _FEWER = (100, 800, 1_600), (100, 300)
_TABULATED = frozenset({"gamma", "lgamma", "beta", "digamma", "polygamma", "polygamma_difference"})


def lost_digits(trace: Trace, gradient: Mapping[str, Array], inputs: Mapping[int, Array]) -> str | None:
    """What is wrong or uncertain about the numbers, in words; None where they are right, or where to look would be dear."""
    graph = trace.graph
    if sum(map(size, graph.shapes)) > _MOST_ELEMENTS:
        return None
    adjoints = {graph.names[node]: trace.gradient.adjoints[node] for node in inputs if node in trace.gradient.adjoints}
    names = ["the value", *(f"d/d{name}" for name in adjoints if name in gradient)]
    targets = [trace.output, *(adjoint for name, adjoint in adjoints.items() if name in gradient)]
    found = [trace.values[target] for target in targets]

    def together(maker: Callable[..., Program]) -> Array:
        return joined(dict(zip(names, maker(graph, targets).run(inputs), strict=True)))

    with quietly():
        uncertain = parted(error(together(Program), together), dict(zip(names, found, strict=True)))
    doubtful = [place for place, name in enumerate(names) if _differs(uncertain[name], found[place])]
    if not doubtful:
        return None
    if sum(size(graph.shapes[node]) for node in range(len(graph)) if not is_cheap(trace, node)) > _MOST_DEAR:
        which = " and ".join(names[place] for place in doubtful)
        return f"double precision may have lost digits of {which} here: rounding moves them; more digits tell (--digits 20)"
    before: Sequence[Array] | None = None
    for known in _in_digits(trace, targets, inputs):
        precise = [finite_or(right, value) for right, value in zip(known, found, strict=True)]  # what is out of reach is not judged
        if before is not None and not any(_differs(a - b, b) for a, b in zip(before, precise, strict=True)):
            wrong = [place for place, (value, right) in enumerate(zip(found, precise, strict=True)) if _differs(value - right, right)]
            if not wrong:
                return None
            told = "; ".join(f"{names[place]} is {shown(precise[place])}, not {shown(found[place])}" for place in wrong)
            return f"double precision loses digits here: {told} (--digits 20 shows more)"
        before = precise
    return f"double precision loses digits here, and {_digits(trace)[-1]:,} digits do not tell how many; --exact may"


def _in_digits(trace: Trace, targets: Sequence[int], inputs: Mapping[int, Array]) -> Iterator[list[Array]]:
    """The targets' values, each time with more digits."""
    from diffcli.execute.numbers import of_digits

    for digits in _digits(trace):
        arithmetic = of_digits(digits)
        numbers: dict[int, Any] = {node: arithmetic.lifted(value) for node, value in inputs.items()}
        with quietly():
            found = Program(trace.graph, targets, arithmetic).run(numbers)
        yield [doubles(value) for value in found]


def _digits(trace: Trace) -> tuple[int, ...]:
    return _DIGITS if _TABULATED.isdisjoint(primitive.name for primitive in trace.graph.primitives) else _FEWER


def _differs(difference: Array, size: Array) -> bool:
    """Whether some element of a difference is more than what is tolerated."""
    return any_nonzero(~(magnitudes(difference) <= larger(_TOLERANCE * magnitudes(size), _SMALLEST)))
