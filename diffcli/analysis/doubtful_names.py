"""Names that are no variable's, where nothing says that they are: `sinx`, `xy`, `Pi`, `dy/dx`."""

import re

from diffcli.errors import Advice, Edit, closest, fault
from diffcli.messages import Argument, Blank, Joined, Message
from diffcli.primitives.table import CONSTANTS, FUNCTION_NAMES
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tokens import normalised
from diffcli.syntax.tree import Node

#: What a name begins with that may be the type of a number; single letters that may mean something else than a
#: variable; and an exponent that varies.
_TYPES = frozenset("fFdDlLuU")
_TELLING = _TYPES | {"E"}
_RAISED = r"\s*(?:\^|\*\*)[\s\d.*(-]*[^\W\d]"


def check_names(resolved: Resolved, named: frozenset[str], complete: bool) -> None:
    """Raise DiffcliError for a variable whose name is made of others, or means something else: `sinx`, `xy`, `1.0f`.

    A name that has a value, or is named by `wrt`, is one. If `complete`, all of several variables must have values.
    """
    _check_differentials(resolved, named)
    text = resolved.source.text
    for name in resolved.variables:
        if name in named or name in resolved.values or (len(name) == 1 and name not in _TELLING):
            continue
        node = next(node for node in resolved.nodes if node.kind == "name" and node.text == name)
        edits, what = _meant_names(name, named, text, node)
        if name[0] in _TYPES and text[node.start - 1 : node.start] in tuple("0123456789._"):  # 1.0f
            from diffcli.syntax.foreign.typed_numbers import typed_numbers  # an import that only a mistake needs

            starts = {node.start for node in resolved.nodes if node.kind == "name" and node.text == name}
            types = tuple(typed_numbers(normalised(text), starts, complete and len(resolved.variables) > 1))
            edits, what = (types, Message("the type of a number")) if types else (edits, what)
        if edits:
            declared = _declared(name)
            advice = Advice(edits, after=Message("; {declared}", declared=declared), otherwise=declared)
            message = Message("'{name}' has no value, and may be {what}", name=name, what=what)
            raise fault("E214", message, resolved.source, node.span, advice=advice)


def _declared(name: str) -> Message:
    """How a name of several parts is made that of a variable."""
    at, wrt = Argument("at", {name: Blank("...")}), Argument("wrt", name)
    return Message("for a variable of that name: {at} or {wrt}", at=at, wrt=wrt)


def _meant_names(name: str, named: frozenset[str], text: str, node: Node) -> tuple[tuple[Edit, ...], str]:
    """What a variable may have been meant to be, if it is no ordinary name, and a word for it."""
    if text[node.end : node.end + 1] == "[" and closest(name, FUNCTION_NAMES) is not None:  # Sin[x]
        from diffcli.syntax.foreign.readings import foreign_edits  # an import that only a mistake needs

        return foreign_edits(text, node.span), Message("a function")
    constant = name.casefold().removeprefix("m_")
    if constant in CONSTANTS and (len(name) > 1 or re.match(_RAISED, text[node.end :])):  # Pi, M_PI, E^x
        return (Edit(node.span, constant),), Message("a constant")
    from diffcli.syntax.joined_names import apart_edits

    return apart_edits(name, named, text, node.start), Message("several names")


def _check_differentials(resolved: Resolved, named: frozenset[str]) -> None:
    """Raise DiffcliError for `dy/dx` where nothing is called dy or dx: a derivative is meant, and no quotient."""
    variables = {*resolved.variables}
    if not any(name.startswith("d") for name in variables):
        return  # of most expressions: their text is not to be searched
    from diffcli.syntax.differentials import IN_WORDS, quotients

    text = normalised(resolved.source.text)
    known = named | resolved.defined | variables
    for quotient in quotients(text):
        own = quotient.names & variables
        if not own or own & named or own & {*resolved.values} or not quotient.is_meant(known - own):
            continue
        written = text[quotient.span.start : quotient.span.end]
        name = next(name for name in resolved.variables if name in own)
        declared = _declared(name)
        edits = quotient.edits(resolved.defined - resolved.functions, resolved.functions)
        after = Message("; {declared}", declared=declared)
        advice = Advice(edits, after=after, otherwise=Joined((IN_WORDS, declared), "; "))
        message = Message("'{written}' is a derivative, where nothing is called {name}", written=written, name=name)
        raise fault("E214", message, resolved.source, quotient.span, advice=advice)
