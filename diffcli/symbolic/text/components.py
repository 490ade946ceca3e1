"""Small arrays' derivatives written out component by component."""

from collections.abc import Mapping

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.arrays.folds import WRITTEN_OUT
from diffcli.symbolic.text.legend import Worded, Wording, has_bare_index, text_of
from diffcli.symbolic.vocabulary.refusal import Refusal


def written_out(element: Expr, context: Wording) -> Worded | None:
    """`[..., ..., ...]`, where the components differ and are few; else None."""
    sizes = context.converted.sizes
    extents = [sizes.extent(size) for size in context.axes]
    if not extents or not _differs(element, context):
        return None
    places: list[tuple[int, ...]] = [()]
    for extent in extents:
        if extent is None or extent * len(places) > WRITTEN_OUT:
            return None
        places = [(*place, k) for place in places for k in range(extent)]
    components = []
    for place in places:
        component = element.xreplace({index: sympy.Integer(k) for index, k in zip(context.indices, place, strict=True)})
        components.append(_expanded(component, sizes.known))
    try:
        return text_of(components, context, None, listed=True)
    except Refusal:
        return None


def _differs(element: Expr, context: Wording) -> bool:
    """Whether the formula is one of cases: the index decides, or leaves out its place."""
    return bool(element.atoms(sympy.KroneckerDelta, sympy.Product)) or has_bare_index(element, context)


def _expanded(component: Expr, known: Mapping[Symbol, Expr]) -> Expr:
    """Products and short sums over a known range written out; conditions on places decided."""
    if not component.args or isinstance(component, sympy.Indexed):
        return component
    if isinstance(component, (sympy.Sum, sympy.Product)):
        *inner, (index, low, high) = component.limits
        body = component.func(component.function, *inner) if inner else component.function
        low, high = low.xreplace(known), high.xreplace(known)
        if (
            low.is_Integer
            and high.is_Integer
            and high - low < WRITTEN_OUT
            and (isinstance(component, sympy.Product) or component.atoms(sympy.KroneckerDelta))
        ):
            terms = [_expanded(body.xreplace({index: sympy.Integer(k)}), known) for k in range(int(low), int(high) + 1)]
            return sympy.Add(*terms) if isinstance(component, sympy.Sum) else sympy.Mul(*terms)
    if isinstance(component, sympy.core.relational.Relational):
        decided = component.xreplace(known)
        return decided if decided in (sympy.true, sympy.false) else component
    arguments = [_expanded(argument, known) for argument in component.args]
    return arguments[0] if isinstance(component, sympy.Sum) and arguments[0] == 0 else component.func(*arguments)
