"""Texts that are another language as a whole: LaTeX, MATLAB, Python, spoken words, an equation."""

import re
import unicodedata

from diffcli.source import Span
from diffcli.syntax.differentials import quotients
from diffcli.syntax.extents import bare, closing, factor_end, factor_start
from diffcli.syntax.foreign.edit import FUNCTION, Edits, differentiated, edit
from diffcli.syntax.foreign.from_latex import from_latex

#: The order of a derivative, as it is raised in `d^2/dx^2`.
_TIMES = r"(?:\s*(?:\^|\*\*)\s*([1-9])|([²³⁴]))?"

#: What operators and functions are called, between operands, behind one and before one; in Chinese squares and cubes.
_SPOKEN = tuple(
    (rf"{before}\b(?:{words})\b{after}", meant)
    for before, after, spoken in (
        (r"(?<=[\w)])\s+", r"\s+(?=[\w(√|-])", {
            "plus": " + ", "minus": " - ", "times|multiplied by|mal": "*", "over|divided by|durch|geteilt durch": "/",
            "hoch|to the power(?: of)?|raised to(?: the power(?: of)?)?": "^",
        }),
        (r"(?<=[\w)])\s+", "",
            {r"squared|quadrat|zum quadrat|\u7684?\s*\u5e73\u65b9": "^2", r"cubed|\u7684?\s*\u7acb\u65b9": "^3"}),
        ("", r"\s+", {
            "(?:the )?(?:square root of|[Ww]urzel aus)": "sqrt ",
            "(?:the )?(?:derivative of|derive|[Aa]bleitung von)": "",
        }),
        (rf"(?<!\w)(?:the )?(?P<name>{FUNCTION})\s+", r"\s+", {"of|von": r"\g<name> "}),
    )
    for words, meant in spoken.items()
)  # fmt: skip

#: What stands beside a comparison: no bracket opens or closes in it that does not close or open there too.
_COMPARED = r"[^<>=!,;()\n]*(?:\([^()]*\)[^<>=!,;()\n]*)*"


def latex(text: str, place: Span) -> Edits:
    """`\\frac{1}{2}x^2`, `x^{2}`, `$x$`, `x_{1}`; MATLAB's `A\\b`."""
    if quotient := re.search(r"(?<![\\\w])(\w+)\s*\\\s*(\w)(?!\w)", text):
        yield edit(*quotient.span(), f"solve({quotient[1]}, {quotient[2]})")
        return
    if re.search(r"\\(?:(?:sum|prod)\s*_|(?:lim|i*int|oint|begin)(?![A-Za-z]))", text):
        return  # sums with bounds, limits, integrals and cases have no words here
    if re.search(r"\\|[{}]|^\s*\$.*\$\s*$", text):
        written = from_latex(text)
        derivatives = list(leibniz(written, place))
        for found in derivatives:
            yield edit(0, len(text), written[: found.span.start] + found.text + written[found.span.end :])
        if not derivatives:
            yield edit(0, len(text), written)


def wrapping(text: str, place: Span) -> Edits:
    """`=x^2`, `'x^2'`, `lambda x: x^2`, `@(x) x^2`, `function(x) x^2`, `def f(x): return x^2`, `x^2 = ?`, `x^2.`"""
    for found in (
        re.match(r"\s*=+\s*(?=[^=\s])()", text),
        re.match(
            r"\s*(?:lambda\s+[\w,\s]+:|@\s*\([\w,\s]*\)|\(?[\w,\s]+\)?\s*(?:=>|->|↦|⟼)"
            r"|function\s*\([\w,\s]*\)|def\s+\w+\s*\([\w,\s]*\)\s*:\s*return\b|return\b|print(?=\s*\())\s*()",
            text,
        ),
        re.match(r"\s*(?:[^\W\d]\w*\s*(?:\([\w\s,]*\))?\s*)?:=\s*()", text),
        re.search(r"\s*(?:[。.,?]+|=\s*[?？]?)\s*$()", text),
    ):
        if found:
            yield edit(found.start(), found.end(), "")
    quoted = re.fullmatch(r"""\s*(["'`]+)(.*?)(["'`]+)\s*""", text, re.DOTALL)
    if quoted:
        yield edit(0, len(text), quoted[2])


def equation(text: str, place: Span) -> Edits:
    """`x^2 = 4`: the function whose zeros it has, or a comparison."""
    found = re.fullmatch(r"([^=<>!:;\n]+)=([^=;\n]+)", text)
    if (
        found
        and found[1].count("(") == found[1].count(")")
        and not re.fullmatch(r"\s*(?:param\s+)?[^\W\d]\w*\s*", found[1])
    ):
        left, right = found[1].strip(), found[2].strip()
        yield edit(
            0,
            len(text),
            left if right == "0" else f"{left} - ({right})" if re.search(r"[-+<>=!]", right) else f"{left} - {right}",
        )
        yield edit(0, len(text), f"{left} == {right}")


def spoken(text: str, place: Span) -> Edits:
    """`x times y`, `x hoch 2`, `square root of x`, `sin of x`, `derivative of x^2`."""
    written = text
    written = re.sub(r"([\w.]+)\s+choose\s+([\w.]+)", r"binom(\1, \2)", written)
    for phrase, meant in _SPOKEN:
        written = re.sub(phrase, meant, written)
    if written != text:
        yield edit(0, len(text), written)


