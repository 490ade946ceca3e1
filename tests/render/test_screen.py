"""The stream for people: lines that need no Rich are what Rich makes of them."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffcli.render.screen import Line, Screen

pytestmark = pytest.mark.fast


class _Terminal(io.StringIO):
    encoding: Any = "utf-8"  # a stream's own is not to be set

    def isatty(self) -> bool:
        return True


def _shown(part: Any, monkeypatch: pytest.MonkeyPatch, **settings: str) -> str:
    stream = _Terminal()
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    Screen(stream).show([part])
    return stream.getvalue()


@given(st.text(st.characters(codec="utf-8"), max_size=100), st.sampled_from(["", "bold"]), st.booleans())
def test_a_line_is_what_rich_makes_of_it(text: str, style: Any, plain: bool) -> None:
    """Of any characters, short and too long for the terminal, with colours and without."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        settings = {"TERM": "dumb"} if plain else {}
        line = Line(text, style)
        assert _shown(line, monkeypatch, **settings) == _shown(line.__rich__(), monkeypatch, **settings)
