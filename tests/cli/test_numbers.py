"""Numbers of options in other notations: refused with the text to write, which works as it stands."""

import re
import shlex

import pytest
from command import answer

RUN = ["descend", "(x-1)^2", "--at", "3", "-t"]
#: What is typed, and what to write.
TYPED = {
    "--lr 0,1": "--lr 0.1", "--lr 0,05": "--lr 0.05", "--lr 1/10": "--lr 0.1", "--lr 10%": "--lr 0.1",
    "--lr 10^-1": "--lr 0.1", "--lr 0.1f": "--lr 0.1", "--lr ½": "--lr 0.5", "--tol 1,5": "--tol 1.5",
    "--tol 10^-6": "--tol 1e-06", "--tol 2*10^-3": "--tol 0.002", "--steps 1e3": "--steps 1000",
    "--steps 1.000": "--steps 1000", "--steps 1,000": "--steps 1000", "--steps '1 000'": "--steps 1000",
    "--steps 10k": "--steps 10000", "--steps 5.0": "--steps 5", "--max-seconds 5s": "--max-seconds 5",
    "--max-seconds=0,5": "--max-seconds 0.5", "--clip-norm 1,5": "--clip-norm 1.5",
    "--optimizer momentum --set momentum=0,9": "momentum=0.9",
    "--optimizer adam --set betas=0,9,0,99": "betas=0.9,0.99",
}  # fmt: skip
#: What may be several numbers, or none.
OPEN = [
    "--steps 1,5",
    "--steps many",
    "--tol 1,000",
    "--tol x",
    "--lr 0",
    "--lr a,b",
    "--optimizer adam --set betas=0,9",
]


@pytest.mark.parametrize("typed", TYPED)
def test_the_hint_is_the_text_to_write(typed: str) -> None:
    done = answer([*RUN, *shlex.split(typed)])
    assert (done.code, done.out) == (2, "")
    written = re.search(r"= help: write (.*)", done.err)
    assert written, done.err
    assert written[1] == TYPED[typed]
    corrected = shlex.split(typed)[:-1] if "=" in written[1] else []
    assert answer([*RUN, *corrected, *shlex.split(written[1])]).code in (0, 1)


@pytest.mark.parametrize("typed", OPEN)
def test_no_number_is_guessed(typed: str) -> None:
    done = answer([*RUN, *shlex.split(typed)])
    assert (done.code, done.out) == (2, "")
    assert "= help: " in done.err
    assert "= help: write " not in done.err
