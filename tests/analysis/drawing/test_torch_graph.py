"""PyTorch's backward graph, box by box and arrow by arrow as torchviz draws it."""

# ruff: noqa: E501, N803
# A row of a table is a line, and a matrix has a capital.

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffcli.analysis.drawing.pytorch.calls import CALLS, call_of
from diffcli.analysis.drawing.pytorch.tensor import Tensor, packed_strides
from diffcli.analysis.drawing.torch_graph import TorchGraph, torch_graph
from diffcli.analysis.given_values import given_bindings
from diffcli.analysis.problem import pose
from diffcli.analysis.sweep import built_graph
from diffcli.analysis.trace import Trace
from diffcli.autodiff.reverse import Gradient
from diffcli.primitives.table import PRIMITIVES
from diffcli.source import Source

torch = pytest.importorskip("torch", reason="PyTorch is not installed: nothing to compare with")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports distutils
    torchviz = pytest.importorskip("torchviz", reason="torchviz is not installed: nothing to compare with")

from laws.cases import CASES  # noqa: E402  # after what may be missing
from reference.rows import Row  # noqa: E402  # it imports torch
from reference.test_pytorch import ROWS  # noqa: E402

from .in_torch import typed  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:distutils Version classes are deprecated:DeprecationWarning")

EXAMPLES = Path(__file__).parents[3] / "examples"

#: The property of a test's report that holds an expression drawn as torchviz draws it.
DRAWN = "drawn as torchviz draws it"

_STEP = "PyTorch has no slices with a negative step; here the axis is flipped first"
_OWN = "a derivative within the expression: PyTorch multiplies by every factor of the chain, we leave out those that are 1 and merge numbers"
_RULE = "a derivative within the expression: PyTorch has a formula of its own for it, as one node or several"
_NONE = "PyTorch raises for a derivative by what the expression does not depend on; it is 0 here"

#: The rows that are drawn in another way, and why.
OTHERWISE: Mapping[str, str] = {
    "sum(x[::-1]*x)": _STEP,
    "sum(x[3:0:-2]*[1, 2])": _STEP,
    "d(x^3, x)": _OWN,
    "d(sin(x)*y, x)": _OWN,
    "d(sin(x)*y, y)": _OWN,
    "d(d(x^4, x), x)": _OWN,
    "d(d(d(exp(2x), x), x), x)": _OWN,
    "sum(d(sum(x^3), x))": _OWN,
    "norm(d(log(sum(exp(x))), x))^2": _RULE,
    "d(x @ A @ x, x) @ v": _RULE,
    "g = d(mean((w*x - y)^2), w); (w - 0.1*g)^2": _RULE,
    "f(t) = tanh(t); d(f(x), x)*f(x)": _RULE,
    "f(t) = t^3; df(t) = d(f(t), t); df(x)": _OWN,
    "d(x*y, x) + d(x*y, y)": _OWN,
    "d(d(x^2*y^3, x), y)": _OWN,
    "u = x^2; d(u*x, x)": _OWN,
    "u = sin(x); d(u^2, u)": _OWN,
    "sum(d(softmax(x)[0], x)*v)": _RULE,
    "sum(d(logdet(A.T @ A + eye(2)), A)*B)": _RULE,
    "sum(d(sum(inv(A + 2*eye(2))), A)*B)": _RULE,
    "sum(d(det(A), A)*B)": _RULE,
    "sum(d(cross_entropy(z, 1), z)*v)": _RULE,
    "d(gelu(x), x)": _RULE,
    "d(lgamma(x), x) - digamma(x + 1)": _OWN,
    "d(prod(x), x)[0]": _RULE,
    "d(norm(x), x) @ v": _RULE,
    "d(std(x), x) @ v": _RULE,
    "d(sum(relu(x)^2), x) @ v": _RULE,
    "d(y^2, x) + x": _NONE,
}


@pytest.fixture(autouse=True)
def _double_precision() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


#: How many boxes and arrows of each kind there are. A tensor is told by its shape, an arrow by its ends.
Picture = tuple[Counter[str], Counter[tuple[str, str, str]]]


