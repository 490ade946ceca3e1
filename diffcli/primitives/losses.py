"""Losses, with PyTorch's defaults: the mean over all elements, or over the rows of a batch."""

from collections.abc import Sequence
from typing import Any

from diffcli.messages import Message
from diffcli.primitives.declaration import with_axes_kept
from diffcli.primitives.definition import Definition
from diffcli.primitives.options import CLASSES, EXTENTS, FEATURES, REQUIRED, Option, positive
from diffcli.primitives.primitive import Operand, Primitive
from diffcli.primitives.reductions import norm as _norm
from diffcli.primitives.reductions import sum as _sum
from diffcli.primitives.shape import Shape, ShapeFault, text
from diffcli.primitives.subscripts import first_outside

_ORDER = _norm.options[0]


def _without_classes(shapes: Sequence[Shape]) -> Shape:
    x, target = shapes
    if not x or target not in (x, x[:-1]):
        labels = text(x[:-1]) if x else Message("none")
        raise ShapeFault(
            Message("shapes {first} and {second} do not fit together", first=text(x), second=text(target)), (0, 1),
            Message("the target has a label for each row (shape {labels}), or a probability for each class (shape {shape})", labels=labels, shape=text(x)),
        )
    return x[:-1]


def _unknown_label(labels: Any, classes: int) -> str | None:
    """The fault of the first label that is no class."""
    label = first_outside(labels, 0, classes)
    return None if label is None else Message("{label} is not one of {classes} classes, whose labels are 0 to {last}", label=f"{label:g}", classes=classes, last=classes - 1)


def _demand(x: Any, target: Any) -> str | None:
    return None if x.shape == target.shape else _unknown_label(target, x.shape[-1])


def _taken(x: Any, target: Any) -> Any:
    """With labels only one element of each row is looked at."""
    return (True if x.shape == target.shape else target[..., None] == [*range(x.shape[-1])]), True


def _flat(x: Any, target: Any) -> Any:
    return (False, False) if x.shape == target.shape else (~_taken(x, target)[0], True)


def _weights(x: Operand, target: Operand) -> Operand:
    return target if target.shape == x.shape else one_hot(target, classes=x.shape[-1])


def _at_target_vjp(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[Operand | None, Operand]:
    x, target = operands
    if position == 1 and target.shape != x.shape:
        return None, g.named(0.0, "").broadcast_to(target.shape)
    local = _weights(x, target) if position == 0 else x
    return local, with_axes_kept(g, x.shape, -1).weighed_by(local)


def _at_target_jvp(tangents: Sequence[Operand | None], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
    x, target = operands
    terms = []
    if tangents[0] is not None:
        terms.append(_sum(_weights(x, target) * tangents[0], axis=-1))
    if tangents[1] is not None and target.shape == x.shape:
        terms.append(_sum(x * tangents[1], axis=-1))
    total = terms[0] if terms else out.named(0.0, "").broadcast_to(out.shape)
    return total + terms[1] if len(terms) > 1 else total


def _nothing(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[None, Operand]:
    return None, g.named(0.0, "").broadcast_to(operands[0].shape)


def _still(tangents: Sequence[Operand | None], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Operand:
    return out.named(0.0, "").broadcast_to(out.shape)


one_hot = Primitive(
    "one_hot", "For each label a row that is 1 at the label's class, else 0.", "other", ("labels",), lambda shapes, classes: (*shapes[0], classes),
    _nothing, _still, lambda m, labels, classes: m.one_hot(labels, classes), "one_hot", options=(Option("classes", REQUIRED, positive, ("num_classes",)),),
    demand=_unknown_label, pullback="0", example='diffcli grad "sum(one_hot(c, 3) * x)" --at c=2 --at x=1,2,3 --wrt x',
)
at_target = Primitive(
    "at_target", "Along the last axis, the element at the target's label; or the sum weighed by the target's probabilities.", "other", ("x", "target"),
    _without_classes, _at_target_vjp, _at_target_jvp, lambda m, x, target: m.at_target(x, target), "at_target", options=(CLASSES,), demand=_demand, taken=_taken, flat=_flat,
    pullback="{g} at the target, 0 elsewhere; or {g} times the probabilities", example='diffcli grad "at_target(x, 1)" --at 1,2,3',
)

mse = Definition("mse", "Mean squared error.", ("prediction", "target"), "mean((prediction - target)^2)", aliases=("mse_loss",))
mae = Definition("mae", "Mean absolute error.", ("prediction", "target"), "mean(abs(prediction - target))", aliases=("l1_loss",), kink="a difference of 0: its slope there is 0")
huber_of = Definition("huber_of", "Huber's function of a difference.", ("r", "delta"), "where(abs(r) <= delta, r^2/2, delta*(abs(r) - delta/2))", public=False)
huber = Definition(
    "huber", "Mean of Huber's loss: a parabola near 0, straight beyond delta.", ("prediction", "target", "delta"), "mean(huber_of(prediction - target, delta))",
    defaults={"delta": 1}, aliases=("huber_loss",), described="mean(where(abs(r) <= delta, r^2/2, delta*(abs(r) - delta/2))) with r = prediction - target",
)
bce = Definition(
    "bce", "Binary cross-entropy of probabilities.", ("probability", "target"), "-mean(xlogy(target, probability) + xlog1py(1 - target, -probability))",
    aliases=("binary_cross_entropy",), domain="0 < probability < 1", example='diffcli grad "bce(p, 1)" --at 0.8',
)
bce_with_logits = Definition(
    "bce_with_logits", "Binary cross-entropy of logits, without overflow.", ("logit", "target"), "mean(target*softplus(-logit) + (1 - target)*softplus(logit))",
    aliases=("binary_cross_entropy_with_logits",), example='diffcli grad "bce_with_logits(w*x + b, y)" --at x=1,2 --at y=0,1 --at w=1 --at b=0 --wrt w,b',
)
nll = Definition(
    "nll", "Mean negative log-likelihood of the target's class.", ("log_probability", "target"), "-mean(at_target(log_probability, target, axis=\"classes\"))", described="-mean(at_target(log_probability, target))",
    example='diffcli grad "nll(log_softmax(z), 2)" --at z=1,2,3', aliases=("nll_loss",), domain="labels from 0 to the number of classes less 1, or probabilities",
)
cross_entropy = Definition(
    "cross_entropy", "nll(log_softmax(logits), target): softmax and cross-entropy, without overflow.", ("logits", "target"),
    "-mean(at_target(log_softmax(logits, axis=\"classes\"), target))", described="-mean(at_target(log_softmax(logits), target))", domain="labels from 0 to the number of classes less 1, or probabilities",
    example='diffcli grad "cross_entropy(z, 2)" --at z=1,2,3',
)
cosine_similarity = Definition(
    "cosine_similarity", "Cosine of the angle between vectors along an axis: PyTorch's dim=1, of a vector its only one.", ("a", "b"), "sum(normalize(where(1, a, b), None, axis)*normalize(where(1, b, a), None, axis), axis=axis)",
    options=(FEATURES,), domain="a and b other than 0",
)
normalize = Definition(
    "normalize", "Divided by the norm along an axis: PyTorch's dim=1, of a vector its only one.", ("x",), "x/norm(x, ord, axis=axis, keepdims=True)", options=(_ORDER, FEATURES), domain="x other than 0",
    example='diffcli grad "normalize(x)[0]" --at 3,4',
)
full = Definition(
    "full", "An array of one number.", ("value",), "value*ones(shape)", options=(EXTENTS,), order=("shape", "value"), keywords={"fill_value": "value"},
    example='diffcli grad "sum(full(3, x))" --at 2',
)
