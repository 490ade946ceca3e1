"""The player, gone through by keyboard: what the page says at every step against the JSON documents of `grad` and
`descend`.
"""

import json
import math
import re
import shlex
import struct
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from command import answer

import diffcli.render.player as player_folder
from diffcli.analysis.drawing.folding import folded
from diffcli.analysis.drawing.graph_report import graph_report
from diffcli.analysis.problem import pose
from diffcli.analysis.values import read_bindings
from diffcli.render.picture_manner import Manner
from diffcli.render.player.page import page as player
from diffcli.render.value_text import block, number
from diffcli.render.value_text import shown as python_shown
from diffcli.source import Source

if TYPE_CHECKING:
    from playwright.sync_api import Page


#: The seed, and the unit of examples/logistic_unit.sh.
SEED = ("mean(x*x)", ("x=1,2,3",))
UNIT = ("1/(exp(-(w*x+b))+1)", ("x=1", "w=0", "b=0"))
#: Digits with which two computations of the same doubles still print alike.
DIGITS = 12
HOSTILE = (
    "x*x # </script><script>alert(1)</script><img src=x onerror=alert(2)> ]]> ` ' \" & \\u003c \u2028# "
    "\U0001d465 \u202e"
)


def opened(
    page: "Page", folder: Path, text: str, at: tuple[str, ...] = (), depth: int | None = None, **manner: Any
) -> None:
    """Write the player's page and open it."""
    drawing = graph_report(pose(Source(text), read_bindings(Source(value, "--at") for value in at)))
    file = folder / "page.html"
    file.write_text(player(drawing if depth is None else folded(drawing, depth), Manner(**manner)), encoding="utf-8")
    page.goto(file.as_uri())


def document(command: str, text: str, at: tuple[str, ...], *more: str) -> dict[str, Any]:
    """What the command answers as JSON."""
    done = answer([command, text, *(part for value in at for part in ("--at", value)), *more, "--json"])
    assert done.out, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def texts(page: "Page", box: str, role: str) -> str:
    """What a box or an arrow of the picture shows in lines of a role."""
    return " ".join(page.locator(f"#{box} text.{role}").all_text_contents()).strip()


def picture(page: "Page") -> dict[str, str]:
    """All that the picture shows, by the id of a part and the role of its lines: `n0 value`."""
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("#graph text")].map(
            text => [`${text.parentElement.id} ${text.classList[0]}`, text.textContent]))"""
    )
    return found


def written(value: Any, digits: int = DIGITS) -> str:
    """A value of a JSON document as the page writes it."""
    return python_shown(np.asarray(value, dtype=float), digits)


def last(page: "Page") -> int:
    return int(page.locator("#slider").get_attribute("max") or "")


@pytest.mark.parametrize("problem", [SEED, pytest.param(UNIT, marks=pytest.mark.long)], ids=["seed", "unit"])
def test_walked_by_keyboard_the_page_says_what_grad_says(
    page: "Page", tmp_path: Path, problem: tuple[str, tuple[str, ...]]
) -> None:
    """Forward the values one by one, nothing before its time; backward each product, and the sums as they grow."""
    opened(page, tmp_path, *problem, precision=DIGITS)
    found = document("grad", *problem)
    nodes, flows = {node["id"]: node for node in found["nodes"]}, found["flows"]
    computed = [node for node in nodes.values() if node["operands"]]
    assert last(page) == 1 + len(computed) + 1 + len(flows) + 1
    assert not any(text for name, text in picture(page).items() if name.endswith(("value", "gradient")))
    page.keyboard.press("ArrowRight")
    known = [node for node in nodes.values() if not node["operands"]]
    for node in [*computed, None]:
        drawn = picture(page)
        for seen in nodes.values():
            assert drawn[f"n{seen['id']} value"] == (f"value {written(seen['value'])}" if seen in known else "")
            assert not drawn.get(f"n{seen['id']} gradient")
        if node is not None:
            page.keyboard.press("ArrowRight")
            known.append(node)
            assert page.locator("#statement").inner_text().endswith(f"= {written(node['value'])}")
            assert page.locator(".box.current").get_attribute("id") == f"n{node['id']}"
    page.keyboard.press("ArrowRight")
    output = max(nodes)
    assert texts(page, f"n{output}", "gradient") == "gradient 1"
    sums: dict[int, Any] = {}
    for flow in flows:
        page.keyboard.press("ArrowRight")
        local, upstream, contribution = (written(flow[part]) for part in ("local", "upstream", "contribution"))
        product = page.locator(".equation").first
        assert product.locator(".number").all_inner_texts() == [local, upstream, contribution]
        assert product.locator(".sign").all_inner_texts() == ["", "×", "="]
        said = page.locator("#statement").inner_text()
        target = flow["to"]
        sums[target] = (
            flow["contribution"]
            if target not in sums
            else [a + b for a, b in zip(sums[target], flow["contribution"], strict=True)]
        )
        complete = written(sums[target]) == written(nodes[target]["gradient"])
        drawn = picture(page)
        assert drawn[f"n{target} gradient"] == f"gradient {written(sums[target])}" + ("" if complete else " + …")
        assert ("more is to come" in said) != complete
        edge = f"e{flow['from']}x{flow['operand']}"
        assert drawn[f"{edge} local"].endswith(local)
        assert drawn[f"{edge} contribution"].endswith(f"= {contribution}")
        assert page.locator(".arrow.current").get_attribute("id") == edge
    page.keyboard.press("ArrowRight")
    for name, gradient in found["gradient"].items():
        assert f"d/d{name} = {written(gradient)}" in page.locator("#statement").inner_text()
    page.keyboard.press("Home")
    assert page.locator("#heading").inner_text() == f"Step 0 of {last(page)}"
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#slider").input_value() == str(last(page) - 1)


def test_two_contributions_are_seen_to_add_up(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, "x*x + x", ("x=3",))
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    said = " ".join(page.locator(".equation").last.inner_text().split())
    assert said == "running sum d(v2)/d(x) = so far 4 + contribution 3 = gradient 7"


def test_the_source_shows_the_piece_that_is_computed(page: "Page", tmp_path: Path) -> None:
    """In characters, of which some are two of the script's; and what looks like markup is text."""
    opened(page, tmp_path, "a = \U0001d465*2 # <b>&amp;</b>\na*a", ("\U0001d465=3",))
    marked = []
    for _ in range(last(page)):
        page.keyboard.press("ArrowRight")
        marked += page.locator("#source mark").all_inner_texts()
    assert marked[:3] == ["\U0001d465*2", "a*a", "a*a"]
    assert page.locator("#source").inner_text() == "a = \U0001d465*2 # <b>&amp;</b>\na*a"


