"""The page of `diffcli help SLIP`: a slip of a rule at a small question that shows it."""

from collections.abc import Iterator, Mapping

from diffcli.analysis.manual.page import ManualPage
from diffcli.analysis.slips.row import Row
from diffcli.analysis.slips.site import Site, sites
from diffcli.analysis.slips.solution import Solution
from diffcli.analysis.slips.table import ACTIVATIONS, RULES
from diffcli.autodiff.reverse import derivative
from diffcli.errors import DiffcliError
from diffcli.graph.build import build
from diffcli.messages import Message
from diffcli.primitives.shape import Shape
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

#: Small questions, the plainest first, and the shapes of their variables where those are arrays; beside them each
#: function of the slip stands alone.
_QUESTIONS = (
    "x^4", "x^-3", "2^x", "x*sin(x)", "x/(x^2 + 1)", "3/x", "3*x", "x/3", "4 - x", "-x", "sin(x^2)", "sigmoid(3*x)",
    "log(x, 3)", "mean(x*x)", "sum(x*x)", "sum(x*y)", "softmax(x)[0]", "sum(A@x)", "sum(A@B)",
)  # fmt: skip
_SHAPES: Mapping[str, Mapping[str, Shape]] = {
    "mean": {"x": (3,)},
    "softmax": {"x": (3,)},
    "sum(x": {"x": (3,)},
    "sum(A": {"A": (3, 3), "B": (3, 3), "x": (3,)},
}


def slip_kinds() -> tuple[str, ...]:
    """The kinds of slips of the rules of differentiation."""
    return tuple(dict.fromkeys(row.kind for row in (*ACTIVATIONS, *RULES)))


def slip_page(kind: str) -> ManualPage:
    """The page of a kind of slip."""
    rows = (row for row in (*ACTIVATIONS, *RULES) if row.kind == kind)
    row, question, site = next((row, *found) for row in rows for found in _shown(row))
    told, rule = row.sentence(row.told, site), row.sentence(row.rule, site)
    return ManualPage(
        kind,
        Message("A slip: {kind}", kind=kind),
        (
            Message("In the derivative of `{question}`: {told}.", question=question, told=told),
            Message("The rule: {rule}.", rule=rule),
            Message("`diffcli help slips` says how slips are found."),
        ),
    )


def _shown(row: Row) -> Iterator[tuple[str, Site]]:
    """Questions in which the slip can be made, and where."""
    for text in (*(f"{name}(x)" for name in sorted(row.names)), *_QUESTIONS):
        shapes = next((found for begin, found in _SHAPES.items() if text.startswith(begin)), {})
        try:
            resolved = resolve(parse(Source(text)))
            built = build(resolved, {name: shapes.get(name, ()) for name in resolved.variables}, derivative)
        except DiffcliError:  # the function takes other operands
            continue
        solution = Solution(built.graph, built.output, dict(built.inputs), Source(text))
        yield from ((text, site) for site in sites(solution) if row.applies(site))
