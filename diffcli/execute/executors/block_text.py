"""A stage's loop body as a function of a block, written out as a straight line of Python."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import Array
from diffcli.execute.executors.chain_products import is_defined
from diffcli.execute.executors.elementary import Operation
from diffcli.execute.executors.layouts import SHOWING, are_columns_better
from diffcli.execute.executors.python_text import defined
from diffcli.execute.executors.stages import PRODUCTS, Stage, Staged, work
from diffcli.primitives.shape import Shape, size

#: Multiplications that BLAS does in one thread.
_SERIAL = 1 << 18
#: The type of truths.
_TRUTH = np.dtype(bool)
#: Elementwise functions that are no ufuncs, and make arrays of their own.
_FRESH = (np.where, FLOAT64.weigh, FLOAT64.pow)


class Cut(NamedTuple):
    """An array of which a loop makes one block after the other: its shape, the axis that is cut, its elements' type.

    Blocks `in_columns` have elements next to each other that follow each other along the first axis, which is cut.
    """

    shape: Shape
    axis: int
    type: np.dtype[Any]
    in_columns: bool = False

    def within(self, length: int) -> Shape:
        """The shape of a block."""
        return (*self.shape[: self.axis], length, *self.shape[self.axis + 1 :])

    def block(self, elements: Array, length: int) -> Array:
        """A block that is stored in these elements."""
        if not self.in_columns:
            return elements.reshape(self.within(length))
        return np.moveaxis(elements.reshape((*self.shape[1:], length)), -1, 0)


class BlockFunction(NamedTuple):
    """What is computed of a block, given where it starts and stops, buffers of its length, and arrays as wholes.

    `arguments` are those arrays, also the `kept` ones, which it writes to. It returns the block's part of each result
    that is `combined`. The swift one returns None where a product of the chain rule that it took for a plain one shows:
    then the one that `by_rule` makes is to be called. `row_bytes` are those of a slice of everything that it touches;
    of more than `most_rows` BLAS would make threads of its own.
    """

    swift: Callable[..., list[Any] | None]
    by_rule: Callable[[], Callable[..., list[Any]]]
    arguments: tuple[int, ...]
    kept: Mapping[int, Cut]
    combined: Mapping[int, np.ufunc]
    buffers: tuple[Cut, ...]
    row_bytes: int
    most_rows: int


def block_function(plan: Staged, stage: Stage, shapes: Mapping[int, Shape]) -> BlockFunction:
    """The function of a stage's blocks."""
    return _Writer(plan, stage, shapes).written()