def theirs(output: Any, saved: bool) -> Picture:
    """torchviz's picture, read from its DOT text. An arrow without a head is from the function to what it keeps."""
    boxes: dict[str, str] = {}
    arrows: list[tuple[str, str, str]] = []
    for line in torchviz.make_dot(output, show_saved=saved).body:
        if found := re.fullmatch(r"\s*(\d+) -> (\d+)(?: \[(?:dir|style)=(\w+)\])?\s*", line):
            arrows.append((found[1], found[2], {None: "gradient", "none": "saved", "dotted": "view"}[found[3]]))
        else:
            found = re.fullmatch(r'\s*(\d+) \[label="?(?:[^"]*\n )?([^"]*?)"?(?: fillcolor=(\w+))?\]\s*', line)
            assert found
            boxes[found[1]] = f"output {found[2]}" if found[3] == "darkolivegreen1" else found[2]
    named = ((boxes[tail], boxes[head], kind) for tail, head, kind in arrows)
    return Counter(boxes.values()), Counter(
        (head, tail, kind) if kind == "saved" and tail.startswith("(") else (tail, head, kind)
        for tail, head, kind in named
    )


def ours(graph: TorchGraph) -> Picture:
    """Our picture in the same words."""
    boxes = [
        node.label if node.shape is None else "output " * (node.kind == "output") + _shape(node.shape)
        for node in graph.nodes
    ]
    return Counter(boxes), Counter((boxes[edge.tail], boxes[edge.head], edge.kind) for edge in graph.edges)


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))})"


def traced(expression: str, values: Mapping[str, Any]) -> Trace:
    """The graph alone: nothing is executed, for nothing that is drawn depends on the values."""
    problem = pose(Source(expression), given_bindings(values))
    built = built_graph(problem)
    return Trace(problem.source, built.graph, built.output, Gradient({}, ()), ())


def tensors(values: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: torch.tensor(value, requires_grad=True) for name, value in values.items()} | {
        name: torch.tensor(value) for name, value in data.items()
    }


def both(trace: Trace, wrt: Mapping[str, Any]) -> list[Picture]:
    """Our pictures without saved tensors and with them."""
    return [ours(torch_graph(trace, wrt, saved)) for saved in (False, True)]


def both_of_theirs(output: Any) -> list[Picture]:
    """torchviz's pictures without saved tensors and with them."""
    return [theirs(output, saved) for saved in (False, True)]


@pytest.mark.parametrize(
    "row",
    ROWS,
    ids=[f"{number}: {row.expression.encode('unicode_escape').decode()}" for number, row in enumerate(ROWS, 1)],
)
def test_as_torchviz_draws_it(row: Row, record_property: Callable[[str, object], None]) -> None:
    """The expression typed into PyTorch as it stands: the same boxes and arrows; or not the same, and the list says why."""
    values = row.values()
    trace = traced(row.expression, {**values, **row.data})
    reason = OTHERWISE.get(row.expression)
    if reason in (_STEP, _NONE):
        with pytest.raises(
            (ValueError, RuntimeError), match=r"step must be greater than zero|appears to not have been used"
        ):
            typed(row.expression, tensors(values, row.data))
        return
    alike = both(trace, values) == both_of_theirs(typed(row.expression, tensors(values, row.data)))
    assert alike is (reason is None)
    if alike:
        record_property(DRAWN, row.expression)


def test_the_list_of_differences_has_no_others() -> None:
    """Each is a row, and nine in ten rows are not in it: all that are not derivatives of derivatives but two."""
    assert set(OTHERWISE) <= {row.expression for row in ROWS}
    assert sum(row.expression not in OTHERWISE for row in ROWS) >= 0.9 * len(ROWS)
    assert [expression for expression in OTHERWISE if "d(" not in expression] == [
        "sum(x[::-1]*x)",
        "sum(x[3:0:-2]*[1, 2])",
    ]


VECTOR, NUMBER, MATRIX = [0.3, 0.5, 0.7], 0.6, [[0.9, 0.2], [0.1, 0.8]]
X, A, B = {"x": VECTOR}, {"A": MATRIX}, {"B": [[1.0, 2.0], [3.0, 4.0]]}
BATCH = [[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6], [0.7, 0.8]], [[0.9, 1.0], [1.1, 1.2]]]


