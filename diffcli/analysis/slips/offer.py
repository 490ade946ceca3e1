"""Slips that are worth telling: those that fit what was seen, or that can be seen at all."""

from collections.abc import Iterable, Iterator, Sequence

from diffcli.analysis.slips.mutation import Mutation
from diffcli.analysis.slips.naming import differs
from diffcli.analysis.slips.screen import Screen
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution


def offered(right: Solution, mutations: Iterable[Mutation], seen: Sequence[Sighting]) -> Iterator[Slip]:
    """The slips of some mutations, one of each family for an answer.

    With `seen`, a wrong answer at points, those that fit at the first as far as doubles tell: the others are never
    worked out. Without it, those whose answers differ from the right ones.
    """
    told = set()
    chosen, among = Screen(right, mutations, seen[0]).fitting() if seen else (mutations, 1)
    for mutation in chosen:
        slip = mutation.slip(right, among)
        if slip is None or (not seen and not differs(slip)):
            continue
        key = slip.family, tuple(slip.answers.items())
        if key not in told:
            told.add(key)
            yield slip
