"""How other places write mathematics, and what that is here: edits of a text that could not be read.

Each rule looks at the text, or at what stands at the mistake, and proposes edits; whether the text
can be read then is tried by whoever asked. A rule may therefore propose too much, but never what
would be read as something else than was meant.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

from diffcli.errors import Edit
from diffcli.primitives.table import CONSTANTS, FUNCTION_NAMES
from diffcli.source import Span
from diffcli.syntax.differentials import quotients
from diffcli.syntax.extents import BLANK, bare, blanks_end, closing, factor_end, factor_start, power_end
from diffcli.syntax.latex import from_latex
from diffcli.syntax.synonyms import FOREIGN_NAMES

_FUNCTION = "|".join(sorted((name for name in FUNCTION_NAMES if len(name) > 1), key=len, reverse=True))
#: Names after which an argument may stand without brackets, and some that are also words.
_ALSO_WORDS = {"if", "d", "int", "select", "deg", "mod", "rem"}
_APPLIED = "|".join(
    sorted((name for name in FUNCTION_NAMES | FOREIGN_NAMES - _ALSO_WORDS if len(name) > 1), key=len, reverse=True)
)
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾"
#: The order of a derivative, as it is raised in `d^2/dx^2`.
_TIMES = r"(?:\s*(?:\^|\*\*)\s*([1-9])|([²³⁴]))?"
_INVERSES = {name: f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}
_MODULES = "np|numpy|jnp|jax|math|Math|cmath|torch|F|nn|tf|sp|sympy|scipy|special|K|cp"

#: What operators and functions are called, between operands, behind one and before one.
_SPOKEN = tuple(
    (rf"{before}\b(?:{words})\b{after}", meant)
    for before, after, spoken in (
        (r"(?<=[\w)])\s+", r"\s+(?=[\w(√|-])", {
            "plus": " + ", "minus": " - ", "times|multiplied by|mal": "*", "over|divided by|durch|geteilt durch": "/",
            "hoch|to the power(?: of)?|raised to(?: the power(?: of)?)?": "^",
        }),
        (r"(?<=[\w)])\s+", "", {"squared|quadrat|zum quadrat": "^2", "cubed": "^3"}),
        ("", r"\s+", {"(?:the )?(?:square root of|[Ww]urzel aus)": "sqrt ", "(?:the )?(?:derivative of|derive|[Aa]bleitung von)": ""}),
        (rf"(?<!\w)(?:the )?(?P<name>{_FUNCTION})\s+", r"\s+", {"of|von": r"\g<name> "}),
    )
    for words, meant in spoken.items()
)  # fmt: skip

#: What stands beside a comparison: no bracket opens or closes in it that does not close or open there too.
_COMPARED = r"[^<>=!,;()\n]*(?:\([^()]*\)[^<>=!,;()\n]*)*"

Edits = Iterator[Edit]
#: Edits of one rule for one mistake: its own is among the first.
_MOST_OF_A_RULE = 20


def foreign_edits(text: str, place: Span) -> tuple[Edit, ...]:
    """What to change in a text with a mistake at `place`, each edit a reading of its own."""
    return tuple(edit for rule in _RULES for edit in islice(rule(text, place), _MOST_OF_A_RULE))


def certain_edits(text: str, place: Span) -> tuple[Edit, ...]:
    """The edits for what is without a doubt another language: whatever else might be changed is not what was meant."""
    return next((edits for rule in _CERTAIN if (edits := tuple(islice(rule(text, place), _MOST_OF_A_RULE)))), ())


def _edit(start: int, end: int, text: str) -> Edit:
    return Edit(Span(start, end), text)


# The text as a whole --------------------------------------------------------------------------


def _latex(text: str, place: Span) -> Edits:
    """`\\frac{1}{2}x^2`, `x^{2}`, `$x$`, `x_{1}`; MATLAB's `A\\b`."""
    if quotient := re.fullmatch(r"\s*(\w+)\s*\\\s*(\w)\s*", text):
        yield _edit(0, len(text), f"solve({quotient[1]}, {quotient[2]})")
        return
    if re.search(r"\\(?:(?:sum|prod)\s*_|(?:lim|i*int|oint|begin)(?![A-Za-z]))", text):
        return  # sums with bounds, limits, integrals and cases have no words here
    if re.search(r"\\|[{}]|^\s*\$.*\$\s*$", text):
        written = from_latex(text)
        derivatives = list(_leibniz(written, place))
        for edit in derivatives:
            yield _edit(0, len(text), written[: edit.span.start] + edit.text + written[edit.span.end :])
        if not derivatives:
            yield _edit(0, len(text), written)


