"""The points that are kept of a run of any length."""

from dataclasses import fields
from pathlib import Path

import pytest

from diffcli.analysis.data.binding import given_data
from diffcli.analysis.descent.kept_points import ALL, ENDS, Keeping, Trail
from diffcli.analysis.descent.running import descent_report
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import pose
from diffcli.render.text.epoch_table import chosen_places
from diffcli.render.view import View
from diffcli.source import Source


def iterate(number: int, held: float | None = None, whole: bool = False) -> Iterate:
    return Iterate(number, {}, 0.0, 0.0, train_value=1.0 if whole else None, holdout_value=held)


@pytest.mark.parametrize("count", [1, 2, 5, 100, 10_000])
def test_what_is_kept_is_bounded_and_spread_over_the_run(count: int) -> None:
    trail = Trail(Keeping(20, 1000), False)
    for number in range(count):
        trail.add(iterate(number, held=abs(number - 7777.0)))
    kept = [point.iteration for point in trail.history()]
    assert kept == sorted(set(kept))
    assert len(kept) <= 2 * 20 + 10 + 10
    assert {*range(min(4, count)), *range(0, count, 1000), count - 1, max(count - 2, 0), min(count - 1, 7777)} <= set(
        kept
    )
    assert max(after - before for before, after in zip(kept, kept[1:] or kept, strict=False)) <= max(1, count // 10)


def test_batches_do_not_push_the_epochs_out() -> None:
    trail = Trail(Keeping(10), False)
    for number in range(5000):
        trail.add(iterate(number, whole=number % 500 == 0))
    assert {*range(0, 5000, 500)} <= {point.iteration for point in trail.history()}


@pytest.mark.parametrize("batch_size", [None, 2])
def test_a_report_is_the_same_whatever_is_kept(batch_size: int | None, tmp_path: Path) -> None:
    """But for its history; what the rows held out say too."""
    (tmp_path / "d.csv").write_text("x,y\n0,1\n1,3\n2,5\n3,8\n4,9\n5,10\n")
    problem = pose(
        Source("mean((w*x + b - y)^2)"),
        given_bindings({"w": 0.0, "b": 0.0}),
        data=given_data(Source(str(tmp_path / "d.csv"), "--data")),
    )
    settings = Settings(lr=0.01, steps=300, batch_size=batch_size, holdout=0.3, shuffle=True)
    whole, ends = (descent_report(problem, settings, keeping=keeping) for keeping in (ALL, ENDS))
    assert len(whole.history) == 301
    assert len(ends.history) < 40
    assert set(map(repr, ends.history)) <= set(map(repr, whole.history))
    assert ends.holdout_note == whole.holdout_note
    for field in fields(whole):
        if field.name != "history":
            assert repr(getattr(ends, field.name)) == repr(getattr(whole, field.name)), field.name


def test_the_points_shown_do_not_depend_on_what_is_kept_between_them() -> None:
    assert chosen_places(range(11), View(every=5)) == [0, 5, 10]
    assert [[0, 1, 2, 5, 9, 10, 12][place] for place in chosen_places([0, 1, 2, 5, 9, 10, 12], View(every=5))] == [
        0,
        5,
        10,
        12,
    ]
