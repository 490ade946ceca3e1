"""Source text to tokens."""

import re
import unicodedata
from functools import lru_cache, partial
from typing import Literal, NamedTuple

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


#: Makes a Token of a tuple, at a third of the cost of Token(...): the scanner is the hottest loop on long text.
_token = partial(tuple.__new__, Token)

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
_SCANNER = re.compile(
    rf"""
      (?P<NAME>[πτ]|[^\W0-9{_DIGITS}πτ][^\W{_DIGITS}πτ]*)
    | (?P<SPACE>[^\S{LINE_ENDS}]+|\#[^{LINE_ENDS}]*)
    | (?P<POSTFIX>{_POSTFIXES})
    | (?P<OPERATOR>{_ALTERNATIVES})
    | (?P<NUMBER>0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
                |(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)
    | (?P<OPEN>[(\[])
    | (?P<CLOSE>[)\]])
    | (?P<COMMA>,)
    | (?P<SUPERSCRIPT>⁻?[{_DIGITS}]+)
    | (?P<ROOT>√)
    | (?P<EQUALS>=)
    | (?P<COLON>:)
    | (?P<BREAK>;|{LINE_END})
    | (?P<TEXT>"\w*"|'\w*')
    | (?P<UNKNOWN>.)
    """,
    re.VERBOSE,
)

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


def tokens(source: Source) -> list[Token]:
    """All tokens, ended by one of kind END. A line break inside brackets is white space."""
    result: list[Token] = []
    depth = 0
    for match in _SCANNER.finditer(normalised(source.text)):
        kind, text = match.lastgroup, match.group()
        start, end = match.span()
        if kind == "NAME":
            if not text.isascii():
                text = name_meant(text)
                _check_letters(text, source, start)
        elif kind == "OPERATOR":
            text = _SYNONYMS.get(text, text)
        elif kind == "SPACE":
            continue
        elif kind == "OPEN":
            depth += 1
        elif kind == "CLOSE":
            depth = max(0, depth - 1)
        elif kind == "BREAK" and depth and text != ";":
            continue
        elif kind == "NUMBER":
            _check_number(text, source, Span(start, end))
        elif kind == "SUPERSCRIPT":
            text = text.translate(_SUPERSCRIPTS)
        elif kind == "UNKNOWN":
            raise _unexpected(text, source, Span(start, end))
        result.append(_token((kind, text, start, end)))
    end = len(source.text.rstrip())
    result.append(Token("END", "", end, end))
    return result


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


def _check_number(text: str, source: Source, span: Span) -> None:
    try:
        finite = abs(value(text)) != float("inf")
    except (ValueError, OverflowError):
        if text.strip("_") != text or "__" in text or "_." in text or "._" in text:
            raise fault(
                "E103",
                Message("'{text}' is not a number", text=text),
                source,
                span,
                hint=Message("underscores go between digits"),
            ) from None
        finite = False
    if not finite:
        raise fault(
            "E103",
            Message("the number {text} is too large", text=text if len(text) < 40 else text[:37] + "..."),
            source,
            span,
            hint=Message("the largest number is about 1.8e308"),
        )


@lru_cache(maxsize=1024)
def value(literal: str) -> float:
    """The number that a literal stands for: its double, which knows what it rounds."""
    if literal[:2].lower() in ("0x", "0b", "0o"):
        return number.literal(literal, float(int(literal, 0)))
    return number.literal(literal, float(literal))


def _unexpected(character: str, source: Source, span: Span) -> DiffcliError:
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
