"""Readings of a text that could not be read: edits, by rules for the ways in which other places write
mathematics.

Each rule looks at the text, or at what stands at the mistake, and proposes edits; whether the text can be read then is
tried by whoever asked. A rule may therefore propose too much, but never what would be read as something else than was
meant.
"""

from collections.abc import Callable
from itertools import islice

from diffcli.errors import Edit
from diffcli.source import Span
from diffcli.syntax.foreign.applied_functions import (
    arguments_without_brackets,
    based_logarithms,
    methods,
    modules,
    other_brackets,
    powers_of_functions,
)
from diffcli.syntax.foreign.edit import Edits
from diffcli.syntax.foreign.marks import after_an_operand, bars, before_an_operand, brackets, numbers
from diffcli.syntax.foreign.whole_text import choices, equation, latex, leibniz, lists, signs, spoken, words, wrapping

#: Edits of one rule for one mistake: its own is among the first.
_MOST_OF_A_RULE = 20
Rule = Callable[[str, Span], Edits]

_CERTAIN: tuple[Rule, ...] = (latex, spoken, leibniz, modules, choices, lists)
_RULES: tuple[Rule, ...] = (
    wrapping,
    bars,
    powers_of_functions,
    based_logarithms,
    other_brackets,
    methods,
    after_an_operand,
    before_an_operand,
    numbers,
    arguments_without_brackets,
    words,
    signs,
    equation,
    brackets,
)


def foreign_edits(text: str, place: Span) -> tuple[Edit, ...]:
    """Changes of a text with a mistake at `place`, each edit a reading of its own."""
    return tuple(edit for rule in _RULES for edit in islice(rule(text, place), _MOST_OF_A_RULE))


def certain_edits(text: str, place: Span) -> tuple[Edit, ...]:
    """The edits for what is without a doubt another language: whatever else might be changed is not what was meant."""
    return next((edits for rule in _CERTAIN if (edits := tuple(islice(rule(text, place), _MOST_OF_A_RULE)))), ())
