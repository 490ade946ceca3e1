"""Products of matrices as on paper: `2A^T(Ax - b)`, `2A'Ax`, `uv^T`, read by what is a number, a vector, a matrix.

On paper a vector is a column, its transpose a row, and factors beside each other are multiplied as matrices: that says
for every product which of the language's it is, or that it is none.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from diffcli.primitives.table import FUNCTION_NAMES, PRIMITIVES
from diffcli.syntax.tokens import normalised

Kind = Literal["number", "column", "row", "matrix"]
#: A product of matrices where the text has no sign: to be written `@`, and held against `*`; and one of a transposed
#: vector, which is no product by elements.
_UNSIGNED, _OF_ROWS = "\1", "\2"
#: The longest text, and the deepest brackets, that are read as paper.
_LONGEST, _DEEPEST = 500, 40
_KINDS: tuple[Kind, ...] = ("number", "column", "matrix")
#: Signs behind what is transposed: `^T`, `^(T)`, `.T`, a raised T, a prime.
_TRANSPOSED = re.compile(r"\s*(?:\^\s*(?:[T\u22a4]|[({]\s*[T\u22a4]\s*[)}])|\.T\b|[\u1d40\u1d57\u22a4'\u2019\u2032])")
_TOKEN = re.compile(r"\s*(?:(?P<transposed>\0)|(?P<number>\d+\.?\d*|\.\d+)|(?P<name>[^\W\d]\w*)|(?P<sign>[-+*/@^()]))")
#: What matrices make of each other, and how the language writes it.
_PRODUCTS: Mapping[tuple[Kind, Kind], tuple[Kind, str]] = {
    ("matrix", "matrix"): ("matrix", "{0}" + _UNSIGNED + "{1}"),
    ("matrix", "column"): ("column", "{0}" + _UNSIGNED + "{1}"),
    ("row", "matrix"): ("row", "{0}" + _OF_ROWS + "{1}"),
    ("row", "column"): ("number", "{0}" + _OF_ROWS + "{1}"),
    ("column", "row"): ("matrix", "outer({0}, {1})"),
}
_TURNED: Mapping[Kind, Kind] = {"number": "number", "column": "row", "row": "column", "matrix": "matrix"}
#: Functions that make one number of all elements.
_TO_A_NUMBER = frozenset({"sum", "mean", "norm", "trace", "det"})
#: How tightly texts hold together: sums, signs and products, factors.
_SUM, _PRODUCT, _FACTOR = range(3)


class _Unread(Exception):
    """What the text is on paper cannot be told."""


class _Token(NamedTuple):
    kind: str
    text: str


class _Part(NamedTuple):
    """A part of the text in the language's words, what it is, and how tightly it holds together."""

    text: str
    kind: Kind
    level: int

    def within(self, level: int) -> str:
        """Its text as an operand of something that holds together so tightly."""
        return self.text if self.level >= level else f"({self.text})"


class OnPaper(NamedTuple):
    """What a text means on paper in the language's words, then the same with one product by elements, of each without a
    sign; and whether there is any product of matrices without one.
    """

    readings: tuple[str, ...]
    unsigned: bool


def from_paper(text: str, ranks: Mapping[str, int]) -> OnPaper | None:
    """What a text means on paper, where `ranks` are those of all names.

    None where no matrices are multiplied or transposed, or what the text is cannot be told.
    """
    if len(text) > _LONGEST or not any(ranks.values()) or any(name.startswith("T") for name in ranks):
        return None
    try:
        found = _Reader(_tokens(_TRANSPOSED.sub("\0", normalised(text).replace("\u2212", "-")), ranks), ranks).whole()
    except _Unread:
        return None
    pieces = found.replace(_OF_ROWS, " @ ").split(_UNSIGNED)
    others = (f"{' @ '.join(pieces[:place])} * {' @ '.join(pieces[place:])}" for place in range(1, len(pieces)))
    unsigned = len(pieces) > 1 or _OF_ROWS in found or "outer(" in found
    return OnPaper((" @ ".join(pieces), *others), unsigned) if unsigned or ".T" in found else None


def _tokens(text: str, ranks: Mapping[str, int]) -> list[_Token]:
    """The signs, numbers and names of a text; letters beside each other are names."""
    found: list[_Token] = []
    place = 0
    while text[place:].strip():
        piece = _TOKEN.match(text, place)
        if piece is None or piece.lastgroup is None:
            raise _Unread
        kind, written, place = piece.lastgroup, piece[piece.lastgroup], piece.end()
        called = (
            kind == "name" and written in FUNCTION_NAMES and written not in ranks and text[place:].lstrip()[:1] == "("
        )
        found += [_Token("function", written)] if called else (
            [_Token("name", name) for name in _names(written, ranks)] if kind == "name" else [_Token(kind, written)]
        )  # fmt: skip
    return found


def _names(written: str, ranks: Mapping[str, int]) -> list[str]:
    """The names that letters beside each other are, if there is one way to part them."""
    ways = list(_parted(written, ranks)) if len(written) <= _DEEPEST else []
    if len(ways) != 1:
        raise _Unread
    return ways[0]


