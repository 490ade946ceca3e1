"""Reverse mode and forward mode of every primitive, against high-precision differences."""

from random import Random

import mpmath
import numpy as np

from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import gradient
from diffcli.primitives.reductions import sum as total
from diffcli.primitives.table import PRIMITIVES

from . import oracle
from .cases import CASES, LAWFUL, Case, arbitrary, tried
from .samples import samples_of

#: Double precision leaves about 2e-16 for each operation of a rule, and no rule has a hundred.
FIRST_ORDER, SECOND_ORDER = 1e-13, 1e-12

VARYING = [case for case in CASES if case.varying]


def test_every_primitive_has_samples() -> None:
    """A primitive that these laws do not reach needs an entry in samples.py."""
    assert {primitive.name for primitive in LAWFUL if not samples_of(primitive)} == set()
    assert {case.primitive.name for case in CASES} == {
        name for name, primitive in PRIMITIVES.items() if primitive.kind != "leaf"
    }


@tried(VARYING, 4)
def test_reverse_mode_is_the_slope(case: Case) -> None:
    """The VJP by a cotangent u is the gradient of <u, f(x)>, in the operand's shape."""
    node = oracle.applied(case)
    seed = node.input(node.out.shape)
    varying = [node.operands[position] for position in case.varying]
    sweep = gradient(node.graph, node.out.index, [operand.index for operand in varying], seed)
    points, cotangent = case.points(), arbitrary(Random(1), node.out.shape)
    inputs = {**dict(zip(node.operands, points, strict=True)), seed: cotangent}
    with mpmath.workdps(oracle.DIGITS):
        exact_seed = oracle.exact(cotangent)
        expected = oracle.gradient(
            lambda xs: oracle.inner(exact_seed, oracle.exactly(node.out, dict(zip(node.operands, xs, strict=True)))),
            [oracle.exact(x) for x in points], case.varying,
        )  # fmt: skip
        for operand, reference in zip(varying, expected, strict=True):
            assert (
                oracle.relative_error(
                    oracle.run(node.graph.value(sweep.adjoints[operand.index]), inputs), reference, case.floor
                )
                <= FIRST_ORDER
            )


@tried(VARYING, 4)
def test_forward_mode_is_the_slope(case: Case) -> None:
    """The JVP by a tangent t is the derivative of f along t, in the output's shape."""
    node = oracle.applied(case)
    seeds = {position: node.input(case.shapes[position]) for position in case.varying}
    found = tangents(
        node.graph, node.out.index, {node.operands[position].index: seed for position, seed in seeds.items()}
    )
    points, directions = (
        case.points(),
        [
            arbitrary(Random(2), shape, (0.5, 2.0)) if position in seeds else np.zeros(shape)
            for position, shape in enumerate(case.shapes)
        ],
    )
    inputs = {
        **dict(zip(node.operands, points, strict=True)),
        **{seed: directions[position] for position, seed in seeds.items()},
    }
    with mpmath.workdps(oracle.DIGITS):
        expected = oracle.slope(
            lambda xs: oracle.exactly(node.out, dict(zip(node.operands, xs, strict=True))),
            [oracle.exact(x) for x in points], [oracle.exact(d) for d in directions],
        )  # fmt: skip
        assert oracle.relative_error(oracle.run(found[node.out.index], inputs), expected, case.floor) <= FIRST_ORDER


