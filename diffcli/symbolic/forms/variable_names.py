"""Variables' names as books set them: Greek letters, and numbers as subscripts."""

import re
from typing import NamedTuple

_NAMES = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
]  # fmt: skip
_GREEK = dict(zip(_NAMES, "αβγδεζηθικλμνξπρστυφχψω", strict=True))
_CAPITALS = dict(
    zip(
        ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"],
        "ΓΔΘΛΞΠΣΥΦΨΩ",
        strict=True,
    )
)
GREEK = {**_GREEK, **_CAPITALS}
LETTERS = {letter: name for name, letter in GREEK.items()}
_PARTS = re.compile(r"(?P<letters>.*?[^\W\d_])_?(?P<number>\d*)$")


class Name(NamedTuple):
    """A name's letters and the number behind them."""

    letters: str
    number: str


def parts(name: str) -> Name:
    """`W1` and `theta_1` in parts; any other name is letters alone."""
    found = _PARTS.match(name)
    if found is None or (found["number"] and len(found["letters"]) > 1 and found["letters"] not in GREEK):
        return Name(name, "")
    return Name(found["letters"], found["number"])


def latex_name(name: str) -> str:
    """A variable's name in LaTeX: one letter in italics, a word upright, a number below."""
    letters, number = parts(name)
    letters = LETTERS.get(letters, letters)
    if letters in GREEK:
        text = "\\" + letters
    elif len(letters) == 1 and letters.isascii():
        text = letters
    else:
        text = r"\mathrm{" + letters.replace("_", r"\_") + "}"
    return text + (f"_{{{number}}}" if number else "")