class _Writer:
    """The lines so far, and what they refer to."""

    def __init__(self, plan: Staged, stage: Stage, shapes: Mapping[int, Shape]) -> None:
        self.plan, self.stage, self.shapes = plan, stage, shapes
        self.inside = {operation.node: operation for operation in stage.blocked}
        self.arguments: dict[int, None] = {}
        self.slices: dict[str, Cut] = {}
        self.names: dict[str, Any] = {"is_defined": is_defined, "multiply": np.multiply}
        self.lines: list[tuple[str, str]] = []  # taking the chain rule's products for plain ones, and not
        self.buffers: list[Cut] = []
        self.free: dict[Cut, list[int]] = defaultdict(list)
        self.held: dict[int, int] = {}
        self.in_columns = are_columns_better(plan, stage, shapes)
        self.moved: dict[int, str] = {}  # slices from outside, in columns

    def written(self) -> BlockFunction:
        """The finished function."""
        stage = self.stage
        kept = {node: self._cut(node) for node in stage.kept}
        self.arguments.update(dict.fromkeys(stage.kept))
        last = self._last_uses()
        for place, operation in enumerate(stage.blocked):
            moved = operation.form in ("elementwise", "reduce")
            axes = self.plan.placed[operation.node].operands
            values = [self._operand(*operand, moved) for operand in zip(operation.operands, axes, strict=True)]
            for operand in last.get(place, ()):
                if operand in self.held:
                    buffer = self.held.pop(operand)
                    self.free[self.buffers[buffer]].append(buffer)
            self._compute(operation, values)
        touched = (*self.buffers, *self.slices.values(), *kept.values())
        products = [work(operation, self.shapes) for operation in stage.blocked if operation.form in PRODUCTS]
        return BlockFunction(
            self._function(swift=True),
            cache(lambda: self._function(swift=False)),
            tuple(self.arguments),
            kept,
            {node: self.plan.placed[node].combined or np.add for node in stage.partial},
            tuple(self.buffers),
            row_bytes=self.plan.type.itemsize * sum(size(cut.within(1)) for cut in touched),
            most_rows=_SERIAL * self.plan.extent // max(products, default=1),
        )

    def _cut(self, node: int) -> Cut:
        axis = self.plan.placed[node].result
        assert axis is not None, "a block has a part of it"
        return self._cut_along(node, axis)

    def _cut_along(self, node: int, axis: int) -> Cut:
        shape = self.shapes[node]
        in_columns = self.in_columns and axis == 0 and size(shape[1:]) > 1
        return Cut(shape, axis, _TRUTH if node in self.plan.truths else self.plan.type, in_columns)

    def _last_uses(self) -> dict[int, list[int]]:
        """The values that are needed no more after each operation.

        One that may be seen through others lasts as long.
        """
        last: dict[int, int] = {}
        for place, operation in reversed([*enumerate(self.stage.blocked)]):
            shown = operation.form != "reduce" and not _is_fresh(operation)
            until = last.get(operation.node, place) if shown else place
            for operand in operation.operands:
                last[operand] = max(last.get(operand, 0), until)
        found = defaultdict(list)
        for node, place in last.items():
            found[place].append(node)
        return found

    def _operand(self, node: int, axis: int | None, moved: bool) -> str:
        """A value by its name: of this loop, a whole, a slice of one, or that `moved` to where it is better."""
        if node in self.inside and self.plan.placed[node].result == axis:
            return f"v{node}"
        self.arguments[node] = None
        if axis is None:
            return f"w{node}"
        cut = self._cut_along(node, axis)
        name = self._slice(node, cut)
        if not (moved and cut.in_columns):
            return name
        if node not in self.moved:
            self.moved[node] = f"b{len(self.buffers)}"
            self.buffers.append(cut)
            self._line(f"{self.moved[node]}[...] = {name}")
        return self.moved[node]

    def _slice(self, node: int, cut: Cut) -> str:
        name = f"s{node}_{cut.axis}"
        if name not in self.slices:
            self.slices[name] = cut
            self._line(f"{name} = w{node}[{':, ' * cut.axis}start:stop]")
        return name

    def _line(self, swift: str, by_rule: str | None = None) -> None:
        self.lines.append((swift, swift if by_rule is None else by_rule))

    def _compute(self, operation: Operation, values: list[str]) -> None:
        node = operation.node
        result = f"v{node}"
        if node in self.stage.partial:
            self._line(f"{result} = {self._call(operation, values)}")
            return
        cut = self._cut(node)
        is_ufunc, is_kept = isinstance(operation.function, np.ufunc), node in self.stage.kept
        moved = cut.in_columns and operation.form not in (*SHOWING, "elementwise", "reduce")
        place = ""
        if is_kept and not cut.in_columns:
            place = self._slice(node, cut)
        elif is_ufunc or operation.either or moved:
            place = f"b{self._buffer(node, cut)}"
        if is_ufunc:
            self._line(f"{result} = {self._call(operation, [*values, f'out={place}'])}")
        else:
            call = f"{result} = {self._call(operation, values)}"
            by_rule = f"{call}; {place}[...] = {result}; {result} = {place}" if place else call
            swift = f"{result} = multiply({', '.join(values)}, out={place})" if operation.either else by_rule
            self._line(swift, by_rule)
        if is_kept and cut.in_columns:
            self._line(f"{self._slice(node, cut)}[...] = {result}")

    def _buffer(self, node: int, cut: Cut) -> int:
        free = self.free[cut]
        if not free:
            free.append(len(self.buffers))
            self.buffers.append(cut)
        self.held[node] = free[-1]
        return free.pop()

    def _call(self, operation: Operation, values: list[str]) -> str:
        if operation.form in ("broadcast_to", "reshape"):
            shape = [*map(str, operation.shape)]
            axis = self.plan.placed[operation.node].result
            assert axis is not None, "a block has a part of it"
            shape[axis] = "stop - start"
            self.names[operation.form] = getattr(np, operation.form)
            return f"{operation.form}({values[0]}, ({', '.join(shape)},))"
        self.names[f"f{operation.node}"] = operation.function
        return f"f{operation.node}({', '.join(values)})"

    def _function(self, swift: bool) -> Callable[..., Any]:
        """The text as a function; the swift one, where there are products to doubt, looks for nan in what it gives."""
        doubtful = swift and any(operation.either for operation in self.stage.blocked)
        results = [f"v{node}" for node in (*self.stage.partial, *self.stage.kept)]
        check = " and ".join(f"is_defined({result})" for result in results)
        body = [
            f"[{', '.join(f'b{place}' for place in range(len(self.buffers)))}] = buffers",
            f"[{', '.join(f'w{node}' for node in self.arguments)}] = wholes",
            *[line[0 if swift else 1] for line in self.lines],
            *([f"if not ({check}): return None"] if doubtful else ()),
            f"return [{', '.join(f'v{node}' for node in self.stage.partial)}]",
        ]
        text = "def run(start, stop, buffers, wholes):\n    " + "\n    ".join(body) + "\n"
        run: Callable[..., Any] = defined(text, "run", self.names)
        return run


def _is_fresh(operation: Operation) -> bool:
    """Whether its result is an array of its own."""
    return isinstance(operation.function, np.ufunc) or operation.function in _FRESH
