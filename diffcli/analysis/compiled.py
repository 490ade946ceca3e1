"""A program compiled once and called as often as its inputs change: value, gradient and products."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Lock
from typing import Any, NamedTuple

from diffcli.analysis.bound_values import check_complete
from diffcli.analysis.directions import cotangent_of, tangent_of
from diffcli.analysis.given_values import bindings, numbers_given
from diffcli.analysis.label_checks import check_demands, demanding
from diffcli.analysis.later import Later
from diffcli.analysis.plan import Staged, plan_for, staged
from diffcli.analysis.problem import Problem
from diffcli.analysis.recipe import Recipe, bending, jacobian, pullback, pushforward, value
from diffcli.analysis.sweep import built_graph, check_entries, elements, pulled, pushed, swept, unswept
from diffcli.errors import DiffcliError, did_you_mean, fault
from diffcli.execute.arrays import Array, hollow
from diffcli.execute.executors.choice import Plan
from diffcli.execute.schedule import Schedule, scheduled
from diffcli.messages import Joined, Message
from diffcli.primitives.shape import Shape, size
from diffcli.source import Source

#: Steps of all directions of a Jacobian that are worth being written out together.
_FEW = 400
#: A kind of answer, for the shapes that a problem's values have.
Maker = Callable[[Problem], Recipe]


class Kernel(NamedTuple):
    """What is run for one kind of answer and one set of shapes.

    `names` are the variables whose values it takes, before the recipe's further inputs; `demands` are operands that are
    looked at after each run, since functions demand something of them. `problem` has the shapes, and no values.

    It is run as a whole, in two stages for many directions at a point, or for all of those together, if these are few.
    """

    problem: Problem
    recipe: Recipe
    names: tuple[str, ...]
    demands: tuple[int, ...]
    whole: Later[Plan]
    staged: Later[Staged]
    together: Later[Plan | None]

    @property
    def output_shape(self) -> Shape:
        """That of the program's result."""
        built = self.recipe.sweep.built
        return built.graph.shapes[built.output]

    def run(self, point: Mapping[str, Array], further: Sequence[Array] = ()) -> list[Any]:
        """The targets' values. Raises DiffcliError where a function cannot take the data that it is given."""
        return self._accepted(self.whole().runner([*[point[name] for name in self.names], *further]))

    def in_all_directions(self, point: Mapping[str, Array]) -> list[list[Any]]:
        """The targets' values for each direction of the further inputs; what depends on none is computed once."""
        given, together = [point[name] for name in self.names], self.together()
        if together is None:
            run = self.staged().at(given)
            return [self._accepted(run(direction)) for direction in self.recipe.directions(self.problem)]
        found, count = together.runner(given), len(self.recipe.targets) + len(self.demands)
        return [self._accepted(found[start : start + count]) for start in range(0, len(found), count)]

    def by_variable(self, found: Sequence[Any]) -> dict[str, Array]:
        """The targets that belong to variables; zeros for one that has none."""
        return self.recipe.by_variable(found, self.problem)

    def _accepted(self, found: list[Any]) -> list[Any]:
        if self.demands:
            count = len(self.recipe.targets)
            values = dict(zip(self.demands, found[count:], strict=True))
            check_demands(self.problem, self.recipe.sweep.built, values.get)
            del found[count:]
        return found


