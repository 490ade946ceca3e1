"""The backward sweep: which nodes it visits, what it appends, what its flows say."""

import numpy as np
import pytest

from diffcli.autodiff.reverse import Flow, active_nodes, derivative, gradient
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


def executed(found: Built, targets: list[int], **values: object) -> list[np.ndarray]:
    """The values of some nodes."""
    return Program(found.graph, targets).run(
        {found.inputs[name]: np.asarray(value, dtype=float)[()] for name, value in values.items()}
    )


def derived(text: str, **values: object) -> dict[str, np.ndarray]:
    """The gradient by each variable."""
    found = built(text, **values)
    sweep = gradient(found.graph, found.output, found.inputs.values())
    return dict(
        zip(values, executed(found, [sweep.adjoints[found.inputs[name]] for name in values], **values), strict=True)
    )


def test_the_tutorial_problem() -> None:
    """mean(x*x) at 1, 2, 3 has the gradient 2x/3."""
    assert derived("mean(x*x)", x=[1.0, 2.0, 3.0])["x"] == pytest.approx([2 / 3, 4 / 3, 2], rel=1e-15, abs=0)


def test_only_nodes_between_variable_and_output_are_active() -> None:
    """Constants, other variables and what the output does not need are left alone."""
    found = built("a = sin(x); b = cos(y); c = a*2; c + b*3", x=1.0, y=1.0)
    names = [found.graph.primitives[node].name for node in active_nodes(found.graph, found.output, [found.inputs["x"]])]
    assert names == ["input", "sin", "mul", "add"]
    assert active_nodes(found.graph, found.output, []) == []


def test_an_output_that_does_not_vary_has_no_gradient() -> None:
    """No adjoints, no flows, nothing appended."""
    found = built("sin(2) + 0*y", y=1.0)
    before = len(found.graph)
    assert gradient(found.graph, found.output, []) == ({}, ())
    assert len(found.graph) == before


def test_running_twice_appends_nothing_and_answers_the_same() -> None:
    """Nothing is accumulated in place."""
    found = built("mean(w*sin(x)^2 + x/w) + prod(x)*norm(w)", x=[1.0, 2.0, 3.0], w=[0.5, -1.0, 2.0])
    first = gradient(found.graph, found.output, found.inputs.values())
    size = len(found.graph)
    second = gradient(found.graph, found.output, found.inputs.values())
    assert len(found.graph) == size
    assert second == first


def test_the_expression_itself_is_not_touched() -> None:
    """Differentiation only appends."""
    found = built("mean(x*x) + x[0]", x=[1.0, 2.0])
    before = [found.graph.node(index) for index in range(len(found.graph))]
    gradient(found.graph, found.output, found.inputs.values())
    assert [found.graph.node(index) for index in range(len(before))] == before


def test_flows_are_edges_with_their_numbers() -> None:
    """x*x sends two flows to x; both are local times upstream, and they add up to the adjoint."""
    found = built("mean(x*x)", x=[1.0, 2.0, 3.0])
    sweep = gradient(found.graph, found.output, found.inputs.values())
    assert [(flow.source, flow.target, flow.operand) for flow in sweep.flows] == [(2, 1, 0), (1, 0, 0), (1, 0, 1)]
    wanted = [
        sweep.adjoints[0],
        *(node for flow in sweep.flows for node in (flow.local, flow.upstream, flow.contribution) if node is not None),
    ]
    adjoint, *numbers = executed(found, wanted, x=[1.0, 2.0, 3.0])
    for local, upstream, contribution in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
        assert np.array_equal(local * upstream, contribution)
    assert np.array_equal(numbers[5] + numbers[8], adjoint)


