"""Source text to tokens."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import accumulate, compress
from operator import add, itemgetter
from typing import Any, Literal, NamedTuple, cast, overload

from diffcli.errors import Advice, DiffcliError, Edit, fault
from diffcli.messages import Message
from diffcli.primitives import number
from diffcli.primitives.table import NOTATIONS
from diffcli.source import LINE_END, LINE_ENDS, Source, Span

TokenKind = Literal[
    "NUMBER", "NAME", "OPERATOR", "POSTFIX", "SUPERSCRIPT", "ROOT", "OPEN", "CLOSE",
    "COMMA", "COLON", "EQUALS", "TEXT", "BREAK", "END",
]  # fmt: skip


class Token(NamedTuple):
    """A token; `text` is normalised: `×` is `*`, `²` is `2`, `π` is `pi`."""

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The token's place in the source."""
        return Span(self.start, self.end)


class Tokens(Sequence[Token]):
    """Tokens by column: `kinds[i]`, `texts[i]`, ... are token *i*'s. A record is made of the one that is looked at."""

    __slots__ = ("ends", "kinds", "starts", "texts")

    def __init__(self, kinds: list[TokenKind], texts: list[str], starts: list[int], ends: list[int]) -> None:
        self.kinds, self.texts, self.starts, self.ends = kinds, texts, starts, ends

    def __len__(self) -> int:
        return len(self.kinds)

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> list[Token]: ...
    def __getitem__(self, place: int | slice) -> Token | list[Token]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return Token(self.kinds[place], self.texts[place], self.starts[place], self.ends[place])

    def append(self, kind: TokenKind, text: str, start: int) -> None:
        """Append a token of these characters."""
        for column, value in zip(self._columns, (kind, text, start, start + len(text)), strict=True):
            column.append(value)

    def kept(self, chosen: Sequence[int]) -> "Tokens":
        """The tokens that are chosen by a 1."""
        return Tokens(*(list(compress(column, chosen)) for column in self._columns))

    @property
    def _columns(self) -> tuple[Any, ...]:
        return self.kinds, self.texts, self.starts, self.ends


