"""Elementary operations, and the symbols and the recorder that find those of a function by computing it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.primitives.shape import Axes, Shape, axes_of, broadcast, kept, reduced, size

Call = Callable[..., Any]


class Operation(NamedTuple):
    """One function of the values of other operations, inputs and constants.

    `form` says how its result depends on its operands: "elementwise", "reduce" (over the `axes` of its parameters), or
    as the primitive of that name does. `truths` are True and False. `either` marks a product of the chain rule that
    may be taken for a plain one.
    """

    node: int
    form: str
    function: Call
    operands: tuple[int, ...]
    parameters: Mapping[str, Any]
    shape: Shape
    truths: bool = False
    either: bool = False


class _Inseparable(TypeError):
    """A primitive that does not come apart."""


class Symbol(NDArrayOperatorsMixin):
    """A value to come, as NumPy's functions see it: of the shape that its program gives it.

    The operation's own shape may only broadcast to that one: a number that is repeated stays a number.
    """

    def __init__(self, recorder: "Recorder", node: int, shape: Shape) -> None:
        self.recorder = recorder
        self.node = node
        self.shape = shape
        self.ndim = len(shape)

    def __getitem__(self, key: Any) -> "Symbol":
        if key != ():
            raise _Inseparable
        return self

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise _Inseparable

    def __bool__(self) -> bool:
        raise _Inseparable

    def __array_ufunc__(self, function: np.ufunc, method: str, *operands: Any, **options: Any) -> Any:
        if method != "__call__" or options or function.signature or function.nout > 1:
            raise _Inseparable
        return self.recorder.elementwise(function, operands)

    def __array_function__(self, function: Call, _: Any, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
        rule = _FUNCTIONS.get(function)
        if rule is None:
            raise _Inseparable
        return rule(self.recorder, *operands, **options)


class Recorder:
    """The operations so far, on numbers of an arithmetic; one that is there is not appended again."""

    def __init__(self, arithmetic: Arithmetic = FLOAT64) -> None:
        self.arithmetic = arithmetic
        self.operations: list[Operation] = []
        self.constants: dict[int, Any] = {}
        self.shapes: dict[int, Shape] = {}
        self._known: dict[Any, int] = {}
        self._by_node: dict[int, Operation] = {}

    def leaf(self, shape: Shape) -> Symbol:
        """A value from outside."""
        node = len(self.shapes)
        self.shapes[node] = shape
        return Symbol(self, node, shape)

    def constant(self, value: Any) -> Symbol:
        """A number, or an array of numbers; copies of one number are that number."""
        shape = np.shape(value)
        if isinstance(value, np.ndarray) and not any(value.strides):
            value = value[(0,) * value.ndim]
        if isinstance(value, np.ndarray):
            return self._with(self.arithmetic.lifted(value) if value.dtype == np.float64 else value, shape)
        number = value if isinstance(value, np.bool_) else self.arithmetic.number(value, ())
        key = (type(number), number.tobytes())
        if key not in self._known:
            self._known[key] = self._with(number, ()).node
        return Symbol(self, self._known[key], shape)

    def _with(self, value: Any, shape: Shape) -> Symbol:
        symbol = self.leaf(shape)
        self.constants[symbol.node] = value
        return symbol

    def symbol(self, value: Any) -> Symbol:
        """A symbol, or a number as one."""
        return value if isinstance(value, Symbol) else self.constant(value)

    def append(
        self, form: str, function: Call, operands: tuple[int, ...], shape: Shape, parameters: Mapping[str, Any],
        truths: bool = False, either: bool = False,
    ) -> Symbol:  # fmt: skip
        """An operation's result, of its own shape."""
        key = (form, function if form == "elementwise" else None, operands, shape, tuple(parameters.items()), either)
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = self.leaf(shape).node
            operation = Operation(node, form, function, operands, parameters, shape, truths, either)
            self.operations.append(operation)
            self._by_node[node] = operation
        return Symbol(self, node, shape)

    def filled(self, symbol: Symbol) -> int:
        """The node whose own shape is the symbol's."""
        own = self.shapes[symbol.node]
        if own == symbol.shape:
            return symbol.node
        shape = symbol.shape
        spread = partial(np.broadcast_to, shape=shape)
        return self.append("broadcast_to", spread, (symbol.node,), shape, {"shape": shape}).node

    def elementwise(self, function: Call, operands: Sequence[Any], either: bool = False) -> Symbol:
        """A function of each element; what is known of signs is used, where it changes no digit."""
        symbols = [self.symbol(operand) for operand in operands]
        shape = broadcast([symbol.shape for symbol in symbols])
        nodes = [symbol.node for symbol in symbols]
        if all(node in self.constants for node in nodes):
            return self.constant(np.broadcast_to(function(*[self.constants[node] for node in nodes]), shape))
        node = self._simplified(function, nodes, either)
        return Symbol(self, node, shape)

    def _simplified(self, function: Call, nodes: list[int], either: bool) -> int:
        within = [self._under_minus(node) for node in nodes]
        if function in (np.multiply, FLOAT64.weigh):
            for place, inner in enumerate(within):
                if inner is not None:
                    nodes[place] = inner
                    return self._simplified(np.negative, [self._simplified(function, nodes, either)], False)
            first = self.constants.get(nodes[0])
            if function is FLOAT64.weigh and isinstance(first, np.floating) and first != 0 and first - first == 0:
                function = np.multiply
            if function is np.multiply:
                nodes.sort()
        elif function in (np.negative, np.absolute) and within[0] is not None:
            if function is np.negative:
                return within[0]
            nodes = [within[0]]
        elif function in (np.add, np.subtract) and within[1] is not None:
            function = np.subtract if function is np.add else np.add
            nodes[1] = within[1]
        elif function is np.add and within[0] is not None:
            function, nodes = np.subtract, [nodes[1], within[0]]
        elif function is np.power:
            exponent = self.constants.get(nodes[1])
            if isinstance(exponent, np.floating) and exponent in (2, 3, 4):
                return self._power(nodes[0], float(exponent))
            function = FLOAT64.pow
        shape = broadcast([self.shapes[node] for node in nodes])
        truths = isinstance(function, np.ufunc) and self._makes_truths(function, nodes)
        return self.append("elementwise", function, tuple(nodes), shape, {}, truths, either).node

    def _power(self, base: int, exponent: float) -> int:
        """The second, third or fourth power as a product, which overflows and vanishes where the power does."""
        square = self._simplified(np.square, [base], False)
        if exponent == 3:
            return self._simplified(np.multiply, [square, base], False)
        return square if exponent == 2 else self._simplified(np.square, [square], False)

    def _makes_truths(self, function: np.ufunc, nodes: Sequence[int]) -> bool:
        types = [np.dtype(bool if self._is_truth(node) else float) for node in nodes]
        return function.resolve_dtypes((*types, None))[-1].kind == "b"

    def _is_truth(self, node: int) -> bool:
        operation = self._by_node.get(node)
        return operation.truths if operation else isinstance(self.constants.get(node), np.bool_)

    def _under_minus(self, node: int) -> int | None:
        """Of what a node is the negative."""
        operation = self._by_node.get(node)
        return operation.operands[0] if operation and operation.function is np.negative else None

    def reduce(self, function: np.ufunc, x: Any, axis: Axes = None, keepdims: bool = False) -> Symbol:
        """A ufunc over some axes, or all."""
        axes = axes_of(x.shape, axis)
        if not axes:
            return self.symbol(x)
        call = partial(function.reduce, axis=axes, keepdims=keepdims)
        shape = reduced((x.shape,), axes, keepdims)
        parameters = {"function": function, "axes": axes, "keepdims": keepdims}
        return self.append("reduce", call, (self.filled(x),), shape, parameters)