@pytest.mark.parametrize(
    ("expression", "values", "data", "reference"),
    [
        ("mean(x*x)", X, {}, lambda x: (x * x).mean()),
        ("x*x", {"x": 3.0}, {}, lambda x: x * x),
        ("h = sin(x); sum(h*h + h)", X, {}, lambda x: (lambda h: (h * h + h).sum())(x.sin())),
        ("x", {"x": 3.0}, {}, lambda x: x),
        ("x[0]", X, {}, lambda x: x[0]),
        ("exp(x)[1]", X, {}, lambda x: x.exp()[1]),
        ("exp(A).T", A, {}, lambda A: A.exp().T),
        ("ravel(x)", {}, X, lambda x: x.ravel()),
        ("sum(x)", {}, X, lambda x: x.sum()),
        ("x[0][None][0]", X, {}, lambda x: x[0][None][0]),
        ("1/(1 + exp(-(w*x + b)))", {"w": 0.5, "b": -1.0}, {"x": 2.0}, lambda w, b, x: 1 / (1 + torch.exp(-(w * x + b)))),
        ("sum(x[::-1]*x)", X, {}, lambda x: (x.flip(0) * x).sum()),
        ("sum(x[2:0:-1]*[1, 2])", X, {}, lambda x: (x.flip(0)[0:2] * torch.tensor([1.0, 2.0])).sum()),
        ("sum(exp2(x) + rsqrt(x) + reciprocal(x) + mish(x))", X, {}, lambda x: (
            2**x + 1 / torch.sqrt(x) + 1 / x + x * torch.tanh(torch.nn.functional.softplus(x))).sum()),
        ("sum(reshape(A.T, 4)*[1, 2, 3, 4])", A, {}, lambda A: (A.T.reshape(4) * torch.tensor([1.0, 2.0, 3.0, 4.0])).sum()),
        ("sum(reshape(A.T, 2, 1, 2)*B)", A, B, lambda A, B: (A.T.reshape(2, 1, 2) * B).sum()),
        ("sum(ravel(A.T*B))", A, B, lambda A, B: (A.T * B).ravel().sum()),
        ("sum(ravel(B*A.T))", A, B, lambda A, B: (B * A.T).ravel().sum()),
        ("sum(A @ T)", A, {"T": BATCH}, lambda A, T: (A @ T).sum()),
        ("sum(A @ T)", {"T": BATCH}, A, lambda A, T: (A @ T).sum()),
        ("sum(T @ A)", {"T": BATCH}, A, lambda A, T: (T @ A).sum()),
        ("sum(T @ A)", {"A": MATRIX, "T": BATCH}, {}, lambda A, T: (T @ A).sum()),
        ("sum(x @ T)", {"T": BATCH}, {"x": [1.0, 2.0]}, lambda x, T: (x @ T).sum()),
        ("sum(x @ T)", {"x": [1.0, 2.0]}, {"T": BATCH}, lambda x, T: (x @ T).sum()),
        ("sum(T @ U)", {"T": BATCH, "U": [MATRIX]}, {}, lambda T, U: (T @ U).sum()),
        ("sum(T @ U)", {"T": BATCH}, {"U": [MATRIX]}, lambda T, U: (T @ U).sum()),
        ("sum(inner(A, A) + inner(A, A.T))", A, {}, lambda A: (torch.inner(A, A) + torch.inner(A, A.T)).sum()),
        ("inner(x, x)*inner(x, 2)[0]", X, {}, lambda x: torch.inner(x, x) * (x * 2)[0]),
        ("sum(repeat(A, 2) + tile(x, 4)[:8])", {"A": MATRIX, "x": [1.0, 2.0]}, {}, lambda A, x: (A.repeat_interleave(2) + x.repeat(4)[:8]).sum()),
        ("sum(A[:, :]*A[None, 0]*A[[0, 1]])", A, {}, lambda A: (A[:, :] * A[None, 0] * A[[0, 1]]).sum()),
        ("sum(prod(T, axis=(0, 2)))", {"T": BATCH}, {}, lambda T: T.prod(2).prod(0).sum()),
        ("sum(xlogy(2, x) + xlogy(x, 2) + xlog1py(x, 2) + hypot(x, y))", X, {"y": NUMBER}, lambda x, y: (
            torch.xlogy(2, x) + torch.xlogy(x, 2) + torch.special.xlog1py(x, 2) + torch.hypot(x, y)).sum()),
        ("sum(squeeze(expand_dims(x, (0, 2)), (0, 2)))", X, {}, lambda x: x.unsqueeze(0).unsqueeze(2).squeeze((0, 2)).sum()),
        ("sum(cross(a, T))", {"T": [VECTOR, VECTOR]}, {"a": VECTOR}, lambda a, T: torch.linalg.cross(a.expand(2, 3), T).sum()),
        ("c = x > 0.4; sum(where(c, x, 2) + where(y, x, y*x) + where(c, 1, x) + y*x)", X, {"y": VECTOR}, lambda x, y: (lambda c: (
            torch.where(c, x, 2) + torch.where(y != 0, x, y * x) + torch.where(c, 1, x) + y * x).sum())(x > 0.4)),
        ("sum(2*x + y*0)", {"y": NUMBER}, X, lambda x, y: (2 * x + y * 0).sum()),
    ],
)  # fmt: skip
def test_next_to_a_formula_in_pytorch(
    expression: str, values: Mapping[str, Any], data: Mapping[str, Any], reference: Any
) -> None:
    """Shared nodes, views, copies, batches, numbers among tensors: written by hand in PyTorch."""
    assert both(traced(expression, {**values, **data}), values) == both_of_theirs(reference(**tensors(values, data)))


