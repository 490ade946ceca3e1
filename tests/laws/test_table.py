"""The table itself: names, aliases, summaries and operand names."""

import inspect
from collections import Counter

import pytest

from diffcli.primitives import planned
from diffcli.primitives.declaration import Primitive
from diffcli.primitives.table import CONSTANTS, FAMILIES, FUNCTION_NAMES, NOTATIONS, PRIMITIVES, overloads

from .samples import LAWFUL, PUBLIC

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
    assert primitive.signature == f"{primitive.name}({', '.join(primitive.operands)})"


def test_names_are_unique_but_for_overloads() -> None:
    """A name called twice is told apart by its number of operands, and only max and min are."""
    called = Counter(name for primitive in LAWFUL for name in (primitive.name, *primitive.aliases))
    assert {name for name, count in called.items() if count > 1} == {"max", "min"}
    for name in ("max", "min"):
        assert [len(primitive.operands) for primitive in sorted(overloads(name), key=lambda primitive: len(primitive.operands))] == [1, 2]


def test_notations_are_unique() -> None:
    """No two operators at the same place share a symbol."""
    used = Counter((notation.place, notation.symbol) for notation in NOTATIONS.values())
    assert set(used.values()) == {1}


def test_what_is_planned_is_not_there_yet() -> None:
    """A reserved name that has been declared leaves the list of planned ones."""
    names = {name for primitive in PUBLIC for name in (primitive.name, *primitive.aliases)}
    assert not names & planned.FUNCTIONS
    assert not names & set(planned.OPERATORS)


def test_families_hold_each_public_primitive_once() -> None:
    """The documentation's chapters are a partition of the public primitives."""
    listed = Counter(primitive.name for primitives in FAMILIES.values() for primitive in primitives)
    assert listed == Counter(primitive.name for primitive in PUBLIC)
    assert all(FAMILIES.values())


def test_private_primitives_cannot_be_called() -> None:
    """What only rules use has no name in the language."""
    hidden = [primitive for primitive in PRIMITIVES.values() if not primitive.public]
    assert hidden
    assert all(primitive not in overloads(primitive.name) for primitive in hidden)
    assert not {primitive.name for primitive in hidden} & (FUNCTION_NAMES - planned.FUNCTIONS)


@pytest.mark.parametrize("primitive", LAWFUL, ids=lambda primitive: primitive.name)
def test_a_partial_for_each_operand(primitive: Primitive) -> None:
    """An elementwise primitive has one partial per operand, a number or a rule taking the operands and the output."""
    assert bool(primitive.partials) == (primitive.kind == "elementwise")
    for partial in primitive.partials if primitive.slopes is None else ():
        assert tuple(inspect.signature(partial).parameters) == (*primitive.operands, "out")
    assert len(primitive.partials) in (0, len(primitive.operands))


@each_primitive
def test_the_backward_name_is_in_pytorchs_style(primitive: Primitive) -> None:
    """`log_softmax` would be `LogSoftmaxBackward`."""
    assert primitive.backward_name.endswith("Backward")
    assert primitive.backward_name.removesuffix("Backward").lower() == primitive.name.replace("_", "")