@pytest.mark.long
@pytest.mark.parametrize(("problem", "rate"), [(SEED, "4"), (UNIT, "2.5")], ids=["up", "down"])
def test_steps_of_descent_are_those_of_descend(
    page: "Page", tmp_path: Path, problem: tuple[str, tuple[str, ...]], rate: str
) -> None:
    opened(page, tmp_path, *problem, precision=DIGITS)
    page.focus("#exact-rate")
    page.keyboard.press("Control+a")
    page.keyboard.type(rate)
    page.keyboard.press("Tab")
    for steps in (1, 2):
        page.keyboard.press("Enter")
        run = document("descend", *problem, "--lr", rate, "--steps", str(steps))
        before, after = (f"{run['history'][step]['value']:.{DIGITS}g}" for step in (-2, -1))
        direction = "down" if float(after) < float(before) else "up"
        assert (
            page.locator("#outcome").inner_text()
            == f"The last step took the value {direction}, from {before} to {after}"
        )
        first = f"{run['history'][0]['value']:.{DIGITS}g}"
        rows = [row.locator("th, td").all_inner_texts() for row in page.locator("#where tr").all()]
        assert rows[:2] == [["", "At the start", "Now"], ["value", first, after]]
        assert {name: now for name, _, now in rows[2:]} == {
            name: written(value) for name, value in run["final"].items()
        }
        assert page.locator("#slider").input_value() == str(last(page))  # at the first step nothing of it could be seen
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    point = tuple(f"{name}={value}" for name, value in run["final"].items())
    there, drawn = document("grad", problem[0], point), picture(page)
    for node in there["nodes"]:
        assert drawn[f"n{node['id']} value"] == f"value {written(node['value'])}"
        if node["gradient"] is not None:
            assert drawn[f"n{node['id']} gradient"] == f"gradient {written(node['gradient'])}"
    cells = page.locator("#table tr[data-step]").last.locator("td").all_text_contents()
    assert written(there["flows"][-1]["contribution"]) in cells
    page.locator("#reset").press("Enter")
    assert texts(page, "n0", "value") == f"value {written(document('grad', *problem)['nodes'][0]['value'])}"


