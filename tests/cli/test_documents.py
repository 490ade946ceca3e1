"""The JSON documents: their schemas, and that their numbers are right."""

import json
from typing import Any

import pytest
from command import answer

pytestmark = pytest.mark.fast


def _document(*arguments: str) -> Any:
    done = answer([*arguments, "--json"])
    assert done.err == ""
    return json.loads(done.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_grad() -> None:
    document = _document("grad", "mean(x*x)", "--at", "1,2,3")
    assert document["schema"] == "diffcli/grad@1"
    assert document["expression"] == "mean(x*x)"
    assert document["at"] == {"x": [1, 2, 3]}
    assert document["value"] == 14 / 3
    assert document["gradient"] == {"x": [2 / 3, 4 / 3, 2.0]}
    assert [
        (node["id"], node["label"], node["primitive"], node["operands"], node["shape"], node["span"])
        for node in document["nodes"]
    ] == [
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


def test_steps() -> None:
    document = _document("diff", "sin(x^2)", "--steps")
    assert document["schema"] == "diffcli/diff@1"
    assert document["derivative"]["x"]["formula"] == document["steps"]["x"][-1]["result"] == "2*x*cos(x^2)"
    assert document["letters"] == {"x": {"u1": "x^2"}}
    assert document["steps"]["x"][1] == {
        "number": 2, "rule": "chain rule, sin", "general": "sin(u)' = cos(u)*u'", "statement": "sin(u1)' = cos(u1)*u1'",
        "result": "cos(x^2)*(2*x)",
    }  # fmt: skip


def test_a_worksheet() -> None:
    document = _document("diff", "sin(x^2)", "--blank")
    assert [step["statement"] for step in document["steps"]["x"]] == ["u1' = (x^2)'", "sin(u1)'", "d/dx"]
    assert {step["result"] for step in document["steps"]["x"]} == {None}
    assert "cos(x^2)" not in json.dumps(document)


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


def test_a_kink_in_a_document() -> None:
    """With both sides of the first element, how many there are, and what others take."""
    [kink] = _document("grad", "sum(abs(x))", "--at", "0,1,0")["kinks"]
    assert (kink["kind"], kink["primitive"], kink["node"], kink["text"], kink["span"]) == (
        "kink",
        "abs",
        1,
        "abs(x)",
        [4, 10],
    )
    assert (kink["elements"], kink["count"], kink["values"]) == ([[0], [2]], 2, None)
    assert kink["sides"] == [{"operand": "x[0]", "left": -1.0, "right": 1.0, "taken": 0.0}]
    assert (kink["convention"], kink["torch"], kink["jax"]) == ("abs'(0) = 0", "0", "1")
    [edge] = _document("grad", "x^1.5", "--at", "0")["kinks"]
    assert (edge["kind"], edge["sides"]) == ("edge", [{"operand": "x", "left": None, "right": 0.0, "taken": 0.0}])
    [jump] = _document("grad", "sign(x)", "--at", "0")["kinks"]
    assert (jump["kind"], jump["values"]) == ("jump", [-1.0, 0.0, 1.0])


def test_kinks_of_a_descent() -> None:
    """Those of the first point and of the last."""
    document = _document("descend", "abs(x)", "--at", "1", "--lr", "1", "--strict")
    assert (document["status"], document["iterations"], document["start_kinks"]) == ("kink", 1, [])
    assert [kink["primitive"] for kink in document["kinks"]] == ["abs"]


def test_numbers_that_json_lacks_are_strings() -> None:
    done = answer(["descend", "log(x)", "--at", "1", "--json"])
    assert done.code == 3
    document = json.loads(done.out)
    assert document["status"] == "not-finite"
    assert document["value"] == "nan"


def test_functions() -> None:
    document = _document("functions")
    sine = next(row for row in document["functions"] if row["name"] == "sin")
    assert (sine["signature"], sine["derivatives"]) == ("sin(x)", {"x": "cos(x)"})
    assert [row["name"] for row in _document("functions", "max")["functions"]] == ["maximum", "max"]


def test_compare() -> None:
    document = _document("compare", "sum(x*x)", "--at", "1,2,3")
    assert document["schema"] == "diffcli/compare@1"
    assert (document["value"], document["gradient"], document["verdict"]) == (14, {"x": [2, 4, 6]}, "agree")
    partial = document["partials"]["x"]
    assert set(partial["methods"]) == {"formula", "reverse", "forward", "complex-step", "difference"}
    assert partial["methods"]["reverse"]["relative_error"] == 0
    assert partial["elements"] == {"compared": 3, "of": 3}
    assert {cost["method"] for cost in document["costs"]} == {
        "formulas",
        "reverse mode",
        "forward mode",
        "complex step",
        "differences",
    }
    assert "sweep" not in document
    assert "growth" not in document


def test_compare_of_what_is_not_finite() -> None:
    done = answer(["compare", "log(1 + exp(x))", "--at", "1000", "--json"])
    document = json.loads(done.out)
    assert done.code == 3
    assert document["partials"]["x"]["verdict"] == "overflow"
    assert document["partials"]["x"]["reference"]["value"] == 1
    assert document["not_finite"]["suggestion"]["value"] == 1000


def test_compare_with_sweep_and_growth() -> None:
    document = _document("compare", "r*x*(1-x)", "--at", "x=0.3; r=3.7", "--wrt", "x", "--sweep", "--grow", "3")
    assert [row["step"] for row in document["sweep"]["x"]["rows"]] == pytest.approx([10.0**-k for k in range(17)])
    assert [row["iterations"] for row in document["growth"]["rows"]] == [1, 2, 3]
    assert set(document["growth"]["rows"][0]["formula"]) == {"tree", "shared"}


def test_jacobian() -> None:
    document = _document("jacobian", "[x[0]*x[1], sin(x[2])]", "--at", "1,2,0", "--pattern")
    assert document["schema"] == "diffcli/jacobian@1"
    assert document["jacobian"] == {"x": [[2, 1, 0], [0, 0, 1]]}
    assert (document["mode"], document["sweeps"], document["reason"]) == (
        "reverse",
        2,
        "2 sweeps, one for each output (forward would take 3)",
    )
    assert document["pattern"] == {
        "rows": 2,
        "columns": 3,
        "nonzeros": 3,
        "columns_of": {"x": [0, 3]},
        "entries": [[0, 0], [0, 1], [1, 2]],
    }


def test_hessian() -> None:
    document = _document("hessian", "x^2*y - y^2", "--at", "x=0", "--at", "y=0")
    assert document["schema"] == "diffcli/hessian@1"
    assert document["hessian"] == {"x": {"x": 0, "y": 0}, "y": {"x": 0, "y": -2}}
    assert (document["eigenvalues"], document["classification"], document["gradient"]) == (
        [-2, 0],
        "flat",
        {"x": 0, "y": 0},
    )
    product = _document("hessian", "sum(x^3)", "--at", "1,2,3", "--hvp", "1,0,1")
    assert (product["hvp"], product["direction"]) == ({"x": [6, 0, 18]}, {"x": [1, 0, 1]})
    assert not {"hessian", "eigenvalues", "classification"} & set(product)
    exact = _document("hessian", "x^3/3", "--at", "1/3", "--exact")
    assert (exact["hessian"], exact["arithmetic"]) == ({"x": {"x": "2/3"}}, "exact")


def test_products() -> None:
    forward = _document("jvp", "x*y", "--at", "x=1,2", "--at", "y=3", "--tangent", "x=1,0")
    assert (forward["schema"], forward["jvp"], forward["direction"]) == ("diffcli/jvp@1", [3, 0], {"x": [1, 0], "y": 0})
    assert [(node["name"], node["tangent"]) for node in forward["nodes"]] == [
        ("x", [1, 0]),
        ("y", None),
        ("v2", [3, 0]),
    ]
    reverse = _document("vjp", "x*y", "--at", "x=1,2", "--at", "y=3", "--cotangent", "1,10")
    assert (reverse["schema"], reverse["vjp"], reverse["cotangent"]) == (
        "diffcli/vjp@1",
        {"x": [3, 30], "y": 21},
        [1, 10],
    )


def test_grad_from_a_cotangent() -> None:
    document = _document("grad", "A@x", "--at", "A=[[1,2],[3,4]]", "--at", "x=1,2", "--cotangent", "1,2", "--symbolic")
    assert (document["value"], document["cotangent"]) == ([5, 11], [1, 2])
    assert document["gradient"] == {"A": [[1, 2], [2, 4]], "x": [7, 10]}
    assert document["symbolic"]["x"]["formula"] == "A.T@g"
    assert document["agreement"]["verdict"] == "agree"
