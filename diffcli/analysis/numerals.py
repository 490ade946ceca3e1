"""Numbers as texts of data have them: in one stated notation, and how to recognise those in another."""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from diffcli.errors import DiffcliError, fault, given
from diffcli.messages import Argument, Joined, Message, arguments

_MARKS = {" ": " \u00a0\u2009\u202f", "'": "'\u2019", ",": ",", ".": ".", "_": "_"}


class Notation(NamedTuple):
    """The marks before decimals and between groups of digits, and the words for a number that is missing.

    Unless that is `stated`, a file may show that it is a comma that stands before its decimals.
    """

    decimal: str = "."
    thousands: str = ""
    missing: frozenset[str] = frozenset()
    stated: bool = False

    def number(self, text: str) -> float | None:
        """The number that a text is, nan for one that is missing; None for what is no number in this notation."""
        text = text.strip()
        if text in self.missing:
            return float("nan")
        if self.thousands:
            grouped = _grouped(self.thousands, self.decimal).fullmatch(text)
            text = re.sub(f"[{re.escape(_MARKS[self.thousands])}]", "", text) if grouped else text
        if self.decimal == ",":
            if "." in text:
                return None
            text = text.replace(",", ".")
        return float(text) if _NUMBER.fullmatch(text) else None


#: That of programs: a point before the decimals, and nothing else.
PLAIN = Notation()


def read_notation(decimal: str | None, thousands: str | None, missing: Iterable[str] = ()) -> Notation:
    """The notation of `--decimal`, `--thousands` and `--missing`.

    Raises DiffcliError for marks that are none, or one for both.
    """
    for name, mark, marks in (("decimal", decimal, ".,"), ("thousands", thousands, "".join(_MARKS.values()))):
        if mark is not None and (len(mark) != 1 or mark not in marks):
            message = Message(
                "{option} is {marks}",
                option=Argument(name),
                marks=Joined(map(_quoted, marks if name == "decimal" else _MARKS), " or "),
            )
            raise _unusable(name, mark, message)
    group = next((name for name, marks in _MARKS.items() if thousands is not None and thousands in marks), "")
    point = decimal or ("," if group == "." else ".")
    if group == point:
        other = "," if point == "." else "."
        message = Message(
            "'{group}' is the decimal mark here; with {decimal} it is '{other}'",
            group=group,
            other=other,
            decimal=Argument("decimal", other),
        )
        raise _unusable("thousands", group, message)
    return Notation(point, group, frozenset(word.strip() for word in missing), stated=decimal is not None)


def plain_numbers(cells: Sequence[Any]) -> "array[float] | None":
    """The numbers that all cells are in Python's and everybody's notation; None where one is not."""
    try:
        texts = "".join(cells)
        if not texts.isascii() or "_" in texts:  # which Python reads and other programs do not
            return None
    except TypeError:  # cells of records: numbers, or some of each
        if any(isinstance(cell, str) for cell in cells):
            return None
    try:
        return array("d", map(float, cells))
    except (TypeError, ValueError, OverflowError):
        return None


class Mistaken(NamedTuple):
    """The reason why a text is not the number that it looks like, and what to do about it."""

    reason: str
    hint: str


#: What to do about dates and times.
DATE_HINT = Message("write a number in their place, such as the days since the first")
_CLASS_HINT = Message("a word that names a class begins with a letter")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_CURRENCY = re.compile(
    r"([^\W\d_]{1,3}\.?\s*[$€£¥₹₽₩]\s*|(USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|Rs|kr)(\.\s*|\s+))[-+]?[\d.]", re.IGNORECASE
)


def _reads(thousands: str, decimal: str | None = None) -> str:
    """The marks that read a number as it is written."""
    if decimal is None:
        return Message("{thousands} reads it; or write it as 1234.5", thousands=Argument("thousands", thousands))
    marks = arguments(Argument("decimal", decimal), Argument("thousands", thousands))
    return Message("{marks} reads it; or write it as 1234.5", marks=marks)


