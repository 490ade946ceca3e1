"""A drawing in words and roles: what stands in each box and along each arrow, for every format alike."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, assert_never

from diffcli.analysis.drawing.drawing import Drawing, DrawnEdge, DrawnNode
from diffcli.analysis.drawing.style import Sweeps
from diffcli.messages import Language, told
from diffcli.primitives.shape import text
from diffcli.render.drawing.diagram import (
    USUAL,
    Arrow,
    ArrowLook,
    Box,
    Diagram,
    Frame,
    LegendEntry,
    Line,
    LineRole,
    Setting,
)
from diffcli.render.excerpt import one_line
from diffcli.render.messages import Texts
from diffcli.render.value_text import block, shown

if TYPE_CHECKING:
    from diffcli.execute.arrays import Array


def diagram(
    drawing: Drawing,
    sweeps: Sweeps | None = None,
    precision: int = 4,
    language: Language = "en",
    setting: Setting = USUAL,
) -> Diagram:
    """The diagram of a computation graph; of a drawing without gradients that of the forward sweep in any case."""
    shown = sweeps or drawing.sweeps if drawing.wrt else "forward"
    return _Words(drawing, shown, precision, Texts(language), setting).diagram()


def box_id(node: int) -> str:
    """The id of a node's box."""
    return f"n{node}"


def arrow_id(edge: DrawnEdge) -> str:
    """The id of an edge's arrow."""
    return f"e{edge.source}x{edge.operand}"


