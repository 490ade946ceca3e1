"""The language's functions as a PyTorch user writes them, so that an expression can be typed into PyTorch as it stands."""

# ruff: noqa: E501, PLW0108
# A row of a table is a line.

import ast
from collections.abc import Mapping
from typing import Any

import torch
from torch import linalg
from torch.nn import functional

from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_tree


def _over(function: Any) -> Any:
    """A reduction whose axes and whose `keepdims` have NumPy's names."""

    def reduce(
        x: Any, axis: Any = None, keepdims: bool = False, *, dim: Any = None, ddof: Any = None, correction: Any = None
    ) -> Any:
        axis = dim if axis is None else axis
        if function in (torch.var, torch.std):
            return function(x, dim=axis, correction=ddof or correction or 0, keepdim=keepdims)
        return function(x) if axis is None else function(x, dim=axis, keepdim=keepdims)

    return reduce


def _extreme(whole: Any, along: Any, of_two: Any) -> Any:
    def extreme(x: Any, y: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
        if y is None:
            return whole(x) if axis is None else along(x, dim=axis, keepdim=keepdims)
        return of_two(_tensor(x), _tensor(y))

    return extreme


def _tensor(value: Any) -> Any:
    return value if torch.is_tensor(value) else torch.tensor(float(value))


def _number(function: str) -> Any:
    """A function of a tensor; of a number it is a number, as `math.sqrt(2)` is."""

    def apply(x: Any) -> Any:
        return (
            getattr(torch, function)(x)
            if torch.is_tensor(x)
            else getattr(torch, function)(torch.tensor(float(x))).item()
        )

    return apply


def _along(function: Any, default: int | None) -> Any:
    def apply(x: Any, axis: Any = None, dim: Any = None) -> Any:
        axis = default if axis is None and dim is None else axis if dim is None else dim
        return function(x.flatten(), 0) if axis is None else function(x, axis)

    return apply


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if axis is None and x.ndim == 2 and ord is not None:
        return linalg.matrix_norm(x, ord)
    return linalg.vector_norm(x, 2 if ord is None else ord, dim=axis, keepdim=keepdims)


def _concat(*parts: Any, axis: int = 0) -> Any:
    return torch.cat(parts[0] if isinstance(parts[0], (list, tuple)) else parts, axis)


def array(*elements: Any) -> Any:
    """`[a, b]`: a constant where all elements are numbers, else a stack."""
    if any(torch.is_tensor(element) for element in elements):
        return torch.stack([_tensor(element) for element in elements])
    return torch.tensor([float(element) for element in elements])


def _size(extents: tuple[Any, ...]) -> Any:
    return extents[0] if isinstance(extents[0], tuple) else extents


def _median(x: Any, axis: Any = None) -> Any:
    return torch.median(x) if axis is None else torch.median(x, dim=axis).values


def _mse(prediction: Any, target: Any) -> Any:
    return torch.mean((prediction - target) ** 2)


def _mae(prediction: Any, target: Any) -> Any:
    return torch.mean(torch.abs(prediction - target))


def _huber(prediction: Any, target: Any, delta: float = 1) -> Any:
    r = prediction - target
    return torch.mean(torch.where(torch.abs(r) <= delta, r**2 / 2, delta * (torch.abs(r) - delta / 2)))


def _bce(probability: Any, target: Any) -> Any:
    return -torch.mean(torch.xlogy(target, probability) + torch.special.xlog1py(1 - target, -probability))


def _bce_with_logits(logit: Any, target: Any) -> Any:
    return torch.mean(target * functional.softplus(-logit) + (1 - target) * functional.softplus(logit))


def _at_target(x: Any, target: Any) -> Any:
    if torch.is_tensor(target) and target.shape == x.shape:
        return torch.linalg.vecdot(x, target)
    labels = torch.as_tensor(target).long()
    return torch.gather(x, -1, labels[..., None]).squeeze(-1)


def _cross_entropy(logits: Any, target: Any) -> Any:
    return -torch.mean(_at_target(torch.log_softmax(logits, -1), target))


def _normalize(x: Any, ord: Any = None, axis: int | None = None) -> Any:
    return x / _norm(x, ord, (0 if x.ndim == 1 else 1) if axis is None else axis, True)


def _cosine_similarity(a: Any, b: Any, axis: int | None = None) -> Any:
    a, b = torch.where(torch.tensor(True), a, b), torch.where(torch.tensor(True), b, a)
    return torch.sum(
        _normalize(a, None, axis) * _normalize(b, None, axis), (0 if a.ndim == 1 else 1) if axis is None else axis
    )


def _outer(a: Any, b: Any) -> Any:
    return torch.outer(a if a.ndim == 1 else a.flatten(), b if b.ndim == 1 else b.flatten())


def _dot(a: Any, b: Any) -> Any:
    if not (torch.is_tensor(a) and torch.is_tensor(b) and a.ndim and b.ndim):
        return a * b
    return torch.dot(a, b) if a.ndim == b.ndim == 1 else a @ b


def _flip(x: Any, axis: Any = None) -> Any:
    return torch.flip(x, tuple(range(x.ndim)) if axis is None else (axis,))


def _cross(a: Any, b: Any) -> Any:
    return linalg.cross(a, b.expand(a.shape) if b.ndim < a.ndim else b)


def _custom(name: str, compute: Any) -> Any:
    """An autograd function of the user's own, for what PyTorch lacks; nobody asks for its gradient here."""

    def forward(context: Any, *operands: Any) -> Any:
        context.save_for_backward(*[operand for operand in operands if torch.is_tensor(operand)])
        return compute(*operands)

    return type(name, (torch.autograd.Function,), {"forward": staticmethod(forward)}).apply


def _beta(a: Any, b: Any) -> Any:
    return torch.exp(torch.lgamma(a) + torch.lgamma(b) - torch.lgamma(a + b))


_leaky = _custom("LeakyRelu", lambda x, slope: torch.where(x > 0, x, slope * x))


def _leaky_relu(x: Any, slope: Any = 0.01, negative_slope: Any = None) -> Any:
    return _leaky(x, slope) if torch.is_tensor(slope) else functional.leaky_relu(x, negative_slope or slope)


FUNCTIONS: Mapping[str, Any] = {
    **{name: _number(name) for name in ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "expm1", "log", "log2", "log10", "log1p", "sqrt"]},
    **{name: getattr(torch, name) for name in ["arctan", "arcsinh", "square", "hypot", "relu", "sigmoid", "sign", "floor", "ceil", "erf", "erfc", "erfinv", "lgamma", "digamma", "det", "logdet", "inverse"]},
    **{name: getattr(torch, name) for name in ["xlogy", "logaddexp", "atan2", "matmul", "mm", "inner", "trace", "unsqueeze", "flatten", "ravel"]},
    **{name: getattr(torch, name) for name in ["subtract", "multiply", "divide", "negative", "absolute", "abs"]},
    "ln": torch.log, "xlog1py": torch.special.xlog1py, "polygamma": lambda x, n: torch.polygamma(x, n) if isinstance(x, int) else torch.polygamma(n, x),
    "sum": _over(torch.sum), "mean": _over(torch.mean), "average": _over(torch.mean), "prod": _over(torch.prod), "var": _over(torch.var), "std": _over(torch.std),
    "max": _extreme(torch.max, torch.amax, torch.maximum), "min": _extreme(torch.min, torch.amin, torch.minimum),
    "amax": _extreme(torch.max, torch.amax, None), "amin": _extreme(torch.min, torch.amin, None),
    "maximum": lambda x, y: torch.maximum(_tensor(x), _tensor(y)), "minimum": lambda x, y: torch.minimum(_tensor(x), _tensor(y)),
    "where": lambda condition, x, y: torch.where(condition if condition.dtype == torch.bool else condition != 0, x, y),
    "reshape": lambda x, *shape: x.reshape(_size(shape)), "permute": lambda x, *axes: x.permute(_size(axes)), "flip": _flip, "dot": _dot, "outer": _outer,
    "squeeze": lambda x, axis=None: x.squeeze() if axis is None else x.squeeze(axis),
    "diag": lambda x, k=0: torch.diag(x, k), "diagonal": lambda x, k=0: torch.diag(x, k),
    "triu": lambda x, k=0: torch.triu(x, k), "tril": lambda x, k=0: torch.tril(x, k),
    "logsumexp": lambda x, axis=None, keepdims=False: torch.logsumexp(x, tuple(range(x.ndim)) if axis is None else axis, keepdim=keepdims),
    "median": _median, "norm": _norm, "cumsum": _along(torch.cumsum, None), "softmax": _along(torch.softmax, -1), "log_softmax": _along(torch.log_softmax, -1),
    "cbrt": _custom("Cbrt", lambda x: x.sign() * x.abs() ** (1 / 3)), "gamma": _custom("Gamma", lambda x: torch.exp(torch.lgamma(x))), "beta": _custom("Beta", _beta),
    "d": lambda f, x: torch.autograd.grad(f, x, create_graph=True)[0], "leaky_relu": _leaky_relu, "elu": functional.elu, "silu": functional.silu, "swish": functional.silu, "gelu": functional.gelu, "softplus": functional.softplus,
    "log_sigmoid": functional.logsigmoid, "logsigmoid": functional.logsigmoid, "hardtanh": functional.hardtanh, "clip": lambda x, low, high: torch.clamp(x, low, high),
    "mse": _mse, "mse_loss": _mse, "mae": _mae, "l1_loss": _mae, "huber": _huber, "huber_loss": _huber, "bce": _bce, "binary_cross_entropy": _bce,
    "bce_with_logits": _bce_with_logits, "binary_cross_entropy_with_logits": _bce_with_logits, "at_target": _at_target, "cross_entropy": _cross_entropy,
    "nll": lambda x, t: -torch.mean(_at_target(x, t)), "nll_loss": lambda x, t: -torch.mean(_at_target(x, t)),
    "whole": lambda places: torch.as_tensor(places).long(), "one_hot": lambda labels, classes: functional.one_hot(labels.long(), classes).double(),
    "cosine_similarity": _cosine_similarity, "normalize": _normalize,
    "concat": _concat, "stack": lambda parts, axis=0: torch.stack(parts, axis), "tile": lambda x, *reps: x.repeat(*reps), "repeat": lambda x, n, axis=None: x.repeat_interleave(n, axis),
    "roll": lambda x, shift, axis=None: torch.roll(x, shift, axis), "expand_dims": torch.unsqueeze, "transpose": lambda x, axes: x.permute(axes), "swapaxes": torch.swapaxes,
    "broadcast_to": lambda x, *shape: x.expand(*shape), "cross": _cross, "inv": linalg.inv, "solve": linalg.solve,
    "zeros": lambda *shape: torch.zeros(_size(shape)), "ones": lambda *shape: torch.ones(_size(shape)), "eye": torch.eye,
    "full": lambda shape, value: value * torch.ones(shape), "arange": lambda *range_: torch.arange(*map(float, range_)), "linspace": torch.linspace,
    "pi": torch.pi, "e": torch.e, "tau": 2 * torch.pi, "inf": float("inf"), "array": array,
}  # fmt: skip


