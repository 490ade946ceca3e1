"""The graph of the tutorial's problem in the documentation is the graph that `grad` runs, and the drawing of how it
comes to be is that of what stands here.
"""

import re

from golden.golden import assert_golden
from golden.pages import DOCS

import diffcli
from diffcli.render.drawing.diagram import Arrow, Box, Diagram, LegendEntry, Line
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.painting.svg import svg

#: What there is of an expression, one after the other: each made of others, by a layer.
STAGES = {
    "text": ("mean(x*x)", ""),
    "tree": ("nodes with spans", "syntax: text"),
    "graph": ("primitives, operands, shapes", "graph: tree"),
    "larger graph": ("with adjoints and flows", "autodiff: graph"),
    "values": ("of all nodes", "execute: larger graph"),
    "formula": ("2*x/n", "symbolic: tree"),
    "report": ("a frozen result", "analysis: values, formula"),
    "faces": ("text, terse lines, JSON, HTML, pictures", "render: report"),
}
TABLE = "table of primitives"
#: Those that read the table.
READERS = ("tree", "graph", "larger graph", "values", "formula")


def drawing() -> Diagram:
    """The stages, and the table beside them."""
    names = {stage: f"n{number}" for number, stage in enumerate((*STAGES, TABLE))}
    boxes = [
        Box(names[stage], "operation", (Line("title", stage), Line("kind", what)), output=stage == "faces")
        for stage, (what, _) in STAGES.items()
    ]
    arrows = [
        Arrow(f"{names[source]}{names[stage]}", "forward", names[source], names[stage], (Line("local", layer),))
        for stage, (_, made) in STAGES.items()
        for layer, _, sources in [made.partition(": ")]
        for source in filter(None, sources.split(", "))
    ]
    read = [Arrow(f"{names[TABLE]}{names[stage]}", "saved", names[TABLE], names[stage]) for stage in READERS]
    table = Box(names[TABLE], "constant", (Line("title", TABLE),))
    legend = (LegendEntry("made by the layer", arrow="forward"), LegendEntry("read by", arrow="saved"))
    return Diagram("From a text to what is shown", (table, *boxes), (*arrows, *read), legend=legend)


def test_the_page_has_the_drawing() -> None:
    diagram = drawing()
    assert_golden(DOCS / "pictures" / "architecture.svg", svg(diagram, layered(diagram)))


def test_the_page_has_every_node() -> None:
    """With its primitive, operands and shape."""
    trace = diffcli.grad("mean(x*x)", x=[1, 2, 3]).trace
    graph, page = trace.graph, (DOCS / "explanation/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) \| `(\w+)`[^|]*\| ([\d, ]*?) *\| (\([\d,]*\)) \|", page, re.MULTILINE)
    assert rows == [
        (str(node), graph.primitives[node].name, ", ".join(map(str, graph.operands[node])), str(graph.shapes[node]))
        for node in range(len(graph))
    ]
