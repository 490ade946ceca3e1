"""A rule in general: the same rule, run on letters that stand for anything."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from diffcli.analysis.derivation.rules import Tangent, derived
from diffcli.analysis.derivation.writer import Writer, Written, local_in_words
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Message
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape
from diffcli.source import Span

#: Letters of functions, of constants; capitals where they are matrices.
_FUNCTIONS, _CONSTANTS = "uvwyz", "ckhml"


class _Posed(NamedTuple):
    """A primitive on letters, in a graph of its own."""

    values: list[Value]
    tangents: list[Tangent]
    out: Value
    parameters: dict[str, Any]


def general_rule(graph: Graph, node: int, positions: Sequence[int], variable: str | None, primed: bool) -> str:
    """The rule of a node whose operands at these positions vary; of the `variable` itself where one is given."""
    primitive = graph.primitives[node]
    if primitive.variadic and len(graph.operands[node]) > 2:
        whole = "[u, v, ...]" if primitive.form == "array" else f"{primitive.name}(u, v, ...)"
        return Message("{whole}: each part on its own", whole=whole)
    if variable is not None and variable in (*_CONSTANTS, "n"):
        variable = "x"
    posed = _posed(graph, node, positions, variable, primed)
    writer = Writer(posed.out.graph)
    names: dict[int, str] = {}
    for position in positions if primitive.described is not None else ():
        found = local_in_words(writer, primitive, position, posed.values, posed.out, posed.parameters, "g")
        names |= {} if found is None else dict([found])
    right = derived(primitive, posed.tangents, posed.values, posed.out, posed.parameters)
    result = writer.write(right.index, names)
    left = writer.write(posed.out.index) or Written("f", True)
    return f"{_marked(left, primed)} = {'...' if result is None else result.text}"


def _posed(graph: Graph, node: int, positions: Collection[int], variable: str | None, primed: bool) -> _Posed:
    """The node's primitive on letters for its operands; those that vary have derivatives."""
    primitive, small = graph.primitives[node], Graph()
    elementwise = primitive.kind == "elementwise"
    shapes: list[Shape] = [() if elementwise else graph.shapes[operand] for operand in graph.operands[node]]
    functions, constants = iter(_FUNCTIONS), iter(_CONSTANTS)
    values: list[Value] = []
    tangents: list[Tangent] = []
    for position, shape in enumerate(shapes):
        if position not in positions:
            letter, mark = _constant_letter(primitive, position, constants), None
        elif variable:
            letter, mark = variable, small.filled(1.0)
        else:
            letter = next(functions)
        if len(shape) > 1 and not (variable and position in positions):
            letter = letter.upper()
        values.append(Value(small, small.append_input(letter, shape, None)))
        if position in positions and not variable:
            mark = Value(small, small.append_input(f"{letter}'" if primed else f"d{letter}", shape, None))
        tangents.append(mark)
    parameters, shape = graph.parameters[node], () if elementwise else graph.shapes[node]
    out = small.append(primitive, tuple(value.index for value in values), parameters, shape, Span(0, 0))
    return _Posed(values, tangents, Value(small, out), dict(parameters))


def general_sum(graph: Graph, inside: Sequence[int], node: int, primed: bool) -> str:
    """Sums and differences of functions."""
    names = {graph.primitives[each].name for each in (*inside, node)}
    signs = [sign for name, sign in (("add", "+"), ("sub", "-")) if name in names]
    letters = _FUNCTIONS[: len(signs) + 1]
    whole = letters[0] + "".join(f" {sign} {letter}" for sign, letter in zip(signs, letters[1:], strict=True))
    marks = [f"{letter}'" if primed else f"d{letter}" for letter in letters]
    return f"{_marked(Written(whole, False), primed)} = {marks[0]}" + "".join(
        f" {sign} {mark}" for sign, mark in zip(signs, marks[1:], strict=True)
    )


def _marked(written: Written, primed: bool) -> str:
    return f"{written.bracketed}'" if primed else f"d({written.text})"


def _constant_letter(primitive: Primitive, position: int, constants: Iterator[str]) -> str:
    """The n of a power rule; else a letter for a constant."""
    return "n" if primitive.name == "pow" and position == 1 else next(constants)