class _Arrays(ast.NodeTransformer):
    """Brackets around numbers are arrays, but not in an index or an argument that is a list of arrays."""

    def visit_List(self, node: ast.List) -> Any:
        self.generic_visit(node)
        return ast.copy_location(ast.Call(ast.Name("array", ast.Load()), node.elts, []), node)

    def visit_Call(self, node: ast.Call) -> Any:
        joins = isinstance(node.func, ast.Name) and node.func.id in ("concat", "stack")
        parts = (
            [self.visit(element) for element in node.args[0].elts]
            if joins and isinstance(node.args[0], ast.List)
            else None
        )
        self.generic_visit(node)
        if parts is not None:
            node.args[0] = ast.List(parts, ast.Load())
        return node

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        node.value = self.visit(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        parts = [self.visit_places(part) for part in parts]
        node.slice = ast.Tuple(parts, ast.Load()) if isinstance(node.slice, ast.Tuple) else parts[0]
        return node

    def visit_places(self, part: ast.expr) -> ast.expr:
        """A subscript; computed places and nested lists as whole numbers in a tensor."""
        named = any(isinstance(each, ast.Name) for each in ast.walk(part)) and not isinstance(part, ast.Slice)
        nested = isinstance(part, ast.List) and any(isinstance(each, ast.List) for each in part.elts)
        return ast.Call(ast.Name("whole", ast.Load()), [self.visit(part)], []) if named or nested else part


def _python(expression: str) -> str:
    """The program with every product written out, `**` for `^`, and a lambda for each function."""
    program = parse(Source(expression, "expression"))
    lines = []
    for statement in program.statements:
        if statement.kind != "param":  # its tensor is given
            body = print_tree(statement.body)
            lines.append(
                f"{statement.name} = "
                + (f"lambda {', '.join(statement.parameters)}: {body}" if statement.kind == "function" else body)
            )
    return "\n".join([*lines, print_tree(program.expression)]).replace("^", "**")


def typed(expression: str, tensors: Mapping[str, Any]) -> Any:
    """The value of an expression typed into PyTorch as it stands."""
    module = ast.parse(_python(expression))
    *statements, last = _Arrays().visit(module).body
    names = {**FUNCTIONS, **tensors}
    for statement in statements:
        exec(compile(ast.fix_missing_locations(ast.Module([statement], [])), "<expression>", "exec"), names)
    return eval(compile(ast.fix_missing_locations(ast.Expression(last.value)), "<expression>", "eval"), names)