@tried(VARYING, 4)
def test_forward_and_reverse_mode_are_adjoint(case: Case) -> None:
    """<u, Jv> = <J'u, v>, relative to the sum of the terms' magnitudes."""
    node = oracle.applied(case)
    varying = [node.operands[position] for position in case.varying]
    seed, seeds = node.input(node.out.shape), [node.input(operand.shape) for operand in varying]
    found = tangents(
        node.graph, node.out.index, {operand.index: tangent for operand, tangent in zip(varying, seeds, strict=True)}
    )
    sweep = gradient(node.graph, node.out.index, [operand.index for operand in varying], seed)
    cotangent, directions = (
        arbitrary(Random(3), node.out.shape),
        [arbitrary(Random(4), operand.shape) for operand in varying],
    )
    inputs = {
        **dict(zip(node.operands, case.points(), strict=True)),
        **dict(zip(seeds, directions, strict=True)),
        seed: cotangent,
    }
    forward = cotangent * oracle.run(found[node.out.index], inputs)
    backward = [
        direction * oracle.run(node.graph.value(sweep.adjoints[operand.index]), inputs)
        for operand, direction in zip(varying, directions, strict=True)
    ]
    difference = np.sum(forward) - sum(np.sum(terms) for terms in backward)
    assert abs(difference) <= FIRST_ORDER * (np.sum(np.abs(forward)) + sum(np.sum(np.abs(terms)) for terms in backward))


@tried((case for case in CASES if len(case.varying) > 1), 4)
def test_tangents_add_up(case: Case) -> None:
    """The JVP along one operand alone: those of all operands add up to the JVP along all,
    relative to their magnitudes.
    """
    node = oracle.applied(case)
    seeds = {node.operands[position].index: node.input(case.shapes[position]) for position in case.varying}
    inputs = dict(zip(node.operands, case.points(), strict=True)) | {
        seed: arbitrary(Random(index), seed.shape) for index, seed in seeds.items()
    }
    whole = oracle.run(tangents(node.graph, node.out.index, seeds)[node.out.index], inputs)
    parts = [
        oracle.run(tangents(node.graph, node.out.index, {operand: seed})[node.out.index], inputs)
        for operand, seed in seeds.items()
    ]
    assert all(np.shape(part) == node.out.shape for part in parts)
    assert np.all(np.abs(whole - sum(parts)) <= FIRST_ORDER * sum(np.abs(part) for part in parts))


@tried(VARYING, 6)
def test_reverse_mode_twice_is_the_second_slope(case: Case) -> None:
    """The gradient of <v, gradient of <u, f>> is a second difference of <u, f>."""
    node = oracle.applied(case)
    varying = [node.operands[position] for position in case.varying]
    seed, directions = node.input(node.out.shape), [node.input(operand.shape) for operand in varying]
    wrt = [operand.index for operand in varying]
    once = gradient(node.graph, node.out.index, wrt, seed)
    along = [
        total(node.graph.value(once.adjoints[index]) * direction)
        for index, direction in zip(wrt, directions, strict=True)
    ]
    slope = sum(along[1:], start=along[0])
    twice = gradient(node.graph, slope.index, wrt)
    points, cotangent = case.points(), arbitrary(Random(5), node.out.shape)
    tangent = [
        arbitrary(Random(6 + position), shape) if position in case.varying else np.zeros(shape)
        for position, shape in enumerate(case.shapes)
    ]
    moved = [tangent[position] for position in case.varying]
    inputs = {
        **dict(zip(node.operands, points, strict=True)),
        **dict(zip(directions, moved, strict=True)),
        seed: cotangent,
    }
    with mpmath.workdps(oracle.DIGITS):
        exact_seed, exact_tangent = oracle.exact(cotangent), [oracle.exact(t) for t in tangent]

        def first_order(xs: list[object]) -> object:
            return oracle.slope(
                lambda at: oracle.inner(
                    exact_seed, oracle.exactly(node.out, dict(zip(node.operands, at, strict=True)))
                ),
                xs,
                exact_tangent,
            )

        expected = oracle.gradient(first_order, [oracle.exact(x) for x in points], case.varying)
        for operand, reference in zip(varying, expected, strict=True):
            adjoint = twice.adjoints.get(operand.index)
            value = np.zeros(operand.shape) if adjoint is None else oracle.run(node.graph.value(adjoint), inputs)
            assert oracle.relative_error(value, reference, case.floor) <= SECOND_ORDER
