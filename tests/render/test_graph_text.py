"""The graph in a terminal: what stands in its rows, how it fits a screen, with which characters."""

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import RenderableType

from diffcli.analysis.drawing.drawing import Drawing
from diffcli.analysis.drawing.folding import folded
from diffcli.analysis.drawing.graph_report import graph_report
from diffcli.analysis.drawing.torch_graph import TorchEdge, TorchGraph, TorchNode, torch_graph
from diffcli.analysis.problem import pose
from diffcli.analysis.values import read_bindings
from diffcli.render.screen import ASCII, UNICODE, Color, Screen
from diffcli.render.text.graph import graph_text
from diffcli.render.text.torch_graph import torch_graph_text
from diffcli.render.view import View
from diffcli.source import Source

XOR = (Path(__file__).parents[2] / "examples" / "xor.expr").read_text(encoding="utf-8")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _drawing(expression: str, *at: str, backward: bool = True) -> Drawing:
    return graph_report(
        pose(Source(expression, "expression"), read_bindings(Source(text, "--at") for text in at)), backward=backward
    )


def _lines(parts: Iterable[RenderableType], stream: io.StringIO | None = None, color: Color = "auto") -> list[str]:
    stream = stream or io.StringIO()
    Screen(stream, color).show(parts)
    return stream.getvalue().splitlines()


def _piped(drawing: Drawing, **view: Any) -> list[str]:
    return _lines(graph_text(drawing, View(UNICODE, 4, **view)))


def _on_screen(
    monkeypatch: pytest.MonkeyPatch, columns: int, parts: Iterable[RenderableType], color: Color = "never"
) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    return _lines(parts, _Terminal(), color)


SQUARES = _drawing("mean(x*x)", "x=1,2,3")
SINE = _drawing("sin(x)*x+x^2", "x=2")
NETWORK = _drawing(XOR)


def test_both_edges_of_a_square_with_what_flows_along_them() -> None:
    assert _piped(SQUARES) == [
        "mean(x*x)",
        "at x = [1, 2, 3]",
        "",
        "  node              shape  value      contribution         gradient",
        "→ ● v2 = mean(x*x)         4.667                           1",
        "  ● v1 = x*x        (3,)   [1, 4, 9]                       [0.3333, 0.3333, 0.3333]",
        "  ├─1─↓ x                             [0.3333, 0.6667, 1]",
        "2 ○ x               (3,)   [1, 2, 3]  [0.3333, 0.6667, 1]  [0.6667, 1.333, 2]",
        "",
        "○ variable  ● operation  → output  ↓ drawn below  1 2 operand position",
    ]


def test_nodes_and_edges_in_columns() -> None:
    assert _piped(SINE) == [
        "sin(x)*x+x^2",
        "at x = 2",
        "",
        "  node                 value   contribution  gradient",
        "→ ● v5 = sin(x)*x+x^2  5.819                 1",
        "  ├─2─● v4 = x^2       4                     1",
        "  │   ├─1─↓ x                  4",
        "  │ 2 □ 2              2",
        "1 ● v2 = sin(x)*x      1.819                 1",
        "  ├─2─↓ x                      0.9093",
        "1 ● v1 = sin(x)        0.9093                2",
        "  ○ x                  2       -0.8323       4.077",
        "",
        "○ variable  □ constant  ● operation  → output  ↓ drawn below  1 2 operand position",
    ]


def test_the_backward_sweep_shows_each_product() -> None:
    assert _piped(SINE, sweeps="backward")[3:12] == [
        "  node                 local derivative  × upstream  = contribution  gradient",
        "→ ● v5 = sin(x)*x+x^2                                                1",
        "  ├─2─● v4 = x^2       1 → 1             1           1               1",
        "  │   ├─1─↓ x          2*x → 4           1           4",
        "  │ 2 □ 2",
        "1 ● v2 = sin(x)*x      1 → 1             1           1               1",
        "  ├─2─↓ x              v1 → 0.9093       1           0.9093",
        "1 ● v1 = sin(x)        x → 2             1           2               2",
        "  ○ x                  cos(x) → -0.4161  2           -0.8323         4.077",
    ]


def test_the_forward_sweep_has_no_gradients() -> None:
    forward = _piped(SINE, sweeps="forward")
    assert forward[3:6] == ["  node                 value", "→ ● v5 = sin(x)*x+x^2  5.819", "  ├─2─● v4 = x^2       4"]
    assert _piped(_drawing("sin(x)*x+x^2", "x=2", backward=False)) == forward