_COMMAS, _BLANKS = Message("is a number with a comma"), Message("is a number with blanks")
_MONEY, _ALONE = Message("is an amount of money"), Message("write the number alone")
#: Texts that look like numbers, in the order in which they are tried, with a reason and a hint.
_MISTAKEN: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), reason, hint)
    for pattern, reason, hint in (
        (
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?|\d{1,2}:\d{2}(:\d{2}.*)?",
            Message("is a date or a time"),
            DATE_HINT,
        ),
        (r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}\.\d*", _COMMAS, _reads(",")),
        (r"[+-]?\d{1,3}(\.\d{3})+,\d*", _COMMAS, _reads(".", decimal=",")),
        (
            r"[+-]?\d{1,3}(,\d{3})+",
            _COMMAS,
            Message(
                "{thousands} or {decimal} says what the comma is; or write it as 1234.5",
                thousands=Argument("thousands", ","),
                decimal=Argument("decimal", ","),
            ),
        ),
        (
            r"[+-]?\d*,\d+([eE][+-]?\d+)?|[+-]?\d+,",
            _COMMAS,
            Message("{decimal} reads it; or write it with a point, as in 1234.5", decimal=Argument("decimal", ",")),
        ),
        (r"[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+(\.\d*)?", _BLANKS, _reads(" ")),
        (r"[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+,\d*", _BLANKS, _reads(" ", decimal=",")),
        (r"[+-]?\d{1,3}(['\u2019]\d{3})+(\.\d*)?", Message("is a number with apostrophes"), _reads("'")),
        (r"[+-]?\d{1,3}(_\d{3})+(\.\d*)?", Message("is a number with underscores"), _reads("_")),
        (
            r"[+-]?\d[\d_.]*_[\d_.]*",
            Message("is not a number: it has underscores"),
            Message("write it without them, as in 1234.5"),
        ),
        (r"[+-]?[\d.,]+\s*[%‰％]", Message("is a percentage"), Message("leave the sign out: 0.1 is 10%")),
        (
            r"[\u2212\u2013\u2014\u2011\u2010\uff0d]\s*[\d.,].*",
            Message("begins with a minus sign other than the keyboard's"),
            Message("write it with -, as in -1.5"),
        ),
        (
            r"\([\d.,]+\)",
            Message("is a number in brackets"),
            Message("write a negative number with a minus sign, as in -1.5"),
        ),
        (r"[+-]?\d+\s*[/⁄]\s*\d+", Message("is a fraction"), Message("write it as a decimal, as in 0.5 for 1/2")),
        (
            r"[+-]?[\d.]+[dDqQ][+-]?\d+",
            Message("is a number with another letter before its exponent"),
            Message("write it with e, as in 1e3"),
        ),
        (r"[+-]?\W*\d.*[$€£¥₹₽₩].*|[+-]?\s*[$€£¥₹₽₩].*\d.*", _MONEY, _ALONE),
        (
            r"[+-]?[\d.,]+\s*[^\W\d].*",
            Message("is a number with a unit"),
            Message("write the number alone; {hint}", hint=_CLASS_HINT),
        ),
    )
)
#: Words that stand for a missing number in files of other programs.
_ABSENT = {
    "n/a", "na", "n.a.", "n.a", "#n/a", "<na>", "null", "(null)", "\\n", "nil", "missing", "undefined", "nat", "-",
    "--", "---", "?", "??", ".", "..", "*",
}  # fmt: skip
_SPREADSHEET = re.compile(r"#[A-Z0-9/]+[!?]?|None|NONE")


