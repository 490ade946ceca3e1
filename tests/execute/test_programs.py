"""Running a graph: the steps that targets need, nothing else, as often as wanted."""

import mpmath
import numpy as np
import pytest

from diffcli.autodiff.reverse import derivative, gradient
from diffcli.execute.numbers import Numbers
from diffcli.execute.program import Program
from diffcli.graph.build import Built, build
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

pytestmark = pytest.mark.fast


def built(text: str, **values: object) -> Built:
    """The graph of a text whose variables have the shapes of these values."""
    return build(
        resolve(parse(Source(text)), frozenset(values)),
        {name: np.shape(value) for name, value in values.items()},
        derivative,
    )


def test_targets_come_in_their_order() -> None:
    """Inputs, constants and intermediates may be targets, and the same one twice."""
    found = built("y = x + 1; y*2.5", x=3.0)
    graph, x = found.graph, found.inputs["x"]
    constant = graph.operands[found.output][1]
    [y] = [node for node, name in graph.names.items() if name == "y"]
    assert Program(graph, [found.output, x, constant, y, found.output]).run({x: np.float64(3.0)}) == [
        10.0,
        3.0,
        2.5,
        4.0,
        10.0,
    ]


def test_only_what_is_needed_is_computed() -> None:
    """Other nodes have no value: the derivative's nodes cost nothing where it is not asked for."""
    found = built("sin(x)*cos(y)", x=1.0, y=1.0)
    before = len(found.graph)
    gradient(found.graph, found.output, found.inputs.values())
    values = Program(found.graph, [found.output]).values({node: np.float64(1.0) for node in found.inputs.values()})
    assert len(values) == len(found.graph) > before
    assert [value is None for value in values] == [False] * before + [True] * (len(found.graph) - before)


def test_every_needed_value_is_kept() -> None:
    """Nothing that a later step or the caller reads is freed or overwritten."""
    found = built("mean(w*sin(x)^2 + x/w)*norm(x)", x=[1.0, 2.0], w=3.0)
    sweep = gradient(found.graph, found.output, found.inputs.values())
    inputs = {found.inputs["x"]: np.array([1.0, 2.0]), found.inputs["w"]: np.float64(3.0)}
    everything = Program(found.graph, range(len(found.graph))).values(inputs)
    assert all(value is not None for value in everything)
    for target in (found.output, *sweep.adjoints.values(), *(flow.contribution for flow in sweep.flows)):
        assert np.array_equal(Program(found.graph, [target]).run(inputs)[0], everything[target])


def test_running_again_starts_afresh() -> None:
    """A run leaves nothing behind, whatever the inputs were."""
    found = built("sum(x[1:]*x[0]) + sum([x, x])", x=[1.0, 2.0, 3.0])
    sweep = gradient(found.graph, found.output, found.inputs.values())
    program = Program(found.graph, [found.output, *sweep.adjoints.values()])
    first = program.run({0: np.array([1.0, 2.0, 3.0])})
    program.run({0: np.array([np.nan, 1.0, np.inf])})
    again = program.run({0: np.array([1.0, 2.0, 3.0])})
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_inputs_are_not_written_to() -> None:
    """The caller's arrays stay as they were, and results are not views that a second run changes."""
    found = built("sum(x[::-1]*2 - x)", x=[1.0, 2.0, 3.0])
    sweep = gradient(found.graph, found.output, found.inputs.values())
    program = Program(found.graph, [*sweep.adjoints.values()])
    x = np.array([1.0, 2.0, 3.0])
    x.setflags(write=False)
    results = program.run({0: x})
    kept = [np.array(result) for result in results]
    program.run({0: np.array([7.0, 8.0, 9.0])})
    assert x.tolist() == [1.0, 2.0, 3.0]
    assert all(np.array_equal(a, b) for a, b in zip(results, kept, strict=True))


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("1/x", 0.0, np.inf),
        ("-1/x", 0.0, -np.inf),
        ("x/x", 0.0, np.nan),
        ("log(x)", 0.0, -np.inf),
        ("log(x)", -1.0, np.nan),
        ("sqrt(x)", -1.0, np.nan),
        ("exp(x)", 1000.0, np.inf),
        ("x^0.5", -1.0, np.nan),
        ("x^-1", 0.0, np.inf),
        ("asin(x)", 2.0, np.nan),
        ("acosh(x)", 0.5, np.nan),
        ("atanh(x)", 1.0, np.inf),
        ("x*1e308*10", 1.0, np.inf),
        ("exp(x) - exp(x)", 1000.0, np.nan),
        ("norm([x, 1/x])", 0.0, np.inf),
        ("max([x, 0/x])", 0.0, np.nan),
        ("sum([1/x, -1/x])", 0.0, np.nan),
        ("cosh(x)", 1e5, np.inf),
    ],
)
def test_what_is_not_finite_is_a_value(text: str, x: float, expected: float) -> None:
    """Nothing is raised and nothing is warned of, forward or backward: the analysis says what it means."""
    found = built(text, x=x)
    sweep = gradient(found.graph, found.output, found.inputs.values())
    value, *_ = Program(found.graph, [found.output, *sweep.adjoints.values()]).run({0: np.float64(x)})
    assert np.array_equal(value, expected, equal_nan=True)


def test_any_number_type_runs_the_same_graph() -> None:
    """With mpmath the derivative of a badly conditioned expression keeps its digits: to 1e-30 of itself."""
    found = built("(1 - cos(x))/x^2", x=1e-8)
    sweep = gradient(found.graph, found.output, found.inputs.values())
    with mpmath.workdps(60):
        x = mpmath.mpf(1e-8)
        [derivative] = Program(found.graph, sweep.adjoints.values(), Numbers(mpmath.mp)).run({0: x})[-1:]
        exact = mpmath.sin(x) / x**2 - 2 * (1 - mpmath.cos(x)) / x**3
        assert abs(derivative - exact) <= mpmath.mpf(10) ** -30 * abs(exact)


def test_an_expression_without_variables_runs() -> None:
    """Its constants are enough."""
    found = built("mean([1, 2, pi])*2")
    assert Program(found.graph, [found.output]).run({}) == [pytest.approx((3 + np.pi) / 1.5, rel=1e-15, abs=0)]
