"""Functions as other places apply them: raised, without brackets, of a module, as a method."""

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from diffcli.errors import Edit
from diffcli.primitives.table import CONSTANTS, FUNCTION_NAMES
from diffcli.source import Span
from diffcli.syntax.extents import BLANK, bare, blanks_end, closing, factor_end, factor_start, power_end
from diffcli.syntax.foreign.edit import RAISED, Edits, begins, edit
from diffcli.syntax.synonyms import FOREIGN_NAMES

#: Foreign names that are also words: no argument stands after them without brackets.
_ALSO_WORDS = {"if", "d", "int", "select", "deg", "mod", "rem"}
_NAMES = frozenset(name for name in FUNCTION_NAMES | FOREIGN_NAMES - _ALSO_WORDS if len(name) > 1)
_APPLIED = "|".join(sorted(_NAMES, key=len, reverse=True))
_INVERSES = {name: f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}
_MODULES = "np|numpy|jnp|jax|math|Math|cmath|torch|F|nn|tf|sp|sympy|scipy|special|K|cp"


def powers_of_functions(text: str, place: Span) -> Edits:
    """`sin^2 x`, `sin²(x)`, `ln^2(x)`, `sin^-1(x)`, `tan⁻¹ x`."""
    exponent = r"[-−]?(?:\d+|[^\W\d]\w*)|\(\s*[-−]?\s*\w+(?:/\w+)?\s*\)"
    for found in re.finditer(rf"(?<![^\W\d])({_APPLIED})\s*(?:(?:\^|\*\*)\s*({exponent})|([{RAISED}]+))\s*", text):
        name, power = (
            found[1],
            bare(found[2] or unicodedata.normalize("NFKC", found[3])).replace("−", "-").replace(" ", ""),
        )
        for argument, end in _arguments(text, found.end()):
            if power == "-1":
                if name in _INVERSES:
                    yield edit(found.start(), end, f"{_INVERSES[name]}({argument})")
                yield edit(
                    found.start(),
                    end,
                    f"1/{name}({argument})" if begins(text, found.start()) else f"(1/{name}({argument}))",
                )
            else:
                following = blanks_end(text, end)
                multiplied = factor_end(text, following) is not None
                raised = f"{name}({argument})^{power if power.isalnum() else f'({power})'}"
                yield edit(found.start(), following if multiplied else end, f"{raised}*" if multiplied else raised)


def based_logarithms(text: str, place: Span) -> Edits:
    """`log_2(x)`, `log₂ x`, `log_b(x)`, `log_10 x`, `log base 2 of x`."""
    written = r"(?:log|lg|ln)(?:_\(?(\w+?)\)?|([0-9₀-₉]+))\s*(?=[\s(])\s*"
    said = rf"log(?:arithm)?{BLANK}+(?:to{BLANK}+)?base{BLANK}+(\w+){BLANK}+(?:of\b{BLANK}*)?"
    for found in re.finditer(rf"\b(?:{written}|{said})", text):
        base = found[1] or found[3] or unicodedata.normalize("NFKC", found[2])
        base = base.lstrip("_") if not re.search("[₀-₉]", base) else unicodedata.normalize("NFKC", base)
        if not base:
            continue
        for argument, end in _arguments(text, found.end()):
            yield edit(
                found.start(),
                end,
                f"log{base}({argument})" if base in ("2", "10") else _ratio(text, found.start(), argument, base),
            )


def _ratio(text: str, start: int, argument: str, base: str) -> str:
    ratio = f"log({argument})/log({base})"
    return ratio if begins(text, start) else f"({ratio})"


def arguments_without_brackets(text: str, place: Span) -> Edits:
    """`sin x`, `ln 2x`, `cos -x`, `sqrt x`, `exp √x`."""
    for found in re.finditer(r"\b[Aa]r[ce]?a?\s+(?=(?:sin|cos|tan)h?\b)", text):  # arc sin x
        yield edit(*found.span(), "a")
    for found in re.finditer(rf"(?<![^\W\d])({_APPLIED})\b(?!\s*[(\[=^*,)]|\s*$){BLANK}*", text):
        for argument, end in _arguments(text, found.end()):
            following = blanks_end(text, end)
            if following > end and re.match(r"[^\W\d]", text[following:]):
                yield edit(found.start(), following, f"{found[1]}({argument})*")
            else:
                yield edit(found.start(), end, f"{found[1]}({argument})")


