"""A program with some inputs fixed computes what depends on no other only once."""

import numpy as np

from diffcli.autodiff.reverse import derivative
from diffcli.execute.program import Program
from diffcli.graph.build import build
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve


def test_fixed_inputs_are_computed_with_once() -> None:
    """The rest is run for each value of the other inputs, with the same results; the program itself stays as it was."""
    built = build(
        resolve(parse(Source("a = sin(x)*exp(x); a*y + a")), frozenset(("x", "y"))), {"x": (2,), "y": ()}, derivative
    )
    program = Program(built.graph, [built.output])
    x, y = np.array([0.5, 1.5]), built.inputs["y"]
    fixed = program.fixed({built.inputs["x"]: x})
    assert (len(program), len(fixed)) == (5, 2)
    for number in (np.float64(2.0), np.float64(-1.0)):
        assert np.array_equal(fixed.run({y: number})[0], program.run({built.inputs["x"]: x, y: number})[0])
    assert len(program.fixed({built.inputs["x"]: x, y: np.float64(3.0)})) == 0
