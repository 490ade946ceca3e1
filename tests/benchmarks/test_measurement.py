"""What is made of times: ratios, bounds, tables, pages."""

from pathlib import Path

import pytest

from .__main__ import BEGIN, END, main, write
from .contest import OURS, Lasted, Limit, Ratio, Row, Together
from .measurement import Measured, Workers, timed
from .tables import document
from .verdicts import verdicts


def measured(name: str, ours: list[float], theirs: list[float], failures: dict[str, str] | None = None) -> Measured:
    """Times of three rounds, as if found."""
    targets = (
        Ratio(0.5, "theirs"),
        Limit("1 s", lambda size: size, contender="theirs"),
        Limit("2 MiB", lambda size: 2.0**21, "bytes"),
    )
    seconds = {name: times for name, times in ((OURS, ours), ("theirs", theirs)) if times}
    row = Row("group", name, dict.fromkeys((OURS, "theirs"), lambda size: lambda: size), targets, axis="numbers")
    return Measured(row, 1, seconds, {OURS: 2**20}, failures or {})


FAST = measured("fast", [0.1, 0.2, 0.9], [1.0, 0.5, 1.0])
SLOW = measured("slow", [4.0, 4.0, 4.0], [2.0, 2.0, 2.0])
BROKEN = measured("broken", [], [1.0, 1.0, 1.0], {OURS: "ValueError: no"})


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    assert FAST.ratio(OURS, "theirs") == 0.4
    assert FAST.time(OURS) == 0.2


def test_bounds_hold_or_do_not() -> None:
    found = [(verdict.bound, verdict.found, verdict.holds) for verdict in verdicts([FAST], ())]
    assert found == [
        ("at most 0.5 x theirs", "0.40 x", True),
        ("at most 1 s", "1.00 of it", True),
        ("at most 2 MiB", "0.50 of it", True),
    ]
    assert [verdict.holds for verdict in verdicts([SLOW], ())] == [False, False, True]


def test_a_group_s_mean_and_largest_ratio() -> None:
    mean, largest = (Together("group", "all", summary, 1.0, "theirs") for summary in ("geometric mean", "largest"))
    found = [verdict for verdict in verdicts([FAST, SLOW], (mean, largest)) if verdict.work == "all"]
    assert [(verdict.found, verdict.holds) for verdict in found] == [("0.89 x", True), ("2.00 x (slow)", False)]


def test_who_failed_is_missed() -> None:
    """A bound on a group does not hold where one of its rows has no time."""
    [found] = [
        verdict
        for verdict in verdicts([FAST, BROKEN], [Together("group", "all", "largest", 1.0, "theirs")])
        if verdict.work == "all"
    ]
    assert (found.found, found.holds) == ("0.40 x (fast), without 1 that failed", False)


def test_the_tables() -> None:
    lines = document([FAST, BROKEN], ()).splitlines()
    assert "| work | diffcli | theirs |" in lines
    assert "| fast (1 numbers) | 200 ms | 1 s (0.40) |" in lines
    assert "| broken (1 numbers) | failed | 1 s |" in lines
    assert "| its peak above the start | 1 MiB |  |" in lines


def test_a_page_keeps_what_is_around_the_tables(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write(page, "new\n")
    assert page.read_text() == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    page.write_text("none")
    with pytest.raises(SystemExit, match="has no lines"):
        write(page, "new\n")


def test_what_counts_of_a_call() -> None:
    assert timed(lambda: Lasted(0.25), 4) == 0.25
    assert 0 <= timed(lambda: None, 100) < 1


def test_memory_above_the_start() -> None:
    """NumPy by hand holds the numbers, their gradient, and some arrays in between."""
    with Workers() as workers:
        name = "value and gradient of mean(sin(x)*exp(-x*x))"
        taken = workers.ask("NumPy", "peak", "large", name, "NumPy", 2_000_000)
    assert 2 * 16_000_000 < taken < 8 * 16_000_000


def test_a_contender_s_process_answers_or_says_what_went_wrong() -> None:
    with Workers() as workers:
        place = "descent", "descent on mean(x*x), three numbers, history kept"
        assert 0 < workers.ask("Python", "prepare", *place, "Python", 10) < 10
        assert 0 < workers.ask("Python", "time") < 10
        assert workers.ask("Python", "prepare", *place, "nobody", 10) == "KeyError: 'nobody'"


def test_a_group_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "models,mdels"]) == 2
    assert "no group is called mdels; there are models, descent" in capsys.readouterr().err