def leibniz(text: str, place: Span) -> Edits:
    """`d/dx x^2`, `d/dx(x^2)`, `∂/∂x x^2`, `(d/dx) x^2`, `d²/dx² x^3`, `d(x^2)/dx`, `∂f/∂x`, `D x^2`."""
    found = _OPERATOR.search(text)
    if found is not None and found.end() < len(text):
        start, last = found.end(), len(text.rstrip())
        end = closing(text, start) if text[start] in "([" else None
        term = _term_end(text, start)
        ends = [end + 1] if end is not None else [term] if _OPERATOR.search(text, term) else [last, term]
        times = unicodedata.normalize("NFKC", found[1] or found[2] or "1")
        if times != unicodedata.normalize("NFKC", found[4] or found[5] or "1"):
            return
        for end in dict.fromkeys(ends):
            function = bare(
                text[start:end].removeprefix("[").removesuffix("]") if text[start] == "[" else text[start:end]
            )
            yield edit(found.start(), end, differentiated(function, found[3], int(times)))
            if found.start() == 0 and end == last:
                yield edit(0, len(text), function)
        return
    functions = {name[1] for name in re.finditer(r"([^\W\d]\w*)\s*\([\w\s,]*\)\s*=(?!=)", text)}
    intermediates = {name[1] for name in re.finditer(r"(?<!\w)([^\W\d]\w*)\s*=(?!=)", text)}
    for quotient in quotients(text):
        yield from quotient.edits(intermediates, functions)
    operator = re.match(r"\s*(?:D_?([a-z])?|∇|grad)\s+(?=[\w(√])|\s*∇\s*", text)
    if operator:
        function = text[operator.end() :].strip()
        yield edit(0, len(text), differentiated(function, operator[1], 1) if operator[1] else function)


_OPERATOR = re.compile(
    rf"\(?(?<!\w)[d∂]{_TIMES}\s*/\s*[d∂]\s*([^\W\d_]\w*?){_TIMES}\s*\)?(?=[\s(\[]|[^\w\s])\s*(?![-+*/^=]\s)"
)


def _term_end(text: str, start: int) -> int:
    """Where the term that begins at a place ends: at a sign or a break outside of brackets."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        signed = text[place] in "+-" and text[start:place].strip() and text[:place].rstrip()[-1] not in "*/^([,"
        if depth < 0 or (depth == 0 and (signed or text[place] in ";\n")):
            return len(text[:place].rstrip())
    return len(text.rstrip())


def lists(text: str, place: Span) -> Edits:
    """`[1 2 3]`, `[1; 2]`, `[1 2; 3 4]`: MATLAB's rows."""
    for found in re.finditer(r"(?<![\w)])\[[^\[\]]*\]", text):  # Cos[2 x] is a call
        rows = [re.split(r"\s*,\s*|\s+", row.strip()) for row in found[0][1:-1].split(";")]
        if (
            (len(rows) > 1 or len(rows[0]) > 1)
            and "," not in found[0]
            and all(re.fullmatch(r"[-+]?[\w.]+", cell) for row in rows for cell in row)
        ):
            written = [f"[{', '.join(row)}]" for row in rows]
            yield edit(*found.span(), written[0] if len(rows) == 1 else f"[{', '.join(written)}]")


def choices(text: str, place: Span) -> Edits:
    """`x if x > 0 else 0`, `x > 0 ? x : 0`."""
    python = re.fullmatch(r"(.+?)\bif\b(.+?)\belse\b(.+)", text, re.DOTALL)
    if python:
        yield edit(0, len(text), f"where({python[2].strip()}, {python[1].strip()}, {python[3].strip()})")
    c = re.fullmatch(r"([^?]+)\?([^:]+):(.+)", text, re.DOTALL)
    if c:
        yield edit(0, len(text), f"where({c[1].strip()}, {c[2].strip()}, {c[3].strip()})")


def words(text: str, place: Span) -> Edits:
    """`x^2 and y`, `a && b`, `x // 2`."""
    for found in re.finditer(r"(?<=\S)\s*(?:\band\b|&&?|∧)\s*(?=\S)", text):
        start, end = factor_start(text, found.start()), factor_end(text, found.end())
        if start is not None and end is not None:
            yield edit(0, len(text), f"({bare(text[: found.start()])})*({bare(text[found.end() :])})")
    for found in re.finditer(r"//\s+[A-Za-z][^\n]*", text):  # a comment
        yield edit(*found.span(), "")
    for found in re.finditer(r"\s*//\s*", text):
        start, end = factor_start(text, found.start()), factor_end(text, found.end())
        if start is not None and end is not None:
            yield edit(start, end, f"floor({text[start : found.start()]}/{text[found.end() : end]})")


def signs(text: str, place: Span) -> Edits:
    """`±` is one of two; `0 < x < 1`, `x => 1`, `x <> 1`."""
    chains = (
        re.finditer(rf"({_COMPARED})([<>]=?)({_COMPARED})([<>]=?)({_COMPARED})", text)
        if re.search(r"[<>][^<>\n]*[<>]", text)
        else ()
    )
    for found in chains:
        left, first, middle, second, right = (part.strip() for part in found.groups())
        if left and middle and right:
            yield edit(*found.span(), f"({left} {first} {middle})*({middle} {second} {right})")
    for written, meant in {"=>": ">=", "=<": "<=", "<>": "!=", "~=": "!="}.items():
        for found in re.finditer(written, text):
            parameter = text[: found.start()].strip()
            if written != "=>" or not re.search(rf"\b{re.escape(parameter)}\b", text[found.end() :]):  # x => x*x
                yield edit(*found.span(), meant)
    for found in re.finditer("[±∓]", text):
        yield edit(*found.span(), "+" if found[0] == "±" else "-")
        yield edit(*found.span(), "-" if found[0] == "±" else "+")