def _wrapping(text: str, place: Span) -> Edits:
    """`=x^2`, `'x^2'`, `lambda x: x^2`, `@(x) x^2`, `x^2 = ?`, `x^2.`"""
    for found in (
        re.match(r"\s*=+\s*(?=[^=\s])()", text),
        re.match(
            r"\s*(?:lambda\s+[\w,\s]+:|@\s*\([\w,\s]*\)|\(?[\w,\s]+\)?\s*(?:=>|->|↦|⟼)|return\b|print(?=\s*\())\s*()",
            text,
        ),
        re.match(r"\s*(?:[^\W\d]\w*\s*(?:\([\w\s,]*\))?\s*)?:=\s*()", text),
        re.search(r"\s*(?:[。.,?]+|=\s*[?？]?)\s*$()", text),
    ):
        if found:
            yield _edit(found.start(), found.end(), "")
    quoted = re.fullmatch(r"""\s*(["'`]+)(.*?)(["'`]+)\s*""", text, re.DOTALL)
    if quoted:
        yield _edit(0, len(text), quoted[2])


def _equation(text: str, place: Span) -> Edits:
    """`x^2 = 4`: the function whose zeros it has, or a comparison."""
    found = re.fullmatch(r"([^=<>!:;\n]+)=([^=;\n]+)", text)
    if (
        found
        and found[1].count("(") == found[1].count(")")
        and not re.fullmatch(r"\s*(?:param\s+)?[^\W\d]\w*\s*", found[1])
    ):
        left, right = found[1].strip(), found[2].strip()
        yield _edit(
            0,
            len(text),
            left if right == "0" else f"{left} - ({right})" if re.search(r"[-+<>=!]", right) else f"{left} - {right}",
        )
        yield _edit(0, len(text), f"{left} == {right}")


def _spoken(text: str, place: Span) -> Edits:
    """`x times y`, `x hoch 2`, `square root of x`, `sin of x`, `derivative of x^2`."""
    written = text
    for phrase, meant in _SPOKEN:
        written = re.sub(phrase, meant, written)
    if written != text:
        yield _edit(0, len(text), written)


def _leibniz(text: str, place: Span) -> Edits:
    """`d/dx x^2`, `d/dx(x^2)`, `∂/∂x x^2`, `(d/dx) x^2`, `d²/dx² x^3`, `d(x^2)/dx`, `∂f/∂x`, `D x^2`."""
    found = _OPERATOR.search(text)
    if found is not None and found.end() < len(text):
        start, last = found.end(), len(text.rstrip())
        end = closing(text, start) if text[start] == "(" else None
        term = _term_end(text, start)
        ends = [end + 1] if end is not None else [term] if _OPERATOR.search(text, term) else [last, term]
        times = unicodedata.normalize("NFKC", found[1] or found[2] or "1")
        if times != unicodedata.normalize("NFKC", found[4] or found[5] or "1"):
            return
        for end in dict.fromkeys(ends):
            function = bare(text[start:end])
            yield _edit(found.start(), end, _differentiated(function, found[3], int(times)))
            if found.start() == 0 and end == last:
                yield _edit(0, len(text), function)
        return
    functions = {name[1] for name in re.finditer(r"([^\W\d]\w*)\s*\([\w\s,]*\)\s*=(?!=)", text)}
    intermediates = {name[1] for name in re.finditer(r"(?<!\w)([^\W\d]\w*)\s*=(?!=)", text)}
    for quotient in quotients(text):
        yield from quotient.edits(intermediates, functions)
    operator = re.match(r"\s*(?:D_?([a-z])?|∇|grad)\s+(?=[\w(√])|\s*∇\s*", text)
    if operator:
        function = text[operator.end() :].strip()
        yield _edit(0, len(text), _differentiated(function, operator[1], 1) if operator[1] else function)


