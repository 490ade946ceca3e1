"""Source text: one way to split it into lines, one way to show it."""

import unicodedata
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffcli.render.diagnostic import diagnostic_text
from diffcli.render.excerpt import one_line
from diffcli.source import Source, lines_of, visible
from diffcli.syntax.parser import parse

pytestmark = pytest.mark.fast

ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("end", ENDS, ids=ascii)
def test_a_comment_ends_where_its_line_does_for_every_reader(end: str) -> None:
    """The scanner, the one line above a report, and the excerpt of a diagnostic."""
    text = f"y = x^2 # a comment{end}# another{end}2*y"
    program = parse(Source(text))
    assert [statement.name for statement in program.statements] == ["y"]
    assert one_line(text, True) == "y = x^2; 2*y"
    source = Source(text)
    assert (
        [text[start:end] for start, end in source.lines]
        == lines_of(text)
        == ["y = x^2 # a comment", "# another", "2*y"]
    )


@pytest.mark.parametrize("end", ENDS, ids=ascii)
def test_an_excerpt_counts_the_scanner_s_lines(end: str) -> None:
    from diffcli.errors import DiffcliError

    with pytest.raises(DiffcliError) as caught:
        parse(Source(f"# one{end}x +", "f.expr"))
    assert diagnostic_text(caught.value.diagnostic).plain.splitlines()[1:3] == [" --> f.expr:2", "  | x +"]


@given(st.text())
def test_visible_text_acts_on_nothing(text: str) -> None:
    """No control, no direction, nothing that XML cannot hold; what is printable is left as it is, and twice is once."""
    shown = visible(text)
    assert len(shown) == len(text)
    assert visible(shown) == shown
    assert all(now == was for now, was in zip(shown, text, strict=True) if was.isprintable())
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert all(unicodedata.category(character) != "Cf" or character in "\u200c\u200d" for character in shown)
    assert ElementTree.fromstring(f"<t>{shown.replace('&', '').replace('<', '')}</t>").tag == "t"


def test_the_controls_that_terminals_obey_are_seen() -> None:
    assert visible("a\x1b[31mb\x07\x9b1m\u202ec\t\x7f\u200f") == "a␛[31mb␇\ufffd1m\ufffdc ␡\ufffd"
    assert visible("a\nb\tc", kept="\n\t") == "a\nb\tc"