def test_contributions_are_added_in_the_order_of_the_sweep() -> None:
    """The adjoint of a node with many uses is the sum of its contributions, from the output back, to the last bit."""
    found = built("x*0.1 + x*0.2 + x*0.3 + sin(x) + x/3 + x*1e16 - x*1e16", x=0.7)
    sweep = gradient(found.graph, found.output, found.inputs.values())
    x = found.inputs["x"]
    into_x: list[Flow] = [flow for flow in sweep.flows if flow.target == x]
    adjoint, *contributions = executed(found, [sweep.adjoints[x], *(flow.contribution for flow in into_x)], x=0.7)
    assert len(contributions) == 7
    assert adjoint == sum(contributions[1:], start=contributions[0])


def test_the_sweep_visits_each_node_once() -> None:
    """Shared nodes do not multiply the work: sixty doublings are sixty nodes."""
    found = built("f(t) = t + t\n" + "f(" * 60 + "x" + ")" * 60, x=1.0)
    sweep = gradient(found.graph, found.output, found.inputs.values())
    assert len(sweep.flows) == 120
    assert executed(found, [sweep.adjoints[found.inputs["x"]]], x=1.0) == [2.0**60]


def test_every_active_node_gets_its_gradient() -> None:
    """Also intermediate ones, in their own shapes."""
    found = built("y = x*w; z = sin(y); sum(z)*w", x=[0.1, 0.2], w=3.0)
    sweep = gradient(found.graph, found.output, found.inputs.values())
    assert set(sweep.adjoints) == set(active_nodes(found.graph, found.output, found.inputs.values()))
    assert all(found.graph.shapes[adjoint] == found.graph.shapes[node] for node, adjoint in sweep.adjoints.items())
    names = {name: node for node, name in found.graph.names.items()}
    for_y, for_z = executed(found, [sweep.adjoints[names["y"]], sweep.adjoints[names["z"]]], x=[0.1, 0.2], w=3.0)
    assert for_z.tolist() == [3.0, 3.0]
    assert for_y == pytest.approx(3 * np.cos([0.3, 0.6]), rel=1e-15, abs=0)


def test_a_seed_is_a_cotangent() -> None:
    """Of the output's shape; without one the output is differentiated by itself."""
    found = built("x*x", x=[1.0, 2.0, 3.0])
    seed = found.graph.value(found.graph.append_constant((1.0, 10.0, 100.0), (3,)))
    sweep = gradient(found.graph, found.output, found.inputs.values(), seed)
    assert executed(found, [sweep.adjoints[found.inputs["x"]]], x=[1.0, 2.0, 3.0])[0].tolist() == [2.0, 40.0, 600.0]
    plain = built("x", x=3.0)
    assert plain.graph.number(gradient(plain.graph, plain.output, [0]).adjoints[0]) == 1.0


@pytest.mark.parametrize(
    ("text", "values", "gradient_of_b"),
    [
        ("sum(a*b)", {"a": [1.0, 2.0, 3.0], "b": 5.0}, 6.0),
        ("sum(a - b)", {"a": [1.0, 2.0, 3.0], "b": [5.0]}, [-3.0]),
        ("sum(a*b)", {"a": [[1.0, 2.0], [3.0, 4.0]], "b": [5.0, 6.0]}, [4.0, 6.0]),
        ("sum(a*b)", {"a": [[1.0, 2.0], [3.0, 4.0]], "b": [[5.0], [6.0]]}, [[3.0], [7.0]]),
        ("sum(a*b)", {"a": [[[1.0]], [[2.0]]], "b": [[3.0, 4.0]]}, [[3.0, 3.0]]),
        ("sum(where(a > 0, b, 1))", {"a": [1.0, -1.0, 1.0], "b": 5.0}, 2.0),
        ("sum([b, b, a[0]])", {"a": [1.0], "b": 5.0}, 2.0),
        ("sum(a)*b[1]", {"a": [1.0, 2.0], "b": [5.0, 6.0]}, [0.0, 3.0]),
    ],
)
def test_what_was_broadcast_is_summed(text: str, values: dict[str, object], gradient_of_b: object) -> None:
    """A gradient has its variable's shape."""
    found = derived(text, **values)["b"]
    assert np.shape(found) == np.shape(values["b"])
    assert found.tolist() == gradient_of_b
