"""The function to be made small: value, gradient and Hessian products of one problem at many points."""

import math
from collections.abc import Callable, Mapping
from functools import cached_property

from diffcli.analysis.execution import Executed, executed
from diffcli.analysis.label_checks import check_demands, demanding
from diffcli.analysis.problem import Problem
from diffcli.analysis.second_order import SecondOrder, second_targets
from diffcli.analysis.slope_kinks import slope_kinks
from diffcli.analysis.sweep import Push, Sweep, pushed, swept
from diffcli.execute.arrays import Array, zeros_like
from diffcli.execute.program import Program
from diffcli.primitives.shape import size

Point = Mapping[str, Array]

#: Seconds that a node, an element of a function and an operation of linear algebra take on a slow machine.
_NODE, _ELEMENT, _OPERATION = 1e-5, 3e-7, 2e-9


class Objective:
    """The graph and the program of a problem, built once for all points and all data of one shape."""

    def __init__(self, problem: Problem) -> None:
        """Raises DiffcliError unless the result is a single number."""
        self.problem = problem
        self.sweep: Sweep = swept(problem)
        self._output = self.sweep.built.output
        self._program = Program(self.sweep.built.graph, [self._output, *self.sweep.adjoints])
        self._nodes = self.sweep.built.inputs
        self._inputs = self.sweep.inputs(problem.values)
        self._checked = False
        self._last: tuple[Point, Executed] | None = None

    def __reduce__(self) -> tuple[type["Objective"], tuple[Problem]]:
        """As a process without a copy of it makes it anew."""
        return Objective, (self.problem,)

    def at(self, point: Point, data: Point | None = None) -> tuple[float, dict[str, Array]]:
        """Value and gradient at a point; `data` are values of other inputs, in place of the problem's own.

        The first time, raises DiffcliError where a function cannot take the data it is given.
        """
        inputs = self._inputs.copy()
        for name, value in point.items():
            inputs[self._nodes[name]] = value
        if data:
            inputs |= {self._nodes[name]: value for name, value in data.items()}
        values = self._program.values(inputs)
        if not self._checked:
            built = self.sweep.built
            check_demands(self.problem, built, Program(built.graph, demanding(built)).values(inputs))
            self._checked = True
        return float(values[self._output]), self.sweep.gradient(values, point)

    @cached_property
    def longest(self) -> float:
        """The seconds that a value with its gradient takes, at most, by an estimate from the graph."""
        graph = self.sweep.built.graph
        seconds = _NODE * len(graph)
        for primitive, operands, shape in zip(graph.primitives, graph.operands, graph.shapes, strict=True):
            sizes = [*(size(graph.shapes[operand]) for operand in operands), size(shape)]
            if primitive.kind == "elementwise" or len(sizes) != 3:
                seconds += _ELEMENT * max(sizes)
            else:  # a product of matrices takes so many
                seconds += _OPERATION * math.sqrt(math.prod(sizes))
            if primitive.kind == "other":  # equations that are solved
                seconds += 10 * _OPERATION * max(sizes) ** 1.5
        return seconds

    def product(self, point: Point, direction: Point) -> dict[str, Array]:
        """The Hessian at a point times a direction, by variable."""
        push, targets, program = self._second
        values = program.values({**self.sweep.inputs({**self.problem.values, **point}), **push.inputs(direction)})
        return {name: zeros_like(direction[name]) if node is None else values[node] for name, node in targets.items()}

    def bending(self, point: Point) -> Callable[[Point], dict[str, Array]]:
        """The product with the Hessian at one point: what does not depend on the direction is computed once."""
        push, targets, program = self._second
        here = program.fixed(self.sweep.inputs({**self.problem.values, **point}))

        def product(direction: Point) -> dict[str, Array]:
            values = here.values(push.inputs(direction))
            return {
                name: zeros_like(direction[name]) if node is None else values[node] for name, node in targets.items()
            }

        return product

    def executed(self, point: Point) -> Executed:
        """The trace at a point: what kinks and origins are read from. That of the last point is kept."""
        if self._last is None or self._last[0] is not point:
            self._last = point, executed(self.problem._replace(values={**self.problem.values, **point}), self.sweep)
        return self._last[1]

    def second_order(self, point: Point) -> SecondOrder:
        """The quadratic models at a point, which is taken as it is in double precision."""
        push, sweep = self._second[0], self._second_sweep
        stated = {name: value for name, value in self.problem.stated.items() if name not in point}
        problem = self.problem._replace(values={**self.problem.values, **point}, stated=stated)
        return SecondOrder(problem, sweep, push, self.executed(point).trace)

    def bends_at(self, point: Point) -> bool:
        """Whether the slope has a kink at a point."""
        sweep = self.sweep.apart()
        trace, _, inputs = self.executed(point)
        return bool(slope_kinks(trace._replace(graph=sweep.built.graph), sweep, inputs))

    @cached_property
    def _second_sweep(self) -> Sweep:
        """On a graph of its own: that of the traces stays as it is."""
        return self.sweep.apart()

    @cached_property
    def _second(self) -> tuple[Push, dict[str, int | None], Program]:
        """The tangents of the adjoints."""
        sweep = self._second_sweep
        push = pushed(sweep.built, sweep.wrt, max(sweep.adjoints, default=sweep.built.output))
        targets = second_targets(sweep, push)
        return push, targets, Program(sweep.built.graph, [node for node in targets.values() if node is not None])
