"""Inputs as people type them: each is understood rightly, or refused with texts that work as they stand."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import mpmath
import pytest
from command import answer

import diffcli

#: Any values will do, at which nothing is undefined and no two meanings agree by chance.
POINT = {
    "x": 0.7, "y": 1.3, "z": 0.6, "t": 1.1, "a": 2.3, "b": 3.7, "c": 0.4, "m": 0.95, "v": 1.05, "n": 3.2, "k": 0.9,
    "r": 1.7, "R": 1.9, "T": 0.8,
    "α": 1.2, "λ": 0.35, "ω": 2.1, "θ": 0.55,
    "theta": 0.45, "alpha": 1.15, "beta": 0.25, "σ": 1.6, "Γ": 1.45, "x1": 0.7, "x_1": 0.85, "x2": 1.25, "A1": 0.65,
}  # fmt: skip
_WORDS = {name: getattr(mpmath, name) for name in dir(mpmath) if not name.startswith("_")} | {"e": mpmath.e, "max": max}


class Typed(NamedTuple):
    """What is typed, and what it may mean."""

    text: str
    meanings: tuple[str, ...]

    @property
    def values(self) -> list[str]:
        """The values of the variables of a meaning, as options."""
        names = {name for meaning in self.meanings for name in re.findall(r"[^\W\d]\w*", meaning)} & set(POINT)
        return [f"--at={'x₁' if name == 'x1' else name}={POINT[name]}" for name in sorted(names)]


def _typed() -> list[Typed]:
    lines = (Path(__file__).parent / "typed.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.rpartition(" => ") for line in lines if " => " in line and not line.startswith("# ")]
    return [Typed(text, tuple(meanings.split(" || "))) for text, _, meanings in pairs]


TYPED = _typed()


def value(meaning: str, **moved: Any) -> Any:
    """The value of a meaning, by other hands than those of the language."""
    return mpmath.mpf(
        eval(
            meaning,
            {"__builtins__": {}},
            _WORDS | {name: mpmath.mpf(number) for name, number in (POINT | moved).items()},
        )
    )


def slope(meaning: str) -> Any:
    """The derivative by x."""
    return mpmath.diff(lambda x: value(meaning, x=x), mpmath.mpf(POINT["x"]))


def is_answered_as(text: str, typed: Typed, meaning: str) -> bool:
    """Whether `grad` finds the value and the slope of a meaning."""
    names = set(re.findall(r"[^\W\d]\w*", meaning))
    values = [
        option for option in typed.values if option.removeprefix("--at=").partition("=")[0].replace("₁", "1") in names
    ]
    done = answer(["grad", text, "--json", *values])
    if done.code != 0:
        return False
    found = json.loads(done.out)
    right = abs(found["value"] - value(meaning)) <= 1e-12 * abs(value(meaning)) + 1e-13
    return right and (
        "x" not in found["gradient"] or abs(found["gradient"]["x"] - slope(meaning)) <= 1e-9 * (1 + abs(slope(meaning)))
    )


def readings(help_text: str) -> list[str]:
    """The texts that a hint says to write."""
    if near := re.search(r"did you mean '([^']+)'", help_text):
        return [near[1]]
    written = re.search(
        r"(?:^|, )write (.*?)(?:; for a variable of that name: .*|; a derivative names .*)?$", help_text
    )
    return written[1].split(" or ") if written else []


def help_of(error: str) -> str:
    """The hint of a diagnostic."""
    found = re.search(r"= help: (.*)", error)
    return found[1] if found else ""


@pytest.mark.parametrize("typed", TYPED, ids=[ascii(typed.text)[1:-1] for typed in TYPED])
def test_what_is_typed_is_understood_or_refused_with_a_text_that_works(typed: Typed) -> None:
    """Value and slope are those of an independent computation; each text of a hint, typed as it stands, has one of the
    meanings.
    """
    done = answer(["grad", typed.text, "--terse", *typed.values])
    if done.code == 0:
        assert is_answered_as(typed.text, typed, typed.meanings[0])
        return
    assert (done.code, done.out) == (2, "")
    hint = help_of(done.err)
    found = readings(hint)
    assert found, hint
    if hint.startswith("did you mean"):
        wrong = re.search(r"unknown function '(\w+)'", done.err)
        assert wrong
        found = [typed.text.replace(wrong[1], found[0])]
    for text in found:
        assert any(is_answered_as(text, typed, meaning) for meaning in typed.meanings), (text, hint)


GLUED = [
    typed
    for typed in TYPED
    if re.fullmatch(r"\d?[A-Za-z][A-Za-z0-9]+", typed.text) and typed.text not in typed.meanings
]


@pytest.mark.parametrize("typed", GLUED, ids=[typed.text for typed in GLUED])
def test_names_written_together_are_no_variable_without_being_named(typed: Typed) -> None:
    """With a value for nobody in particular, and without values; a value by name makes the name a variable."""
    assert answer(["grad", typed.text, "--at", "0.7", "-t"]).code == 2
    assert answer(["diff", typed.text]).code == 2
    name = typed.text.lstrip("0123456789")
    assert answer(["diff", typed.text, "--wrt", name, "-t"]).code == 0
    assert answer(["grad", typed.text, "--at", f"{name}=2", "-t"]).code == 0


def test_there_are_many() -> None:
    assert len(TYPED) >= 300
    assert len(GLUED) >= 40


def test_a_value_without_a_name_is_the_only_variables() -> None:
    assert diffcli.grad("x^2", 3).gradient["x"] == 6.0
    with pytest.raises(diffcli.DiffcliError, match=r"E209.*the value could belong to x or y"):
        diffcli.grad("x*y", 3)
