"""Formulas in MathML, from the LaTeX that our printer writes: its small part of that language, not all of it.

A word that this does not know makes the whole formula None: then it is shown as plain text rather than wrong.
"""

import re
from collections.abc import Iterator
from html import escape

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
#: Operators; the spacing is the browser's.
_SIGNS = {
    r"\cdot": "⋅", r"\times": "×", r"\odot": "⊙", r"\oslash": "⊘", r"\circ": "∘", r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", r"\neq": "≠",
    r"\ne": "≠", r"\wedge": "∧", r"\vee": "∨", r"\neg": "¬", r"\pm": "±", r"\in": "∈", r"\to": "→", r"\{": "{", r"\}": "}", r"\|": "‖", r"\lfloor": "⌊",
    r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉", r"\langle": "⟨", r"\rangle": "⟩", r"\lvert": "|", r"\rvert": "|", r"\%": "%", r"\prime": "′",
}  # fmt: skip
_NAMES = r"""
    \alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho \sigma \tau \upsilon \phi \chi \psi \omega
    \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega \infty \partial \top \varepsilon \vartheta \varphi
"""
_LETTERS = dict(zip(_NAMES.split(), "αβγδϵζηθικλμνξπρστυϕχψωΓΔΘΛΞΠΣΥΦΨΩ∞∂⊤εϑφ", strict=True))
_FUNCTIONS = frozenset(
    f"\\{name}"
    for name in (
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "log",
        "ln",
        "exp",
        "det",
        "arg",
    )
)
#: What carries its limits below and above.
_LARGE = {r"\sum": "<mo>∑</mo>", r"\prod": "<mo>∏</mo>", r"\max": "<mo>max</mo>", r"\min": "<mo>min</mo>"}
_FENCES = {"cases": ("{", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]")}
_SPACES = frozenset({r"\,", r"\:", r"\;", r"\ ", r"\!", r"\quad", "~"})


class _UnknownWordError(Exception):
    pass


def mathml(latex: str) -> str | None:
    """A displayed formula as a `<math>` element; None for LaTeX that is not among what this knows."""
    try:
        parser = _Parser(latex)
        body = parser.row()
        parser.expect_end()
    except _UnknownWordError:
        return None
    return f'<math display="block">{body}</math>'


class _Parser:
    """One formula, read from left to right."""

    def __init__(self, latex: str) -> None:
        self.tokens = [token for token in _TOKEN.findall(latex) if not token.isspace()]
        self.place = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        token = self.next
        if not token or (wanted is not None and token != wanted):
            raise _UnknownWordError(token)
        self.place += 1
        return token

    def expect_end(self) -> None:
        if self.next:
            raise _UnknownWordError(self.next)

    def row(self) -> str:
        """Items up to the end of a group, a row, a cell or a pair of brackets."""
        items = list(self._items())
        return items[0] if len(items) == 1 else f"<mrow>{''.join(items)}</mrow>"

    def _items(self) -> Iterator[str]:
        while self.next not in ("", "}", "&", r"\\", r"\right", r"\end"):
            yield self._scripted()

    def _scripted(self) -> str:
        token = self.next
        base = "<mrow></mrow>" if token in ("_", "^") else self._item()
        scripts: dict[str, str] = {}
        while self.next in ("_", "^") and self.next not in scripts:
            mark = self.take()
            scripts[mark] = self._item()
        if not scripts:
            return base
        below, above = ("munder", "mover") if token in _LARGE else ("msub", "msup")
        both = "munderover" if token in _LARGE else "msubsup"
        if len(scripts) == 2:
            return f"<{both}>{base}{scripts['_']}{scripts['^']}</{both}>"
        tag = below if "_" in scripts else above
        return f"<{tag}>{base}{''.join(scripts.values())}</{tag}>"

    def _item(self) -> str:
        token = self.take()
        if token == "{":
            inside = self.row()
            self.take("}")
            return inside
        if token in _LARGE:
            return _LARGE[token]
        if token in _LETTERS:
            return f"<mi>{_LETTERS[token]}</mi>"
        if token in _FUNCTIONS:
            return f"<mi>{token[1:]}</mi>"
        if token in _SPACES:
            return '<mspace width="0.3em"></mspace>'
        if token in _SIGNS:
            return f"<mo>{escape(_SIGNS[token])}</mo>"
        if token.startswith("\\"):
            return self._command(token)
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token.isalpha():
            return f"<mi>{token}</mi>"
        if token in "+-=<>()[],.|/!:;'":
            return f"<mo>{escape('−' if token == '-' else token)}</mo>"
        raise _UnknownWordError(token)

    def _command(self, token: str) -> str:
        if token in (r"\frac", r"\tfrac", r"\dfrac"):
            return f"<mfrac>{self._item()}{self._item()}</mfrac>"
        if token == r"\sqrt":
            return self._root()
        if token == r"\left":
            left = self._fence()
            inside = self.row()
            self.take(r"\right")
            return f"<mrow>{left}{inside}{self._fence()}</mrow>"
        if token in (r"\mathrm", r"\operatorname"):
            return f'<mi mathvariant="normal">{escape(self._word())}</mi>'
        if token == r"\text":
            return f"<mtext>{escape(self._word())}</mtext>"
        if token == r"\mathbf":
            return f'<mn style="font-weight:bold">{escape(self._word())}</mn>'
        if token == r"\substack":
            self.take("{")
            rows = self._rows()
            self.take("}")
            return _stacked(rows)
        if token == r"\begin":
            return self._environment()
        raise _UnknownWordError(token)

    def _root(self) -> str:
        if self.next != "[":
            return f"<msqrt>{self._item()}</msqrt>"
        self.take("[")
        degree = self.take()
        if not degree[0].isalnum():
            raise _UnknownWordError(degree)
        self.take("]")
        return f"<mroot>{self._item()}<mn>{degree}</mn></mroot>"

    def _fence(self) -> str:
        token = self.take()
        sign = _SIGNS.get(token, token)
        if sign == ".":
            return ""
        if sign not in "()[]{}|‖⌊⌋⌈⌉⟨⟩":
            raise _UnknownWordError(token)
        return f'<mo fence="true" stretchy="true">{sign}</mo>'

    def _word(self) -> str:
        r"""A group of letters; `\_` is an underscore."""
        self.take("{")
        word = ""
        while self.next != "}":
            token = self.take()
            if token.startswith("\\") and token[1:] not in ("_", "&", "%", "#", "$"):
                raise _UnknownWordError(token)
            word += token.removeprefix("\\")
        self.take("}")
        return word

    def _environment(self) -> str:
        name = self._word()
        if name not in _FENCES:
            raise _UnknownWordError(name)
        table = _stacked(self._rows(), "left" if name == "cases" else "center")
        self.take(r"\end")
        if self._word() != name:
            raise _UnknownWordError(name)
        left, right = _FENCES[name]
        fences = [f'<mo fence="true" stretchy="true">{sign}</mo>' if sign else "" for sign in (left, right)]
        return f"<mrow>{fences[0]}{table}{fences[1]}</mrow>"

    def _rows(self) -> list[list[str]]:
        rows: list[list[str]] = [[self.row()]]
        while self.next in ("&", r"\\"):
            if self.take() == "&":
                rows[-1].append(self.row())
            else:
                rows.append([self.row()])
        return rows


def _stacked(rows: list[list[str]], align: str = "center") -> str:
    cells = ("".join(f'<mtd style="text-align:{align}">{cell}</mtd>' for cell in row) for row in rows)
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in cells)}</mtable>"
