"""Example diagrams built by hand, for the tests of all formats."""

from diffcli.render.drawing.diagram import Arrow, Box, Diagram, Frame, LegendEntry, Line

VALUES = Line("value", "value [1, 2, 3]")
GRADIENT = Line("gradient", "gradient [0.6667, 1.333, 2]")
_X = (Line("title", "x"), Line("kind", "variable · (3,)"))
_SQUARE = (Line("title", "x * x"), Line("kind", "mul · (3,)"))
_MEAN = (Line("title", "mean(x * x)"), Line("kind", "mean"))
_BOXES = (
    LegendEntry("variable", box="variable"),
    LegendEntry("operation", box="operation"),
    LegendEntry("output", output=True),
)
_FLOWS = (LegendEntry("local derivative", line="local"), LegendEntry("contribution", line="contribution"))

#: mean(x*x) at 1, 2, 3 in the three styles.
FORWARD = Diagram(
    "mean(x * x)",
    (
        Box("n0", "variable", (*_X, VALUES), description="x; variable (3,); value [1, 2, 3]"),
        Box(
            "n1",
            "operation",
            (*_SQUARE, Line("value", "value [1, 4, 9]")),
            description="x * x; mul (3,); value [1, 4, 9]",
        ),
        Box(
            "n2",
            "operation",
            (*_MEAN, Line("value", "value 4.667")),
            output=True,
            description="mean(x * x); output; value 4.667",
        ),
    ),
    (
        Arrow("e1x0", "forward", "n0", "n1", position="1"),
        Arrow("e1x1", "forward", "n0", "n1", position="2"),
        Arrow("e2x0", "forward", "n1", "n2"),
    ),
    legend=(*_BOXES, LegendEntry("value of an operand", arrow="forward")),
)
_LINES = {
    "n0": (*_X, GRADIENT),
    "n1": (*_SQUARE, Line("gradient", "gradient [0.3333, 0.3333, 0.3333]")),
    "n2": (*_MEAN, Line("gradient", "gradient 1")),
}
_SHARE = (Line("local", "local [1, 2, 3]"), Line("contribution", "= [0.3333, 0.6667, 1]"))
_MEAN_SHARE = (Line("local", "upstream / 3"), Line("contribution", "= [0.3333, 0.3333, 0.3333]"))
BACKWARD = Diagram(
    "mean(x * x)",
    tuple(Box(box.id, box.look, _LINES[box.id], box.output, description=box.description) for box in FORWARD.boxes),
    (
        Arrow("e1x0", "backward", "n1", "n0", _SHARE, "1", "operand 1 of x * x"),
        Arrow("e1x1", "backward", "n1", "n0", _SHARE, "2", "operand 2 of x * x"),
        Arrow("e2x0", "backward", "n2", "n1", _MEAN_SHARE),
    ),
    legend=(*_BOXES, LegendEntry("gradient of an operand", arrow="backward"), *_FLOWS),
    downwards=False,
)
BOTH = Diagram(
    "mean(x * x)",
    tuple(
        Box(box.id, box.look, (*box.lines, _LINES[box.id][-1]), box.output, description=box.description)
        for box in FORWARD.boxes
    ),
    tuple(
        Arrow(arrow.id, "both", arrow.head, arrow.tail, arrow.lines, arrow.position, arrow.description)
        for arrow in BACKWARD.arrows
    ),
    legend=(*_BOXES, LegendEntry("value down, gradient up", arrow="both"), *_FLOWS),
)


def _operation(name: str, title: str, kind: str, value: str, frame: str | None = None, look: str = "operation") -> Box:
    lines = (
        Line("title", title),
        Line("kind", kind),
        Line("value", f"value {value}"),
        Line("gradient", "gradient 0.25"),
    )
    return Box(name, look, lines, frame=frame, description=f"{title}; {kind}; value {value}")  # type: ignore[arg-type]


