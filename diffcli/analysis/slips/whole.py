"""Slips of the whole answer: something else was given than what was asked."""

from collections.abc import Iterator

from diffcli.analysis.slips.mutation import Mutation
from diffcli.analysis.slips.readings import DEGREES, PRECEDENCE, readings, rewritten
from diffcli.analysis.slips.rules import PARTIAL
from diffcli.analysis.slips.solution import Solution
from diffcli.analysis.slips.table import SIGNS
from diffcli.autodiff.reverse import gradient
from diffcli.messages import Message
from diffcli.primitives.structural import transpose


def not_differentiated(solution: Solution) -> Iterator[Mutation]:
    """The function itself for its derivative."""
    for name, node in solution.wrt.items():
        if solution.graph.shapes[node] == solution.graph.shapes[solution.output]:
            yield Mutation(
                "not-differentiated",
                "kept",
                Message("this is the function itself: it was not differentiated"),
                Message("the derivative tells how fast the function changes"),
                solution.span(solution.output),
                {name: node},
                whole={name: solution.output},
            )


def wrong_sign(solution: Solution) -> Iterator[Mutation]:
    """The negative of the derivative."""
    yield Mutation(
        "wrong-sign",
        "sign",
        Message("the sign of the whole answer is wrong"),
        Message("a derivative is positive where the function rises, negative where it falls"),
        None,
        solution.wrt,
        whole={name: (-solution.handle(node)).index for name, node in solution.answers.items()},
        beside=SIGNS - {"function-sign"},
    )


def other_variables(solution: Solution) -> Iterator[Mutation]:
    """The derivative by another variable."""
    if len(solution.wrt) == 2:
        (first, one), (second, two) = solution.wrt.items()
        if solution.graph.shapes[one] == solution.graph.shapes[two]:
            yield Mutation(
                "other-variable",
                "other-variable",
                Message(
                    "the derivatives by {first} and by {second} stand in each other's place",
                    first=solution.text(one),
                    second=solution.text(two),
                ),
                PARTIAL,
                None,
                solution.wrt,
                whole={first: solution.answers[second], second: solution.answers[first]},
            )
    for name, node in solution.wrt.items():
        for variable in solution.inputs:
            other = solution.graph.names[variable]
            if variable != node and solution.graph.shapes[variable] == solution.graph.shapes[node]:
                found = Solution(solution.graph, solution.output, {other: variable}, solution.source)
                yield Mutation(
                    "other-variable",
                    "other-variable",
                    Message("this is the derivative by {other}, not by {name}", other=other, name=solution.text(node)),
                    PARTIAL,
                    None,
                    {name: node},
                    whole={name: found.answers[other]},
                )


def chain_stopped(solution: Solution) -> Iterator[Mutation]:
    """The gradient at a node on the way, for that of the variable."""
    for name, variable in solution.wrt.items():
        for node in solution.active:
            if (
                solution.is_inner(node)
                and node != solution.output
                and solution.graph.shapes[node] == solution.graph.shapes[variable]
            ):
                yield Mutation(
                    "chain-stopped",
                    "factor",
                    Message(
                        "the chain was stopped early: this is the gradient at {part}, not at {name}",
                        part=solution.text(node),
                        name=solution.text(variable),
                    ),
                    Message("the chain rule goes on until the variable is reached"),
                    solution.span(node),
                    {name: variable},
                    whole={name: solution.right.adjoints[node]},
                )


def differentiated_again(solution: Solution) -> Iterator[Mutation]:
    """The second derivative for the first."""
    for name, node in solution.wrt.items():
        if solution.graph.shapes[node] == () and solution.graph.shapes[solution.output] == ():
            again = gradient(solution.graph, solution.answers[name], [node]).adjoints.get(node)
            if again is not None:
                yield Mutation(
                    "differentiated-again",
                    "differentiated-again",
                    Message("this is the second derivative: it was differentiated once too often"),
                    Message("the first derivative is differentiated once"),
                    None,
                    {name: node},
                    whole={name: again},
                )


def transposed(solution: Solution) -> Iterator[Mutation]:
    """A matrix the wrong way round."""
    for name, node in solution.wrt.items():
        if len(solution.graph.shapes[node]) == 2:
            turned = solution.graph.apply(transpose, [solution.handle(solution.answers[name])])
            yield Mutation(
                "transposed",
                "transposed",
                Message("the gradient is transposed: rows stand where columns should"),
                Message("a gradient has the shape of its variable, element by element"),
                None,
                {name: node},
                whole={name: turned.index},
            )


def read_otherwise(solution: Solution) -> Iterator[Mutation]:
    """The right derivative of the question read in another way."""
    for reading in readings(solution, PRECEDENCE):
        other = Solution(solution.graph, reading.output, solution.wrt, solution.source)
        row = reading.misreading
        yield Mutation(row.kind, row.kind, reading.told, row.rule, reading.span, solution.wrt, whole=other.answers)


def in_degrees(solution: Solution) -> Iterator[Mutation]:
    """The right derivative, of which the angles were taken in degrees."""
    graph = solution.graph
    angles = DEGREES.places(graph, solution.answers.values())
    if angles:
        rewrites = dict.fromkeys(angles, DEGREES.rewrite)
        yield Mutation(
            DEGREES.kind,
            DEGREES.kind,
            DEGREES.told,
            DEGREES.rule,
            None,
            solution.wrt,
            whole={name: rewritten(graph, node, rewrites) for name, node in solution.answers.items()},
        )