@pytest.mark.long
def test_a_network_crosses_a_kink(page: "Page", tmp_path: Path) -> None:
    """Which pieces of relu, max and where are taken is decided anew in the page."""
    problem = ("sum((relu(w) - [-1, 1])^2) + max(w, -w)[0] + where(w > 0.2, w, 2*w)[1]", ("w=[0.05, 0.5]",))
    opened(page, tmp_path, *problem, precision=DIGITS)
    page.keyboard.press("End")
    page.focus("#descend")
    seen = []
    for steps in range(1, 5):
        page.keyboard.press("Enter")
        final = document("descend", *problem, "--lr", "0.1", "--steps", str(steps))["final"]["w"]
        there = document("grad", problem[0], (f"w={final}",))
        assert texts(page, "n0", "value") == f"value {written(final)}"
        assert texts(page, "n0", "gradient") == f"gradient {written(there['gradient']['w'])}"
        seen.append(final[0] > 0)
    assert set(seen) == {False, True}


@pytest.mark.long
@pytest.mark.parametrize(
    ("problem", "rate", "said"),
    [
        (
            ("log(x)", ("x=1",)),
            "2",
            "The step leads to numbers that are not finite: run diffcli grad 'log(x)' --at 'x=-1'",
        ),
        (
            ("median(x^2) # it's", ("x=" + ",".join(map(str, range(1, 42))),)),
            "20",
            "The computation takes another path at this point: run diffcli grad",
        ),
    ],
    ids=["not finite", "another path"],
)
def test_where_the_page_cannot_go_it_says_what_can(
    page: "Page", tmp_path: Path, problem: tuple[str, tuple[str, ...]], rate: str, said: str
) -> None:
    """The numbers stay those of the last point; the command is one that runs."""
    opened(page, tmp_path, *problem)
    before = page.locator("#record").inner_html()
    page.fill("#exact-rate", rate)
    page.click("#descend")
    assert page.locator("#outcome").inner_text().startswith(said)
    assert page.locator("#record").inner_html() == before
    command = shlex.split(page.locator("#outcome code").inner_text())
    assert command[:3] == ["diffcli", "grad", problem[0]]
    assert answer(command[1:]).code in (0, 3)


def test_a_rate_that_is_no_rate_is_refused_in_words(page: "Page", tmp_path: Path) -> None:
    """As the command refuses it; the page stays as it is until there is one."""
    opened(page, tmp_path, *SEED)
    before = page.locator("#record").inner_html()
    for rate in ("0", "-1", ""):
        page.fill("#exact-rate", rate)
        page.press("#descend", "Enter")
        assert page.locator("#outcome").inner_text() == "The learning rate must be a number greater than 0"
        assert page.locator("#descend").get_attribute("aria-disabled") == "true"
    assert page.locator("#record").inner_html() == before
    page.fill("#exact-rate", "0.1")
    assert page.locator("#outcome").inner_text() == ""
    page.click("#descend")
    assert page.locator("#record").inner_html() != before


def test_a_kink_of_the_start_is_called_so_elsewhere(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, "relu(x) + x^2 - x", ("x=0",))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    note = "relu(x) is at a kink: it has a corner at 0"
    assert page.locator("#remarks").inner_text().startswith(note)
    page.click("#descend")
    assert page.locator("#remarks, .note").all_inner_texts()[0].startswith(f"at the start: {note}")
    assert page.locator("section > .note").inner_text().startswith(f"at the start: {note}")
    page.click("#reset")
    assert page.locator("section > .note").inner_text().startswith(note)


@pytest.mark.long
def test_the_picture_can_be_read_and_fits_when_asked(page: "Page", tmp_path: Path) -> None:
    """Its smallest text has so many pixels, the legend 12 and more; whole, nothing of it is cut off;
    what happens is in sight.
    """
    opened(page, tmp_path, (Path(__file__).parents[2] / "examples" / "xor.expr").read_text())
    scale = "document.querySelector('#graph svg').getScreenCTM().a"
    smallest = f"Number(document.querySelector('#graph text.position').getAttribute('font-size')) * {scale}"
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('#legend li')).fontSize)") >= 12
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    for width, height, least in ((1920, 1080, 13.0), (360, 740, 9.0), (1280, 720, 10.5)):
        sized(page, width, height)
        assert round(page.evaluate(smallest), 1) >= least
        assert seen(page, ".box.current", whole=width > 360)
    top = sides(page, "#now")[1][0]
    page.keyboard.press("ArrowRight")
    assert sides(page, "#now")[1][0] == top  # the text stands still
    page.click("#fit")
    assert seen(page, "svg")
    page.click("#larger")
    sized(page, 1100, 600)
    assert seen(page, ".box.current")


