"""Marks on operands: bars around them, signs before and behind them, digits and brackets of other kinds."""

import re
import unicodedata
from collections.abc import Callable

from diffcli.primitives.table import CONSTANTS, FUNCTION_NAMES
from diffcli.source import Span
from diffcli.syntax.extents import bare, blanks_end, closing, factor_end, factor_start, power_end
from diffcli.syntax.foreign.edit import RAISED, Edits, begins, differentiated, edit


def bars(text: str, place: Span) -> Edits:
    """`|x|`, `||x||`, `‖x‖`, `⌊x⌋`, `⌈x⌉`."""
    for mark, name in (("‖", "norm"), ("||", "norm"), ("|", "abs")):
        found = _paired(text, mark, name)
        if found is not None:
            yield edit(0, len(text), found)
            if mark != "||":
                return
    if "⌊" in text or "⌈" in text:
        written = text
        for mark, meant in {"⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"}.items():
            written = written.replace(mark, meant)
        yield edit(0, len(text), written)


def _paired(text: str, mark: str, name: str) -> str | None:
    """The text with pairs of bars as calls: they open where an operand is wanted, close where one is complete."""
    pieces = text.split(mark)
    if len(pieces) < 3 or len(pieces) % 2 == 0:
        return None
    written, depth = pieces[0], 0
    for piece in pieces[1:]:
        before = written.rstrip()
        complete = before[-1:].isalnum() or before[-1:] in tuple(")]_²³")
        if depth and complete:
            written, depth = f"{before}){piece}", depth - 1
        else:
            gap = " " if before[-1:].isalpha() else ""  # ln|x| is no lnabs
            written, depth = f"{written}{gap}{name}({piece.lstrip()}", depth + 1
    return written if depth == 0 else None


_MARK = re.compile(
    rf"""
      (?P<factorial>!(?!=))
    | (?P<percent>%(?:\s*of\b)?)
    | (?P<remainder>\b(?:mod|MOD)\b)
    | (?P<degrees>[°º˚]|(?<=[\d\s])\s*deg(?:rees?)?\b(?!\s*\())
    | (?P<prime>['′’]+)
    | (?P<raised>[{RAISED}\w]*[{RAISED}ᴬ-ᵪⁱⁿˢˣʸʰʲʳʷᵀ]+)
    """,
    re.VERBOSE,
)


def after_an_operand(text: str, place: Span) -> Edits:
    """`n!`, `5%`, `10% of x`, `7 % 3`, `7 mod 3`, `30°`, `30 deg`, `A'`, `f'(x)`, `xⁿ`, `Aᵀ`."""
    for found in _MARK.finditer(text):
        kind = str(found.lastgroup)
        raised = _raised_start(found[0]) if kind == "raised" else 0
        end = len(text[: found.start() + (raised or 0)].rstrip())
        start = factor_start(text, end)
        if start is not None and raised is not None:
            yield from _MARKS[kind](text, start, text[start:end], end, found.end())


def _raised_start(word: str) -> int | None:
    """The beginning of the raised part of a word, if it is more than digits: those are read as they are."""
    raised = re.search(rf"[{RAISED}ᴬ-ᵪⁱⁿˢˣʸʰʲʳʷᵀ]+$", word)
    return None if raised is None or re.fullmatch("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", raised[0]) else raised.start()


