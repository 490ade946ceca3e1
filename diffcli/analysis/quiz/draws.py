"""Draws that a seed decides, the same on every machine and in every version of Python."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

_SLOT = re.compile(r"\{([^{}]+)\}")


class Pool(NamedTuple):
    """Values of which letters of a template stand for different ones."""

    letters: str
    values: Sequence[int | str]


#: What the letters of a template stand for: coefficients, exponents, numbers of a point, negative and positive ones,
#: numbers whose logarithm is taken, indices, signs, functions, rates, exponents over 2.
POOLS = (
    Pool("abc", range(2, 8)),
    Pool("nm", range(2, 6)),
    Pool("k", (-3, -2, -1)),
    Pool("pqrtuv", (1, 2, 3, 4, 5, 6)),
    Pool("deg", range(2, 7)),
    Pool("i", range(3)),
    Pool("s", ("+", "-")),
    Pool("z", ("+", "-")),
    Pool("f", ("sin", "cos")),
    Pool("h", ("0.1", "0.25", "0.5")),
    Pool("o", (3, 5, 7)),
)


class Draws:
    """Numbers that follow from some words: digits of their digest, which no library decides."""

    def __init__(self, *words: object) -> None:
        self._left = int.from_bytes(sha256(repr(words).encode()).digest())

    def below(self, count: int) -> int:
        """A number from 0 to below another; what is left of the digest is enough for dozens of small ones."""
        self._left, drawn = divmod(self._left, count)
        return drawn

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of some items."""
        return items[self.below(len(items))]

    def values(self, templates: Sequence[str]) -> dict[str, int | str]:
        """Values for the letters of some templates; those of one pool differ."""
        wanted = {letter for template in templates for slot in _SLOT.findall(template) for letter in slot}
        found: dict[str, int | str] = {}
        for pool in POOLS:
            left = list(pool.values)
            for letter in pool.letters:
                if letter in wanted:
                    found[letter] = left.pop(self.below(len(left)))
        return found


def filled(template: str, values: Mapping[str, int | str]) -> str:
    """A template with its values; of a slot of several letters, `{pq}`, their product."""

    def value(found: re.Match[str]) -> str:
        product = 1
        letters = found[1]
        if len(letters) == 1:
            return str(values[letters])
        for letter in letters:
            product *= int(values[letter])
        return str(product)

    return _SLOT.sub(value, template)