def _parted(written: str, ranks: Mapping[str, int]) -> Iterator[list[str]]:
    if written in ranks:
        yield [written]
    for name in ranks:
        if written.startswith(name) and written != name:
            yield from ([name, *others] for others in _parted(written[len(name) :], ranks))


class _Reader:
    """One reading of tokens, from the left to the right: each method reads what its name says."""

    def __init__(self, tokens: list[_Token], ranks: Mapping[str, int]) -> None:
        self._tokens, self._ranks, self._place, self._depth = tokens, ranks, 0, 0

    def whole(self) -> str:
        """All of the text."""
        found = self._sum()
        if self._place < len(self._tokens):
            raise _Unread
        return found.text

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place] if self._place < len(self._tokens) else _Token("end", "")

    def _takes(self, *texts: str) -> str | None:
        """The next sign, if it is one of these, which is passed."""
        if self._next.kind == "sign" and self._next.text in texts:
            self._place += 1
            return self._tokens[self._place - 1].text
        return None

    def _sum(self) -> _Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Unread
        sign = self._takes("-", "+")
        found = self._product()
        if sign == "-":
            found = _Part(f"-{found.within(_PRODUCT)}", found.kind, _SUM)
        while sign := self._takes("+", "-"):
            other = self._product()
            if found.kind != other.kind and "number" not in (found.kind, other.kind):
                raise _Unread
            kind = other.kind if found.kind == "number" else found.kind
            found = _Part(f"{found.text} {sign} {other.within(_PRODUCT)}", kind, _SUM)
        self._depth -= 1
        return found

    def _product(self) -> _Part:
        found, divided = self._power(), False
        while True:
            if self._takes("/"):
                other, divided = self._power(), True
                if other.kind != "number":
                    raise _Unread
                found = _Part(f"{found.within(_PRODUCT)}/{other.within(_FACTOR)}", found.kind, _PRODUCT)
            elif sign := self._takes("*", "@"):
                found = _signed(found, sign, self._power())
            elif self._next.kind in ("name", "function") or self._next == _Token("sign", "("):
                if divided:  # 1/2x may be either
                    raise _Unread
                found = _multiplied(found, self._power())
            else:
                return found

    def _power(self) -> _Part:
        found = self._atom()
        while True:
            if self._next.kind == "transposed":
                self._place += 1
                if found.kind == "matrix":
                    found = _Part(f"{found.within(_FACTOR)}.T", "matrix", _FACTOR)
                found = found._replace(kind=_TURNED[found.kind])
            elif self._takes("^"):
                exponent = self._atom()
                if found.kind == "matrix" or exponent.kind != "number":  # on paper a product of matrices
                    raise _Unread
                found = _Part(f"{found.within(_FACTOR)}^{exponent.within(_FACTOR)}", found.kind, _PRODUCT)
            else:
                return found

    def _atom(self) -> _Part:
        token = self._next
        self._place += 1
        if token.kind == "number":
            return _Part(token.text, "number", _FACTOR)
        if token.kind == "name" and self._ranks[token.text] < len(_KINDS):
            return _Part(token.text, _KINDS[self._ranks[token.text]], _FACTOR)
        if token == _Token("sign", "(") or token.kind == "function":
            if token.kind == "function":
                self._place += 1
            inside = self._sum()
            if not self._takes(")"):
                raise _Unread
            return _of_function(token.text, inside) if token.kind == "function" else inside
        raise _Unread


def _of_function(name: str, inside: _Part) -> _Part:
    elementwise = name in PRIMITIVES and PRIMITIVES[name].kind == "elementwise"
    if not elementwise and name not in _TO_A_NUMBER:
        raise _Unread
    return _Part(f"{name}({inside.text})", inside.kind if elementwise else "number", _FACTOR)


def _multiplied(first: _Part, second: _Part) -> _Part:
    """Factors beside each other."""
    if "number" in (first.kind, second.kind):
        return _signed(first, "*", second)
    if (first.kind, second.kind) not in _PRODUCTS:
        raise _Unread
    kind, written = _PRODUCTS[first.kind, second.kind]
    if kind == "matrix" and second.kind == "row":
        return _Part(written.format(first.text, second.text), kind, _FACTOR)
    return _Part(written.format(first.within(_PRODUCT), second.within(_FACTOR)), kind, _PRODUCT)


def _signed(first: _Part, sign: str, second: _Part) -> _Part:
    """Factors with one of the language's signs between them, which is by elements or of matrices."""
    text = f"{first.within(_PRODUCT)}{sign}{second.within(_FACTOR)}"
    if sign == "@":
        if "number" in (first.kind, second.kind) or (first.kind, second.kind) not in _PRODUCTS:
            raise _Unread
        return _Part(text, _PRODUCTS[first.kind, second.kind][0], _PRODUCT)
    if "number" not in (first.kind, second.kind) and first.kind != second.kind:
        raise _Unread
    return _Part(text, second.kind if first.kind == "number" else first.kind, _PRODUCT)
