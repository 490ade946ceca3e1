"""The forward walk: tangents of what varies, and its agreement with the backward sweep on whole expressions."""

from collections.abc import Mapping

import numpy as np
import pytest

from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import gradient
from diffcli.execute.program import Program
from diffcli.graph.graph import Value
from diffcli.primitives.reductions import sum as total

from .test_reverse import built, executed

pytestmark = pytest.mark.fast

EXPRESSIONS: list[tuple[str, dict[str, object]]] = [
    ("mean(x*x)", {"x": [1.0, 2.0, 3.0]}),
    ("sum(sin(x*w) + x/w)", {"x": [0.5, 1.5], "w": 2.0}),
    ("sum(A*x)*norm(x)", {"A": [[1.0, 2.0], [3.0, 4.0]], "x": [0.3, -0.7]}),
    ("prod(x)*max(x) - min(x)", {"x": [1.0, 2.0, 3.0]}),
    ("y = exp(-x^2); sum([y, y*x][0]) + dot(x, y[::-1])", {"x": [0.1, 0.2, 0.3]}),
    ("sum(where(x > 0, log(x), x^3)*softplus(w))", {"x": [0.5, -0.5], "w": [[1.0], [2.0]]}),
]


def test_what_does_not_vary_has_no_tangent() -> None:
    """Constants, and variables without a seed, have no entry."""
    found = built("a = sin(x); b = cos(y); a*b + 2", x=1.0, y=1.0)
    along = tangents(found.graph, found.output, {found.inputs["x"]: found.graph.filled(1.0)})
    names = {found.graph.primitives[node].name for node in along}
    assert names == {"input", "sin", "mul", "add"}
    assert found.inputs["y"] not in along


def test_without_seeds_nothing_is_appended() -> None:
    """An empty direction has no derivative."""
    found = built("sin(x)*x", x=1.0)
    before = len(found.graph)
    assert tangents(found.graph, found.output, {}) == {}
    assert len(found.graph) == before


def test_running_twice_appends_nothing() -> None:
    """The same seeds give the same nodes."""
    found = built("sum(sin(x)*x)", x=[1.0, 2.0])
    seed = found.graph.value(found.graph.append_constant((1.0, -1.0), (2,)))
    first = tangents(found.graph, found.output, {found.inputs["x"]: seed})
    size = len(found.graph)
    second = tangents(found.graph, found.output, {found.inputs["x"]: seed})
    assert {node: tangent.index for node, tangent in first.items()} == {
        node: tangent.index for node, tangent in second.items()
    }
    assert len(found.graph) == size


def test_a_tangent_has_its_nodes_shape() -> None:
    """Also where a number is broadcast along an array."""
    found = built("A*x + w", A=np.ones((2, 3)), x=np.ones(3), w=1.0)
    along = tangents(found.graph, found.output, {found.inputs["w"]: found.graph.filled(1.0)})
    assert all(tangent.shape == found.graph.shapes[node] for node, tangent in along.items())
    assert (
        executed(found, [along[found.output].index], A=np.ones((2, 3)), x=np.ones(3), w=1.0)[0].tolist()
        == [[1.0] * 3] * 2
    )


def test_a_seed_within_the_graph_is_kept() -> None:
    """An intermediate node's given tangent counts, whatever the tangents of what it is made of."""
    found = built("y = x*x; y*3 + x", x=2.0)
    [y] = [node for node, name in found.graph.names.items() if name == "y"]
    for seeds, expected in (
        ({y: 10.0}, 30.0),
        ({found.inputs["x"]: 1.0, y: 10.0}, 31.0),
        ({found.inputs["x"]: 1.0}, 13.0),
    ):
        along = tangents(found.graph, found.output, {node: found.graph.filled(seed) for node, seed in seeds.items()})
        assert executed(found, [along[found.output].index], x=2.0) == [expected]


