"""The graph of the tutorial's problem in the documentation is the graph that `grad` runs."""

import re

from golden.pages import DOCS

import diffcli


def test_the_page_has_every_node() -> None:
    """With its primitive, operands and shape."""
    trace = diffcli.grad("mean(x*x)", x=[1, 2, 3]).trace
    graph, page = trace.graph, (DOCS / "explanation/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) \| `(\w+)`[^|]*\| ([\d, ]*?) *\| (\([\d,]*\)) \|", page, re.MULTILINE)
    assert rows == [
        (str(node), graph.primitives[node].name, ", ".join(map(str, graph.operands[node])), str(graph.shapes[node]))
        for node in range(len(graph))
    ]
