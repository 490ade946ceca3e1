"""The question read in another way: angles in degrees, another base, another precedence."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from diffcli.analysis.slips.solution import Solution
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Message
from diffcli.primitives.arithmetic import div, mul, neg
from diffcli.primitives.exponential import log, log10, pow, square
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.reductions import mean
from diffcli.primitives.reductions import sum as total
from diffcli.primitives.table import CONSTANTS
from diffcli.primitives.trigonometric import cos, sin, tan
from diffcli.source import Span

#: Makes another node of one: its operands, already read in the new way, and its parameters; None elsewhere.
Rewrite = Callable[[Graph, int, list[Value]], Value | None]


class Misreading(NamedTuple):
    """A way to read an expression wrongly, at one place after the other or at all of them."""

    kind: str
    told: Message
    rule: Message
    rewrite: Rewrite
    everywhere: bool = False

    def places(self, graph: Graph, outputs: Iterable[int]) -> list[int]:
        """The nodes of some outputs that can be read so."""
        return [
            node
            for node in graph.needed(outputs)
            if self.rewrite(graph, node, [Value(graph, operand) for operand in graph.operands[node]]) is not None
        ]


class Reading(NamedTuple):
    """A question's output read in another way."""

    misreading: Misreading
    told: Message
    span: Span | None
    output: int


def readings(solution: Solution, rows: Iterable[Misreading]) -> Iterator[Reading]:
    """The wrong readings of a question. Each changes what is computed, not how it is differentiated."""
    graph = solution.graph
    for row in rows:
        nodes = row.places(graph, [solution.output])
        for chosen in ([nodes] if nodes else []) if row.everywhere else [[node] for node in nodes]:
            output = rewritten(graph, solution.output, dict.fromkeys(chosen, row.rewrite))
            told = (
                Message(row.told.template, part=solution.text(chosen[0])) if "{part}" in row.told.template else row.told
            )
            yield Reading(row, told, solution.span(chosen[0]), output)


def rewritten(graph: Graph, output: int, rewrites: Mapping[int, Rewrite]) -> int:
    """The output's node where some nodes are others; what depends on none of them stays."""
    found: dict[int, int] = {}
    for node in graph.needed([output]):
        operands = [Value(graph, found.get(operand, operand)) for operand in graph.operands[node]]
        rewrite = rewrites.get(node)
        if rewrite is not None:
            changed = rewrite(graph, node, operands)
            if changed is not None:
                found[node] = changed.index
                continue
        if any(operand in found for operand in graph.operands[node]):
            found[node] = graph.derived(
                graph.primitives[node], tuple(operand.index for operand in operands), graph.parameters[node]
            )
    return found.get(output, output)


def _degrees(graph: Graph, node: int, operands: list[Value]) -> Value | None:
    if graph.primitives[node] not in (sin, cos, tan):
        return None
    return graph.apply(graph.primitives[node], [operands[0] * graph.filled(CONSTANTS["pi"]) / 180.0])


def _replaced(primitive: Primitive, other: Primitive) -> Rewrite:
    def rewrite(graph: Graph, node: int, operands: list[Value]) -> Value | None:
        return graph.apply(other, operands, graph.parameters[node]) if graph.primitives[node] is primitive else None

    return rewrite


def _sign_in_power(graph: Graph, node: int, operands: list[Value]) -> Value | None:
    """(-x)^2 for -x^2."""
    if graph.primitives[node] is not neg or graph.primitives[operands[0].index] not in (pow, square):
        return None
    base, *exponent = (Value(graph, each) for each in graph.operands[operands[0].index])
    return graph.apply(graph.primitives[operands[0].index], [-base, *exponent])


def _factor_in_power(graph: Graph, node: int, operands: list[Value]) -> Value | None:
    """(a b)^n for a b^n."""
    if graph.primitives[node] is not mul or graph.primitives[operands[1].index] is not pow:
        return None
    base, exponent = (Value(graph, each) for each in graph.operands[operands[1].index])
    return (operands[0] * base) ** exponent


def _all_divided(graph: Graph, node: int, operands: list[Value]) -> Value | None:
    """a/(b c) for a/b*c."""
    if graph.primitives[node] is not mul or graph.primitives[operands[0].index] is not div:
        return None
    above, below = (Value(graph, each) for each in graph.operands[operands[0].index])
    return above / (below * operands[1])


def _from_the_left(graph: Graph, node: int, operands: list[Value]) -> Value | None:
    """(a^b)^c for a^b^c."""
    exponent = operands[-1].index if operands else node
    if graph.primitives[node] is not pow or graph.primitives[exponent] is not pow:
        return None
    middle, last = (Value(graph, each) for each in graph.operands[exponent])
    return (operands[0] ** middle) ** last


_PRECEDENCE = Message("powers come before signs and products, products and quotients are read from the left")
_LOGARITHMS = Message("log is the natural logarithm; log10 is the one to base 10")

DEGREES = Misreading(
    "degrees",
    Message("the angle was taken in degrees"),
    Message("angles are in radians: 180 degrees are pi"),
    _degrees,
    True,
)

#: Operators taken together in the wrong order.
PRECEDENCE = (
    Misreading("factor-in-power", Message("the factor in {part} was taken into the power"), _PRECEDENCE, _factor_in_power),
    Misreading("all-divided",     Message("in {part} the last factor was taken into the denominator"), _PRECEDENCE, _all_divided),
    Misreading("power-from-left", Message("the powers in {part} were taken from the left"), Message("powers are read from the right: a^b^c is a^(b^c)"), _from_the_left),
)  # fmt: skip

#: What else a value can be computed from. The derivatives of these are those of slips in a rule.
OF_VALUES = (
    DEGREES,
    Misreading("logarithm-to-base-10", Message("the natural logarithm was taken for one to base 10"), _LOGARITHMS, _replaced(log, log10), True),
    Misreading("logarithm-as-natural", Message("the logarithm to base 10 was taken for the natural one"), _LOGARITHMS, _replaced(log10, log), True),
    Misreading("sign-in-power", Message("the sign in {part} was taken into the power"), _PRECEDENCE, _sign_in_power),
    *PRECEDENCE,
    Misreading("mean-as-sum", Message("the mean was taken for a sum: it was not divided by n"), Message("the mean of n numbers is their sum divided by n"), _replaced(mean, total)),
    Misreading("sum-as-mean", Message("the sum was taken for a mean: it was divided by n"), Message("a sum is not divided by n"), _replaced(total, mean)),
)  # fmt: skip
