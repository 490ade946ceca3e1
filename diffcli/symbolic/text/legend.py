"""A formula's text with what is needed to read it: names of sizes and indices, and notes."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.messages import Message
from diffcli.symbolic.arrays.sizes import fresh_names
from diffcli.symbolic.convert.conversion import Converted
from diffcli.symbolic.text.formula_printer import Printer
from diffcli.symbolic.vocabulary.loops import LOOPS


class Wording(NamedTuple):
    """A derivative to be written: with respect to `variable`, at `indices`.

    For one of a higher order `variable` is several names with commas between them.
    It is written in matrix notation where that is shorter than its indices; with `by_index` never,
    with `whole` also where sums over vectors could be written without indices.
    """

    converted: Converted
    variable: str
    indices: tuple[Symbol, ...]
    by_index: bool = False
    whole: bool = False

    @property
    def axes(self) -> tuple[Expr, ...]:
        """The sizes of the variable's axes."""
        return tuple(size for name in self.variable.split(",") for size in self.converted.variables[name])

    @property
    def owners(self) -> tuple[str, ...]:
        """The variable that each axis belongs to."""
        return tuple(name for name in self.variable.split(",") for _ in self.converted.variables[name])

    @property
    def places(self) -> tuple[Expr, ...]:
        """The component's indices; 0 along an axis of 1."""
        return tuple(
            sympy.Integer(0) if size == 1 else index for index, size in zip(self.indices, self.axes, strict=True)
        )

    @property
    def taken(self) -> frozenset[str]:
        """Names that an index or a size must not have."""
        return self.converted.scope.taken


class Worded(NamedTuple):
    """The text, and the sizes, component indices and notes that belong to it.

    `term` is the formula of whole arrays, where the text is one.
    """

    text: str
    sizes: Mapping[str, int | None]
    indices: tuple[str, ...]
    notes: tuple[str, ...]
    term: Expr | None = None


def worded(element: Expr, context: Wording) -> Worded:
    """One formula for all components: in vector form if each needs only its own place."""
    places = context.places
    vector = not element.atoms(*LOOPS, sympy.KroneckerDelta) and all(
        entry.indices == places for entry in element.atoms(sympy.Indexed)
    )
    whole = places if places and vector and not has_bare_index(element, context) else None
    return text_of([element], context, whole)


def has_bare_index(element: Expr, context: Wording) -> bool:
    """Whether an index of the component stands elsewhere than at an array."""
    without = element.xreplace({entry: sympy.Dummy(real=True) for entry in element.atoms(sympy.Indexed)})
    return bool(without.free_symbols & set(context.indices))


def text_of(elements: Sequence[Expr], context: Wording, whole: Sequence[Expr] | None, listed: bool = False) -> Worded:
    """Components as text: one formula, or a list of them."""
    converted = context.converted
    sizes = converted.sizes.names(context.taken)
    free = context.taken | frozenset(sizes.values())
    names = dict(zip(context.indices, fresh_names("jkl", free, len(context.indices)), strict=True))
    printer = Printer({**sizes, **names}, converted.scope, whole, converted.decimals)
    texts = [printer.text(element) for element in elements]
    loops = {
        name: (printer.text(low).replace(" ", ""), printer.text(high).replace(" ", ""))
        for name, (low, high) in list(printer.loops.items())
    }
    used = printer.used
    shown = tuple(name for index, name in names.items() if index in used)
    notes = [
        Message("{name} runs over {low}..{high}", name=name, low=low, high=high) for name, (low, high) in loops.items()
    ]
    for index, size, owner in zip(context.indices, context.axes, context.owners, strict=True):
        if index in used:
            last = printer.text(size - 1).replace(" ", "")
            notes.append(
                Message("component {index} of {name} is one of 0..{last}", index=names[index], name=owner, last=last)
            )
    named, told = named_sizes(sizes, used, converted)
    return Worded(_list(texts, context) if listed else texts[0], named, shown, (*notes, *told, *hidden_notes(printer)))


def named_sizes(
    names: Mapping[Symbol, str], used: Collection[Symbol], converted: Converted
) -> tuple[dict[str, int | None], list[str]]:
    """The sizes that a text names, with their numbers where known, and what is to be told about them."""
    named = {name: converted.sizes.extent(symbol) for symbol, name in names.items() if symbol in used}
    return named, [
        Message("{name} is the size of {owner}", name=name, owner=_owner(symbol, converted))
        for symbol, name in names.items()
        if symbol in used
    ]


def hidden_notes(printer: Printer) -> list[str]:
    """Notes about functions whose names the program has given to its own."""
    return [Message("{name} is the language's function, not the program's", name=name) for name in printer.hidden]


def _owner(symbol: Symbol, converted: Converted) -> str:
    """The variable, and axis if it has several, that has this size."""
    for name, axes in converted.variables.items():
        if symbol in axes:
            return name if len(axes) == 1 else Message("axis {axis} of {name}", axis=axes.index(symbol), name=name)
    return Message("an axis")


def _list(texts: Sequence[str], context: Wording) -> str:
    """The components in nested brackets."""
    extents = [context.converted.sizes.extent(size) or 1 for size in context.axes]
    rows = list(texts)
    for extent in reversed(extents):
        rows = [f"[{', '.join(rows[start : start + extent])}]" for start in range(0, len(rows), extent)]
    return rows[0]
