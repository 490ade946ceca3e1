"""What a primitive is, and the ways to declare one.

* `elementwise`: one partial derivative per operand; VJP, JVP and un-broadcasting follow.
* `linear`: one transpose per operand; the JVP is the primitive itself.
* `other`: both the VJP and the JVP are given (`reduction` derives both from one partial).

A `leaf` (an input, a constant, an array of random numbers) has no rule.

Operands are differentiated by; options (an axis, a shape) are constants of the program and reach
every rule as keyword parameters, left out where they have their default.

A rule is mathematics on operands: `lambda x, out: 1 - out * out` appends to whichever graph the
operands belong to. Nothing here computes a number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

from diffcli.primitives.domain import ANY, ANY_PAIR, Domain, Kink
from diffcli.primitives.notation import Notation
from diffcli.primitives.options import Option
from diffcli.primitives.shape import Shape, axes_of, broadcast, kept, reduced

Kind = Literal["leaf", "elementwise", "linear", "other"]
ShapeRule = Callable[..., Shape]
Rule = Callable[..., Any]


class Operand(Protocol):
    """What a rule may do with an operand: the handle on a graph's node."""

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

    `compute` and `formula` are either the name of a function in the arithmetic (or in SymPy), or
    a function whose first parameter is that arithmetic (or the symbolic namespace).

    `vjp(position, upstream, operands, out, parameters)` returns the local derivative, or None
    where the pull-back is not a multiplication, and the contribution to operand `position`.
    `jvp(tangents, operands, out, parameters)` returns the output's tangent; a tangent is None
    where the operand does not vary. `slopes` are the partials where all of them are plain numbers.

    `defaults` has the values of operands that may be left out, `keywords` other names for operands
    and options. `demand` takes the operands' values and returns what is wrong with them as data,
    or None: a class label without a class.

    `slope_kinks` are where the slope is continuous and has no slope of its own.

    `taken` tells, for each operand, which elements the output is made of; `flat`, near which the
    output does not change with the operand. Both take the operands' values and the parameters.

    `described` says what the local derivative is where its formula would be long to read, or is a
    function of the operand's shape and the parameters that does; in it `{operand}` and `{out}` stand
    for the operand and the output. `pullback` likewise says what
    becomes of the upstream gradient `{g}` (`{out}` is the output). `example` is a command that runs; the catalogue makes
    one up where none is given.
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
    public: bool = True

    def __call__(self, *operands: "Operand | float", **parameters: Any) -> Any:
        """Append this primitive to the graph that the operands belong to."""
        owner = next(operand for operand in operands if not isinstance(operand, (int, float)))
        return owner.apply(self, operands, parameters)

    def __reduce__(self) -> tuple[Callable[[str], "Primitive"], tuple[str]]:
        """Its name: rules do not cross to another process, which has the same table."""
        return _declared, (self.name,)

    def implementation(self, arithmetic: Any) -> Callable[..., Any]:
        """The function that computes this primitive in the given arithmetic."""
        if isinstance(self.compute, str):
            return cast("Callable[..., Any]", getattr(arithmetic, self.compute))
        compute = self.compute
        return lambda *values, **parameters: compute(arithmetic, *values, **parameters)

    def words(self, shape: Shape, parameters: Mapping[str, Any]) -> str | None:
        """What the local derivative by an operand of this shape is, in words; None where its formula says it."""
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


def _declared(name: str) -> Primitive:
    from diffcli.primitives.table import PRIMITIVES  # which is made of declarations

    return PRIMITIVES[name]


def leaf(name: str, summary: str, *, shape: ShapeRule | None = None, compute: str | Rule | None = None, **details: Any) -> Primitive:
    """A node without operands: an input, a constant, or (with a `shape`) an array made from options alone.

    Nothing flows further back from it.
    """

    def nothing(*_: Any) -> None:
        raise AssertionError("a leaf has no operands")

    return Primitive(
        name, summary, "leaf", (), shape or nothing, nothing, nothing, compute or name, name if shape else None,  # type: ignore[arg-type]  # never called
        public=shape is not None, **details,
    )  # fmt: skip


