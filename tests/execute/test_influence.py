"""What a value does not depend on may be undefined, and what does not flow may be infinite."""

import numpy as np
import pytest

import diffcli

pytestmark = pytest.mark.fast

#: Expressions at x = 0 whose infinite or undefined parts are not looked at: value and derivative.
UNTOUCHED = {
    "where(x > 0, log(x), 2*x)": (0.0, 2.0),
    "nll(log([1 + x, x, x]), 0)": (0.0, -1.0),
    "at_target([[x, 1/x], [log(x), 3*x]], [0, 1]) @ [1, 10]": (0.0, 31.0),
    "median([sqrt(x), 1, 2 + x])": (1.0, 0.0),
    "sum(median([[sqrt(x), 1, 2], [x, 2*x - 1, 5]], axis=1))": (1.0, 1.0),
    "max([sqrt(x), 1 + x])": (1.0, 1.0),
    "sum(min([[1, 2*x], [sqrt(x) + 5, 4]], axis=0))": (1.0, 2.0),
    "norm([sqrt(x), 3 + x], inf)": (3.0, 1.0),
    "norm([[sqrt(x), 0], [0, 5 + x]], 1)": (5.0, 1.0),
    "clip(sqrt(x), 1, 2 + x)": (1.0, 0.0),
    "hardtanh(sqrt(x) + 3 - 2*x)": (1.0, 0.0),
    "elu(1, log(1 + sqrt(x)))": (1.0, 0.0),
    "xlogy(0, sqrt(x)) + x": (0.0, 1.0),
    "xlog1py(0, -1 + x) + x": (0.0, 1.0),
}


@pytest.mark.parametrize(("text", "expected"), UNTOUCHED.items(), ids=UNTOUCHED)
def test_what_is_not_looked_at_does_no_harm(text: str, expected: tuple[float, float]) -> None:
    """The derivative is exact: nothing flows through the part that does not matter."""
    report = diffcli.grad(text, x=0.0)
    assert (report.value, report.gradient["x"]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "0*sqrt(x) + x",
        "sum([0, 1]*[sqrt(x), 1])",
        "dot([0, 1], [log(x), 1])",
        "nll([x, 1/x], 1)",
        "at_target([x, log(x)], [1, 0])",
    ],
)
def test_a_zero_that_is_a_number_like_others_hides_nothing(text: str) -> None:
    """Weights of 0 do not make an infinite derivative vanish, nor an undefined value."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad(text, x=0.0)
    assert caught.value.diagnostic.code in ("E501", "E502")


def test_influence_is_told_for_each_row() -> None:
    """In a batch the infinite log-probability of one row's label is not hidden by the other row."""
    assert diffcli.grad("nll(log(P), [0, 1])", P=[[1.0, 0.0], [0.0, 1.0]]).gradient["P"].tolist() == [
        [-0.5, 0.0],
        [0.0, -0.5],
    ]
    with pytest.raises(diffcli.DiffcliError):
        diffcli.grad("nll(log(P), [0, 0])", P=np.array([[1.0, 0.0], [0.0, 1.0]]))
