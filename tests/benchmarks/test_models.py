"""The course models of `examples/models`, next to the same models in PyTorch and JAX."""

from typing import Any

import numpy as np
import pytest

import diffcli

from . import course_models, namespaces
from .course_models import FOLDER, course, laid_out
from .models import MODELS

#: An element may be wrong by this fraction of the largest of its array.
TOLERANCE = 1e-9


def test_every_program_has_its_models() -> None:
    assert {path.stem for path in FOLDER.glob("*.expr")} == set(MODELS)
    assert len(MODELS) == 28


@pytest.mark.parametrize("name", MODELS)
def test_the_first_line_says_what_it_is(name: str) -> None:
    assert course(name).text.startswith("# ")


def assert_same(name: str, namespace: Any, theirs: tuple[object, ...]) -> None:
    """The value and each partial, none of which is 0 altogether."""
    report = diffcli.grad(course(name).text)
    ours = [report.value, *(laid_out(namespace, name, key, partial) for key, partial in report.gradient.items())]
    for mine, other in zip(map(np.asarray, ours), map(np.asarray, theirs), strict=True):
        assert mine.shape == other.shape
        assert np.max(np.abs(mine)) > 0
        assert np.max(np.abs(mine - other)) <= TOLERANCE * np.max(np.abs(other))


@pytest.mark.parametrize("name", MODELS)
def test_the_same_in_pytorch(name: str) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: nothing to compare with")
    assert_same(name, namespaces.pytorch(), course_models.pytorch(name)())


@pytest.mark.long
@pytest.mark.parametrize("name", MODELS)
def test_the_same_in_jax(name: str) -> None:
    pytest.importorskip("jax", reason="JAX is not installed: nothing to compare with")
    assert_same(name, namespaces.jax(), course_models.jax(name)())
