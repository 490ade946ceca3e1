"""What is true of every slip, of every primitive: it is a graph whose answer is not the right one."""

from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np
import pytest
from amount import sampled
from conftest import COUNTED
from laws.cases import CASES, Case

from diffcli.analysis.slips.gradient_slips import gradient_slips
from diffcli.analysis.slips.naming import named
from diffcli.analysis.slips.slip import Slip
from diffcli.autodiff.reverse import gradient
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph
from diffcli.primitives.reductions import sum as total
from diffcli.source import Source

from .asking import asked, graph_of

#: The first case of each primitive.
FIRST = list({case.primitive: case for case in reversed(CASES)}.values())


def _posed(case: Case) -> tuple[Graph, int, dict[str, int]]:
    """The sum of a primitive's result, of operands that are functions themselves where they may be."""
    graph = Graph()
    inputs = {f"x{place}": graph.append_input(f"x{place}", shape, None) for place, shape in enumerate(case.shapes)}
    operands = [graph.value(node) for node in inputs.values()]
    result = graph.apply(case.primitive, operands, tuple(case.parameters.items()))
    output = graph.apply(total, [result * result]) if result.shape else result * result
    return graph, output.index, {f"x{place}": inputs[f"x{place}"] for place in case.varying}


def check(slip: Slip) -> None:
    """Operands come before their nodes, and an answer is no right one by construction."""
    for node in slip.answers.values():
        for needed in slip.graph.needed([node]):
            assert all(operand < needed for operand in slip.graph.operands[needed])
    assert dict(slip.answers) != dict(slip.right)
    assert slip.told
    assert slip.rule
    assert "{" not in slip.told
    assert "{" not in slip.rule


@pytest.mark.parametrize("case", FIRST, ids=lambda case: case.primitive.name)
def test_a_slip_is_a_graph_with_another_value(case: Case) -> None:
    graph, output, wrt = _posed(case)
    before = len(graph)
    for slip in gradient_slips(graph, output, wrt, Source("")):
        check(slip)
        assert _differs(slip, dict(enumerate(case.points())))
    assert len(graph) == before


def _differs(slip: Slip, point: dict[int, Any] | None = None) -> bool:
    """Whether some answer can be seen to differ from the right one, at points of this test's own."""
    inputs = {node: slip.graph.shapes[node] for node, each in enumerate(slip.graph.primitives) if each.name == "input"}
    random = np.random.default_rng(1)
    points: list[dict[int, Any]] = [point] if point else []
    for low, high in ((0.2, 0.9), (1.2, 3.0), (-2.0, -0.3), (1.0, 3.0)) * 4:
        points.append({node: random.uniform(low, high, shape)[()] for node, shape in inputs.items()})
    for at in points:
        found = Program(slip.graph, [*slip.answers.values(), *slip.right.values()]).run(at)
        wrong, right = found[: len(slip.answers)], found[len(slip.answers) :]
        for one, other in zip(wrong, right, strict=True):
            if np.shape(one) != np.shape(other) or (
                np.all(np.isfinite(one)) and np.all(np.isfinite(other)) and not np.allclose(one, other, 1e-7, 1e-9)
            ):
                return True
    return False


EXPRESSIONS = (
    ("x^2*sin(x)/(1 + exp(x))", {}),
    ("y = w*x + b; (sigmoid(y) - t)^2 + 0.1*w^2", {}),
    ("mean((A @ x - b)^2)", {"A": (3, 3), "x": (3,), "b": (3,)}),
    ("sum(log(softmax(A @ tanh(B @ x + c))))", {"A": (2, 2), "B": (2, 3), "x": (3,), "c": (2,)}),
    ("norm(x - y)/norm(x) + max(x)*min(y)", {"x": (3,), "y": (3,)}),
    ("sum(where(x > 1, sqrt(x), x^2)*w)", {"x": (4,), "w": ()}),
    ("det(A) + trace(inv(A)) + sum(A[0]*A[:, 1])", {"A": (3, 3)}),
    ("2^x^2 - -x^-3 + abs(x)", {}),
)


@pytest.mark.parametrize(("text", "shapes"), EXPRESSIONS)
def test_slips_of_an_expression(text: str, shapes: dict[str, Any]) -> None:
    built = graph_of(text, shapes)
    slips = list(gradient_slips(built.graph, built.output, built.inputs, Source(text)))
    assert len(slips) >= 10
    for slip in slips:
        check(slip)
        assert _differs(slip)
        if slip.span is not None:
            assert 0 <= slip.span.start < slip.span.end <= len(text)


@pytest.mark.parametrize(("text", "shapes"), sampled(EXPRESSIONS, 3))
def test_each_slip_is_found_again(text: str, shapes: dict[str, Any]) -> None:
    """An answer that is computed by a slip is one of those that fit, or it is the right one at all points."""
    built = graph_of(text, shapes)
    for slip in gradient_slips(built.graph, built.output, built.inputs, Source(text)):
        case = asked(text, dict.fromkeys(slip.answers, "0"), shapes)
        seen = tuple(sighting._replace(answer=_answers(slip, built.inputs, sighting.at)) for sighting in case.seen)
        found = list(gradient_slips(built.graph, built.output, built.inputs, Source(text), seen))
        naming = named(found, seen)
        if all(np.all(np.isfinite(each)) for sighting in seen for each in sighting.answer.values()):
            kinds = {(each.kind, each.family) for each in found}
            assert (
                slip.kind in {kind for kind, _ in kinds} or slip.family in {family for _, family in kinds} or not naming
            )


def _answers(slip: Slip, inputs: dict[str, int], at: Any) -> dict[str, Any]:
    values = Program(slip.graph, list(slip.answers.values())).run({inputs[name]: value for name, value in at.items()})
    return dict(zip(slip.answers, values, strict=True))


def test_the_cost_of_a_long_question(record_property: Callable[[str, object], None]) -> None:
    """The slips of 200 operations are tried in the time of a hundred of their gradients."""
    text = " + ".join(f"sin({number}*x^{number % 5 + 2})*cos({number} + x)" for number in range(1, 19))
    case = asked(text, "x + 1")
    graph = case.built.graph
    assert len(graph) >= 180

    def cost(work: Callable[[], object]) -> float:
        def once() -> float:
            start = process_time()
            work()
            return process_time() - start

        return min(once() for _ in range(5))

    naming = cost(case.naming)
    sweep = cost(lambda: gradient(graph.copied(), case.built.output, case.built.inputs.values()))
    record_property(COUNTED, f"slips: 200 operations in {1000 * naming:.0f} ms, a gradient in {1000 * sweep:.1f} ms")
    assert naming <= 300 * sweep
