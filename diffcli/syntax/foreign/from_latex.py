"""LaTeX as it is pasted, in the language's own words."""

import re

from diffcli.syntax.extents import bare, closing
from diffcli.syntax.joined_names import apart

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[{}^_]|[^\\{}^_]+", re.DOTALL)

#: Commands that only change how a formula looks; and those that take a group and leave it as it is.
_LOOKS = frozenset({
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle",
    "limits", "nolimits", "quad", "qquad",
    *"\\ >,;:!",
})  # fmt: skip
_WRAPPERS = frozenset({
    "mathrm", "mathbf", "boldsymbol", "bm", "mathit", "mathcal", "text", "operatorname", "textrm", "textbf", "vec",
    "hat", "bar", "tilde", "mathbb", "mathsf",
})  # fmt: skip

_SIGNS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "pi": "pi", "le": "<=", "leq": "<=", "ge": ">=", "geq": ">=",
    "ne": "!=", "neq": "!=", "lt": "<", "gt": ">", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "lVert": "‖",
    "rVert": "‖", "Vert": "‖", "|": "‖", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "{": "(", "}": ")",
    "lbrack": "[", "rbrack": "]", "infty": "inf", "prime": "'", "circ": "°", "top": "ᵀ", "intercal": "ᵀ", "%": "%",
    "_": "_", "&": "&", "lambda": "lambda", "tg": "tan", "ctg": "cot", "arctg": "atan", "lg": "log10", "partial": "∂",
    "colon": ":",
}  # fmt: skip


def from_latex(text: str) -> str:
    """The formula as an expression; what is not known stays as it is."""
    text = re.sub(r"\\[()\[\]]|\$+|(?<!\\)&", " ", text)
    text = re.sub(r"\\(?:begin|end)\{[a-z*]+\}", " ", text)
    written = re.sub(r"[^\S\n]+", " ", _Formula(text).written())
    return re.sub(r" (?=[()\]^|‖])|(?<=[(\[^*/]) ", "", written).strip()


class _Formula:
    """A formula being read from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(text)
        self.place = 0

    def written(self, group: bool = False) -> str:
        """The text up to the end, or up to the end of the group."""
        found = ""
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            if token == "}" and group:
                self.place += 1
                break
            self.place += 1
            found = self._after(found, token)
        return found

    def _after(self, found: str, token: str) -> str:
        if token == "{":
            return f"{found}({self.written(group=True).strip()})"
        if token == "^":
            exponent = self._argument()
            if exponent in ("°", "'", "ᵀ", "T"):
                return found + exponent.replace("T", "ᵀ")
            return f"{found}^{_factor(exponent)}"
        if token == "_":
            index = re.sub(r"\W", "", self._argument())
            return f"{found.rstrip()}_{index}"
        if token[0] == "\\":
            return self._command(found, token[1:])
        return found + token

    def _command(self, found: str, name: str) -> str:
        if name in _LOOKS:
            return f"{found} " if found[-1:].isalnum() else found
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            return f"{_spaced(found)}({_operand(self._argument())}/{_operand(self._argument())})"
        if name == "sqrt":
            degree = self._option()
            radicand = bare(self._argument())
            named = {None: "sqrt", "2": "sqrt", "3": "cbrt"}.get(degree)
            return f"{_spaced(found)}{named}({radicand})" if named else f"{_spaced(found)}({radicand})^(1/{degree})"
        if name == "binom":
            return f"{_spaced(found)}binom({bare(self._argument())}, {bare(self._argument())})"
        if name in _WRAPPERS:
            return _spaced(found) + re.sub(r"^\((\w+)\)$", r"\1", f"({bare(self._argument())})")
        sign = _SIGNS.get(name, name)
        return f"{_spaced(found)}{sign} " if sign.isalpha() else found + sign

    def _argument(self) -> str:
        """The group that follows, or the single character."""
        while self.place < len(self.tokens) and not self.tokens[self.place].strip():
            self.place += 1
        if self.place == len(self.tokens):
            return ""
        token = self.tokens[self.place]
        self.place += 1
        if token == "{":
            return self.written(group=True).strip()
        if token[0] == "\\":
            return self._command("", token[1:]).strip()
        token = token.lstrip()
        if len(token) > 1:
            self.place -= 1
            self.tokens[self.place] = token[1:]
        return token[0]

    def _option(self) -> str | None:
        """The `[...]` that follows."""
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        found = re.match(r"\s*\[([^\]]*)\]", token)
        if found is None:
            return None
        self.tokens[self.place] = token[found.end() :]
        return found[1].strip()


def _factor(text: str) -> str:
    if _is_one(text) or (text[:1] == "(" and closing(text, 0) == len(text) - 1):
        return text
    return f"({text})"


def _operand(text: str) -> str:
    base, sign, exponent = text.partition("^")
    if (_is_one(base) and (not sign or _is_one(exponent))) or re.fullmatch(r"∂(?: \w+)?|\w*\([^()]*\)", text):
        return text
    return f"({text})"


def _is_one(text: str) -> bool:
    """Whether a text is a number or a name, and no product such as `2x` and `xy`."""
    return re.fullmatch(r"[\d.]+|[^\W\d]\w*", text) is not None and not apart(text)


def _spaced(found: str) -> str:
    """With a blank behind a word: names do not run together."""
    return f"{found} " if found[-1:].isalnum() else found
