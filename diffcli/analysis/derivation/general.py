"""A rule in general: the same rule, run on letters that stand for anything."""

from collections.abc import Iterator, Sequence

from diffcli.analysis.derivation.rules import derived
from diffcli.analysis.derivation.writer import Writer, Written, in_words
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Message
from diffcli.primitives.primitive import Primitive
from diffcli.source import Span

#: Letters of functions, of constants; capitals where they are matrices.
_FUNCTIONS, _CONSTANTS = "uvwyz", "ckhml"
#: A local derivative that is no longer needs no words in its place.
SHORT = 32


def general_rule(graph: Graph, node: int, positions: Sequence[int], variable: str | None, primed: bool) -> str:
    """The rule of a node whose operands at these positions vary; of the `variable` itself where one is given."""
    primitive, operands = graph.primitives[node], graph.operands[node]
    if variable is not None and variable in (*_CONSTANTS, "n"):
        variable = "x"
    shapes = [graph.shapes[operand] for operand in operands]
    if primitive.kind == "elementwise":
        shapes = [() for _ in operands]
    small = Graph()
    functions, constants = iter(_FUNCTIONS), iter(_CONSTANTS)
    values: list[Value] = []
    tangents: list[Value | None] = []
    for position, shape in enumerate(shapes):
        varies = position in positions
        if primitive.variadic and varies and len(values) > 2:
            functions = _again()
        letter = (
            variable
            if variable and varies
            else _constant_letter(primitive, position, constants)
            if not varies
            else next(functions)
        )
        name = letter if variable and varies else letter.upper() if len(shape) > 1 else letter
        values.append(Value(small, small.append_input(name, shape, None)))
        tangents.append(
            None
            if not varies
            else small.filled(1.0)
            if variable
            else Value(small, small.append_input(f"{name}'" if primed else f"d{name}", shape, None))
        )
    out = Value(
        small,
        small.append(
            primitive,
            tuple(value.index for value in values),
            graph.parameters[node],
            graph.shapes[node] if primitive.kind != "elementwise" else (),
            Span(0, 0),
        ),
    )
    writer = Writer(small)
    names = {}
    if primitive.described is not None:
        for position in positions:
            local, _ = primitive.vjp(
                position, out.named(1.0, "g").broadcast_to(out.shape), values, out, dict(graph.parameters[node])
            )
            short = writer.write(local.index, most=12) if isinstance(local, Value) else None
            if isinstance(local, Value) and (short is None or len(short.text) > SHORT):
                operand, whole = writer.write(values[position].index), writer.write(out.index)
                if operand is not None and whole is not None:
                    names[local.index] = in_words(
                        primitive, values[position].shape, dict(graph.parameters[node]), operand, whole
                    )
    result = writer.write(derived(primitive, tangents, values, out, dict(graph.parameters[node])).index, names)
    left = writer.write(out.index) or Written("f", True)
    text = "..." if result is None else result.text
    if primitive.variadic and len(values) > 2:
        return Message(
            "{call}: each part on its own",
            call="[u, v, ...]" if primitive.name == "stack" else f"{primitive.name}(u, v, ...)",
        )
    return f"{_marked(left, primed)} = {text}"


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


def _again() -> Iterator[str]:
    while True:
        yield from _FUNCTIONS
