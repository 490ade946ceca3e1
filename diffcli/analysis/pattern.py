"""Entries of a Jacobian or a Hessian that can differ from 0, whatever the values."""

from collections.abc import Mapping
from typing import NamedTuple

from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep
from diffcli.execute.arrays import Array, count_true
from diffcli.execute.sparsity import structure
from diffcli.graph.build import Built
from diffcli.primitives.shape import size


class Pattern(NamedTuple):
    """A matrix of truth values: rows by columns, a column for each element of the variables.

    `columns` tells for each variable its first column and the one after its last. Every entry
    that differs from 0 at some point is True; one that is True may still be 0 here, or everywhere
    where terms cancel.
    """

    entries: Array
    columns: Mapping[str, tuple[int, int]]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((end for _, end in self.columns.values()), default=0)

    @property
    def nonzeros(self) -> int:
        """The number of entries that can differ from 0."""
        return count_true(self.entries)


def jacobian_pattern(problem: Problem, built: Built) -> Pattern:
    """The structure of the output's elements by the variables'."""
    inputs = [built.inputs[name] for name in problem.wrt]
    return Pattern(structure(built.graph, [built.output], inputs), _columns(problem))


def hessian_pattern(problem: Problem, sweep: Sweep) -> Pattern:
    """The structure of the gradient's elements by the variables'."""
    graph, inputs = sweep.built.graph, [sweep.built.inputs[name] for name in problem.wrt]
    rows = [sweep.backward.adjoints.get(node, graph.filled(0.0, graph.shapes[node]).index) for node in inputs]
    return Pattern(structure(graph, rows, inputs), _columns(problem))


def _columns(problem: Problem) -> dict[str, tuple[int, int]]:
    found, first = {}, 0
    for name in problem.wrt:
        found[name] = first, first + size(problem.shapes[name])
        first = found[name][1]
    return found
