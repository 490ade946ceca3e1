"""Slips of what is asked inside a question: gradients at nodes, local derivatives, values, second derivatives."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.slips.higher_slips import higher_slips, second_slips
from diffcli.analysis.slips.naming import Naming, named
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.step_slips import local_slips, node_slips, value_slips
from diffcli.graph.build import Built
from diffcli.graph.graph import Graph
from diffcli.graph.node_formula import label
from diffcli.source import Source

from .asking import Point, computed, drawn, graph_of

pytestmark = pytest.mark.fast

#: The name of the only answer.
ONLY = ""


def sighted(
    right: tuple[Graph, Mapping[str, int]], built: Built, points: Iterable[Point], texts: Mapping[str, str]
) -> tuple[Sighting, ...]:
    """Answers as they are typed at points, beside the nodes of the right ones."""
    graph, nodes = right
    shapes = {name: graph.shapes[node] for name, node in built.inputs.items()}
    given = {name: graph_of(text, shapes) for name, text in texts.items()}
    return tuple(
        Sighting(
            {name: np.asarray(value, float)[()] for name, value in point.items()},
            computed(graph, {name: nodes[name] for name in texts}, built.inputs, point),
            {name: computed(each.graph, {name: each.output}, each.inputs, point)[name] for name, each in given.items()},
        )
        for point in points
    )


def right_of(slips: Iterable[Slip]) -> tuple[Graph, dict[str, int]]:
    """The nodes of the right answers, as the slips have them."""
    found: dict[str, int] = {}
    graph = None
    for slip in slips:
        graph = slip.graph
        found |= slip.right
    assert graph is not None
    return graph, found


def node_of(built: Built, text: str, source: str) -> int:
    """The node that a piece of the question stands for, or a name."""
    for node in range(built.output, -1, -1):
        span = built.graph.spans[node]
        if label(built.graph, node) == text or (span is not None and source[span.start : span.end] == text):
            return node
    raise AssertionError(text)


UNIT = "z = w*x + b; (sigmoid(z) - t)^2"
UNIT_AT = {"w": 0.5, "x": 3.0, "b": -1.0, "t": 0.25}


@pytest.mark.parametrize(
    ("question", "node", "answer", "kind"),
    [
        (UNIT, "z", "2*(sigmoid(w*x+b)-t)", "activation-left-out"),
        (UNIT, "z", "sigmoid(w*x+b)*(1-sigmoid(w*x+b))", "upstream-missing"),
        (UNIT, "z", "w*x+b", "value-for-gradient"),
        (UNIT, "z", "2*(sigmoid(w*x+b)-t)*(1-sigmoid(w*x+b))", "sigmoid-half"),
        (UNIT, "z", "2*(sigmoid(w*x+b)-t)*sigmoid(w*x+b)*(1-sigmoid(w*x+b))*x", "other-variable"),
        (UNIT, "sigmoid(z)", "sigmoid(w*x+b) - t", "power-factor-missing"),
        (UNIT, "sigmoid(z)", "2*(sigmoid(w*x+b) - t)^2", "exponent-not-lowered"),
        (UNIT, "sigmoid(z)", "-2*(sigmoid(w*x+b) - t)", "other-variable"),
        ("y = x^2; y^3*b + b", "y", "-3*x^4*b", "wrong-sign"),
        ("y = x^2; y*sin(y) + y", "y", "sin(x^2) + 1", "product-one-term"),
        ("y = x^2; y*sin(y) + y", "y", "sin(x^2) + x^2*cos(x^2)", "use-forgotten"),
        ("y = x^2; exp(y)*b*y", "y", "exp(x^2)*b", "product-one-term"),
    ],
)
def test_the_gradient_at_a_node(question: str, node: str, answer: str, kind: str) -> None:
    built = graph_of(question, {})
    of = {ONLY: node_of(built, node, question)}
    source = Source(question)
    right = right_of(node_slips(built.graph, built.output, of, source))
    seen = sighted(right, built, drawn(dict.fromkeys(built.inputs, ()), question), {ONLY: answer})
    naming = named(node_slips(built.graph, built.output, of, source, seen), seen)
    assert naming is not None
    assert kind in naming.kinds
    assert len(naming.kinds) <= 2


@pytest.mark.parametrize(
    ("question", "source", "position", "answer", "kind"),
    [
        ("(w*x + b)^2", "w*x", 0, "2*(w*x+b)*x", "contribution-for-local"),
        ("(w*x + b)^2", "w*x", 0, "w", "other-operand"),
        ("(w*x + b)^2", "w*x", 0, "w*x", "value-for-local"),
        ("(w*x + b)^2", "w*x", 0, "2*(w*x+b)", "upstream-for-local"),
        ("(w*x + b)^2", "(w*x + b)^2", 0, "w*x+b", "power-factor-missing"),
        ("(w*x + b)^2", "(w*x + b)^2", 0, "2*(w*x+b)^2", "exponent-not-lowered"),
        ("cos(x)*w", "cos(x)", 0, "sin(x)", "cosine-sign"),
        ("sin(x)*w", "sin(x)", 0, "-cos(x)", "sine-sign"),
        ("w*tan(x)", "tan(x)", 0, "1/cos(x)", "tangent-not-squared"),
        ("w*(x/(y+1))", "x/(y+1)", 1, "x/(y+1)^2", "quotient-sign"),
        ("w*exp(x)", "exp(x)", 0, "x*exp(x-1)", "exponential-as-power"),
        ("w*sqrt(x)", "sqrt(x)", 0, "1/sqrt(x)", "root-half-missing"),
    ],
)
def test_a_local_derivative(question: str, source: str, position: int, answer: str, kind: str) -> None:
    built = graph_of(question, {})
    node, text = node_of(built, source, question), Source(question)
    right = right_of(local_slips(built.graph, built.output, node, position, ONLY, text))
    seen = sighted(right, built, drawn(dict.fromkeys(built.inputs, ()), question), {ONLY: answer})
    naming = named(local_slips(built.graph, built.output, node, position, ONLY, text, seen), seen)
    assert naming is not None
    assert kind in naming.kinds


@pytest.mark.parametrize(
    ("question", "point", "answer", "kind"),
    [
        ("sin(x) + x", {"x": 30.0}, "30.5", "degrees"),
        ("2*cos(x)", {"x": 50.0}, "2*cos(50*pi/180)", "degrees"),
        ("x*tan(x)", {"x": 20.0}, "20*tan(pi/9)", "degrees"),
        ("x + log(x)", {"x": 50.0}, "50 + log10(50)", "logarithm-to-base-10"),
        ("x*log10(x)", {"x": 7.0}, "7*ln(7)", "logarithm-as-natural"),
        ("-x^2 + 150", {"x": 13.0}, "319", "sign-in-power"),
        ("1000 - 3*x^4", {"x": 7.0}, "1000 - (3*7)^4", "factor-in-power"),
        ("100/x*y", {"x": 7.0, "y": 13.0}, "100/91", "all-divided"),
        ("2^x^y", {"x": 3.0, "y": 4.0}, "4096", "power-from-left"),
        ("mean(x*x)", {"x": [11.0, 13.0, 17.0]}, "579", "mean-as-sum"),
        ("sum(x^3)", {"x": [11.0, 13.0, 18.0]}, "9360/3", "sum-as-mean"),
        ("(1 + x^2)^3*7", {"x": 13.0}, "170^3", "stopped-early"),
        ("x^3 - 5000*x", {"x": 13.0}, "62803", "wrong-sign"),
    ],
)
def test_a_forward_value(question: str, point: dict[str, Any], answer: str, kind: str) -> None:
    built = graph_of(question, {name: np.shape(value) for name, value in point.items()})
    source = Source(question)
    seen = sighted((built.graph, {ONLY: built.output}), built, [point], {ONLY: answer})
    slips = list(value_slips(built.graph, built.output, ONLY, source, seen))
    naming = named(slips, seen)
    assert kind in {slip.kind for slip in slips}
    assert naming is not None
    assert kind in naming.kinds


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("x^5 + sin(x)", "5x^4 + cos(x)", "differentiated-once"),
        ("x^5 + sin(x)", "60x^2 - cos(x)", "differentiated-again"),
        ("x^5 + sin(x)", "(5x^4 + cos(x))^2", "first-derivatives-multiplied"),
        ("x^5 + sin(x)", "x^5 + sin(x)", "not-differentiated"),
        ("x^5 + sin(x)", "20x^3 + sin(x)", "cosine-sign"),
        ("x^5 + x^3", "4x^3 + 6x", "power-factor-missing"),
        ("x*exp(3x)", "6exp(3x)", "product-one-term"),
        ("sin(4x)", "-4*sin(4x)", "inner-derivative-missing"),
        ("sin(4x)", "-sin(4x)", "constant-factor-missing"),
        ("x^2*exp(5x)", "-(2 + 20x + 25x^2)*exp(5x)", "wrong-sign"),
        ("log(x)*x^4", "8x", "product-of-derivatives"),
    ],
)
def test_a_second_derivative(question: str, answer: str, kind: str) -> None:
    naming = _second(question, {"x,x": answer})
    assert naming is not None
    assert kind in naming.kinds


@pytest.mark.parametrize(
    ("question", "order", "answer", "kind"),
    [
        ("x^6 + sin(x)", 3, "6x^5 + cos(x)", "differentiated-once"),
        ("x^6 + sin(x)", 3, "30x^4 - sin(x)", "differentiated-too-little"),
        ("x^6 + sin(x)", 3, "360x^2 + sin(x)", "differentiated-again"),
        ("x^6 + sin(x)", 3, "x^6 + sin(x)", "not-differentiated"),
        ("x^6 + sin(x)", 3, "120x^3 + cos(x)", None),
        ("x^6 + sin(x)", 3, "120x^4 - cos(x)", "exponent-not-lowered"),
        ("exp(3x)", 3, "9*exp(3x)", "inner-derivative-missing"),
        ("exp(3x) + x^4", 4, "27*exp(3x) + 24", "inner-derivative-missing"),
        ("sin(2x) + x^5", 4, "-16*sin(2x) + 120*x", "sine-sign"),
        ("x^7", 4, "210x^4", "differentiated-too-little"),
        ("x^4 + cos(x)", 3, "24x + sin(x)", None),
    ],
)
def test_a_derivative_of_a_higher_order(question: str, order: int, answer: str, kind: str | None) -> None:
    built, source, key = graph_of(question, {}), Source(question), ",".join("x" * order)
    right = right_of(higher_slips(built.graph, built.output, built.inputs, source, order))
    seen = sighted(right, built, drawn({"x": ()}, question), {key: answer})
    naming = named(higher_slips(built.graph, built.output, built.inputs, source, order, seen), seen)
    assert kind is None or naming is not None
    assert naming is None or kind in naming.kinds


def test_a_mixed_derivative_of_the_third_order() -> None:
    report = diffcli.check("x^4*y^3", order=3, answer="x,x,x = 24x*y^3; x,x,y = 72x^2*y; x,y,y = 24x^3*y; y,y,y = 6x^4")
    assert report.slip is not None
    assert report.slip.kinds == ("other-variable",) or "differentiated" in report.slip.told


@pytest.mark.parametrize(
    ("question", "at", "answer", "kind"),
    [
        ("7*x^2 + 13*y^2", {"x": 1, "y": 1}, "1/26", "rate-of-one-step"),
        ("7*x^2 + 13*y^2", {"x": 1, "y": 1}, "1/7", "smaller-curvature"),
        ("7.31*x^2", {"x": 1}, "14.62", "curvature-for-rate"),
        ("7.31*x^2", {"x": 1}, "7.31", "rate-inverted"),
        ("7.31*x^2", {"x": 1}, "5", None),
    ],
)
def test_a_stable_rate(question: str, at: dict[str, Any], answer: str, kind: str | None) -> None:
    report = diffcli.check(question, stable_rate=True, answer=answer, **at)
    assert report.verdict == "wrong"
    assert (None if report.slip is None else report.slip.kinds) == (None if kind is None else (kind,))


def test_a_mixed_derivative() -> None:
    naming = _second("x^3*y^4", {"x,y": "6x*y^4"})
    assert naming is not None
    assert naming.kinds == ("other-variable",)
    assert naming.told == "this is the second derivative by x,x"
    assert _second("x^3*y^4", {"x,y": "12x^2*y^3"}) is None
    assert _second("x^3*y^4", {"x,y": "12x^2*y^3*37/27"}) is None


def _second(question: str, answers: Mapping[str, str]) -> Naming | None:
    built = graph_of(question, {})
    source = Source(question)
    right = right_of(second_slips(built.graph, built.output, built.inputs, source))
    seen: Sequence[Sighting] = sighted(right, built, drawn(dict.fromkeys(built.inputs, ()), question), answers)
    return named(second_slips(built.graph, built.output, built.inputs, source, seen), seen)
