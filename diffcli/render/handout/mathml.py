"""Formulas in MathML, from the LaTeX that our printer writes: its small part of that language, not all of it.

A word that this does not know makes the whole formula None: then it is shown as plain text rather than wrong.
"""

import re
from collections.abc import Iterator
from html import escape

from diffcli.render.drawing.notation.latex_text import CHARACTERS

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_FUNCTIONS = {
    r"\sin", r"\cos", r"\tan", r"\cot", r"\sec", r"\csc", r"\sinh", r"\cosh", r"\tanh", r"\coth", r"\log", r"\ln",
    r"\exp", r"\det", r"\arg",
}  # fmt: skip
#: Commands that stand for a character, beside those that stand for text.
_SIGNS = {
    **{rf"\{command}": character for command, character in CHARACTERS.items()},
    r"\le": "≤", r"\ge": "≥", r"\ne": "≠", r"\to": "→", r"\{": "{", r"\}": "}", r"\|": "‖", r"\lvert": "|",
    r"\rvert": "|", r"\%": "%",
}  # fmt: skip
#: Characters that are names rather than operators, as letters are.
_NAMES = "∞∂⊤"
#: What carries its limits below and above.
_LARGE = {r"\sum": "∑", r"\prod": "∏", r"\max": "max", r"\min": "min"}
_FENCES = {"cases": ("{", "."), "pmatrix": ("(", ")"), "bmatrix": ("[", "]")}
_SPACES = {r"\,", r"\:", r"\;", r"\ ", r"\!", r"\quad", "~"}


class _UnknownWordError(Exception):
    pass


def mathml(latex: str) -> str | None:
    """A displayed formula as a `<math>` element; None for LaTeX that is not among what this knows."""
    parser = _Parser(latex)
    try:
        body = parser.row()
    except _UnknownWordError:
        return None
    return None if parser.next else f'<math display="block">{body}</math>'


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
        below, above = ("under", "over") if token in _LARGE else ("sub", "sup")
        tag = "m" + below * ("_" in scripts) + above * ("^" in scripts)
        return f"<{tag}>{base}{scripts.get('_', '')}{scripts.get('^', '')}</{tag}>"

    def _item(self) -> str:
        token = self.take()
        if token == "{":
            inside = self.row()
            self.take("}")
            return inside
        if token in _LARGE:
            return f"<mo>{_LARGE[token]}</mo>"
        if token in _FUNCTIONS:
            return f"<mi>{token[1:]}</mi>"
        if token in _SPACES:
            return '<mspace width="0.3em"></mspace>'
        if token in _SIGNS:
            sign = _SIGNS[token]
            return f"<mi>{sign}</mi>" if sign.isalpha() or sign in _NAMES else f"<mo>{escape(sign)}</mo>"
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
            left, inside = self.take(), self.row()
            self.take(r"\right")
            return _fenced(left, inside, self.take())
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
        return _fenced(left, table, right)

    def _rows(self) -> list[list[str]]:
        rows: list[list[str]] = [[self.row()]]
        while self.next in ("&", r"\\"):
            if self.take() == r"\\":
                rows.append([])
            rows[-1].append(self.row())
        return rows


def _stacked(rows: list[list[str]], align: str = "center") -> str:
    cells = ("".join(f'<mtd style="text-align:{align}">{cell}</mtd>' for cell in row) for row in rows)
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in cells)}</mtable>"


def _fenced(left: str, inside: str, right: str) -> str:
    return f"<mrow>{_fence(left)}{inside}{_fence(right)}</mrow>"


def _fence(token: str) -> str:
    """A bracket as high as what it encloses; a dot is none."""
    sign = _SIGNS.get(token, token)
    if sign not in ".()[]{}|‖⌊⌋⌈⌉⟨⟩":
        raise _UnknownWordError(token)
    return "" if sign == "." else f'<mo fence="true" stretchy="true">{sign}</mo>'
