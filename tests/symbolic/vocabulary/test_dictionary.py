"""Every function of a formula has a word in every form, or it is said why not."""

from collections.abc import Iterator
from typing import Any

import pytest
import sympy

from diffcli.execute.recorded_number import OPERATIONS
from diffcli.primitives.table import PRIMITIVES
from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.convert.namespace import ProgramNamespace
from diffcli.symbolic.evaluate.real_arithmetic import Arithmetic
from diffcli.symbolic.forms.form_names import PROGRAMS
from diffcli.symbolic.vocabulary import kept, special
from diffcli.symbolic.vocabulary.conventions import Same
from diffcli.symbolic.vocabulary.dictionary import DICTIONARY, LANGUAGES, Helper, Lacking, Row, word
from diffcli.symbolic.vocabulary.real_functions import RealFunction
from diffcli.symbolic.vocabulary.refusal import Refusal

#: Each printer has an operator or a choice for these; programs write the others in elementary terms.
OTHERWISE = {Same, kept.OneMinusSquare, kept.Share}


def functions_of_formulas() -> Iterator[Any]:
    """The classes of the functions that formulas of the primitives are made of, and their first two derivatives."""
    space = ProgramNamespace(Sizes())
    for primitive in PRIMITIVES.values():
        if primitive.kind != "elementwise" or primitive.formula is None or primitive.name in ("where", "weigh"):
            continue
        arguments = [sympy.Symbol(name, real=True) for name in primitive.operands]
        options = {option.name: 1 for option in primitive.options}
        made = kept.KEPT.get(primitive.name) or (
            getattr(space, primitive.formula)
            if isinstance(primitive.formula, str)
            else lambda *values, formula=primitive.formula, options=options: formula(space, *values, **options)
        )
        formula = sympy.sympify(made(*arguments))
        for by in arguments:
            for each in (formula, formula.diff(by), formula.diff(by, 2)):
                yield from (type(part) for part in each.atoms(sympy.Function))


def test_every_function_that_a_formula_can_have_is_in_the_dictionary() -> None:
    found = set(functions_of_formulas())
    assert len(found) > 30
    assert found - set(DICTIONARY) - OTHERWISE == set()
    assert set(RealFunction.__subclasses__()) - {kept.Kept} - set(DICTIONARY) - OTHERWISE == set()


def test_every_program_has_a_column() -> None:
    assert tuple(LANGUAGES) == PROGRAMS
    assert set(PROGRAMS) < set(Row._fields)


@pytest.mark.parametrize("column", Row._fields)
def test_a_row_has_a_word_or_says_why_not(column: str) -> None:
    for kind, row in DICTIONARY.items():
        found = getattr(row, column)
        if isinstance(found, Lacking):
            assert len(found.reason.split()) > 3, kind
        elif isinstance(found, Helper):
            assert f"{found.name}(" in found.source, kind
        elif column not in ("latex", "unicode") or found is not None:
            assert found.strip() == found != "", kind


def test_a_function_of_the_language_is_its_primitive() -> None:
    """What contexts of many digits, and the page, call a function stands on the primitive."""
    for row in DICTIONARY.values():
        if isinstance(row.text, str) and row.text not in ("sigmoid", "softplus"):
            assert PRIMITIVES[row.text].compute in OPERATIONS


@pytest.mark.parametrize(
    ("kind", "language", "said"),
    [
        (special.Polygamma, "python", "Python has no polygamma"),
        (special.Beta, "torch", "PyTorch has no beta"),
        (sympy.zeta, "c", "C has no zeta"),
    ],
)
def test_a_missing_word_is_told(kind: Any, language: str, said: str) -> None:
    assert language in LANGUAGES
    with pytest.raises(Refusal, match=f"^{said}$"):
        word(kind, language)


def test_what_nothing_computes_is_told() -> None:
    """It is not a formula of whose sizes nothing was found."""
    with pytest.raises(Refusal, match="nothing computes zeta"):
        Arithmetic(30).function(sympy.zeta)
