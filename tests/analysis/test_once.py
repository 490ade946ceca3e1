"""What an answer needs is read, built, swept and executed once."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.comparison.judging import compare_report
from diffcli.analysis.drawing.drawing import drawn
from diffcli.analysis.drawing.torch_graph import torch_report
from diffcli.analysis.execution import executed
from diffcli.analysis.hessian import hessian_report
from diffcli.analysis.jacobian import jacobian_report
from diffcli.analysis.lost_digits import again
from diffcli.analysis.problem import Problem, pose
from diffcli.analysis.second_order import Expansion, gradient_at, hessian_at
from diffcli.analysis.sweep import pushed, swept
from diffcli.analysis.values import read_bindings
from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import gradient
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.executors.scalars import scalars
from diffcli.execute.many_digits import of_digits
from diffcli.execute.rounding import Shaken
from diffcli.execute.schedule import scheduled
from diffcli.graph.build import build
from diffcli.source import Source
from diffcli.syntax.tokens import tokens

COUNTED = {function.__code__: function.__name__ for function in (build, drawn, executed, gradient, tangents, tokens)}
#: What is made of a graph to run it again, and the runs with rounding errors that answers are judged by.
MADE = {function.__code__: function.__qualname__ for function in (scheduled, scalars, Shaken.__init__)}


@contextmanager
def counted(functions: Mapping[CodeType, str] = COUNTED) -> Iterator[Counter[str]]:
    """How often functions are called within, by name."""
    found: Counter[str] = Counter()

    def seen(frame: FrameType, event: str, _: Any) -> None:
        code: CodeType = frame.f_code
        if event == "call" and code in functions:
            found[functions[code]] += 1

    sys.setprofile(seen)
    try:
        yield found
    finally:
        sys.setprofile(None)


def posed(text: str, at: str) -> Problem:
    """A problem with values."""
    return pose(Source(text), read_bindings([Source(at, "--at")]))


def test_a_gradient_and_its_drawing_come_from_one_run() -> None:
    """As a handout shows both; no other test asks for this gradient, whose second run would keep no nodes."""
    report = diffcli.grad("mean(x*x)*3.7", x=[1, 2, 3], symbolic=False)
    with counted() as calls:
        assert len(report.drawing.nodes) == 5
    assert calls == {"drawn": 1}


@pytest.mark.parametrize("lr", ["auto", 0.1, None])
def test_a_descent_sweeps_once(lr: Any) -> None:
    """The rate, the run and its diagnosis share a graph."""
    with counted() as calls:
        diffcli.descend("mean(x*x)", x=[1, 2], steps=3, lr=lr)
    assert (calls["build"], calls["gradient"], calls["tangents"]) == (1, 1, 1)


def test_a_jacobian_pushes_one_tangent() -> None:
    """Also where it is computed again, with rounding at random."""
    with counted() as calls:
        jacobian_report(posed("x*x", "1,2,3"))
    assert (calls["build"], calls["gradient"], calls["tangents"]) == (1, 1, 1)


def test_a_hessian_sweeps_once() -> None:
    """The matrix, its eigenvalues and what rounding makes of all share a graph, and runs with errors: three of them."""
    with counted({**COUNTED, **MADE}) as calls:
        hessian_report(posed("sum(x*x*y)", "x=1,2;y=3"))
    assert (calls["build"], calls["gradient"], calls["tangents"], calls["executed"]) == (1, 1, 1, 1)
    assert (calls["scheduled"], calls["scalars"]) == (1 + 3, 0)


@pytest.mark.parametrize(
    ("text", "same_everywhere"),
    [("mean(x*x)+x[0]*x[1]+3*y", True), ("mean(x*x)+y*x[0]^2", False), ("sum(x^3)+y", False)],
)
def test_a_hessian_that_is_the_same_everywhere_is_computed_once(text: str, same_everywhere: bool) -> None:
    """And one that is not at each point, in each arithmetic."""
    problem = posed(text, "x=1,2;y=3")
    there = problem._replace(values={"x": np.array([-0.3, 0.5]), "y": np.array(0.25)})
    sweep = swept(problem).apart()
    push = pushed(sweep.built, problem.wrt, max(sweep.adjoints))
    expansion = Expansion(sweep, push)
    for arithmetic in (FLOAT64, Shaken(1), of_digits(30)):
        here, away = (expansion.at(again(each, arithmetic)) for each in (problem, there))
        assert (here.matrix is away.matrix) == same_everywhere
        assert here.value != away.value
    for each in (problem, there):
        found = expansion.at(each)
        assert found.matrix.tolist() == hessian_at(each, sweep, push).tolist()
        assert found.slope.tolist() == gradient_at(each, sweep).tolist()


def test_a_comparison_compiles_its_expression_once() -> None:
    """For all differences by all elements, and for those by step."""
    with counted({**COUNTED, **MADE}) as calls:
        compare_report(posed("sum(x*x*y)", "x=1,2;y=3"), sweep=True)
    assert (calls["build"], calls["gradient"], calls["scalars"]) == (1, 1, 1)


def test_a_compiled_function_is_scheduled_once_for_a_kind_of_answer() -> None:
    """However often it is called."""
    f = diffcli.compile("x*x*y", x=[1.0, 2.0], y=3.0, wrt="x")
    with counted({**COUNTED, **MADE}) as calls:
        for _ in range(3):
            f.jacobian([1.0, 2.0])
            f.vjp([1.0, 1.0], [4.0, 5.0])
            f.jvp([1.0, 1.0], y=3.0)
    assert (calls["tokens"], calls["scheduled"]) == (0, 3)


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("where(x > 0, log(x), 0)", -1.5),
        ("sum(where(x > 0, sqrt(x), where(x < -1, x^2, sqrt(-x))))", [-1.5, 2.0, -0.5]),
        ("sum(where(x < 0, x, tanh(log(x))*sqrt(x)))", [-1.5, 2.0, 0.5]),
    ],
)
def test_a_branch_that_is_not_taken_needs_no_trace_again(text: str, x: Any) -> None:
    """Though it has no value there; the answers are those of the trace."""
    first = diffcli.grad(text, x=x, symbolic=True)
    diffcli.grad(text, x=x)
    with counted() as calls:
        again = diffcli.grad(text, x=x)
    assert calls["executed"] == 0
    assert again.value == first.value
    assert np.array_equal(again.gradient["x"], first.gradient["x"])


def test_a_branch_that_is_taken_has_to_be_finite() -> None:
    """Also where a function hides what is not."""
    text = "where(x >= 0, tanh(log(x)), 0)"
    for _ in range(2):
        diffcli.grad(text, x=-1.0)
    with pytest.raises(diffcli.DiffcliError, match="log"):
        diffcli.grad(text, x=0.0)


def test_what_pytorch_records_needs_no_drawing() -> None:
    """Nor a sweep."""
    problem = posed("mean(x*x)", "1,2,3")
    with counted() as calls:
        torch_report(problem, False)
    assert calls == {"build": 1, "executed": 1}


def test_a_program_is_parsed_once() -> None:
    """The one that is differentiated is the one that is written in another language."""
    with counted() as calls:
        assert diffcli.diff("sin(x)^2", form="numpy").code
    assert calls["tokens"] == 1


@pytest.mark.parametrize("text", ["1.5,-2e3,3", "[[1,2],[3,4]]", "7"])
def test_a_literal_list_is_read_by_one_pass(text: str) -> None:
    """No graph is built of plain numbers."""
    with counted() as calls:
        read_bindings([Source(f"x={text}", "--at")])
    assert not calls