def mistaken(text: str) -> Mistaken | None:
    """The number in another notation that a text looks like, if it does."""
    text = text.strip()
    for pattern, reason, hint in _MISTAKEN:
        if pattern.fullmatch(text):
            return Mistaken(reason, hint)
    if _CURRENCY.match(text):
        return Mistaken(_MONEY, _ALONE)
    # what begins with a digit, whatever signs stand before it, could be a number: it must not become a class unseen
    first = next((character for character in text if unicodedata.category(character)[0] not in "PSZC"), "")
    if first and unicodedata.category(first) in ("Nd", "No"):
        return Mistaken(
            Message("looks like a number, but is not written as one is here"),
            Message("write it as in -1234.5e-3; {hint}", hint=_CLASS_HINT),
        )
    if text.strip("+-\u2212") == "\u221e":
        return Mistaken(Message("is a sign for infinity"), Message("write it as inf"))
    return None


def stands_for_nothing(text: str) -> bool:
    """Whether other programs write this word where a number is missing."""
    return text.strip().casefold() in _ABSENT or _SPREADSHEET.fullmatch(text.strip()) is not None


def decimal_comma(cells: Iterable[str]) -> bool:
    """Whether the numbers among cells, none of which ends at a comma, have commas before their decimals: all that have
    a mark have this one.

    A comma before three digits alone proves nothing.
    """
    proved = False
    for cell in cells:
        text = cell.strip()
        if "," in text and _COMMA.fullmatch(text):
            proved = proved or _GROUPS.fullmatch(text) is None
        elif ("," in text or "." in text) and (
            _NUMBER.fullmatch(text) or _GROUPS.fullmatch(text) or _MIXED.fullmatch(text)
        ):
            return False
    return proved


_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?", re.ASCII)
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_MIXED = re.compile(r"[+-]?\d[\d.,]*", re.ASCII)


def plainly(text: str, whole: bool = False) -> str | None:
    """The number that a word of a command most likely means, as programs write it: 0.1 for `0,1`, `1/10`, `10%`, 1000
    for `1e3` that must be whole.

    None where it may be several, or none.
    """
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2044", "/").strip()
    text = re.sub(r"(?<=\d)[ '\u2019_](?=\d{3}(?!\d))", "", text)
    if whole:
        text = re.sub(r"(?<=\d)[,.](?=\d{3}(?!\d))", "", text)
    elif _COMMA.fullmatch(text) and not _GROUPS.fullmatch(text):
        text = text.replace(",", ".")
    found = re.fullmatch(
        r"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:\s*(?:/\s*(?P<by>\d+)|(?P<percent>%)|(?P<thousands>[kK])|s|sec|f))?"
        r"|(?:(?P<factor>[+-]?[\d.]+)\s*[*x·]\s*)?10\s*(?:\^|\*\*)\s*\(?(?P<power>[+-]?\d+)\)?",
        text,
        re.ASCII,
    )
    if found is None:
        return None
    try:
        if found["power"]:
            value = float(f"{found['factor'] or 1}e{found['power']}")
        else:
            scale = 1000 if found["thousands"] else 1
            value = scale * float(found["number"]) / (100 if found["percent"] else int(found["by"] or 1))
    except (ValueError, ArithmeticError):
        return None
    if whole:
        return str(int(value)) if value == value // 1 else None
    return repr(value).removesuffix(".0")


def _grouped(thousands: str, decimal: str) -> re.Pattern[str]:
    """A number with its digits in groups: of three, in India of two before the last three."""
    mark = f"[{re.escape(_MARKS[thousands])}]"
    return re.compile(
        rf"[+-]?\d{{1,3}}({mark}\d{{2,3}})*{mark}\d{{3}}({re.escape(decimal)}\d*)?([eE][+-]?\d+)?", re.ASCII
    )


def _quoted(mark: str) -> str:
    return f'"{mark}"' if mark in "' " else mark


def _unusable(name: str, mark: str, hint: str) -> DiffcliError:
    source = given(Argument(name, mark))
    message = (
        Message("'{mark}' cannot separate thousands", mark=mark)
        if name == "thousands"
        else Message("'{mark}' cannot be a decimal mark", mark=mark)
    )
    return fault("E402", message, source, hint=hint)