def test_the_network_that_learns_the_exclusive_or() -> None:
    """The example against a model of modules' parameters; the loss is written out, as ours is."""
    names = {"W1": (2, 4), "b1": (4,), "W2": (4,), "b2": ()}
    parameters = {name: torch.nn.Parameter(torch.rand(shape)) for name, shape in names.items()}
    inputs, target = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), torch.tensor([0.0, 1.0, 1.0, 0.0])
    hidden = torch.tanh(inputs @ parameters["W1"] + parameters["b1"])
    logit = hidden @ parameters["W2"] + parameters["b2"]
    softplus = torch.nn.functional.softplus
    loss = torch.mean(target * softplus(-logit) + (1 - target) * softplus(logit))
    trace = traced((EXAMPLES / "xor.expr").read_text(encoding="utf-8"), {})
    assert both(trace, names) == both_of_theirs(loss)
    assert [(boxes.total(), arrows.total()) for boxes, arrows in both(trace, names)] == [(21, 21), (28, 29)]


#: Expressions of each shape, by the shapes of what they are made of: numbers, vectors of three, matrices, batches of two matrices.
VARIABLES = {"v": ("x", "y"), "m": ("A", "B"), "s": ("s", "t", "2", "0.5"), "b": ("C", "D")}
PATTERNS = {
    "v": "-{v}|{v} + {v}|{v}*{v}|{s}*{v}|{v}/{s}|1/({v})|1 - {v}|sin({v})|exp({v})|relu({v})|tanh({v})|({v})^2|{m} @ ({v})|({v}) @ {m}|({m})[1]|({m})[:, 0]|sum({m}, axis=0)|"
         "max({v}, 0.3)|where({v} > 0, {v}, {v})|softmax({v})|cumsum({v})|({v})[[2, 0, 1]]|diag({m})|concat([({v})[1:], ({v})[:1]])",
    "m": "{m}*{m}|{m} @ ({m})|({m}).T|{s} - {m}|sqrt({m})|outer({v}, {v})|({v})[:, None]*{v}|reshape(({m}).T, 3, 3)|stack([{v}, {v}, {v}])|triu({m})|reshape(ravel({m}), 3, 3)|{m} + {v}|"
         "({b})[1]|({b})[:, 0, :][[0, 1, 1]]|mean({b}, axis=0)|solve({m} + 2*eye(3), {m})|inv({m} + 2*eye(3))|swapaxes({m}, 0, 1)|clip({m}, -1, 1)|{m}/norm({m}, axis=1, keepdims=True)",
    "b": "{b} @ ({m})|{m} @ ({b})|{b} @ ({b})|{b}*{v}|transpose({b}, (0, 2, 1))|stack([{m}, {m}])|reshape({b}, 2, 3, 3)|broadcast_to({m}, 2, 3, 3)|cos({b})|({b})[::1, :2][:, [0, 1, 1]]|"
         "reshape(transpose({b}, (1, 0, 2)), 2, 3, 3)|({b})[0][None]*({b})|tile(({b})[:1], 2, 1, 1)",
    "s": "sum({v})|mean({m})|({v}) @ ({v})|({v})[0]|({m})[1, 2]|{s}*{s}|{s} + {s}|sum(({b}) @ ({v}))|sum(({v}) @ ({b}))|sum(ravel({b}))|norm({v})|max({m})|norm({m}, 1)|det({m})|({s})^2|2^({s})|logsumexp({v})|var({v})",
}  # fmt: skip


def expressions(kind: str = "s", depth: int = 4) -> st.SearchStrategy[str]:
    """Expressions of a shape, every operand in brackets where it needs them."""
    variables = st.sampled_from(VARIABLES[kind])
    if depth == 0:
        return variables

    def filled(pattern: str) -> st.SearchStrategy[str]:
        kinds = re.findall(r"\{(\w)\}", pattern)
        parts = st.tuples(*(expressions(each, depth - 1).map("({})".format) for each in kinds))
        return parts.map(lambda found: re.sub(r"\{\w\}", "{}", pattern).format(*found))

    return variables | st.sampled_from(PATTERNS[kind].split("|")).flatmap(filled)