def sized(page: "Page", width: int, height: int) -> None:
    """Give the window another size, and the page the time to answer."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def seen(page: "Page", part: str, whole: bool = True) -> bool:
    """Whether a part of the picture, or its middle, is within its frame."""
    ends = sides(page, f"#graph {part}")
    within = ends if whole else [(sum(pair) / 2,) * 2 for pair in ends]
    return all(
        start <= low and high <= end for (start, end), (low, high) in zip(sides(page, "#graph"), within, strict=True)
    )


def sides(page: "Page", part: str) -> list[tuple[float, float]]:
    """From where to where something reaches across and down."""
    place = page.locator(part).first.bounding_box()
    assert place
    return [(place["x"], place["x"] + place["width"]), (place["y"], place["y"] + place["height"])]


def test_nodes_have_a_history_by_pointer_and_by_key(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, *SEED)
    page.keyboard.press("End")
    page.hover("#n0 text.title")
    assert page.locator("#history-heading").inner_text() == "History of x"
    events = page.locator("#events li").all_inner_texts()
    assert [event.split(" ")[1] for event in events] == ["1", "6", "6", "7", "7"]
    assert events[0] == "step 1 x is given: [1, 2, 3]"
    assert events[-1] == "step 7 all 2 contributions have arrived: the gradient of x is [0.6667, 1.333, 2]"
    page.focus("#n1")
    assert page.locator("#history-heading").inner_text() == "History of x*x"
    label = page.locator("#n1").get_attribute("aria-label")
    assert label == "x*x, v1 = mul · (3,), value [1, 4, 9], gradient [0.3333, 0.3333, 0.3333]"
    page.keyboard.press("Enter")
    assert page.locator("#heading").inner_text() == "Step 2 of 8 · forward"
    assert (
        page.locator("#n1").get_attribute("aria-label")
        == "x*x, v1 = mul · (3,), value [1, 4, 9], gradient not yet known"
    )
    page.keyboard.press("Tab")
    assert page.locator("#history-heading").inner_text() == "History of mean(x*x)"
    page.keyboard.press("Escape")
    assert page.locator("#history-heading").inner_text() == "History of x*x"  # that of the step


@pytest.mark.long
def test_it_plays_and_pauses(page: "Page", tmp_path: Path) -> None:
    page.clock.install()
    opened(page, tmp_path, *SEED)
    play = page.locator("#play")
    page.keyboard.press("Space")
    assert play.get_attribute("aria-label") == "pause"
    page.clock.run_for(4_000)
    assert page.locator("#slider").input_value() == "2"
    page.keyboard.press("Space")
    page.clock.run_for(9_000)
    assert page.locator("#slider").input_value() == "2"
    page.focus("#n0")
    page.keyboard.press("Space")  # a node's own
    assert page.locator("#slider").input_value() == "1"
    play.press("Space")  # once, not once by the button and once by the page
    page.clock.run_for(60_000)
    assert page.locator("#slider").input_value() == "8"
    assert play.get_attribute("aria-label") == "play"
    page.focus("#slider")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#heading").inner_text().startswith("Step 7")


@pytest.mark.parametrize(
    ("lang", "width", "keys"),
    [
        ("en", 1280, ("Home", "ArrowRight")),
        pytest.param("en", 340, ("End",), marks=pytest.mark.long),
        ("zh", 360, ("End",)),
    ],
)
def test_everybody_can_use_it(
    page: "Page", axe: Callable[["Page"], list[str]], tmp_path: Path, lang: str, width: int, keys: tuple[str, ...]
) -> None:
    """No violation in either theme at the first, a middle and the last step, and after a step of descent;
    no sideways scrolling.
    """
    page.set_viewport_size({"width": width, "height": 740})
    opened(page, tmp_path, *UNIT, language=lang)
    page.locator("#table summary").click()
    for key in keys:
        page.keyboard.press(key)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for button in page.locator("#controls button").all():
            assert button.bounding_box()["y"] + button.bounding_box()["height"] <= 740  # type: ignore[index]
    page.select_option("#theme", "dark")
    page.click("#descend")
    assert axe(page) == []
    assert page.locator("html").get_attribute("lang") == ("zh-Hans" if lang == "zh" else "en")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(18, 23, 30)"
    page.select_option("#theme", "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.long
def test_in_chinese_nothing_is_left_in_english(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, "x*x + x", ("x=3",), language="zh")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.click("#descend")
    page.keyboard.press("Home")
    for _ in range(last(page) + 1):
        said = page.locator("body").inner_text() + " ".join(
            page.locator("[aria-label]").evaluate_all("parts => parts.map(part => part.ariaLabel)")
        )
        assert set(re.findall(r"[A-Za-z]{3,}", said)) <= {"mul", "add", "Home", "End", "Tab"}
        page.keyboard.press("ArrowRight")


def test_motion_stops_for_those_who_do_not_want_it(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, *SEED)
    moving = "getComputedStyle(document.querySelector('.arrow.current .line')).animationName"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(moving) == "flow"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == "none"


def test_on_paper_all_numbers_and_all_steps_are_there(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, *SEED)
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert texts(page, "n0", "gradient") == "gradient [0.6667, 1.333, 2]"
    assert not page.locator("#controls").is_visible()
    assert all(row.is_visible() for row in page.locator("#table tr").all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert texts(page, "n0", "gradient") == ""


def test_without_scripts_the_graph_and_all_steps_are_there(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, *SEED)
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    still = context.new_page()
    still.goto((tmp_path / "page.html").as_uri())
    assert texts(still, "n0", "gradient") == "gradient [0.6667, 1.333, 2]"
    assert [row.locator("td").nth(0).inner_text() for row in still.locator("#table tr[data-step]").all()] == list(
        "1234567"
    )
    assert still.locator("#table").is_visible()
    assert not still.locator(".player").locator("visible=true").count()
    assert "JavaScript" in still.locator("noscript").inner_text()
    context.close()


def test_what_looks_like_markup_is_text(page: "Page", tmp_path: Path) -> None:
    """The watcher would hear of an alert, a request or a script that the policy stopped."""
    opened(page, tmp_path, HOSTILE, ("x=3",))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for _ in range(last(page)):
        page.keyboard.press("ArrowRight")
    assert (
        "</script><script>alert(1)</script><img src=x onerror=alert(2)> ]]> ` ' \" & \\u003c"
        in page.locator("#source").inner_text()
    )
    assert page.locator("script").count() == 2
    assert page.locator("img").count() == 0
    page.fill("#exact-rate", "1e308")
    page.click("#descend")
    assert "<script>alert(1)</script>" in page.locator("#outcome code").inner_text()


def test_a_page_opens_at_once_and_is_small(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, *UNIT)
    assert (tmp_path / "page.html").stat().st_size < 120_000
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") < 1_000


def test_numbers_are_written_as_python_writes_them(page: "Page") -> None:
    """To the character, ties and all: doubles of every size, short binary fractions, and what is not a number."""
    random = Random(6)
    anything = [struct.unpack("d", random.randbytes(8))[0] for _ in range(1_000)]
    ties = [sign * odd / 2**power for sign in (1, -1) for power in range(12) for odd in range(1, 150, 2)]
    edges = [
        0.0,
        -0.0,
        math.inf,
        -math.inf,
        math.nan,
        5e-324,
        1.7976931348623157e308,
        9.9995,
        99995.0,
        0.000099995,
        1e16,
        123456.5,
    ]
    rows = [(value, digits) for value in (*anything, *ties, *edges) for digits in (random.randint(1, 17), 3)]
    page.add_script_tag(path=Path(player_folder.__file__).with_name("numbers.js"))
    texts = page.evaluate("rows => rows.map(([value, digits]) => DiffcliNumbers.number(value, digits))", rows)
    assert [(row, text) for row, text in zip(rows, texts, strict=True) if text != number(*row)] == []
    arrays = [
        np.arange(math.prod(shape)).reshape(shape) * -0.7
        for shape in ((), (1,), (6,), (7,), (1_500,), (2, 3), (9, 8), (1, 7), (2, 2, 2), (8, 1, 7), (0,), (3, 0))
    ]
    for array in arrays:
        given = [array.ravel().tolist(), array.shape, 4]
        assert page.evaluate("given => DiffcliNumbers.shown(...given, '{count} more')", given) == python_shown(array, 4)
        if array.size:
            assert page.evaluate("given => DiffcliNumbers.block(...given)", given) == block(array, 4)
            assert np.array_equal(
                read_bindings([Source(f"x={page.evaluate('given => DiffcliNumbers.exact(...given)', given)}")])[
                    0
                ].value,
                array,
            )


def test_folded_groups_play_too(page: "Page", tmp_path: Path) -> None:
    """What flows back into a folded group's operand is the sum of its flows; the gradient is the same."""
    opened(page, tmp_path, "square(a) = a*a; sum(square(x))", ("x=1,2",), depth=0)
    page.keyboard.press("End")
    assert texts(page, "n0", "gradient") == "gradient [2, 4]"
    page.click("#descend")
    assert texts(page, "n0", "gradient") == "gradient [1.6, 3.2]"


