"""A derivative as a formula of whole arrays, if the language has words for it."""

from collections.abc import Mapping

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.elements import element as element_of
from diffcli.symbolic.matrix_notation.lowering import lowered
from diffcli.symbolic.matrix_notation.whole_printer import WholePrinter
from diffcli.symbolic.simplify.canonical import canonical
from diffcli.symbolic.simplify.stable import named
from diffcli.symbolic.text.legend import Worded, Wording, hidden_notes, named_sizes
from diffcli.symbolic.vocabulary.refusal import Refusal


def whole_forms(element: Expr, context: Wording) -> list[tuple[Expr, Worded]]:
    """The ways to write it, each with the element that it says; none where it needs indices.

    What is elementwise throughout is not among them: the formula of its element says the same.
    """
    variables = {sympy.Symbol(name, real=True): sizes for name, sizes in context.converted.variables.items()}
    components = dict(zip(context.indices, context.axes, strict=True))
    found: list[tuple[Expr, Worded]] = []
    if context.by_index:
        return found
    for form in dict.fromkeys((element, named(element))):
        try:
            term = lowered(form, components, variables, spreading=False)
            if not term.atoms(nodes.Node) - term.atoms(nodes.Whole) or nodes.rank(term) not in (0, len(components)):
                continue
            if not context.whole and not _of_matrices(term):
                continue
            for way in dict.fromkeys((term, _factored(term))):
                text = _worded(way, context, variables)
                found.append((canonical(element_of(way, context.indices, variables)), text))
        except Refusal:
            continue
    return found


def _of_matrices(term: Expr) -> bool:
    """Whether it is matrix notation: something is transposed, inverted, an outer product, or multiplied by a matrix."""
    if term.atoms(nodes.Outer, nodes.Transposed, nodes.Diagonal, nodes.Determined, nodes.LogDetermined, nodes.Inverted):
        return True
    return any(nodes.rank(factor) > 1 for product in term.atoms(nodes.Contracted) for factor in product.args)


def _factored(term: Expr) -> Expr:
    """A sum with the number that all its terms share put in front."""
    if not isinstance(term, sympy.Add):
        return term
    number, rest = term.primitive()
    return sympy.Mul(number, rest, evaluate=False) if number != 1 else term


def _worded(term: Expr, context: Wording, variables: Mapping[Symbol, tuple[Expr, ...]]) -> Worded:
    converted = context.converted
    names = converted.sizes.names(context.taken)
    printer = WholePrinter(names, converted.scope, variables, converted.decimals)
    text = printer.text(term)
    sizes, notes = named_sizes(names, printer.used, converted)
    return Worded(text, sizes, (), (*notes, *hidden_notes(printer)), term)