_OPERATOR = re.compile(
    rf"\(?(?<!\w)[d∂]{_TIMES}\s*/\s*[d∂]\s*([^\W\d_]\w*?){_TIMES}\s*\)?(?=[\s(\[]|[^\w\s])\s*(?![-+*/^=])"
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


def _differentiated(function: str, variable: str, times: int) -> str:
    return f"d({_differentiated(function, variable, times - 1)}, {variable})" if times else function


def _lists(text: str, place: Span) -> Edits:
    """`[1 2 3]`, `[1; 2]`, `[1 2; 3 4]`: MATLAB's rows."""
    for found in re.finditer(r"\[[^\[\]]*\]", text):
        rows = [re.split(r"\s*,\s*|\s+", row.strip()) for row in found[0][1:-1].split(";")]
        if (
            (len(rows) > 1 or len(rows[0]) > 1)
            and "," not in found[0]
            and all(re.fullmatch(r"[-+]?[\w.]+", cell) for row in rows for cell in row)
        ):
            written = [f"[{', '.join(row)}]" for row in rows]
            yield _edit(*found.span(), written[0] if len(rows) == 1 else f"[{', '.join(written)}]")


def _choices(text: str, place: Span) -> Edits:
    """`x if x > 0 else 0`, `x > 0 ? x : 0`."""
    python = re.fullmatch(r"(.+?)\bif\b(.+?)\belse\b(.+)", text, re.DOTALL)
    if python:
        yield _edit(0, len(text), f"where({python[2].strip()}, {python[1].strip()}, {python[3].strip()})")
    c = re.fullmatch(r"([^?]+)\?([^:]+):(.+)", text, re.DOTALL)
    if c:
        yield _edit(0, len(text), f"where({c[1].strip()}, {c[2].strip()}, {c[3].strip()})")


def _words(text: str, place: Span) -> Edits:
    """`x^2 and y`, `a && b`, `x // 2`."""
    for found in re.finditer(r"(?<=\S)\s*(?:\band\b|&&?|∧)\s*(?=\S)", text):
        start, end = factor_start(text, found.start()), factor_end(text, found.end())
        if start is not None and end is not None:
            yield _edit(0, len(text), f"({bare(text[: found.start()])})*({bare(text[found.end() :])})")
    for found in re.finditer(r"//\s+[A-Za-z][^\n]*", text):  # a comment
        yield _edit(*found.span(), "")
    for found in re.finditer(r"\s*//\s*", text):
        start, end = factor_start(text, found.start()), factor_end(text, found.end())
        if start is not None and end is not None:
            yield _edit(start, end, f"floor({text[start : found.start()]}/{text[found.end() : end]})")


def _signs(text: str, place: Span) -> Edits:
    """`±` is one of two; `0 < x < 1`, `x => 1`, `x <> 1`."""
    chains = (
        re.finditer(rf"({_COMPARED})([<>]=?)({_COMPARED})([<>]=?)({_COMPARED})", text)
        if re.search(r"[<>][^<>\n]*[<>]", text)
        else ()
    )
    for found in chains:
        left, first, middle, second, right = (part.strip() for part in found.groups())
        if left and middle and right:
            yield _edit(*found.span(), f"({left} {first} {middle})*({middle} {second} {right})")
    for written, meant in {"=>": ">=", "=<": "<=", "<>": "!=", "~=": "!="}.items():
        for found in re.finditer(written, text):
            parameter = text[: found.start()].strip()
            if written != "=>" or not re.search(rf"\b{re.escape(parameter)}\b", text[found.end() :]):  # x => x*x
                yield _edit(*found.span(), meant)
    for found in re.finditer("[±∓]", text):
        yield _edit(*found.span(), "+" if found[0] == "±" else "-")
        yield _edit(*found.span(), "-" if found[0] == "±" else "+")


# Functions --------------------------------------------------------------------------------------


def _powers_of_functions(text: str, place: Span) -> Edits:
    """`sin^2 x`, `sin²(x)`, `ln^2(x)`, `sin^-1(x)`, `tan⁻¹ x`."""
    exponent = r"[-−]?(?:\d+|[^\W\d]\w*)|\(\s*[-−]?\s*\w+(?:/\w+)?\s*\)"
    for found in re.finditer(rf"(?<![^\W\d])({_FUNCTION})\s*(?:(?:\^|\*\*)\s*({exponent})|([{_RAISED}]+))\s*", text):
        name, power = (
            found[1],
            bare(found[2] or unicodedata.normalize("NFKC", found[3])).replace("−", "-").replace(" ", ""),
        )
        for argument, end in _arguments(text, found.end()):
            if power == "-1":
                if name in _INVERSES:
                    yield _edit(found.start(), end, f"{_INVERSES[name]}({argument})")
                yield _edit(
                    found.start(),
                    end,
                    f"1/{name}({argument})" if _begins(text, found.start()) else f"(1/{name}({argument}))",
                )
            else:
                following = blanks_end(text, end)
                multiplied = factor_end(text, following) is not None
                raised = f"{name}({argument})^{power if power.isalnum() else f'({power})'}"
                yield _edit(found.start(), following if multiplied else end, f"{raised}*" if multiplied else raised)


def _based_logarithms(text: str, place: Span) -> Edits:
    """`log_2(x)`, `log₂ x`, `log_b(x)`, `log_10 x`."""
    for found in re.finditer(r"\b(?:log|lg|ln)(?:_\(?(\w+?)\)?|([0-9₀-₉]+))\s*(?=[\s(])\s*", text):
        base = found[1] or unicodedata.normalize("NFKC", found[2])
        base = base.lstrip("_") if not re.search("[₀-₉]", base) else unicodedata.normalize("NFKC", base)
        if not base:
            continue
        for argument, end in _arguments(text, found.end()):
            yield _edit(
                found.start(),
                end,
                f"log{base}({argument})" if base in ("2", "10") else _ratio(text, found.start(), argument, base),
            )


def _ratio(text: str, start: int, argument: str, base: str) -> str:
    ratio = f"log({argument})/log({base})"
    return ratio if _begins(text, start) else f"({ratio})"


def _arguments_without_brackets(text: str, place: Span) -> Edits:
    """`sin x`, `ln 2x`, `cos -x`, `sqrt x`, `exp √x`."""
    for found in re.finditer(r"\b[Aa]r[ce]?a?\s+(?=(?:sin|cos|tan)h?\b)", text):  # arc sin x
        yield _edit(*found.span(), "a")
    for found in re.finditer(rf"(?<![^\W\d])({_APPLIED})\b(?!\s*[(\[=^*,)]|\s*$){BLANK}*", text):
        for argument, end in _arguments(text, found.end()):
            yield _edit(found.start(), end, f"{found[1]}({argument})")


def _arguments(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The arguments that may be meant after a function without brackets, and where each ends: `2x`, `-x`, `x^2` or `x`."""
    sign = re.match(r"[-−]\s*", text[start:])
    first = start + (sign.end() if sign else 0)
    end = factor_end(text, first)
    if end is None:
        return
    if text[first] == "(" and not sign:
        yield bare(text[first:end]), end
        return
    run = power = power_end(text, first) or end
    while True:  # 2x, 2 pi x: up to the next function
        following = blanks_end(text, run)
        word = re.match(r"[^\W\d]\w*", text[following:])
        if word is None or word[0] in FUNCTION_NAMES or word[0] in ("if", "else", "and", "or"):
            break
        run = power_end(text, following) or following
    product = re.sub(r"(?<=[\w)])\s+(?=[\w(])|(?<=\d)(?=[^\W\d])(?![eE][+-]?\d)", "*", text[first:run])
    lead = sign[0].strip() if sign else ""
    yield f"{lead}{product}", run
    if not sign and power > end:
        yield text[first:end], end  # sin x^2 may be sin(x)^2
    after = blanks_end(text, run)
    if after < len(text) and text[after] in "*/·×÷":  # sin x/2 may be sin(x/2)
        further = power_end(text, blanks_end(text, after + 1))
        if further is not None:
            yield text[first:further], further


def _other_brackets(text: str, place: Span) -> Edits:
    """`Sin[x]`, `Exp[-x]`, `D[x^2, x]`; `PI()`."""
    for found in re.finditer(r"\b([^\W\d_]\w*)\[", text):
        end = closing(text, found.end() - 1)
        name = _meant_function(found[1])
        if end is not None and name is not None:
            yield _edit(found.start(), end + 1, f"{name}({text[found.end() : end]})")
    for found in re.finditer(r"\b(pi|e|tau)\(\s*\)", text, re.IGNORECASE):
        yield _edit(*found.span(), found[1].lower())


def _meant_function(name: str) -> str | None:
    """The function of the language that a name of Mathematica stands for."""
    word = name.casefold().replace("arc", "a")
    return "d" if name == "D" else word if word in FUNCTION_NAMES else None


def _modules(text: str, place: Span) -> Edits:
    """`np.sin(x)`, `math.pi`, `torch.nn.functional.relu(x)`."""
    for found in re.finditer(rf"\b(?:(?:{_MODULES}|linalg|functional|numpy|random)\.)+(?=[A-Za-z])", text):
        yield _edit(*found.span(), "")


def _methods(text: str, place: Span) -> Edits:
    """`x.mean()`, `(x - 1).pow(2)`, `x.T()`."""
    for found in re.finditer(r"\.([A-Za-z_]\w*)\(", text):
        start, end = factor_start(text, found.start()), closing(text, found.end() - 1)
        if start is None or end is None:
            continue
        receiver, rest = text[start : found.start()], text[found.end() : end].strip()
        if found[1] in ("T", "t", "transpose") and not rest:
            yield _edit(found.start(), end + 1, ".T")
        elif found[1].rstrip("_") in FUNCTION_NAMES:
            yield _edit(start, end + 1, f"{found[1].rstrip('_')}({bare(receiver)}{', ' if rest else ''}{rest})")
        else:
            yield _edit(start, end + 1, receiver)


# Marks ------------------------------------------------------------------------------------------


def _bars(text: str, place: Span) -> Edits:
    """`|x|`, `||x||`, `‖x‖`, `⌊x⌋`, `⌈x⌉`."""
    for mark, name in (("‖", "norm"), ("||", "norm"), ("|", "abs")):
        found = _paired(text, mark, name)
        if found is not None:
            yield _edit(0, len(text), found)
            if mark != "||":
                return
    if "⌊" in text or "⌈" in text:
        written = text
        for mark, meant in {"⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"}.items():
            written = written.replace(mark, meant)
        yield _edit(0, len(text), written)


def _paired(text: str, mark: str, name: str) -> str | None:
    """The text with each pair of bars as a call: a bar opens where an operand is wanted, and closes where one is complete."""
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
    | (?P<raised>[{_RAISED}\w]*[{_RAISED}ᴬ-ᵪⁱⁿˢˣʸʰʲʳʷᵀ]+)
    """,
    re.VERBOSE,
)


def _after_an_operand(text: str, place: Span) -> Edits:
    """`n!`, `5%`, `10% of x`, `7 % 3`, `7 mod 3`, `30°`, `30 deg`, `A'`, `f'(x)`, `xⁿ`, `Aᵀ`."""
    for found in _MARK.finditer(text):
        kind = str(found.lastgroup)
        raised = _raised_start(found[0]) if kind == "raised" else 0
        end = len(text[: found.start() + (raised or 0)].rstrip())
        start = factor_start(text, end)
        if start is not None and raised is not None:
            yield from _MARKS[kind](text, start, text[start:end], end, found.end())


def _raised_start(word: str) -> int | None:
    """Where the raised part of a word begins, if it is more than digits: those are read as they are."""
    raised = re.search(rf"[{_RAISED}ᴬ-ᵪⁱⁿˢˣʸʰʲʳʷᵀ]+$", word)
    return None if raised is None or re.fullmatch("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", raised[0]) else raised.start()


def _factorial(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    factor = re.match(r"[\d.]+(?=[^\W\d])", operand)  # 2x! is 2(x!)
    start += factor.end() if factor else 0
    if "!" not in (text[place - 1], text[end : end + 1]):  # n!! is not (n!)!
        yield _edit(start, end, f"gamma({bare(text[start:place])} + 1)")


def _percent(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    of = text[place:end].endswith("of")
    following = factor_end(text, blanks_end(text, end))
    if following is None or of:
        alone = _begins(text, start) and re.match(r"\s*(?:[-+*/)\],;\n]|$)(?!\*)", text[end:]) is not None
        yield _edit(
            start,
            blanks_end(text, end) if of else end,
            f"{operand}/100" if alone else f"({operand}/100){'*' if of else ''}",
        )
        return
    if comment := re.compile(r"%\s+[A-Za-z][^\n]*").match(text, end - 1):
        yield _edit(comment.start(), comment.end(), "")
    if re.fullmatch(r"[\d.]+", operand) and not text[end:following].strip()[0].isdigit():
        yield _edit(start, blanks_end(text, end), f"({operand}/100)*")
    yield from _remainder(text, start, operand, place, end)


def _remainder(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    following = factor_end(text, blanks_end(text, end))
    if following is None:
        return
    by = text[end:following].strip()
    remainder = f"{operand} - {by}*floor({operand}/{by})"
    alone = not text[:start].strip() and not text[following:].strip()
    yield _edit(start, following, remainder if alone else f"({remainder})")


def _degrees(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    enclosed = text[:start].rstrip().endswith("(") and text[end:].lstrip().startswith(")")
    yield _edit(start, end, f"{operand}*pi/180" if enclosed else f"({operand}*pi/180)")


def _prime(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    primes = end - place
    if text[end : end + 1] == "(" and (last := closing(text, end)) is not None:
        variable = bare(text[end : last + 1])
        if re.fullmatch(r"[^\W\d]\w*", variable) and re.search(rf"(?<!\w){re.escape(operand)}\s*\([^()]*\)\s*=", text):
            yield _edit(start, last + 1, _differentiated(f"{operand}({variable})", variable, primes))
        return
    if primes == 1:
        defined = re.search(rf"(?<!\w){re.escape(operand)}\s*=(?!=)([^;\n]*)", text[:start])
        written = defined[1] if defined else operand if not re.fullmatch(r"\w+", operand) else ""
        variables = {*re.findall(r"[^\W\d]\w*", written)} - FUNCTION_NAMES - {*CONSTANTS}
        if len(variables) == 1:
            yield _edit(start, end, _differentiated(bare(text[start:place]), variables.pop(), 1))
        yield _edit(place, end, ".T")


def _raised(text: str, start: int, operand: str, place: int, end: int) -> Edits:
    exponent = unicodedata.normalize("NFKC", text[place:end]).replace("−", "-")
    if exponent == "T":
        yield _edit(place, end, ".T")
    yield _edit(place, end, f"^{exponent}" if re.fullmatch(r"\w|\(.*\)", exponent) else f"^({exponent})")


_MARKS: dict[str, Callable[[str, int, str, int, int], Edits]] = {
    "factorial": _factorial,
    "percent": _percent,
    "remainder": _remainder,
    "degrees": _degrees,
    "prime": _prime,
    "raised": _raised,
}


def _before_an_operand(text: str, place: Span) -> Edits:
    """`∛x`, `∜x`, `.^`."""
    for found in re.finditer(r"([∛∜])\s*", text):
        end = factor_end(text, found.end())
        if end is not None:
            radicand = text[found.end() : end]
            yield _edit(
                found.start(), end, f"cbrt({bare(radicand)})" if found[1] == "∛" else f"({bare(radicand)})^(1/4)"
            )
    for found in re.finditer(r"([∑∏ΣΠ])\s*", text):
        end = power_end(text, found.end())
        if end is not None:
            yield _edit(found.start(), end, f"{'sum' if found[1] in '∑Σ' else 'prod'}({bare(text[found.end() : end])})")
    for found in re.finditer(r"\.(?=[\^*/'])", text):
        yield _edit(*found.span(), "")


def _numbers(text: str, place: Span) -> Edits:
    """`½`, `2½`, `3,5`, `1,000`, `3。5`, `1 000`."""
    for found in re.finditer(r"(\d*)\s*([¼-¾⅐-⅞])", text):
        fraction = unicodedata.normalize("NFKC", found[2]).replace("⁄", "/")
        if found[1]:
            yield _edit(*found.span(), f"({found[1]} + {fraction})")
            yield _edit(*found.span(), f"({found[1]}*{fraction})")
        else:
            yield _edit(*found.span(), f"({fraction})")
    for found in re.finditer(r"(?<![\d.,])(\d+)([,。])(\d+)(?![\d.,])", text):
        if len(found[3]) == 3 and found[2] == ",":
            yield _edit(*found.span(), found[1] + found[3])
        yield _edit(*found.span(), f"{found[1]}.{found[3]}")
    for found in re.finditer(r"(?<![\d.,])\d{1,3}(?:([ '\u00a0\u202f])\d{3})(?:\1\d{3})*(?:\.\d+)?(?![\d.,])", text):
        yield _edit(*found.span(), found[0].replace(found[1], ""))
    for found in re.finditer(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+),(\d+)(?![\d.,])", text):
        yield _edit(*found.span(), f"{found[1].replace('.', '')}.{found[2]}")


def _brackets(text: str, place: Span) -> Edits:
    """One bracket too many or too few; `max(x; y)`."""
    if re.search(r"\([^()]*;", text):
        yield _edit(0, len(text), re.sub(r"\([^()]*\)", lambda found: found[0].replace(";", ","), text))
    if text[place.start : place.end] in (")", "]"):
        yield _edit(place.start, place.end, "")
    if text[place.start : place.end] in ("(", "["):
        yield _edit(len(text.rstrip()), len(text), ")" if text[place.start] == "(" else "]")


def _begins(text: str, start: int) -> bool:
    """Whether what begins here needs no brackets to be a term: nothing before binds to it."""
    return text[:start].rstrip()[-1:] in ("", "(", "[", ",", "=", "+", ";", "\n")


_CERTAIN: tuple[Callable[[str, Span], Edits], ...] = (_latex, _spoken, _leibniz, _modules, _choices, _lists)
_RULES: tuple[Callable[[str, Span], Edits], ...] = (
    _wrapping, _bars, _powers_of_functions, _based_logarithms, _other_brackets, _methods, _after_an_operand,
    _before_an_operand, _numbers, _arguments_without_brackets, _words, _signs, _equation, _brackets,
)  # fmt: skip