#: Ten nodes in a row, and a unit whose inputs are vectors.
TEN = ("mean((w*x + b - y)^2)", ("w=0.5", "x=1.7", "b=0.1", "y=1"))
VECTORS = ("log(1+exp(-y*(w@x+b)))", ("w=0.5,-1.25", "x=1.7,2", "b=0.1", "y=1"))


@pytest.mark.parametrize("problem", [TEN, pytest.param(VECTORS, marks=pytest.mark.long)], ids=["ten", "vectors"])
def test_ten_nodes_are_seen_whole_and_stay(page: "Page", tmp_path: Path, problem: tuple[str, tuple[str, ...]]) -> None:
    """In a window of 1280 x 720, in letters of 12 pixels and more; a step of descent does not move the picture."""
    opened(page, tmp_path, *problem)
    sizes = """[...document.querySelectorAll("#graph .box text")].map(
        text => Number(text.getAttribute("font-size")) * text.getScreenCTM().a)"""
    for width, height in ((1280, 720), (1920, 1080)):
        sized(page, width, height)
        assert seen(page, "svg")
        assert min(page.evaluate(sizes)) >= 12 * width / 1280
    place = sides(page, "#graph svg")
    page.click("#descend")
    page.locator("#where").scroll_into_view_if_needed()
    assert sides(page, "#graph svg") == place
    sized(page, 360, 740)
    page.click("#descend")
    assert sides(page, "#graph")[1][0] >= 0  # it sticks to the upper end of the window