#: A frame in a frame, every look of a computation graph, a matrix, an operation of three operands.
FRAMES = Diagram(
    "param W = [[1, 2], [3, 4]]; h = tanh(W @ x); f(a) = a^2; where(h > 0, f(h), 0)",
    (
        _operation("n0", "W", "parameter · (2, 2)", "[[1, 2], [3, 4]]", look="parameter"),
        Box("n1", "variable",
            (Line("title", "x"), Line("kind", "variable"), Line("value", "value"), Line("value", "[[ 1, -2],"),
            Line("value", " [10, 20]]"))),
        _operation("n2", "W @ x", "matmul", "[5, 11]", "g0"),
        _operation("n3", "tanh(W @ x)", "h = tanh", "[0.9999, 1]", "g0", "named"),
        _operation("n4", "0", "constant", "0", look="constant"),
        _operation("n5", "h > 0", "gt", "[1, 1]", "g1"),
        _operation("n6", "a^2", "pow", "[0.9998, 1]", "g2"),
        _operation("n7", "f(h)", "5 operations", "[0.9998, 1]", "g1", "folded"),
        Box("n8", "operation",
            (Line("title", "where(h > 0, f(h), 0)"), Line("kind", "where"), Line("value", "value [0.9998, 1]")), True),
    ),
    (
        Arrow("a0", "both", "n0", "n2", (Line("local", "local x"), Line("contribution", "= [[1, 2], [3, 4]]")), "1"),
        Arrow("a1", "both", "n1", "n2",
            (Line("contribution", "="), Line("contribution", "[[1,  2],"), Line("contribution", " [3, 44]]")), "2"),
        Arrow("a2", "both", "n2", "n3", (Line("local", "local 0.5"), Line("contribution", "= 0.25"))),
        Arrow("a3", "forward", "n3", "n5", (), "1"),
        Arrow("a4", "forward", "n4", "n5", (), "2"),
        Arrow("a5", "both", "n3", "n6", (Line("local", "local 2"),), "1"),
        Arrow("a6", "both", "n6", "n7"),
        Arrow("a7", "forward", "n5", "n8", (), "1"),
        Arrow("a8", "both", "n7", "n8", (Line("local", "local 1"), Line("contribution", "= 0.25")), "2"),
        Arrow("a9", "forward", "n4", "n8", (), "3"),
    ),
    (Frame("g2", "f(a) = a^2", "g1"), Frame("g0", "h"), Frame("g1", "f(h), a frame around another")),
    (
        LegendEntry("variable", box="variable"), LegendEntry("parameter", box="parameter"),
        LegendEntry("constant", box="constant"),
        LegendEntry("operation", box="operation"), LegendEntry("named intermediate", box="named"),
        LegendEntry("folded group", box="folded"),
        LegendEntry("output", output=True), LegendEntry("value", arrow="forward"),
        LegendEntry("value and gradient", arrow="both"), *_FLOWS,
    ),
)  # fmt: skip

#: What a picture shows as text, whatever it looks like to XML, HTML, TeX, matplotlib, Mermaid or a terminal.
NASTY = (
    '"quoted" and \'single\'', "<b>bold</b> & &amp; a < b > c", "back\\slash \\n \\textbf{x} ^_~#",
    "</script><script>alert(1)</script>", "]]> <![CDATA[ -->",
    "$x^2$ and $$", "100% %d %s {0} {} {{x}} }{", "emoji \N{GRINNING FACE} \N{ROCKET}", "中文标签",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "e\u0301 combining, tab\tbell\a nul\0 rlo\u202eabc", "long " * 40, "", " ",
)  # fmt: skip
LABELS = Diagram(
    "</title> & <nasty> 'labels' \"here\"",
    tuple(
        Box(f"n{number}", ("variable", "folded")[number % 2], (Line("title", text), Line("value", f"is {text}")),
            text == " ", ("g0", None)[number > 1], text)
        for number, text in enumerate(NASTY)
    ),
    tuple(
        Arrow(f"e{number}", "both", f"n{number // 2}", f"n{number}", (Line("local", text), Line("contribution", text)),
            str(number % 2 + 1), text)
        for number, text in enumerate(NASTY)
        if number
    ),
    (Frame("g0", '<frame> & "name" ]]>'),),
    tuple(LegendEntry(text, line="local") for text in NASTY[:3]),
)  # fmt: skip

_TORCH = (
    Box("t0", "leaf", (Line("title", "x"), Line("kind", "(3)"))),
    Box("t1", "accumulate", (Line("title", "AccumulateGrad"),)),
    Box("t2", "saved", (Line("title", "self"), Line("kind", "(3)"))),
    Box("t3", "function", (Line("title", "MulBackward0"),)),
    Box("t4", "function", (Line("title", "MeanBackward0"),)),
    Box("t5", "tensor", (Line("title", "output"), Line("kind", "()")), True),
)
#: As PyTorch's own graph is drawn.
TORCH = Diagram(
    "mean(x * x)",
    _TORCH,
    (
        Arrow("a0", "forward", "t0", "t1"), Arrow("a1", "forward", "t1", "t3"), Arrow("a2", "forward", "t1", "t3"),
        Arrow("a3", "saved", "t3", "t2"), Arrow("a6", "saved", "t3", "t0"), Arrow("a4", "forward", "t3", "t4"),
        Arrow("a5", "forward", "t4", "t5"),
    ),
    legend=(
        *(LegendEntry(look, box=look) for look in ("function", "accumulate", "leaf", "saved", "tensor")),  # type: ignore[arg-type]
        LegendEntry("saved for later", arrow="saved"),
    ),
)  # fmt: skip

DIAGRAMS = {
    "forward": FORWARD,
    "backward": BACKWARD,
    "both": BOTH,
    "frames": FRAMES,
    "labels": LABELS,
    "torch": TORCH,
    "empty": Diagram("nothing", (), ()),
}


def chain(length: int, operands: int = 2) -> Diagram:
    """A network of operations, each taking earlier ones, for measuring."""
    numbers = (Line("kind", "add"), VALUES, GRADIENT)
    boxes = tuple(Box(f"n{number}", "operation", (Line("title", f"t{number}"), *numbers)) for number in range(length))
    arrows = tuple(
        Arrow(
            f"e{number}x{operand}",
            "both",
            f"n{max(number - 9, 0) if operand else number - 1}",
            f"n{number}",
            _SHARE,
            str(operand + 1),
        )
        for number in range(1, length)
        for operand in range(operands)
    )
    return Diagram(f"{length} nodes", boxes, arrows)
