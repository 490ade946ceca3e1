"""What stands in boxes and along arrows: the trace's numbers, in words that every format shows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffcli.analysis.drawing.drawing import Drawing
from diffcli.analysis.drawing.graph_report import graph_report
from diffcli.analysis.drawing.torch_graph import torch_graph
from diffcli.analysis.problem import pose
from diffcli.analysis.values import read_bindings
from diffcli.render.drawing.boxes import Sweeps, diagram
from diffcli.render.drawing.diagram import Arrow, Box, Diagram
from diffcli.render.drawing.torch_boxes import torch_diagram
from diffcli.render.value_text import block, number
from diffcli.source import Source

pytestmark = pytest.mark.fast


def drawing_of(text: str, *values: str, depth: int | None = None) -> Drawing:
    return graph_report(pose(Source(text), read_bindings(Source(value, "--at") for value in values)), depth=depth)


def texts(shape: Box | Arrow) -> list[str]:
    return [line.text for line in shape.lines]


def check_ids(drawn: Diagram) -> None:
    ids = [shape.id for shape in (*drawn.boxes, *drawn.arrows, *drawn.frames)]
    assert len(set(ids)) == len(ids)
    assert all(name.isalnum() and name.isascii() for name in ids)
    boxes, frames = {box.id for box in drawn.boxes}, {frame.id for frame in drawn.frames}
    assert all(arrow.tail in boxes and arrow.head in boxes for arrow in drawn.arrows)
    assert {box.frame for box in drawn.boxes} <= frames | {None}
    looks = {box.look for box in drawn.boxes} | {arrow.look for arrow in drawn.arrows}
    assert {entry.box or entry.arrow for entry in drawn.legend} >= looks - {"saved", "forward"}


SEED: dict[Sweeps, tuple[list[list[str]], list[list[str]]]] = {
    "both": (
        [
            ["x", "variable · (3,)", "value [1, 2, 3]", "gradient [0.6667, 1.333, 2]"],
            ["x*x", "v1 = mul · (3,)", "value [1, 4, 9]", "gradient [0.3333, 0.3333, 0.3333]"],
            ["mean(x*x)", "v2 = mean", "value 4.667", "gradient 1"],
        ],
        [
            ["local [1, 2, 3]", "× upstream = [0.3333, 0.6667, 1]"],
            ["local [1, 2, 3]", "× upstream = [0.3333, 0.6667, 1]"],
            ["local [0.3333, 0.3333, 0.3333]", "× upstream = [0.3333, 0.3333, 0.3333]"],
        ],
    ),
    "forward": (
        [
            ["x", "variable · (3,)", "value [1, 2, 3]"],
            ["x*x", "v1 = mul · (3,)", "value [1, 4, 9]"],
            ["mean(x*x)", "v2 = mean", "value 4.667"],
        ],
        [[], [], []],
    ),
    "backward": (
        [
            ["x", "variable · (3,)", "gradient [0.6667, 1.333, 2]"],
            ["x*x", "v1 = mul · (3,)", "gradient [0.3333, 0.3333, 0.3333]"],
            ["mean(x*x)", "v2 = mean", "gradient 1"],
        ],
        [
            ["local [1, 2, 3]", "× upstream [0.3333, 0.3333, 0.3333]", "= [0.3333, 0.6667, 1]"],
            ["local [1, 2, 3]", "× upstream [0.3333, 0.3333, 0.3333]", "= [0.3333, 0.6667, 1]"],
            ["local [0.3333, 0.3333, 0.3333]", "× upstream 1", "= [0.3333, 0.3333, 0.3333]"],
        ],
    ),
}


@pytest.mark.parametrize("sweeps", SEED)
def test_the_seed_problem(sweeps: Sweeps) -> None:
    """Both edges of x*x, their positions, and every number of the trace."""
    drawn = diagram(drawing_of("mean(x*x)", "1,2,3"), sweeps)
    check_ids(drawn)
    boxes, arrows = SEED[sweeps]
    assert [texts(box) for box in drawn.boxes] == boxes
    assert [texts(arrow) for arrow in drawn.arrows] == arrows
    assert [arrow.position for arrow in drawn.arrows] == ["1", "2", ""]
    assert {arrow.look for arrow in drawn.arrows} == {sweeps}
    ends = [(arrow.tail, arrow.head) for arrow in drawn.arrows]
    assert ends == (
        [("n1", "n0"), ("n1", "n0"), ("n2", "n1")]
        if sweeps == "backward"
        else [("n0", "n1"), ("n0", "n1"), ("n1", "n2")]
    )
    assert [box.output for box in drawn.boxes] == [False, False, True]


def test_a_rule_that_does_more_than_multiply_is_written_as_a_formula() -> None:
    """Its contribution stands in rows where it is a matrix."""
    drawn = diagram(drawing_of("sum(A@x)", "A=[[1,2],[3,4]]", "x=5,6"))
    by_matrix = next(arrow for arrow in drawn.arrows if arrow.tail == "n0")
    assert texts(by_matrix) == [
        "outer(upstream, x)",
        "=",
        "5\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}6",
        "5\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}6",
    ]


@pytest.mark.parametrize("depth", [None, 0, 1])
def test_frames_and_folded_groups(depth: int | None) -> None:
    """Whatever is folded, arrows lead to boxes and boxes stand in frames that there are."""
    text = "layer(Z, W) = tanh(Z @ W); h = layer(layer(x, A) + 1, A) + 2; sum(h*h)"
    drawn = diagram(drawing_of(text, "x=1,2", "A=[[1,0],[0.5,1]]", depth=depth))
    check_ids(drawn)
    assert len(drawn.frames) == {None: 3, 1: 1, 0: 0}[depth]
    assert any(box.look == "folded" for box in drawn.boxes) is (depth is not None)


def test_the_backward_sweep_leaves_out_what_no_gradient_reaches() -> None:
    """Constants, variables that are not differentiated by, and frames that hold nothing else."""
    drawn = diagram(drawing_of("k = 2*pi + 1; h = 3*x + k; h*y", "x=1", "y=2"), "backward")
    check_ids(drawn)
    assert [box.lines[0].text for box in drawn.boxes] == ["x", "3*x", "h", "y", "h*y"]
    assert [(frame.label, frame.within) for frame in drawn.frames] == [("h", None)]
    assert {arrow.look for arrow in drawn.arrows} == {"backward"}


def test_in_chinese() -> None:
    """Words of kinds and numbers; expressions stay as they are."""
    drawn = diagram(drawing_of("mean(x*x)", "1,2,3"), language="zh")
    assert texts(drawn.boxes[0]) == ["x", "变量 · (3,)", "值 [1, 2, 3]", "梯度 [0.6667, 1.333, 2]"]


def test_pytorchs_graph() -> None:
    """Leaf, accumulation, functions and output, with both edges of x*x."""
    drawing = drawing_of("mean(x*x)", "1,2,3")
    drawn = torch_diagram(torch_graph(drawing.trace, drawing.wrt, saved=False))
    check_ids(drawn)
    assert sorted(box.lines[0].text for box in drawn.boxes) == [
        "AccumulateGrad",
        "MeanBackward0",
        "MulBackward0",
        "output",
        "x",
    ]
    assert len(drawn.arrows) == 5


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=12), st.integers(1, 17))
def test_a_vector_in_a_box(values: list[float], precision: int) -> None:
    """All its elements, or two at each end."""
    [line] = block(np.array(values), precision)
    shown = [number(value, precision) for value in values]
    assert line == "[" + ", ".join(shown if len(shown) <= 6 else [*shown[:2], "...", *shown[-2:]]) + "]"


@given(st.integers(1, 9), st.integers(1, 9))
def test_a_matrix_in_a_box(rows: int, columns: int) -> None:
    """Its columns are in line; more than six of either are shortened."""
    lines = block(np.arange(float(rows * columns)).reshape(rows, columns) * 7)
    assert len(lines) == (rows if rows <= 6 else 5)
    assert len({len(line) for line in lines}) == 1
    assert all(len(line.split()) == (columns if columns <= 6 else 5) for line in lines)
    assert " " not in "".join(lines)
