"""Slips as `check` tells them: of formulas, numbers, steps inside and steps of a descent."""

from typing import Any

import pytest

import diffcli

pytestmark = pytest.mark.fast

UNIT = "z = w*x + b; (sigmoid(z) - t)^2"
TALL = {"wrt": "A", "A": [[1, 2], [3, 4], [5, 7]], "x": [1, 2]}
SQUARE = {"wrt": "A", "A": [[1, 2], [3, 4]], "x": [1, 2]}
UNIT_AT = {"w": 0.5, "x": 3.0, "b": -1.0, "t": 0.25}


@pytest.mark.parametrize(
    ("question", "asked", "answer", "kind"),
    [
        ("x^2*sin(x)", {}, "2x*cos(x)", "product-of-derivatives"),
        ("x^2*y^3", {}, "x = x*y^3; y = 3x^2*y^2", "power-factor-missing"),
        ("exp(3x)", {}, "f'(x) = x*exp(3x)*37/27", None),
        ("cos(x) + x^2", {}, "sin(x) + x^3/3", "integrated"),
        ("mean(x*x)", {"at": [1, 2, 3]}, "2,4,6", "mean-without-count"),
        ("mean(x*x)", {"at": [1, 2, 3]}, [2, 4, 6], "mean-without-count"),
        ("mean(x*x)", {"at": [1, 2, 3]}, lambda x: 2 * x, "mean-without-count"),
        ("sum(A @ x)^3", SQUARE, "[[256, 512], [256, 512]]", "power-factor-missing"),
        ("sum((x*w + b)^2)", {"wrt": "b", "x": [1, 2, 3], "w": 2, "b": 1}, "[6, 10, 14]", "not-summed-over-copies"),
        ("sum((A @ x)^2)", TALL, "[[10,22,38],[20,44,76]]", "transposed"),
        ("x @ A @ x", {"wrt": "x"}, "2*A@x", "taken-for-symmetric"),
        (UNIT, {"of": "z"}, "2*(sigmoid(w*x+b) - t)", "activation-left-out"),
        (UNIT, {"of": "z", **UNIT_AT}, "0.28124", "sigmoid-half"),
        (UNIT, {"local": "v5->z"}, "1 - sigmoid(w*x+b)", "sigmoid-half"),
        ("sin(x)*3", {"value": True, "at": 50}, "2.298", "degrees"),
        ("x^5 + x^3", {"order": 2}, "5x^4 + 3x^2", "differentiated-once"),
        ("x^2*y", {"next": True, "lr": 0.1, "x": 1.3, "y": 2.1}, "x = 1.846; y = 2.269", "step-uphill"),
        ("x^2*y", {"next": True, "lr": 0.1, "x": 1.3, "y": 2.1}, "x = 0.754; y = 1.931", None),
    ],
)  # fmt: skip
def test_what_check_tells(question: str, asked: dict[str, Any], answer: Any, kind: str | None) -> None:
    report = diffcli.check(question, answer=answer, feedback="full", **asked)
    assert (report.slip.kinds if report.slip else None) == (None if kind is None else (kind,))


@pytest.mark.parametrize("form", ["2x*sin(x) + x^2*cos(x)", "x*(2*sin(x) + x*cos(x))"])
def test_of_a_right_answer_nothing_is_told(form: str) -> None:
    assert diffcli.check("x^2*sin(x)", answer=form).slip is None
