"""Measurements of values: finite, equal, how long, how far apart."""

import numpy as np
import pytest

from diffcli.execute import arrays

pytestmark = pytest.mark.fast


def test_finite() -> None:
    """Every element counts."""
    assert arrays.all_finite(np.float64(1.0))
    assert arrays.all_finite(np.array([1.0, -1e308]))
    assert not arrays.all_finite(np.float64(np.nan))
    assert not arrays.all_finite(np.array([1.0, -np.inf]))
    assert arrays.first_not_finite(np.array([[1.0, 2.0], [np.nan, np.inf]])) == (1, 0)
    assert arrays.with_finite_elements(np.array([np.nan, 2.0, np.inf])).tolist() == [1.0, 2.0, 1.0]


def test_nonzero_and_identical() -> None:
    """nan differs from 0 and equals nan."""
    assert arrays.any_nonzero(np.array([0.0, np.nan]))
    assert not arrays.any_nonzero(np.array([0.0, -0.0]))
    assert arrays.identical(np.array([np.nan, 1.0]), np.array([np.nan, 1.0]))
    assert not arrays.identical(np.array([1.0]), np.array([2.0]))
    assert not arrays.identical(np.array([1.0, 1.0]), np.float64(1.0))


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_a_norm_over_several_arrays(scale: float) -> None:
    """3, 4 and 12 make 13, at any size, relative 1e-15."""
    assert arrays.euclidean_norm([np.array([3.0, -4.0]) * scale, np.float64(12.0 * scale)]) == pytest.approx(
        13 * scale, rel=1e-15, abs=0
    )


def test_a_norm_of_nothing_and_of_what_is_not_finite() -> None:
    """0, and not finite."""
    assert arrays.euclidean_norm([]) == 0.0
    assert arrays.euclidean_norm([np.zeros(3)]) == 0.0
    assert not np.isfinite(arrays.euclidean_norm([np.array([1.0, np.inf])]))
    assert not np.isfinite(arrays.euclidean_norm([np.array([np.nan, 1.0])]))
    assert not np.isfinite(arrays.euclidean_norm([np.array([1.0, 2.0]), np.array([np.nan, 1.0])]))


def test_relative_error() -> None:
    """The worst element, each relative to itself."""
    reference = np.array([1.0, 1e-9, 0.0])
    assert arrays.relative_error(reference, reference, 1.0) == 0.0
    assert arrays.relative_error(np.array([1.1, 1e-9, 0.0]), reference, 1.0) == pytest.approx(0.1, rel=1e-12, abs=0)
    assert arrays.relative_error(np.array([1.0, 2e-9, 0.0]), reference, 1.0) == pytest.approx(1.0, rel=1e-12, abs=0)
    assert arrays.relative_error(np.array([1.0, 1e-9, 1e-3]), reference, 1.0) == np.inf
    assert arrays.relative_error(np.array([1.0, 1e-9, np.nan]), reference, 1.0) == np.inf


def test_the_relative_error_of_what_vanishes() -> None:
    """Beside contributions of size 1, two numbers of the size of their rounding are both 0."""
    assert arrays.relative_error(np.float64(1e-16), np.float64(0.0), 1.0) <= 1e-15
    assert arrays.relative_error(np.float64(1e-16), np.float64(-1e-17), 1.0) <= 1e-15
    assert arrays.relative_error(np.float64(1e-16), np.float64(-1e-17), 1e-16) > 1


def test_roots_and_the_larger_of_two() -> None:
    """Of each element; nan is passed on."""
    assert arrays.root(np.array([4.0, 0.0])).tolist() == [2.0, 0.0]
    assert arrays.larger(np.array([1.0, 5.0]), np.array([3.0, 2.0])).tolist() == [3.0, 5.0]
    assert np.isnan(arrays.larger(np.float64(1.0), np.float64(np.nan)))
