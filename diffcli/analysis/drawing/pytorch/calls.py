"""The table: what PyTorch records of a call of each primitive.

All of it is stated, none derived from our rules: PyTorch keeps what its own formulas read, and those
differ (the derivative of tanh here is made of x, PyTorch's of the result). Where PyTorch has no such
function, the primitive is drawn as the custom autograd function that a user would write:
`CbrtBackward`, which keeps its operands.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diffcli.analysis.drawing.pytorch import matrix_products, views
from diffcli.analysis.drawing.pytorch.tensor import Saved, Tensor, by_columns, fresh, laid_like, recorded
from diffcli.primitives import (
    activations,
    arithmetic,
    arrangement,
    exponential,
    hyperbolic,
    losses,
    matrices,
    piecewise,
    reductions,
    special,
    statistics,
    structural,
)
from diffcli.primitives import trigonometric as angles
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, axes_of
from diffcli.primitives.table import PRIMITIVES

#: What a call records: of its operands, the shape of its result, and its options.
Call = Callable[..., Tensor]


def _elementwise(name: str, *kept: str) -> Call:
    """One function, which keeps those named of `self`, `other` and `result`, whichever operand has a gradient."""

    def call(operands: Sequence[Tensor], shape: Shape, **options: Any) -> Tensor:
        places = {"self": operands[0], "other": operands[-1], "result": fresh(shape)}
        return recorded(f"{name}Backward0", operands, shape, [Saved(each, places[each]) for each in kept], laid_like(operands, shape))

    return call


def _of_one(name: str, *kept: str) -> Call:
    """One function of one tensor, which keeps those named of `self` and `result`; its result is laid out afresh."""
    return _whole_or_along(name, name, *kept)


def _whole_or_along(whole: str, along: str, *kept: str) -> Call:
    """A reduction: one overload for all elements, another for axes."""

    def call(operands: Sequence[Tensor], shape: Shape, axis: Any = None, keepdims: bool = False, **options: Any) -> Tensor:
        places = {"self": operands[0], "result": fresh(shape)}
        return recorded(whole if axis is None and not keepdims else along, operands, shape, [Saved(each, places[each]) for each in kept])

    return call


def _add(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    return recorded("AddBackward0", operands, shape, strides=laid_like(operands, shape))


def _sub(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    return recorded("RsubBackward1" if operands[0].number else "SubBackward0", operands, shape, strides=laid_like(operands, shape))


def _div(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    a, b = operands
    if a.number:  # number / tensor is reciprocal(tensor) * number
        return matrix_products.multiplied((_elementwise("Reciprocal", "result")([b], shape), a), shape)
    kept = [Saved("other", b)] + ([Saved("self", a)] if b.active else [])
    return recorded("DivBackward0", operands, shape, kept, laid_like(operands, shape))


def _pow(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """The overload tells which of base and exponent is a number: the second, neither, the first."""
    base, exponent = Saved("self", operands[0]), Saved("exponent", operands[1])
    result = Saved("result", fresh(shape))
    name, kept = "PowBackward1", [base, exponent, result]
    if operands[1].number:
        name, kept = "PowBackward0", [base]
    elif operands[0].number:
        name, kept = "PowBackward2", [exponent, result]
    return recorded(name, operands, shape, kept, laid_like(operands, shape))


def _hypot(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    own = [Saved(label, operand) for label, operand in zip(("self", "other"), operands, strict=True) if operand.active]
    return recorded("HypotBackward0", operands, shape, [*own, Saved("result", fresh(shape))], laid_like(operands, shape))


def _with_a_number(name: str) -> Call:
    """A function of two tensors that has overloads for a number as the first and as the second."""

    def call(operands: Sequence[Tensor], shape: Shape) -> Tensor:
        overload = next((place for place, operand in enumerate(operands, 1) if operand.number), 0)
        kept = [Saved(label, operand) for label, operand in zip(("self", "other"), operands, strict=True) if not operand.number]
        return recorded(f"{name}Backward{overload}", operands, shape, kept, laid_like(operands, shape))

    return call


def _comparison(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """Nothing flows back from it, so PyTorch forgets where it came from."""
    return Tensor(shape, laid_like(operands, shape), boolean=True)


def _where(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    condition = operands[0] if operands[0].boolean else fresh(operands[0].shape)  # numbers are compared with 0 first
    return recorded("WhereBackward0", operands[1:], shape, [Saved("condition", condition)], laid_like(operands, shape))


def _of_numbers(primitive: Primitive, name: str, otherwise: Call | None = None) -> Call:
    """A function whose later operands PyTorch takes as numbers only."""

    def call(operands: Sequence[Tensor], shape: Shape) -> Tensor:
        if all(operand.number for operand in operands[1:]):
            return recorded(name, operands[:1], shape, [Saved("self", operands[0])], laid_like(operands, shape))
        return (otherwise or custom(primitive))(operands, shape)

    return call


def _clamp(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    labelled = zip(("self", "min", "max"), operands, strict=True)
    return recorded("ClampBackward0", operands, shape, [Saved(label, operand) for label, operand in labelled], laid_like(operands, shape))


def _joined(name: str) -> Call:
    """Several tensors copied into one."""
    return lambda operands, shape, **options: recorded(name, operands, shape)


def _log_sigmoid(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    return recorded("LogSigmoidBackward0", operands, shape, [Saved("self", operands[0]), Saved("buffer", fresh(shape))])


def _prod(operands: Sequence[Tensor], shape: Shape, axis: Any = None, keepdims: bool = False) -> Tensor:
    """PyTorch multiplies along one axis at a time."""
    x = operands[0]
    if axis is None and not keepdims:
        return recorded("ProdBackward0", [x], shape, [Saved("self", x), Saved("result", fresh(shape))])
    for place in sorted(axes_of(x.shape, axis), reverse=True):
        reduced = (*x.shape[:place], *((1,) if keepdims else ()), *x.shape[place + 1 :])
        x = recorded("ProdBackward1", [x], reduced, [Saved("self", x), Saved("result", fresh(reduced))])
    return x


def _median(operands: Sequence[Tensor], shape: Shape, axis: Any = None, keepdims: bool = False) -> Tensor:
    if axis is None and not keepdims:
        return recorded("MedianBackward0", operands, shape, [Saved("self", operands[0]), Saved("result", fresh(shape))])
    return recorded("MedianBackward1", operands, shape, [Saved("indices", fresh(shape))])


def _norm(operands: Sequence[Tensor], shape: Shape, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Tensor:
    """That of order 1 or inf of a matrix is the largest of the norms of its columns or rows."""
    x = operands[0]
    axes = axes_of(x.shape, axis)
    if ord not in (1, float("inf")) or len(axes) < 2:
        return recorded("LinalgVectorNormBackward0", [x], shape, [Saved("self", x), Saved("result", fresh(shape))])
    along = axes[0] if ord == 1 else axes[1]
    lines = (*x.shape[:along], *((1,) if keepdims else ()), *x.shape[along + 1 :])
    norms = recorded("LinalgVectorNormBackward0", [x], lines, [Saved("self", x), Saved("result", fresh(lines))])
    return recorded("AmaxBackward0", [norms], shape, [Saved("self", norms), Saved("result", fresh(shape))])


def _cumsum(operands: Sequence[Tensor], shape: Shape, axis: Any = None) -> Tensor:
    x = operands[0]
    return recorded("CumsumBackward0", [x if axis is not None or len(x.shape) == 1 else views.reshape(x, shape)], shape)


def _squeeze(operands: Sequence[Tensor], shape: Shape, axis: Any = None) -> Tensor:
    overload = 0 if axis is None else 2 if isinstance(axis, tuple) else 1
    return views.squeeze(operands[0], shape, f"SqueezeBackward{overload}")


def _expand_dims(operands: Sequence[Tensor], shape: Shape, axis: Any) -> Tensor:
    x = operands[0]
    for place in sorted(each % len(shape) for each in (axis if isinstance(axis, tuple) else (axis,))):
        x = views.unsqueeze(x, place)
    return x


def _transpose(operands: Sequence[Tensor], shape: Shape, axes: Any = None) -> Tensor:
    rank = len(shape)
    return views.permute(operands[0], reversed(range(rank)) if axes is None else [axis % rank for axis in axes])


def _swapaxes(operands: Sequence[Tensor], shape: Shape, axis1: int, axis2: int) -> Tensor:
    return views.exchange(operands[0], axis1 % len(shape), axis2 % len(shape))


def _diag(operands: Sequence[Tensor], shape: Shape, k: int = 0) -> Tensor:
    return recorded("DiagEmbedBackward0" if len(operands[0].shape) == 1 else "DiagonalBackward0_copy", operands, shape)


def _sum_to(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    summed = recorded("SumBackward1", operands, (*(1,) * (len(operands[0].shape) - len(shape)), *shape))
    return summed if summed.shape == shape else views.view(summed, shape)


def _accumulate(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    total = operands[0]
    for operand in operands[1:]:
        total = _add((total, operand), shape)
    return total


def _determinant(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    matrix = operands[0]
    return recorded("LinalgDetBackward0", [matrix], shape, [Saved("A", matrix), *_factors(matrix), Saved("result", fresh(shape))])


def _logdet(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """The logarithm of the magnitude, or nan where the sign is negative."""
    matrix = operands[0]
    magnitude = recorded("LinalgSlogdetBackward0", [matrix], shape, [Saved("A", matrix), *_factors(matrix), Saved("sign", fresh(shape))])
    return recorded("WhereBackward0", [magnitude], shape, [Saved("condition", fresh(shape))])


def _solve(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    matrix = operands[0]
    return recorded("LinalgSolveExBackward0", operands, shape, [Saved("A", matrix), *_factors(matrix), Saved("result", fresh(shape))], by_columns(shape))


def _factors(matrix: Tensor) -> list[Saved]:
    return [Saved("LU", fresh(matrix.shape)), Saved("pivots", fresh(matrix.shape[:-1]))]


def _inv(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    return recorded("LinalgInvExBackward0", operands, shape, [Saved("inverse", fresh(shape))], by_columns(shape))


def _at_target(operands: Sequence[Tensor], shape: Shape) -> Tensor:
    """Labels gather; probabilities are multiplied and added up."""
    x, target = operands
    if target.shape == x.shape:
        if len(x.shape) == 1:
            kept = [Saved("self", x), Saved("other", target)]
            return recorded("VdotBackward0", operands, shape, [each for each, other in zip(kept, (target, x), strict=True) if other.active])
        return recorded("SumBackward1", [matrix_products.multiplied(operands, x.shape)], shape)
    index = (*x.shape[:-1], 1)
    gathered = recorded("GatherBackward0", [x], index, [Saved("self", x), Saved("index", fresh(index))])
    return views.squeeze(gathered, shape, "SqueezeBackward1")


def custom(primitive: Primitive) -> Call:
    """What PyTorch has no function for: a custom autograd function that keeps its operands, which have no names then."""

    def call(operands: Sequence[Tensor], shape: Shape, **options: Any) -> Tensor:
        kept = [Saved("", operand) for operand in operands if not operand.number]
        return recorded(primitive.backward_name, operands, shape, kept, custom=True)

    return call


#: What PyTorch records of each primitive; those that are not here are custom functions.
CALLS: Mapping[Primitive, Call] = {
    **{primitive: _elementwise(*primitive.torch) for primitive in PRIMITIVES.values() if primitive.torch},
    arithmetic.add: _add, arithmetic.sub: _sub, arithmetic.mul: matrix_products.multiplied, arithmetic.div: _div, arithmetic.neg: _elementwise("Neg"),
    piecewise.less: _comparison, piecewise.less_equal: _comparison, piecewise.greater: _comparison, piecewise.greater_equal: _comparison,
    piecewise.equal: _comparison, piecewise.not_equal: _comparison, losses.one_hot: lambda operands, shape, **options: fresh(shape),
    piecewise.where: _where, piecewise.abs: _elementwise("Abs", "self"), piecewise.relu: _elementwise("Relu", "result"),
    piecewise.sign: _elementwise("Sign"), piecewise.floor: _elementwise("Floor"), piecewise.ceil: _elementwise("Ceil"),
    piecewise.minimum: _elementwise("Minimum", "self", "other"), piecewise.maximum: _elementwise("Maximum", "self", "other"),

    exponential.pow: _pow, exponential.square: _elementwise("Pow", "self"), exponential.sqrt: _elementwise("Sqrt", "result"), exponential.hypot: _hypot,
    exponential.exp: _elementwise("Exp", "result"), exponential.expm1: _elementwise("Expm1", "result"), exponential.log: _elementwise("Log", "self"),
    exponential.log2: _elementwise("Log2", "self"), exponential.log10: _elementwise("Log10", "self"), exponential.log1p: _elementwise("Log1P", "self"),
    exponential.sigmoid: _elementwise("Sigmoid", "result"), exponential.softplus: _elementwise("Softplus", "self"),
    exponential.logaddexp: _elementwise("Logaddexp", "self", "other"),

    angles.sin: _elementwise("Sin", "self"), angles.cos: _elementwise("Cos", "self"), angles.tan: _elementwise("Tan", "result"),
    angles.asin: _elementwise("Asin", "self"), angles.acos: _elementwise("Acos", "self"), angles.atan: _elementwise("Atan", "self"),
    angles.atan2: _elementwise("Atan2", "self", "other"),
    hyperbolic.sinh: _elementwise("Sinh", "self"), hyperbolic.cosh: _elementwise("Cosh", "self"), hyperbolic.tanh: _elementwise("Tanh", "result"),
    hyperbolic.asinh: _elementwise("Asinh", "self"), hyperbolic.acosh: _elementwise("Acosh", "self"), hyperbolic.atanh: _elementwise("Atanh", "self"),

    special.xlogy: _with_a_number("Xlogy"), special.xlog1py: _with_a_number("SpecialXlog1Py"),

    activations.leaky_relu: _of_numbers(activations.leaky_relu, "LeakyReluBackward0"), activations.elu: _of_numbers(activations.elu, "EluBackward0"),
    activations.silu: _elementwise("Silu", "self"), activations.gelu: _elementwise("Gelu", "self"), activations.log_sigmoid: _log_sigmoid,
    activations.hardtanh: _of_numbers(activations.hardtanh, "HardtanhBackward0", _clamp), activations.clip: _of_numbers(activations.clip, "ClampBackward1", _clamp),

    reductions.sum: _whole_or_along("SumBackward0", "SumBackward1"), reductions.mean: _whole_or_along("MeanBackward0", "MeanBackward1"), reductions.prod: _prod,
    reductions.max: _whole_or_along("MaxBackward1", "AmaxBackward0", "self", "result"),
    reductions.min: _whole_or_along("MinBackward1", "AminBackward0", "self", "result"), reductions.norm: _norm,
    statistics.var: _of_one("VarBackward0", "self"), statistics.std: _of_one("StdBackward0", "self", "result"), statistics.median: _median,
    statistics.logsumexp: _of_one("LogsumexpBackward0", "self", "result"),
    statistics.softmax: _of_one("SoftmaxBackward0", "result"), statistics.log_softmax: _of_one("LogSoftmaxBackward0", "result"),

    structural.index: lambda operands, shape, key: views.subscript(operands[0], shape, key),
    structural.gather: lambda operands, shape, key: views.subscript(operands[0], shape, key, operands[1:]), structural.stack: _joined("StackBackward0"),
    structural.reshape: lambda operands, shape, **options: views.reshape(operands[0], shape), structural.transpose: _transpose,
    structural.broadcast_to: lambda operands, shape, **options: views.expand(operands[0], shape),
    arrangement.ravel: lambda operands, shape: views.view(views.contiguous(operands[0]), shape), arrangement.expand_dims: _expand_dims,
    arrangement.squeeze: _squeeze, arrangement.swapaxes: _swapaxes, arrangement.concat: _joined("CatBackward0"), arrangement.tile: _of_one("RepeatBackward0"),
    arrangement.repeat: lambda operands, shape, repeats, axis=None: views.repeat_interleave(operands[0], shape, repeats, axis),
    arrangement.flip: _elementwise("Flip"), arrangement.roll: _of_one("RollBackward0"), arrangement.cumsum: _cumsum, arrangement.diag: _diag,
    arrangement.triu: _of_one("TriuBackward0"), arrangement.tril: _of_one("TrilBackward0"),

    matrices.matmul: matrix_products.matmul, matrices.dot: matrix_products.dot, matrices.outer: matrix_products.outer, matrices.inner: matrix_products.inner, matrices.cross: matrix_products.cross,
    matrices.trace: _of_one("TraceBackward0"), matrices.det: _determinant, matrices.logdet: _logdet, matrices.inv: _inv, matrices.solve: _solve,
    losses.at_target: _at_target,

    # what derivatives within an expression are made of
    structural.weigh: matrix_products.multiplied, structural.accumulate: _accumulate, structural.sum_to: _sum_to,
    structural.scatter: lambda operands, shape, key, **options: views.put_back(operands[0], shape, key),
    structural.scatter_add: lambda operands, shape, key, **options: views.put_back(operands[0], shape, key, operands[1:]),
}  # fmt: skip


def call_of(primitive: Primitive) -> Call:
    """What a call of the primitive records."""
    return CALLS.get(primitive) or custom(primitive)
