"""Characters to tokens: kinds, normal forms, places, and what is outside the language."""

import math

import pytest

from diffcli.errors import DiffcliError
from diffcli.source import Source
from diffcli.syntax.tokens import tokens, value

from .sketch import parsed, refusal, underlined

pytestmark = pytest.mark.fast

NUMBERS = {
    "0": 0.0, "7": 7.0, "1_000_000": 1e6, "1.5": 1.5, ".5": 0.5, "5.": 5.0, "1e3": 1e3, "1E+3": 1e3, "2.5e-3": 0.0025,
    "1_0.2_5": 10.25,
    "0x1F": 31.0, "0b101": 5.0, "0o17": 15.0, "0XfF": 255.0, "1e-400": 0.0,
    "1.7976931348623157e308": 1.7976931348623157e308, "5e-324": 5e-324,
    "9007199254740993": 9007199254740992.0, "0.1": 0.1,
}  # fmt: skip

UNREADABLE = {
    "1e309": "E103", "1" + "0" * 400: "E103", "1__0": "E103", "1_": "E103", "1_.5": "E103", "1._5": "E103",
    "$": "E102", "x!": "E102", "|x|": "E102", "{x}": "E102", "'x y'": "E102", '"': "E102", "a & b": "E102",
    "5%": "E102",
    "\\alpha": "E102", "x ~ y": "E102", "x.y": "E102", "x.": "E102", "x.T2": "E102", "∞": "E102", "∑": "E102",
    "x?": "E102",
    "\x00": "E102", "\x1b": "E102", "\u200b": "E102", "\ud800": "E101", "x\udfff": "E101", "⁻": "E102", "x′": "E102",
}  # fmt: skip


def kinds(text: str) -> list[str]:
    """The kinds of the tokens of a text, without the END."""
    return [token.kind for token in tokens(Source(text))][:-1]


@pytest.mark.parametrize(("text", "number"), NUMBERS.items(), ids=NUMBERS)
def test_a_number_is_read_as_python_reads_it(text: str, number: float) -> None:
    """The literal is one token that keeps its text and is rounded to the nearest double."""
    [token, end] = tokens(Source(text))
    assert (token.kind, token.text, token.start, token.end) == ("NUMBER", text, 0, len(text))
    assert end == ("END", "", len(text), len(text))
    assert value(token.text) == number


@pytest.mark.parametrize(("text", "code"), UNREADABLE.items(), ids=lambda text: ascii(text)[:20])
def test_what_cannot_be_read_is_underlined(text: str, code: str) -> None:
    """The diagnostic's only span is that of the character or number."""
    diagnostic = refusal(text)
    assert diagnostic.code == code
    [culprit] = underlined(diagnostic)
    assert len(culprit) == (1 if code != "E103" else len(text))


@pytest.mark.parametrize("text", ["x", "xy", "x1", "x_1", "_x", "α", "Δt", "été", "变量", "eps", "T", "ex", "piθ"])
def test_a_name_is_a_word_in_any_alphabet(text: str) -> None:
    """Letters, digits and underscores, not beginning with a digit."""
    [token, _] = tokens(Source(text))
    assert (token.kind, token.text) == ("NAME", text)


@pytest.mark.parametrize("fraction", ["½", "¼", "①", "٣"])
def test_a_numeral_of_another_script_does_not_begin_a_name(fraction: str) -> None:
    """Half an x is no variable called `½x`."""
    with pytest.raises(DiffcliError):
        tokens(Source(fraction + "x"))


def test_synonyms_have_one_normal_form() -> None:
    """What means the same has the same text, and keeps the place of what was typed."""
    text = "a**b · c × d ÷ e − f ≤ g ≥ h ≠ π τ"
    found = tokens(Source(text))
    assert [token.text for token in found if token.kind == "OPERATOR"] == ["^", "*", "*", "/", "-", "<=", ">=", "!="]
    assert [token.text for token in found[-3:]] == ["pi", "tau", ""]
    assert [text[token.start : token.end] for token in found if token.kind == "OPERATOR"] == [
        "**",
        "·",
        "×",
        "÷",
        "−",
        "≤",
        "≥",
        "≠",
    ]


def test_every_kind_of_token() -> None:
    """One text with all of them."""
    assert kinds("f(x², √y)[1:].T = 3; ") == [
        "NAME", "OPEN", "NAME", "SUPERSCRIPT", "COMMA", "ROOT", "NAME", "CLOSE", "OPEN", "NUMBER", "COLON", "CLOSE",
        "POSTFIX", "EQUALS", "NUMBER", "BREAK",
    ]  # fmt: skip


def test_superscripts_are_digits() -> None:
    """A sign belongs to the digits behind it."""
    assert [token.text for token in tokens(Source("x⁻¹²³⁴⁵⁶⁷⁸⁹⁰"))][1] == "-1234567890"


def test_comments_and_blanks_are_no_tokens() -> None:
    """A comment ends with its line, and the END stands behind the last visible character."""
    found = tokens(Source("x # x + y ( [ $ \n\t+ 1   # done\n\n"))
    assert [token.kind for token in found] == ["NAME", "BREAK", "OPERATOR", "NUMBER", "BREAK", "BREAK", "END"]
    assert tokens(Source("x   "))[-1].start == 1
    assert parsed("(x # one\n + y # two\n)") == "(add x y)"


def test_a_line_break_in_brackets_is_a_blank() -> None:
    """An expression goes on for as long as a bracket is open; a semicolon never does."""
    assert "BREAK" not in kinds("f(\n x,\n [1,\n 2])")
    assert kinds("(x;y)").count("BREAK") == 1
    assert kinds(")\n x").count("BREAK") == 1


@pytest.mark.parametrize("text", ["x + sin(y)*2.5e3", "√(α)² ≤ π·[1, 2][0]", "a;b\n# c\nA.T"])
def test_tokens_stand_in_order_and_cover_the_text(text: str) -> None:
    """Between tokens there are only blanks, comments and line breaks inside brackets."""
    place = 0
    for token in tokens(Source(text)):
        between = text[place : token.start]
        assert not between.strip() or between.strip().startswith("#")
        assert token.span == (token.start, token.end)
        place = token.end
    assert place == len(text)


def test_a_number_too_large_is_not_infinite() -> None:
    """The bound is that of a double."""
    assert math.isfinite(value("1.7976931348623157e308"))
    assert refusal("1.8e308").code == "E103"
    assert refusal("0x" + "F" * 300).code == "E103"
