"""Slides: one step a slide, by keyboard and by remote control, whole in any window, with notes at the side."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.test_player import SEED, UNIT, opened, seen, sized

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_slide_is_a_step_with_notes(page: "Page", tmp_path: Path, axe: Callable[["Page"], list[str]]) -> None:
    opened(page, tmp_path, *UNIT, slides=True)
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    assert page.locator("#heading").inner_text().startswith("Step 1 of")
    assert not page.locator("#notes").is_visible()
    page.keyboard.press("n")
    assert page.locator("#told").inner_text().startswith("Going forward, each node computes its value")
    assert page.locator("#note").get_attribute("aria-expanded") == "true"
    assert seen(page, "svg")
    assert axe(page) == []
    page.click("#note")
    assert not page.locator("#notes").is_visible()
    assert not page.locator("#descent").is_visible()
    assert not page.locator("#record").is_visible()


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("problem", [SEED, UNIT], ids=["seed", "unit"])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (360, 740)])
def test_everybody_sees_all_of_every_slide(
    page: "Page",
    tmp_path: Path,
    axe: Callable[["Page"], list[str]],
    size: tuple[int, int],
    problem: tuple[str, tuple[str, ...]],
    theme: str,
) -> None:
    """The picture, the sentence and the equations are within the window, above the controls."""
    opened(page, tmp_path, *problem, slides=True, theme=theme)
    sized(page, *size)
    for _ in range(int(page.locator("#slider").get_attribute("max") or "")):
        page.keyboard.press("ArrowRight")
        assert seen(page, "svg")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
