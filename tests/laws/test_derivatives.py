"""Reverse mode and forward mode of every primitive, against high-precision differences."""

from random import Random

import mpmath
import numpy as np
import pytest

from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import gradient
from diffcli.primitives.reductions import sum as total
from diffcli.primitives.table import PRIMITIVES

from . import oracle
from .samples import CASE_NAMES, CASES, LAWFUL, Case, arbitrary, shapes_and_parameters

#: Double precision leaves about 2e-16 for each operation of a rule, and no rule has a hundred.
FIRST_ORDER, SECOND_ORDER = 1e-13, 1e-12

each_case = pytest.mark.parametrize("case", CASES, ids=CASE_NAMES)


def test_every_primitive_has_samples() -> None:
    """A primitive that these laws do not reach needs an entry in samples.py."""
    assert {primitive.name for primitive in LAWFUL if not shapes_and_parameters(primitive)} == set()
    assert {case.primitive.name for case in CASES} == {name for name, primitive in PRIMITIVES.items() if primitive.kind != "leaf"}


@each_case
def test_reverse_mode_is_the_slope(case: Case) -> None:
    """The VJP by a cotangent u is the gradient of <u, f(x)>, in the operand's shape."""
    node = oracle.applied(case)
    seed = node.input(node.out.shape)
    sweep = gradient(node.graph, node.out.index, [operand.index for operand in node.operands], seed)
    points, cotangent = case.points(), arbitrary(Random(1), node.out.shape)
    inputs = {**dict(zip(node.operands, points, strict=True)), seed: cotangent}
    with mpmath.workdps(oracle.DIGITS):
        exact_seed = oracle.exact(cotangent)
        expected = oracle.gradient(
            lambda xs: oracle.inner(exact_seed, oracle.exactly(node.out, dict(zip(node.operands, xs, strict=True)))), [oracle.exact(x) for x in points]
        )
        for operand, reference in zip(node.operands, expected, strict=True):
            assert oracle.relative_error(oracle.run(node.graph.value(sweep.adjoints[operand.index]), inputs), reference) <= FIRST_ORDER


@each_case
def test_forward_mode_is_the_slope(case: Case) -> None:
    """The JVP by a tangent t is the derivative of f along t, in the output's shape."""
    node = oracle.applied(case)
    seeds = [node.input(operand.shape) for operand in node.operands]
    found = tangents(node.graph, node.out.index, {operand.index: seed for operand, seed in zip(node.operands, seeds, strict=True)})
    points, directions = case.points(), [arbitrary(Random(2), shape) for shape in case.shapes]
    inputs = {**dict(zip(node.operands, points, strict=True)), **dict(zip(seeds, directions, strict=True))}
    with mpmath.workdps(oracle.DIGITS):
        expected = oracle.slope(
            lambda xs: oracle.exactly(node.out, dict(zip(node.operands, xs, strict=True))),
            [oracle.exact(x) for x in points], [oracle.exact(d) for d in directions],
        )  # fmt: skip
        assert oracle.relative_error(oracle.run(found[node.out.index], inputs), expected) <= FIRST_ORDER


@each_case
def test_forward_and_reverse_mode_are_adjoint(case: Case) -> None:
    """<u, Jv> = <J'u, v>, relative to the sum of the terms' magnitudes."""
    node = oracle.applied(case)
    seed, seeds = node.input(node.out.shape), [node.input(operand.shape) for operand in node.operands]
    found = tangents(node.graph, node.out.index, {operand.index: tangent for operand, tangent in zip(node.operands, seeds, strict=True)})
    sweep = gradient(node.graph, node.out.index, [operand.index for operand in node.operands], seed)
    cotangent, directions = arbitrary(Random(3), node.out.shape), [arbitrary(Random(4), shape) for shape in case.shapes]
    inputs = {**dict(zip(node.operands, case.points(), strict=True)), **dict(zip(seeds, directions, strict=True)), seed: cotangent}
    forward = cotangent * oracle.run(found[node.out.index], inputs)
    backward = [
        direction * oracle.run(node.graph.value(sweep.adjoints[operand.index]), inputs) for operand, direction in zip(node.operands, directions, strict=True)
    ]
    difference = np.sum(forward) - sum(np.sum(terms) for terms in backward)
    assert abs(difference) <= FIRST_ORDER * (np.sum(np.abs(forward)) + sum(np.sum(np.abs(terms)) for terms in backward))


@each_case
def test_reverse_mode_twice_is_the_second_slope(case: Case) -> None:
    """The gradient of <v, gradient of <u, f>> is a second difference of <u, f>."""
    node = oracle.applied(case)
    seed, directions = node.input(node.out.shape), [node.input(operand.shape) for operand in node.operands]
    wrt = [operand.index for operand in node.operands]
    once = gradient(node.graph, node.out.index, wrt, seed)
    along = [total(node.graph.value(once.adjoints[index]) * direction) for index, direction in zip(wrt, directions, strict=True)]
    slope = sum(along[1:], start=along[0])
    twice = gradient(node.graph, slope.index, wrt)
    points, cotangent = case.points(), arbitrary(Random(5), node.out.shape)
    tangent = [arbitrary(Random(6 + position), shape) for position, shape in enumerate(case.shapes)]
    inputs = {**dict(zip(node.operands, points, strict=True)), **dict(zip(directions, tangent, strict=True)), seed: cotangent}
    with mpmath.workdps(oracle.DIGITS):
        exact_seed, exact_tangent = oracle.exact(cotangent), [oracle.exact(t) for t in tangent]

        def first_order(xs: list[object]) -> object:
            return oracle.slope(lambda at: oracle.inner(exact_seed, oracle.exactly(node.out, dict(zip(node.operands, at, strict=True)))), xs, exact_tangent)

        expected = oracle.gradient(first_order, [oracle.exact(x) for x in points])
        for operand, reference in zip(node.operands, expected, strict=True):
            adjoint = twice.adjoints.get(operand.index)
            value = np.zeros(operand.shape) if adjoint is None else oracle.run(node.graph.value(adjoint), inputs)
            assert oracle.relative_error(value, reference) <= SECOND_ORDER
