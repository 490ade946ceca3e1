"""The READMEs' pictures are recorded terminals: what their commands print today."""

import pytest
from golden.golden import assert_golden
from golden.pages import DOCS
from golden.terminal import recorded

#: As typed.
COMMANDS = [
    'diffcli grad "mean(x*x)" --at 2,4',
    'diffcli check "x*sin(x^2)" --answer "sin(x^2) + x*cos(x^2)"',
]


@pytest.mark.parametrize(("name", "language"), [("terminal.svg", "en"), ("terminal.zh.svg", "zh")])
def test_the_picture_shows_what_the_commands_print(name: str, language: str) -> None:
    assert_golden(DOCS / "pictures" / name, recorded(COMMANDS, 100, language))