def elementwise(
    name: str,
    summary: str,
    *partials: Rule | int,
    operands: tuple[str, ...] = (),
    compute: str | Rule | None = None,
    formula: str | Rule | None = None,
    domain: Domain | None = None,
    **details: Any,
) -> Primitive:
    """A function of each element (of the operands broadcast together).

    A partial takes the operands and the output; the operands' names are its parameters' names. It
    may be a plain number: then `operands` names them.
    """
    slopes = [partial for partial in partials if isinstance(partial, int)]
    rules = [partial if callable(partial) else _always(partial) for partial in partials]
    names = operands or rules[0].__code__.co_varnames[: len(partials)]

    def vjp(position: int, upstream: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[Operand | float, Operand]:
        local = rules[position](*operands, out, **parameters)
        return local, upstream.weighed_by(local).sum_to(operands[position].shape)

    def jvp(tangents: Sequence[Operand | None], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
        terms = []
        for tangent, partial in zip(tangents, rules, strict=True):
            if tangent is not None:
                local = partial(*operands, out, **parameters)
                # here it is the local derivative of 0 that lets nothing pass
                term = tangent.weighed_by(local) if isinstance(local, (int, float)) else local.weighed_by(tangent)
                terms.append(term.broadcast_to(out.shape))
        return _total(terms)

    return Primitive(
        name=name,
        summary=summary,
        kind="elementwise",
        operands=names,
        shape=_broadcast if details.get("options") else broadcast,
        vjp=vjp,
        jvp=jvp,
        compute=compute or name,
        formula=formula or name,
        partials=tuple(rules),
        slopes=tuple(slopes) if len(slopes) == len(partials) else None,
        domain=domain or (ANY if len(partials) == 1 else ANY_PAIR),
        **details,
    )


def linear(
    name: str,
    summary: str,
    *transposes: Rule,
    shape: ShapeRule,
    compute: str | Rule | None = None,
    formula: str | Rule | None = None,
    multilinear: bool = False,
    operands: tuple[str, ...] = (),
    **details: Any,
) -> Primitive:
    """A function linear in its operands: jointly, or (`multilinear`) in each with the others fixed.

    A transpose takes the upstream cotangent, the operands, and the parameters as keywords; that of
    a variadic primitive also takes `position`.
    """
    variadic = details.get("variadic", False)
    names = operands or transposes[0].__code__.co_varnames[1 : transposes[0].__code__.co_argcount]

    def transpose(position: int, cotangent: Operand, operands: Sequence[Operand], parameters: dict[str, Any]) -> Operand:
        if variadic:
            return cast("Operand", transposes[0](cotangent, operands, position=position, **parameters))
        return cast("Operand", transposes[position](cotangent, *operands, **parameters))

    def vjp(position: int, upstream: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[Operand | None, Operand]:
        if out.shape != ():
            return None, transpose(position, upstream, operands, parameters)
        # One number comes out: the pull-back is a multiplication by the gradient of that number.
        local = transpose(position, upstream.named(1.0, ""), operands, parameters)
        return local, upstream.weighed_by(local)

    primitive: Primitive

    def jvp(tangents: Sequence[Operand | None], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
        if multilinear:
            return _total(
                [
                    primitive(*operands[:position], tangent, *operands[position + 1 :], **parameters)
                    for position, tangent in enumerate(tangents)
                    if tangent is not None
                ]
            )
        full = [
            out.named(0.0, "").broadcast_to(operand.shape) if tangent is None else tangent
            for operand, tangent in zip(operands, tangents, strict=True)
        ]
        return cast("Operand", primitive(*full, **parameters))

    primitive = Primitive(
        name=name,
        summary=summary,
        kind="linear",
        operands=names,
        shape=shape,
        vjp=vjp,
        jvp=jvp,
        compute=compute or name,
        formula=formula or name,
        **details,
    )
    return primitive


def reduction(
    name: str,
    summary: str,
    partial: Rule,
    *,
    total: Rule,
    shape: ShapeRule = reduced,
    compute: str | Rule | None = None,
    formula: str | Rule | None = None,
    **details: Any,
) -> Primitive:
    """A function of all elements along some axes, by its gradient `partial(x, out)`.

    The partial has x's shape; the output that it gets keeps the reduced axes with an extent of 1.
    It takes the parameters but `keepdims`. The VJP is `upstream * partial`, the JVP `total(partial
    * tangent)`.
    """

    def local(x: Operand, out: Operand, axis: Any = None, keepdims: bool = False, **parameters: Any) -> Operand:
        if axis is not None:
            parameters["axis"] = axes_of(x.shape, axis)
        return cast("Operand", partial(x, with_axes_kept(out, x.shape, axis), **parameters))

    def vjp(position: int, upstream: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[Operand, Operand]:
        x = operands[0]
        partial_derivative = local(x, out, **parameters)
        return partial_derivative, with_axes_kept(upstream, x.shape, parameters.get("axis")).weighed_by(partial_derivative)

    def jvp(tangents: Sequence[Operand | None], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
        tangent = cast("Operand", tangents[0])
        over = {key: value for key, value in parameters.items() if key in ("axis", "keepdims")}
        return cast("Operand", total(local(operands[0], out, **parameters).weighed_by(tangent), **over))

    return Primitive(
        name=name,
        summary=summary,
        kind="other",
        operands=partial.__code__.co_varnames[:1],
        shape=shape,
        vjp=vjp,
        jvp=jvp,
        compute=compute or name,
        formula=formula or name,
        **details,
    )


def with_axes_kept(reduced_value: Operand, shape: Shape, axis: int | tuple[int, ...] | None) -> Operand:
    """A reduction's result in a shape that broadcasts against its operand's."""
    if axis is None:
        return reduced_value if reduced_value.shape == () else reduced_value.reshaped((1,) * len(shape))
    return reduced_value.reshaped(kept(shape, axis))


def _broadcast(shapes: Sequence[Shape], **parameters: Any) -> Shape:
    return broadcast(shapes)


def _always(slope: int) -> Rule:
    return lambda *operands_and_out: slope


def _total(terms: Sequence[Operand]) -> Operand:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total
