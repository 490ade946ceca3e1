"""What takes too long or is too large ends in a sentence."""

import time

import pytest

from diffcli.source import Source
from diffcli.symbolic import Formula, NoFormula, derivatives
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve


@pytest.mark.parametrize("text", ["sin(" * 100_000 + "x" + ")" * 100_000, "+".join(["x"] * 200_000), "1/(1+" * 400 + "x" + ")" * 400])
def test_too_long_or_too_deep_is_said_at_once(text: str) -> None:
    resolved = resolve(parse(Source(text)))
    start = time.monotonic()
    found = derivatives(resolved, ["x"], {})["x"]
    assert time.monotonic() - start < 0.5
    assert isinstance(found, NoFormula)
    assert "for a formula" in found.reason


def test_shared_nodes_count_as_often_as_they_are_used() -> None:
    program = "a = x*x;" + "".join(f"{chr(98 + k)} = sin({chr(97 + k)})*{chr(97 + k)};" for k in range(20)) + "u"
    found = derivatives(resolve(parse(Source(program))), ["x"], {})["x"]
    assert isinstance(found, NoFormula)
    assert "too long" in found.reason


@pytest.mark.parametrize(("text", "expected"), [("+".join(["x"] * 2_000), "2000"), ("*".join(["x"] * 2_000), "2000*x^1999")])
def test_long_chains_are_one_operation(text: str, expected: str) -> None:
    found = derivatives(resolve(parse(Source(text))), ["x"], {}, 20.0)["x"]
    assert isinstance(found, Formula)
    assert found.text == expected


def test_the_reason_names_the_limit() -> None:
    text = "*".join(f"(sin(x*{k})+cos(x)^{k})" for k in range(300))
    found = derivatives(resolve(parse(Source(text))), ["x"], {}, 0.05)["x"]
    assert found == NoFormula("x", "no formula within 0.05 s", limit=True)