class CompiledFunction:
    """A program's value and derivatives as functions of its variables.

    Called, it gives the value and the gradient by variable: `value, gradient = f(x=[1, 2, 3])`. Values are given by
    name, in a mapping, or in the order of `wrt`; those that are not given are as they were when it was compiled, and
    what depends on those alone is computed once. Each set of shapes is compiled when it is first met. Results are
    NumPy's: what is undefined is nan. Threads may call it at once; it can be pickled.
    """

    def __init__(self, problem: Problem) -> None:
        """`problem` has the program, and the values that variables have where a call gives no other."""
        self._problem = problem
        self._kernels: dict[tuple[Any, ...], Kernel] = {}
        self._lock = Lock()

    def __reduce__(self) -> tuple[type["CompiledFunction"], tuple[Problem]]:
        return CompiledFunction, (self._problem,)

    def __repr__(self) -> str:
        return f"<diffcli.compile({self.expression!r}, wrt={self.wrt!r})>"

    @property
    def expression(self) -> str:
        """The program's text."""
        return self._problem.source.text.strip()

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of all variables."""
        return self._problem.resolved.variables

    @property
    def wrt(self) -> tuple[str, ...]:
        """The names of those to differentiate by, in the order of values without a name."""
        return self._problem.wrt

    def __call__(self, *given: Any, **values: Any) -> tuple[float, dict[str, Array]]:
        """The value, a single number, and the gradient by variable. Raises DiffcliError if it is an array."""
        kernel, point = self._prepared(_gradient, given, values)
        found = kernel.run(point)
        return float(found[0]), kernel.by_variable(found)

    def value(self, *given: Any, **values: Any) -> Any:
        """The value: a number, or an array where the result is one."""
        kernel, point = self._prepared(_value, given, values)
        return kernel.run(point)[0]

    def gradient(self, *given: Any, **values: Any) -> dict[str, Array]:
        """The gradient by variable."""
        return self(*given, **values)[1]

    def jvp(self, tangent: object, *given: Any, **values: Any) -> tuple[Any, Any]:
        """The value, and its derivative along a tangent: by name, or of the only variable."""
        kernel, point = self._prepared(_pushforward, given, values)
        found = kernel.run(point, self._direction(kernel, tangent, "tangent"))
        return found[0], kernel.recipe.tangent(found)

    def vjp(self, cotangent: object, *given: Any, **values: Any) -> tuple[Any, dict[str, Array]]:
        """The value, and a cotangent of its shape brought back to the variables."""
        kernel, point = self._prepared(_pullback, given, values)
        weights = cotangent_of(kernel.problem, kernel.output_shape, bindings(cotangent, "cotangent"))
        found = kernel.run(point, [weights])
        return found[0], kernel.by_variable(found)

    def hvp(self, direction: object, *given: Any, **values: Any) -> dict[str, Array]:
        """The Hessian times a direction, by variable."""
        kernel, point = self._prepared(_hessian_product, given, values)
        return kernel.by_variable(kernel.run(point, self._direction(kernel, direction, "hvp")))

    def jacobian(self, *given: Any, **values: Any) -> dict[str, Array]:
        """For each variable an array of the result's shape followed by the variable's, in the mode of fewer sweeps."""
        backward, point = self._prepared(_pullback, given, values)
        rows, columns = size(backward.output_shape), elements(backward.problem.shapes, self.wrt)
        check_entries(self._problem, rows, columns, Message("Jacobian"))
        kernel = backward if rows < columns else self._prepared(_pushforward, given, values)[0]
        return jacobian(kernel.recipe, kernel.in_all_directions(point), kernel.problem)

    def plan(self, *given: Any, **values: Any) -> Plan:
        """The executor that computes value and gradient of such values, and why."""
        return self._prepared(_gradient, given, values)[0].whole()

    def _prepared(
        self, make: Maker, given: Sequence[Any], values: dict[str, Any]
    ) -> tuple[Kernel, Mapping[str, Array]]:
        """The kernel for the values of a call, which is made when such shapes are first met, and all values by name.

        Raises DiffcliError for a value that is no number, or belongs to no variable.
        """
        named = numbers_given(self._named(given, values) if given else values)
        key = (make, *[(name, value.shape) for name, value in named.items()])
        kernel = self._kernels.get(key)
        if kernel is None:
            with self._lock:
                kernel = self._kernels.get(key) or self._made(make, named)
                self._kernels[key] = kernel
        return kernel, {**self._problem.values, **named}

    def _named(self, given: Sequence[Any], values: dict[str, Any]) -> dict[str, Any]:
        if len(given) == 1 and isinstance(given[0], Mapping):
            return {**given[0], **values}
        if len(given) <= len(self.wrt):
            return {**dict(zip(self.wrt, given, strict=False)), **values}
        raise _misfit(
            Message("{count} values without a name, but {wrt} variables", count=len(given), wrt=len(self.wrt)),
            Message("they are those of {names}, in that order", names=Joined(self.wrt)),
        )

    def _made(self, make: Maker, named: Mapping[str, Array]) -> Kernel:
        """The kernel for these values' shapes; what has no new value, and is not of interest, is computed once."""
        variables = self._problem.resolved.variables
        for name in named:
            if name not in variables:
                hint = did_you_mean(name, variables) or Message("its variables are {names}", names=Joined(variables))
                raise _misfit(Message("'{name}' does not occur in the expression", name=name), hint, name)
        values = {**self._problem.values, **named}
        problem = self._problem._replace(values={name: hollow(value.shape) for name, value in values.items()})
        check_complete(problem.resolved, problem.values, None)
        recipe = make(problem)
        built = recipe.sweep.built
        fixed = {
            node: values[name] for name, node in built.inputs.items() if name not in named and name not in self.wrt
        }
        names = tuple(name for name, node in built.inputs.items() if node not in fixed)
        demands = tuple(dict.fromkeys(demanding(built)))
        targets = [*recipe.targets, *demands]
        inputs = [*[built.inputs[name] for name in names], *recipe.further]
        schedule = scheduled(built.graph, targets, inputs, fixed)
        whole, parts = partial(plan_for, problem, schedule), partial(staged, problem, schedule, recipe.further)
        together = partial(_together, problem, schedule, recipe)
        return Kernel(problem, recipe, names, demands, Later(whole), Later(parts), Later(together))

    def _direction(self, kernel: Kernel, direction: object, argument: str) -> list[Array]:
        found = tangent_of(kernel.problem, bindings(direction, argument), argument)
        return [found[name] for name in self.wrt]


def _together(problem: Problem, schedule: Schedule, recipe: Recipe) -> Plan | None:
    """One run for all directions; None unless that takes operations on few single numbers."""
    directions = sum(size(schedule.shapes[node]) for node in recipe.further)
    if problem.wanted.executor is not None or directions * len(schedule.steps) > _FEW:
        return None
    plan = plan_for(problem, schedule.along(recipe.further, recipe.directions(problem)))
    return plan if plan.executor == "scalars" else None


def _value(problem: Problem) -> Recipe:
    return value(unswept(problem))


def _gradient(problem: Problem) -> Recipe:
    return pullback(swept(problem))


def _pullback(problem: Problem) -> Recipe:
    return pullback(pulled(built_graph(problem), problem.wrt))


def _pushforward(problem: Problem) -> Recipe:
    sweep = unswept(problem)
    return pushforward(sweep, pushed(sweep.built, problem.wrt, sweep.built.output))


def _hessian_product(problem: Problem) -> Recipe:
    sweep = swept(problem)
    return bending(sweep, pushed(sweep.built, problem.wrt, max(sweep.adjoints, default=sweep.built.output)))


def _misfit(message: str, hint: str, written: str = "f(...)") -> DiffcliError:
    """The error about a call."""
    source = Source(written, Message("call"))
    return fault("E402", message, source, source.whole, hint=hint)
