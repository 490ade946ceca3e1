"""Balls: what is known of numbers, and what is not."""

from fractions import Fraction

import pytest
from flint import arb, ctx

from diffcli.execute.ball import Ball, Undecided, larger, selected, undefined, unknown


@pytest.fixture
def root() -> Ball:
    """The square root of 2."""
    return Ball(arb(2).sqrt())


def test_fractions_are_exact() -> None:
    tenth, third = Ball.of(Fraction(1, 10)), Ball.of(Fraction(1, 3))
    assert (tenth + 2 * tenth - Fraction(3, 10)).exact == 0
    assert (third * 3 == 1).decides(True)
    assert (third < tenth).decides(False)
    assert (1 / (third * 3 - 1)).undefined


def test_one_object_is_one_number(root: Ball) -> None:
    """Multiples of it cancel, and it equals itself; what is only near is not known to be equal."""
    assert (root - root).exact == 0
    assert (root / 3 + root / 6 - root / 2).exact == 0
    assert (-root + root).exact == 0
    assert (root * 3 - root).exact is None
    assert (root / root).exact == 1
    assert (root == root).decides(True)
    square = root * root
    assert (square == 2).exact is None
    assert (root < 2).decides(True)
    with pytest.raises(Undecided):
        bool(square == 2)


def test_both_branches_are_enclosed_where_none_is_known(root: Ball) -> None:
    either = selected(root * root == 2, Ball.of(4), Ball.of(0))
    assert either.exact is None
    assert either.enclosure.contains(arb(4))
    assert either.enclosure.contains(arb(0))
    assert selected(root * root == 2, root, root) is root
    assert larger(root, Ball.of(1)) is root
    assert selected(root > 1, unknown(), root).exact is None
    assert selected(root < 1, unknown(), root) is root


def test_what_is_unknown_is_not_undefined() -> None:
    """And no two unknown numbers are known to be one."""
    assert not (unknown() - unknown()).finite
    assert (unknown() == unknown()).exact is None
    nothing = unknown()
    assert (nothing + -nothing).exact is None
    assert (undefined() + 1).undefined
    assert (undefined() != undefined()).decides(True)
    assert not (1 / Ball(arb(0, 1))).undefined


def test_other_threads_precision_does_not_make_balls_wrong() -> None:
    """Only larger."""
    with ctx.workprec(200):
        fine = Ball(arb(2).sqrt())
    assert (fine * fine).enclosure.contains(arb(2))
