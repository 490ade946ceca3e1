"""What is run for each kind of answer: a value, a gradient, a product with first or with second derivatives."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from diffcli.analysis.plan import plan_for
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Push, Sweep
from diffcli.execute.arrays import Array, zeros_like
from diffcli.execute.derivative_matrices import of_columns, of_rows, units, zero, zero_block
from diffcli.execute.executors.choice import Plan
from diffcli.execute.schedule import scheduled
from diffcli.primitives.shape import Shape, size


class Recipe(NamedTuple):
    """The targets of a sweep, and its inputs beside the variables.

    The last targets belong to the variables `owners`; the value, where it is one, comes first.
    """

    sweep: Sweep
    targets: Sequence[int]
    owners: Sequence[str] = ()
    further: Sequence[int] = ()

    def by_variable(self, found: Sequence[Any], problem: Problem) -> dict[str, Array]:
        """The targets that belong to variables; zeros for one that has none."""
        owners = self.owners
        own = dict(zip(owners, found[len(found) - len(owners) :], strict=True))
        if len(own) == len(problem.wrt):
            return own
        return {
            name: own[name] if name in own else zero_block(problem.arithmetic, (), problem.shapes[name])
            for name in problem.wrt
        }

    def tangent(self, found: Sequence[Any]) -> Any:
        """That of the value; 0 where nothing varies."""
        return found[1] if len(found) > 1 else zeros_like(found[0])

    def still(self, problem: Problem) -> list[Array]:
        """Zeros for the further inputs."""
        shapes = self.sweep.built.graph.shapes
        return [problem.arithmetic.lifted(zero(shapes[node])) for node in self.further]

    def directions(self, problem: Problem) -> Iterator[list[Array]]:
        """The further inputs with one element 1 and all others 0, for each element of each."""
        still, shapes = self.still(problem), self.sweep.built.graph.shapes
        for place, node in enumerate(self.further):
            for unit in units(shapes[node]):
                yield [*still[:place], problem.arithmetic.lifted(unit), *still[place + 1 :]]

    def at(self, problem: Problem, runs: int) -> Plan:
        """What runs it at the problem's point, so many times: what depends on the point alone is computed now."""
        known = self.sweep.inputs(problem.values)
        return plan_for(
            problem,
            scheduled(self.sweep.built.graph, self.targets, self.further, known, problem.arithmetic),
            runs,
        )


def value(sweep: Sweep) -> Recipe:
    """The value alone."""
    return Recipe(sweep, [sweep.built.output])


def pullback(sweep: Sweep) -> Recipe:
    """The value, and the adjoints of the variables: for a cotangent, if the sweep starts from one."""
    built = sweep.built
    owners = [name for name in sweep.wrt if built.inputs[name] in sweep.backward.adjoints]
    further = () if sweep.cotangent is None else (sweep.cotangent,)
    return Recipe(sweep, [built.output, *sweep.adjoints], owners, further)


def pushforward(sweep: Sweep, push: Push) -> Recipe:
    """The value, and its tangent if it varies."""
    output = sweep.built.output
    return Recipe(
        sweep,
        [output, *[push.tangents[node] for node in (output,) if node in push.tangents]],
        (),
        [*push.seeds.values()],
    )


def bending(sweep: Sweep, push: Push) -> Recipe:
    """The tangents of the adjoints: the Hessian times a direction."""
    adjoints = {name: sweep.backward.adjoints.get(sweep.built.inputs[name], -1) for name in sweep.wrt}
    found = {name: push.tangents[node] for name, node in adjoints.items() if node in push.tangents}
    return Recipe(sweep, [*found.values()], [*found], [*push.seeds.values()])


def jacobian(recipe: Recipe, found: Sequence[list[Any]], problem: Problem) -> dict[str, Array]:
    """By variable an array of the output's shape followed by the variable's, from the results of a pullback or of a
    pushforward in all directions.
    """
    sweep, inner = recipe.sweep, shapes_of_interest(problem)
    outer = sweep.built.graph.shapes[sweep.built.output]
    if sweep.cotangent in recipe.further:
        pulls = [recipe.by_variable(each, problem) for each in found]
        return {name: of_rows([pull[name] for pull in pulls], outer, shape) for name, shape in inner.items()}
    return {
        name: of_columns([recipe.tangent(each) for each in columns], outer, inner[name])
        for name, columns in by_moving(found, problem).items()
    }


def by_moving(found: Sequence[list[Any]], problem: Problem) -> dict[str, Sequence[list[Any]]]:
    """The results in all directions by the variable that moves."""
    rest = iter(found)
    return {name: [*islice(rest, size(shape))] for name, shape in shapes_of_interest(problem).items()}


def shapes_of_interest(problem: Problem) -> dict[str, Shape]:
    """The shapes of the variables to differentiate by."""
    return {name: problem.shapes[name] for name in problem.wrt}