#: Other ways to write an operator, a name or a digit.
_SYNONYMS = {
    "**": "^",
    "·": "*",
    "⋅": "*",
    "×": "*",
    "∗": "*",
    "÷": "/",
    "∕": "/",
    "−": "-",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "µ": "μ",
    "π": "pi",
    "τ": "tau",
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

_SYMBOLS = {notation.symbol for notation in NOTATIONS.values() if notation.place != "postfix"}
_ALTERNATIVES = "|".join(
    re.escape(symbol) for symbol in sorted({*_SYMBOLS, *_SYNONYMS} - {"µ", "π", "τ"}, key=len, reverse=True)
)
_POSTFIXES = "|".join(
    re.escape(notation.symbol) + r"(?![^\W_])" for notation in NOTATIONS.values() if notation.place == "postfix"
)
#: What each kind of token looks like; of several that fit, the first is meant.
_FORMS = {
    "NAME": rf"[πτ]|[^\W0-9{_DIGITS}πτ][^\W{_DIGITS}πτ]*",
    "POSTFIX": _POSTFIXES,
    "OPERATOR": _ALTERNATIVES,
    "NUMBER": r"0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+"
    r"|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?",
    "OPEN": r"[(\[]",
    "CLOSE": r"[)\]]",
    "COMMA": r",",
    "SUPERSCRIPT": rf"⁻?[{_DIGITS}]+",
    "ROOT": r"√",
    "EQUALS": r"=",
    "COLON": r":",
    "BREAK": rf";|{LINE_END}",
    "TEXT": r'"\w*"|' r"'\w*'",
    "UNKNOWN": r"\.{3}|.",
    "END": r"\Z",
}
_BLANKS = rf"(?:[^\S{LINE_ENDS}]+|\#[^{LINE_ENDS}]*)*+"
#: Most tokens: a name in ASCII, a sign that begins no longer one, the end of a line, a number.
_USUAL = rf"[A-Za-z_][A-Za-z0-9_]*+(?![^\x00-\x7F])|[-+/^()\[\],;\n]|[*=](?![*=])|{_FORMS['NUMBER']}"
#: A token with the blanks and comments before it; and the same with a group for each kind.
_PIECE = re.compile(f" *+(?:{_USUAL}|{_BLANKS}(?:{'|'.join(_FORMS.values())}))")
_LEXEME = re.compile(f"{_BLANKS}(?:{'|'.join(f'(?P<{kind}>{form})' for kind, form in _FORMS.items())})")

_HINTS = {
    "|": Message("write abs(x) for |x|"),
    "&": Message("write where(x > 0, x, 0) for a choice; conditions cannot be combined with &"),
    "!": Message("write gamma(n + 1) for n!; != compares"),
    "{": Message("use round brackets"),
    "}": Message("use round brackets"),
    "%": Message("write x/100 for x%, and x - 3*floor(x/3) for the remainder of x by 3"),
    "$": Message("the shell variable may not have been expanded: check the quotes"),
    "'": Message(
        "write A.T for the transpose and d(f, x) for a derivative; quotes hold one word, as in norm(A, 'fro')"
    ),
    ".": Message("write functions without a module and before their argument, as in sum(x); only .T follows a value"),
    '"': Message('text in quotes is a single word, as in norm(A, "fro")'),
    "\\": Message("a backslash means nothing here: LaTeX is not understood"),
    "∞": Message("write inf"),
    "∑": Message("write sum(x)"),
    "∏": Message("write prod(x)"),
    "∫": Message("there are no integrals in the language"),
    "\x00": Message("the text holds a NUL byte: is it a text file?"),
}


class _Meant(dict[int, str]):
    """For each character the one that it is a typographic form of: full-width letters and signs, letters of
    mathematical alphabets.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if 0xFF01 <= code <= 0xFF5E or 0x1D400 <= code <= 0x1D7FF or 0x2100 <= code <= 0x214F:
            plain = unicodedata.normalize("NFKC", character)
            character = plain if len(plain) == 1 else character
        self[code] = character
        return character


#: Full-width, Chinese and typographic punctuation; each stands for one character, so that places in the text stay.
_MEANT = _Meant(
    {
        ord(written): meant
        for meant, forms in {
            ",": "、", "[": "【〔", "]": "】〕", "'": "‘’＇", '"': "“”＂", "-": "–—―‐‑‒﹣➖",
            "+": "➕", "*": "✕✖╳⨯•∙⋆﹡",
            "/": "➗⁄", "^": "˄", ":": "∶",
            "≤": "≦", "≥": "≧", "<": "〈", ">": "〉",
        }.items()
        for written in forms
    }
)  # fmt: skip


def normalised(text: str) -> str:
    """The text in the characters of the language, as many as before: `（` is `(`, `ｘ` is `x`, `𝑥` is `x`."""
    return text if text.isascii() else text.translate(_MEANT)


def tokens(source: Source) -> Tokens:
    """All tokens, ended by one of kind END. A line break inside brackets is white space."""
    pieces = _PIECE.findall(normalised(source.text))
    lexicon = _Lexicon(source, pieces)
    lexemes = list(map(lexicon.__getitem__, pieces))
    while lexemes and lexemes[-1].kind == "END":  # blanks behind the last token, or nothing
        lexemes.pop()
    kinds, texts, blanks = (list(map(itemgetter(column), lexemes)) for column in range(3))
    ends = list(accumulate(map(len, pieces[: len(lexemes)])))
    starts = [0, *ends[:-1]]
    if any(blanks):
        starts = list(map(add, starts, blanks))
    found = Tokens(kinds, texts, starts, ends)
    found.append("END", "", len(source.text.rstrip()))
    broken = any(lexeme.kind == "BREAK" and lexeme.text != ";" for lexeme in lexicon.values())
    return found.kept(_outside_brackets(found)) if broken and "OPEN" in found.kinds else found


def _outside_brackets(found: Tokens) -> bytearray:
    """For each token whether it is no line break inside brackets."""
    outside, depth = bytearray(b"\1" * len(found)), 0
    for place, kind in enumerate(found.kinds):
        if kind == "OPEN":
            depth += 1
        elif kind == "CLOSE":
            depth = max(0, depth - 1)
        elif kind == "BREAK" and depth and found.texts[place] != ";":
            outside[place] = 0
    return outside


class _Lexeme(NamedTuple):
    """What a piece of text is, wherever it stands: its kind, its normal form, and the number of blanks before it."""

    kind: TokenKind
    text: str
    blanks: int


#: Makes a lexeme of a tuple, at a third of the cost of _Lexeme(...): a program has as many as it has names.
_as_lexeme = partial(tuple.__new__, _Lexeme)


class _Lexicon(dict[str, _Lexeme]):
    """The lexeme of each piece of a source. Raises DiffcliError for the first piece that is no token."""

    def __init__(self, source: Source, pieces: Sequence[str]) -> None:
        self._source = source
        self._pieces = pieces

    def __missing__(self, piece: str) -> _Lexeme:
        word = piece.lstrip(" ")
        if word.isascii() and word.isidentifier():  # as most pieces of which there are many
            found = self[piece] = _as_lexeme(("NAME", word, len(piece) - len(word)))
            return found
        match = cast("re.Match[str]", _LEXEME.match(piece))
        kind = cast("str", match.lastgroup)
        text, blanks = match[kind], match.start(kind)
        if kind == "NAME" and not text.isascii():
            text = name_meant(text)
            _check_letters(text, self._source, self._span(piece, blanks).start)
        elif kind == "OPERATOR":
            text = _SYNONYMS.get(text, text)
        elif kind == "NUMBER" and not _is_finite(text):
            raise _no_number(text, self._source, self._span(piece, blanks))
        elif kind == "SUPERSCRIPT":
            text = text.translate(_SUPERSCRIPTS)
        elif kind == "UNKNOWN":
            raise _unexpected(text, self._source, self._span(piece, blanks))
        found = self[piece] = _Lexeme(cast("TokenKind", kind), text, blanks)
        return found

    def _span(self, piece: str, blanks: int) -> Span:
        """Where the token of a piece first stands."""
        before = sum(map(len, self._pieces[: self._pieces.index(piece)]))
        return Span(before + blanks, before + len(piece))


def name_meant(written: str) -> str:
    """The name that an expression would understand: `pi` for `π`."""
    written = normalised(written)
    return _SYNONYMS.get(written, written)


def _check_letters(name: str, source: Source, start: int) -> None:
    """Digits of other scripts, fractions and raised letters are no part of a name: `eˣ` is a power. Subscripts are."""
    for place, character in enumerate(name, start):
        numeral = character.isnumeric() and not character.isascii() and character not in _SUBSCRIPTS
        if numeral or unicodedata.decomposition(character).startswith("<super>"):
            raise _unexpected(character, source, Span(place, place + 1))


def _is_finite(literal: str) -> bool:
    """Whether a literal is a number that is not too large."""
    try:
        return abs(_rounded(literal)) != float("inf")
    except (ValueError, OverflowError):
        return False


def _no_number(text: str, source: Source, span: Span) -> DiffcliError:
    if text.strip("_") != text or "__" in text or "_." in text or "._" in text:
        hint = Message("underscores go between digits")
        return fault("E103", Message("'{text}' is not a number", text=text), source, span, hint=hint)
    return fault(
        "E103",
        Message("the number {text} is too large", text=text if len(text) < 40 else text[:37] + "..."),
        source,
        span,
        hint=Message("the largest number is about 1.8e308"),
    )


@lru_cache(maxsize=1024)
def value(literal: str) -> float:
    """The number that a literal stands for: its double, which knows what it rounds."""
    return number.literal(literal, _rounded(literal))


def _rounded(literal: str) -> float:
    return float(int(literal, 0)) if literal[:2].lower() in ("0x", "0b", "0o") else float(literal)


def _unexpected(character: str, source: Source, span: Span) -> DiffcliError:
    if character in ("...", "…"):
        return fault(
            "E102", Message("dots mean nothing here"), source, span, hint=Message("put what is meant in their place")
        )
    code = ord(character)
    if unicodedata.category(character) in ("Cf", "Mn"):
        advice = Advice(
            (Edit(span, ""),), otherwise=Message("remove it: it cannot be seen, or is a part of the letter before it")
        )
        return fault("E102", Message("unexpected character U+{code:04X}", code=code), source, span, advice=advice)
    if 0xD800 <= code <= 0xDFFF:
        return fault(
            "E101", Message("the text is not valid UTF-8 here"), source, span, hint=Message("save the text as UTF-8")
        )
    shown = f"'{character}'" if character.isprintable() else f"U+{code:04X}"
    if character.isdecimal():  # of another script
        advice = Advice((Edit(span, str(unicodedata.decimal(character))),))
        return fault("E102", Message("unexpected character {shown}", shown=shown), source, span, advice=advice)
    return fault(
        "E102",
        Message("unexpected character {shown}", shown=shown),
        source,
        span,
        hint=_HINTS.get(character, Message("an expression is made of numbers, names, operators and brackets")),
    )
