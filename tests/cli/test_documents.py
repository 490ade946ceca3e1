"""The JSON documents: their schemas, and that their numbers are right."""

import json
from typing import Any

import pytest
from command import run


def _document(*arguments: str) -> Any:
    done = run([*arguments, "--json"])
    assert done.err == ""
    return json.loads(done.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_grad() -> None:
    document = _document("grad", "mean(x*x)", "--at", "1,2,3")
    assert document["schema"] == "diffcli/grad@1"
    assert document["expression"] == "mean(x*x)"
    assert document["at"] == {"x": [1, 2, 3]}
    assert document["value"] == 14 / 3
    assert document["gradient"] == {"x": [2 / 3, 4 / 3, 2.0]}
    assert [(node["id"], node["label"], node["primitive"], node["operands"], node["shape"], node["span"]) for node in document["nodes"]] == [
        (0, "x", "input", [], [3], [5, 6]),
        (1, "x*x", "mul", [0, 0], [3], [5, 8]),
        (2, "mean(x*x)", "mean", [1], [], [0, 9]),
    ]
    assert [node["value"] for node in document["nodes"]] == [[1, 2, 3], [1, 4, 9], 14 / 3]
    assert document["nodes"][2]["gradient"] == 1
    assert [(flow["from"], flow["to"], flow["operand"], flow["rule"]) for flow in document["flows"]] == [
        (2, 1, 0, "MeanBackward"),
        (1, 0, 0, "MulBackward"),
        (1, 0, 1, "MulBackward"),
    ]
    assert "symbolic" not in document
    assert "agreement" not in document


def test_flows_multiply_and_add_up() -> None:
    document = _document("grad", "tanh(w*x + b)^2 + w*exp(-x)", "--at", "w=0.3", "--at", "x=1.7", "--at", "b=-0.2")
    totals: dict[int, float] = {}
    for flow in document["flows"]:
        assert flow["contribution"] == pytest.approx(flow["local"] * flow["upstream"], rel=1e-15)
        totals[flow["to"]] = totals.get(flow["to"], 0.0) + flow["contribution"]
    gradients = {node["id"]: node["gradient"] for node in document["nodes"]}
    for node, total in totals.items():
        assert total == pytest.approx(gradients[node], rel=1e-14)


def test_grad_with_formula() -> None:
    document = _document("grad", "mean(x*x)", "--at", "1,2,3", "--symbolic")
    assert document["symbolic"] == {"x": {"formula": "2*x/n", "value": [2 / 3, 4 / 3, 2.0]}}
    assert document["agreement"]["verdict"] == "agree"
    assert document["agreement"]["max_relative_error"] <= 1e-15


def test_diff() -> None:
    document = _document("diff", "log(sum(exp(x)))")
    assert document["schema"] == "diffcli/diff@1"
    assert document["derivative"]["x"]["formula"] == "exp(x[j])/Sum(exp(x[i]))"
    assert "value" not in document["derivative"]["x"]
    assert _document("diff", "x^2", "--at", "3")["derivative"]["x"] == {"formula": "2*x", "value": 6.0}


def test_descend() -> None:
    document = _document("descend", "mean(x*x)", "--at", "1,2,3", "--lr", "0.1", "--steps", "5")
    assert document["schema"] == "diffcli/descend@1"
    assert document["start"] == {"x": [1, 2, 3]}
    assert document["status"] == "step-limit"
    assert document["iterations"] == 5
    assert [iterate["iteration"] for iterate in document["history"]] == [0, 1, 2, 3, 4, 5]
    assert document["final"] == document["history"][-1]["at"]
    assert document["value"] == document["history"][-1]["value"]
    assert document["gradient_norm"] == document["history"][-1]["gradient_norm"]
    assert document["history"][1]["at"]["x"] == pytest.approx([1 - 0.2 / 3, 2 - 0.4 / 3, 3 - 0.2], rel=1e-15)


def test_numbers_that_json_lacks_are_strings() -> None:
    done = run(["descend", "log(x)", "--at", "1", "--json"])
    assert done.code == 3
    document = json.loads(done.out)
    assert document["status"] == "not-finite"
    assert document["value"] == "nan"


def test_functions() -> None:
    document = _document("functions")
    sine = next(row for row in document["functions"] if row["name"] == "sin")
    assert (sine["signature"], sine["derivatives"]) == ("sin(x)", {"x": "cos(x)"})
    assert [row["name"] for row in _document("functions", "max")["functions"]] == ["maximum", "max"]
