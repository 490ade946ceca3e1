"""Derivatives as they are written while they are found: marks for those of operands, texts with letters and without."""

from collections.abc import Mapping, Sequence

from diffcli.analysis.derivation.abbreviation import Layout
from diffcli.analysis.derivation.rules import Tangent
from diffcli.analysis.derivation.writer import COUNT, Writer, Written, local_in_words
from diffcli.graph.graph import Value

#: Longer than this, a result with everything put in has letters too.
_LONGEST_WHOLE = 90
_LARGEST = 600


class Marks:
    """The derivatives found so far, by node, and their texts.

    `by` is the node of the variable; a number's derivatives are `primed`, for an array there are differentials.
    `aliases` are the nodes that stand for others, `described` the words for derivatives that are long to read.
    """

    def __init__(self, layout: Layout, writer: Writer, by: int, primed: bool) -> None:
        self.graph, self.layout, self.writer = writer.graph, layout, writer
        self.by, self.primed = by, primed
        self.aliases: dict[int, int] = {}
        self.described: dict[int, str] = {}
        self.slopes: dict[int, int] = {}

    def slope(self, operand: int) -> int | None:
        """The node of an operand's derivative; None where that is 0."""
        return self.slopes.get(self.layout.alike[operand])

    def mark(self, node: int, opened: bool = False) -> str:
        """The derivative of a node as it is written: `u1'`, `sin(u1)'`, `(x^2)'`; `du1`, `d(A@x)`."""
        written = self.writer.write(node, opened=opened, most=_LARGEST) or Written("...", False)
        if self.primed:
            return f"{written.bracketed}'"
        named = not opened and (node in self.writer.names or not self.graph.operands[node])
        return f"d{written.text}" if named and written.text.isidentifier() else f"d({written.text})"

    def leaf(self, operand: int, slope: int, direct: bool = False) -> Value:
        """The mark of an operand's derivative, as a node."""
        graph = self.graph
        if direct or (not self.primed and self.layout.alike[operand] == self.by):
            return Value(graph, slope)
        leaf = graph.append_input(self.mark(operand), graph.shapes[slope], None)
        self.aliases[leaf] = slope
        return Value(graph, leaf)

    def operand(self, name: str, position: int, operand: int, literal: bool) -> Value:
        """A constant operand as a node of its own, lest arithmetic on numbers hides what was written."""
        graph = self.graph
        number = graph.number(operand)
        is_literal = graph.primitives[operand].name == "constant" and operand not in graph.names
        divisor = name == "div" and position == 1  # 1/2 stays a fraction
        if (
            number is None
            or (is_literal and not divisor and (not literal or number in (0, 1, -1)))
            or (name == "pow" and position == 0)
        ):
            return Value(graph, operand)
        made = graph.append_input("", graph.shapes[operand], None)
        self.aliases[made] = self.writer.opaque[made] = operand
        return Value(graph, made)

    def describe(
        self, node: int, operands: Sequence[Value], tangents: Sequence[Tangent], parameters: dict[str, object]
    ) -> None:
        """Remember the words for local derivatives that are long to read."""
        primitive, out = self.graph.primitives[node], Value(self.graph, node)
        for position, tangent in enumerate(tangents):
            if tangent is not None:
                found = local_in_words(self.writer, primitive, position, operands, out, parameters, "(g)")
                self.described |= {} if found is None else dict([found])

    def result(self, index: int, front: Sequence[int], longest: int) -> str | None:
        """With everything put in; where that is long, with letters for inner functions, then for their derivatives."""
        short = {
            node: name for node, name in self.writer.names.items() if self.layout.alike[node] not in self.layout.active
        }
        known = {
            slope: self.mark(operand)
            for operand in front
            for slope in [self.slope(operand)]
            if slope is not None and operand in self.writer.names
        }
        for names in (short, self.writer.names, self.writer.names | known):
            text = self.text(index, names | self.described)
            if text is not None and len(text) <= (min(longest, _LONGEST_WHOLE) if names is short else longest):
                return text
        return None

    def text(self, index: int, names: Mapping[int, str]) -> str | None:
        """A node as it is written with letters; None where that is too long."""
        written = self.writer.write(index, names, most=_LARGEST)
        return None if written is None else written.text

    def meanings(self) -> dict[str, int]:
        """Letters, intermediates, variables, sizes, and the letters' derivatives, by name."""
        numbers = {
            node: dict(self.graph.parameters[node]).get("value")
            for node, name in self.graph.names.items()
            if name == COUNT
        }
        found = {
            name: node
            for node, name in self.graph.names.items()
            if not self.graph.operands[node] and numbers.get(node) in (None, self.writer.count)
        }
        found |= {self.writer.counted: found[COUNT]} if COUNT in found else {}
        for node, name in self.writer.names.items():
            found[name] = node
            slope = self.slope(node)
            if slope is not None:
                found[self.mark(node)] = slope
        return found
