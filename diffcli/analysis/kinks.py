"""Whether the point sits where a primitive has a corner or a jump, or where its domain ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from diffcli.analysis.trace import Trace, excerpt, operand_text
from diffcli.errors import DiffcliError, ExitCode, Label, fault
from diffcli.execute.arrays import Array, any_nonzero, doubles, everywhere
from diffcli.execute.executors.kept import are_finite_cells, kept
from diffcli.execute.influence import relevant
from diffcli.execute.one_sided import Derivative, Neighbourhood
from diffcli.execute.probe import nearby
from diffcli.execute.program import Program, quietly
from diffcli.messages import Argument, Joined, Message
from diffcli.primitives.domain import Kink
from diffcli.primitives.primitive import Primitive
from diffcli.source import Source, Span

KinkKind = Literal["kink", "jump", "edge"]

#: Elements that a notice names; `count` tells how many there are.
_NAMED = 6
_PHRASES: dict[KinkKind, str] = {
    "kink": Message("a kink"),
    "jump": Message("a jump"),
    "edge": Message("the edge of its domain"),
}


class Side(NamedTuple):
    """The primitive's derivatives by one operand: from the left, from the right, and the one that is taken.

    `operand` is its text, with the element's index where it has elements. A side that is outside
    the domain is None. Of a kink of the slope they are the second derivatives.
    """

    operand: str
    left: float | None
    right: float | None
    taken: float

    @property
    def sentence(self) -> str:
        """The three in words."""
        left, right = (Message("none") if side is None else f"{side:g}" for side in (self.left, self.right))
        return Message(
            "by {operand}: {left} from the left, {right} from the right, {taken:g} taken",
            operand=self.operand,
            left=left,
            right=right,
            taken=self.taken,
        )


@dataclass(frozen=True, slots=True)
class KinkNotice:
    """A primitive evaluated at its kink, and the convention that gave the derivative.

    `subject` is the text, with the primitive's name where the text does not show it.
    `elements` are the indices of the elements on it, those of an operand where the primitive is a
    reduction; empty for a single number. `count` is the number of all, `elements` are the first.
    `values` are the primitive's values to the left, there and to the right, at a jump. `torch` and
    `jax` say what PyTorch and JAX take. `of_slope` is true where the slope has a kink and the
    function has none.
    """

    primitive: str
    node: int
    kind: KinkKind
    source: Source
    text: str
    span: Span
    subject: str
    reason: str
    convention: str
    elements: tuple[tuple[int, ...], ...]
    count: int
    sides: tuple[Side, ...]
    values: tuple[float, float, float] | None
    torch: str
    jax: str
    of_slope: bool = False

    @property
    def headline(self) -> str:
        """The primitive and its kink, in words."""
        return Message(
            "{subject} is at {what}: {reason}", subject=self.subject, what=_PHRASES[self.kind], reason=self.reason
        )

    @property
    def place(self) -> str:
        """The elements on the kink, in words; empty for a single number."""
        if not self.elements:
            return ""
        named = Joined(f"[{', '.join(map(str, element))}]" for element in self.elements)
        if self.count == 1:
            return Message("element {element}", element=named)
        if self.count == len(self.elements):
            return Message("elements {elements}", elements=named)
        return Message("elements {elements} and {count:,} more", elements=named, count=self.count - len(self.elements))

    @property
    def slopes(self) -> tuple[str, ...]:
        """The derivatives on either side, a sentence for each operand; at a jump also the values."""
        if self.values is None:
            return tuple(
                Message("second derivative {sentence}", sentence=side.sentence)
                if self.of_slope
                else Message("derivative {sentence}", sentence=side.sentence)
                for side in self.sides
            )
        left, here, right = self.values
        slopes = [
            Message("derivative {sentence}", sentence=side.sentence)
            for side in self.sides
            if not side.left == side.taken == side.right
        ]
        return (
            Message(
                "value {left:g} to the left, {here:g} here, {right:g} to the right", left=left, here=here, right=right
            ),
            *slopes,
        )

    @property
    def elsewhere(self) -> str:
        """The conventions of others."""
        if self.torch == self.jax:
            return Message("PyTorch and JAX: {torch}", torch=self.torch)
        return Message("PyTorch: {torch}; JAX: {jax}", torch=self.torch, jax=self.jax)

    @property
    def sentence(self) -> str:
        """The notice on one line."""
        place = Message(" ({place})", place=self.place) if self.place else ""
        return Message(
            "{headline}{place}; {slopes}. Convention: {convention}. {elsewhere}",
            headline=self.headline,
            place=place,
            slopes=Joined(self.slopes, "; "),
            convention=self.convention,
            elsewhere=self.elsewhere,
        )


def kinks(trace: Trace) -> tuple[KinkNotice, ...]:
    """The kinks that the point sits on, where the gradient passes through them.

    Those of what the expression itself differentiates count in any case: that took their conventions.
    """
    graph, found = trace.graph, []
    if trace.arithmetic.encloses:
        return ()  # the numbers themselves tell
    inner = {*graph.needed(graph.differentiated)}
    matters = cache(lambda: relevant(graph, trace.output, trace.values))
    around = cache(lambda: [_nearby(trace, seed) for seed in (1, 2)])
    with_kinks = {primitive for primitive in {*graph.primitives} if primitive.kinks}
    crossed = [node for node in trace.gradient.adjoints if graph.primitives[node] in with_kinks] if with_kinks else []
    for node in crossed:
        adjoint = trace.gradient.adjoints[node]
        for kink in graph.primitives[node].kinks:
            if meets(trace, node, kink):
                at = on(trace, node, kink)
                at = at & ~everywhere([_stays_on(trace, moved, node, kink) for moved in around()])
                relevant_ones = matters()[node] if kink.jump or node in inner else trace.values[adjoint] != 0
                notice = noticed(trace, node, kink, at, relevant_ones)
                if notice is not None:
                    found.append(notice)
    return tuple(found)


def meets(trace: Trace, node: int, kink: Kink) -> bool:
    """Whether some element is on the kink."""
    values = kept(trace.values)
    operands = [values[operand] for operand in trace.graph.operands[node]]
    if are_finite_cells(operands):
        return bool(kink.at(*operands, **dict(trace.graph.parameters[node])).any())
    return any_nonzero(on(trace, node, kink))


def on(trace: Trace, node: int, kink: Kink) -> Array:
    """For each element of a node, or of what it reduces, whether it is on the kink."""
    graph = trace.graph
    operands = [trace.values[operand] for operand in graph.operands[node]]
    with quietly():
        found: Array = kink.at(*operands, **dict(graph.parameters[node]))
    return found


def _stays_on(trace: Trace, moved: Trace, node: int, kink: Kink) -> Array:
    """For each element whether it is on the kink nearby too.

    Beyond 2^53 doubles are whole numbers: they go from one jump of `floor` to another.
    """
    operands = trace.graph.operands[node]
    found = on(moved, node, kink)
    return (
        found & (moved.values[operands[0]] == trace.values[operands[0]]) if kink.jump and len(operands) == 1 else found
    )


def _nearby(trace: Trace, seed: int) -> Trace:
    """The trace at a point nearby: what is on a kink there too is on it all around, as max(x, x), without effect."""
    graph = trace.graph
    inputs = {node: trace.values[node] for node in range(trace.output + 1) if graph.primitives[node].name == "input"}
    moved = {
        node: nearby(value, (seed, node)) if node in trace.gradient.adjoints else doubles(value)
        for node, value in inputs.items()
    }
    return trace._replace(values=Program(graph, range(trace.output + 1)).values(moved))


def kink_fault(notices: Sequence[KinkNotice]) -> DiffcliError:
    """The diagnostic with which `--strict` ends at a point that sits on kinks: each is underlined."""
    first = notices[0]
    labels = [
        Label(notice.span, Joined((notice.place, *notice.slopes) if notice.place else notice.slopes, "; "))
        for notice in notices
    ]
    hint = Message(
        "the derivative is a convention here: {convention}; leave {strict} out to take it, or move the point",
        convention=first.convention,
        strict=Argument("strict"),
    )
    return fault("E503", first.headline, first.source, *labels, exit_code=ExitCode.NOT_FINITE, hint=hint)


def noticed(
    trace: Trace, node: int, kink: Kink, at: Array, matters: Array, derivative: Derivative | None = None
) -> KinkNotice | None:
    """The notice of a kink at some elements; None where none of them matters.

    With a `derivative` it is one of the slope.
    """
    graph = trace.graph
    primitive, operands = graph.primitives[node], graph.operands[node]
    around = Neighbourhood(
        primitive, [trace.values[operand] for operand in operands], graph.parameters[node], kink.step, derivative
    )
    elements, count = around.elements(at, matters, _NAMED)
    if not elements:
        return None
    active = [operand for operand in dict.fromkeys(operands) if operand in trace.gradient.adjoints]
    besides = {}
    for operand in active:
        positions = [position for position, other in enumerate(operands) if other == operand]
        besides[operand] = (around.beside(positions, elements[0]), around.element(positions[0], elements[0]))
    rough = {operand: found for operand, found in besides.items() if not found[0].smooth}
    if not rough and len(active) == 1:
        return None  # maximum(x, x): what the operands do together is smooth
    sides = tuple(
        Side(operand_text(trace.source, graph, node, operand, element), beside.left, beside.right, beside.taken)
        for operand, (beside, element) in (rough or besides).items()
    )
    values = next(beside.values for beside, _ in (rough or besides).values())
    jumps = kink.jump and None not in values
    span = graph.spans[node] or Span(0, 0)
    text = excerpt(trace.source, span)
    return KinkNotice(
        primitive=primitive.name,
        node=node,
        kind="jump" if kink.jump else "edge" if all(None in (side.left, side.right) for side in sides) else "kink",
        source=trace.source,
        text=text,
        span=span,
        subject=text if _is_written(primitive, text) else Message("{name} in {text}", name=primitive.name, text=text),
        reason=Message(kink.text),
        convention=Message(kink.convention),
        elements=tuple(elements) if elements[0] else (),
        count=count,
        sides=sides,
        values=values if jumps else None,  # type: ignore[arg-type]  # none of them is None
        torch=Message(kink.torch),
        jax=Message(kink.jax),
        of_slope=derivative is not None,
    )


def _is_written(primitive: Primitive, text: str) -> bool:
    """Whether the text calls the primitive by one of its names or by its symbol, rather than a function made of it."""
    names = [primitive.name, *primitive.aliases, *([primitive.notation.symbol] if primitive.notation else [])]
    return any(name in text for name in names)
