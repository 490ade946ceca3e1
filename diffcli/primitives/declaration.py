"""The ways to declare a primitive.

* `elementwise`: one partial derivative per operand; VJP, JVP and un-broadcasting follow.
* `linear`: one transpose per operand; the JVP is the primitive itself.
* `other`: both the VJP and the JVP are given (`reduction` derives both from one partial).

A `leaf` (an input, a constant, an array of random numbers) has no rule.

Operands are differentiated by; options (an axis, a shape) are constants of the program and reach
every rule as keyword parameters, left out where they have their default.

A rule is mathematics on operands: `lambda x, out: 1 - out * out` appends to whichever graph the
operands belong to. Nothing here computes a number.
"""

from collections.abc import Sequence
from typing import Any, cast

from diffcli.primitives.domain import ANY, ANY_PAIR, Domain
from diffcli.primitives.primitive import Operand, Primitive, Rule, ShapeRule
from diffcli.primitives.shape import Axes, Shape, axes_of, broadcast, kept, reduced


def leaf(name: str, summary: str, *, shape: ShapeRule | None = None, compute: str | Rule | None = None, **details: Any) -> Primitive:
    """A node without operands: an input, a constant, or (with a `shape`) an array made from options alone.

    Nothing flows further back from it.
    """

    def nothing(*_: Any) -> None:
        raise AssertionError("a leaf has no operands")

    return Primitive(
        name, summary, "leaf", (), shape or nothing, nothing, nothing, compute or name, name if shape else None,  # type: ignore[arg-type]  # never called
        public=shape is not None, **details,
    )


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
    """A function linear in its operands: jointly, or (`multilinear`) in each with the others fixed, or (`selecting`) in
    the first, which the others choose elements of.

    A transpose takes the upstream cotangent, the operands, and the parameters as keywords; that of
    a variadic primitive also takes `position`.
    """
    variadic, selecting = details.get("variadic", False), details.get("selecting", False)
    names = operands or transposes[0].__code__.co_varnames[1 : transposes[0].__code__.co_argcount]

    def transpose(position: int, cotangent: Operand, operands: Sequence[Operand], parameters: dict[str, Any]) -> Operand:
        if variadic:
            return cast("Operand", transposes[0](cotangent, operands, position=position, **parameters))
        return cast("Operand", transposes[position](cotangent, *operands, **parameters))

    def vjp(position: int, upstream: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[Operand | None, Operand]:
        if selecting and position > 0:  # a place is a whole number: there is no small change of it
            return None, upstream.named(0.0, "").broadcast_to(operands[position].shape)
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
        if selecting:
            full[1:] = operands[1:]
        return primitive(*full, **parameters)

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

    def local(x: Operand, out: Operand, axis: Axes = None, keepdims: bool = False, **parameters: Any) -> Operand:
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