def _arguments(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Possible arguments after a function without brackets, and their ends: `2x`, `-x`, `x^2` or `x`."""
    sign = re.match(r"[-−]\s*", text[start:])
    first = start + (sign.end() if sign else 0)
    end = factor_end(text, first)
    if end is None:
        return
    if text[first] == "(" and not sign:
        yield bare(text[first:end]), end
        return
    run = power = power_end(text, first) or end
    least = None if text[first:end] in CONSTANTS or text[first].isdigit() else run
    while True:  # 2x, 2 pi x: up to the next function
        following = blanks_end(text, run)
        word = re.match(r"[^\W\d]\w*", text[following:])
        if word is None or word[0] in _NAMES or word[0] in ("if", "else", "and", "or"):
            break
        run = power_end(text, following) or following
        least = least or (None if word[0] in CONSTANTS else run)
    lead = sign[0].strip() if sign else ""
    yield f"{lead}{_product(text[first:run])}", run
    if not sign and least is not None and power <= least < run:
        yield _product(text[first:least]), least  # sin x y may be sin(x)*y
    if not sign and power > end:
        yield text[first:end], end  # sin x^2 may be sin(x)^2
    after = blanks_end(text, run)
    if after < len(text) and text[after] in "*/·×÷":  # sin x/2 may be sin(x/2)
        further = power_end(text, blanks_end(text, after + 1))
        if further is not None:
            yield text[first:further], further


def _product(text: str) -> str:
    """Factors beside each other, with signs between them."""
    return re.sub(r"(?<=[\w)])\s+(?=[\w(])|(?<=\d)(?=[^\W\d])(?![eE][+-]?\d)", "*", text)


def other_brackets(text: str, place: Span) -> Edits:
    """`Sin[x]`, `Exp[-x]`, `D[x^2, x]`; `PI()`."""
    written = text
    while call := next(filter(None, map(partial(_mathematica_call, written), _CALL.finditer(written))), None):
        written = written[: call.span.start] + call.text + written[call.span.end :]
    if written != text:  # all of them: D[Sin[x], x] is no array with two indices
        yield edit(0, len(text), written)
    for found in re.finditer(r"\b(pi|e|tau)\(\s*\)", text, re.IGNORECASE):
        yield edit(*found.span(), found[1].lower())


_CALL = re.compile(r"\b([^\W\d_]\w*)\[")


def _mathematica_call(text: str, found: re.Match[str]) -> Edit | None:
    end, name = closing(text, found.end() - 1), _meant_function(found[1])
    if end is None or name is None:
        return None
    arguments = text[found.end() : end]
    if name == "log" and (parts := re.fullmatch(r"(\w+)\s*,\s*([^,]+)", arguments)):  # the base comes first
        ratio = f"log({parts[2]})/log({parts[1]})"
        return edit(found.start(), end + 1, ratio if found[0] + arguments + "]" == text.strip() else f"({ratio})")
    return edit(found.start(), end + 1, f"{name}({arguments})")


def _meant_function(name: str) -> str | None:
    """The function of the language that a name of Mathematica stands for."""
    word = name.casefold().replace("arc", "a")
    return "d" if name == "D" else word if word in FUNCTION_NAMES else None


def modules(text: str, place: Span) -> Edits:
    """`np.sin(x)`, `math.pi`, `torch.nn.functional.relu(x)`."""
    for found in re.finditer(rf"\b(?:(?:{_MODULES}|linalg|functional|numpy|random)\.)+(?=[A-Za-z])", text):
        yield edit(*found.span(), "")


def methods(text: str, place: Span) -> Edits:
    """`x.mean()`, `(x - 1).pow(2)`, `x.T()`."""
    for found in re.finditer(r"\.([A-Za-z_]\w*)\(", text):
        start, end = factor_start(text, found.start()), closing(text, found.end() - 1)
        if start is None or end is None:
            continue
        receiver, rest = text[start : found.start()], text[found.end() : end].strip()
        if found[1] in ("T", "t", "transpose"):
            if not rest:
                yield edit(found.start(), end + 1, ".T")
        elif found[1].rstrip("_") in FUNCTION_NAMES:
            yield edit(start, end + 1, f"{found[1].rstrip('_')}({bare(receiver)}{', ' if rest else ''}{rest})")
        else:
            yield edit(start, end + 1, receiver)
