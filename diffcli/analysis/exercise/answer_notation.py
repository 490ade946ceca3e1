"""Answers as they are written by hand, without signs and brackets: `2xy`, `sin x`, `x^2cosx`, LaTeX."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container

from diffcli.primitives.table import FUNCTION_NAMES
from diffcli.syntax.extents import closing
from diffcli.syntax.foreign.from_latex import from_latex
from diffcli.syntax.joined_names import BOOK_FUNCTIONS, takes_a_number
from diffcli.syntax.synonyms import meant_by
from diffcli.syntax.tokens import normalised

#: What is raised, with the sign; and an exponent that ends at a blank, or a numeral before a letter or a bracket.
_RAISED = re.compile(r"(?P<base>[^\W\d]\w*|[\w.]+|[)\]])\s*(?:\^|\*\*)\s*")
_BEFORE_BLANK = re.compile(r"[-+]?(?:[\d.]+|[^\W\d]\w*)(?=\s)")
_NUMERAL = re.compile(r"[-+]?\d+(?:\.\d+)?(?=[^\W\d]|[(√])")
_FACTOR = re.compile(r"\s*(?:[^\W\d]|[(√])")
#: What functions of books are in the language: `1/cos` for `sec`.
_IN_WORDS = {name: meant_by(name, [""])[0].removesuffix("()") for name in BOOK_FUNCTIONS}
_BOOK_FUNCTION = re.compile("|".join(sorted(_IN_WORDS, key=len, reverse=True)), re.IGNORECASE)
#: A function of a number, without brackets: `ln2`.
_OF_NUMBER = re.compile(r"(?<![^\W\d])([^\W\d]+)(\d+)(?![\w.(])")
#: A name before an argument without brackets.
_BEFORE_ARGUMENT = re.compile(r"(?<![^\W\d])[^\W\d]+(?=[ \t]+[\w(√])")
#: The constant e as a factor, by which many mean a power.
_FACTOR_E = re.compile(r"(?<![\w.])e(?!\w|\s*(?:\^|\*\*))")
#: A decimal with a comma; with three digits behind it, it may be thousands.
_DECIMAL_COMMA = re.compile(r"(?<![\w.,])(\d+),(\d+)(?![\d.,])")
#: What a reading may add or take away: blanks, products, brackets, lines before an index; an equals sign in front, a
#: full stop behind.
_ADDED = re.compile(r"[\s*()\[\]{}|_]|^\s*=+|[.\u3002,]\s*$")


def in_words(text: str, names: Container[str] = ()) -> str:
    """The text in the language's words, where it is LaTeX; functions of a number with brackets: `ln(2)` for `ln2`."""
    text = from_latex(text) if re.search(r"\\|^\s*\$.*\$\s*$", text) else text
    text = _BEFORE_ARGUMENT.sub(lambda found: _before_function(found[0], names), text)
    return _OF_NUMBER.sub(lambda found: _of_number(found, names), text)


def _before_function(name: str, names: Container[str]) -> str:
    """The name as a product with a function, `x*cos` for `xcos`, if its letters are names."""
    for function in () if name in names or name in FUNCTION_NAMES else sorted(FUNCTION_NAMES, key=len, reverse=True):
        factors = name.removesuffix(function)
        if factors != name and factors and takes_a_number(function) and all(factor in names for factor in factors):
            return "*".join((*factors, function))
    return name


def _of_number(found: re.Match[str], names: Container[str]) -> str:
    name = found[0] in names or found[0] in FUNCTION_NAMES or not takes_a_number(found[1])
    return found[0] if name else f"{found[1]}({found[2]})"


def has_decimal_commas(text: str) -> bool:
    """Whether all commas of a text stand between the digits of decimals."""
    return "," in text and "," not in _DECIMAL_COMMA.sub("", text)


def with_decimal_points(text: str) -> tuple[str, ...]:
    """The text with points in its decimals; another one too where the commas may part thousands."""
    thousands = any(whole != "0" and len(part) == 3 for whole, part in _DECIMAL_COMMA.findall(text))
    found = _DECIMAL_COMMA.sub(r"\1.\2", text)
    return (_DECIMAL_COMMA.sub(r"\1\2", text), found) if thousands else (found,)


def with_powers_ended(text: str, variables: Container[str]) -> str:
    """The text with a sign of multiplication behind powers that end: `x^2*y` for `x^2y`, `e^(2x)*y` for `e^(2x)y`.

    An exponent ends at a blank and behind its brackets, and as a numeral if a variable or a bracket is raised: `e^2x`
    may be e^(2x). Behind a division nothing is certain.
    """
    place = 0
    while found := _RAISED.search(text, place):
        place = end = found.end()
        base = found["base"]
        if text[end : end + 1] == "(":
            last = closing(text, end)
            end = end if last is None else last + 1
        else:
            ends = base in ")]" or base in variables or base[-1] in variables
            exponent = (_NUMERAL.match(text, end) if ends else None) or _BEFORE_BLANK.match(text, end)
            end = end if exponent is None else exponent.end()
        divided = "/" in re.split(r"[-+,;=([]", text[: found.start()])[-1]
        if end > place and not divided and base not in FUNCTION_NAMES | BOOK_FUNCTIONS and _FACTOR.match(text, end):
            text = f"{text[:end]}*{text[end:].lstrip(' ')}"
            place = end
    return text


def is_notation(text: str, reading: str, of_matrices: bool) -> bool:
    """Whether a reading says what the text says, with signs of multiplication and brackets that it does without.

    A typing error that was mended is no notation. Nothing is put before a number, as `1 2` may be a list; nor, if the
    text is `of_matrices`, between names, whose product may be one or the other.
    """
    text = normalised(in_words(text))
    before, numbers = r"(?<![\d\s])\s*\*" if of_matrices else r"\*", "" if of_matrices else r"\s*\d"
    if len(re.findall(before + numbers, reading)) > len(re.findall(before + numbers, text)):
        return False
    if _FACTOR_E.search(reading) and not _FACTOR_E.search(text):
        return False
    if "|" in text:
        reading = reading.replace("abs", "")
    (letters, others), (same, rest) = _signs(_BOOK_FUNCTION.sub(_in_words, text)), _signs(reading)
    return others == rest and letters.casefold() == same.casefold() and _same_case(letters, same, reading)


def is_closed(text: str) -> bool:
    """Whether a text has as many brackets of each kind that close as such that open."""
    plain = normalised(text)
    return all(plain.count(opening) == plain.count(end) for opening, end in ("()", "[]", "{}"))


def _in_words(found: re.Match[str]) -> str:
    return _IN_WORDS[found[0].casefold()]


def _signs(text: str) -> tuple[str, Counter[str]]:
    """The letters of a text in their order, and its other signs, which a power of a function moves."""
    plain = unicodedata.normalize("NFKC", re.sub(r"(?<=[\w)])([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", r"^\1", text))
    signs = _ADDED.sub("", plain.replace("\u2044", "/").replace("\u2212", "-"))
    return "".join(filter(str.isalpha, signs)), Counter(sign for sign in signs if not sign.isalpha())


def _same_case(letters: str, same: str, reading: str) -> bool:
    """Whether letters differ in their size within names of functions alone: `Sin(x)`."""
    if letters == same:
        return True
    in_function = "".join(
        ("1" if found[0] in FUNCTION_NAMES else "0") * sum(map(str.isalpha, found[0]))
        for found in re.finditer(r"[^\W\d]\w*", reading)
    )
    return all(one == other or inside == "1" for one, other, inside in zip(letters, same, in_function, strict=False))
