"""`dy/dx`: derivatives as Leibniz writes them, which a d before a name would hide."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import NamedTuple

from diffcli.errors import Edit
from diffcli.messages import Message
from diffcli.primitives.table import FUNCTION_NAMES
from diffcli.source import Span
from diffcli.syntax.extents import bare, blanks_end, closing

#: How the language has a derivative; for those that name nothing to differentiate.
IN_WORDS = Message(
    "the derivative of an expression is what 'diff \"x^2\" --wrt x' prints; within one, y = x^2; d(y, x) is it"
)

_RAISED = "²³⁴⁵⁶⁷⁸⁹"
_NAME = r"[^\W\d_][^\W⁰¹²³⁴⁵⁶⁷⁸⁹]*"
_BEGIN = re.compile(
    rf"(?<![\w.])(?P<d>[d∂])(?:\s*(?:\^|\*\*)?\s*\(?(?P<order>[2-9])\)?|(?P<raised>[{_RAISED}]))?[\s)]*\*?\s*"
)
_POWER = re.compile(rf"\s*(?:\^|\*\*)\s*(\d+)|([{_RAISED}])")
_BY = re.compile(
    rf"\s*\)*\s*/\s*\(*\s*[d∂]\s*\*?\s*\(?(?P<variable>{_NAME})\)?(?:\s*(?:\^|\*\*)\s*\(?[2-9]\)?|[{_RAISED}])?\)*(?!\w)"
)


class Quotient(NamedTuple):
    """The derivative of `function`, a name or an expression, of some order by a variable, and where it stands.

    `names` are those that its differentials would have as variables. The function is empty in `d/dx`.
    """

    names: frozenset[str]
    function: str
    variable: str
    order: int
    span: Span

    def is_meant(self, known: Collection[str]) -> bool:
        """Whether the names are a d before single letters, or before names that are known, rather than `dose/day`."""
        parts = [self.variable, *([self.function] if re.fullmatch(_NAME, self.function) else [])]
        return all(part in known or re.fullmatch(r"[^\W\d_]_?\d*", part) for part in parts)

    def edits(self, intermediates: Collection[str], functions: Collection[str]) -> tuple[Edit, ...]:
        """The derivative in the language's words, if there is something to differentiate: `d(y, x)`."""
        derivative = f"{self.function}({self.variable})" if self.function in functions else self.function
        called = re.match(r"([^\W\d]\w*)\s*\(", derivative)
        if called and called[1] not in {*functions, *FUNCTION_NAMES}:
            return ()
        depends = re.search(rf"(?<!\w){re.escape(self.variable)}(?!\w)", derivative) and derivative != self.variable
        if not derivative or not (depends or self.function in intermediates):
            return ()
        for _ in range(self.order):
            derivative = f"d({derivative}, {self.variable})"
        return (Edit(self.span, derivative),)


def quotients(text: str) -> Iterator[Quotient]:
    """The quotients of differentials in a text: `dy/dx`, `d²y/dx²`, `d(x^2)/dx`, `dx^2/dx`, `(dy)/(dx)`, `d/dx`."""
    for found in _BEGIN.finditer(text):
        start = found.end()
        name = re.compile(_NAME).match(text, start)
        end = start if name is None else name.end()
        if text[blanks_end(text, end) : blanks_end(text, end) + 1] == "(":
            last = closing(text, blanks_end(text, end))
            end = end if last is None else last + 1
        power = _POWER.match(text, end) if end > start else None
        by = _BY.match(text, end if power is None else power.end())
        if by is None:
            continue
        function = bare(text[start:end])
        if power is not None:
            function = f"{function}^{unicodedata.normalize('NFKC', power[1] or power[2])}"
        order = int(unicodedata.normalize("NFKC", found["order"] or found["raised"] or "1"))
        variable = by["variable"]
        if order > 1 and variable.endswith(str(order)) and len(variable) > 1:
            variable = variable.removesuffix(str(order))
        inner = Span(found.start("d"), by.end())
        names = frozenset(re.findall(r"(?<!\w)d[^\W⁰¹²³⁴⁵⁶⁷⁸⁹]*", text[inner.start : inner.end]))
        yield Quotient(names, function, variable, order, _balanced(text, inner))


def _balanced(text: str, span: Span) -> Span:
    """The span with the brackets that open before it and close in it,
    and without those that close what opens before.
    """
    start, end = span
    while text[start:end].count("(") < text[start:end].count(")"):
        before = text[:start].rstrip()
        if before.endswith("("):
            start = len(before) - 1
        else:
            end = text.rindex(")", start, end)
    return Span(start, end)
