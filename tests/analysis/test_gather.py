"""Indices that are computed: `E[ids]` in every command, against the product with rows of zeros and ones."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.gathering import _MANY

_RANDOM = np.random.default_rng(3)
_E = _RANDOM.normal(size=(7, 3))
_IDS = np.array([6.0, 0.0, 2.0, 2.0, 5.0, 6.0, 6.0])
_W = _RANDOM.normal(size=(7, 3))

#: An expression with computed indices, and the same with none.
ALIKE = {
    "sum(E[ids]*W)": "sum((one_hot(ids, 7) @ E)*W)",
    "sum(sin(E[ids])^2)": "sum(sin(one_hot(ids, 7) @ E)^2)",
    "sum(E[ids - 7]*W)": "sum((one_hot(ids, 7) @ E)*W)",
    "-mean(log_sigmoid(sum(E[ids]*W[ids[::-1]], axis=-1)))": (
        "-mean(log_sigmoid(sum((one_hot(ids, 7) @ E)*(one_hot(flip(ids), 7) @ W), axis=-1)))"
    ),
    "sum(E[reshape(ids, 7, 1), arange(3)]*W)": "sum((one_hot(ids, 7) @ E)*W)",
    "sum(exp(E.T[:, ids]))": "sum(exp(E.T @ one_hot(ids, 7).T))",
    "sum(E[ids[1]]^3) + W[ids[4], 2]": "sum((one_hot(ids[1], 7) @ E)^3) + W[5, 2]",
    "cross_entropy(E[ids], floor(ids/3))": "cross_entropy(one_hot(ids, 7) @ E, floor(ids/3))",
}


@pytest.mark.parametrize(("text", "other"), ALIKE.items(), ids=ALIKE)
def test_it_is_the_product_with_zeros_and_ones(text: str, other: str) -> None:
    """Value, gradient, products with the Hessian, and forward mode."""
    at = {"E": _E, "W": _W, "ids": _IDS}
    used = {name: value for name, value in at.items() if name in text}
    wrt = [name for name in used if name != "ids"]
    ours, theirs = (diffcli.grad(each, used, wrt=wrt) for each in (text, other))
    assert ours.value == pytest.approx(theirs.value, rel=1e-14)
    for name in wrt:
        np.testing.assert_allclose(ours.gradient[name], theirs.gradient[name], rtol=1e-12, atol=1e-15)
    tangent = {name: np.cos(value) for name, value in used.items() if name in wrt}
    pushed, expected = (diffcli.jvp(each, used, tangent=tangent) for each in (text, other))
    assert pushed.tangent == pytest.approx(expected.tangent, rel=1e-12)
    bent, straight = (diffcli.hessian(each, used, wrt="E") for each in (text, other))
    np.testing.assert_allclose(bent.hessian["E"]["E"], straight.hessian["E"]["E"], rtol=1e-11, atol=1e-14)


def test_all_methods_agree() -> None:
    """The formula, both modes, differences and the complex step."""
    report = diffcli.compare("sum(tanh(E[ids])*W) + E[ids[0], 1]", {"E": _E, "W": _W, "ids": _IDS - 7}, wrt="E,W")
    assert report.verdict == "agree"


@pytest.mark.parametrize("how", [{"digits": 40}, {"exact": True}], ids=str)
def test_other_numbers_select_too(how: dict[str, Any]) -> None:
    """In many digits and exactly."""
    report = diffcli.grad("sum(E[k]^2) + E[j, 0]/3", E=[[1, 2], [3, 4]], k=[-1, 1, 0], j=1, wrt="E", **how)
    assert [[str(each) for each in row] for row in report.gradient["E"]] == (
        [["2", "4"], ["37/3", "16"]] if "exact" in how else [["2", "4"], ["12." + 38 * "3", "16"]]
    )


@pytest.mark.parametrize("count", [5, _MANY])
def test_sums_at_one_place_are_in_the_order_of_the_elements(count: int) -> None:
    """Few or many, by whichever way they are added; nan and infinities too."""
    rows = _RANDOM.integers(-4, 4, count).astype(float)
    x = _RANDOM.normal(size=(count, 2)) * 10.0 ** _RANDOM.integers(-9, 9, (count, 2))
    x[-1, 0] = np.nan
    expected = np.zeros((4, 2))
    np.add.at(expected, rows.astype(int), x)
    assert np.array_equal(FLOAT64.scatter_add(x, (...,), [rows], (4, 2)), expected, equal_nan=True)


def test_a_pattern_knows_constant_places_alone() -> None:
    """What a variable may select, it may select anywhere."""
    known = diffcli.jacobian("E[[[0, 1], [2, 2]], 1]", E=np.ones((3, 2)), pattern=True)
    assert known.pattern is not None
    assert np.argwhere(known.pattern.entries).tolist() == [[0, 1], [1, 3], [2, 5], [3, 5]]
    anywhere = diffcli.jacobian("E[k, 1]", E=np.ones((3, 2)), k=[0, 1], wrt="E", pattern=True)
    assert anywhere.pattern is not None
    assert np.argwhere(anywhere.pattern.entries).tolist() == [[row, place] for row in (0, 1) for place in (1, 3, 5)]


def test_what_is_not_selected_does_not_matter() -> None:
    """Neither a nan that no index takes, nor one of a row beside."""
    report = diffcli.grad("sum(1/E[k])", E=[[1, 2], [0, np.nan]], k=[0, 0], wrt="E")
    assert report.gradient["E"].tolist() == [[-2, -0.5], [0, 0]]
    with pytest.raises(diffcli.DiffcliError, match=r"not defined at E\[k\]\[1, 0\] = 0"):
        diffcli.grad("sum(1/E[k])", E=[[1, 2], [0, 1]], k=[0, 1], wrt="E")


def test_columns_of_a_file_are_indices(tmp_path: Path) -> None:
    """Numbers, and words, which are classes; in batches too."""
    table = tmp_path / "words.csv"
    table.write_text("word,row,y\nred,0,1\nblue,2,2\nred,1,3\ngreen,2,4\n")
    text = "param E = zeros(3); param F = zeros(3); mean((E[word] + F[row] - y)^2)"
    report = diffcli.grad(text, data=table)
    assert report.gradient["E"].tolist() == [-2, -1, -2]
    assert report.gradient["F"].tolist() == [-0.5, -1.5, -3]
    fitted = diffcli.descend(text, data=table, lr=0.1, batch_size=2, epochs=400)
    assert fitted.value == pytest.approx(0, abs=1e-3)


def test_a_place_that_is_none_is_told_in_every_command() -> None:
    """Before anything is shown."""
    for command in (diffcli.grad, diffcli.compare, diffcli.jacobian, diffcli.hessian, diffcli.descend):
        with pytest.raises(diffcli.DiffcliError) as caught:
            command("sum(E[k])", E=[1, 2, 3], k=[0, 3], wrt="E")
        assert caught.value.diagnostic.code == "E306"