def compare_with_differences(page: "Page") -> None:
    """Open the comparison, which a page makes some time after the click."""
    page.locator("#differences summary").click()
    page.locator("#compared tr").first.wait_for()


def test_values_are_moved_by_hand_and_checked_by_differences(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, *UNIT, precision=DIGITS)
    page.fill("#value0", "2")
    page.focus("#slider1")
    page.keyboard.press("ArrowRight")
    values = {name: float(page.locator(f"#value{place}").input_value()) for place, name in enumerate("xwb")}
    assert values == {"x": 2, "w": 0.02, "b": 0}
    there = document("grad", UNIT[0], tuple(f"{name}={value}" for name, value in values.items()))
    assert {
        cells[0]: cells[1]
        for cells in (row.locator("th, td").all_inner_texts() for row in page.locator("table.gradients tr").all())
    } == {f"d/d{name}": written(value) for name, value in there["gradient"].items()}
    compare_with_differences(page)
    assert page.locator("#compared tr").count() == 4
    assert page.locator("#compared-verdict").inner_text() == "The gradient agrees with the differences."
    page.click("#reset")
    assert page.locator("#value0").input_value() == "1"


def test_at_a_kink_the_differences_are_others(page: "Page", tmp_path: Path) -> None:
    opened(page, tmp_path, "relu(x) + y^2", ("x=0", "y=1"))
    compare_with_differences(page)
    assert "By x the differences disagree" in page.locator("#compared-verdict").inner_text()


@pytest.mark.long
def test_a_link_shows_what_its_sender_saw(page: "Page", tmp_path: Path) -> None:
    """The step, the point and the rate; what does not fit the page is passed over."""
    opened(page, tmp_path, *UNIT)
    page.fill("#exact-rate", "0.5")
    page.click("#descend")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.click("#share")
    link, seen_there = page.locator("#address").input_value(), picture(page)
    assert "#step=" in link
    page.goto("about:blank")
    page.goto(link)
    assert picture(page) == seen_there
    assert page.locator("#exact-rate").input_value() == "0.5"
    start = (tmp_path / "page.html").as_uri()
    page.goto("about:blank")
    page.goto(f"{start}#step=99&rate=-1&at.x=1,2&at.w=<b>&at.b=inf&step=x")
    assert page.locator("#heading").inner_text().startswith("Step 0")
    assert page.locator("#exact-rate").input_value() == "0.1"
    assert page.locator("#value0").input_value() == "1"
