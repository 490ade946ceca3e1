"""The functions of the language, from the table."""

from dataclasses import dataclass

from diffcli.errors import did_you_mean, fault
from diffcli.graph.formula import local_formula
from diffcli.graph.graph import Graph, Value
from diffcli.primitives import planned
from diffcli.primitives.declaration import Primitive
from diffcli.primitives.table import FAMILIES, FUNCTION_NAMES, overloads
from diffcli.source import Source


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function: how it is written, what it is, and its derivative by each operand."""

    name: str
    family: str
    signature: str
    notation: str | None
    aliases: tuple[str, ...]
    summary: str
    derivatives: tuple[tuple[str, str], ...]
    domain: str
    kink: str | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What `functions` answers."""

    functions: tuple[FunctionRow, ...]


def catalogue(name: str | None = None) -> Catalogue:
    """All functions, or those that `name` may mean. Raises DiffcliError for an unknown name."""
    if name is None:
        return Catalogue(tuple(_row(primitive, family) for family, primitives in FAMILIES.items() for primitive in primitives))
    found = overloads(name) or tuple(
        primitive for primitives in FAMILIES.values() for primitive in primitives if primitive.notation and primitive.notation.symbol == name
    )
    if not found:
        source = Source(name, "function")
        if name in planned.FUNCTIONS:
            raise fault("E701", f"the function '{name}' is not supported yet", source, source.whole, hint="'diffcli functions' lists what is")
        hint = did_you_mean(name, FUNCTION_NAMES) or "'diffcli functions' lists them"
        raise fault("E203", f"unknown function '{name}'", source, source.whole, hint=hint)
    family = {primitive: title for title, primitives in FAMILIES.items() for primitive in primitives}
    return Catalogue(tuple(_row(primitive, family[primitive]) for primitive in found))


def _row(primitive: Primitive, family: str) -> FunctionRow:
    notation = primitive.notation
    written = None
    if notation:
        written = f" {notation.symbol} ".join(primitive.operands) if notation.place == "infix" else f"{notation.symbol}{primitive.operands[0]}"
    return FunctionRow(
        name=primitive.name,
        family=family,
        signature=primitive.signature,
        notation=written,
        aliases=primitive.aliases,
        summary=primitive.summary,
        derivatives=tuple(zip(primitive.operands, _derivatives(primitive), strict=True)),
        domain=primitive.domain.text.format(primitive.operands[0]),
        kink=None if primitive.kink is None else f"{primitive.kink.text}: {primitive.kink.convention}",
    )


def _derivatives(primitive: Primitive) -> list[str]:
    """The rules themselves, run on a graph of named inputs and printed."""
    graph = Graph()
    shape = () if primitive.kind == "elementwise" else (3,)
    operands = [Value(graph, graph.append_input(name, shape, None)) for name in primitive.operands]
    out = graph.append(primitive, tuple(operand.index for operand in operands), (), (), None)
    graph.names[out] = primitive.signature
    shown = []
    for position in range(len(operands)):
        local, _ = primitive.vjp(position, graph.filled(1.0), operands, Value(graph, out), {})
        shown.append(f"{local:g}" if isinstance(local, (int, float)) else local_formula(graph, out, operands[position].index, local.index, out))
    return shown
