"""A graph made ready to run: the steps that some targets need, in order."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from copy import copy
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.graph.graph import Graph
from diffcli.primitives.structural import constant, input
from diffcli.records import Records


def quietly() -> AbstractContextManager[None]:
    """Arithmetic in which nothing is raised or warned of: results that are not finite are results."""
    return np.errstate(all="ignore")


class Step(NamedTuple):
    """A node that is computed of others."""

    node: int
    function: Callable[..., Any]
    operands: tuple[int, ...]


class Steps(Records[Step], record=Step):
    """The steps of a program, in order."""


class Program:
    """The steps that compute `targets`; run it as often as inputs change."""

    def __init__(self, graph: Graph, targets: Iterable[int], arithmetic: Arithmetic = FLOAT64) -> None:
        self.targets = targets if isinstance(targets, range) else tuple(targets)
        self.arithmetic = arithmetic
        self._size = len(graph)
        self._constants: list[tuple[int, Any]] = []
        self._steps = Steps()
        implementations: dict[Any, Callable[..., Any]] = {}
        needed = graph.needed(self.targets)
        columns = (map(column.__getitem__, needed) for column in (graph.primitives, graph.operands, graph.parameters))
        for node, primitive, operands, parameters in zip(needed, *columns, strict=True):
            if operands:
                function = implementations.get(primitive)
                if function is None:
                    function = implementations[primitive] = primitive.implementation(arithmetic)
                if parameters:
                    function = partial(function, **dict(parameters))
                if arithmetic.by_elements:
                    elementwise = primitive.kind == "elementwise"
                    function = (
                        np.frompyfunc(function, len(operands), 1) if elementwise else _then(arithmetic.lifted, function)
                    )
                self._steps.fields += (node, function, operands)
            elif primitive is constant:
                self._constants.append((node, arithmetic.number(parameters[0][1], graph.shapes[node])))
            elif primitive is not input:
                self._constants.append((node, primitive.implementation(arithmetic)(**dict(parameters))))

    def __len__(self) -> int:
        """The number of operations of a run; one on a whole array counts as one."""
        return len(self._steps)

    def fixed(self, inputs: Mapping[int, Any]) -> "Program":
        """The program with these inputs fixed: what depends on no other is computed now, once for all runs."""
        known: dict[int, Any] = {**dict(self._constants), **inputs}
        waiting = Steps()
        with quietly():
            for node, function, operands in self._steps.rows():
                if all(operand in known for operand in operands):
                    known[node] = function(*[known[operand] for operand in operands])
                else:
                    waiting.fields += (node, function, operands)
        rest = copy(self)
        rest._constants, rest._steps = list(known.items()), waiting
        return rest

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
            for node, function, operands in self._steps.rows():
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


def _then(last: Callable[[Any], Any], first: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *operands: last(first(*operands))