class _Words:
    """The words of a drawing's boxes and arrows, in one language."""

    def __init__(self, drawing: Drawing, sweeps: Sweeps, precision: int, texts: Texts, setting: Setting) -> None:
        self.drawing = drawing
        self.sweeps = sweeps
        self.precision = precision
        self.setting = setting
        self.texts = texts
        self.titles = {node.id: node.title for node in drawing.nodes}
        self.operands = {node: len(edges) for node, edges in drawing.operands().items()}

    def diagram(self) -> Diagram:
        """All nodes and edges; in a picture of the backward sweep those that a gradient reaches."""
        forward = self.sweeps != "backward"
        boxes = tuple(self._box(node) for node in self.drawing.nodes if forward or node.row.gradient is not None)
        arrows = tuple(self._arrow(edge) for edge in self.drawing.edges if forward or edge.contribution is not None)
        frames = tuple(self._frames({box.frame for box in boxes}))
        legend = tuple(self._legend(boxes, arrows))
        title = one_line(self.drawing.expression, False)
        return Diagram(title, boxes, arrows, frames, legend, forward, self.setting)

    def _frames(self, filled: set[str | None]) -> Iterator[Frame]:
        """The frames that hold one of those which are `filled`, or are one."""
        groups = self.drawing.groups
        held = set()
        for number in range(len(groups) - 1, -1, -1):  # inner ones first
            if f"g{number}" in filled or number in held:
                held |= {number, groups[number].within}
        for number, group in enumerate(groups):
            if number in held:
                yield Frame(f"g{number}", group.label, None if group.within is None else f"g{group.within}")

    def _box(self, node: DrawnNode) -> Box:
        frame = None if node.group is None else f"g{node.group}"
        return Box(box_id(node.id), node.kind, tuple(self._lines(node)), node.output, frame, self._description(node))

    def _lines(self, node: DrawnNode) -> Iterator[Line]:
        row, texts = node.row, self.texts
        yield Line("title", node.title)
        yield Line("kind", self._kind(node))
        if self.sweeps != "backward" and not self.drawing.sketch:
            yield from self._numbers("value", texts.value, row.value)
        if self.sweeps != "forward" and row.gradient is not None:
            yield from self._numbers("gradient", texts.gradient, row.gradient)

    def _kind(self, node: DrawnNode) -> str:
        """The kind of a node, or its computation, and its shape."""
        row, texts = node.row, self.texts
        if node.kind in ("variable", "parameter", "constant"):
            what = texts.named(node.kind)
        elif node.kind == "folded":
            what = texts.folded_nodes.format(count=f"{len(node.folded):,}")
        else:
            what = row.primitive if row.label == node.title else f"{row.label} = {row.primitive}"
        return what if row.shape == () else f"{what} \N{MIDDLE DOT} {text(row.shape)}"

    def _numbers(self, role: LineRole, word: str, value: "Array") -> Iterator[Line]:
        """A value after its word, or in rows below it."""
        lines = block(value, self.precision)
        if len(lines) == 1:
            yield Line(role, f"{word} {lines[0]}")
        else:
            yield Line(role, word)
            yield from (Line(role, line) for line in lines)

    def _description(self, node: DrawnNode) -> str:
        row, texts = node.row, self.texts
        parts = [node.title, self._kind(node)]
        if not self.drawing.sketch:
            parts.append(f"{texts.value} {shown(row.value, self.precision)}")
        if row.gradient is not None:
            parts.append(f"{texts.gradient} {shown(row.gradient, self.precision)}")
        if node.output:
            parts.insert(1, texts.output)
        return "; ".join(parts)

    def _arrow(self, edge: DrawnEdge) -> Arrow:
        name = arrow_id(edge)
        position = str(edge.operand + 1) if self.operands[edge.source] > 1 else ""
        back = edge.contribution is not None and self.sweeps != "forward"
        look: ArrowLook = "forward" if not back else "both" if self.sweeps == "both" else "backward"
        ends = (edge.source, edge.target) if look == "backward" else (edge.target, edge.source)
        lines = tuple(self._flow(edge)) if back else tuple(self._rule(edge))
        return Arrow(name, look, box_id(ends[0]), box_id(ends[1]), lines, position, self._edge_description(edge))

    def _flow(self, edge: DrawnEdge) -> Iterator[Line]:
        """Lines along an edge: `local x upstream = contribution`, or the rule where it does more than multiply.

        The upstream of a picture of both sweeps stands in the box that it comes from. Where ranks go to the right lines
        are short.
        """
        flow, texts, result = edge.flow, self.texts, "="
        if flow is None:
            result = f"{texts.contribution} ="
        elif flow.local is not None:
            local, upstream = (_one(block(value, self.precision)) for value in (flow.local, flow.upstream))
            yield Line("local", f"{texts.local} {local or told(flow.formula)}")
            summed = texts.summed.format(count=f"{flow.summed:,}") if flow.summed > 1 else ""
            if self.sweeps == "backward":
                yield Line("local", f"\N{MULTIPLICATION SIGN} {texts.upstream} {upstream or ''}".rstrip())
                result = f"{summed} =".lstrip()
            elif self.setting.sideways:
                yield Line("local", f"\N{MULTIPLICATION SIGN} {texts.upstream}")
                result = f"{summed} =".lstrip()
            else:
                result = f"\N{MULTIPLICATION SIGN} {texts.upstream}{texts.comma if summed else ''}{summed} ="
        elif len(flow.formula) <= _LONGEST_FORMULA:
            yield Line("local", told(flow.formula))
        assert edge.contribution is not None  # where a flow is
        contribution = block(edge.contribution, self.precision)
        if len(contribution) == 1:
            yield Line("contribution", f"{result} {contribution[0]}")
        else:
            yield Line("contribution", result)
            yield from (Line("contribution", line) for line in contribution)

    def _rule(self, edge: DrawnEdge) -> Iterator[Line]:
        """The rule along an edge of a sketch."""
        if edge.rule and len(edge.rule) <= _LONGEST_FORMULA:
            yield Line("local", f"{self.texts.local} {told(edge.rule)}")

    def _edge_description(self, edge: DrawnEdge) -> str:
        texts = self.texts
        source, target = self.titles[edge.source], self.titles[edge.target]
        said = texts.operand_of.format(operand=target, position=edge.operand + 1, node=source)
        if edge.rule:
            return f"{said}; {texts.local_derivative} {told(edge.rule)}"
        if edge.contribution is None:
            return said
        contribution = shown(edge.contribution, self.precision)
        if edge.flow is not None and edge.flow.summed > 1:
            contribution = texts.sum_of.format(contribution=contribution, count=f"{edge.flow.summed:,}")
        if edge.flow is None or edge.flow.local is None:
            return f"{said}; {texts.contribution} {contribution}"
        local = f"{texts.local_derivative} {shown(edge.flow.local, self.precision)}"
        upstream = f"{texts.upstream} {shown(edge.flow.upstream, self.precision)}"
        return f"{said}; {local} \N{MULTIPLICATION SIGN} {upstream} = {texts.contribution} {contribution}"

    def _legend(self, boxes: Iterable[Box], arrows: Iterable[Arrow]) -> Iterator[LegendEntry]:
        """An entry for each look that occurs, in the order in which looks are declared."""
        texts = self.texts
        looks = {box.look for box in boxes}
        words = {
            "variable": texts.variable, "parameter": texts.parameter, "constant": texts.constant,
            "operation": texts.operation, "named": texts.named_intermediate, "folded": texts.folded_group,
        }  # fmt: skip
        for look, word in words.items():
            if look in looks:
                yield LegendEntry(word, box=look)
        yield LegendEntry(texts.output, output=True)
        for arrow in ("forward", "backward", "both"):
            if any(drawn.look == arrow for drawn in arrows):
                yield LegendEntry(_arrow_words(arrow, texts), arrow=arrow)
        said = {line.role for drawn in arrows for line in drawn.lines}
        if "local" in said:
            yield LegendEntry(texts.local_derivative_legend, line="local")
        if "contribution" in said:
            yield LegendEntry(texts.contribution_legend, line="contribution")


#: Characters of a rule's formula that stand along an arrow.
_LONGEST_FORMULA = 32


def _one(lines: list[str]) -> str | None:
    """The only line; None of a matrix."""
    return lines[0] if len(lines) == 1 else None


def _arrow_words(look: Sweeps, texts: Texts) -> str:
    if look == "forward":
        return texts.forward_edge
    if look == "backward":
        return texts.backward_edge
    if look == "both":
        return texts.edge_of_both
    assert_never(look)
