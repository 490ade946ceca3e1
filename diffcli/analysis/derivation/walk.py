"""One walk over the operations: a line for each, its rule run on letters, then on what the lines before have found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from diffcli.analysis.derivation.abbreviation import Layout, give_letters
from diffcli.analysis.derivation.general import general_rule, general_sum
from diffcli.analysis.derivation.line import Line
from diffcli.analysis.derivation.line_check import Claim
from diffcli.analysis.derivation.marks import Marks
from diffcli.analysis.derivation.rules import ARITHMETIC, PLAIN, Tangent, derived, rule_name
from diffcli.analysis.derivation.writer import COUNT, Writer
from diffcli.autodiff.reverse import active_nodes, gradient
from diffcli.graph.build import Built
from diffcli.graph.graph import Value
from diffcli.messages import Message
from diffcli.primitives.arithmetic import mul
from diffcli.primitives.reductions import sum as total
from diffcli.source import Span

#: A result longer than this is written with letters.
_LONGEST = 72
#: The last line before like terms are collected may be longer.
_LONGEST_LAST = 320


class Walked(NamedTuple):
    """The lines, each with what it claims, and the derivative before like terms are collected: its text, its node.

    `aliases` are the nodes that stand for others, `meanings` the nodes of all names in the texts,
    `direction` is that of the variable's differential.
    """

    letters: tuple[tuple[str, str], ...]
    lines: tuple[tuple[Line, Claim], ...]
    text: str
    node: int
    aliases: Mapping[int, int]
    meanings: Mapping[str, int]
    direction: int | None
    notes: tuple[str, ...]


class Walk:
    """The derivation by one variable. A number's derivatives are primed; for an array there are differentials.

    `taken` are the user's names, `inner` the derivatives inside the expression as they are typed.
    """

    def __init__(self, built: Built, variable: str, taken: Sequence[str], inner: Mapping[Span, str]) -> None:
        self.graph, self.output = built.graph, built.output
        self.by = built.inputs[variable]
        self.variable = variable
        self.primed = self.graph.shapes[self.by] == ()
        self.active = active_nodes(self.graph, self.output, [self.by])
        self.layout = Layout(self.graph, self.output, self.active)
        self.writer = Writer(self.graph, inner)
        shape = self.graph.shapes[self.by]
        if len(shape) == 1:
            self.writer.count, self.writer.counted = float(shape[0]), COUNT  # the formula's n
        self.letters = (*give_letters(self.layout, self.writer, taken), *self._inner(inner))
        self.marks = Marks(self.layout, self.writer, self.by, self.primed)
        self.lines: list[tuple[Line, Claim]] = []
        self.said: set[str] = set()

    def _inner(self, inner: Mapping[Span, str]) -> Iterator[tuple[str, str]]:
        """The derivatives inside the expression, where one node of the graph is all of one."""
        graph = self.graph
        used = {
            operand: node
            for node in range(self.output + 1)
            for operand in graph.operands[node]
            if graph.spans[node] not in inner
        }
        for span, text in inner.items():
            found = [
                node
                for node in range(self.output + 1)
                if graph.spans[node] == span and (node in used or node == self.output)
            ]
            written = self.writer.write(found[0], opened=True) if len(found) == 1 else None
            if written is not None:
                yield text, written.text

    @property
    def length(self) -> int:
        """The number of operations that have a line."""
        return len(self.layout.order)

    def walked(self) -> Walked:
        """All lines but the last, in which like terms are collected."""
        graph = self.graph
        adjoint = None if self.primed else gradient(graph, self.output, [self.by]).adjoints.get(self.by)
        direction = None
        if self.primed:
            self.marks.slopes[self.by] = graph.filled(1.0).index
        else:
            direction = self.marks.slopes[self.by] = graph.append_input(
                f"d{self.variable}", graph.shapes[self.by], None
            )
        for node in self.layout.order:
            self._step(node)
        last = self.layout.alike[self.output]
        if last == self.by:
            self._identity()
        if last not in self.marks.slopes:
            return self._flat(last, direction)
        node = self.marks.slopes[last]
        text = self.marks.result(node, (), _LONGEST_LAST) or self.marks.mark(last)
        if adjoint is not None and direction is not None:
            node, text = self._read_off(node, adjoint, direction)
        return Walked(
            self.letters,
            tuple(self.lines),
            text,
            node,
            self.marks.aliases,
            self.marks.meanings(),
            direction,
            self._explained(),
        )

    def _explained(self) -> tuple[str, ...]:
        """Explanations of words in the lines that the language does not have."""
        shown = " ".join(f"{line.general} {line.left} {line.right} {line.result}" for line, _ in self.lines)
        words = set(re.findall(r"\w+", shown))
        return tuple(text for text in self.writer.explained if re.split(r"\W", text)[0] in words)

    def _flat(self, last: int, direction: int | None) -> Walked:
        """The value does not change with the variable at all."""
        if not self.lines or self.lines[-1][1].node != last:
            self._constant(last, self.marks.mark(last, opened=True))
        return Walked(
            self.letters,
            tuple(self.lines),
            "0",
            self.graph.filled(0.0, self.graph.shapes[self.by]).index,
            self.marks.aliases,
            {},
            direction,
            (),
        )

    def _step(self, node: int) -> None:
        graph, primitive = self.graph, self.graph.primitives[node]
        front = self.layout.fronts[node]
        slopes = [self.marks.slope(operand) for operand in front]
        if primitive.name == "where" and any(slope is not None for slope in slopes[1:]):
            slopes[0] = None  # which case it is changes nowhere but at jumps
        if all(slope is None for slope in slopes):
            return
        positions = [position for position, slope in enumerate(slopes) if slope is not None]
        inner = any(self.layout.alike[front[position]] != self.by for position in positions)
        plain = primitive.name in PLAIN or primitive.kind == "linear"
        direct = self.primed and not inner and not plain and len(positions) == 1
        if self.primed and not direct and any(self.layout.alike[front[position]] == self.by for position in positions):
            self._identity()
        if primitive.name in ("add", "sub"):
            put, result = self._sum(node, front, slopes)
            general = general_sum(graph, self.layout.inside[node], node, self.primed)
        else:
            tangents = [
                None if slope is None else self.marks.leaf(operand, slope, direct)
                for operand, slope in zip(front, slopes, strict=True)
            ]
            put = self._derived(node, front, tangents, literal=True)
            result = self._derived(
                node, front, [None if slope is None else Value(graph, slope) for slope in slopes], literal=False
            )
            general = general_rule(graph, node, positions, self.variable if direct else None, self.primed)
        left = self.marks.mark(node, opened=True)
        if node in self.writer.names:
            left = f"{self.marks.mark(node)} = {left}"
        right = self.marks.text(put.index, self.writer.names | self.marks.described)
        claim = Claim(node, self.layout.inside[node], front, tuple(slopes), put.index, result.index)
        stays = result.number == 0 and primitive.kind == "elementwise" and primitive.name not in ARITHMETIC
        rule = Message("piecewise constant") if stays else rule_name(primitive, positions, inner)
        self._add(rule, general, left, right, self.marks.result(result.index, front, _LONGEST) or right, claim)
        if result.number != 0:
            self.marks.slopes[node] = result.index

    def _sum(self, node: int, front: Sequence[int], slopes: Sequence[int | None]) -> tuple[Value, Value]:
        """A chain of sums: every term on its own."""
        graph = self.graph
        minus = [False, *(graph.primitives[each].name == "sub" for each in (*self.layout.inside[node], node))]
        zero = graph.filled(0.0)
        for operand, slope in zip(front, slopes, strict=True):
            if slope is None and (mark := self.marks.mark(operand)) not in self.said:
                self._constant(operand, mark)
        leaves = [
            self.marks.leaf(operand, zero.broadcast_to(graph.shapes[operand]).index if slope is None else slope)
            for operand, slope in zip(front, slopes, strict=True)
        ]
        found = [None if slope is None else Value(graph, slope) for slope in slopes]
        put, result = _signed_sum(leaves, minus), _signed_sum(found, minus)
        assert put is not None
        assert result is not None
        return put, result.broadcast_to(graph.shapes[node])

    def _derived(self, node: int, front: Sequence[int], tangents: Sequence[Tangent], literal: bool) -> Value:
        """The rule run on operands as they are written (`literal`), or with arithmetic on numbers done."""
        graph, primitive = self.graph, self.graph.primitives[node]
        operands = [
            self.marks.operand(primitive.name, position, operand, literal) for position, operand in enumerate(front)
        ]
        parameters = dict(graph.parameters[node])
        out = Value(graph, node)
        if primitive.described is not None:
            self.marks.describe(node, operands, tangents, parameters)
        return derived(primitive, tangents, operands, out, parameters)

    def _identity(self) -> None:
        if "identity" not in self.said:
            self.said.add("identity")
            slope = self.marks.slopes[self.by]
            claim = Claim(self.by, (), (self.by,), (slope,), slope, slope)
            mark = self.marks.mark(self.by)
            result = "1" if self.primed else mark
            self._add(Message("identity"), f"{mark} = {result}", mark, result, result, claim)

    def _constant(self, node: int, mark: str) -> None:
        self.said.add(mark)
        zero = self.graph.filled(0.0, self.graph.shapes[node]).index
        claim = Claim(node, (), (node,), (None,), zero, zero)
        self._add(Message("constant"), "c' = 0" if self.primed else "dc = 0", mark, "0", "0", claim)

    def _read_off(self, slope: int, adjoint: int, direction: int) -> tuple[int, str]:
        """Read the gradient off beside the variable's differential."""
        graph = self.graph
        along = Value(graph, adjoint).apply(mul, (Value(graph, adjoint), Value(graph, direction)), {})
        claim = Claim(self.output, (), (self.output,), (slope,), along.apply(total, (along,), {}).index, slope, adjoint)
        for node in self.active:  # reverse mode goes over all of them, also those that are alike
            operands = [Value(graph, operand) for operand in graph.operands[node]]
            if graph.primitives[node].described is not None:
                self.marks.describe(
                    node,
                    operands,
                    [operand if self.marks.slope(operand.index) else None for operand in operands],
                    dict(graph.parameters[node]),
                )
        text = self.marks.result(adjoint, (), _LONGEST_LAST)
        d = f"d{self.variable}"
        self._add(
            Message("read off"),
            Message("sum(g*{d}) has gradient g", d=d),
            self.marks.mark(self.output, opened=True),
            f"sum(g*{d})",
            "g" if text is None else f"g = {text}",
            claim,
        )
        return adjoint, text or "g"

    def _add(self, rule: str, general: str, left: str, right: str | None, result: str | None, claim: Claim) -> None:
        right = right or "..."
        self.lines.append((Line(len(self.lines) + 1, rule, general, left, right, result or right), claim))


def _signed_sum(terms: Sequence[Tangent], minus: Sequence[bool]) -> Tangent:
    found: Tangent = None
    for term, negative in zip(terms, minus, strict=True):
        if term is not None:
            found = (-term if negative else term) if found is None else found - term if negative else found + term
    return found
