"""The function to be made small: value, gradient and Hessian products of one problem at many points."""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from diffcli.analysis.execution import Executed, executed
from diffcli.analysis.label_checks import check_demands, demanding
from diffcli.analysis.plan import Staged, plan_for, staged
from diffcli.analysis.prepared import is_large
from diffcli.analysis.problem import Problem
from diffcli.analysis.recipe import bending
from diffcli.analysis.second_order import Expansion, SecondOrder
from diffcli.analysis.slope_kinks import slope_kinks
from diffcli.analysis.sweep import Push, Sweep, meets_kinks, pushed, swept
from diffcli.analysis.swift import Swift, swift
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import Array, decimal, doubles, zeros_like
from diffcli.execute.executors.choice import Plan
from diffcli.execute.executors.effort import is_product
from diffcli.execute.program import Program
from diffcli.execute.schedule import Schedule, scheduled
from diffcli.primitives.shape import size

Point = Mapping[str, Array]

#: Seconds that a node, an element of a function and an operation of linear algebra take on a slow machine.
_NODE, _ELEMENT, _OPERATION = 1e-5, 3e-7, 2e-9


class Objective:
    """The graph of a problem with its gradient, built once for all points and all data of one shape."""

    def __init__(self, problem: Problem) -> None:
        """Raises DiffcliError unless the result is a single number."""
        self.problem = problem
        self.sweep: Sweep = swept(problem)
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._checked = False
        self._last: tuple[Point, Executed] | None = None

    def __reduce__(self) -> tuple[type["Objective"], tuple[Problem]]:
        """As a process without a copy of it makes it anew."""
        return Objective, (self.problem,)

    def at(self, point: Point, data: Point | None = None) -> tuple[float, dict[str, Array]]:
        """Value and gradient at a point; `data` are values of other inputs, in place of the problem's own.

        A value in single precision is the shortest decimal that means it. The first time, raises DiffcliError where a
        function cannot take the data it is given.
        """
        data = data or {}
        if not self._checked:
            self._check({**self.problem.values, **point, **data})
        lifted = self.problem.arithmetic.lifted
        given = [*[lifted(point[name]) for name in self.sweep.wrt], *data.values()]
        value, *slopes = self.plan(tuple(data)).runner(given)
        gradient = dict(zip(self.moving, slopes, strict=True))
        if len(gradient) < len(self.sweep.wrt):
            gradient = {name: gradient.get(name, zeros_like(point[name])) for name in self.sweep.wrt}
        return float(decimal(value)), gradient

    def plan(self, data: tuple[str, ...] = ()) -> Plan:
        """The way in which value and gradient are computed, for data that change."""
        found = self._plans.get(data)
        if found is None:
            found = self._plans[data] = plan_for(self.problem, self.schedule(data))
        return found

    @cached_property
    def moving(self) -> tuple[str, ...]:
        """The variables that the value depends on."""
        adjoints = self.sweep.backward.adjoints
        return tuple(name for name in self.sweep.wrt if self.sweep.built.inputs[name] in adjoints)

    def schedule(self, data: Iterable[str] = ()) -> Schedule:
        """Value and gradient by the variables that move, of all variables of interest and of data that change; what
        depends on neither is computed now.
        """
        built = self.sweep.built
        varying = (*self.sweep.wrt, *data)
        inputs = [built.inputs[name] for name in varying]
        targets = [built.output, *self.sweep.adjoints]
        return scheduled(built.graph, targets, inputs, self._fixed(varying), self.problem.arithmetic)

    def _fixed(self, varying: tuple[str, ...]) -> dict[int, Array]:
        """The values of the other inputs."""
        inputs = self.sweep.built.inputs
        return {node: self.problem.values[name] for name, node in inputs.items() if name not in varying}

    def _check(self, values: Point) -> None:
        built = self.sweep.built
        demands = demanding(built)
        if demands:
            found = Program(built.graph, demands, self.problem.arithmetic).values(self.sweep.inputs(values))
            check_demands(self.problem, built, found.__getitem__)
        self._checked = True

    @cached_property
    def longest(self) -> float:
        """The seconds that a value with its gradient takes, at most, by an estimate from the graph."""
        graph = self.sweep.built.graph
        seconds = _NODE * len(graph)
        for primitive, operands, shape in zip(graph.primitives, graph.operands, graph.shapes, strict=True):
            sizes = [*(size(graph.shapes[operand]) for operand in operands), size(shape)]
            if is_product(primitive, sizes):
                seconds += _OPERATION * math.sqrt(math.prod(sizes))
            else:
                seconds += _ELEMENT * max(sizes)
            if primitive.kind == "other":  # equations that are solved
                seconds += 10 * _OPERATION * max(sizes) ** 1.5
        return seconds

    def product(self, point: Point, direction: Point) -> dict[str, Array]:
        """The Hessian at a point times a direction, by variable, in double precision."""
        return self.bending(point)(direction)

    def bending(self, point: Point) -> Callable[[Point], dict[str, Array]]:
        """The product with the Hessian at one point: what does not depend on the direction is computed once."""
        recipe, run = (
            bending(self._second_sweep, self._push),
            self._bending.at([self._double(point[name]) for name in self.sweep.wrt]),
        )
        return lambda direction: recipe.by_variable(run([direction[name] for name in self.sweep.wrt]), self.problem)

    def _double(self, value: Array) -> Array:
        return value if self.problem.arithmetic is FLOAT64 else doubles(value)

    def executed(self, point: Point) -> Executed:
        """The trace at a point: what kinks and origins are read from. That of the last point is kept."""
        if self._last is None or self._last[0] is not point:
            self._last = point, executed(self.problem._replace(values={**self.problem.values, **point}), self.sweep)
        return self._last[1]

    def second_order(self, point: Point) -> SecondOrder:
        """The quadratic models at a point, which is taken as it is in double precision."""
        stated = {name: value for name, value in self.problem.stated.items() if name not in point}
        problem = self.problem._replace(values={**self.problem.values, **point}, stated=stated)
        return SecondOrder(problem, self._expansion, self.executed(point).trace)

    @cached_property
    def meets_kinks(self) -> bool:
        """Whether the gradient passes through a function that has kinks somewhere."""
        return meets_kinks(self.sweep.built.graph, self.sweep.backward)

    def is_finite_at(self, point: Point) -> bool:
        """Whether all is finite at a point, where that is told without keeping much; the trace tells it in any case."""
        if not is_large(self.sweep):
            return False
        return self._swift.answers(self.problem._replace(values={**self.problem.values, **point})) is not None

    @cached_property
    def _swift(self) -> Swift:
        return swift(self.problem, self.sweep, large=True)

    def bends_at(self, point: Point) -> bool:
        """Whether the slope has a kink at a point."""
        if not meets_kinks(self.sweep.built.graph, self.sweep.backward, slopes=True):
            return False
        sweep = self.sweep.apart()
        trace, _, inputs = self.executed(point)
        return bool(slope_kinks(trace._replace(graph=sweep.built.graph), sweep, inputs))

    @cached_property
    def _second_sweep(self) -> Sweep:
        """On a graph of its own: that of the traces stays as it is."""
        return self.sweep.apart()

    @cached_property
    def _push(self) -> Push:
        """The tangents of the adjoints."""
        sweep = self._second_sweep
        return pushed(sweep.built, sweep.wrt, max(sweep.adjoints, default=sweep.built.output))

    @cached_property
    def _expansion(self) -> Expansion:
        return Expansion(self._second_sweep, self._push)

    @cached_property
    def _bending(self) -> Staged:
        """What runs Hessian products, after what depends on the point alone."""
        recipe, inputs = bending(self._second_sweep, self._push), self.sweep.built.inputs
        varying = [inputs[name] for name in self.sweep.wrt]
        schedule = scheduled(
            self._second_sweep.built.graph,
            recipe.targets,
            [*varying, *recipe.further],
            {node: self._double(value) for node, value in self._fixed(self.sweep.wrt).items()},
        )
        return staged(self.problem, schedule, recipe.further)