@settings(max_examples=60, deadline=None)
@given(
    expressions().filter(lambda text: re.search(r"\b[xyABCDst]\b", text)),
    st.sets(st.sampled_from(["x", "A", "s", "C"])),
)
def test_any_expression(expression: str, fixed: set[str]) -> None:
    """With some of the variables given as data."""
    values = {
        "x": np.array([0.3, 0.5, 0.7]),
        "y": np.array([0.2, 0.4, 0.9]),
        "A": np.linspace(0.1, 0.9, 9).reshape(3, 3),
        "B": np.linspace(0.2, 1.8, 9).reshape(3, 3),
    }
    values |= {
        "s": np.array(0.4),
        "t": np.array(0.8),
        "C": np.linspace(0.1, 1.7, 18).reshape(2, 3, 3),
        "D": np.linspace(0.3, 1.2, 18).reshape(2, 3, 3),
    }
    used = {name: value for name, value in values.items() if re.search(rf"\b{name}\b", expression)}
    free = {name: value for name, value in used.items() if name not in fixed} or used
    data = {name: value for name, value in used.items() if name not in free}
    assert both(traced(expression, used), free) == both_of_theirs(typed(expression, tensors(free, data)))


def test_what_pytorch_has_no_function_for() -> None:
    """Only these are drawn as a user's own functions; the table has no primitive that cannot be in an expression."""
    public = {primitive for primitive in PRIMITIVES.values() if primitive.public and primitive.kind != "leaf"}
    assert {primitive.name for primitive in public - set(CALLS)} == {"cbrt", "gamma", "beta"}
    assert {primitive.name for primitive in set(CALLS) - public} == {
        "index",
        "gather",
        "weigh",
        "accumulate",
        "sum_to",
        "scatter",
        "scatter_add",
    }


DISTINCT = {(case.primitive.name, case.shapes, repr(case.parameters)): case for case in CASES}


def test_every_call_has_the_primitives_shape() -> None:
    """However many functions PyTorch makes of it; and the leaves are those that the call was given."""
    for case in DISTINCT.values():
        operands = [Tensor(shape, packed_strides(shape), leaf=str(place)) for place, shape in enumerate(case.shapes)]
        shape = case.primitive.shape(case.shapes, **case.parameters)
        options = {name: value for name, value in case.parameters.items() if name != "shape"}
        result = call_of(case.primitive)(operands, shape, **options)
        assert (result.shape, len(result.strides)) == (shape, len(shape)), case.name
        assert _leaves(result) <= set(operands), case.name


def _leaves(tensor: Tensor) -> set[Tensor]:
    return (
        {tensor} if tensor.leaf else set().union(*map(_leaves, tensor.function.operands)) if tensor.function else set()
    )


def test_what_a_picture_says_of_our_graph() -> None:
    """Operands stand before what uses them; each box knows its node; what is not to be differentiated by appears as a saved tensor only."""
    trace = traced("h = w*x + b; mean(sigmoid(h)*h)", {"w": 0.5, "x": VECTOR, "b": -1.0})
    plain, full = (torch_graph(trace, ["w", "b"], saved) for saved in (False, True))
    assert [(node.kind, node.label, node.shape, node.node) for node in plain.nodes] == [
        ("leaf", "w", (), 0),
        ("accumulate", "AccumulateGrad", None, 0),
        ("function", "MulBackward0", None, 2),
        ("leaf", "b", (), 3),
        ("accumulate", "AccumulateGrad", None, 3),
        ("function", "AddBackward0", None, 4),
        ("function", "SigmoidBackward0", None, 5),
        ("function", "MulBackward0", None, 6),
        ("function", "MeanBackward0", None, 7),
        ("output", "", (), 7),
    ]
    assert [(node.label, node.shape, node.node) for node in full.nodes if node.kind == "saved"] == [
        ("other", (3,), 1),
        ("result", (3,), 5),
        ("self", (3,), 5),
        ("other", (3,), 4),
    ]
    assert {edge.kind for edge in full.edges} == {"gradient", "saved"}
    for graph in (plain, full):
        assert all(edge.tail < edge.head for edge in graph.edges)
        assert {place for edge in graph.edges for place in edge[:2]} == set(range(len(graph.nodes)))
    assert [(full.nodes[edge.tail].label, full.nodes[edge.head].label) for edge in full.edges if not edge.saved] == [
        (plain.nodes[edge.tail].label, plain.nodes[edge.head].label) for edge in plain.edges
    ]


def test_depth_is_limited_by_memory_alone() -> None:
    """Thirty thousand operations one after the other."""
    graph = torch_graph(traced("x" + " + sin(x)" * 15_000, {"x": 1.0}), ["x"], saved=True)
    assert Counter(node.kind for node in graph.nodes) == {"function": 30_000, "leaf": 1, "accumulate": 1, "output": 1}
    assert len(graph.edges) == 1 + 15_000 * 4 + 1
