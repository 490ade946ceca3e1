"""Mermaid reads and shows our flowcharts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from render.drawing.diagrams import DIAGRAMS, FRAMES, NASTY

from diffcli.render.drawing.diagram import Arrow, Box, Diagram, Frame, Line
from diffcli.render.drawing.layout.box_sizes import shown
from diffcli.render.drawing.notation.mermaid import mermaid as flowchart

if TYPE_CHECKING:
    from playwright.sync_api import Locator

#: What Mermaid, Markdown or HTML could take for something else than text.
_HOSTILE = (
    *NASTY, "&#60;", "&lt;b&gt;", "#quot;", "#35;", "`code`", "**bold**", "_it_", "~~x~~", "1. one", "1) one", "- one",
    "+ one", "* * *", "# one", "> one",
    "    one", "end", "subgraph", "direction LR", "click n_0", "%%{init: {}}%%", "%% comment", "$$x^2$$", "}", "|x|",
    "fa:fa-car", "http://a.b", "www.x.org",
    "a@b.c", "\ufb02\u00b0\u00b035\u00b6\u00df", "---", "===", "[x](y)", "A --> B", '"]; end', "@{ shape: x }", ":::c",
    ";",
    "\\n", "\\(x\\)", "<br>", "&nbsp;",
)  # fmt: skip
_LABELS = ".node .nodeLabel, .edgeLabel .edgeLabel, .cluster-label .nodeLabel"


def _labels(drawing: "Locator") -> set[str]:
    """The labels' texts; the lines of a label follow each other without a mark."""
    return {
        text.replace("\u00a0", " ").replace("\u2060", "").strip(" ")
        for text in drawing.locator(_LABELS).all_text_contents()
    }


def test_any_text_is_shown_as_text(mermaid: "Callable[[str], Locator]") -> None:
    count = len(_HOSTILE)
    boxes = [Box(f"n{number}", "operation", (Line("title", text),)) for number, text in enumerate(_HOSTILE)]
    boxes += [Box(f"m{number}", "constant", (), frame=f"g{number}") for number in range(count)]
    arrows = tuple(
        Arrow(f"e{number}", "forward", f"n{number}", f"m{number}", (Line("local", f"to {text}"),))
        for number, text in enumerate(_HOSTILE)
    )
    frames = tuple(Frame(f"g{number}", f"in {text}") for number, text in enumerate(_HOSTILE))
    labels = _labels(mermaid(flowchart(Diagram("hostile", tuple(boxes), arrows, frames), "light")))
    wanted = {
        shown(f"{before}{text}").replace("\u00a0", " ").strip(" ") for text in _HOSTILE for before in ("", "to ", "in ")
    }
    assert wanted - labels == set()


def test_every_diagram_is_drawn_with_its_boxes_and_arrows(mermaid: "Callable[[str], Locator]") -> None:
    for diagram in DIAGRAMS.values():
        if diagram.boxes:
            drawing = mermaid(flowchart(diagram, "dark"))
            samples = sum(2 if entry.arrow else 1 for entry in diagram.legend if not entry.line)
            assert drawing.locator(".node").count() == len(diagram.boxes) + samples
            assert drawing.locator("path.flowchart-link").count() == len(diagram.arrows) + sum(
                bool(entry.arrow) for entry in diagram.legend
            )


def test_frames_are_drawn(mermaid: "Callable[[str], Locator]") -> None:
    assert mermaid(flowchart(FRAMES, "auto")).locator(".cluster").count() == len(FRAMES.frames) + 1
