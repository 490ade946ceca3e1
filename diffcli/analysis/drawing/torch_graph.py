"""The backward graph as torchviz draws it, of the same expression typed into PyTorch.

Functions that PyTorch has as one node and we write out (the losses, `exp2`, ...) are drawn as they
are written out: the picture is that of the formula, and PyTorch's of the same formula is the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from diffcli.analysis.drawing.pytorch.calls import call_of
from diffcli.analysis.drawing.pytorch.tensor import Function, Tensor, fresh, packed_strides
from diffcli.analysis.execution import executed
from diffcli.analysis.not_finite import check_finite
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import unswept
from diffcli.analysis.trace import Trace
from diffcli.primitives.shape import Shape
from diffcli.primitives.structural import constant, input

#: What PyTorch calls the result of a function where the function itself keeps it.
_RESULTS = ("result", "inverse")

TorchNodeKind = Literal["function", "accumulate", "leaf", "saved", "base", "output"]
TorchEdgeKind = Literal["gradient", "saved", "view"]


class TorchNode(NamedTuple):
    """A box. `shape` is that of a tensor, `node` the node of our graph that it stands for.

    A `base` is the tensor whose memory the output shares.
    """

    kind: TorchNodeKind
    label: str
    shape: Shape | None
    node: int | None


class TorchEdge(NamedTuple):
    """An arrow in the direction of the forward sweep, between places in the list of nodes.

    To a saved tensor it has no head; from a base to the output, which is a view of it, it is dotted.
    """

    tail: int
    head: int
    kind: TorchEdgeKind = "gradient"

    @property
    def saved(self) -> bool:
        """Whether the head is a tensor that the tail keeps."""
        return self.kind == "saved"


@dataclass(frozen=True, slots=True)
class TorchGraph(Presented):
    """The nodes of torchviz's picture, operands before functions, each before its saved tensors; and its edges."""

    nodes: tuple[TorchNode, ...]
    edges: tuple[TorchEdge, ...]


def torch_report(problem: Problem, saved: bool) -> TorchGraph:
    """PyTorch's record of a problem at its point. Raises DiffcliError if something is not finite there."""
    trace, gradient, _ = executed(problem, unswept(problem))
    check_finite(trace, gradient)
    return torch_graph(trace, problem.wrt, saved)


def torch_graph(trace: Trace, wrt: Iterable[str], saved: bool) -> TorchGraph:
    """torchviz's picture of a trace, where the variables `wrt` require a gradient.

    With `saved`, the saved tensors too.
    """
    output, node_of = _typed(trace, frozenset(wrt))
    return _Picture(node_of, saved).of(output)


def _typed(trace: Trace, wrt: frozenset[str]) -> tuple[Tensor, dict[Tensor | Function, int]]:
    """The output's tensor, and the nodes of our graph that tensors and functions stand for."""
    graph = trace.graph
    tensors: dict[int, Tensor] = {}
    node_of: dict[Tensor | Function, int] = {}
    for index in graph.needed([trace.output]):
        primitive, shape = graph.primitives[index], graph.shapes[index]
        operands = [tensors[operand] for operand in graph.operands[index]]
        name = graph.names.get(index, "") if primitive is input else None
        if name in wrt:
            tensor = Tensor(shape, packed_strides(shape), leaf=name)
        elif (
            shape == ()
            and primitive is not input
            and all(operand.number for operand in operands)
            and (operands or primitive is constant)
        ):
            tensor = Tensor((), (), number=True)
        elif not operands:
            tensor = fresh(shape)
        else:
            options = {
                option: value for option, value in graph.parameters[index] if option != "shape"
            }  # as given; the result's is known
            tensor = call_of(primitive)(operands, shape, **options)
        tensors[index] = tensor
        node_of.setdefault(tensor, index)
        _claim(tensor.function, index, node_of)
        for kept in tensor.function.saved if tensor.function else ():
            if kept.name in _RESULTS:
                node_of.setdefault(kept.tensor, index)
    return tensors[trace.output], node_of