@pytest.mark.parametrize(("text", "values"), EXPRESSIONS)
def test_the_derivative_along_a_direction_is_the_gradients_component(text: str, values: dict[str, object]) -> None:
    """Forward and reverse mode agree on whole expressions, relative 1e-13."""
    found = built(text, **values)
    directions = _directions(values)
    seeds = {
        found.inputs[name]: found.graph.value(found.graph.append_input("", np.shape(value), None))
        for name, value in values.items()
    }
    along = tangents(found.graph, found.output, seeds)[found.output]
    sweep = gradient(found.graph, found.output, found.inputs.values())
    inputs = {
        **_inputs(found.inputs, values),
        **{seeds[found.inputs[name]].index: direction for name, direction in directions.items()},
    }
    forward, *parts = _run([along, *(found.graph.value(sweep.adjoints[found.inputs[name]]) for name in values)], inputs)
    terms = [part * directions[name] for name, part in zip(values, parts, strict=True)]
    assert abs(forward - sum(np.sum(term) for term in terms)) <= 1e-13 * sum(np.sum(np.abs(term)) for term in terms)


@pytest.mark.parametrize(("text", "values"), EXPRESSIONS)
def test_forward_over_reverse_is_reverse_over_reverse(text: str, values: dict[str, object]) -> None:
    """A Hessian times a vector, by both ways, relative 1e-12 with a floor of 1e-6 of the largest component."""
    found = built(text, **values)
    graph, directions = found.graph, _directions(values)
    variables = [found.inputs[name] for name in values]
    tangent = {node: graph.value(graph.append_input("", graph.shapes[node], None)) for node in variables}
    once = [graph.value(gradient(graph, found.output, variables).adjoints[node]) for node in variables]
    forward = [tangents(graph, adjoint.index, tangent).get(adjoint.index) for adjoint in once]
    weighed = [total(adjoint * tangent[node]) for adjoint, node in zip(once, variables, strict=True)]
    along = sum(weighed[1:], start=weighed[0])
    twice = gradient(graph, along.index, variables).adjoints
    backward = [graph.value(twice[node]) if node in twice else None for node in variables]
    inputs = {
        **_inputs(found.inputs, values),
        **{tangent[found.inputs[name]].index: direction for name, direction in directions.items()},
    }
    pairs = [(a, b) for a, b in zip(forward, backward, strict=True) if a is not None and b is not None]
    assert [a is None for a in forward] == [b is None for b in backward]
    results = [tuple(_run(list(pair), inputs)) for pair in pairs]
    floor = 1e-6 * max(float(np.max(np.abs(b))) for _, b in results)
    for a, b in results:
        assert np.all(np.abs(a - b) <= 1e-12 * np.maximum(np.abs(b), floor))


@pytest.mark.parametrize(
    ("text", "derivatives"),
    [("x^4", [32.0, 48.0, 48.0, 24.0, 0.0]), ("exp(2*x)", [2.0**k * np.exp(4.0) for k in range(1, 6)])],
)
def test_higher_orders_are_the_same_pass_again(text: str, derivatives: list[float]) -> None:
    """Each derivative is differentiated for the next, relative 1e-13."""
    found = built(text, x=2.0)
    node = found.output
    for derivative in derivatives:
        adjoints = gradient(found.graph, node, [found.inputs["x"]]).adjoints
        if found.inputs["x"] not in adjoints:
            assert derivative == 0.0
            break
        node = adjoints[found.inputs["x"]]
        assert executed(found, [node], x=2.0)[0] == pytest.approx(derivative, rel=1e-13, abs=0)


def _directions(values: dict[str, object]) -> dict[str, np.ndarray]:
    return {name: np.cos(np.arange(1.0, 1 + np.size(value))).reshape(np.shape(value)) for name, value in values.items()}


def _inputs(nodes: Mapping[str, int], values: dict[str, object]) -> dict[int, np.ndarray]:
    return {nodes[name]: np.asarray(value, dtype=float)[()] for name, value in values.items()}


def _run(targets: list[Value], inputs: dict[int, np.ndarray]) -> list[np.ndarray]:
    return Program(targets[0].graph, [target.index for target in targets]).run(inputs)
