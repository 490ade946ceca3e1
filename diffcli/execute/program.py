"""A graph run node by node, with every value kept, on numbers of any type."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.numpy_later import np
from diffcli.graph.graph import Graph
from diffcli.primitives.structural import constant, input


def quietly() -> AbstractContextManager[None]:
    """Arithmetic in which nothing is raised or warned of: results that are not finite are results."""
    return np.errstate(all="ignore")


class Program:
    """The steps that compute `targets`: for a trace, and for what is computed once."""

    def __init__(self, graph: Graph, targets: Iterable[int], arithmetic: Arithmetic = FLOAT64) -> None:
        self.targets = targets if isinstance(targets, range) else tuple(targets)
        self.arithmetic = arithmetic
        self._size = len(graph)
        self._constants: list[tuple[int, Any]] = []
        # Nodes, their functions and operands, by column; where all nodes are needed, two of them take no memory.
        self._nodes = graph.needed(self.targets)
        self._operands: Sequence[tuple[int, ...]] = (
            graph.operands if isinstance(self._nodes, range) else [graph.operands[node] for node in self._nodes]
        )
        self._functions: list[Callable[..., Any] | None] = []  # None of what is not computed
        functions: dict[Any, Callable[..., Any]] = {}
        for node, operands in zip(self._nodes, self._operands, strict=False):
            primitive, parameters = graph.primitives[node], graph.parameters[node]
            function = None
            if operands:
                key = primitive, parameters, len(operands)
                function = functions.get(key)
                if function is None:
                    function = functions[key] = arithmetic.function(primitive, dict(parameters), len(operands))
            elif primitive is constant:
                self._constants.append((node, arithmetic.number(parameters[0][1], graph.shapes[node])))
            elif primitive is not input:
                self._constants.append((node, arithmetic.function(primitive, dict(parameters), 0)()))
            self._functions.append(function)

    def __len__(self) -> int:
        """The number of operations of a run; one on a whole array counts as one."""
        return sum(function is not None for function in self._functions)

    def _steps(self) -> Iterator[tuple[int, Callable[..., Any] | None, tuple[int, ...]]]:
        """Each node with its function, None where nothing is computed, and its operands."""
        return zip(self._nodes, self._functions, self._operands, strict=False)  # the graph may have grown

    def values(self, inputs: Mapping[int, Any]) -> list[Any]:
        """The value of every node that the targets need, by node; None elsewhere.

        Non-finite results are values like any other: nothing is raised for them.
        """
        values: list[Any] = [None] * self._size
        for node, value in self._constants:
            values[node] = value
        for node, value in inputs.items():
            values[node] = value
        with quietly():
            for node, function, operands in self._steps():
                if function is None:
                    continue
                if len(operands) == 2:
                    values[node] = function(values[operands[0]], values[operands[1]])
                elif len(operands) == 1:
                    values[node] = function(values[operands[0]])
                else:
                    values[node] = function(*[values[operand] for operand in operands])
        return (
            values
            if self.arithmetic.double
            else [value if value is None else np.asarray(value, dtype=object) for value in values]
        )

    def run(self, inputs: Mapping[int, Any]) -> list[Any]:
        """The targets' values, in their order."""
        values = self.values(inputs)
        return [values[target] for target in self.targets]