def _claim(function: Function | None, index: int, node_of: dict[Tensor | Function, int]) -> None:
    """A node of our graph may be several functions of PyTorch's: all that no earlier node has made."""
    waiting = [function]
    while waiting:
        each = waiting.pop()
        if each is not None and each not in node_of:
            node_of[each] = index
            waiting.extend(operand.function for operand in each.operands)


class _Picture:
    """Boxes and arrows as they are found."""

    def __init__(self, node_of: dict[Tensor | Function, int], saved: bool) -> None:
        self._node_of = node_of
        self._saved = saved
        self._nodes: list[TorchNode] = []
        self._edges: list[TorchEdge] = []
        self._places: dict[Tensor | Function, int] = {}
        self._accumulators: dict[Tensor, int] = {}

    def of(self, output: Tensor) -> TorchGraph:
        """The picture of everything from the leaves to the output."""
        if output.function is not None:
            for function in _in_order(output.function):
                self._draw(function)
        base = output.base
        if base is not None and base not in self._places:
            self._tensor(base, "base" if base.leaf is None else "leaf", base.leaf or "")
            if base.function is not None:
                self._arrow(base.function, base)
        place = self._box(TorchNode("output", output.leaf or "", output.shape, self._node_of[output]))
        if output.function is not None:
            self._edges.append(TorchEdge(self._places[output.function], place))
        if base is not None:
            self._edges.append(TorchEdge(self._places[base], place, "view"))
        return TorchGraph(tuple(self._nodes), tuple(self._edges))

    def _draw(self, function: Function) -> None:
        """A function after its operands, with an arrow for each use of each, and what it keeps."""
        tails = [
            self._accumulator(operand) if operand.function is None else self._places[operand.function]
            for operand in function.operands
        ]
        place = self._places[function] = self._box(TorchNode("function", function.name, None, self._node_of[function]))
        self._edges.extend(TorchEdge(tail, place) for tail in tails)
        kept = (
            function.saved if self._saved or function.custom else ()
        )  # torchviz always draws those of a custom function
        for name, tensor in ((each.name, each.tensor) for each in kept):
            if tensor not in self._places:
                self._tensor(tensor, "saved" if tensor.leaf is None else "leaf", tensor.leaf or name)
            self._edges.append(TorchEdge(place, self._places[tensor], "saved"))

    def _accumulator(self, leaf: Tensor) -> int:
        """The place of the leaf's AccumulateGrad, drawn when it is first met."""
        if leaf not in self._accumulators:
            if leaf not in self._places:
                self._tensor(leaf, "leaf", leaf.leaf or "")
            self._accumulators[leaf] = self._box(
                TorchNode("accumulate", "AccumulateGrad", None, self._node_of.get(leaf))
            )
            self._edges.append(TorchEdge(self._places[leaf], self._accumulators[leaf]))
        return self._accumulators[leaf]

    def _tensor(self, tensor: Tensor, kind: TorchNodeKind, label: str) -> None:
        self._places[tensor] = self._box(TorchNode(kind, label, tensor.shape, self._node_of.get(tensor)))

    def _arrow(self, tail: Function, head: Tensor) -> None:
        self._edges.append(TorchEdge(self._places[tail], self._places[head]))

    def _box(self, node: TorchNode) -> int:
        self._nodes.append(node)
        return len(self._nodes) - 1


def _in_order(last: Function) -> Iterator[Function]:
    """All functions that a function reaches, operands first; no recursion, for graphs are deep."""
    done: set[Function] = set()
    waiting = [(last, False)]
    while waiting:
        function, ready = waiting.pop()
        if function in done:
            continue
        if ready:
            done.add(function)
            yield function
            continue
        waiting.append((function, True))
        waiting.extend(
            (operand.function, False) for operand in reversed(function.operands) if operand.function is not None
        )