def test_a_screen_that_is_too_narrow_gets_the_numbers_below_each_node(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _on_screen(monkeypatch, 40, graph_text(SQUARES, View(UNICODE, 4))) == [
        "mean(x*x)",
        "at x = [1, 2, 3]",
        "",
        "→ ● v2 = mean(x*x)",
        "  │   value 4.667  gradient 1",
        "  ● v1 = x*x (3,)",
        "  │   value [1, 4, 9]",
        "  │   gradient [0.3333, 0.3333, 0.3333]",
        "  ├─1─↓ x",
        "  │       contribution [0.3333, 0.6667,",
        "  │       1]",
        "2 ○ x (3,)",
        "      value [1, 2, 3]",
        "      contribution [0.3333, 0.6667, 1]",
        "      gradient [0.6667, 1.333, 2]",
        "",
        "○ variable  ● operation  → output",
        "↓ drawn below  1 2 operand position",
    ]


def test_shapes_move_behind_the_names_where_that_makes_the_columns_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed picture is a table on a screen of 80 columns."""
    assert _on_screen(monkeypatch, 80, graph_text(SQUARES, View(UNICODE, 4)))[3:8] == [
        "  node              value      contribution         gradient",
        "→ ● v2 = mean(x*x)  4.667                           1",
        "  ● v1 = x*x (3,)   [1, 4, 9]                       [0.3333, 0.3333, 0.3333]",
        "  ├─1─↓ x                      [0.3333, 0.6667, 1]",
        "2 ○ x (3,)          [1, 2, 3]  [0.3333, 0.6667, 1]  [0.6667, 1.333, 2]",
    ]


@pytest.mark.parametrize("columns", [50, 80, 200])
@pytest.mark.parametrize("style", ["forward", "backward", "both"])
def test_nothing_is_wider_than_the_screen(monkeypatch: pytest.MonkeyPatch, columns: int, style: Any) -> None:
    """And nothing is lost by breaking lines: without blanks and rails the numbers are those of the pipe."""
    lines = _on_screen(monkeypatch, columns, graph_text(NETWORK, View(UNICODE, 4, sweeps=style)))
    assert max(map(cell_len, lines)) <= columns
    numbers = re.findall(
        r"-?\d[\d.e-]*",
        "".join(re.sub("[│├─]|local derivative|upstream|contribution|gradient|value", " ", line) for line in lines),
    )
    piped = re.findall(r"-?\d[\d.e-]*", "".join(re.sub("[│├─]", " ", line) for line in _piped(NETWORK, sweeps=style)))
    assert sorted(numbers) == sorted(piped)


def test_a_pipe_gets_one_line_for_each_row() -> None:
    lines = _piped(NETWORK)
    rows = lines[4 : lines.index("", 4)]
    assert len(rows) == 1 + len(NETWORK.edges)
    assert sum("↓" in row for row in rows) == 1 + len(NETWORK.edges) - len(NETWORK.nodes)


def test_colour_adds_nothing_to_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = _on_screen(monkeypatch, 100, graph_text(NETWORK, View(UNICODE, 4)), "always")
    assert any("\x1b[" in line for line in coloured)
    plain = _on_screen(monkeypatch, 100, graph_text(NETWORK, View(UNICODE, 4)))
    assert [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in coloured] == plain


def test_groups_are_named_at_their_result_and_folded_ones_counted() -> None:
    assert any("◆ logit = layer(hidden, W2, b2) = v9 + b2" in line for line in _piped(NETWORK))
    rows = [
        line.split("  ")[0] if line.startswith("→") else line[4:].split("  ")[0]
        for line in _piped(folded(NETWORK, 0))
        if "▣" in line
    ]
    assert rows[:3] == ["→ ▣ v19 = bce_with_logits(logit, target) (9 nodes)", "logit (2 nodes)", "hidden (3 nodes)"]
    assert "▣ folded group" in _piped(folded(NETWORK, 0))[-1]


@pytest.mark.parametrize("style", ["forward", "backward", "both"])
def test_ascii_is_ascii(style: Any) -> None:
    drawing = _drawing("relu(变量)*θ + 变量·θ", "变量=0", "θ=1")
    lines = _lines(graph_text(drawing, View(ASCII, 4, language="zh", sweeps=style)))
    assert all(line.isascii() for line in lines)
    assert any("|-2-> \\u53d8\\u91cf" in line or "|-1-> \\u53d8\\u91cf" in line for line in lines)


def test_wide_characters_keep_the_columns_in_line() -> None:
    lines = _piped(_drawing("sin(变量)*变量+θ^2", "变量=2", "θ=1"), language="zh")
    assert lines[3].split() == ["节点", "值", "贡献", "梯度"]
    start = cell_len(lines[3][: lines[3].index("梯度")])
    row = next(line for line in lines if line.endswith("0.077"))
    assert cell_len(row[: row.index("0.077")]) == start
    assert lines[-1] == "○ 变量  □ 常量  ● 运算  → 输出  ↓ 画在下方  1 2 操作数位置"


def test_the_legend_says_what_occurs_and_nothing_else() -> None:
    assert _piped(_drawing("x", "x=1"))[-1] == "○ variable  → output"
    assert (
        _piped(_drawing("param w = 2; h = sin(w); exp(h)"))[-1]
        == "◎ parameter  ● operation  ◆ named intermediate  → output"
    )


def test_long_graphs_are_shortened_unless_all_is_wanted() -> None:
    drawing = _drawing("+".join(["x"] * 10_001), "x=1")
    assert len(drawing.nodes) == 10_001
    lines = _piped(drawing)
    assert len(lines) == 4 + 60 + 1 + 20 + 2
    assert lines[64] == f"  ... {20_001 - 80:,} more"
    assert lines[-3].endswith("1e+04")


def test_all_rows_of_a_graph_on_request() -> None:
    drawing = _drawing("sin(" * 90 + "x" + ")" * 90, "x=1")
    assert any("11 more" in line for line in _piped(drawing))
    assert len(_piped(drawing, full=True)) == 4 + 91 + 2


def test_a_kink_and_a_cotangent_are_said() -> None:
    drawing = graph_report(
        pose(Source("abs(x)*[1,2]", "expression"), read_bindings([Source("x=0", "--at")])),
        read_bindings([Source("1,1", "--cotangent")]),
    )
    lines = _piped(drawing)
    assert "Backward, from the cotangent [1, 1]" in lines
    assert any(line.startswith("note: abs(x) is at a kink") for line in lines)
    assert any("v3 = [1,2]" in line or "v2 = [1,2]" in line for line in lines)


def test_brackets_are_not_markup() -> None:
    lines = _piped(_drawing("y = x[0]; y*2", "x=[1,2]"))
    assert any("◆ y = x[0]" in line for line in lines)


def _torch(drawing: Drawing, saved: bool) -> list[str]:
    return _lines(torch_graph_text(torch_graph(drawing.trace, drawing.wrt, saved), View(UNICODE, 4)))


def test_what_pytorch_records() -> None:
    assert _torch(SQUARES, True) == [
        "  node                  shape",
        "  ▣ output tensor       ()",
        "  ● MeanBackward0",
        "  ● MulBackward0",
        "  ├───↓ AccumulateGrad",
        "  ├───↓ x",
        "  ├───↓ x",
        "  ◆ AccumulateGrad",
        "  ○ x                   (3,)",
        "",
        "○ leaf tensor  ● backward function  ◆ AccumulateGrad  ▣ output tensor  ↓ drawn below",
    ]


def _referring(operands: dict[int, Sequence[int]]) -> TorchGraph:
    """A graph of functions called f, whose last node is the output."""
    nodes = tuple(
        TorchNode("output" if number == max(operands) else "function", "f", None, None) for number in operands
    )
    return TorchGraph(nodes, tuple(TorchEdge(operand, node) for node, taken in operands.items() for operand in taken))


def test_nodes_of_one_name_are_told_apart_where_they_are_referred_to() -> None:
    lines = _lines(torch_graph_text(_referring({0: [], 1: [0], 2: [1, 1], 3: [2]}), View(UNICODE, 4)))
    assert [line.split()[-1] for line in lines[1:6]] == ["f", "f", "#1", "#1", "f"]


def test_a_reference_points_to_where_the_node_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = _drawing("sin(sin(sin(sin(x))))*((x + y)*(z + w))", "x=1", "y=1", "z=1", "w=1")
    assert _piped(drawing)[-1].endswith("↓ drawn below  1 2 operand position")
    monkeypatch.setattr("diffcli.render.text.graph_rows._ROUNDS", 1)
    lines = _piped(drawing)
    assert lines[-1].endswith("↑ drawn above  1 2 operand position")
    assert sum("↑ x" in line for line in lines) == 1


def test_a_view_shows_the_tensor_that_it_is_a_view_of() -> None:
    drawing = graph_report(
        pose(Source("(x*x).T", "expression"), read_bindings([Source("x=[[1,2],[3,4]]", "--at")])),
        read_bindings([Source("[[1,1],[1,1]]", "--cotangent")]),
    )
    lines = _torch(drawing, False)
    assert "  ├───● PermuteBackward0" in lines
    assert any(line.split() == ["◎", "base", "(2,", "2)"] for line in lines)
    assert "◎ base tensor, of which the output is a view" in lines[-1]
