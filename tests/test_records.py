"""Many records in one list: a sequence as a list of them would be."""

import pickle
from typing import NamedTuple

import pytest

from diffcli.records import Records

pytestmark = pytest.mark.fast


class Pair(NamedTuple):
    """Two fields."""

    first: int
    second: str


class Pairs(Records[Pair], record=Pair):
    """Some pairs."""


LISTED = [Pair(1, "a"), Pair(2, "b"), Pair(3, "c")]


def test_records_are_a_sequence() -> None:
    found = Pairs(LISTED)
    assert len(found) == 3
    assert [*found] == LISTED
    assert all(type(pair) is Pair for pair in found)
    assert (found[0], found[-1], found[1:]) == (LISTED[0], LISTED[2], LISTED[1:])
    assert [*reversed(found)] == LISTED[::-1]
    assert found.column("second") == ["a", "b", "c"]
    for place in (3, -4):
        with pytest.raises(IndexError):
            found[place]


def test_records_grow_by_their_fields() -> None:
    found = Pairs()
    found.fields += (1, "a")
    copy = found.copy()
    copy.fields += (2, "b")
    assert ([*found], [*copy]) == (LISTED[:1], LISTED[:2])
    assert found == Pairs(LISTED[:1])
    assert found != copy
    assert pickle.loads(pickle.dumps(copy)) == copy


def test_records_in_another_sequence_are_taken_as_they_are() -> None:
    found = Pairs(LISTED)
    assert Pairs.of(found) is found
    assert Pairs.of(LISTED) == found
