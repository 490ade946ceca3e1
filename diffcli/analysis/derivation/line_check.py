"""Whether a line is true: both sides executed at points, and held against differences of the operation itself."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from diffcli.analysis.derivation.points import applied, labels_of, values_at
from diffcli.autodiff.reverse import derivative
from diffcli.errors import DiffcliError
from diffcli.execute.arrays import Array, all_finite, any_nonzero, largest_magnitude
from diffcli.execute.program import quietly
from diffcli.graph.build import Built, build
from diffcli.graph.graph import Graph
from diffcli.primitives.shape import Shape
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

#: Steps of the differences, in parts of the operands' size, then as they are.
_STEPS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-7, 1e-9)
_OF_A_DIFFERENCE = 1e-5
_OF_A_SUBSTITUTION = 1e-8
#: A difference that is a smaller part of the values is mostly their rounding.
_VISIBLE = 1e-10
#: Operands that move by a smaller part of themselves have been rounded to where they are.
_SATURATED = 1e-13
_OF_A_TEXT = 1e-7


class Claim(NamedTuple):
    """The claim of a line: the derivative of `node`, made of `inside` from `operands`, is `put`, and that is `result`.

    `tangents` are the operands' derivatives, None where they are constant. All are nodes; the
    line's last text is that of `result`, or of `text` where that is another.
    """

    node: int
    inside: tuple[int, ...]
    operands: tuple[int, ...]
    tangents: tuple[int | None, ...]
    put: int
    result: int
    text: int | None = None

    @property
    def shown(self) -> int:
        """The node whose text ends the line."""
        return self.result if self.text is None else self.text


class Verdict(IntEnum):
    """The verdict of a point: the claim is false, its two sides agree, or differences agree with them too."""

    FALSE = 0
    SIDES = 1
    TRUE = 2


def holds(graph: Graph, claim: Claim, values: Sequence[Array]) -> Verdict | None:
    """Whether the claim is true at a point; None where one of its sides is not finite there.

    `values` are those of all nodes at the point.
    """
    put, result = values[claim.put], values[claim.result]
    operands = {operand: values[operand] for operand in claim.operands}
    moves = {
        operand: values[tangent]
        for operand, tangent in zip(claim.operands, claim.tangents, strict=True)
        if tangent is not None
    }
    known = [put, result, values[claim.node], *operands.values(), *moves.values()]
    if any(value is None or not all_finite(value) for value in known):
        return None
    size = largest_magnitude([put, result])
    scale = max(1.0, largest_magnitude(moves.values()))
    with quietly():
        if not largest_magnitude([put - result]) <= _OF_A_SUBSTITUTION * (size + scale):
            return Verdict.FALSE
    if not moves:
        return Verdict.TRUE if size == 0 else Verdict.FALSE
    if _at_kink(graph, claim, values):
        return Verdict.SIDES
    agrees = _agrees_with_differences(graph, claim, operands, moves, result)
    return Verdict.SIDES if agrees is None else Verdict.TRUE if agrees else Verdict.FALSE


def same(first: Array | None, second: Array | None) -> bool | None:
    """Whether two values agree; None where one is not finite."""
    if first is None or second is None or not (all_finite(first) and all_finite(second)):
        return None
    with quietly():
        return largest_magnitude([first - second]) <= _OF_A_TEXT * (largest_magnitude([first, second]) + 1e-2)


def reads_as(text: str, meanings: Mapping[str, int], values: Sequence[Array], node: int) -> bool | None:
    """Whether a text, read and executed as anybody's expression is, has the value of a node.

    None where it holds words.
    """
    names = {
        name.replace("'", "_prime"): values[meant] for name, meant in meanings.items() if values[meant] is not None
    }
    built = _read(text.replace("'", "_prime"), tuple((name, value.shape) for name, value in names.items()))
    if built is None:
        return None
    found = values_at(built.graph, {place: names[name] for name, place in built.inputs.items()}, {})[built.output]
    return same(found, values[node])


@lru_cache(maxsize=256)
def _read(text: str, shapes: tuple[tuple[str, Shape], ...]) -> Built | None:
    """The graph of a text, which is held against values at several points."""
    try:
        resolved = resolve(parse(Source(text)), frozenset(name for name, _ in shapes))
        return build(resolved, dict(shapes), derivative)
    except (DiffcliError, KeyError):
        return None


def _at_kink(graph: Graph, claim: Claim, values: Sequence[Array]) -> bool:
    for node in (*claim.inside, claim.node):
        operands, parameters = [values[operand] for operand in graph.operands[node]], dict(graph.parameters[node])
        with quietly():
            if any(any_nonzero(1.0 * kink.at(*operands, **parameters)) for kink in graph.primitives[node].kinks):
                return True
    return False


def _agrees_with_differences(
    graph: Graph, claim: Claim, operands: Mapping[int, Array], moves: Mapping[int, Array], slope: Array
) -> bool | None:
    """Against extrapolated central differences along the operands' derivatives.

    Differences that depend on their step, or that leave the domain, say nothing.
    """
    for node in (*claim.inside, claim.node):
        labels = labels_of(graph, node)
        if labels:
            moves = {operand: move for operand, move in moves.items() if operand not in labels}
    relative = max((_ratio(move, operands[operand]) for operand, move in moves.items()), default=0.0)
    if 0 < relative < _SATURATED:
        return None
    absolute = largest_magnitude(moves.values())
    told = []
    # for their own size; for that of what stays, beside which they may be rounded away; as they are
    for rate in (relative, absolute / (largest_magnitude(operands.values()) or 1.0), absolute):
        found: list[Array] = []
        for step in _STEPS:
            h = step / (rate or 1.0)
            near, far = (_difference(graph, claim, operands, moves, slope, part) for part in (h / 2, h))
            if near is None or far is None:
                continue
            with quietly():
                found.append((4 * near - far) / 3)
                if _close(found[-1], slope):
                    return True
        if len(found) > 1:  # larger steps may go over a kink, and agree about what is beyond it
            told.append(_close(found[-2], found[-1]))
    return False if told and all(told) else None


def _ratio(move: Array, operand: Array) -> float:
    """The speed of an operand, relative to its size."""
    return largest_magnitude([move]) / (largest_magnitude([operand]) or 1.0)


def _close(difference: Array, slope: Array) -> bool:
    return all_finite(difference) and largest_magnitude([difference - slope]) <= _OF_A_DIFFERENCE * (
        largest_magnitude([difference, slope]) + 1e-4
    )


def _difference(
    graph: Graph, claim: Claim, operands: Mapping[int, Array], moves: Mapping[int, Array], slope: Array, h: float
) -> Array | None:
    """The central difference; None where the domain is left, or rounding hides it or what the slope would make it."""
    ends = []
    for by in (-h, h):
        found = {
            operand: value + by * moves[operand] if operand in moves else value for operand, value in operands.items()
        }
        for node in (*claim.inside, claim.node):
            if node in found:  # what the line takes as given
                continue
            with quietly():
                found[node] = applied(graph, node, [found[operand] for operand in graph.operands[node]])
        ends.append(found[claim.node])
    if ends[0] is None or ends[1] is None or not (all_finite(ends[0]) and all_finite(ends[1])):
        return None
    with quietly():
        difference, expected = ends[1] - ends[0], 2 * h * slope
    size = largest_magnitude(
        [*ends, *(operands.values() if graph.primitives[claim.node].name in ("add", "sub") else ())]
    )
    lost = largest_magnitude([difference, expected]) < _VISIBLE * size
    with quietly():
        return None if lost and (any_nonzero(difference) or any_nonzero(expected)) else difference / (2 * h)