def _factorial(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    factor = re.match(r"[\d.]+(?=[^\W\d])", operand)  # 2x! is 2(x!)
    start += factor.end() if factor else 0
    if "!" not in (text[place - 1], text[end : end + 1]):  # n!! is not (n!)!
        yield edit(start, end, f"gamma({bare(text[start:place])} + 1)")


def _percent(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    of = text[place:end].endswith("of")
    following = factor_end(text, blanks_end(text, end))
    if following is None or of:
        alone = begins(text, start) and re.match(r"\s*(?:[-+*/)\],;\n]|$)(?!\*)", text[end:]) is not None
        yield edit(
            start,
            blanks_end(text, end) if of else end,
            f"{operand}/100" if alone else f"({operand}/100){'*' if of else ''}",
        )
        return
    if comment := re.compile(r"%\s+[A-Za-z][^\n]*").match(text, end - 1):
        yield edit(comment.start(), comment.end(), "")
    if re.fullmatch(r"[\d.]+", operand) and not text[end:following].strip()[0].isdigit():
        yield edit(start, blanks_end(text, end), f"({operand}/100)*")
    yield from _remainder(text, start, operand, place, end)


def _remainder(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    following = factor_end(text, blanks_end(text, end))
    if following is None:
        return
    by = text[end:following].strip()
    remainder = f"{operand} - {by}*floor({operand}/{by})"
    alone = not text[:start].strip() and not text[following:].strip()
    yield edit(start, following, remainder if alone else f"({remainder})")


def _degrees(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    enclosed = text[:start].rstrip().endswith("(") and text[end:].lstrip().startswith(")")
    yield edit(start, end, f"{operand}*pi/180" if enclosed else f"({operand}*pi/180)")


def _prime(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    primes = end - place
    if text[end : end + 1] == "(" and (last := closing(text, end)) is not None:
        variable = bare(text[end : last + 1])
        if re.fullmatch(r"[^\W\d]\w*", variable) and re.search(rf"(?<!\w){re.escape(operand)}\s*\([^()]*\)\s*=", text):
            yield edit(start, last + 1, differentiated(f"{operand}({variable})", variable, primes))
        return
    if primes == 1:
        defined = re.search(rf"(?<!\w){re.escape(operand)}\s*=(?!=)([^;\n]*)", text[:start])
        function = defined[1] if defined else operand if not re.fullmatch(r"\w+", operand) else ""
        variables = {*re.findall(r"[^\W\d]\w*", function)} - FUNCTION_NAMES - {*CONSTANTS}
        if len(variables) == 1:
            yield edit(start, end, differentiated(bare(text[start:place]), variables.pop(), 1))
        yield from _transposed(text, place, end)


def _transposed(text: str, place: int, end: int) -> Edits:
    """The mark of a transpose, and the product that it may stand in: `xᵀx`."""
    following = blanks_end(text, end)
    for sign in (" @ ", "*") if factor_end(text, following) is not None else ("",):
        yield edit(place, following if sign else end, f".T{sign}")


def _raised(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    exponent = unicodedata.normalize("NFKC", text[place:end]).replace("−", "-")
    if exponent == "T":
        yield from _transposed(text, place, end)
        return
    yield edit(place, end, f"^{exponent}" if re.fullmatch(r"\w|\(.*\)", exponent) else f"^({exponent})")


_MARKS: dict[str, Callable[[str, int, str, int, int], Edits]] = {
    "factorial": _factorial,
    "percent": _percent,
    "remainder": _remainder,
    "degrees": _degrees,
    "prime": _prime,
    "raised": _raised,
}


def before_an_operand(text: str, place: Span) -> Edits:
    """`∛x`, `∜x`, `.^`."""
    for found in re.finditer(r"([∛∜])\s*", text):
        end = factor_end(text, found.end())
        if end is not None:
            radicand = text[found.end() : end]
            yield edit(
                found.start(), end, f"cbrt({bare(radicand)})" if found[1] == "∛" else f"({bare(radicand)})^(1/4)"
            )
    for found in re.finditer(r"([∑∏ΣΠ])\s*", text):
        end = power_end(text, found.end())
        if end is not None:
            yield edit(found.start(), end, f"{'sum' if found[1] in '∑Σ' else 'prod'}({bare(text[found.end() : end])})")
    for found in re.finditer(r"\.(?=[\^*/'])", text):
        yield edit(*found.span(), "")


def numbers(text: str, place: Span) -> Edits:
    """`½`, `2½`, `3,5`, `1,000`, `3。5`, `1 000`, `1.5*^3`, `1.5_dp`, `%pi`."""
    for found in re.finditer(r"(?<=\d)\*\^(?=-?\d)", text):
        yield edit(*found.span(), "e")
    for found in re.finditer(r"(?<=[\d.])_(?=[^\W\d_])\w+", text):
        yield edit(*found.span(), "")
    for found in re.finditer(r"(?<![\w).])%(?=(?:pi|e)\b)", text):
        yield edit(*found.span(), "")
    for found in re.finditer(r"(\d*)\s*([¼-¾⅐-⅞])", text):
        fraction = unicodedata.normalize("NFKC", found[2]).replace("⁄", "/")
        if found[1]:
            yield edit(*found.span(), f"({found[1]} + {fraction})")
            yield edit(*found.span(), f"({found[1]}*{fraction})")
        else:
            yield edit(*found.span(), f"({fraction})")
    for found in re.finditer(r"(?<![\d.,])(\d+)([,。])(\d+)(?![\d.,])", text):
        if len(found[3]) == 3 and found[2] == ",":
            yield edit(*found.span(), found[1] + found[3])
        yield edit(*found.span(), f"{found[1]}.{found[3]}")
    for found in re.finditer(r"(?<![\d.,])\d{1,3}(?:([ '\u00a0\u202f])\d{3})(?:\1\d{3})*(?:\.\d+)?(?![\d.,])", text):
        yield edit(*found.span(), found[0].replace(found[1], ""))
    for found in re.finditer(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+),(\d+)(?![\d.,])", text):
        yield edit(*found.span(), f"{found[1].replace('.', '')}.{found[2]}")


def brackets(text: str, place: Span) -> Edits:
    """One bracket too many or too few; `max(x; y)`."""
    if re.search(r"\([^()]*;", text):
        yield edit(0, len(text), re.sub(r"\([^()]*\)", lambda found: found[0].replace(";", ","), text))
    if text[place.start : place.end] in (")", "]"):
        yield edit(place.start, place.end, "")
    if text[place.start : place.end] in ("(", "["):
        yield edit(len(text.rstrip()), len(text), ")" if text[place.start] == "(" else "]")
