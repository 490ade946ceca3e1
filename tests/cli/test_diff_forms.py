"""`diffcli diff --as FORM`."""

import json

import pytest
from command import Finished, answer, run


def diffcli(*arguments: str) -> Finished:
    return answer(arguments)


def test_text_forms() -> None:
    assert (
        run(["diff", "sum((A@x-b)^2)", "--wrt", "x", "--as", "latex", "--terse"]).out
        == "2 A^{\\top} \\left(A x - b\\right)\n"
    )
    human = diffcli("diff", "sum((A@x-b)^2)", "--wrt", "x", "--as", "unicode").out
    assert "∂/∂x  2 Aᵀ(A x − b)\n" in human


def test_indices() -> None:
    result = diffcli("diff", "log(sum(exp(x)))", "--indices", "--terse")
    assert result.out == "exp(x[j])/Sum(exp(x[i]))\n"


@pytest.mark.parametrize("form", ["numpy", "torch", "jax", "python", "c"])
def test_code_is_all_of_standard_output(form: str) -> None:
    plain = run(["diff", "mean(x*x)", "--as", form])  # as a process, which imports what this form needs and no more
    assert plain.code == 0
    assert plain.err == ""
    assert "value_and_gradients(" in plain.out
    assert diffcli("diff", "mean(x*x)", "--as", form, "--terse").out == plain.out
    document = json.loads(diffcli("diff", "mean(x*x)", "--as", form, "--json").out)
    assert document["form"] == form
    assert document["code"] == plain.out
    assert document["derivative"]["x"]["formula"] == "2*x/n"
    if form != "c":
        compile(plain.out, "stdout", "exec")


def test_json_has_the_form_beside_the_plain_formula() -> None:
    document = json.loads(diffcli("diff", "mean(x*x)", "--as", "latex", "--json").out)
    assert document["form"] == "latex"
    assert document["derivative"]["x"] == {"formula": "2*x/n", "latex": "\\frac{2 x}{n}"}


def test_no_program() -> None:
    result = diffcli("diff", "det(A)", "--as", "python")
    assert result.code == 2
    assert result.out == ""
    assert "error[E602]: there is no python program" in result.err
    assert diffcli("diff", "x", "--as", "fortran").code == 2


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("lgamma(x)", ["numpy", "torch", "jax"]),
        ("digamma(x)", ["numpy", "torch", "jax"]),
        ("polygamma(x, n=2)", ["numpy", "torch", "jax"]),
        ("gamma(x)", ["numpy", "jax"]),
        ("beta(x, 2)", ["numpy", "jax"]),
        ("det(A)", ["numpy", "torch", "jax"]),
    ],
)
def test_other_forms_are_named_that_have_a_program(text: str, forms: list[str]) -> None:
    for form in ("numpy", "torch", "jax", "python", "c"):
        result = diffcli("diff", text, "--as", form)
        assert (result.code == 0) == (form in forms)
        assert form in forms or f"another form does: --as {', '.join(forms)}\n" in result.err
