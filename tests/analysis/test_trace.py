"""The trace: a row for each node and each flow, made when it is looked at."""

import numpy as np
import pytest

import diffcli
from diffcli.analysis.gradient import GradReport
from diffcli.analysis.trace import Rows, excerpt
from diffcli.graph.graph import Graph
from diffcli.source import Source, Span

pytestmark = pytest.mark.fast


def test_rows_are_made_when_they_are_looked_at() -> None:
    """Counting, indexing and slicing a million rows makes only those asked for."""
    made: list[int] = []

    def row(index: int) -> int:
        made.append(index)
        return index * index

    rows: Rows[int] = Rows(1_000_000, row)
    assert len(rows) == 1_000_000
    assert made == []
    assert (rows[3], rows[-1], list(rows[5:8]), list(rows[-2:])) == (
        9,
        999_999**2,
        [25, 36, 49],
        [999_998**2, 999_999**2],
    )
    assert made == [3, 999_999, 5, 6, 7, 999_998, 999_999]
    assert next(iter(rows)) == 0
    assert len(made) == 8


def test_rows_end_where_they_end() -> None:
    """As a list's."""
    rows: Rows[int] = Rows(3, lambda index: index)
    assert list(rows) == [0, 1, 2]
    assert list(rows[1:100]) == [1, 2]
    for index in (3, -4):
        with pytest.raises(IndexError):
            rows[index]


def test_a_long_trace_costs_what_is_shown_of_it() -> None:
    """The last rows of two hundred thousand need no others."""
    trace = diffcli.grad("x" + " + x*2" * 50_000, x=1.0).trace
    assert len(trace.nodes) == 1 + 3 * 50_000
    assert len(trace.flows) == 3 * 50_000
    assert trace.nodes[-1].value == 100_001.0
    assert trace.flows[-1].running is not None


def test_nodes_tell_their_value_and_gradient() -> None:
    """In the order of the forward sweep; a constant has no gradient."""
    rows = list(diffcli.grad("y = 2*x; mean(y*y)", x=[1.0, 2.0]).trace.nodes)
    assert [row.id for row in rows] == list(range(len(rows)))
    shown = {row.label: row for row in rows}
    assert shown["2"].gradient is None
    assert (shown["x"].primitive, shown["x"].computes, shown["x"].shape) == ("input", "variable", (2,))
    assert (shown["y"].computes, shown["y"].text) == ("2*x", "2*x")
    assert shown["y"].value.tolist() == [2.0, 4.0]
    assert shown["y"].gradient is not None
    assert shown["y"].gradient.tolist() == [2.0, 4.0]
    assert (rows[-1].text, rows[-1].value, rows[-1].gradient) == ("mean(y*y)", 10.0, 1.0)


def test_flows_tell_local_upstream_and_contribution() -> None:
    """In the order of the backward sweep, with the rule's name and the formula."""
    rows = list(diffcli.grad("x*sin(x)", x=2.0).trace.flows)
    assert [(row.rule, row.formula) for row in rows] == [
        ("MulBackward", "v1"),
        ("MulBackward", "x"),
        ("SinBackward", "cos(x)"),
    ]
    for row in rows:
        assert row.local is not None
        assert row.local * row.upstream == row.contribution
    assert [row.running is None for row in rows] == [True, True, False]
    assert rows[2].running == pytest.approx(np.sin(2.0) + 2 * np.cos(2.0), rel=1e-15, abs=0)


def test_a_pull_back_without_a_product_has_no_local_derivative() -> None:
    """A stack hands each operand its part."""
    rows = list(diffcli.grad("sum([x, y])", x=1.0, y=2.0).trace.flows)
    assert [(row.rule, row.local is None) for row in rows] == [
        ("SumBackward", False),
        ("StackBackward", True),
        ("StackBackward", True),
    ]


MANY_USES = "x*0.1 + sin(x) + x*x + mean([x, 2])*x + y*x + x"


def last_running(report: GradReport, variable: str) -> float:
    """The running sum of the last flow into a variable."""
    target = next(row.id for row in report.trace.nodes if row.label == variable)
    return float([row.running for row in report.trace.flows if row.target == target][-1])  # type: ignore[arg-type]  # it has several


def test_running_sums_lead_to_the_gradient() -> None:
    """Each is the sum of the contributions so far, and the last one the gradient, to the last bit."""
    report = diffcli.grad(MANY_USES, x=0.7, y=3.0)
    assert last_running(report, "x") == report.gradient["x"]
    totals: dict[int, float] = {}
    for row in report.trace.flows:
        earlier = totals.get(row.target)
        totals[row.target] = row.contribution if earlier is None else earlier + row.contribution
        assert row.running == (None if earlier is None else totals[row.target])


def test_running_sums_do_not_depend_on_the_order_of_looking() -> None:
    """Backwards, forwards, twice, or from the middle."""
    flows = diffcli.grad(MANY_USES, x=0.7, y=3.0).trace.flows
    forwards = [row.running for row in flows]
    backwards = [flows[index].running for index in reversed(range(len(flows)))][::-1]
    again = [flows[index].running for index in (*range(len(flows)), *range(len(flows)))]
    assert backwards == forwards
    assert again == forwards * 2


@pytest.mark.parametrize(
    ("text", "values", "summed"),
    [("sum(x*w)", {"x": [1.0, 2.0, 3.0], "w": 2.0}, {1, 3}), ("sum(x*x)", {"x": [1.0, 2.0]}, {1})],
)
def test_a_broadcast_operands_products_are_counted(text: str, values: dict[str, object], summed: set[int]) -> None:
    """How many add up to each element of a contribution."""
    assert {row.summed for row in diffcli.grad(text, values).trace.flows} == summed


def test_an_excerpt_is_one_line() -> None:
    """Long text is shortened in the middle, line breaks and runs of blanks become one blank."""
    source = Source("a  +\n   b" + " + c" * 100)
    assert excerpt(source, Span(0, 9)) == "a + b"
    short = excerpt(source, source.whole)
    assert short.startswith("a + b")
    assert " ... " in short
    assert len(short) <= 60


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("norm(x)", "x/v1"),
        ("norm(x, ord=1)", "sign(x)"),
        ("norm(x, ord=inf)", "sign(x) at the largest magnitude"),
        ("norm([x, x], ord=1)", "sign(v1) in the column of the largest sum"),
        ("norm([x, x], ord=inf)", "sign(v1) in the row of the largest sum"),
        ("var(x)", "2*(x - mean)/n"),
        ("var(x, ddof=1)", "2*(x - mean)/(n - 1)"),
        ("std(x, ddof=1)", "(x - mean)/((n - 1)*v1)"),
    ],
)
def test_words_for_a_local_derivative_fit_the_options(text: str, words: str) -> None:
    assert diffcli.grad(text, x=[1.0, 2.0, 4.0]).trace.flows[0].formula == words


def test_a_local_derivative_has_one_formula_for_all_its_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long traces have few local derivatives: here x, y and 1."""
    made: list[int] = []

    def formula(graph: Graph, index: int, given: int) -> str:
        made.append(index)
        return f"v{index}"

    monkeypatch.setattr("diffcli.graph.node_formula.formula", formula)
    trace = diffcli.grad(" + ".join(["x*y"] * 50), x=0.7, y=3.0).trace
    assert len(list(trace.contributions)) == 2 * 50 + 2 * 49
    assert len(made) == len(set(made)) == 3
