"""Values and gradients of hundreds of expressions, next to PyTorch's."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import diffcli

torch = pytest.importorskip("torch", reason="PyTorch is not installed: nothing to compare with")

from . import algebra, arrays, elementary, networks, programs  # noqa: E402  # they import torch
from .conventions import DIFFERENCES, Difference  # noqa: E402
from .rows import Row  # noqa: E402

pytestmark = pytest.mark.fast

ROWS: tuple[Row, ...] = tuple(
    found for family in (elementary, arrays, algebra, networks, programs) for found in family.ROWS
)

#: The property of a test's report from which the summary of the run takes the largest error.
ERROR = "relative error against PyTorch"

#: An element may be wrong by this fraction of itself, or of the floor times the largest element of its array.
TOLERANCE, FLOOR = 1e-10, 1e-6


@pytest.fixture(autouse=True)
def _double_precision() -> Iterator[None]:
    """PyTorch's own constants in double precision, as ours are."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def relative_error(value: Any, reference: Any) -> float:
    """The largest |value - reference| / |reference| over all elements; where a whole array is 0 the other must be 0."""
    ours, theirs = np.asarray(value, dtype=float), np.asarray(reference, dtype=float)
    assert ours.shape == theirs.shape
    difference = np.abs(ours - theirs)
    scale = np.maximum(np.abs(theirs), FLOOR * np.max(np.abs(theirs)))
    return float(np.max(np.where(difference == 0, 0.0, difference / np.where(scale == 0, 1e-300, scale))))


def theirs(
    reference: Callable[..., Any], values: dict[str, Any], data: dict[str, Any]
) -> tuple[float, dict[str, np.ndarray]]:
    """PyTorch's value, and its gradient by each of the values: 0 where it finds no dependence."""
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
    result = reference(**tensors, **{name: torch.tensor(value) for name, value in data.items()})
    found = (
        torch.autograd.grad(result, list(tensors.values()), allow_unused=True)
        if result.requires_grad
        else (None,) * len(tensors)
    )
    gradient = {
        name: np.zeros(np.shape(values[name])) if partials is None else partials.numpy()
        for name, partials in zip(tensors, found, strict=True)
    }
    return float(result.detach()), gradient


def test_there_are_enough_rows() -> None:
    """More than two hundred and sixty, each with its own expression or its own values."""
    assert len(ROWS) >= 260
    assert len({(row.expression, str(row.values()), str(row.data)) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    "row",
    ROWS,
    ids=[f"{number}: {row.expression.encode('unicode_escape').decode()}" for number, row in enumerate(ROWS, 1)],
)
def test_the_same_in_pytorch(row: Row, record_property: Callable[[str, object], None]) -> None:
    """One value, and one gradient for each variable, to ten digits."""
    values = row.values()
    ours = diffcli.grad(row.expression, {**values, **row.data}, wrt=list(values), symbolic=False)
    value, gradient = theirs(row.reference, values, row.data)
    errors = [
        relative_error(ours.value, value),
        *(relative_error(ours.gradient[name], partials) for name, partials in gradient.items()),
    ]
    record_property(ERROR, max(errors))
    assert max(errors) <= TOLERANCE


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.expression)
def test_where_the_two_differ(difference: Difference) -> None:
    """Each answer is the one that the table states, the two are not the same, and there is a reason."""
    value, gradient = theirs(difference.reference, {"x": np.array(difference.x)}, {})
    assert value == pytest.approx(difference.theirs[0], rel=1e-12, abs=0, nan_ok=True)
    assert gradient["x"] == pytest.approx(np.array(difference.theirs[1]), rel=1e-9, abs=0, nan_ok=True)
    assert difference.reason
    if difference.ours is None:
        with pytest.raises(diffcli.DiffcliError) as refused:
            diffcli.grad(difference.expression, x=difference.x, symbolic=False)
        assert refused.value.diagnostic.code == difference.code
        return
    ours = diffcli.grad(difference.expression, x=difference.x, symbolic=False)
    assert ours.value == pytest.approx(difference.ours[0], rel=1e-12, abs=0)
    assert ours.gradient["x"] == pytest.approx(np.array(difference.ours[1]), rel=1e-12, abs=0)
    assert not (ours.value == value and np.array_equal(ours.gradient["x"], gradient["x"]))
