"""The page of a descent, gone through by keyboard; its numbers against the JSON document of the same run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import answer

if TYPE_CHECKING:
    from playwright.sync_api import Page

ONE = ["x^2", "--at", "3"]
SEVERAL = [
    "x^2 + 9*y^2*(y<x+9)",
    "--at",
    "x=3",
    "--at",
    "y=1",
    "--optimizer",
    "gd,momentum,adam",
    "--lr",
    "0.05",
    "--steps",
    "40",
]


def opened(page: "Page", arguments: list[str], folder: Path) -> list[list[dict[str, Any]]]:
    """Open the page of a run or several; return their histories."""
    done = answer(["descend", *arguments, "--json", "--animate", "run.html"], cwd=folder)
    page.goto((folder / "run.html").as_uri())
    document = json.loads(done.out)
    return [run["history"] for run in document.get("runs", [document])]


def shown(page: "Page") -> tuple[str, list[float]]:
    """The step and each run's value, as they are on the page."""
    return page.locator("#step").inner_text(), [float(text) for text in page.locator("td span").all_inner_texts()]


@pytest.mark.long
@pytest.mark.parametrize("arguments", [ONE, SEVERAL], ids=["one", "several"])
def test_the_slider_shows_each_step_of_each_run(
    arguments: list[str], page: "Page", axe: Callable[["Page"], list[str]], tmp_path: Path
) -> None:
    histories = opened(page, arguments, tmp_path)
    last = len(histories[0]) - 1
    assert shown(page) == (f"step {last}", [pytest.approx(history[-1]["value"], rel=1e-5) for history in histories])
    assert axe(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    for step in range(4):
        assert shown(page) == (
            f"step {step}",
            [pytest.approx(history[step]["value"], rel=1e-5) for history in histories],
        )
        assert page.get_by_role("slider").get_attribute("aria-valuetext") == str(step)
        for run in range(len(histories)):
            assert len((page.locator(f"#path{run}").get_attribute("points") or "").split()) == step + 1
        page.keyboard.press("ArrowRight")
    assert page.get_by_role("heading").inner_text() == arguments[0]
    assert axe(page) == []


def test_play_runs_from_the_start_until_it_is_stopped(page: "Page", tmp_path: Path) -> None:
    page.clock.install(time=0)
    (history,) = opened(page, ONE, tmp_path)
    page.clock.pause_at(60_000)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown(page) == ("step 0", [9.0])
    assert page.get_by_role("button").inner_text() == "Pause"
    page.clock.run_for(1000)
    moved = shown(page)
    reached = int(moved[0].removeprefix("step "))
    assert 0 < reached < 70
    assert moved[1] == [pytest.approx(history[reached]["value"], rel=1e-5)]
    page.keyboard.press("Enter")
    page.clock.run_for(1000)
    assert (shown(page), page.get_by_role("button").inner_text()) == (moved, "Play")
    page.keyboard.press("Enter")
    page.clock.run_for(30_000)
    assert (shown(page)[0], page.get_by_role("button").inner_text()) == ("step 70", "Play")


@pytest.mark.long
def test_on_a_phone_nothing_is_cut_off(page: "Page", tmp_path: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    opened(page, SEVERAL, tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.long
def test_it_is_seen_whole_by_day_and_by_night(page: "Page", axe: Callable[["Page"], list[str]], tmp_path: Path) -> None:
    """In a window of 1280 x 720 nothing scrolls; arrow keys move it wherever the focus is."""
    opened(page, SEVERAL, tmp_path)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.locator("#step").inner_text() == "step 1"
    for theme, ground in (("dark", "rgb(18, 23, 30)"), ("light", "rgb(255, 255, 255)")):
        page.select_option("#theme", theme)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        assert axe(page) == []