def _where(recorder: Recorder, condition: Any, a: Any, b: Any) -> Symbol:
    return recorder.elementwise(np.where, (condition, a, b))


def _mean(recorder: Recorder, x: Symbol, axis: Axes = None, keepdims: bool = False) -> Any:
    return recorder.reduce(np.add, x, axis, keepdims) / float(size(x.shape) // size(kept(x.shape, axis)))


def _reshape(recorder: Recorder, x: Symbol, shape: Shape | int) -> Symbol:
    count = size(x.shape)
    given = shape if isinstance(shape, tuple) else (shape,)
    known = -size(given) if -1 in given else count
    full = tuple(count // known if extent == -1 else extent for extent in given)
    if not recorder.shapes[x.node]:
        return Symbol(recorder, x.node, full)
    call = partial(np.reshape, shape=full)
    return recorder.append("reshape", call, (recorder.filled(x),), full, {"shape": full})


#: What symbols know of NumPy's functions, but for its elementwise ones.
_FUNCTIONS: Mapping[Call, Call] = {
    **{
        whole: partial(lambda function, recorder, x, **over: recorder.reduce(function, x, **over), function)
        for whole, function in ((np.sum, np.add), (np.prod, np.multiply), (np.max, np.maximum), (np.min, np.minimum))
    },
    np.mean: _mean,
    np.where: _where,
    np.reshape: _reshape,
    np.shape: lambda recorder, x: x.shape,
}
