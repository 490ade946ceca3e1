"""The table itself: names, aliases, summaries and operand names."""

import inspect
from collections import Counter

import pytest

from diffcli.primitives.options import REQUIRED, Option
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import (
    CONSTANTS,
    DEFINITIONS,
    FAMILIES,
    FUNCTION_NAMES,
    NOTATIONS,
    PRIMITIVES,
    Function,
    overloads,
)

from .cases import LAWFUL, PUBLIC

pytestmark = pytest.mark.fast

each_primitive = pytest.mark.parametrize("primitive", PRIMITIVES.values(), ids=PRIMITIVES)
each_public = pytest.mark.parametrize("primitive", PUBLIC, ids=lambda primitive: primitive.name)


@each_primitive
def test_the_summary_is_a_phrase_with_a_full_stop(primitive: Primitive) -> None:
    """One line, ended by a period."""
    assert primitive.summary.endswith(".")
    assert not primitive.summary.endswith("..")
    assert "\n" not in primitive.summary
    assert primitive.summary == primitive.summary.strip()


@each_primitive
def test_the_name_can_be_written(primitive: Primitive) -> None:
    """Names are lower-case identifiers, and so are aliases; none hides a constant."""
    for name in (primitive.name, *primitive.aliases):
        assert name.isidentifier()
        assert name == name.lower()
        assert name not in CONSTANTS
    assert PRIMITIVES[primitive.name] is primitive


@each_public
def test_the_operands_can_be_read(primitive: Primitive) -> None:
    """Operands' names are distinct identifiers that stand in the signature."""
    assert primitive.operands
    assert len(set(primitive.operands)) == len(primitive.operands)
    assert all(operand.isidentifier() and operand != "out" for operand in primitive.operands)
    written = [
        f"{operand}={primitive.defaults[operand]:g}" if operand in primitive.defaults else operand
        for operand in primitive.operands
    ]
    if primitive.variadic:
        written = [f"[{primitive.operands[0]}]"]
    assert (
        primitive.signature
        == f"{primitive.name}({', '.join([*written, *(option.text for option in primitive.options)])})"
    )


def parameters(function: Function) -> list[str]:
    """Every word that may stand before an equals sign in a call."""
    return [
        *function.operands,
        *function.keywords,
        *(word for option in function.options for word in (option.name, *option.aliases)),
    ]


@pytest.mark.parametrize("function", [*PRIMITIVES.values(), *DEFINITIONS.values()], ids=lambda function: function.name)
def test_keywords_are_unique(function: Function) -> None:
    """No two arguments of a function answer to one word; each default and each other name belongs to an argument."""
    words = parameters(function)
    assert len(set(words)) == len(words)
    known = {*function.operands, *(option.name for option in function.options)}
    assert set(function.defaults) <= set(function.operands)
    assert set(function.keywords.values()) <= known


@pytest.mark.parametrize(
    ("function", "option"),
    [(function, option) for function in (*PRIMITIVES.values(), *DEFINITIONS.values()) for option in function.options],
    ids=lambda part: part.name,
)
def test_the_default_of_an_option_is_one_of_its_values(function: Function, option: Option) -> None:
    """Reading it changes nothing; what is no value is refused with words for what is wanted."""
    if option.default is not REQUIRED:
        assert option.read(option.default) == option.default
    with pytest.raises(ValueError) as wanted:  # noqa: PT011  # each option says something else
        option.read("no such word")
    assert str(wanted.value)


def test_names_are_unique_but_for_overloads() -> None:
    """A name called twice is told apart by its number of operands, and only max and min are."""
    called = Counter(
        name
        for function in (*PRIMITIVES.values(), *DEFINITIONS.values())
        for name in (function.name, *function.aliases)
    )
    assert {name for name, count in called.items() if count > 1} == {"max", "min"}
    for name in ("max", "min"):
        assert [
            len(primitive.operands)
            for primitive in sorted(overloads(name), key=lambda primitive: len(primitive.operands))
        ] == [1, 2]


def test_notations_are_unique() -> None:
    """No two operators at the same place share a symbol."""
    used = Counter((notation.place, notation.symbol) for notation in NOTATIONS.values())
    assert set(used.values()) == {1}


def test_families_hold_each_public_primitive_once() -> None:
    """The documentation's chapters are a partition of the public primitives."""
    listed = Counter(function.name for functions in FAMILIES.values() for function in functions)
    assert listed == Counter(
        function.name for function in (*PRIMITIVES.values(), *DEFINITIONS.values()) if function.public
    )
    assert all(FAMILIES.values())


def test_private_primitives_cannot_be_called() -> None:
    """What only rules use has no name in the language."""
    hidden = [primitive for primitive in PRIMITIVES.values() if not primitive.public]
    assert hidden
    assert all(primitive not in overloads(primitive.name) for primitive in hidden)
    assert not {primitive.name for primitive in hidden} & FUNCTION_NAMES


@pytest.mark.parametrize("primitive", LAWFUL, ids=lambda primitive: primitive.name)
def test_a_partial_for_each_operand(primitive: Primitive) -> None:
    """An elementwise primitive has one partial per operand, a number or a rule taking the operands and the output."""
    assert bool(primitive.partials) == (primitive.kind == "elementwise")
    for partial in primitive.partials if primitive.slopes is None else ():
        assert tuple(inspect.signature(partial).parameters) == (
            *primitive.operands,
            "out",
            *(option.name for option in primitive.options),
        )
    assert len(primitive.partials) in (0, len(primitive.operands))


@each_primitive
def test_the_backward_name_is_in_pytorchs_style(primitive: Primitive) -> None:
    """`log_softmax` would be `LogSoftmaxBackward`."""
    assert primitive.backward_name.endswith("Backward")
    assert primitive.backward_name.removesuffix("Backward").lower() == primitive.name.replace("_", "")
