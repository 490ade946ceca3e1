"""The pictures that runs leave in files: what is in them, and that nothing else is left."""

import io
import os
import re
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from command import answer

pytest.importorskip("matplotlib", reason="pictures need matplotlib: pip install diffcli[plot]")

BOWL = ["descend", "x_1^2 + 10*y^2", "--at", "x_1=3;y=1", "--lr", "0.02,0.09", "--steps", "20"]
LINE = ["descend", "x^4 - 3*x^2 + x", "--at", "2", "--lr", "0.1", "--steps", "10"]


def test_a_plane_as_svg_has_its_words_as_words(tmp_path: Path) -> None:
    """Title and names are the user's own, not formulas: `x_1` has no subscript."""
    done = answer([*BOWL, "--plot", "run.svg"], cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    text = (tmp_path / "run.svg").read_text(encoding="utf-8")
    words = re.findall(r">([^<>\n]+)</text>", text)
    for word in ("x_1^2 + 10*y^2", "x_1", "y", "step", "value", "|gradient|", "gd, lr 0.02", "gd, lr 0.09"):
        assert word in words
    assert "<dc:date>" not in text


@pytest.mark.parametrize(("runs", "planes"), [(1, 1), (2, 2), (4, 4), (10, 1)])
def test_runs_over_a_plane_have_one_each(runs: int, planes: int, tmp_path: Path) -> None:
    """No path hides another; more than nine lie over each other."""
    rates = ",".join(f"0.0{number + 1}" for number in range(runs))
    line = ["descend", "x^2 + 10*y^2", "--at", "x=3;y=1", "--lr", rates, "--steps", "9", "--plot", "run.svg"]
    assert answer(line, cwd=tmp_path).code in (0, 1)
    assert (tmp_path / "run.svg").read_text(encoding="utf-8").count('id="QuadContourSet_') == 2 * planes


def test_the_same_run_gives_the_same_file(tmp_path: Path) -> None:
    contents = []
    for kind in ("svg", "svg", "pdf", "pdf"):
        answer([*LINE, "--plot", f"run.{kind}"], cwd=tmp_path)
        contents.append((tmp_path / f"run.{kind}").read_bytes())
    assert contents[0] == contents[1]
    assert contents[2] == contents[3]


def test_a_line_as_png_and_gif(tmp_path: Path) -> None:
    """The picture is 11 by 5 inches at 160 dots, the animation has a frame for each point and the last one stays."""
    from PIL import Image

    assert answer([*LINE, "--plot", "run.PNG", "--animate", "run.gif"], cwd=tmp_path).code == 0
    assert struct.unpack(">II", (tmp_path / "run.PNG").read_bytes()[16:24]) == (1760, 800)
    with Image.open(tmp_path / "run.gif") as image:
        assert (getattr(image, "n_frames", 1), image.size, image.info["loop"]) == (11, (640, 500), 0)
        first = image.convert("RGB").tobytes()
        image.seek(10)
        assert image.convert("RGB").tobytes() != first
        assert image.info["duration"] == 2500
        assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.PNG", "run.gif"]


def test_a_page_needs_no_other_file(tmp_path: Path) -> None:
    assert (
        answer(
            ["descend", "x^2 # </script><b>", "--at", "3", "--steps", "30", "--animate", "run.html"], cwd=tmp_path
        ).code
        == 0
    )
    text = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert "</script><b>" not in text
    assert not re.search(r"(src|href)=\"(?!data:)", text)
    assert "const steps = [0, 1, 2, 3," in text
    points = re.search(r'<polyline id="path0" points="([^"]+)"', text)
    assert points is not None
    assert len(points[1].split()) == 31


def test_many_numbers_have_the_curves_alone(tmp_path: Path) -> None:
    done = answer(
        ["descend", "mean(x*x)", "--at", "1,2,3", "--steps", "9", "--json", "--plot", "run.pdf"], cwd=tmp_path
    )
    assert (
        done.err
        == "note: 'run.pdf' shows the values and the gradients alone: the path is drawn where one number moves, or "
        "two; here 3 do\n"
    )
    content = (tmp_path / "run.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"CreationDate" not in content


@pytest.mark.parametrize(
    "option",
    [["--plot", "a.gif"], ["--plot", "a"], ["--animate", "a.htm"], ["--plot", "no/a.png"], ["--plot", "folder.png"]],
)
def test_what_cannot_be_written_is_said_before_the_run(option: list[str], tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    done = answer([*LINE, *option], cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_a_write_that_fails_keeps_the_former_picture_and_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "run.png").write_bytes(b"former")
    monkeypatch.setattr(os, "replace", full)
    done = answer(["descend", "mean(x*x)", "--at", "1,2,3", "--steps", "2", "--plot", "run.png"], cwd=tmp_path)
    assert (done.code, "step-limit" in done.out) == (2, True)
    assert "cannot write 'run.png': no space left on device" in done.err
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("run.png", b"former")]


def test_without_the_extra_the_command_that_installs_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    done = answer([*LINE, "--plot", "run.png"], cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert '= help: pip install "diffcli[plot]", or in a checkout pip install ".[plot]"\n' in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_title_fits(tmp_path: Path) -> None:
    program = f"a = {'1 + ' * 60}1; mean(x*x) + a"
    assert answer(["descend", program, "--at", "1,2,3", "--steps", "2", "--plot", "run.svg"], cwd=tmp_path).code == 0
    assert ">...; mean(x*x) + a</text>" in (tmp_path / "run.svg").read_text(encoding="utf-8")


def test_frames_are_few_and_begin_with_every_step() -> None:
    from diffcli.render.plot.frames import MOST_FRAMES, frame_steps

    assert frame_steps(0, 50) == tuple(range(51))
    for last in (119, 120, 500, 100_000):
        steps = frame_steps(7, 7 + last)
        assert len(steps) <= MOST_FRAMES
        assert (steps[:40], steps[-1]) == (tuple(range(7, 47)), 7 + last)


def test_the_users_own_settings_change_nothing() -> None:
    import matplotlib

    from diffcli.render.plot_style import styled

    with matplotlib.rc_context({"lines.linewidth": 9, "axes.facecolor": "black"}):
        with styled():
            assert matplotlib.rcParams["lines.linewidth"] == matplotlib.rcParamsDefault["lines.linewidth"]
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_values_too_high_for_contours_are_drawn_without(tmp_path: Path) -> None:
    done = answer(
        ["descend", "x^2 + y^2", "--at", "x=1e150;y=1", "--steps", "3", "--plot", "run.png", "-t"], cwd=tmp_path
    )
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "run.png").stat().st_size > 1000


@pytest.mark.parametrize(("expression", "at", "code"), [("1e306*x", "1", 3), ("1e-10*x", "1e308", 1)])
def test_paths_to_the_largest_numbers_are_drawn(expression: str, at: str, code: int, tmp_path: Path) -> None:
    done = answer(["descend", expression, "--at", at, "--lr", "1", "--plot", "run.png", "-t"], cwd=tmp_path)
    assert (done.code, done.err) == (code, "")
    assert (tmp_path / "run.png").stat().st_size > 1000


def test_a_gif_is_read_back_whole() -> None:
    """Every frame has the ground of the first: nothing flickers."""
    from PIL import Image

    from diffcli.analysis.descent.landscape import landscape
    from diffcli.analysis.descent.running import descent_report
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.problem import pose
    from diffcli.analysis.values import read_bindings
    from diffcli.render.plot.gif import gif
    from diffcli.source import Source

    problem = pose(Source("x^2 + y^2"), read_bindings([Source("x=1;y=1", "--at")]))
    report = descent_report(problem, Settings(steps=3))
    ground = landscape(problem, [report])
    assert ground is not None
    with Image.open(io.BytesIO(gif([report], ground))) as image:
        corners = []
        for frame in range(4):
            image.seek(frame)
            picture = image.convert("RGB")
            corners.append([picture.getpixel(place) for place in ((120, 300), (400, 90), (300, 380))])
    assert corners == [corners[0]] * 4
