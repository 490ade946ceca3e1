"""Shapes for variables without values: as many axes as a reader would assume, extents that fit together."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import sympy

from diffcli.symbolic.convert.conversion import convert
from diffcli.symbolic.convert.ranks import assumed_ranks
from diffcli.symbolic.vocabulary.limits import check_size
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.syntax.resolved import Resolved

Shape = tuple[int, ...]
#: So many combinations of extents are offered where the sizes that belong together are not known.
_MOST = 64


class AssumedShapes(NamedTuple):
    """The shape of every variable, and what formulas call the sizes that were free to choose: `n`."""

    shapes: Mapping[str, Shape]
    sizes: Mapping[str, int]


def assumed_shapes(
    resolved: Resolved, wrt: Sequence[str], shapes: Mapping[str, Shape], choices: Sequence[Sequence[int]]
) -> tuple[AssumedShapes, ...]:
    """A set of shapes for each choice of extents, taken in the order in which the sizes appear.

    One set where no size is free. Where the expression has no formula, whose axes would tell which sizes are equal,
    it is every combination of a few extents, the likeliest first.
    """
    ranks = assumed_ranks(resolved, wrt, shapes).ranks
    if not any(ranks.values()):
        return (AssumedShapes({**shapes, **dict.fromkeys(ranks, ())}, {}),)
    try:
        check_size(resolved)
        converted = convert(resolved, ranks, shapes)
    except Refusal:
        return _combinations(ranks, shapes, choices)
    roots = [size for size in converted.sizes.roots() if converted.sizes.extent(size) is None]
    named = converted.sizes.names(converted.scope.taken)
    found = []
    for choice in choices if roots else choices[:1]:
        extents = {root: sympy.Integer(choice[place % len(choice)]) for place, root in enumerate(roots)}
        known = {**converted.sizes.known, **extents}
        made = {
            name: shapes.get(name) or tuple(int(size.xreplace(known)) for size in axes)
            for name, axes in converted.variables.items()
        }
        found.append(AssumedShapes(made, {named[root]: int(extent) for root, extent in extents.items()}))
    return tuple(found)


def _combinations(
    ranks: Mapping[str, int], shapes: Mapping[str, Shape], choices: Sequence[Sequence[int]]
) -> tuple[AssumedShapes, ...]:
    """All extents equal, then each by itself."""
    free = {name: rank for name, rank in ranks.items() if name not in shapes}
    axes = sum(free.values())
    extents = sorted({extent for choice in choices for extent in choice[:2]})
    drawn = sorted(product(extents, repeat=min(axes, 6)), key=lambda each: len(set(each)))[:_MOST]
    found = []
    for each in drawn:
        left = iter((*each, *([extents[0]] * axes)))
        made = {name: tuple(next(left) for _ in range(rank)) for name, rank in free.items()}
        found.append(AssumedShapes({**shapes, **made}, {}))
    return tuple(found)
