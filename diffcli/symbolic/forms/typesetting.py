"""A derivative in a form other than plain text."""

import sympy
from sympy import Expr, Symbol

from diffcli.messages import Message
from diffcli.symbolic.arrays.sizes import fresh_names
from diffcli.symbolic.derive.formula import Derivative, Formula
from diffcli.symbolic.forms.counting import from_one
from diffcli.symbolic.forms.latex import LatexForm
from diffcli.symbolic.forms.unicode import UnicodeForm
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.lowering import lowered
from diffcli.symbolic.vocabulary.loops import LOOPS
from diffcli.symbolic.vocabulary.refusal import Refusal

_ELEMENTWISE = Message("⊙, ⊘ and powers with ∘ work element by element")


def formula_in_form(formula: Formula, form: str) -> tuple[str, tuple[str, ...]]:
    """The formula as latex or unicode, and the notes that go with it."""
    derivative = formula.derivative
    taken = derivative.scope.taken
    sizes = list(dict.fromkeys(size for axes in derivative.variables.values() for size in axes if size.is_Symbol))
    names = dict(zip(sizes, fresh_names("nmpqrstuv", taken, len(sizes)), strict=True))
    owners = [name for name in formula.variable.split(",") for _ in derivative.variables[name]]
    indices = dict(
        zip(derivative.indices, fresh_names("jklpqr", taken | frozenset(names.values()), len(owners)), strict=True)
    )
    printer = (LatexForm if form == "latex" else UnicodeForm)(
        {**names, **indices}, derivative.scope, derivative.decimals
    )
    expression, text = _printed(formula, printer)
    notes = []
    met = expression.free_symbols
    for index, owner in zip(derivative.indices, owners, strict=True):
        if index in met:
            axes = derivative.variables[owner]
            size = axes[owners[: list(indices).index(index)].count(owner) % len(axes)]
            last = _size_text(size, names)
            notes.append(
                Message("component {index} of {name} is one of 1..{last}", index=indices[index], name=owner, last=last)
            )
    if any(isinstance(part, LOOPS) for part in sympy.preorder_traversal(expression)) and not notes:
        notes.append(Message("indices count from 1"))
    notes += [
        Message("{name} is the size of {owner}", name=name, owner=_owner(size, derivative))
        for size, name in names.items()
        if size in met
    ]
    if any(sign in text for sign in ("⊙", "⊘", "∘", "\\odot", "\\oslash", "\\circ")):
        notes.append(_ELEMENTWISE)
    return text, (*notes, *derivative.assumed)


def _printed(formula: Formula, printer: LatexForm | UnicodeForm) -> tuple[Expr, str]:
    """The expression that is printed, and its text: of whole arrays if there are words for it, else of an element."""
    term = _whole(formula)
    if term is not None:
        try:
            return term, printer.form(term)
        except Refusal:
            pass
    element = from_one(formula.derivative.element)
    return element, printer.form(element)


def _whole(formula: Formula) -> Expr | None:
    """The formula of whole arrays that the text is, if it is one."""
    derivative = formula.derivative
    if (
        derivative.term is not None
        or formula.indices
        or derivative.element.atoms(*LOOPS, sympy.KroneckerDelta)
        or formula.text.startswith("[")
    ):
        return derivative.term
    axes = {symbol: derivative.variables[name] for name, symbol in derivative.symbols.items()}
    sizes = [size for name in formula.variable.split(",") for size in derivative.variables[name]]
    try:
        term = lowered(derivative.element, dict(zip(derivative.indices, sizes, strict=True)), axes, spreading=False)
    except Refusal:
        return None
    return term if nodes.rank(term) in (0, len(sizes)) else None


def _size_text(size: Expr, names: dict[Symbol, str]) -> str:
    return str(size.xreplace({symbol: sympy.Symbol(name) for symbol, name in names.items()})).replace(" ", "")


def _owner(size: Expr, derivative: Derivative) -> str:
    name = next(name for name, axes in derivative.variables.items() if size in axes)
    axes = derivative.variables[name]
    return name if len(axes) == 1 else Message("axis {axis} of {name}", axis=axes.index(size) + 1, name=name)
