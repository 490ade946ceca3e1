"""A formula typed back into the program that it came from means the same, whatever that has bound."""

from typing import Any

import pytest
from amount import PATIENCE
from hypothesis import given, settings
from hypothesis import strategies as st

import diffcli
from diffcli.autodiff.reverse import derivative, gradient
from diffcli.execute.program import Program
from diffcli.graph.build import build
from diffcli.graph.node_formula import computes, formula, label
from diffcli.source import Source
from diffcli.symbolic import Formula, derivatives, formula_in_form
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

_VALUES = {"x": 0.7, "e": 1.3, "pi": 0.4, "tau": 1.9, "n": 1.1, "i": 0.6, "exp": 0.8}
_LEAVES = st.sampled_from([*_VALUES, "x", "2", "0.5", "1/3", "1e-3", "exp(1)", "acos(-1)", "-2"])
_UNARY = (
    "exp(sin({}))",
    "sin({})",
    "erf({})",
    "gelu({})",
    "sigmoid({})",
    "-({})",
    "sqrt(2+({})^2)",
    "log(2+({})^2)",
    "atan({})",
    "e^(cos({}))",
    "abs({})",
)
_BINARY = (
    "({})+({})",
    "({})-({})",
    "({})*({})",
    "({})/(3+({})^2)",
    "(2+({})^2)^(sin({}))",
    "({})*({})^2",
    "2/(2+({})^2)/(2+({})^2)",
    "where({} > 0, {}, 1)",
)


def _made(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(st.sampled_from(_UNARY), children).map(lambda drawn: drawn[0].format(drawn[1])),
        st.tuples(st.sampled_from(_BINARY), children, children).map(lambda drawn: drawn[0].format(*drawn[1:])),
    )


EXPRESSIONS = st.recursive(_LEAVES, _made, max_leaves=5)
#: What the program defines before its expression: names of constants, of sizes and indices, functions of the language.
_PRELUDES = st.sampled_from(
    ["", "", "e = 2.5; ", "pi = 3; ", "tau = 0.1; pi = 2; ", "exp(t) = t^2; ", "sqrt(t) = t; ", "n = 2; "]
)


@given(prelude=_PRELUDES, body=EXPRESSIONS)
@settings(max_examples=40, deadline=None)
def test_formulas_parse_back_in_the_scope_of_the_program(prelude: str, body: str) -> None:
    text = f"{body}*x + sin(x)"
    bound = frozenset(_VALUES) - {name for name in ("e", "pi", "tau", "n", "exp") if prelude.find(f"{name} =") >= 0}
    resolved = resolve(parse(Source(prelude + text)), bound)
    found = derivatives(resolved, ["x"], dict.fromkeys(resolved.variables, ()), PATIENCE, whole=True)["x"]
    assert isinstance(found, Formula), found
    if any("the language's function" in note for note in found.notes):
        return
    at = {name: _VALUES[name] for name in resolved.variables}
    again = resolve(parse(Source(f"{prelude}{found.text} + 0*zero_")), frozenset(at)).variables
    assert set(again) <= {*at, "zero_"}
    value = diffcli.grad(
        f"{prelude}{found.text} + 0*zero_", {**{name: at[name] for name in at if name in again}, "zero_": 1.0}
    ).value
    assert value == pytest.approx(float(diffcli.grad(prelude + text, at, wrt="x").gradient["x"]), rel=1e-9, abs=1e-12)


@given(body=EXPRESSIONS)
@settings(max_examples=40, deadline=None)
def test_what_a_node_computes_parses_back(body: str) -> None:
    """Each node of the function and of its derivative, by the labels of its operands; and each local derivative."""
    resolved = resolve(parse(Source(f"d({body} + erf(x)*gelu(x), x)/(1 + x^2)")), frozenset(_VALUES))
    built = build(resolved, dict.fromkeys(resolved.variables, ()), derivative)
    graph = built.graph
    sweep = gradient(graph, built.output, built.inputs.values())
    flows = [flow for flow in sweep.flows if flow.local is not None]
    needed = graph.needed([built.output, *(flow.local for flow in flows if flow.local is not None)])
    values = Program(graph, needed).values({node: _VALUES[name] for name, node in built.inputs.items()})
    labels = {
        label(graph, node): float(values[node])
        for node in range(len(graph))
        if values[node] is not None and label(graph, node).isidentifier()
    }
    if len(labels) < sum(label(graph, node).isidentifier() for node in needed):
        return  # a variable is called as a node is
    texts = [(computes(graph, node), node) for node in needed if graph.operands[node]]
    texts += [(formula(graph, flow.local, built.output), flow.local) for flow in flows if flow.local is not None]
    for text, node in texts:
        if "..." in text or "sum(" in text:  # too long to be read; contributions added up
            continue
        used = resolve(parse(Source(text)), frozenset(labels)).variables
        found = diffcli.grad(f"{text} + 0*zero_", {**{name: labels[name] for name in used}, "zero_": 1.0}).value
        assert found == pytest.approx(float(values[node]), rel=1e-9, abs=1e-12), text


@pytest.mark.parametrize(
    ("text", "at", "plain", "latex", "unicode"),
    [
        ("e*exp(1)*x", {"e": 2.0, "x": 1.0}, "exp(1)*e", r"\exp\left(1\right) e", "exp(1) e"),
        ("pi*erf(x)", {"pi": 2.0, "x": 1.0}, "2*pi*exp(-x^2)/sqrt(tau/2)", None, None),
        ("exp(x)*e", {"e": 2.0, "x": 1.0}, "e*exp(x)", r"e \exp{\left(x \right)}", "e exp(x)"),
        ("acos(-1)*x*tau*pi", {"pi": 2.0, "tau": 1.0, "x": 1.0}, "acos(-1)*pi*tau", None, None),
    ],
)
def test_constants_whose_names_are_bound(
    text: str, at: dict[str, Any], plain: str, latex: str | None, unicode: str | None
) -> None:
    resolved = resolve(parse(Source(text)), frozenset(at))
    found = derivatives(resolved, ["x"], dict.fromkeys(at, ()), PATIENCE, whole=True)["x"]
    assert isinstance(found, Formula)
    assert found.text == plain
    assert latex is None or formula_in_form(found, "latex")[0] == latex
    assert unicode is None or formula_in_form(found, "unicode")[0] == unicode
