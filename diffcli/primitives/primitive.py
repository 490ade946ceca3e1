"""Primitives, and the operands that their rules work with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

from diffcli.primitives.domain import ANY, Domain, Kink
from diffcli.primitives.notation import Form, Notation
from diffcli.primitives.options import Option
from diffcli.primitives.shape import Shape

Kind = Literal["leaf", "elementwise", "linear", "other"]
ShapeRule = Callable[..., Shape]
Rule = Callable[..., Any]


class Operand(Protocol):
    """An operand as a rule sees it: the handle on a graph's node."""

    @property
    def shape(self) -> Shape:
        """The operand's shape."""

    @property
    def number(self) -> float | None:
        """The number that every element is known to be, if it is known."""

    def apply(self, primitive: "Primitive", operands: Sequence["Operand | float"], parameters: dict[str, Any]) -> "Operand":
        """Append a primitive to the operand's graph."""

    def weighed_by(self, local: "Operand | float") -> "Operand":
        """Upstream times local derivative; an upstream of 0 annihilates."""

    def sum_to(self, shape: Shape) -> "Operand":
        """The sum over the axes along which `shape` was broadcast."""

    def broadcast_to(self, shape: Shape) -> "Operand":
        """Copies that fill `shape`."""

    def reshaped(self, shape: Shape) -> "Operand":
        """The same elements in another shape."""

    def named(self, number: float, name: str) -> "Operand":
        """A constant of the graph that formulas call `name`."""

    def __neg__(self) -> "Operand": ...
    def __add__(self, other: "Operand | float") -> "Operand": ...
    def __radd__(self, other: "Operand | float") -> "Operand": ...
    def __sub__(self, other: "Operand | float") -> "Operand": ...
    def __rsub__(self, other: "Operand | float") -> "Operand": ...
    def __mul__(self, other: "Operand | float") -> "Operand": ...
    def __rmul__(self, other: "Operand | float") -> "Operand": ...
    def __truediv__(self, other: "Operand | float") -> "Operand": ...
    def __rtruediv__(self, other: "Operand | float") -> "Operand": ...
    def __pow__(self, other: "Operand | float") -> "Operand": ...


@dataclass(frozen=True, slots=True, eq=False)
class Primitive:
    """One function of the language: everything the program knows about it.

    `compute` and `formula` are either the name of a function in the arithmetic (or in SymPy), or a function whose first
    parameter is that arithmetic (or the symbolic namespace). `in_digits` computes it in a context of mpmath's (the
    first parameter), where its own function of that name does not do.

    `vjp(position, upstream, operands, out, parameters)` returns the local derivative, or None where the pull-back is
    not a multiplication, and the contribution to operand `position`. `jvp(tangents, operands, out, parameters)` returns
    the output's tangent; a tangent is None where the operand does not vary. `slopes` are the partials where all of them
    are plain numbers.

    `defaults` has the values of operands that may be left out, `keywords` other names for operands and options.
    `demand` takes the operands' values and returns what is wrong with them as data, or None: a class label without a
    class.

    Of a `selecting` primitive all operands but the first are places, by which nothing is differentiated.

    `slope_kinks` are where the slope is continuous and has no slope of its own.

    `taken` tells, for each operand, which elements the output is made of; `flat`, near which the output does not change
    with the operand. Both take the operands' values and the parameters.

    `described` says what the local derivative is where its formula would be long to read, or is a function of the
    operand's shape and the parameters that does; in it `{operand}` and `{out}` stand for the operand and the output.
    `pullback` likewise says what becomes of the upstream gradient `{g}` (`{out}` is the output). `torch` names the node
    that PyTorch records of its own such function, and the tensors that this keeps. `form` is how formulas write it
    where that is neither a call nor an operator, `read_as` what a formula calls it where only differentiation makes it;
    an `involution` is undone by itself. `example` is a command that runs; the catalogue makes one up where none is
    given.
    """

    name: str
    summary: str
    kind: Kind
    operands: tuple[str, ...]
    shape: ShapeRule
    vjp: Rule
    jvp: Rule
    compute: str | Rule
    formula: str | Rule | None
    partials: tuple[Rule, ...] = ()
    slopes: tuple[int, ...] | None = None
    aliases: tuple[str, ...] = ()
    notation: Notation | None = None
    domain: Domain = ANY
    kinks: tuple[Kink, ...] = ()
    slope_kinks: tuple[Kink, ...] = ()
    options: tuple[Option, ...] = ()
    defaults: Mapping[str, float] = field(default_factory=dict)
    keywords: Mapping[str, str] = field(default_factory=dict)
    demand: Rule | None = None
    example: str | None = None
    identity: float | None = None
    right_identity: float | None = None
    annihilator: float | None = None
    described: str | Callable[..., str] | None = None
    pullback: str | None = None
    taken: Rule | None = None
    flat: Rule | None = None
    variadic: bool = False
    selecting: bool = False
    public: bool = True
    form: Form | None = None
    read_as: str | None = None
    involution: bool = False
    in_digits: Rule | None = None
    torch: tuple[str, ...] = ()

    def __call__(self, *operands: "Operand | float", **parameters: Any) -> Operand:
        """Append this primitive to the graph that the operands belong to."""
        owner = next(operand for operand in operands if not isinstance(operand, (int, float)))
        return owner.apply(self, operands, parameters)

    def implementation(self, arithmetic: Any) -> Callable[..., Any]:
        """The function that computes this primitive in the given arithmetic."""
        if isinstance(self.compute, str):
            return cast("Callable[..., Any]", getattr(arithmetic, self.compute))
        compute = self.compute
        return lambda *values, **parameters: compute(arithmetic, *values, **parameters)

    def words(self, shape: Shape, parameters: Mapping[str, Any]) -> str | None:
        """The local derivative by an operand of this shape, in words; None where its formula says it."""
        return self.described(shape, **parameters) if callable(self.described) else self.described

    @property
    def backward_name(self) -> str:
        """The backward rule's name, as PyTorch forms it: `MulBackward`."""
        return "".join(part.capitalize() for part in self.name.split("_")) + "Backward"

    @property
    def signature(self) -> str:
        """The call as documentation writes it: `sum(x, axis=None, keepdims=False)`."""
        operands = [f"{name}={self.defaults[name]:g}" if name in self.defaults else name for name in self.operands]
        if self.variadic:
            operands = [f"[{operands[0]}]"]
        return f"{self.name}({', '.join([*operands, *(option.text for option in self.options)])})"
